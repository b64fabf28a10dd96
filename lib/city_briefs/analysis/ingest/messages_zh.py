"""Messages in Chinese for the office that sent a file: for each rule, what is wrong and what would be right."""

from city_briefs.analysis.ingest import units
from city_briefs.analysis.ingest.match_headers import REST
from city_briefs.analysis.ingest.text_scan import LONGEST
from city_briefs.analysis.validation.finding import Finding
from city_briefs.analysis.validation.row_checks import PERSONS_FREED
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR
from city_briefs.model.labels import chinese
from city_briefs.model.tables import BOOL, DATE, DECIMAL, INT, TABLES, Column, Table

SEVERITIES = {"error": "错误，该行未采用", "warning": "提醒，请核实"}
LISTED = "、"
OTHER = ("“{value}”不符合填报要求。", "请核对后重新填写，具体见系统原文。")
UNLISTED = ("本行有误，未予采用。", "请改正，具体原因见系统原文。")
OF_NO_COLUMN = {"words": "规定选项", "kind": "内容", "wanted": "请核对后重新填写。", "other": "有关数据表"}
# By rule: what is wrong, and what would be right. The rules are those of city_briefs.analysis.validation and of ingest.
RULES = {
    "type": ("“{value}”不是规范的{kind}。", "{wanted}"),
    "closed list": ("“{value}”不在可选范围内。", "请从以下各项中选填：{words}。"),
    "required": ("必填项为空。", "每行均须填写{column}，请补填。"),
    "text": ("文字过长。", f"请控制在{LONGEST}字以内。"),
    "control character": ("“{value}”含有不可见的控制字符。", "请删除该字符，或重新录入。"),
    "failed formula": ("“{value}”是公式出错的结果。", "请填写正确内容，没有的留空。"),
    "digits lost": ("“{value}”已被电子表格当作数字，末尾数字丢失。", "请将{column}一栏设为文本格式，从原系统重新导出后报送。"),
    "id made a date": ("“{value}”可能是被电子表格改成日期的编号。", "请将{column}一栏设为文本格式，从原系统重新导出后报送。"),
    "one id": ("{column}一格中有多行内容。", "请一格只填一个编号。"),
    "formula": ("“{value}”会被电子表格当作公式运行。", "请直接填写文字或数值，不要以“=”“+”“-”“@”开头。"),
    "surplus": ("本行内容多于表头栏数，各栏可能错位。", "请对照表头逐栏填写，删除多余内容。"),
    "known region": ("“{value}”不在行政区划名录内。", "请填写名录内地区的全称、简称或代码。"),
    "one region": ("“{value}”可能指不止一个地区。", "请填写代码，或在名称前加上所属城市。"),
    "known metric": ("“{value}”不在指标目录内。", "请按指标目录填写指标名称或编号。"),
    "month": ("“{value}”不是规范的月份。", f"请按“2021-02”的格式填写，年份在{FIRST_YEAR}至{LAST_YEAR}年之间。"),
    "possible date": ("“{value}”不是可能的日期。", f"年份应在{FIRST_YEAR}至{LAST_YEAR}年之间；日期不详的留空。"),
    "possible year": ("“{value}”不是可能的年份。", f"年份应在{FIRST_YEAR}至{LAST_YEAR}年之间。"),
    "possible population": ("“{value}”不是可能的人口数。", "请核对人口数及其计量单位。"),
    "not negative": ("“{value}”小于零。", "{column}不能为负数，请更正。"),
    "dates in order": ("{column}“{value}”早于{earlier}。", "请核对各日期的先后，更正有误的一项。"),
    "after the cut-off": ("“{value}”晚于报告期截止日。", "请更正；确属以后期间的，请列入相应报告期报送。"),
    "declared period": ("“{value}”早于申报的报告期。", "请核对日期；确属补报的，请说明补报期间。"),
    "repeated row": ("与已报送的另一行完全相同。", "请删除重复的一行。"),
    "repeated key": ("{column}“{value}”与另一行重复，且内容不同。", "请保留正确的一行，删除另一行。"),
    "unique": ("{column}“{value}”出现多次。", "请保留正确的一行，删除其他各行。"),
    "reference": ("“{value}”在{other}中没有对应记录。", "请补报该记录，或更正编号。"),
    "sum": ("合计数“{value}”与以上各行之和不符。", "请更正合计数，或补报遗漏的行。"),
    "span": ("统计口径“{value}”与该指标不符。", "当月数填“当月”，1月至当月累计数填“1月至当月累计”，时点数填“期末时点”。"),
    "both halves": ("比率指标缺少分母。", "请同时填写分子和分母。"),
    "cumulative gap": ("“{value}”为累计数，但缺少上月的累计数。", "请补报上月累计数，或改报各月当月数。"),
    "cumulative fall": ("累计数“{value}”小于上月累计数。", "本年累计数不应下降，请更正有误的一期。"),
    "ten thousand times": ("“{value}”与前后各月相差约一万倍。", "请核对计量单位是否误用“万”。"),
    "ten times": ("“{value}”与前后各月相差约十倍。", "请核对是否多写或少写一位数字。"),
    "last year's figure": ("“{value}”与上年同月相同。", "请核对是否误报上年数据。"),
    "month left out": ("缺少“{value}”等月份的数据。", "请补报；没有发生的填0。"),
    "month missing": ("“{value}”没有记录，而前后各月均有。", "请补报该月记录；确实没有的，请说明。"),
    "records of a month": ("当月记录数“{value}”与前后各月差异过大。", "请核对是否漏报，或误列其他月份的记录。"),
    "persons per rescue": ("“{value}”不在合理范围内。", f"每次救援解救{PERSONS_FREED[0]}至{PERSONS_FREED[1]}人，请更正或分行填写。"),
    "recovered when closed": ("已填挽回损失“{value}”，未填办结日期。", "请补填办结日期，否则无法计入任何月份。"),
    "reported region": ("“{value}”没有申报过本表的报告期。", "请补报其报告范围，或归入其他地区统计。"),
    "cold-chain balance": ("累计出仓“{value}”吨，多于期初与入仓之和。", "请补报期初库存，或更正出入库记录。"),
    "zero is reported": ("缺少“{value}”的月报。", "请逐领域填报；没有发生的填0。"),
    "sum of the regions": ("全省数“{value}”不等于各地区之和。", "请更正有误的一方；统计以各地区数为准。"),
    "column missing": ("缺少该栏。", "请按模板补齐{column}栏。"),
    "column unknown": ("“{column}”不属于本表栏目，未予采用。", "请删除该栏，或按模板更正栏目名称。"),
}  # fmt: skip


def title(column: Column) -> str:
    """Return the header of a column in Chinese: its meaning; its brackets only where they hold the unit."""
    short = "地区" if column.name == "region" else REST.sub("", column.meaning_zh)
    return column.meaning_zh if column.meaning_zh == f"{short}（{units.base(column)}）" else short


def titles(finding: Finding) -> str:
    """Return the headers of the columns that a finding names, joined; a column that the table lacks keeps its name."""
    by_name = {column.name: title(column) for column in TABLES[finding.table].columns}
    return LISTED.join(by_name.get(name, name) for name in finding.column.split(", "))


def problem_and_remedy(finding: Finding) -> tuple[str, str]:
    """Return two sentences: what is wrong, and what would be right."""
    table = TABLES[finding.table]
    column = next((column for column in table.columns if column.name == finding.column), None)
    parts = {"value": finding.value, "column": titles(finding), "earlier": earlier(table, finding.column), **OF_NO_COLUMN}
    if column:
        parts |= {"words": LISTED.join(words(column)), "kind": kind(column), "wanted": wanted(column)}
    if column and column.name in table.references:
        parts["other"] = TABLES[table.references[column.name][0]].label
    problem, remedy = RULES.get(finding.rule, OTHER)
    return problem.format_map(parts), remedy.format_map(parts)


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
