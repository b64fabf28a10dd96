"""Comparability: by which test a metric is compared with another period or region, and why it is not where there is none."""

from typing import Literal

from city_briefs.analysis.compute.results import Results
from city_briefs.common.periods import Period
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


def kind(results: Results, metric: Metric) -> Kind | None:
    """Return what a metric is for a test: a part of a whole, a count over an exposure, a count, or a median; None for no test.

    A distinct count is tested as a count. A rate that is returned has halves, which `comparisons` looks at.
    """
    if metric.form in ("flow", "distinct"):
        return None if metric.unit in MEASURED_UNITS else "count"
    if metric.form == "median":
        return "median" if results.provenance(metric) == "records" else None
    if metric.form != "ratio":
        return None
    if metric.is_pair and not all(map(_counts, (metric.pair.first, metric.pair.second))):
        return None
    return "proportion" if metric.unit == "%" else "rate"


def why_untested(results: Results, metric: Metric, period: Period) -> str:
    """Return why changes of a metric are not tested; empty when they are."""
    if metric.form == "flow" and results.provenance(metric) == "returns" and results.only_province(metric, period):
        return f"只有{results.regions.province.whole}报送数，不作检验"
    if kind(results, metric):
        return ""
    if metric.form == "ratio":
        return "金额类比率不作检验"
    if metric.form in UNTESTED:
        return UNTESTED[metric.form]
    return "金额和重量不作检验" if metric.unit in AMOUNT_UNITS else "时长不作检验"


def _counts(half: Metric) -> bool:
    """Return whether a half of a ratio counts something."""
    return half.form in COUNTED and half.unit not in MEASURED_UNITS
