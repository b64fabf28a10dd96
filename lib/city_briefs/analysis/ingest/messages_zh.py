"""Messages in Chinese for the office that sent a file: for each rule, what is wrong and what would be right.

A rule has one sentence for all columns. What the English sentence of a finding says beyond it is taken from there: the row
that is repeated, the nearest word, the unit of an indicator.
"""

import re

from city_briefs.analysis.ingest import units
from city_briefs.analysis.ingest.headings import REST
from city_briefs.analysis.ingest.text_scan import LONGEST
from city_briefs.analysis.validation.finding import Finding
from city_briefs.common.language import chosen
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR
from city_briefs.metrics import CATALOGUE
from city_briefs.model.labels import chinese
from city_briefs.model.table import BOOL, DATE, DECIMAL, INT, Column, Table
from city_briefs.model.tables import PERSONS_FREED, TABLES

SEVERITIES = {"error": "错误，该行未采用", "warning": "提醒，请核实"}
LISTED = "、"
OTHER = ("“{value}”不符合填报要求。", "请核对后重新填写，具体见系统原文。")
UNLISTED = ("本行有误，未予采用。", "请改正，具体原因见系统原文。")
SEVERITY_WORDS = {"error": "错误", "warning": "提醒"}
REPEATED = re.compile(
    r" '(?P<key>.*?)' stands in row (?P<row>\d+) of (?P<file>.+?)(?:, sheet (?P<sheet>.+?))? already, (?P<rest>.*)"
)
DIFFERENCE = re.compile(r"(\w+) is '(.*?)' and here '(.*?)'(?=, \w+ is '|\. Keep)")
MORE = re.compile(r" [\d,]+ more are like it\.$")
NEAREST = re.compile(r"Did you mean (.+?)(?: \((.+?)\))?\?$")
UNIT_OF = re.compile(r"write it in the unit of (\w+)\.$")
OTHER_ROW = "已报送的另一行"
OF_NO_COLUMN = {"words": "规定选项", "kind": "内容", "wanted": "请核对后重新填写。", "other": "有关数据表"}
# By rule: what is wrong, and what would be right. The rules are those of city_briefs.analysis.validation and of ingest.
RULES = {
    "type": ("“{value}”不是规范的{kind}。", "{wanted}"),
    "unit": ("“{value}”的计量单位不明确，或与该指标不符。", "请按指标的计量单位填写，并在数字后写明单位。"),
    "no unit": ("“{column}”栏未注明单位，而同类各栏已注明其他单位；本栏按{value}读取。", "请在表头写明单位。"),
    "closed list": ("“{value}”不在可选范围内。", "请从以下各项中选填：{words}。"),
    "required": ("必填项为空。", "每行均须填写{column}，请补填。"),
    "text": ("文字过长。", f"请控制在{LONGEST}字以内。"),
    "control character": ("“{value}”含有不可见的控制字符。", "请删除该字符，或重新录入。"),
    "failed formula": ("“{value}”是公式出错的结果。", "请填写正确内容，没有的留空。"),
    "digits lost": ("“{value}”已被电子表格当作数字，末尾数字丢失。", "请将{column}一栏设为文本格式，从原系统重新导出后报送。"),
    "id made a date": ("“{value}”可能是被电子表格改成日期的编号。", "请将{column}一栏设为文本格式，从原系统重新导出后报送。"),
    "one id": ("{column}一格中有多行内容。", "请一格只填一个编号。"),
    "formula": ("“{value}”会被电子表格当作公式运行。", "请直接填写文字或数值，不要以“=”“+”“-”“@”开头。"),
    "struck through": ("本行有加了删除线的文字，可能不应统计。", "不应统计的请删除该行；应统计的请取消删除线。"),
    "shown rounded": ("单元格实际为“{value}”，未经四舍五入；已按显示的位数采用。", "如应采用其他数值，请用ROUND函数取整后重新填写。"),
    "number not shown": ("单元格的数字格式使“{value}”不显示；已按该数采用。", "不应统计的请删除；应统计的请改用常规数字格式。"),
    "formula values": ("{value}是公式，已采用上次保存的计算结果。", "请核对结果；如有疑问，请粘贴为数值后重新报送。"),
    "formula without value": ("{value}是公式，没有计算结果。", "请用WPS或Excel打开后保存，或粘贴为数值，再重新报送。"),
    "hidden rows": ("第{value}行被筛选或手工隐藏，已照常读取。", "不应统计的请删除。"),
    "hidden column": ("第{value}列被隐藏，已照常读取。", "不应统计的请删除该列。"),
    "sheet not read": ("工作表“{value}”有内容，未读取。", "需要报送的，请取消隐藏，并以数据表的名称命名；否则请删除。"),
    "file not read": ("文件“{value}”未读取。", "内有数据的，请另存为.xlsx或.csv后重新报送。"),
    "surplus": ("本行内容多于表头栏数，各栏可能错位。", "请对照表头逐栏填写，删除多余内容。"),
    "known region": ("“{value}”不在行政区划名录内。", "请填写名录内地区的全称、简称或代码。"),
    "one region": ("“{value}”可能指不止一个地区。", "请填写代码，或在名称前加上所属城市。"),
    "known metric": ("“{value}”不在指标目录内。", "请按指标目录填写指标名称或编号。"),
    "month": ("“{value}”不是规范的月份。", f"请按“2021-02”的格式填写，年份在{FIRST_YEAR}至{LAST_YEAR}年之间。"),
    "number of a day": ("“{value}”是日期的序号，而本工作簿以1904年为起点，可能是两个不同的日期。", "请把单元格设为日期格式，再重新报送。"),
    "possible date": ("“{value}”不是可能的日期。", f"年份应在{FIRST_YEAR}至{LAST_YEAR}年之间；日期不详的留空。"),
    "possible year": ("“{value}”不是可能的年份。", f"年份应在{FIRST_YEAR}至{LAST_YEAR}年之间。"),
    "possible population": ("“{value}”不是可能的人口数。", "请核对人口数及其计量单位。"),
    "not negative": ("“{value}”小于零。", "{column}不能为负数，请更正。"),
    "dates in order": ("{column}“{value}”早于{earlier}。", "请核对各日期的先后，更正有误的一项。"),
    "after the cut-off": ("“{value}”晚于报告期截止日。", "请更正；确属以后期间的，请列入相应报告期报送。"),
    "declared period": ("“{value}”早于申报的报告期。", "请核对日期；确属补报的，请说明补报期间。"),
    "unreadable": ("无法作为数据表读取。", "请按提示改正后重新报送。"),
    "repeated row": ("与{row}完全相同。", "请删除重复的一行。"),
    "repeated key": ("{column}“{value}”与{row}重复，且内容不同。", "请保留正确的一行，删除另一行。"),
    "unique": ("{column}“{value}”出现多次。", "请保留正确的一行，删除其他各行。"),
    "reference": ("“{value}”在{other}中没有对应记录。", "请补报该记录，或更正编号。"),
    "sum": ("合计数“{value}”与以上各行之和不符。", "请更正合计数，或补报遗漏的行。"),
    "merged number": ("数字“{value}”为合并单元格，无法判断计一次还是计多次。", "请取消合并，逐行填写；没有的填0。"),
    "ditto": ("“{value}”上方没有可以照抄的内容。", "请直接填写内容，编号须逐行填写。"),
    "example row": ("“{value}”是示例行，未计入。", "请删除示例行；确为记录的，请填写编号。"),
    "another table": ("本行起为另一张表，未予采用。", "请将另一张表放入单独的工作表。"),
    "span": ("统计口径“{value}”与该指标不符。", "当月数填“当月”，1月至当月累计数填“1月至当月累计”，时点数填“期末时点”。"),
    "both halves": ("比率指标缺少分母。", "请同时填写分子和分母。"),
    "cumulative gap": ("“{value}”为累计数，但缺少上月的累计数。", "请补报上月累计数，或改报各月当月数。"),
    "cumulative fall": ("累计数“{value}”小于上月累计数。", "本年累计数不应下降，请更正有误的一期。"),
    "ten thousand times": ("“{value}”与前后各月相差约一万倍。", "请核对计量单位是否误用“万”。"),
    "size of a region": ("“{value}”与其他地区相差数百倍以上。", "请核对计量单位是否误用“万”。"),
    "ten times": ("“{value}”与前后各月相差约十倍。", "请核对是否多写或少写一位数字。"),
    "last year's figure": ("“{value}”与上年同月相同。", "请核对是否误报上年数据。"),
    "month left out": ("缺少“{value}”等月份的数据。", "请补报；没有发生的填0。"),
    "month missing": ("“{value}”没有记录，而前后各月均有。", "请补报该月记录；确实没有的，请说明。"),
    "region empty": ("“{value}”没有记录，而其余各月均有。", "请补报该月记录；确实没有的，请在sources.toml中申报报告期（period）。"),
    "records of a month": ("当月记录数“{value}”与前后各月差异过大。", "请核对是否漏报，或误列其他月份的记录。"),
    "persons per rescue": ("“{value}”不在合理范围内。", f"每次救援解救{PERSONS_FREED[0]}至{PERSONS_FREED[1]}人，请更正或分行填写。"),
    "recovered when closed": ("已填挽回损失“{value}”，未填办结日期。", "请补填办结日期，否则无法计入任何月份。"),
    "reported region": ("“{value}”没有申报过本表的报告期。", "请补报其报告范围，或归入其他地区统计。"),
    "cold-chain balance": ("累计出仓“{value}”吨，多于期初与入仓之和。", "请补报期初库存，或更正出入库记录。"),
    "zero is reported": ("缺少“{value}”的月报。", "请逐领域填报；没有发生的填0。"),
    "sum of the regions": ("全省数“{value}”不等于各地区之和。", "请更正有误的一方；统计以各地区数为准。"),
    "province without regions": ("“{value}”有数，而所辖地区均无该项数据。", "请补报各地区数；确属省本级的，请单独成文件报送。"),
    "column missing": ("缺少该栏。", "请按模板补齐{column}栏。"),
    "column unknown": ("“{column}”不属于本表栏目，未予采用。", "请删除该栏，或按模板更正栏目名称。"),
}  # fmt: skip


def title(column: Column) -> str:
    """Return the header of a column in Chinese: its meaning; its brackets only where they hold the unit."""
    short = "地区" if column.name == "region" else REST.sub("", column.meaning_zh)
    return column.meaning_zh if column.meaning_zh == f"{short}（{units.base(column)}）" else short


def titles(finding: Finding) -> str:
    """Return the headers of the columns that a finding names, joined; a column that the table lacks keeps its name."""
    by_name = {column.name: title(column) for column in _columns(finding)}
    return LISTED.join(by_name.get(name, name) for name in finding.column.split(", "))


def sentence(finding: Finding) -> str:
    """Return a finding as a sentence: its place, what is wrong, and what would be right.

    That a file cannot be read has its own sentence already, in the language of messages.
    """
    if finding.rule == "unreadable":
        return finding.text
    more = f"（同类问题另有{finding.more}处）" if finding.more else ""
    original = "" if finding.rule in RULES else f"（{finding.text}）"
    problem, remedy = problem_and_remedy(finding)
    return f"{place(finding)}：{problem}{more}{remedy}{original}"


def text(finding: Finding) -> str:
    """Return a finding as a sentence in the language of messages."""
    return chosen(finding.text, sentence(finding))


def place(finding: Finding) -> str:
    """Return the place of a finding: file, sheet and cell, or the row and its column; the table when it is in no file."""
    file = f"文件《{finding.file}》" if finding.file else f"《{TABLES[finding.table].label}》" if finding.table in TABLES else ""
    sheet = f"工作表“{finding.sheet}”" if finding.sheet else ""
    if finding.cell:
        return f"{file}{sheet}{finding.cell}{'单元格' if finding.row else '列'}"
    row = f"第{finding.row}行" if finding.row else ""
    return f"{file}{sheet}{row}{f'“{titles(finding)}”栏' if row and finding.column else ''}"


def problem_and_remedy(finding: Finding) -> tuple[str, str]:
    """Return two sentences: what is wrong, and what would be right."""
    table = TABLES.get(finding.table)
    column = next((column for column in _columns(finding) if column.name == finding.column), None)
    parts = {"value": finding.value, "column": titles(finding), "row": OTHER_ROW, "earlier": "", **OF_NO_COLUMN}
    if table:
        parts["earlier"] = earlier(table, finding.column)
    if column:
        parts |= {"words": LISTED.join(words(column)), "kind": kind(column), "wanted": wanted(column)}
    if table and column and column.name in table.references:
        parts["other"] = TABLES[table.references[column.name][0]].label
    differences = ""
    if repeated := REPEATED.search(finding.text):
        parts |= {"value": repeated["key"], "row": _other_row(finding, repeated)}
        differences = "；".join(_difference(finding, *texts) for texts in DIFFERENCE.findall(repeated["rest"]))
    problem, remedy = RULES.get(finding.rule, OTHER)
    return problem.format_map(parts), f"{remedy.format_map(parts)}{f'（{differences}。）' if differences else ''}{_hint(finding)}"


def _columns(finding: Finding) -> tuple[Column, ...]:
    """Return the columns of the table of a finding; none when it concerns no table."""
    return TABLES[finding.table].columns if finding.table in TABLES else ()


def _other_row(finding: Finding, repeated: re.Match[str]) -> str:
    """Return the place of the row that is repeated; file and sheet only where they are others."""
    file = f"文件《{repeated['file']}》" if repeated["file"] != finding.file else ""
    sheet = f"工作表“{repeated['sheet']}”" if repeated["sheet"] and (file or repeated["sheet"] != finding.sheet) else ""
    return f"{file}{sheet}第{repeated['row']}行"


def _difference(finding: Finding, name: str, there: str, here: str) -> str:
    """Return how a repeated row differs from the first."""
    column = next((column for column in _columns(finding) if column.name == name), None)
    if column and column.words:
        there, here = (chinese(name, word) if word in column.words else word for word in (there, here))
    return f"{title(column) if column else name}在该行为“{there}”，在本行为“{here}”"


def _hint(finding: Finding) -> str:
    """Return what was probably meant: the nearest word or region, or the unit; empty where the finding does not tell."""
    text = MORE.sub("", finding.text)
    if near := NEAREST.search(text):
        return f"疑为“{near[1]}”{f'（{near[2]}）' if near[2] else ''}。"
    if (unit := UNIT_OF.search(text)) and unit[1] in CATALOGUE:
        return f"该指标的计量单位为“{CATALOGUE[unit[1]].unit}”。"
    return ""


def words(column: Column) -> list[str]:
    """Return the words that may be written in a column: of a closed list, or yes and no; empty for any other column."""
    return ["是", "否"] if column.type == BOOL else [chinese(column.name, word) for word in column.words]


def kind(column: Column) -> str:
    """Return the type of a column, as an office calls it."""
    if column.words:
        return "选项"
    number = "整数" if column.type == INT else "数字"
    return {DATE: "日期", BOOL: "是或否", "str": "月份" if column.name == "month" else "文字"}.get(column.type, number)


def wanted(column: Column) -> str:
    """Return how to fill in a column, as a sentence."""
    unit, decimal = units.base(column), DECIMAL.fullmatch(column.type)
    unit_text = f"，单位为{unit}" if unit else ""
    if choices := words(column):
        return f"请从{LISTED.join(choices)}中选填。"
    if column.type == DATE:
        return f"请按“2021-02-28”的格式填写{'' if column.required else '，日期不详的留空'}。"
    if column.name == "month":
        return "请按“2021-02”的格式填写。"
    if column.name == "region":
        return "请填写行政区划名录内地区的全称、简称或代码。"
    if column.type == "str":
        return "请填写文字。"
    return f"请填写{kind(column)}{f'，最多{decimal[2]}位小数' if decimal else ''}{unit_text}。"


def earlier(table: Table, later: str) -> str:
    """Return the headers of the dates that must not be later than this one, joined; empty when there is none."""
    by_name = {column.name: title(column) for column in table.columns}
    return LISTED.join(by_name[before] for before, after in table.order if after == later)
