"""Two regions or two periods side by side: metric by metric both values, and the difference where a comparison holds, else why not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from city_briefs.analysis.figures import between_regions, certainty, changes, number_format
from city_briefs.analysis.figures.figure import Answer, Figure, Question, Refusal, plain
from city_briefs.analysis.figures.previous import previous
from city_briefs.analysis.figures.refusal_rules import known_amount
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.periods import YTD
from city_briefs.model.metric import Metric

State = Literal["apart", "same", "untested", "not_compared"]
STATES: dict[State, str] = {
    "apart": "差异超出随机波动",
    "same": "差异未超出随机波动",
    "untested": "有增减，不作检验",
    "not_compared": "不作比较",
}
FEW = "数量过少，不作检验"
OF_SMALL = {"up": "两数差异超出随机波动", "down": "两数差异超出随机波动", "same": "两数差异未超出随机波动"}
OTHER_LENGTH = "两段累计数长短不同，不作比较"
NOT_ADJACENT = "不是相邻的期间，季节不同，不作比较"


@dataclass(frozen=True)
class Pair:
    """A metric on two sides: both values as they stand, and the difference of the second from the first.

    `base` is the first value as it was compared, which is another than the one that stands where both are taken as they were known at
    the same distance from their end. `said` is the difference in words with its verdict, or why there is none.
    """

    metric: Metric
    first: Figure
    second: Figure
    difference: Answer | None
    base: str
    state: State
    said: str

    @property
    def values(self) -> str:
        """Both values in words: 3453户 → 3126户; of one that is not there, the reason."""
        return f"{self.first.prose} → {self.second.prose}"

    @property
    def explained(self) -> str:
        """The difference with how its base was taken, or why there is none."""
        note = self.difference.note if self.difference else ""
        return "；".join(filter(None, (self.said, note, f"所比的前一数为{self.base}" if self.base else "")))

    def record(self) -> dict[str, Any]:
        """Return the pair as `briefs compare --json` prints it."""
        given = self.difference
        return {
            "metric": self.metric.id, "label": self.metric.label, "first": self.first.record(), "second": self.second.record(),
            "state": self.state, "difference": plain(given.value) if given else None,
            "unit": (given.unit or ("个百分点" if self.metric.unit == "%" else "%")) if given else None,
            "base": plain(given.denominator) if given else None,
            "verdict": given.verdict if given else None, "text": self.explained,
        }  # fmt: skip


def pairs(first: Scope, second: Scope, metrics: Iterable[Metric]) -> list[Pair]:
    """Return every metric of which a side has a value.

    The scopes are two regions over one period, or one region over two periods of which the first is the earlier.
    """
    made = (_pair(first, second, metric) for metric in metrics if metric.form != "cited")
    return [pair for pair in made if not (pair.first.value is None and pair.second.value is None)]


def _pair(first: Scope, second: Scope, metric: Metric) -> Pair:
    """Return a metric on both sides."""
    values = look(first, metric, "value"), look(second, metric, "value")
    try:
        given = _difference(first, second, metric)
    except Refusal as refusal:
        also = OF_SMALL.get(refusal.verdict, "")
        return Pair(metric, *values, None, "", "not_compared", f"{refusal}；{also}" if also else str(refusal))
    base = _base(values[0], given)
    if given.verdict == "untested":
        why = _why_untested(first, second, metric)
        return Pair(metric, *values, given, base, "untested", f"{given.text}（{why}）")
    if given.verdict == "same":
        reasons = (changes.NOT_APART, changes.WITHIN_REVISION)
        verdict = next((f"差异{reason}" for reason in reasons if reason in given.text), given.text)
        return Pair(metric, *values, given, base, "same", verdict)
    is_level = given.text == number_format.LEVEL or given.text.endswith("持平")
    return Pair(metric, *values, given, base, "same" if is_level else "apart", given.text)


def _difference(first: Scope, second: Scope, metric: Metric) -> Answer:
    """Return the difference of the second side from the first.

    Raises:
        Refusal: the two are not alike, or one of them is not known.
    """
    ask, base = Question(second, metric), Question(first, metric)
    if first.region.code != second.region.code:
        return between_regions.difference(ask, base)
    if first.period.of_year(second.period.year) == second.period:
        return changes.change_since(ask, first.period)
    known_amount(base, first.period.text, "，不作比较")
    if metric.at_month_end and not changes.is_dated_later(ask):
        return changes.change_since(ask, first.period)
    if second.period.span == YTD:
        raise Refusal(OTHER_LENGTH)
    if second.period.previous != first.period:
        raise Refusal(NOT_ADJACENT)
    return replace(previous(ask), numerator=None, denominator=None)  # which are without season, and no values that stand


def _base(stands: Figure, given: Answer) -> str:
    """Return the first value as it was compared; empty when that is the one that stands, or prints like it."""
    metric = stands.metric
    if given.denominator is None or given.denominator == stands.value or stands.value is None:
        return ""
    text = number_format.amount(given.denominator, metric.unit, metric.decimals)
    return "" if text == stands.text else text


def _why_untested(first: Scope, second: Scope, metric: Metric) -> str:
    """Return why a difference was not tested."""
    ask, base = Question(second, metric), Question(first, metric)
    return certainty.why_not(ask, second.amount(metric), first.amount(metric)) or certainty.why_not(base) or FEW


def counts(listed: Sequence[Pair]) -> dict[State, int]:
    """Return how many pairs there are of each state."""
    return {state: sum(pair.state == state for pair in listed) for state in STATES}


def lines(listed: Sequence[Pair]) -> Iterator[str]:
    """Yield the pairs for a person, those that differ beyond chance first; what is not compared by its reasons."""
    for state, name in STATES.items():
        of_state = [pair for pair in listed if pair.state == state]
        if state != "not_compared":
            yield from [f"\n{name}"] if of_state else []
            yield from (f"  {pair.metric.label}：{pair.values}；{pair.explained}" for pair in of_state)
            continue
        reasons: dict[str, list[Pair]] = {}
        for pair in of_state:
            reasons.setdefault(pair.said, []).append(pair)
        for reason, of_reason in reasons.items():
            if len(of_reason) > 1:
                yield f"\n{name}：{reason}"
                yield from (f"  {pair.metric.label}：{pair.values}" for pair in of_reason)
        if alone := [of_reason[0] for of_reason in reasons.values() if len(of_reason) == 1]:
            yield f"\n{name}：各有原因"
            yield from (f"  {pair.metric.label}：{pair.values}；{pair.said}" for pair in alone)
    yield f"\n{total(listed)}"


def total(listed: Sequence[Pair]) -> str:
    """Return how many pairs there are, by their state, as a sentence."""
    return f"共{len(listed)}项：" + "；".join(f"{STATES[state]}{count}项" for state, count in counts(listed).items()) + "。"
