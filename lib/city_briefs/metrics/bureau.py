"""省局机关。Source: what the bureau itself returns."""

from city_briefs.model.metric import returned

OFFICE, LEGAL, PERSONNEL = "办公室", "法规处", "人事处"


@returned(
    "flow",
    label="交流发言市州局数",
    label_en="city bureaus that spoke at the conference",
    unit="个",
    decimals=0,
    better="neutral",
    owner=OFFICE,
)
def meeting_speakers() -> None:
    """报告期所属年度全省市场监管工作座谈会上作交流发言的市州局个数。"""


@returned(
    "flow",
    label="全国系统率先出台的法治类文件和制度",
    label_en="rule-of-law documents first in the national system",
    unit="份",
    decimals=0,
    better="higher",
    owner=LEGAL,
)
def first_in_nation_docs() -> None:
    """报告期内出台、在全国市场监管系统属首创的法治类文件和制度份数，按印发当月计。"""


@returned(
    "stock",
    label="省局直属单位",
    label_en="units directly under the bureau",
    unit="个",
    decimals=0,
    better="neutral",
    owner=PERSONNEL,
)
def direct_units() -> None:
    """期末省局直属单位个数。"""
