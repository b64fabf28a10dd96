"""Matters: what a leader has to attend to, in the order of one rule, each with its evidence, what it takes, and who until when.

| order | what | among themselves |
|---|---|---|
| 1 | lights that are on | those of the region before those of its parent; the gravest step first |
| 2 | targets that are behind | by the gap as a share of the target, the largest first |
| 3 | metrics of page one that got worse than a year before beyond chance | the furthest beyond it first |
| 4 | weak spots among all rates, beyond chance and the usual spread of regions | the furthest beyond it first |

A metric stands once, by the first rule that it comes under. At most SHOWN are set out; of the others lights and targets are counted.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.assessments import actions, signals
from city_briefs.analysis.assessments.actions import Action
from city_briefs.analysis.assessments.light_rules import STEPS
from city_briefs.analysis.assessments.targets import Standing
from city_briefs.analysis.assessments.what_it_takes import of_light, of_target
from city_briefs.analysis.assessments.yellow_lights import Light
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.page_one.rows import LIT, missed_word, shortfall
from city_briefs.common.blocks import Mark
from city_briefs.common.periods import day_text
from city_briefs.model.metric import Metric

SHOWN = 3
NAMED = 60  # characters of the names of the others; more are counted without names
WORSE, WEAK = "变差", "偏弱"


@dataclass(frozen=True)
class Matter:
    """A matter. `said` is what a sentence says of it, the longer first; `todo` what has to be done, empty where that is not known.

    `light` or `standing` is that behind it; both are None of a change and of a weak spot.
    """

    metric: Metric
    what: str
    mark: Mark
    word: str
    evidence: str
    needed: str
    who: str
    said: tuple[str, ...]
    todo: str
    figures: tuple[Figure, ...]
    light: Light | None = None
    standing: Standing | None = None


def matters(scope: Scope, metrics: Sequence[Metric], lights: Sequence[Light], standings: Sequence[Standing]) -> list[Matter]:
    """Return the matters of a region in their order; `metrics` are those of page one."""
    lit = sorted((light for light in lights if light.on), key=_gravity)
    behind = sorted((standing for standing in standings if standing.light == "滞后"), key=_gap, reverse=True)
    listed = [*(_of_light(scope, light) for light in lit), *(_of_target(scope, standing) for standing in behind)]
    listed += _others(scope, metrics, {matter.metric for matter in listed})
    return listed


def rest(listed: Sequence[Matter]) -> str:
    """Return how many lights and targets there are besides those that are shown, with their names where these are few; empty for none."""
    others = listed[SHOWN:]
    kinds = [(LIT, [matter for matter in others if matter.light])]
    words = list(dict.fromkeys(matter.word for matter in others if matter.standing))
    kinds += [(f"{word}目标", [matter for matter in others if matter.standing and matter.word == word]) for word in words]
    counted = [(f"{kind}{len(of_kind)}项", "、".join(matter.what for matter in of_kind)) for kind, of_kind in kinds if of_kind]
    if not counted:
        return ""
    named = "，".join(f"{count}（{names}）" for count, names in counted)
    return f"另有{named if len(named) <= NAMED else '、'.join(count for count, _ in counted)}"


def _gravity(light: Light) -> tuple[bool, int]:
    """Return by what lights are sorted: whether one is a matter of the parent, then the step, the gravest first."""
    return not light.is_exception, -list(STEPS).index(light.rule.step)


def _gap(standing: Standing) -> Decimal:
    """Return how far a target is, as a share of it."""
    gap = abs(standing.own.number - standing.aim.number)
    return gap / abs(standing.aim.number) if standing.aim.value else gap


def _of_light(scope: Scope, light: Light) -> Matter:
    rule, figure = light.rule, light.last.figure
    takes = of_light(scope, light)
    number = rule.text(figure)
    step = STEPS[rule.step] if light.is_exception or not light.spread else f"由{light.spread.level}统筹"
    who = _who(scope, rule.office, step, actions.of(scope, rule.id, rule.metric.id))
    since = f"；{light.since.through}月起亮灯" if light.since else ""
    evidence = f"{number}{_halves(figure)}，{_limit(light)}{since}{_common(light)}"
    return Matter(
        rule.metric, rule.label, "light", LIT, evidence, takes,
        who, (f"{rule.metric.label}{number}", rule.label), _todo(rule.metric.label, takes, _asked_step(rule.label, step)),
        (figure,), light,
    )  # fmt: skip


def _of_target(scope: Scope, standing: Standing) -> Matter:
    own, aim = standing.own, standing.aim
    takes, word, gap = of_target(scope, standing), missed_word(standing), shortfall(scope, standing)
    evidence = f"{standing.own_text}{_halves(own)}，目标{standing.aim_text}，{gap}"
    who = _who(scope, standing.metric.owner, "", actions.of(scope, standing.metric.id))
    return Matter(
        standing.metric, standing.name, "missed", word, evidence, _with_pace(standing, takes), who,
        (f"{standing.name}{standing.own_text}，目标{standing.aim_text}", f"{standing.name}比目标{gap}", f"{standing.name}{word}"),
        _todo(standing.name, takes, ""),
        (own, aim, standing.against), standing=standing,
    )  # fmt: skip


def _others(scope: Scope, metrics: Sequence[Metric], told: set[Metric]) -> Iterator[Matter]:
    """Yield what got worse and what is weak, of metrics that are not told of already."""
    worse, _ = signals.changes(scope, metrics)
    short = {WORSE: "比上年同期变差", WEAK: f"弱于其他{scope.results.regions.parts}"}
    for signal, word in [*((each, WORSE) for each in worse), *((each, WEAK) for each in signals.weak(scope))]:
        metric = signal.metric
        if metric not in told:
            told.add(metric)
            who = _who(scope, metric.owner, "", actions.of(scope, metric.id))
            evidence = signal.text.removeprefix(metric.label)
            said = (signal.text, f"{metric.label}{short[word]}")
            yield Matter(metric, metric.label, "", word, evidence, "", who, said, "", signal.figures)


def _halves(figure: Figure) -> str:
    """Return the two counts of a ratio in brackets, such as （555/52869）; empty for any other figure."""
    if figure.view != "value" or figure.metric.form != "ratio" or figure.numerator is None or figure.denominator is None:
        return ""
    if figure.numerator % 1 or figure.denominator % 1:
        return ""
    return f"（{number_format.digits(figure.numerator)}/{number_format.digits(figure.denominator)}）"


def _limit(light: Light) -> str:
    """Return the threshold of a light in words: that at which it goes on, or, when its figure is back over that, at which it goes off."""
    rule = light.rule
    if not rule.on:
        return "出现即亮灯"
    is_past = rule.passes(light.last.figure.number)
    return f"亮灯界限{rule.threshold(rule.on)}" if is_past else f"未回到灭灯界限{rule.threshold(rule.off)}"


def _common(light: Light) -> str:
    """Return in how many regions a light is on that is on in most; empty for any other."""
    return f"；{light.spread.matter.partition('，')[0]}" if light.spread and not light.is_exception else ""


def _with_pace(standing: Standing, takes: str) -> str:
    """Return what it takes, and what each month that is left has to bring."""
    if standing.monthly is None:
        return takes
    each = number_format.amount(standing.monthly, standing.metric.unit, standing.metric.decimals)
    return "，".join(filter(None, [takes, f"今后月均尚需{each}"]))


def _todo(name: str, takes: str, step: str) -> str:
    """Return what has to be done in few words: 再检验133台超期设备; what no work puts right has the step that is due, if any."""
    first = takes.partition("，")[0].partition("；")[0]
    if first.startswith("再"):
        return first
    return f"{name}{first}" if first.startswith(("还差", "按", "须", "已超出")) else step


def _asked_step(what: str, step: str) -> str:
    """Return the step that is due in a matter, in words: 就隐患逾期未销号比重偏高约谈警示, 隐患逾期未销号比重偏高由省级统筹."""
    return f"{what}{step}" if step.startswith("由") else f"就{what}{step}"


def _who(scope: Scope, office: str, step: str, asked: Iterable[Action]) -> str:
    """Return who has to act, how, and until when; of whom and until when as the office's file says of the newest action on it."""
    newest = next(iter(asked), None)
    words = [newest.of_whom or office if newest else office, step]
    if newest:
        words += [f"{day_text(newest.due_on)}前" if newest.due_on else "", newest.progress(scope.period.end)]
    return "，".join(filter(None, words))
