"""Remedies: what work moves a ratio, in the verb and the object of its office, and which of its halves it moves.

A ratio that is not declared here has no sentence on what it would take: which halves a case leaves follows from a definition, and is
not guessed.
"""

from dataclasses import dataclass
from typing import Literal

Effect = Literal["both", "numerator", "pending", "later"]


@dataclass(frozen=True)
class Remedy:
    """What is done, to what, and which half of the ratio it moves.

    - both: a case that is closed leaves numerator and denominator, as an overdue hazard is one of the open ones.
    - numerator: the case stays in the denominator, as a device stays in use.
    - pending: as numerator, of cases that are still open alone.
    - later: results that are given do not change; `verb` says what those to come must be, and there is no object.
    """

    effect: Effect
    verb: str
    objects: str = ""


PASSED = Remedy("later", "全部合格")
REMEDIES: dict[str, Remedy] = {  # by the id of the ratio
    "hazard_overdue_share": Remedy("both", "销号", "逾期隐患"),
    "overdue_share": Remedy("numerator", "检验", "超期设备"),
    "school_canteen_coverage": Remedy("numerator", "接入", "学校食堂"),
    "inv_patents_per_10k": Remedy("numerator", "增加", "有效发明专利"),
    "high_value_patents_per_10k": Remedy("numerator", "增加", "高价值发明专利"),
    "trademarks_per_10k_entities": Remedy("numerator", "增加", "有效注册商标"),
    "publication_rate": Remedy("numerator", "公示", "检查结果"),
    "double_random_coverage": Remedy("numerator", "抽查", "本年未抽查的单位"),
    "settlement_rate": Remedy("pending", "和解", "尚未办结的投诉"),
    "food_pass_rate": PASSED,
    "drug_pass_rate": PASSED,
    "product_pass_rate": PASSED,
    "food_retest_failure_rate": PASSED,
    "drug_retest_failure_rate": PASSED,
    "product_retest_failure_rate": PASSED,
    "problem_found_rate": Remedy("later", "均未发现问题"),
    "over_ceiling_share": Remedy("later", "均未超过上限"),
    "on_time_closing_rate": Remedy("later", "全部按期"),
    "late_arrival_share": Remedy("later", "全部按时到场"),
}
