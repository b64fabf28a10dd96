"""Comparability: by which test a metric is compared, why it is not where there is none, and how mature its outcome is when counted."""

from typing import Literal

from city_briefs.analysis.compute.results import Results
from city_briefs.common.periods import Period
from city_briefs.metrics import safety
from city_briefs.model.metric import AMOUNT_UNITS, MEASURED_UNITS, Form, Metric

Kind = Literal["proportion", "rate", "count", "median"]
COUNTED: tuple[Form, ...] = (
    "flow",
    "stock",
    "distinct",
    "latest",
)  # forms whose numbers count something, unless their unit measures
NO_HALVES = "只报送百分率，没有分子分母，不作检验"
UNTESTED: dict[Form, str] = {
    "stock": "期末时点数不作检验",
    "difference": "差额不作检验",
    "latest": "人口数不作检验",
    "maximum": "最大值不作检验",
    "cited": "规定值不作检验",
    "median": "没有逐条记录，中位数不作检验",
}
TESTS: dict[Kind, str] = {"proportion": "两个比例", "rate": "两个率", "count": "两个计数", "median": "中位数区间"}
NOTHING_PENDING = "无待办结果"
NOT_ESTIMATED = "离散系数未估计，按1计"  # said where too few months are known to estimate φ
OUTCOME_DATES = ("closed_on",)  # columns that date an outcome; a metric that is counted by one is mature
BESIDE = {safety.on_time_closing_rate.id: safety.hazards_overdue}  # what of the open stands beside a rate among the closed


def kind(results: Results, metric: Metric) -> Kind | None:
    """Return what a metric is for a test: a part of a whole, a count over an exposure, a count, or a median; None for no test.

    A distinct count is tested as a count. A rate that is returned has halves, which `comparisons` looks at.
    """
    tested = kind_of(metric)
    return None if tested == "median" and results.provenance(metric) != "records" else tested


def kind_of(metric: Metric) -> Kind | None:
    """Return what a metric is for a test by its definition alone, of a median as one that is counted from records."""
    if metric.form in ("flow", "distinct"):
        return None if metric.unit in MEASURED_UNITS else "count"
    if metric.form == "median":
        return "median"
    if metric.form != "ratio":
        return None
    if metric.is_pair and not all(map(_counts, (metric.pair.first, metric.pair.second))):
        return None
    return "proportion" if metric.unit == "%" else "rate"


def why_untested(results: Results, metric: Metric, period: Period) -> str:
    """Return why changes of a metric are not tested; empty when they are."""
    if metric.form == "flow" and results.provenance(metric) == "returns" and results.reporters.only_province(metric, period):
        return f"只有{results.regions.province.whole}报送数，不作检验"
    return "" if kind(results, metric) else why_no_test(metric)


def why_no_test(metric: Metric) -> str:
    """Return why a metric without a test has none, by its definition; of a median why it has none without records."""
    if metric.form == "ratio":
        return "金额类比率不作检验"
    if metric.form in UNTESTED:
        return UNTESTED[metric.form]
    return "金额和重量不作检验" if metric.unit in AMOUNT_UNITS else "时长不作检验"


def how_tested(metric: Metric) -> str:
    """Return the test of a metric by its definition: 两个比例, 两个率, 两个计数 or 中位数区间; else why it has none."""
    tested = kind_of(metric)
    return TESTS[tested] if tested else why_no_test(metric)


def how_mature(metric: Metric) -> str:
    """Return how mature the outcome of a metric is, and so how two years of it are compared; of a pair that of its first half."""
    outcome = metric.pair.first if metric.is_pair else metric
    if outcome.decided:
        return f"结果另有日期（{_column(outcome, outcome.decided)}），两年按同一时滞比较"
    if outcome.flag:
        flag = _column(outcome, outcome.flag)
        return f"结果没有日期（{flag}），与上年首次签发数比较，没有首次签发数且待办结情况不同的不比较"
    if outcome.on in OUTCOME_DATES:
        beside = BESIDE.get(metric.id)
        added = f"；另看{beside.label}（{beside.id}）" if beside else ""
        return f"按结果日期（{_column(outcome, outcome.on)}）计入，计入时结果已定{added}"
    return NOTHING_PENDING


def _counts(half: Metric) -> bool:
    """Return whether a half of a ratio counts something."""
    return half.form in COUNTED and half.unit not in MEASURED_UNITS


def _column(metric: Metric, name: str) -> str:
    """Return what a column of a metric's tables means, with its name: 办结日期，closed_on."""
    meaning = next(column.meaning_zh for table in metric.tables for column in table.columns if column.name == name)
    return f"{meaning}，{name}"
