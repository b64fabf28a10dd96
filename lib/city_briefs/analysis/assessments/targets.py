"""Targets of a year: how much of each is reached, at what pace, and its light by one rule (RULE).

An additive metric has a share done since January. A level, such as a stock, has a way from the end of last year to the target, of which
a share is done. What share is due is its pace (`pace`). A percentage or a growth has only a gap, in 个百分点.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from city_briefs.analysis.assessments.pace import BY_DAYS, BY_SEASON, Pace, adds_up, pace
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Base, Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.values import pending_text
from city_briefs.analysis.figures.views import POINTS, look
from city_briefs.common import read_log
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric
from city_briefs.model.tables import TARGETS

Light = Literal["达标", "正常", "滞后"]
LIGHTS: tuple[Light, ...] = ("达标", "正常", "滞后")
ON_COURSE: tuple[Light, ...] = ("达标", "正常")
BEHIND = 5  # 个百分点 of the way; about 18 days of a year, by which returns of a month come late
SHORT = 1  # 个百分点 by which a rate or a growth may be short before its due date; it moves as much from month to month
RULE = (
    f"达到目标的为达标；未达到目标、完成进度低于应达进度超过{BEHIND}个百分点的为滞后，其余为正常",
    f"百分率和增幅比目标低{SHORT}个百分点以内的为正常，超过的为滞后；至完成时限仍未达到目标的，一律为滞后",
    "百分率的结果尚未全部出来、出来后可能改变是否达标的，暂不评价",
    f"应达进度{BY_SEASON}计算，即近三年同期累计数占全年比重的平均；不是累计数和历史不足三年等不能这样计算的，{BY_DAYS}计算",
    "期末时点数的完成进度，按上年底至目标值之间已完成的部分计算",
)


@dataclass(frozen=True)
class Standing:
    """A target with its progress and its light; `refused` is the reason when it has no light, else None.

    `aim` is the target, `own` the region's figure, `against` the comparison of both. `is_over` says that `due` has come. `done` is the
    share of the way to the target in %, and `pace` what is due of it; both are None when there is no way, or it is not known. `expected`
    is the value that the pace asks for, `monthly` what is left to do in each month; in the metric's unit, None when there is none.
    """

    metric: Metric
    base: Base
    at_most: bool
    due: date
    aim: Figure
    own: Figure
    against: Figure
    is_over: bool
    pace: Pace | None = None
    done: Decimal | None = None
    expected: Decimal | None = None
    monthly: Decimal | None = None
    light: Light | None = None
    refused: str | None = None

    @property
    def name(self) -> str:
        """The label of the metric, with 增幅 when the target is on its growth."""
        return self.metric.label + ("增幅" if self.base == "yoy" else "")

    @property
    def own_text(self) -> str:
        """The figure as it is printed beside its target, 91.996% beside 92%; of one that is refused, the reason."""
        if self.own.value is None or self.aim.value is None:
            return self.own.prose
        if self.base == "yoy":
            printed = number_format.beside_threshold(self.own.value, self.aim.value, self._decimals)
            return number_format.growth(printed, number_format.places(printed) or self._decimals)
        return number_format.amount_beside(self.own.value, self.aim.value, self.metric.unit, self._decimals)

    @property
    def gap_text(self) -> str:
        """How far the figure is from the target, from its own print: 低0.5个百分点, 高5起, 持平."""
        assert self.own.value is not None and self.aim.value is not None
        unit = "" if self.base == "yoy" else self.metric.unit
        return number_format.gap_to(self.own.value, self.aim.value, self._decimals, unit)

    @property
    def _decimals(self) -> int:
        """The decimals of the figure: of one that has only a gap, as many as show on which side of SHORT it is."""
        usual = number_format.PERCENT_DECIMALS if self.base == "yoy" else self.metric.decimals
        if self.against.unit != POINTS or self.own.value is None or self.aim.value is None:
            return usual
        return number_format.told_apart(self.own.value, self.aim.value + (SHORT if self.at_most else -SHORT), usual)

    @property
    def aim_text(self) -> str:
        """The target in words: 18万户以上, 增长8%以上, 6个月以下; a target of 100 % is 达到100%."""
        assert self.aim.value is not None
        if self.base == "yoy":
            text = f"{'增长' if self.aim.value >= 0 else '下降'}{number_format.digits(abs(self.aim.value))}%"
        else:
            text = number_format.round_number(self.aim.value, self.metric.unit)
        if self.metric.unit == "%" and self.aim.value == number_format.HUNDRED and not self.at_most:
            return f"达到{text}"
        return text + ("以下" if self.at_most else "以上")


def standings(scope: Scope) -> list[Standing]:
    """Return all targets of the region for the year with their lights, in the order of the catalogue; empty when none is set.

    They are judged by what was reached from January to the end of the period.
    """
    scope = scope.to_date
    read_log.note(("catalogue",), lambda: list(CATALOGUE))
    rows = [row for row in _rows(scope.results, scope.region, scope.period.year) if row["metric"] in CATALOGUE]
    order = list(CATALOGUE)
    return [_standing(scope, row) for row in sorted(rows, key=lambda row: order.index(row["metric"]))]


def uncatalogued(results: Results, region: Region, year: int) -> int:
    """Return how many targets of a region and year are set on metrics that are not in the catalogue."""
    return sum(row["metric"] not in CATALOGUE for row in _rows(results, region, year))


def of_cities(results: Results, period: Period) -> dict[tuple[str, Base], list[Standing]]:
    """Return the standings of all cities by metric id and base."""
    by_target: dict[tuple[str, Base], list[Standing]] = {}
    for city in results.regions.cities:
        for standing in standings(Scope.of(results, city, period)):
            by_target.setdefault((standing.metric.id, standing.base), []).append(standing)
    return by_target


def progress_decimals(listed: Iterable[Standing]) -> int:
    """Return at how many decimals the shares due and done are printed, so that whoever subtracts them finds the light."""
    given = [(standing, standing.pace.share, standing.done) for standing in listed if standing.pace and standing.light]
    pairs = [
        (done, due) if standing.at_most and adds_up(standing.metric) else (due, done)
        for standing, due, done in given
        if done is not None
    ]
    return number_format.decimals_that_agree(pairs, lambda gap: gap > BEHIND, number_format.PERCENT_DECIMALS)


def _rows(results: Results, region: Region, year: int) -> list[Mapping[str, Any]]:
    return [row for row in results.snapshot.listed(TARGETS, region.code) if row["year"] == year]


def _standing(scope: Scope, row: Mapping[str, Any]) -> Standing:
    metric, base = CATALOGUE[row["metric"]], row["view"]
    aim, own, against = (look(scope, metric, view, base=base if view != base else "") for view in ("target", base, "vs_target"))
    due = row.get("due_on") or date(scope.period.year, 12, 31)
    at_most, is_over = row["comparison"] == "at_most", scope.period.end >= due
    if own.value is None or aim.value is None:
        return Standing(metric, base, at_most, due, aim, own, against, is_over, refused=own.refused or aim.refused)
    start = _start(scope, metric, base)
    way = done = expected = monthly = None
    if start is not None and start != aim.value:
        way = pace(scope, metric, due)
        done = (own.value - start) / (aim.value - start) * number_format.HUNDRED
        expected = start + (aim.value - start) * way.share / number_format.HUNDRED
    left = (due.year - scope.period.year) * 12 + due.month - scope.period.through
    met = own.value <= aim.value if at_most else own.value >= aim.value
    if left > 0 and not met and base == "value" and metric.unit != "%" and not (at_most and adds_up(metric)):
        monthly = abs(aim.value - own.value) / left
    standing = Standing(metric, base, at_most, due, aim, own, against, is_over, way, done, expected, monthly)
    light, refused = _light(standing, met, start)
    return replace(standing, light=light, refused=refused)


def _start(scope: Scope, metric: Metric, base: Base) -> Decimal | None:
    """Return where the way to a target begins: at zero, or at the level at the end of last year; None when there is no way."""
    if base == "yoy" or metric.unit == "%":
        return None
    if adds_up(metric):
        return Decimal(0)
    return look(scope.over(Period(scope.period.year - 1)), metric, "value").value


def _still_open(standing: Standing, *, met: bool) -> str | None:
    """Return the reason when pending outcomes may still decide whether a percentage meets its target; None when they cannot.

    Each pending outcome can only add to the percentage.
    """
    pending = standing.own.pending
    if not pending or standing.base != "value" or standing.metric.unit != "%":
        return None
    most = standing.own.number + pending * number_format.HUNDRED
    met_at_most = most <= standing.aim.number if standing.at_most else most >= standing.aim.number
    return f"{pending_text(pending) or '少量尚未办结'}，能否达标未定，暂不评价" if met_at_most != met else None


def _light(standing: Standing, met: bool, start: Decimal | None) -> tuple[Light | None, str | None]:
    """Return the light by RULE and None, or None and the reason why there is no light."""
    assert standing.own.value is not None and standing.aim.value is not None
    due, done, over = standing.pace.share if standing.pace else number_format.HUNDRED, standing.done, standing.is_over
    if standing.metric.better == "neutral":
        return None, "该指标不分优劣，不作评价"
    if undecided := _still_open(standing, met=met):
        return None, undecided
    if standing.at_most and adds_up(standing.metric):  # what may not be exceeded is used up, and met only when the time is over
        if not met or (done is not None and done > due + BEHIND):
            return "滞后", None
        return ("达标" if over else "正常"), None
    if met or over:
        return ("达标" if met else "滞后"), None
    if standing.against.unit == POINTS:
        return ("正常" if abs(standing.own.value - standing.aim.value) <= SHORT else "滞后"), None
    if start is None:
        return None, "没有上年底数据，不评价进度"
    begun_beyond = start <= standing.aim.value if standing.at_most else start >= standing.aim.value
    if begun_beyond or done is None or done < due - BEHIND:
        return "滞后", None
    return "正常", None
