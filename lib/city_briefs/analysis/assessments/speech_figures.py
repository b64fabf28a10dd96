"""The figures of the yearly work report in the order of the speech: the metric and view behind each, and its text.

They are data (`data/reference/figures.csv`): a row has a metric, a view, a unit, decimals, a rounding, and a region.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, get_args

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Base, Figure, plain
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import VIEWS, ahead, look
from city_briefs.common import files, paths
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.regions import Region
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric

FIGURES = "figures.csv"
LEADING = "(leading)"  # the figure is of the city that leads on the metric
NOT_OF_A_CITY = "讲话中这一句只说全省"


@dataclass(frozen=True)
class Entry:
    """One figure of the speech. `region` is a code, LEADING, or empty for the region that the sheet is made for.

    `area` is empty but for a cited area. `scope` is province when only the province states the figure. `years_ahead` is 1 in the part
    on next year's plan.
    """

    figure: int
    section: str
    quote: str
    metric: Metric
    view: str
    area: str
    region: str
    unit: str
    decimals: int
    rounding: number_format.Rounding
    scope: str
    years_ahead: int


@dataclass(frozen=True)
class Line:
    """An entry with its answer: `value` is unrounded and in the entry's unit, `text` is rounded and has the unit.

    `region` is the one whose figure it is, such as the leading city in the sheet of the province. `value` is None exactly when `refused`
    is the reason. `given` is the figure that it rests on, None when none was computed.
    """

    entry: Entry
    region: Region
    value: Decimal | None
    text: str
    refused: str | None
    given: Figure | None = None

    def record(self) -> dict[str, Any]:
        """Return the line as a JSON object, the contract of `briefs figures --json`."""
        return {
            "figure": self.entry.figure,
            "metric": self.entry.metric.id,
            "view": self.entry.view,
            "region": self.region.code,
            "value": plain(self.value),
            "unit": self.entry.unit,
            "text": self.text,
            "refused": self.refused,
        }


def entries() -> list[Entry]:
    """Return all figures of the speech, in its order.

    Raises:
        DataError: a row names a view or a rounding that there is not.
        UsageError: a row names a metric that there is not.
    """
    with files.opened_text(paths.reference() / FIGURES) as file:
        return [_entry(row) for row in csv.DictReader(file)]


def sheet(scope: Scope) -> list[Line]:
    """Return every figure of the speech for a region and a period, or the reason why it may not be given."""
    return [_line(scope, entry) for entry in entries()]


def metrics() -> list[Metric]:
    """Return the metrics behind the figures, each once."""
    return list(dict.fromkeys(entry.metric for entry in entries()))


def _entry(row: dict[str, str]) -> Entry:
    where = chosen(f"{FIGURES}, figure {row['figure']}", f"{FIGURES}第{row['figure']}个数字")
    if row["view"] not in VIEWS:
        raise DataError(
            chosen(
                f"{where}: there is no view '{row['view']}'. The views are {', '.join(VIEWS)}.",
                f"{where}：没有“{row['view']}”这个视图。视图有{'、'.join(VIEWS)}。",
            )
        )
    if row["rounding"] not in get_args(number_format.Rounding):
        raise DataError(
            chosen(
                f"{where}: there is no rounding '{row['rounding']}'. A figure is rounded {' or '.join(number_format.MODES)}.",
                f"{where}：没有“{row['rounding']}”这种取舍方式。可用{'、'.join(number_format.MODES)}。",
            )
        )
    numbers = {name: int(row[name]) for name in ("figure", "decimals", "years_ahead")}
    return Entry(**{**row, **numbers, "metric": CATALOGUE.find(row["metric"])})  # type: ignore[arg-type]


def _line(scope: Scope, entry: Entry) -> Line:
    """Return the line of one entry."""
    of_province = scope.region.level == "province"
    named = scope.results.regions.by_code.get(entry.region) if entry.region not in ("", LEADING) else None
    if not of_province and (entry.scope == "province" or entry.region == LEADING):
        return _refused(entry, scope.region, NOT_OF_A_CITY)
    if entry.region not in ("", LEADING) and named is None:
        return _refused(entry, scope.region, f"没有地区{entry.region}")
    if named and not of_province and named != scope.region:
        return _refused(entry, named, f"该数字只属{named.name}")
    ahead = scope.over(replace(scope.period, year=scope.period.year + entry.years_ahead))
    asked = [named or scope.region] if entry.region != LEADING else scope.peers
    given = [_look(ahead.at(region), entry) for region in asked]
    figure = given[0] if entry.region != LEADING else _leading(scope.results, given)
    if figure.value is None:
        return Line(entry, figure.region, None, figure.prose, figure.refused, figure)
    value = figure.value / number_format.factor(entry.unit)
    rounding = entry.rounding
    if entry.view == "value" and entry.unit == "%" and rounding == "nearest":
        rounding = number_format.short_of_whole(value, entry.decimals)
    return Line(entry, figure.region, value, number_format.in_unit(value, entry.unit, entry.decimals, rounding), None, figure)


def _look(scope: Scope, entry: Entry) -> Figure:
    """Return the figure behind an entry; what is cited in % of a metric that is not in % is its growth."""
    base: Base = "yoy" if entry.unit == "%" != entry.metric.unit else "value"
    return look(scope, entry.metric, entry.view, area=entry.area, base=base)


def _leading(results: Results, figures: Sequence[Figure]) -> Figure:
    """Return the best figure, with the cities that have it in its note; without a leading city a figure of the province that is refused.

    The note says nothing of their place.
    It is refused of a neutral metric, and when a city has not reported. A city whose figure is refused for another reason, such as a
    rate over zero, does not lead and refuses nothing.
    """
    given = [figure for figure in figures if figure.value is not None]
    amounts = [results.amount(figure.metric, figure.region, figure.period) for figure in figures]
    unknown = [figure for figure, amount in zip(figures, amounts, strict=True) if amount.missing or amount.twice]
    metric = figures[0].metric
    text = reason = ""
    if metric.better == "neutral":
        text = reason = "该指标不分优劣，没有居首的地区"
    elif unknown:
        text, reason = "部分地区数据不全", f"部分地区数据不全，不能确定居首的地区（{_names(unknown)}）"
    elif not any(figure.value for figure in given):
        text = reason = "各地区均为零，没有居首的地区" if given else "各地区均没有可比数据，没有居首的地区"
    if reason:
        return replace(
            figures[0], region=results.regions.province, value=None, numerator=None, denominator=None, note="",
            text=text, instead=text, refused=reason,
        )  # fmt: skip
    best = given[0]
    for figure in given:
        if ahead(metric, figure.number, best.number):
            best = figure
    tied = [figure for figure in given if figure.value == best.value]
    most = "最低" if metric.better == "lower" else "最高"
    return replace(best, note=f"{_names(tied)}，各地区中{most}")


def _names(figures: Iterable[Figure]) -> str:
    return "、".join(figure.region.name for figure in figures)


def _refused(entry: Entry, region: Region, reason: str) -> Line:
    return Line(entry, region, None, reason, reason)
