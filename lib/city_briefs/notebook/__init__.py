"""The calls of a chapter: `from city_briefs.notebook import *` gives every metric under its id and the calls below.

A call reads the parameters of the chapter (`city`, `province` or `county`, `year`, `through`, `span`) from the notebook, and the
snapshot that BRIEFS_DATA or `briefs.toml` names. It shows its blocks, so that a cell may make several, and gives back their figures
(`say(…).data`); only `per_day`, `share`, `projection`, `find` and `explain` give back something to show. A number that cannot be
given is no error: words stand in its place.
"""

from city_briefs.notebook import prompt  # isort: skip  # noqa: F401  # before whatever may be at fault

import sys
from typing import Annotated

from city_briefs import metrics
from city_briefs.analysis import blocks
from city_briefs.analysis.assessments.claims import GUARDS, Guard
from city_briefs.analysis.figures.disclosure_control import Audience
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.views import look
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.metrics import *  # noqa: F403  # the metrics under their ids
from city_briefs.model.metric import Metric, breakdowns
from city_briefs.notebook import changes, charts, comparisons, documents, looking, own_analysis
from city_briefs.notebook.arguments import FREE, Column, checked
from city_briefs.notebook.changes import *  # noqa: F403
from city_briefs.notebook.charts import *  # noqa: F403
from city_briefs.notebook.comparisons import *  # noqa: F403
from city_briefs.notebook.documents import *  # noqa: F403
from city_briefs.notebook.looking import *  # noqa: F403
from city_briefs.notebook.own_analysis import *  # noqa: F403
from city_briefs.notebook.parameters import scope

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


def breakdown(metric: Metric, by: Annotated[str, Column(breakdowns)], *, audience: Audience = "public") -> None:
    """Show a table of a metric by the words of a column: value, growth and share in %.

    - `metric`: A metric that is counted from records.
    - `by`: A column that the metric may be broken down by, in quotes.
    - `audience`: "public" merges small numbers of requests; "internal" shows them, in a chapter of an internal pack.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or there is no such audience.
    - Example: `breakdown(cases_total, "field")`
    """
    blocks.breakdown(scope(), metric, by, audience)


def signals() -> None:
    """Show the table of what should be looked at first, and of what goes well: lights, missed targets, changes and spots.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `signals()`
    """
    blocks.signals(scope())


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


globals().update(GUARDS)
CALLS = [
    *GUARDS,
    *changes.__all__,
    *charts.__all__,
    *comparisons.__all__,
    *documents.__all__,
    *looking.__all__,
    *own_analysis.__all__,
    "breakdown",
    "claim",
    "matrix",
    "headlines",
    "per_day",
    "projection",
    "remark",
    "say",
    "share",
    "signals",
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
