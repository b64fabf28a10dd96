"""Measures: of each light that is on and each target that is behind, what it takes, whose it is, until when, and what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from city_briefs.analysis.assessments.actions import Action
from city_briefs.analysis.blocks.publish import numbers, publish, sources
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.blocks import TableBlock
from city_briefs.common.periods import day_text
from city_briefs.model.metric import Metric

KEPT = "时限和进展据交办登记，没有登记的为空白"
HYPOTHETICAL = "所需数量按本期记录计算，其他数不变"


@dataclass(frozen=True)
class Measure:
    """A light or a target with what it takes and what was asked; `office` answers for it, `actions` are the newest first."""

    name: str
    metric: Metric
    takes: str
    office: str
    actions: tuple[Action, ...]
    figures: tuple[Figure, ...]


def measures(scope: Scope, listed: Sequence[Measure], caption: str, kind: Literal["警示事项", "目标任务"], how: str) -> None:
    """Show the table of measures; `how` heads the column of what it takes. No block when there are none."""
    if not listed:
        return
    end = scope.period.end
    rows = [
        [measure.name, measure.takes, _offices(measure), _lines(filter(None, map(_due, measure.actions))),
         _lines(f"{day_text(action.asked_on)}{action.asked}{_after(action.progress(end))}" for action in measure.actions)]
        for measure in listed
    ]  # fmt: skip
    metrics = list(dict.fromkeys(measure.metric for measure in listed))
    block: TableBlock = {
        "kind": "table", "caption": caption, "unit": "", "dense": True, "ruled": True, "in_workbook": True,
        "header": [kind, how, "责任处室", "时限", "进展"], "align": ["left"] * 5, "widths": [1.5, 2.8, 1.3, 1, 2.4], "rows": rows,
        "marked": [], "totals": [], "notes": [HYPOTHETICAL, KEPT], "sources": sources(metrics, scope.results),
        **numbers([figure for measure in listed for figure in measure.figures], scope.results, metrics),
    }  # fmt: skip
    publish(block)


def _offices(measure: Measure) -> str:
    """Return of whom it was asked, and the office that answers for it where that is not said."""
    return _lines(dict.fromkeys(action.of_whom or measure.office for action in measure.actions)) or measure.office


def _due(action: Action) -> str:
    """Return until when it was asked; blank when that was not said."""
    return day_text(action.due_on) if action.due_on else ""


def _after(progress: str) -> str:
    return f"：{progress}" if progress else ""


def _lines(words: Iterable[str]) -> str:
    return "；".join(words)
