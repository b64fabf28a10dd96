"""The nbconvert exporter `brief-xlsx`: every number of a notebook as a row, with what it means and where it comes from.

Tables that are meant for it (`in_workbook`), such as what is to be done and by whom, stand in a second sheet.
A cell of text stays text: nothing becomes a formula, a link or a number. The same notebook gives the same bytes.
"""

import io
from typing import Any

import xlsxwriter
from nbformat import NotebookNode
from xlsxwriter.format import Format

from city_briefs.common.blocks import TableBlock
from city_briefs.common.theme import SANS
from city_briefs.production.export.document import PrintedDocument
from city_briefs.production.export.exporter import BriefExporter
from city_briefs.production.export.parts import METADATA
from city_briefs.production.export.sheets import MOST_CHARACTERS, write_notebook

COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("metric", "指标编号", 26), ("label", "指标", 28), ("view", "口径代码", 16), ("region", "地区代码", 10), ("year", "年份", 7),
    ("through", "截止月份", 9), ("span", "期间", 8), ("area", "对标地区", 10), ("base", "对标口径", 9), ("by", "分项口径", 12),
    ("part", "分项", 18),
    ("value", "数值", 16), ("unit", "单位", 10), ("numerator", "分子", 16), ("denominator", "分母", 16),
    ("text", "表述", 22), ("refused", "未列原因", 40), ("definition", "指标口径", 60), ("source", "资料来源", 40),
    ("interval", "95%区间", 20), ("pending", "待办结比重", 12), ("shown_in", "所在图表", 14),
)  # fmt: skip
WORDS: dict[str, tuple[str, ...]] = {
    "ProseBlock": ("paragraphs", "notes", "sources"),
    "ClaimRecord": ("name", "refused"),
    "PointsBlock": ("notes", "sources"),
    "PointsColumn": ("title", "items"),
    "RemarkBlock": ("title", "paragraphs", "author", "date", "sources", "notes"),
    "CardsBlock": ("notes", "sources"),
    "HeadlineCard": ("value", "unit", "label", "change", "arrow", "place", "light"),
    "Drawing": ("alt",),
    "TableBlock": ("caption", "unit", "header", "rows", "notes", "sources"),
    "ChartBlock": ("caption", "alt", "notes", "sources"),
    "LeadLine": ("word", "text"),
    "PageOneRow": (
        "subject",
        "label",
        "unit",
        "value",
        "change",
        "regions_words",
        "place",
        "move",
        "mark_word",
        "mark_text",
    ),
    "Panel": ("title", "subtitle"),
    "ExceptionBlock": ("what", "mark_word", "notes", "sources"),
    "Concern": ("what", "mark_word", "evidence", "needed", "who"),
    "PageOneBlock": ("conclusion", "columns", "key", "concern_columns", "more", "notes", "sources"),
    "MetricCard": ("unit", "owner", "caveats", "doubts", "comparisons", "revisions"),
    "CorrectionRecord": ("said", "more"),
}
NOT_SHOWN = {  # of the schema of blocks, what is printed and this format does not show, with the reason
    f"{shape}.{name}": "the workbook has the numbers; their words are in the other formats, and those of some tables in a second sheet"
    for shape, names in WORDS.items()
    for name in names
} | {"FigureRecord.verdict": "the text of a change says it", "FigureRecord.span": "the column 期间 says it in Chinese"}
WHERE_SAID = ("span", "shown_in")  # columns that stand only where a figure has something to say in them
SPANS = {"month": "当月", "quarter": "当季", "half": "半年"}
NUMBERS = ("year", "through", "value", "numerator", "denominator", "pending")


class BriefXLSX(BriefExporter):
    """`jupyter nbconvert --to brief-xlsx any.ipynb`; of a notebook that is no pack also its tables, each a sheet, and its words."""

    export_from_notebook = "Brief (XLSX)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix = ".xlsx"

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own exporters do
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """The workbook and its resources."""
        brief, resources = self.processed(nb, resources)
        file = io.BytesIO()
        book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"title": brief.title, "comments": brief.notice, "created": brief.created})
        head = book.add_format({"bold": True, "font_name": SANS, "bottom": 1})
        plain = book.add_format({"font_name": SANS, "valign": "top"})
        sheet = book.add_worksheet("数据")
        rows = _rows(brief)
        columns = [column for column in COLUMNS if column[0] not in WHERE_SAID or any(row[column[0]] for row in rows)]
        for column, (_, name, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, name, head)
        sheet.write_string(0, 0, brief.title, head)
        sheet.write_string(
            1,
            0,
            "　".join(
                filter(None, [brief.classification, brief.notice, brief.edition, brief.subtitle, f"快照{brief.snapshot[:12]}"])
            ),
            plain,
        )
        for line, row in enumerate(rows, start=3):
            for column, (name, _, _) in enumerate(columns):
                if row[name] is None:
                    continue
                if name in NUMBERS:
                    sheet.write_number(line, column, row[name], plain)
                else:
                    sheet.write_string(line, column, str(row[name])[:MOST_CHARACTERS], plain)
        _write_tables(
            book, [block for block in brief.blocks if block["kind"] == "table" and block.get("in_workbook")], head, plain
        )
        sheet.freeze_panes(3, 2)
        sheet.autofilter(2, 0, 2 + len(rows), len(columns) - 1)
        if METADATA not in nb.metadata:
            write_notebook(book, brief.parts, head, plain)
        book.close()
        return file.getvalue(), resources


def _write_tables(book: xlsxwriter.Workbook, tables: list[TableBlock], head: Format, plain: Format) -> None:
    """Write tables below each other into a sheet of their own, each once under its caption; no sheet without any."""
    if not tables:
        return
    sheet = book.add_worksheet("任务和措施")
    sheet.set_column(0, max(len(table["header"]) for table in tables) - 1, 28)
    line = 0
    for table in {table["caption"]: table for table in tables}.values():
        for cells, form in (([table["caption"]], head), (table["header"], head), *((row, plain) for row in table["rows"])):
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, cell[:MOST_CHARACTERS], form)
            line += 1
        line += 1


def _rows(brief: PrintedDocument) -> list[dict[str, Any]]:
    """The figures of all blocks in their order, each once, with its metric and the numbers of the figures and tables that it is in."""
    rows: dict[str, dict[str, Any]] = {}
    places: dict[str, dict[str, None]] = {}
    for place, block in brief.numbered:
        metrics = {metric["id"]: metric for metric in block["metrics"]}
        for figure in block["figures"]:
            row = {name: figure.get(name) for name, *_ in COLUMNS}
            if span := figure.get("span"):
                row["span"] = SPANS.get(span, span)
            if limits := figure.get("interval"):
                row["interval"] = _interval(limits)
            if metric := metrics.get(figure["metric"]):
                sources = "；".join(dict.fromkeys(metric["sources"])) or None
                row |= {"label": metric["label"], "definition": metric["definition"], "source": sources}
            rows.setdefault(str(figure), row)
            if place:
                places.setdefault(str(figure), {})[place] = None
    for figure_text, names in places.items():
        rows[figure_text]["shown_in"] = "、".join(names)
    return list(rows.values())


def _interval(limits: list[float]) -> str:
    """Limits as text: 96.4163—97.3868; with 至 between them where a minus sign could be taken for the dash."""
    words = [f"{limit:.4f}".rstrip("0").rstrip(".").replace("-", "−") for limit in limits]
    return ("至" if any(limit < 0 for limit in limits) else "—").join(words)
