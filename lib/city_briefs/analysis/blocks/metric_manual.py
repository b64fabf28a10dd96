"""The manual of metrics: every metric by subject, with all that defines it."""

from itertools import groupby

from city_briefs.analysis.blocks.publish import numbers, publish
from city_briefs.analysis.figures.comparability import how_mature, how_tested
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common import read_log
from city_briefs.common.blocks import TableBlock
from city_briefs.metrics import CATALOGUE
from city_briefs.model.labels import DIRECTIONS, FORMS
from city_briefs.model.metric import Metric, needed
from city_briefs.model.tables import RETURNS

NOTES = (
    "方向：正向为数值高者居前，反向为数值低者居前，中性为不分优劣、不排位次",
    "数据来源所列台账未提供时，以各地上报的汇总数为准；比率由分子、分母分别汇总后相除",
    "检验和成熟度：上行为与其他时期、地区比较所用的检验，下行为计入时结果是否已定；只由省局报送、只报送百分率的不作检验",
)


def metric_manual(scope: Scope) -> None:
    """Show tables of all metrics, one for each subject in the order of the yearly work report."""
    read_log.note(("manual",), lambda: CATALOGUE.content)
    for number, (name, group) in enumerate(groupby(CATALOGUE.values(), key=lambda metric: metric.subject)):
        metrics = list(group)
        block: TableBlock = {
            "kind": "table", "caption": f"{name}指标（{len(metrics)}项）", "unit": "", "dense": True,
            "header": ["指标及编码", "单位", "类型", "口径", "方向", "检验和成熟度", "责任处室", "数据来源"], "align": ["left"] * 8,
            "widths": [2.2, 0.65, 0.85, 2.5, 0.65, 1.9, 1.25, 1.15], "rows": [_row(metric) for metric in metrics],
            "defines": [metric.id for metric in metrics],
            "marked": [], "totals": [], "notes": list(NOTES) if not number else [], "sources": [],
            **numbers([], scope.results),
        }  # fmt: skip
        publish(block)


def entry_number(metric: Metric) -> int:
    """Return the number of a metric in the manual, from 1, by which other documents refer to its definition."""
    return list(CATALOGUE).index(metric.id) + 1


def _row(metric: Metric) -> list[str]:
    """Return a metric as a row of the manual."""
    definition = "".join(metric.definition.split("\n"))
    return [
        f"{metric.label}\n{entry_number(metric)}号 {metric.id}", metric.unit, FORMS[metric.form], definition, DIRECTIONS[metric.better],
        f"{how_tested(metric)}\n{how_mature(metric)}", metric.owner, "、".join(tables(metric)),
    ]  # fmt: skip


def tables(metric: Metric) -> list[str]:
    """Return the names of the tables that a metric is counted from; of a pair, those of both its halves."""
    parts = [part for part in needed([metric]) if not part.is_pair]
    names = [table.label for part in parts for table in part.tables]
    return list(dict.fromkeys(names)) or [RETURNS.label]
