"""Signals of a region: what a leader should look at first, and what goes well, in a fixed order; only what goes beyond chance.

The lights that are on come first, then the missed targets, what got worse, and the weak spots; after them what got better and the strong
spots. A list that has nothing is empty.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from city_briefs.analysis.assessments import actions
from city_briefs.analysis.assessments.strengths import WITHIN, Spot, is_compared, outlier_tests, reference, spots
from city_briefs.analysis.assessments.targets import Standing, standings
from city_briefs.analysis.assessments.what_it_takes import of_light, of_target
from city_briefs.analysis.assessments.yellow_lights import Light, lights
from city_briefs.analysis.figures import certainty, refusal_rules
from city_briefs.analysis.figures.changes import compared_amounts
from city_briefs.analysis.figures.figure import Figure, Question, plain
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import compared, look
from city_briefs.model.metric import Metric

SignalKind = Literal["light", "target", "worse", "below", "better", "above"]
KINDS: dict[SignalKind, str] = {
    "light": "黄灯警示", "target": "目标滞后", "worse": "同比变差", "below": "弱于其他地区", "better": "同比向好", "above": "优于其他地区",
}  # fmt: skip


@dataclass(frozen=True)
class Signal:
    """One signal; `value` and `reference` are in the unit of the metric, or of the view where a light or a target is set on a change.

    The reference is the threshold, the target, the value a year before, or that of the province. `z` is the distance in standard errors,
    None where there is no test; `q` is its p among all rates and cities that were tested together. Spots have neither, and a reference
    that is rounded as it is printed, until `with_tests` gives them. `figures` are what it states. `owner` is the office that sees to it,
    that of the metric when it is empty. Of lights and targets `takes` says what puts the light out or meets the target, and `asked` are
    the actions on record, the newest first.
    """

    kind: SignalKind
    metric: Metric
    text: str
    value: Decimal | None
    reference: Decimal | None
    figures: tuple[Figure, ...]
    z: float | None = None
    q: float | None = None
    owner: str = ""
    takes: str = ""
    asked: tuple[dict[str, Any], ...] = ()

    def record(self) -> dict[str, Any]:
        """Return the signal as a JSON object, the contract of `briefs signals --json`."""
        return {
            "kind": self.kind, "metric": self.metric.id, "text": self.text, "value": plain(self.value),
            "reference": plain(self.reference), "z": _rounded(self.z), "q": _rounded(self.q), "owner": self.owner or self.metric.owner,
            "takes": self.takes, "actions": list(self.asked),
        }  # fmt: skip


def signals(scope: Scope) -> list[Signal]:
    """Return the signals of a region in their order; empty when there is none.

    Lights that are on in most cities come after the others.
    Missed targets are sorted by their gap, changes and spots by how far they go beyond chance, the largest first.
    """
    strong, _ = spots(scope)
    worse, better = changes(scope)
    lit = [light for light in lights(scope) if light.on]
    behind = [standing for standing in standings(scope) if standing.light == "滞后"]
    return [
        *(_of_light(scope, light) for light in sorted(lit, key=lambda light: not light.is_exception)),
        *(_of_target(scope, standing) for standing in sorted(behind, key=_gap, reverse=True)),
        *worse,
        *weak(scope),
        *better,
        *(_of_spot("above", spot) for spot in strong),
    ]


def weak(scope: Scope) -> list[Signal]:
    """Return the signals of the weak spots of a region, those that stand out most first."""
    return [_of_spot("below", spot) for spot in spots(scope)[1]]


def with_tests(scope: Scope, listed: Iterable[Signal]) -> list[Signal]:
    """Return signals of a region, those of spots with their tests: for who takes them as JSON, while a brief says that they hold."""
    tests = outlier_tests(scope)
    return [
        replace(signal, reference=reference(scope, test)[0], z=test.z, q=test.q)
        if signal.kind in ("below", "above") and (test := tests.get(signal.metric))
        else signal
        for signal in listed
    ]


def without_signals(scope: Scope) -> str:
    """Return the sentence that stands where a region has no signals."""
    within = f"，{WITHIN.format(parts=scope.results.regions.parts)}" if is_compared(scope) else ""
    when = scope.period.text if scope.period.previous else scope.period.end_text
    return f"{when}，{scope.region.whole}没有亮灯的警示、滞后的目标和超出随机波动的变化{within}。"


def _of_light(scope: Scope, light: Light) -> Signal:
    """Return the signal of a light that is on; of one that is on in most cities it says that it is a matter of the province."""
    rule, figure = light.rule, light.last.figure
    text = f"{rule.label}：{rule.sentence.format(figure=rule.text(figure))}"
    if light.spread and not light.is_exception:
        text = f"{text}（{light.spread.text}）"
    return Signal(
        "light", rule.metric, text, figure.value, rule.on, (figure,), owner=rule.office, takes=of_light(scope, light),
        asked=_asked(scope, rule.id, rule.metric.id),
    )  # fmt: skip


def _of_target(scope: Scope, standing: Standing) -> Signal:
    """Return the signal of a target that is behind."""
    own, aim = standing.own, standing.aim
    text = f"{standing.name}{own.text}，目标为{standing.aim_text}，{standing.against.text}"
    return Signal(
        "target", standing.metric, text, own.value, aim.value, (own, aim, standing.against), takes=of_target(scope, standing),
        asked=_asked(scope, standing.metric.id),
    )  # fmt: skip


def _asked(scope: Scope, *about: str) -> tuple[dict[str, Any], ...]:
    """Return what was asked on rules or metrics, by their ids, as JSON objects."""
    return tuple(action.record(scope.period.end) for action in actions.of(scope, *about))


def _gap(standing: Standing) -> Decimal:
    """Return how far a target is behind: what is due of the way to it less what is done, in 个百分点; without a way, what it is short."""
    if standing.done is not None and standing.pace:
        return abs(standing.pace.share - standing.done)
    return abs(standing.own.number - standing.aim.number)


def changes(scope: Scope, metrics: Iterable[Metric] | None = None) -> tuple[list[Signal], list[Signal]]:
    """Return what got worse than a year before beyond chance, and what got better; the change furthest beyond it first.

    `metrics` chooses; None takes all of which the snapshot has anything.
    """
    figures = [look(scope, metric, compared(metric)) for metric in (_metrics(scope) if metrics is None else metrics)]
    changes = [(figure.tone, _of_change(scope, figure)) for figure in figures if figure.tone]
    ordered = sorted(changes, key=lambda each: -abs(each[1].z or 0.0))
    worse, better = ([signal for tone, signal in ordered if tone == wanted] for wanted in ("bad", "good"))
    return worse, better


def _of_change(scope: Scope, figure: Figure) -> Signal:
    """Return the signal of a change that is told apart from chance; a median has no z."""
    metric, before = figure.metric, scope.period.year_before
    ask = Question(scope, metric)
    now_amount, base_amount = compared_amounts(ask, before, "上年同期")
    outcome = certainty.comparison(ask, now_amount, base_amount, before)
    value = look(scope, metric, "value")
    base = refusal_rules.value(ask.over(before), base_amount)
    change = f"同比{figure.text}" if figure.value is not None else f"上年同期{base.text}"
    return Signal(
        "worse" if figure.tone == "bad" else "better", metric, f"{metric.label}{value.text}，{change}", value.value,
        base.value, (value, figure), outcome.z if outcome else None,
    )  # fmt: skip


def _of_spot(kind: SignalKind, spot: Spot) -> Signal:
    """Return the signal of a strong or a weak spot."""
    return Signal(kind, spot.value.metric, spot.text, spot.value.value, spot.reference, (spot.value,))


def _metrics(scope: Scope) -> Iterable[Metric]:
    """Return the metrics with a better direction of which the snapshot has anything."""
    return (
        metric for metric in scope.results.metrics.values() if metric.better != "neutral" and scope.results.provenance(metric)
    )


def _rounded(number: float | None) -> float | None:
    """Return a number with the digits that are the same on every machine; None for None."""
    return None if number is None else float(f"{number:.6g}")
