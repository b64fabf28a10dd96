"""The calls of a chapter: `from city_briefs.notebook import *` gives every metric under its id and the calls below.

A call reads the parameters of the chapter (`city`, `province` or `county`, `year`, `through`, `span`) from the notebook, and the
snapshot that BRIEFS_DATA or `briefs.toml` names. It shows its blocks, so that a cell may make several, and gives back their figures
(`say(…).data`); only `per_day`, `share`, `projection`, `find` and `explain` give back something to show. A number that cannot be
given is no error: words stand in its place.
"""

from city_briefs.notebook import prompt  # isort: skip  # noqa: F401  # before whatever may be at fault

import os
import sys
from typing import Annotated

from city_briefs import metrics
from city_briefs.analysis import blocks
from city_briefs.analysis import explain as behind
from city_briefs.analysis.assessments.claims import GUARDS, Guard
from city_briefs.analysis.figures.disclosure_control import Audience
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common import paths, read_log
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import YTD, Period, Span
from city_briefs.metrics import *  # noqa: F403  # the metrics under their ids
from city_briefs.model.metric import Metric, breakdowns
from city_briefs.notebook import changes, charts, documents, looking, own_analysis
from city_briefs.notebook.arguments import FREE, NONE_FOR_ALL, Column, View, checked
from city_briefs.notebook.changes import *  # noqa: F403
from city_briefs.notebook.charts import *  # noqa: F403
from city_briefs.notebook.documents import *  # noqa: F403
from city_briefs.notebook.looking import *  # noqa: F403
from city_briefs.notebook.own_analysis import *  # noqa: F403
from city_briefs.notebook.parameters import check_period, read, scope

if "ipykernel" in sys.modules:  # it is a kernel that runs this
    from city_briefs.notebook import house_style, strict_streams  # noqa: F401  # strict_streams for what its import does

    house_style.dress()


def headlines(*shown: Metric | Figure) -> None:
    """Show cards with headline numbers.

    - `*shown`: A metric stands for its value, with growth in % (个百分点 of a percentage) and place among the cities; else a
      figure, as `per_day`, `share` and `projection` return it.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `headlines(new_entities, per_day(new_entities))`
    """
    here = scope()
    blocks.cards(here.results, [look(here, each, "value") if isinstance(each, Metric) else each for each in shown])


def say(*metrics: Metric) -> None:
    """Show a paragraph on metrics: value, growth, place and share, or who did not report.

    - `*metrics`: Metrics, a sentence each, in their own units.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `say(new_entities, entity_stock)`
    """
    blocks.prose(scope(), metrics)


def claim(guard: Guard, metric: Metric) -> None:
    """Show a claim on a metric, such as 首次突破, if it is earned; else the appendix says why it is not made.

    - `guard`: The rule that the claim must pass; docs/chapter-calls.md lists them.
    - `metric`: The metric that is claimed on.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `claim(milestone, entity_stock)`
    """
    here = scope()
    blocks.claim(here.results, guard(here, metric))


def trend(metric: Metric) -> None:
    """Show a chart of a metric over five years, in its unit, with its growth in % (个百分点 of a percentage).

    - `metric`: Any metric.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `trend(new_entities)`
    """
    blocks.trend(scope(), metric)


def ranking(metric: Metric, view: View = "value") -> None:
    """Show a chart of all cities in the order of a metric, with this one marked.

    - `metric`: Any metric.
    - `view`: "value", in the unit of the metric, or "yoy" for growth in %.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or there is no such view.
    - Example: `ranking(new_entities, view="yoy")`
    """
    blocks.ranking(scope(), metric, view)


def places(metric: Metric) -> None:
    """Show a table of all regions: value, growth in %, share of the province in %, and place with those that are possible.

    - `metric`: Any metric; only a rate has places.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `places(new_entities)`
    """
    blocks.places(scope(), metric)


def breakdown(metric: Metric, by: Annotated[str, Column(breakdowns)], *, audience: Audience = "public") -> None:
    """Show a table of a metric by the words of a column: value, growth and share in %.

    - `metric`: A metric that is counted from records.
    - `by`: A column that the metric may be broken down by, in quotes.
    - `audience`: "public" merges small numbers of requests; "internal" shows them, in a chapter of an internal pack.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or there is no such audience.
    - Example: `breakdown(cases_total, "field")`
    """
    blocks.breakdown(scope(), metric, by, audience)


def against(*metrics: Metric) -> None:
    """Show a table of metrics beside those of the province and what is cited of other areas.

    - `*metrics`: Metrics, in the order of the table.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `against(entity_density, inv_patents_per_10k)`
    """
    blocks.against(scope(), metrics)


def strengths(*metrics: Annotated[Metric, NONE_FOR_ALL]) -> None:
    """Show the strong and weak spots of the city: the rates in which it stands out from the other cities beyond chance.

    - `*metrics`: Rates to choose among; none for all. All rates of the catalogue are tested together, whatever is chosen.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `strengths()`
    """
    blocks.strengths(scope(), metrics)


def signals() -> None:
    """Show the table of what should be looked at first, and of what goes well: lights, missed targets, changes and spots.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `signals()`
    """
    blocks.signals(scope())


def tiles(metric: Metric, view: View = "value") -> None:
    """Show a tile map of the cities by a rate.

    - `metric`: A rate; an amount with `view="yoy"`.
    - `view`: "value", or "yoy" for the growth of an amount in % or the change of a percentage in 个百分点.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or there is no such view.
    - Example: `tiles(entity_density)`
    """
    blocks.tiles(scope(), metric, view)


def heat(*metrics: Metric) -> None:
    """Show a heat table: the place of every city on each rate, with those that are possible.

    - `*metrics`: Rates that are not neutral, a column each. One without places is named under the table, with the reason.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `heat(entity_density, product_pass_rate)`
    """
    blocks.heat(scope(), metrics)


def distribution(*metrics: Metric) -> None:
    """Show a chart of all cities on a scale of each metric's own, with this one marked.

    - `*metrics`: Metrics, a row each, in their own units.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `distribution(entity_density, product_pass_rate)`
    """
    blocks.distribution(scope(), metrics)


def compare(*metrics: Metric) -> None:
    """Show tables of metrics side by side for all cities: value, place, and whether a rate is above or below that of the others.

    - `*metrics`: Metrics in their own units; a rate has up to three columns, a number one.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `compare(new_entities, entity_stock)`
    """
    blocks.compare(scope(), metrics)


def leaders(*metrics: Metric) -> None:
    """Show a table of the cities that lead on each metric, where that may be said.

    - `*metrics`: Rates that are not neutral, a row each.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `leaders(food_pass_rate, product_pass_rate)`
    """
    blocks.leaders(scope(), metrics)


def matrix(by: Annotated[str, Column(breakdowns)], *metrics: Metric, audience: Audience = "public") -> None:
    """Show a table of metrics side by side for each word of a column.

    - `by`: A column that all of the metrics may be broken down by, in quotes.
    - `*metrics`: Metrics, a column each, in their own units.
    - `audience`: "public" merges small numbers of requests; "internal" shows them, in a chapter of an internal pack.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or there is no such audience.
    - Example: `matrix("domain", hazards_open, hazards_overdue)`
    """
    blocks.matrix(scope(), metrics, by, audience)


def remark(chapter: Annotated[str, FREE]) -> None:
    """Show the analyst's remark on this chapter, when `data/notes` has one; else nothing.

    - `chapter`: The name of the notebook, without its ending.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Raises DataError: the remark breaks a rule, such as a number that is typed, or it names a figure that is refused.
    - Example: `remark("safety")`
    """
    blocks.remark(scope(), chapter)


def per_day(metric: Metric) -> Figure:
    """Return 日均 of a metric, for `headlines`.

    - `metric`: A flow; of another form the figure is refused.
    - Returns: Its value by the calendar days since 1 January, in its unit per day.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `headlines(per_day(new_entities))`
    """
    return look(scope(), metric, "per_day")


def share(metric: Metric) -> Figure:
    """Return the share of the province, for `headlines`.

    - `metric`: An amount that adds up over regions; of another form the figure is refused.
    - Returns: Its share in %.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `headlines(share(new_entities))`
    """
    return look(scope(), metric, "share")


def projection(metric: Metric) -> Figure:
    """Return a percentage when all is closed, for `headlines`; it stands beside the value, and never in its place.

    - `metric`: A share of an outcome with a date of its own, such as the settlement rate; of another the figure is refused, and when
      nothing is open, or fewer than 30 cases were open on the same day a year before.
    - Returns: The projected percentage with its interval of 95 %.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `headlines(settlement_rate, projection(settlement_rate))`
    """
    return look(scope(), metric, "projection")


def explain(metric: Metric, city: Annotated[str, FREE], year: int, through: int = 12, span: Span = YTD) -> "behind.Explanation":
    """Return what is behind a number: definition, halves, query, records, coverage and sources, as a page to look at.

    It shows records, and so is refused in a chapter of a build.

    - `metric`: Any metric.
    - `city`: A city, a county or the province, by name, short name or code.
    - `year`, `through`: The period, from January to the month `through`, 1 to 12.
    - `span`: "month", "quarter" or "half" for the one that ends with that month.
    - Raises UsageError: there is no such metric, region or period, or a build runs this cell.
    - Example: `explain(new_entities, "兰州市", 2021)`
    """
    if os.environ.get(read_log.VARIABLE):  # the kernel of a build
        raise UsageError(
            chosen(
                "explain shows records, which do not go into a pack. Take it out of the chapter.",
                "explain显示逐条记录，不进入简报。请从本章去掉。",
            )
        )
    check_period({"year": year, "through": through, "span": span})
    results = read(paths.data())
    return behind.explanation(Scope.of(results, results.regions.find(city), Period(year, through, span)), metric)


globals().update(GUARDS)
CALLS = [
    *GUARDS,
    *changes.__all__,
    *charts.__all__,
    *documents.__all__,
    *looking.__all__,
    *own_analysis.__all__,
    "against",
    "breakdown",
    "strengths",
    "claim",
    "matrix",
    "compare",
    "distribution",
    "heat",
    "headlines",
    "leaders",
    "explain",
    "per_day",
    "places",
    "projection",
    "ranking",
    "remark",
    "say",
    "share",
    "signals",
    "tiles",
    "trend",
]
if hidden := sorted(metrics.CATALOGUE.keys() & set(CALLS)):
    raise UsageError(
        chosen(
            f"The metric {hidden[0]} has the name of a call of chapters. Give it another id in data/reference/reported.csv.",
            f"指标{hidden[0]}与章里的调用同名。请在data/reference/reported.csv里另起编号。",
        )
    )
globals().update({name: checked(globals()[name]) for name in CALLS})
__all__ = [*sorted(metrics.CATALOGUE), *CALLS]
