"""Copies of faulty sheets to send back: the cells as they were sent, what is wrong coloured and commented in Chinese.

The first sheet lists every fault. Columns that are not read, which may name persons, are left out of the copies.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from city_briefs.analysis.ingest import match_headers, messages_zh, readers
from city_briefs.analysis.ingest.control_characters import visible
from city_briefs.analysis.ingest.marked_sheet import AROUND, FaultySheet, MarkedSheet
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.ingest.workbook_style import ROWS, WorkbookWriter, written
from city_briefs.analysis.validation.finding import Finding

LONGEST_NAME = 60  # characters, which are 240 bytes of 255 at most
HEADS = {"序号": 6, "工作表": 16, "位置": 12, "栏目": 18, "填报值": 24, "性质": 18, "问题": 40, "应如何填写": 44, "系统原文": 60}
NOTICE = (
    "红色单元格为错误，淡红色行未予采用，黄色单元格为提醒；批注说明原因。请改正后重新报送。",
    "副本只含参与统计的栏目。",
)
PARTIAL = "“{}”行数较多，只列出有问题的行及其前后各{}行，其余行已隐藏或未列；请在原表中改正后报送全表。"


def write(folder: Path, findings: Iterable[Finding], staging: StagingArea, reasons: Mapping[int, Mapping[int, str]]) -> None:
    """Put a workbook into a folder for each csv file or workbook with faults; `reasons` are those of rejected rows, by sheet and row."""
    files: dict[str, list[FaultySheet]] = defaultdict(list)
    for faulty in _faulty_sheets(findings, staging, reasons):
        if faulty.count.sheet.source.kind in ("csv", "xlsx"):
            files[faulty.count.sheet.source.name].append(faulty)
    taken: set[str] = set()
    for name, some in files.items():
        folder.mkdir(exist_ok=True)
        with written(folder / _copy_name(name, taken)) as book:
            listed = book.sheet(match_headers.FAULTS)
            copied = [line for one in _by_source(some).items() for line in _write_copies(book, *one)]
            _write_list(book, listed, name, some, copied)


def _faulty_sheets(
    findings: Iterable[Finding], staging: StagingArea, reasons: Mapping[int, Mapping[int, str]]
) -> list[FaultySheet]:
    """The sheets with faults, in the order in which they came."""
    known = [FaultySheet(count, reasons=dict(reasons.get(number, {}))) for number, count in enumerate(staging.counts)]
    by_name = {(one.count.sheet.source.name, one.count.sheet.name, one.count.sheet.source.table.name): one for one in known}
    only = {one.count.sheet.source.table.name: one for one in known}
    shared = {name for name, times in Counter(table for *_, table in by_name).items() if times > 1}
    for finding in findings:
        place = (finding.file, finding.sheet, finding.table)
        one = by_name.get(place) or (None if finding.file or finding.table in shared else only.get(finding.table))
        if one:
            one.findings.append(finding)
    return [one for one in known if one.findings or one.reasons]


def _by_source(faulty: list[FaultySheet]) -> dict[DataSource, dict[str, FaultySheet]]:
    """The faulty sheets by the source that reads them, which reads all its sheets in one go."""
    found: dict[DataSource, dict[str, FaultySheet]] = defaultdict(dict)
    for one in faulty:
        found[one.count.sheet.source][one.count.sheet.name] = one
    return found


def _copy_name(name: str, taken: set[str]) -> str:
    """The name of a copy: that of the file, with its folders; no two are the same."""
    plain = visible(name.replace("/", "__").removesuffix(".xlsx"))[-LONGEST_NAME:]
    while plain.casefold() in taken:
        plain = f"_{plain[1 - LONGEST_NAME :]}"
    taken.add(plain.casefold())
    return f"{plain}.xlsx"


def _write_copies(book: WorkbookWriter, source: DataSource, faulty: dict[str, FaultySheet]) -> Iterator[str]:
    """Copy the faulty sheets of a source; what is to be said of those that are not copied whole."""
    for raw_table in readers.raw_tables(source):
        known = faulty.get(raw_table.sheet)
        if known and (found := match_headers.match(raw_table)):
            name = raw_table.sheet or source.table.label
            copy = MarkedSheet(book, raw_table, found, known)
            copy.write(book.sheet(name))
            if copy.partial:
                yield PARTIAL.format(name, AROUND)


def _write_list(book: WorkbookWriter, sheet: Worksheet, name: str, faulty: list[FaultySheet], copied: list[str]) -> None:
    """The first sheet: how to mend the file, and what is wrong with it, place by place."""
    lines = [line for one in faulty for line in _list_lines(one)]
    shown = lines[:ROWS]
    cut = len(shown) < len(lines) or any(len(one.reasons) < one.count.rejected for one in faulty)
    notes = [*NOTICE, *copied, *([f"问题较多，仅列前{len(shown)}条。"] if cut else [])]
    numbered = ((str(number), *line) for number, line in enumerate(shown, start=1))
    book.lines(sheet, HEADS, f"{name} {match_headers.FAULTS}", notes, numbered)


def _list_lines(faulty: FaultySheet) -> Iterator[tuple[str, ...]]:
    """The faults of a sheet: those that are findings, errors first, then the rejected rows like them."""
    name = faulty.count.sheet.name
    for finding in sorted(faulty.findings, key=lambda one: (one.severity != "error", one.row or 0)):
        problem, remedy = messages_zh.problem_and_remedy(finding)
        more = f"（同类问题另有{finding.more}处）" if finding.more else ""
        place = finding.cell if finding.row and finding.cell else _row_name(finding.row)
        severity = messages_zh.SEVERITIES[finding.severity]
        yield (name, place, messages_zh.titles(finding), finding.value, severity, f"{problem}{more}", remedy, finding.text)
    for row, reason in faulty.unlisted.items():
        yield (name, _row_name(row), "", "", messages_zh.SEVERITIES["error"], *messages_zh.UNLISTED, reason)


def _row_name(number: int | None) -> str:
    return f"第{number}行" if number else "整表"
