"""Words that stand for a value: those of closed lists, for yes and no, for nothing, and of formulas that failed."""

import re

from city_briefs.common.characters import folded
from city_briefs.model.labels import chinese
from city_briefs.model.table import BOOL, DATE, Column

TRUE = ("是", "有", "已", "是的", "true", "t", "yes", "y", "1", "1.0", "√", "✓", "✔", "☑")
FALSE = ("否", "无", "不是", "没有", "false", "f", "no", "n", "0", "0.0", "×", "✗", "✘", "☐", "□")
WHETHER = "是否"  # how the meaning of a column begins whose own word is a yes: 和解 in 是否和解
TRUE_BEFORE, FALSE_BEFORE = ("", "已", "已经", "予以"), ("未", "不", "不予", "非", "没有")
# What offices write for a word of a closed list, besides its name in city_briefs.model.labels.
SYNONYMS = {
    "个体户": "self_employed", "个体": "self_employed", "合作社": "cooperative", "农民合作社": "cooperative",
    "农民专业合作社联合社": "cooperative", "农民专业合作社分支机构": "cooperative",
    "双随机": "double_random", "双随机、一公开": "double_random", "专项": "special", "投诉举报": "complaint", "日常": "routine",
    "产品": "product", "客运索道": "ropeway", "索道": "ropeway", "游乐设施": "amusement", "场车": "vehicle", "起重机": "crane",
    "发明专利": "invention", "实用新型专利": "utility", "外观设计专利": "design", "学校食堂": "school_canteen", "餐饮": "catering",
    "当月": "month", "本月": "month", "累计": "year_to_date", "期末": "as_of", "入库": "in", "出库": "out", "期初": "opening",
    # Kinds of enterprises and their branches, by article 2 of the regulation on the registration of market entities.
    **dict.fromkeys((
        "公司", "有限责任公司", "有限公司", "股份有限公司", "股份公司", "分公司", "有限责任公司分公司", "股份有限公司分公司",
        "非公司企业法人", "全民所有制", "全民所有制企业", "集体所有制", "集体所有制企业", "股份合作制", "股份合作制企业", "联营企业",
        "个人独资企业", "个人独资企业分支机构", "合伙企业", "普通合伙企业", "有限合伙企业", "特殊普通合伙企业", "合伙企业分支机构",
        "内资企业", "外资企业", "外商投资企业", "外商投资企业分支机构", "国有企业", "集体企业", "私营企业", "民营企业",
    ), "enterprise"),
}  # fmt: skip
# What follows the form of an entity in brackets in the registers of offices, such as 有限责任公司（自然人独资）.
REMARK = re.compile(r"\([^()]*\)$")
FORMS = ("enterprise", "self_employed", "cooperative")
NOTHING = {
    "-", "--", "---", "—", "——", "–", "―", "/", "//", "\\", "无", "暂无", "不适用", "不涉及",
    "null", "(null)", "none", "nan", "nat", "<na>", "n/a", "na",
}  # fmt: skip
NOT_YET = re.compile(
    "尚?未(注销|吊销|撤销|办结|结案|结|销号|整改|完成|停用|停业|报废|失效|授权|废止|到期|接入|闭环|期满|发生)|长期(有效)?|永久(有效)?|至今|存续|在业|在营|在用"
)
NO_DAY = re.compile(r"(0(\.0)?|0:00(:00)?|00:00(:00)?|0000[-/]00[-/]00|1900[-/年]0?1[-/月]0?0日?|1899-12-3[01])( ?00:00:00)?")
ERROR = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!|GETTING_DATA|#+)"
)


def is_error(text: str) -> bool:
    """Return whether a cell shows that its formula failed, or that its column was too narrow to show it."""
    return bool(ERROR.fullmatch(text))


def is_nothing(text: str, column: Column) -> bool:
    """Return whether a cell says that there is nothing: 无, or for a date also 未注销 or day 0 of a spreadsheet."""
    word = folded(text)
    if column.type == DATE and (NOT_YET.fullmatch(word) or NO_DAY.fullmatch(text)):
        return True
    return word in NOTHING and not (column.type == BOOL and word in FALSE)


def words_by_name(column: Column) -> dict[str, str]:
    """Return the words of a closed list by every name that they may have (folded)."""
    synonyms = {name: word for name, word in SYNONYMS.items() if word in column.words}
    names = {name: word for word in column.words for name in (chinese(column.name, word), word)}
    return {folded(name): word for name, word in (synonyms | names).items()}


def word(text: str, names: dict[str, str]) -> str | None:
    """Return the word of a closed list that a text names; None when there is none. `names` is of `words_by_name`."""
    name = folded(text)
    if found := names.get(name):
        return found
    form = names.get(REMARK.sub("", name))
    return form if form in FORMS else None


def bools_by_name(column: Column) -> dict[str, bool]:
    """Return yes and no by every name that they may have in a column (folded)."""
    asked = re.sub("（.*）", "", column.meaning_zh).removeprefix(WHETHER)
    yes = [*TRUE, *(before + asked for before in TRUE_BEFORE)]
    no = [*FALSE, *(before + asked for before in FALSE_BEFORE)]
    return dict.fromkeys(map(folded, yes), True) | dict.fromkeys(map(folded, no), False)
