"""The report of an ingest on screen: what was read, then what is wrong, the worst of it last, next to the prompt."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from rich.console import Console
from rich.table import Table as Columns
from rich.text import Text

from city_briefs.analysis.ingest import messages_zh
from city_briefs.analysis.ingest.control_characters import visible
from city_briefs.analysis.ingest.explanation import ExplainedColumn, Explanation
from city_briefs.analysis.ingest.report import KINDS, NAME, PAGE, Report
from city_briefs.analysis.validation.finding import Finding
from city_briefs.common.language import chosen, is_chinese
from city_briefs.common.paths import shown as shown_path
from city_briefs.model.tables import TABLES

FEW = 3  # findings of a file and rule on screen; the others are in the file
WIDEST = 10_000  # columns of a line that goes to a file or a pipe
COLOURS = {"error": "bold red", "warning": "yellow"}
KIND_WORDS = {"source": "来源", "table": "数据表", "rows": "行数", "accepted": "采用", "rejected": "未采用", "aside": "不计"}


def show(report: Report, console: Console | None = None, *, explain: bool = False) -> None:
    """Print the report; `explain` adds how each sheet was read."""
    console = console or Console()
    if not console.is_terminal:
        console.width = WIDEST

    def say(line: Text | str) -> None:
        console.print(line if isinstance(line, Text) else Text(visible(line)), soft_wrap=True)

    for explanation in report.explanations if explain else ():
        for text in _explanation_lines(explanation, report):
            say(text)
        say("")
    if any(counted["rows"] for counted in report.tables.values()):
        console.print(_count_table(report))
    for text in _set_aside_lines(report):
        say(text)
    told = {finding.file for finding in report.findings}
    if skipped := [name for name in report.skipped if name not in told]:
        names = ", ".join(skipped)
        say(chosen(f"Left aside, being no tables: {names}.", f"不是数据表，未读取：{names.replace(', ', '、')}。"))
    for line in _finding_lines(report.findings):
        say(line)
    if report.findings:
        place = shown_path(report.folder)
        say("")
        say(
            chosen(
                f"All of it is in {place}: {NAME}, {PAGE} to look at, rejected/, returned/ to send back.",
                f"详见{place}：{NAME}，网页{PAGE}，未采用的行rejected/，退回改正的副本returned/。",
            )
        )
    say(report.outcome)


def _set_aside_lines(report: Report) -> Iterator[str]:
    """Yield the first rows of each sheet that were set aside, and how many more there are."""
    for count in report.counts:
        first, number = count.lines[:FEW], len(count.lines) + count.more_lines
        more, name = number - len(first), count.sheet.display_name
        english = "; ".join(f"{line.cell or f'row {line.row}'} '{line.text}' ({line.reason})" for line in first)
        chinese = "；".join(f"{line.cell or f'第{line.row}行'}“{line.text}”（{line.reason}）" for line in first)
        if first:
            yield chosen(
                f"{name}: set aside, being no records: {english}{f'; and {more:,} more' if more else ''}.",
                f"{name}：以下{number}行不是记录，未计入：{chinese}{f'；另有{more}行' if more else ''}。",
            )


def _finding_lines(findings: tuple[Finding, ...]) -> Iterator[Text]:
    """Yield the first findings of each file and rule, errors last, then how many more there are.

    Texts of the data are never markup.
    """
    ordered = sorted(findings, key=lambda finding: (finding.severity == "error", finding.file, finding.rule))
    for (severity, _, _), group in groupby(ordered, key=lambda finding: (finding.severity, finding.file, finding.rule)):
        alike = list(group)
        word = chosen(f"{severity:<8}", f"{messages_zh.SEVERITY_WORDS[severity]}  ")
        for finding in alike[:FEW]:
            yield Text.assemble((word, COLOURS[severity]), visible(messages_zh.text(_alone(finding))))
        if more := len(alike[FEW:]) + sum(finding.more for finding in alike):
            english = f"{more:,} more {'is' if more == 1 else 'are'} like {'it' if len(alike) == 1 else 'these'}."
            yield Text(f"{'':<{6 if is_chinese() else 8}}{chosen(english, f'同类问题另有{more:,}处。')}", "dim")


def _alone(finding: Finding) -> Finding:
    """Return a finding that does not say how many more there are like it."""
    return (
        replace(finding, text=finding.text.removesuffix(f" {finding.more:,} more are like it."), more=0)
        if finding.more
        else finding
    )


def _count_table(report: Report) -> Columns:
    """Return the row counts of each source that had rows, as a table for the screen."""
    count_columns = Columns(box=None, pad_edge=False)
    for name in ("source", "table"):
        count_columns.add_column(chosen(name, KIND_WORDS[name]), overflow="fold")
    for name in KINDS:
        count_columns.add_column(chosen(name, KIND_WORDS[name]), justify="right", no_wrap=True)
    for (source, table), counted in report.sources.items():
        if counted["rows"]:
            label = chosen(table, TABLES[table].label)
            count_columns.add_row(Text(visible(source)), label, *(f"{counted[kind]:,}" for kind in KINDS))
    return count_columns


def _explanation_lines(explanation: Explanation, report: Report) -> Iterator[str]:
    """Yield how a sheet was read, a line for each thing."""
    sheet, table = explanation.sheet, explanation.sheet.source.table
    row = explanation.heading_row
    name = chosen(sheet.display_name, f"《{sheet.source.name}》{f'工作表“{sheet.name}”' if sheet.name else ''}")
    yield chosen(f"{name} is read as {table.name}", f"{name}读作{table.label}（{table.name}）")
    if row:
        yield chosen(f"  heading in row {row}, data from row {row + 1}", f"  表头在第{row}行，数据从第{row + 1}行起")
    yield from (f"  {_column_line(column)}" for column in explanation.columns)
    if explanation.not_kept:
        names = chosen(", ", "、").join(explanation.not_kept)
        yield chosen(f"  not kept: {names}", f"  未采用的栏：{names}")
    for count in report.counts:
        if count.sheet == sheet and count.aside:
            yield chosen(f"  rows set aside: {count.aside:,}", f"  不计的行：{count.aside:,}行")


def _column_line(column: ExplainedColumn) -> str:
    """Return how a column was read."""
    name = chosen(column.name, f"{column.title}（{column.name}）")
    if column.constant:
        return chosen(f"{name}: '{column.constant}' in every row", f"{name}：各行均为“{column.constant}”")
    unit = chosen(f", in {column.unit_text}", f"，单位：{column.unit_text}") if column.unit else ""
    return f"{column.at} {column.header} → {name}{unit}".strip()
