"""Templates: blank workbooks for offices to fill in, one per table, with headers, drop-down lists and a sheet of instructions."""

from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from city_briefs.analysis.ingest import messages_zh
from city_briefs.analysis.ingest.match_headers import INSTRUCTIONS, LISTS
from city_briefs.analysis.ingest.parse_values import METRICS
from city_briefs.analysis.ingest.workbook_style import LAST_ROW, WorkbookWriter, column_width, written
from city_briefs.analysis.validation.row_checks import SIGNED
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR
from city_briefs.common.regions import Region, Regions
from city_briefs.metrics import CATALOGUE
from city_briefs.model.labels import chinese
from city_briefs.model.table import DATE, DECIMAL, FLOAT, INT, STR, Column, Table
from city_briefs.model.tables import COVERAGE, REGIONS, TABLES

HEADS = {"栏目": 18, "是否必填": 10, "填写内容": 44, "含义": 30, "示例": 20, "数据项": 20}
NOTES = (
    "请在第一张工作表的表头下逐行填写，不要改动表头；深色表头为必填项，其余没有的留空。",
    "每行一条记录；没有记录的报送空表，月报类没有发生的填0。不要填写姓名、电话、身份证号、住址等个人信息。",
    "本工作表只作说明，不作为数据读取。",
)
# What stands in the column of examples, where type and list do not say it.
EXAMPLES = {
    "category": "食品", "cause": "停电", "commodity": "猪肉", "hub": "冷链总仓", "industry": "F", "measure": "停业整改",
    "name": "markup_ceiling",
    "origin": "智利", "owner": "市场监管所", "series": "2020普查口径", "source": "市政府工作报告", "unit": "%", "area": "全国",
    "converted_from": "", "transferred_from": "", "retest_of": "", "month": "2021-02",
}  # fmt: skip
NUMBERS = {"year": "2021", "count": "0", "deaths": "0"}
SOONER, LATER = "2021-02-28", "2021-06-30"  # when something began and ended
LARGEST = 1e15  # number that a spreadsheet keeps to the last digit
MOST = 255  # characters of what a spreadsheet says to a wrong value


def write(folder: Path, regions: Regions) -> list[Path]:
    """Write a template for each table that may be sent into a folder, and return the files.

    Raises:
        UsageError: a file is there already; it may be filled in.
    """
    files = {table: folder / f"{table.name}.xlsx" for table in TABLES.values() if table is not COVERAGE}
    if existing := next((file for file in files.values() if file.exists()), None):
        raise UsageError(
            chosen(
                f"{shown(existing)} is there already, and may be filled in. Name a new folder for the templates.",
                f"{shown(existing)}已经存在，可能已填写，请另写一个文件夹存放空白表。",
            )
        )
    folder.mkdir(parents=True, exist_ok=True)
    for table, file in files.items():
        _write_template(file, table, regions)
    return list(files.values())


def _write_template(file: Path, table: Table, regions: Regions) -> None:
    """Write one template. The template of the regions lists the known regions, to be amended."""
    with written(file) as workbook:
        sheet, instructions, lists = (workbook.sheet(name) for name in (table.label, INSTRUCTIONS, LISTS))
        lists.hide()
        choices = {column: words for column in table.columns if (words := _choices(column, regions))}
        _write_lists(workbook, lists, list(choices.values()))
        ranges = {column: _list_range(number, len(words)) for number, (column, words) in enumerate(choices.items())}
        for number, column in enumerate(table.columns):
            title = messages_zh.title(column)
            workbook.write(sheet, 0, number, title, "required" if column.required else "head")
            sheet.write_comment(0, number, f"{_required_text(column)}。{messages_zh.wanted(column)}")
            sheet.set_column(
                number, number, column_width([title, _example(table, column, regions)]), workbook.styles[_style(column)]
            )
            if cell_rule := _cell_rule(table, column, ranges.get(column)):
                sheet.data_validation(1, number, LAST_ROW - 1, number, cell_rule)
        sheet.freeze_panes(1, 0)
        for row, region in enumerate(regions.all if table is REGIONS else (), start=1):
            for number, column in enumerate(table.columns):
                workbook.write(sheet, row, number, _region_cell(region, column))
        _write_instructions(workbook, instructions, table, regions)


def _choices(column: Column, regions: Regions) -> list[str]:
    """Return the words that a column is chosen from; empty for a column with free input."""
    if column.name == "region":
        return [region.name for region in regions.all]
    if column.name in METRICS:
        return [metric.label for metric in CATALOGUE.values()]
    return messages_zh.words(column)


def _write_lists(workbook: WorkbookWriter, sheet: Worksheet, lists: list[list[str]]) -> None:
    """Write the drop-down lists, one per column."""
    for row, words in enumerate(zip_longest(*lists)):
        for number, text in enumerate(words):
            if text is not None:
                workbook.write(sheet, row, number, text)


def _list_range(number: int, length: int) -> str:
    """Return the cell range of a drop-down list."""
    letter = xl_col_to_name(number)
    return f"={LISTS}!${letter}$1:${letter}${length}"


def _style(column: Column) -> str:
    """Return the cell style of a column. A text stays text, so that leading zeros are kept."""
    if column.type == DATE:
        return "day"
    if column.type == INT:
        return "whole"
    return "number" if column.type == FLOAT or DECIMAL.fullmatch(column.type) else "text"


def _cell_rule(table: Table, column: Column, list_range: str | None) -> dict[str, Any] | None:
    """Return the validation rule of a column as xlsxwriter takes it; None for free text."""
    messages = {"error_title": messages_zh.title(column), "error_message": messages_zh.wanted(column)[:MOST]}
    between: dict[str, Any] = {"criteria": "between"} | messages
    if list_range:
        return {
            "validate": "list",
            "source": list_range,
            "error_title": messages["error_title"],
            "error_message": "请从下拉列表中选填。",
        }
    if column.type == DATE:
        return {"validate": "date", "minimum": date(FIRST_YEAR, 1, 1), "maximum": date(LAST_YEAR, 12, 31), **between}
    if column.name == "month":
        return {"validate": "any", "input_message": messages["error_message"]}
    if column.type == STR:
        return None
    if column.name == "year":
        return {"validate": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR, **between}
    if column.type == FLOAT or (table, column.name) in SIGNED:
        return {"validate": "decimal", "minimum": -LARGEST, "maximum": LARGEST, **between}
    return {"validate": "integer" if column.type == INT else "decimal", "criteria": ">=", "value": 0, **messages}


def _write_instructions(workbook: WorkbookWriter, sheet: Worksheet, table: Table, regions: Regions) -> None:
    """Write the sheet that explains each column with an example. No reader takes its lines for rows."""
    lines = [
        (
            messages_zh.title(column),
            _required_text(column),
            "请从下拉列表中选填指标名称。" if column.name in METRICS else messages_zh.wanted(column),
            f"{column.meaning_zh}{_order_text(table, column)}",
            _example(table, column, regions),
            column.name,
        )
        for column in table.columns
    ]
    workbook.lines(sheet, HEADS, f"{table.label} {INSTRUCTIONS}", NOTES, lines)


def _required_text(column: Column) -> str:
    """Return whether a column is required, in Chinese."""
    return "必填" if column.required else "选填"


def _order_text(table: Table, column: Column) -> str:
    """Return which dates must not be later than this one, in Chinese; empty when there is none."""
    earlier = messages_zh.earlier(table, column.name)
    return f"；不早于{earlier}" if earlier else ""


def _example(table: Table, column: Column, regions: Regions) -> str:
    """Return an example for a column; the examples of a table together are a row that is accepted."""
    if table is REGIONS:
        return _region_cell(regions.cities[0], column)
    if column.name == "region":
        return regions.cities[0].name
    if choices := _choices(column, regions):
        return choices[0]
    if column.type == DATE:
        return LATER if messages_zh.earlier(table, column.name) else SOONER
    if column.type == STR:
        return EXAMPLES.get(column.name, f"{LATER[:4]}-0001")
    return NUMBERS.get(column.name, "12")


def _region_cell(region: Region, column: Column) -> str:
    """Return the text of a region in a column of the table of regions."""
    return chinese(column.name, str(getattr(region, column.name)))
