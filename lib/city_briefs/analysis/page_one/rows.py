"""The lines of page one: of each metric its value, change, months, regions, place, and its light or target."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from city_briefs.analysis.assessments.targets import Standing
from city_briefs.analysis.assessments.what_it_takes import of_target
from city_briefs.analysis.assessments.yellow_lights import Light
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.changes import NOT_APART, is_dated_later
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import compared, look
from city_briefs.analysis.page_one.months import is_small, single
from city_briefs.common.blocks import Mark
from city_briefs.model.metric import Metric

MONTHS = 24  # of the small line
FEWEST_REGIONS = 2  # that are worth a scale
BY_CHANCE = "≈"  # before a change that is not told apart from chance
LIT, MISSED, LATE, WATCHED, MET = "黄灯", "未达标", "滞后", "关注", "达标"
NEUTRAL, NOT_COMPARED, FEW_CASES, NO_REGIONS = "不分优劣", "本期不可比", "基数过小", "没有可比地区"
INSEPARABLE = "不可分"  # of places that chance alone may make


@dataclass(frozen=True)
class Marked:
    """A light or a target of a metric: what is drawn, the word beside it, and since when or by how much."""

    mark: Mark = ""
    word: str = ""
    text: str = ""


@dataclass(frozen=True)
class Row:
    """A metric that has a value.

    `months` are the figures of the small line, the last one of now: single months, or quarters where months have few cases; empty when
    there is no line. `regions` are those that are compared, of a number by its growth; empty when they are not drawn, and `instead`
    says why. `place` is that of now, `before` that of a year before, None where the two are not compared.
    """

    metric: Metric
    value: Figure
    change: Figure
    months: tuple[Figure, ...]
    regions: tuple[Figure, ...]
    instead: str
    place: Figure
    before: Figure | None
    marked: Marked

    @property
    def is_by_growth(self) -> bool:
        """Whether the regions are compared by their growth, since the size of a number is no merit."""
        return is_by_growth(self.metric)

    @property
    def own(self) -> Figure:
        """The figure by which the region itself stands among the regions."""
        return self.change if self.is_by_growth else self.value

    @property
    def digits(self) -> tuple[str, str]:
        """The digits of the value, and its unit."""
        return number_format.scaled(self.value.number, self.metric.unit, self.metric.decimals)

    @property
    def change_text(self) -> str:
        """The change as a cell: +3.5%, ≈+0.17; a dash where it may not be given."""
        if self.change.value is None:
            return number_format.NOTHING
        size = number_format.signed(self.change.printed, self.change.unit, self.change.decimals)
        by_chance = self.change.verdict == "same" and self.change.printed
        return f"{BY_CHANCE if by_chance else ''}{size}"

    @property
    def place_text(self) -> str:
        """The place with those that are possible: 10（4—14）; 不可分 where chance may make it; empty where there is none."""
        if self.place.value is None:
            return INSEPARABLE if NOT_APART in self.place.text or self.place.text.startswith("可能在") else ""
        return place_text(self.place)

    @property
    def move(self) -> str:
        """By how many places it went up or down since a year before: ↑3; empty unless all possible places are others."""
        if self.before is None or not (self.place.interval and self.before.interval):
            return ""
        now, before = self.place.interval, self.before.interval
        if now.low <= before.high and before.low <= now.high:
            return ""
        moved = int(self.before.number - self.place.number)
        return f"{'↑' if moved > 0 else '↓'}{abs(moved)}" if moved else ""

    @property
    def figures(self) -> list[Figure]:
        """All that the line states."""
        return [self.value, self.change, *self.months, *self.regions, self.place, *([self.before] if self.before else [])]


def is_by_growth(metric: Metric) -> bool:
    """Return whether regions are compared by the growth of a metric, and not by its size."""
    return metric.form not in ("ratio", "median", "maximum")


def place_text(rank: Figure) -> str:
    """Return a place with those that are possible, as a cell."""
    assert rank.interval is not None
    first, last = int(rank.interval.low), int(rank.interval.high)
    return f"{int(rank.number)}（{first}—{last}）" if first != last else f"{int(rank.number)}（{first}）"


def rows(scope: Scope, metrics: Iterable[Metric], lights: Sequence[Light], standings: Sequence[Standing]) -> list[Row]:
    """Return the lines of the metrics that have a value, in their order."""
    values = [look(scope, metric, "value") for metric in metrics]
    return [_row(scope, value, marked(scope, value.metric, lights, standings)) for value in values if value.value is not None]


def _row(scope: Scope, value: Figure, mark: Marked) -> Row:
    metric = value.metric
    change, place = look(scope, metric, compared(metric)), look(scope, metric, "rank")
    regions, instead = _regions(scope, metric)
    return Row(metric, value, change, single(scope, metric, MONTHS), regions, instead, place, _place_before(scope, change), mark)


def _regions(scope: Scope, metric: Metric) -> tuple[tuple[Figure, ...], str]:
    """Return the regions that are compared in a metric, and an empty text; or none, and the words that stand in their place."""
    if metric.better == "neutral":
        return (), NEUTRAL
    view = compared(metric) if is_by_growth(metric) else "value"
    own = look(scope, metric, view)
    if own.value is None or is_small([own]):
        return (), NOT_COMPARED if own.value is None else FEW_CASES
    looked = (look(scope.at(city), metric, view) for city in scope.peers)
    figures = tuple(figure for figure in looked if figure.value is not None and not is_small([figure]))
    return (figures, "") if len(figures) >= FEWEST_REGIONS else ((), NO_REGIONS)


def _place_before(scope: Scope, change: Figure) -> Figure | None:
    """Return the place a year before; None where the two years are not compared, or one of them is known for longer."""
    if change.value is None or is_dated_later(Question(scope, change.metric)):
        return None
    before = look(scope.year_before, change.metric, "rank")
    return before if before.value is not None else None


def marked(scope: Scope, metric: Metric, lights: Sequence[Light], standings: Sequence[Standing]) -> Marked:
    """Return the light or the target of a metric: one that is on, else one that is missed, else one to watch, else one that is met."""
    own = [light for light in lights if light.rule.metric == metric]
    aims = [standing for standing in standings if standing.metric == metric]
    for light in own:
        if light.on and light.since:
            return Marked("light", LIT, f"{light.since.through}月起")
    for standing in aims:
        if standing.light == "滞后":
            return Marked("missed", missed_word(standing), shortfall(scope, standing))
    for light in own:
        if light.is_watched:
            return Marked("watch", WATCHED, f"界限{light.rule.threshold(light.rule.on)}")
    for standing in aims:
        if standing.light == "达标":
            return Marked("met", MET, standing.aim_text)
    return Marked(text=f"目标{aims[0].aim_text}" if aims and aims[0].aim.value is not None else "")


def missed_word(standing: Standing) -> str:
    """Return what a target that is behind is called: missed once it is due, late before."""
    return MISSED if standing.is_over else LATE


def shortfall(scope: Scope, standing: Standing) -> str:
    """Return how far a target is: the cases that are left of a count, else the gap."""
    takes = of_target(scope, standing)
    return takes.removeprefix("还") if takes.startswith("还差") else standing.gap_text
