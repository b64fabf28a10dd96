"""The report of an ingest as a page to look at: one file without scripts, in the language of messages."""

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from city_briefs.analysis.ingest import messages_zh
from city_briefs.analysis.ingest.control_characters import visible
from city_briefs.analysis.validation.finding import Finding
from city_briefs.common import theme
from city_briefs.common.language import chosen, is_chinese
from city_briefs.model.tables import TABLES

if TYPE_CHECKING:
    from city_briefs.analysis.ingest.report import Report

WORDS = {
    "title": ("What was read", "数据接收报告"), "snapshot": ("Snapshot", "快照编号"),
    "nothing": ("Nothing was written.", "没有写入数据。"), "counts": ("Rows", "读取情况"),
    "source": ("source", "来源"), "table": ("table", "数据表"),
    "rows": ("rows", "行数"), "accepted": ("accepted", "采用"), "rejected": ("rejected", "未采用"), "aside": ("aside", "不计"),
    "findings": ("What is wrong", "问题"), "none": ("Nothing is wrong.", "没有发现问题。"), "error": ("error", "错误"),
    "warning": ("warning", "提醒"), "whole": ("of no single file", "不属于某一文件"), "how": ("How each file was read", "各文件读取方式"),
    "sheet": ("sheet", "工作表"), "heading": ("heading row", "表头行"), "at": ("column", "列"), "header": ("heading", "表头"),
    "field": ("read as", "读作"), "unit": ("unit", "单位"), "constant": ("in every row", "各行均为"),
    "not_kept": ("Not kept", "未采用的栏"),
    "set_aside": ("Rows set aside, being no data", "不计的行（不是数据）"),
    "left_aside": ("Left aside, being no tables", "不是数据表，未读取"),
}  # fmt: skip


def html(report: "Report") -> str:
    """Return the page; everything in it is escaped as text, and characters that nobody sees are written as their codes."""
    environment = theme.templates(Path(__file__).parent)
    environment.filters["visible"] = lambda value: visible(str(value))
    return environment.get_template("report.html.j2").render(
        report=report,
        words={key: chosen(*texts) for key, texts in WORDS.items()},
        language="zh-CN" if is_chinese() else "en",
        by_file=_findings_by_file(report.findings),
        counts={count.sheet: count for count in report.counts},
        table_name=lambda name: chosen(name, TABLES[name].label),
        palette=theme.PALETTE,
        sans=theme.SANS,
    )


def _findings_by_file(findings: tuple[Finding, ...]) -> dict[str, list[dict[str, Any]]]:
    """Return the findings by file, errors first; those of no file last."""
    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for finding in sorted(findings, key=lambda finding: (not finding.file, finding.file, finding.severity != "error")):
        by_file[finding.file].append(
            {"severity": finding.severity, "place": _place(finding), "value": finding.value, "text": messages_zh.text(finding)}
        )
    return dict(by_file)


def _place(finding: Finding) -> str:
    """Return the place of a finding in its file: its sheet, and its cell or row."""
    row = chosen(f"row {finding.row}", f"第{finding.row}行") if finding.row else ""
    return " ".join(part for part in (finding.sheet, finding.cell or row) if part)
