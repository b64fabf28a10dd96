"""The nbconvert exporter `brief-xlsx`: contents, each table and chart as a sheet, and every number with what it means and its source.

A cell of text stays text: nothing becomes a formula, or a link that leads out of the workbook. The same notebook gives the same bytes.
"""

import io
from typing import Any

import xlsxwriter

from city_briefs.production.export.cells import Cell, of_number
from city_briefs.production.export.document import PrintedDocument
from city_briefs.production.export.exporter import BriefExporter
from city_briefs.production.export.figure_sheets import names, part_text, period_text, sheets
from city_briefs.production.export.sheets import write_notebook
from city_briefs.production.export.workbook import BACK, CONTENTS, Workbook, link

DATA = "数据"
COLUMNS: tuple[tuple[str, str, int], ...] = (  # of the list of all numbers; the first ones are printed
    ("label", "指标", 28), ("view_name", "口径", 16), ("region_name", "地区", 14), ("period", "期间", 14), ("part_name", "分项", 18),
    ("value", "数值", 16), ("unit", "单位", 10), ("text", "表述", 22), ("shown_in", "所在图表", 12),
    ("refused", "未列原因", 40), ("interval", "95%区间", 20), ("pending", "待办结比重", 12), ("numerator", "分子", 16),
    ("denominator", "分母", 16), ("metric", "指标编号", 26), ("view", "口径代码", 16), ("region", "地区代码", 10), ("year", "年份", 7),
    ("through", "截止月份", 9), ("span", "期间类型", 9), ("area", "对标地区", 10), ("base", "对标口径", 9), ("by", "分项列代码", 12),
    ("part", "分项代码", 18), ("definition", "指标口径", 60), ("source", "资料来源", 40),
)  # fmt: skip
PRINTED = 9  # of these columns
WORDS: dict[str, tuple[str, ...]] = {
    "ProseBlock": ("paragraphs", "notes", "sources"),
    "ClaimRecord": ("name", "refused"),
    "PointsBlock": ("notes", "sources"),
    "PointsColumn": ("title", "items"),
    "RemarkBlock": ("title", "paragraphs", "author", "date", "sources", "notes"),
    "CardsBlock": ("notes", "sources"),
    "HeadlineCard": ("value", "unit", "label", "change", "arrow", "place", "light"),
    "Drawing": ("alt",),
    "ChartBlock": ("alt",),
    "LeadLine": ("word", "text"),
    "PageOneRow": ("regions_words",),
    "Panel": ("title", "subtitle"),
    "ExceptionBlock": ("what", "mark_word", "notes", "sources"),
    "PageOneBlock": ("columns", "key"),
    "MetricCard": ("unit", "owner", "caveats", "doubts", "comparisons", "revisions"),
    "CorrectionRecord": ("said", "more"),
}
NOT_SHOWN = {  # of the schema of blocks, what is printed and this format does not show, with the reason
    f"{shape}.{name}": "the workbook has the numbers, and the tables with their words; other words are in the other formats"
    for shape, fields in WORDS.items()
    for name in fields
} | {"FigureRecord.verdict": "the text of a change says it", "FigureRecord.span": "the column 期间类型 says it in Chinese"}
SPANS = {"month": "当月", "quarter": "当季", "half": "半年"}
NUMBERS = ("year", "through", "numerator", "denominator", "pending")
HEAD = 2  # the row of the heads of the list


class BriefXLSX(BriefExporter):
    """`jupyter nbconvert --to brief-xlsx any.ipynb`; of a notebook that is no pack also its tables, each a sheet, and its words."""

    export_from_notebook = "Brief (XLSX)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix = ".xlsx"

    def printed(self, brief: PrintedDocument) -> bytes:
        """Return the workbook."""
        file = io.BytesIO()
        book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"title": brief.title, "comments": brief.notice, "created": brief.created})
        made = Workbook(book, brief.title, brief.notice)
        _write_figures(made, brief)
        if not brief.is_pack:
            write_notebook(made, brief.parts)
        _write_data(made, brief)
        book.close()
        return file.getvalue()


def _about(brief: PrintedDocument) -> str:
    """Of what a workbook is: classification, notice, edition, period and snapshot."""
    said = [
        brief.classification,
        brief.notice,
        brief.edition,
        brief.subtitle,
        f"快照{brief.snapshot[:12]}" if brief.snapshot else "",
    ]
    return "　".join(filter(None, said))


def _write_figures(made: Workbook, brief: PrintedDocument) -> None:
    """Write the contents, and a sheet for each table and chart; none of a document without any."""
    shown = sheets(brief)
    if not shown:
        return
    contents = made.sheet(CONTENTS)
    contents.set_column(0, 0, 10)
    contents.set_column(1, 1, 75)
    made.write(contents, 0, 0, Cell(brief.title), bold=True, font_size=14)
    made.write(contents, 1, 0, Cell(_about(brief)))
    for column, head in enumerate(("编号", "题名")):
        made.write(contents, 3, column, Cell(head), bold=True, top=1, bottom=1)
    way = made.look(underline=1, text_wrap=True)
    line = 4
    for each in shown:
        name = made.name(f"{each.number} {each.caption}")
        link(contents, line, 0, name, each.number, way)
        link(contents, line, 1, name, each.caption, way)
        made.table(made.book.add_worksheet(name), each)
        line += 1
    link(contents, line, 0, DATA, DATA, way)
    link(contents, line, 1, DATA, "全部数字明细：未舍入的数、分子分母、口径和来源", way)
    made.write(contents, line + 2, 0, Cell("各表的数与文中一致，已按文中位数舍入；各图和“数据”的数未舍入。"))
    made.printed(contents, line + 2, 1, is_wide=False)


def _write_data(made: Workbook, brief: PrintedDocument) -> None:
    """Write the list of all numbers, a row each, with the codes by which programs know them."""
    sheet = made.sheet(DATA)
    rows = _rows(brief)
    made.write(sheet, 0, 0, Cell(brief.title), bold=True)
    if sheets(brief):
        link(sheet, 1, 0, CONTENTS, BACK, made.look(underline=1))
    made.write(sheet, 1, 1, Cell(_about(brief)))
    for column, (_, name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        made.write(sheet, HEAD, column, Cell(name), bold=True, bottom=1)
    for line, row in enumerate(rows, start=HEAD + 1):
        for column, (name, _, _) in enumerate(COLUMNS):
            if name == "value" and row[name] is not None:
                made.write(sheet, line, column, of_number(row[name], row["text"]))
            elif row[name] is not None:
                made.write(sheet, line, column, Cell(row[name] if name in NUMBERS else str(row[name])))
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.autofilter(HEAD, 0, HEAD + len(rows), len(COLUMNS) - 1)
    made.printed(sheet, HEAD + len(rows), PRINTED - 1, is_wide=False, again=HEAD)


def _rows(brief: PrintedDocument) -> list[dict[str, Any]]:
    """The figures of all blocks in their order, each once, with its metric and the numbers of the figures and tables that it is in."""
    rows: dict[str, dict[str, Any]] = {}
    places: dict[str, dict[str, None]] = {}
    called = names(brief.blocks)
    for place, block in brief.numbered:
        metrics = {metric["id"]: metric for metric in block["metrics"]}
        for figure in block["figures"]:
            row = {name: figure.get(name) for name, *_ in COLUMNS}
            row |= {
                "view_name": block["views"].get(figure["view"], figure["view"]), "region_name": called.get(figure["region"]),
                "period": period_text(figure), "part_name": part_text(figure, called) or None,
            }  # fmt: skip
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
    for figure_text, found in places.items():
        rows[figure_text]["shown_in"] = "、".join(found)
    return list(rows.values())


def _interval(limits: list[float]) -> str:
    """Limits as text: 96.4163—97.3868; with 至 between them where a minus sign could be taken for the dash."""
    words = [f"{limit:.4f}".rstrip("0").rstrip(".").replace("-", "−") for limit in limits]
    return ("至" if any(limit < 0 for limit in limits) else "—").join(words)
