"""党建引领。Source: what the cities and the bureau return."""

from city_briefs.model.metric import returned

PARTY, PERSONNEL, PRIVATE_ECONOMY = "机关党委", "人事处", "非公经济组织党建工作处"


@returned(
    "stock", label="标准化建设示范党支部", label_en="model party branches", unit="个", decimals=0, better="higher", owner=PARTY
)
def model_party_branches() -> None:
    """期末已被命名为“省直机关标准化建设示范党支部”的党支部个数。"""


@returned(
    "flow",
    label="受省部级表彰集体",
    label_en="collectives honoured at provincial or ministerial level",
    unit="个",
    decimals=0,
    better="higher",
    owner=PERSONNEL,
)
def honoured_collectives() -> None:
    """报告期内系统各级获得省部级以上表彰的集体个数，按表彰决定印发当月计。"""


@returned(
    "flow",
    label="受省部级表彰个人",
    label_en="individuals honoured at provincial or ministerial level",
    unit="名",
    decimals=0,
    better="higher",
    owner=PERSONNEL,
)
def honoured_individuals() -> None:
    """报告期内系统各级获得省部级以上表彰的个人名数，按表彰决定印发当月计。"""


@returned(
    "flow",
    label="颁发“光荣在党50年”纪念章",
    label_en="50-year party medals issued",
    unit="名",
    decimals=0,
    better="neutral",
    owner=PARTY,
)
def party_medals() -> None:
    """报告期内颁发“光荣在党50年”纪念章的党员名数。"""


@returned(
    "ratio",
    span="as_of",
    label="非公经济组织党组织覆盖率",
    label_en="party-organisation coverage of non-public organisations",
    unit="%",
    decimals=2,
    better="higher",
    owner=PRIVATE_ECONOMY,
)
def nonpublic_party_coverage() -> None:
    """期末已为党组织覆盖的非公经济组织数（分子）占非公经济组织总数（分母）的比重；各地区合并计算，不对比率取平均。"""
