"""The conclusion of page one and the three sentences under it, chosen by rules; each is the first of its candidates that has room.

- conclusion: the gravest light or target by name and how many there are, with the first thing that goes well, else with how many targets
  are met, else alone; the same by number alone. Without any, that there is none, as far as lights and targets could be judged, and what
  goes well, else which changes are told apart from chance and are neither good nor bad (neutral, or over an unusual base), else that
  none is.
- 好在: the two first of strong spots among the metrics of page one, changes of these for the better, how many targets are met, and other
  strong spots.
- 差在: the two first matters (`matters`).
- 要办: what puts out or meets the two first matters, by the records.

What is not told apart from chance is in none of them; where nothing is, they say so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from city_briefs.analysis.assessments import signals
from city_briefs.analysis.assessments.signals import Signal
from city_briefs.analysis.assessments.strengths import Spot, spots
from city_briefs.analysis.assessments.targets import Standing
from city_briefs.analysis.assessments.yellow_lights import Light
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.page_one.matters import Matter
from city_briefs.analysis.page_one.rows import MET, Row
from city_briefs.model.metric import Metric

LONGEST = 26  # characters of the conclusion
LONGEST_LEAD = 34  # of a sentence under it, with its full stop
WELL, ILL, TODO = "好在", "差在", "要办"
NO_DATA = "本期所列指标均没有数据"
CALM = {  # whether any light could be judged, and any target
    (True, True): "没有亮灯的警示和未达标的目标", (True, False): "没有亮灯的警示", (False, True): "没有未达标的目标", (False, False): "",
}  # fmt: skip
NOT_JUDGED = "黄灯和目标本期不作判定"
DIRECTIONS, NO_TONE = {"up": "增幅", "down": "降幅"}, "超出随机波动，不作好差评价"
ALIKE, NOT_COMPARED = "各项变化均未超出随机波动", "与上年同期不作比较"
NOTHING_WORSE = "没有超出随机波动的变差"
NOTHING_WELL = "没有超出随机波动的向好变化"
NO_VERDICT = "超出随机波动的变化不作好差评价"  # of one over an unusual base
NOTHING_TODO = "没有须处置的事项。"
NO_DATA_TODO = "数据不足，暂不提出。"
NOT_COUNTED = "所需数量不能按记录推算，见下表。"


@dataclass(frozen=True)
class Good:
    """Something that goes well: what a sentence says of it, the longer first, and the figures of that."""

    said: tuple[str, ...]
    figures: tuple[Figure, ...]
    metric: Metric | None = None


@dataclass(frozen=True)
class Summary:
    """The conclusion and the three sentences, each with the word before it; `figures` are those that they state."""

    conclusion: str
    leads: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]


def summary(
    scope: Scope, rows: Sequence[Row], listed: Sequence[Matter], lights: Sequence[Light], standings: Sequence[Standing]
) -> Summary:
    """Return the sentences of a region."""
    well = good(scope, rows, listed, standings)
    calm = CALM[any(not light.refused for light in lights), any(standing.light for standing in standings)]
    is_compared = any(row.change.verdict != "untested" for row in rows)
    is_open = any(row.change.verdict in DIRECTIONS and not row.change.tone and row.metric.better != "neutral" for row in rows)
    no_worse = NO_VERDICT if is_open else NOTHING_WORSE if is_compared else NOT_COMPARED
    no_better = NO_VERDICT if is_open else NOTHING_WELL if is_compared else NOT_COMPARED
    nothing_todo = NOT_COUNTED if listed else NOTHING_TODO if calm else NO_DATA_TODO
    leads = (
        (WELL, _sentence([item.said for item in well], f"{no_better}。")),
        (ILL, _sentence([matter.said for matter in listed], f"{calm or NOT_JUDGED}，{no_worse}。")),
        (TODO, _sentence([(matter.todo,) for matter in listed if matter.todo], nothing_todo)),
    )
    figures = [figure for item in well for figure in item.figures] + [figure for matter in listed for figure in matter.figures]
    nothing = _of_no_tone(rows) or [ALIKE if is_compared else NOT_COMPARED]
    return Summary(_conclusion(rows, listed, well, calm, nothing), leads, tuple(dict.fromkeys(figures)))


def good(scope: Scope, rows: Sequence[Row], listed: Sequence[Matter], standings: Sequence[Standing]) -> list[Good]:
    """Return what goes well in its order, of metrics that are no matter."""
    shown, told = [row.metric for row in rows], {matter.metric for matter in listed}
    parts = scope.results.regions.parts
    strong = [_of_spot(spot, parts) for spot in spots(scope)[0] if spot.value.metric not in told]
    here = [item for item in strong if item.metric in shown]
    told |= {item.metric for item in here if item.metric}
    _, better = signals.changes(scope, [metric for metric in shown if metric not in told])
    met = [standing for standing in standings if standing.light == "达标"]
    reached = Good((f"{len(met)}项目标{MET}",), tuple(figure for standing in met for figure in (standing.own, standing.aim)))
    return [*here, *map(_of_change, better), *([reached] if met else []), *(item for item in strong if item not in here)]


def _of_spot(spot: Spot, parts: str) -> Good:
    label, value = spot.value.metric.label, spot.value.text
    return Good((f"{label}{value}，优于其他{parts}", f"{label}优于其他{parts}"), (spot.value,), spot.value.metric)


def _of_change(signal: Signal) -> Good:
    value, change = signal.figures
    label = signal.metric.label
    return Good((f"{label}{value.text}，同比{change.text}", f"{label}{change.text}"), signal.figures, signal.metric)


def _of_no_tone(rows: Sequence[Row]) -> list[str]:
    """Return what is said of changes that are told apart from chance and neither good nor bad, the longer first; empty of none."""
    apart = [row.change for row in rows if row.change.verdict in DIRECTIONS and not row.change.tone]
    named = [f"{change.metric.label}{DIRECTIONS[change.verdict]}{NO_TONE}" for change in apart if len(apart) == 1]
    return [*named, f"{len(apart)}项变化{NO_TONE}"] if apart else []


def fitting(candidates: Iterable[str], most: int) -> str:
    """Return the first of the candidates that has room; empty when none has."""
    return next((words for words in candidates if len(words) <= most), "")


def _sentence(items: Sequence[tuple[str, ...]], nothing: str) -> str:
    """Return the two first items as a sentence, else one, each as long as there is room; `nothing` when there is none that has."""
    if not items:
        return nothing
    pairs = (f"{first}；{second}。" for other in items[1:] for first in items[0] for second in other)
    return fitting((*pairs, *(f"{said}。" for item in items for said in item)), LONGEST_LEAD) or nothing


def _conclusion(rows: Sequence[Row], listed: Sequence[Matter], well: Sequence[Good], calm: str, nothing: Sequence[str]) -> str:
    if not rows and not listed:
        return NO_DATA
    named = [item.said[-1] for item in well if item.metric]
    counted = [item.said[-1] for item in well if not item.metric]
    if not listed:
        beside = named or counted or nothing
        return fitting([*("；".join(filter(None, [calm, said])) for said in beside), calm or nothing[-1]], LONGEST)
    return fitting(
        [words for head in _heads(listed) for words in (*(f"{head}；{said}" for said in named + counted), head)], LONGEST
    )


def _heads(listed: Sequence[Matter]) -> list[str]:
    """Return what the conclusion says of the matters: with the name of the gravest, and then only how many there are."""
    lit, behind = ([matter for matter in listed if getattr(matter, kind)] for kind in ("light", "standing"))
    if not lit and not behind:
        return [matter.said[-1] for matter in listed[:1]]
    words = list(dict.fromkeys(matter.word for matter in behind))
    late = f"{len(behind)}项目标{words[0] if len(words) == 1 else '未达标或滞后'}" if behind else ""
    if not lit:
        first = behind[0]
        return [f"{first.what}{first.word}" if len(behind) == 1 else f"{first.what}等{late}", late]
    named = f"{lit[0].what}{f'等{len(lit)}项' if len(lit) > 1 else ''}亮黄灯"
    return ["，".join(filter(None, [words, late])) for words in (named, f"{len(lit)}项亮黄灯")]
