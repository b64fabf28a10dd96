"""Marked copies of faulty sheets, to send back: the cells as they were sent, faults coloured and commented in Chinese.

The first sheet lists all faults. Columns that are not read are left out of the copies, since they may name persons.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from city_briefs.analysis.ingest import match_headers, messages_zh, readers
from city_briefs.analysis.ingest.control_characters import visible
from city_briefs.analysis.ingest.marked_sheet import AROUND, FaultySheet, MarkedSheet
from city_briefs.analysis.ingest.raw_table import RawTable
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.ingest.workbook_style import ROWS, WorkbookWriter, written
from city_briefs.analysis.validation.finding import Finding
from city_briefs.common.errors import DataError

LONGEST_NAME = 60  # characters, which are 240 bytes of 255 at most
HEADS = {"序号": 6, "工作表": 16, "位置": 12, "栏目": 18, "填报值": 24, "性质": 18, "问题": 40, "应如何填写": 44, "系统原文": 60}
NOTICE = (
    "红色单元格为错误，淡红色行未予采用，黄色单元格为提醒；批注说明原因。请改正后重新报送。",
    "副本只含参与统计的栏目。",
)
UNREADABLE = "本文件有一部分无法读取，以下副本不全；请先按报告改正文件本身。"
PARTIAL = "“{}”行数较多，只列出有问题的行及其前后各{}行，其余行已隐藏或未列；请在原表中改正后报送全表。"


def write(folder: Path, findings: Iterable[Finding], staging: StagingArea, reasons: Mapping[int, Mapping[int, str]]) -> None:
    """Write a workbook for each csv file or workbook with faults into a folder.

    `reasons` holds the reasons of rejected rows by the number of their sheet, then by row number.
    """
    files: dict[str, list[FaultySheet]] = defaultdict(list)
    for faulty in _faulty_sheets(findings, staging, reasons):
        if faulty.count.sheet.source.kind in ("csv", "xlsx"):
            files[faulty.count.sheet.source.name].append(faulty)
    used_names: set[str] = set()
    for name, faulty_sheets in files.items():
        folder.mkdir(exist_ok=True)
        with written(folder / _copy_name(name, used_names)) as workbook:
            list_sheet = workbook.sheet(match_headers.FAULTS)
            copied = [line for of_source in _by_source(faulty_sheets).items() for line in _write_copies(workbook, *of_source)]
            _write_list(workbook, list_sheet, name, faulty_sheets, copied)


def _faulty_sheets(
    findings: Iterable[Finding], staging: StagingArea, reasons: Mapping[int, Mapping[int, str]]
) -> list[FaultySheet]:
    """Return the sheets with faults, in the order in which they were read."""
    sheets = [FaultySheet(count, reasons=dict(reasons.get(number, {}))) for number, count in enumerate(staging.counts)]
    by_name = {
        (
            faulty_sheet.count.sheet.source.name,
            faulty_sheet.count.sheet.name,
            faulty_sheet.count.sheet.source.table.name,
        ): faulty_sheet
        for faulty_sheet in sheets
    }
    by_table = {faulty_sheet.count.sheet.source.table.name: faulty_sheet for faulty_sheet in sheets}
    shared = {name for name, times in Counter(table for *_, table in by_name).items() if times > 1}
    for finding in findings:
        name = (finding.file, finding.sheet, finding.table)
        faulty_sheet = by_name.get(name) or (None if finding.file or finding.table in shared else by_table.get(finding.table))
        if faulty_sheet:
            faulty_sheet.findings.append(finding)
    return [faulty_sheet for faulty_sheet in sheets if faulty_sheet.findings or faulty_sheet.reasons]


def _by_source(faulty: list[FaultySheet]) -> dict[DataSource, dict[str, FaultySheet]]:
    """Return the faulty sheets by source, then by sheet name: a source is read once for all its sheets."""
    by_source: dict[DataSource, dict[str, FaultySheet]] = defaultdict(dict)
    for faulty_sheet in faulty:
        by_source[faulty_sheet.count.sheet.source][faulty_sheet.count.sheet.name] = faulty_sheet
    return by_source


def _copy_name(name: str, used_names: set[str]) -> str:
    """Return a name for the copy that no other copy has: the path of the file, with __ for each /."""
    safe_name = visible(name.replace("/", "__").removesuffix(".xlsx"))[-LONGEST_NAME:]
    while safe_name.casefold() in used_names:
        safe_name = f"_{safe_name[1 - LONGEST_NAME :]}"
    used_names.add(safe_name.casefold())
    return f"{safe_name}.xlsx"


def _write_copies(workbook: WorkbookWriter, source: DataSource, faulty: dict[str, FaultySheet]) -> Iterator[str]:
    """Write the marked sheets of a source, as far as they can be read; yield a notice for each that is copied in part."""
    try:
        for raw_table in readers.raw_tables(source):
            if faulty_sheet := faulty.get(raw_table.sheet):
                yield from _write_copy(workbook, raw_table, faulty_sheet)
    except DataError:
        yield UNREADABLE


def _write_copy(workbook: WorkbookWriter, raw_table: RawTable, faulty_sheet: FaultySheet) -> Iterator[str]:
    """Write one marked sheet, as far as it can be read; yield a notice if it is copied in part."""
    try:
        if header := match_headers.match(raw_table):
            name = raw_table.sheet or raw_table.source.table.label
            marked_sheet = MarkedSheet(workbook, raw_table, header, faulty_sheet)
            marked_sheet.write(workbook.sheet(name))
            if marked_sheet.partial:
                yield PARTIAL.format(name, AROUND)
    except DataError:
        yield UNREADABLE


def _write_list(workbook: WorkbookWriter, sheet: Worksheet, name: str, faulty: list[FaultySheet], copied: list[str]) -> None:
    """Write the first sheet: how to correct the file, and one line per fault."""
    lines = [line for faulty_sheet in faulty for line in _list_lines(faulty_sheet)]
    listed = lines[:ROWS]
    is_cut = len(listed) < len(lines) or any(len(faulty_sheet.reasons) < faulty_sheet.count.rejected for faulty_sheet in faulty)
    notes = [*NOTICE, *copied, *([f"问题较多，仅列前{len(listed)}条。"] if is_cut else [])]
    numbered = ((str(number), *line) for number, line in enumerate(listed, start=1))
    workbook.lines(sheet, HEADS, f"{name} {match_headers.FAULTS}", notes, numbered)


def _list_lines(faulty: FaultySheet) -> Iterator[tuple[str, ...]]:
    """Yield a line per fault of a sheet, a text for each of HEADS but the number.

    Findings come first, errors before warnings; then the rejected rows without a finding of their own.
    """
    name = faulty.count.sheet.name
    for finding in sorted(faulty.findings, key=lambda finding: (finding.severity != "error", finding.row or 0)):
        problem, remedy = messages_zh.problem_and_remedy(finding)
        more = f"（同类问题另有{finding.more}处）" if finding.more else ""
        place = finding.cell if finding.row and finding.cell else _row_name(finding.row)
        severity = messages_zh.SEVERITIES[finding.severity]
        yield (name, place, messages_zh.titles(finding), finding.value, severity, f"{problem}{more}", remedy, finding.text)
    for row, reason in faulty.unlisted.items():
        yield (name, _row_name(row), "", "", messages_zh.SEVERITIES["error"], *messages_zh.UNLISTED, reason)


def _row_name(number: int | None) -> str:
    """Return the row as an office names it; 整表 when there is no row number."""
    return f"第{number}行" if number else "整表"
