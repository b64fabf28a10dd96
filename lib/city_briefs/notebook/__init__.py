"""What a chapter uses: `from city_briefs.notebook import *` gives every metric under its id and the calls below.

They read the chapter's parameters (`city`, `province` or `county`, `year`, `through`) from the notebook and the snapshot that
BRIEFS_DATA or `briefs.toml` names. Each shows one block and returns nothing, so that a cell may make several. `explain` is for looking.
"""

import os
import sys
from functools import cache
from pathlib import Path

from city_briefs import metrics
from city_briefs.analysis import blocks, snapshot
from city_briefs.analysis.assessments.claims import GUARDS, Guard
from city_briefs.analysis.compute.cube_store import Cache
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.explain import Explanation, explanation
from city_briefs.analysis.figures.disclosure_control import Audience
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.views import look
from city_briefs.common import paths, read_log
from city_briefs.common.errors import UsageError, suggestion
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.metrics import *  # noqa: F403  # the metrics under their ids
from city_briefs.model.metric import Metric

PARAMETERS = ("city", "province", "county", "year", "through")


def headlines(*shown: Metric | Figure) -> None:
    """Cards with the headline numbers: a metric stands for its value with growth and place."""
    results, region, period = _brief()
    blocks.cards(results, [look(results, one, "value", region, period) if isinstance(one, Metric) else one for one in shown])


def say(*metrics: Metric) -> None:
    """A sentence on the metrics: value, growth, place and share, or what is missing."""
    results, region, period = _brief()
    blocks.prose(results, metrics, region, period)


def claim(guard: Guard, metric: Metric) -> None:
    """A claim on the metric, such as `claim(milestone, entity_stock)`, if it is earned; else the appendix says why it is not made."""
    results, region, period = _brief()
    blocks.claim(results, guard(results, metric, region, period))


def trend(metric: Metric) -> None:
    """A chart of five years with growth."""
    blocks.trend(_brief()[0], metric, *_brief()[1:])


def ranking(metric: Metric, view: str = "value") -> None:
    """A chart of all cities in order with this one marked; `view="yoy"` for their growth."""
    blocks.ranking(_brief()[0], metric, *_brief()[1:], view)


def places(metric: Metric) -> None:
    """A table of all regions: value, growth, share of the province and place."""
    blocks.places(_brief()[0], metric, *_brief()[1:])


def breakdown(metric: Metric, by: str, audience: Audience = "public") -> None:
    """A table of the metric by the words of a column, such as `breakdown(cases_total, "field")`.

    `audience="internal"` shows the small numbers of requests, in a chapter of an internal pack; see
    `city_briefs.analysis.figures.disclosure_control`.
    """
    results, region, period = _brief()
    blocks.breakdown(results, metric, by, region, period, audience)


def against(*metrics: Metric) -> None:
    """A table of the metrics beside the province's and what is cited of other areas."""
    results, region, period = _brief()
    blocks.against(results, metrics, region, period)


def strengths(*metrics: Metric) -> None:
    """Strong and weak spots of the city among these rates, chosen by the rule of `city_briefs.analysis.assessments.strengths`."""
    results, region, period = _brief()
    blocks.strengths(results, metrics, region, period)


def tiles(metric: Metric, view: str = "value") -> None:
    """A tile map of the cities by a rate; `view="yoy"` for the growth of an amount, or the change of a percentage."""
    results, region, period = _brief()
    blocks.tiles(results, metric, region, period, view)


def heat(*metrics: Metric) -> None:
    """A heat table of the place of every city on each of the metrics."""
    results, region, period = _brief()
    blocks.heat(results, metrics, region, period)


def distribution(*metrics: Metric) -> None:
    """A chart of all cities on a scale of each metric's own, with this one marked."""
    results, region, period = _brief()
    blocks.distribution(results, metrics, region, period)


def compare(*metrics: Metric) -> None:
    """Tables of the metrics side by side for all cities: value and place."""
    results, region, period = _brief()
    blocks.compare(results, metrics, region, period)


def leaders(*metrics: Metric) -> None:
    """A table of who leads in what, as far as it may be said."""
    results, region, period = _brief()
    blocks.leaders(results, metrics, region, period)


def matrix(by: str, *metrics: Metric, audience: Audience = "public") -> None:
    """A table of the metrics side by side for each word of a column, such as `matrix("domain", hazards_open, hazards_overdue)`."""
    results, region, period = _brief()
    blocks.matrix(results, metrics, by, region, period, audience)


def hazard_list() -> None:
    """The table of the open hazards that are major or overdue: risk, measure, responsibility."""
    blocks.hazard_list(*_brief())


def judgement() -> None:
    """The judgement of the four domains with its grounds, by the rule of `city_briefs.analysis.assessments.safety_situation`."""
    blocks.judgement(*_brief())


def judgement_rule() -> None:
    """The rule of the judgement in words."""
    blocks.judgement_rule(_brief()[0])


def lights() -> None:
    """The yellow lights that are on: since when, on what evidence, and the step due."""
    blocks.lights(*_brief())


def light_steps() -> None:
    """The steps due, each with the lights that lead to it."""
    blocks.steps(*_brief())


def unjudged_lights() -> None:
    """The rules of the yellow lights that could not be judged, and why."""
    blocks.unjudged(*_brief())


def light_rules() -> None:
    """The table of the rules of `data/reference/rules.toml`, with the reasons of the thresholds."""
    blocks.light_rules(_brief()[0])


def target_lights() -> None:
    """A sentence: how far the year has come, and how many targets are met, on course and behind."""
    blocks.target_lights(*_brief())


def targets() -> None:
    """A table of the region's own targets: as set, where each stands, what each month must bring, and the light."""
    blocks.targets(*_brief())


def target_bars() -> None:
    """A chart of the targets, with the mark of the calendar."""
    blocks.target_bars(*_brief())


def targets_by_city() -> None:
    """A table of how many cities are on course on each target; nobody is named."""
    blocks.targets_by_city(*_brief())


def targets_ahead() -> None:
    """A table of the targets of the next year."""
    blocks.targets_ahead(*_brief())


def report_figures() -> None:
    """Tables of the figures of the yearly work report, in the order of the speech."""
    blocks.report_figures(*_brief())


def report_claims() -> None:
    """A table of the claims of the speech: which may be said, and on what grounds."""
    blocks.report_claims(*_brief())


def report_praises() -> None:
    """A table of the sentences that praise cities, each with the leading cities."""
    blocks.report_praises(*_brief())


def metric_manual() -> None:
    """Tables of every metric by subject."""
    blocks.metric_manual(*_brief())


def remark(chapter: str) -> None:
    """The analyst's remark on this chapter, such as `remark("safety")`, when `data/notes` has one."""
    results, region, period = _brief()
    blocks.remark(results, chapter, region, period)


def per_day(metric: Metric) -> Figure:
    """日均, for `headlines`."""
    return look(_brief()[0], metric, "per_day", *_brief()[1:])


def share(metric: Metric) -> Figure:
    """The share of the province, for `headlines`."""
    return look(_brief()[0], metric, "share", *_brief()[1:])


def explain(metric: Metric, city: str, year: int, through: int = 12) -> Explanation:
    """What is behind a number, such as `explain(new_entities, "兰州市", 2021)`; to look at, and so refused in a chapter of a build."""
    if os.environ.get(read_log.VARIABLE):  # the kernel of a build
        raise UsageError("explain shows records, which do not go into a pack. Take it out of the chapter.")
    _check_whole({"year": year, "through": through})
    results = read(paths.data())
    return explanation(results, metric, results.regions.find(city), Period(year, through))


def _check_whole(names: dict[str, object]) -> None:
    for name in ("year", "through"):
        if type(names.get(name, 12)) is not int:
            raise UsageError(f"The parameter {name} is a whole number, not '{names[name]}'.")


def _brief() -> tuple[Results, Region, Period]:
    """The results, region and period that the notebook's parameters name; without a region, the province."""
    names = vars(sys.modules["__main__"])
    _check_whole(names)
    if "year" not in names:
        raise UsageError("This chapter has no parameter year. Run its cell of parameters first.")
    _check_names()
    results = read(paths.data())
    named = [str(names[level]) for level in ("county", "city", "province") if level in names]
    region = results.regions.find(named[0]) if named else results.regions.province
    among = results.within(region)
    return among, among.regions.by_code[region.code], Period(names["year"], names.get("through", 12))


@cache
def _check_names() -> None:
    """Refuse a parameter that no chapter takes; asked once, at the first call, before an analyst adds names of their own."""
    names = vars(sys.modules["__main__"])
    if "get_ipython" not in names:
        return
    for name, value in names.items():
        if name not in PARAMETERS and not name.startswith("_") and isinstance(value, str | int | float):
            raise UsageError(f"This chapter takes {', '.join(PARAMETERS)}, not '{name}'.{suggestion(name, PARAMETERS)}")


@cache
def read(data: Path) -> Results:
    """The results of a snapshot, for all chapters of this process."""
    return Results(snapshot.load(data), metrics.CATALOGUE.values(), Cache(paths.results()))


globals().update(GUARDS)
__all__ = [
    *sorted(metrics.CATALOGUE),
    *GUARDS,
    "against",
    "breakdown",
    "strengths",
    "claim",
    "hazard_list",
    "judgement",
    "judgement_rule",
    "light_rules",
    "light_steps",
    "lights",
    "matrix",
    "unjudged_lights",
    "compare",
    "distribution",
    "heat",
    "headlines",
    "leaders",
    "explain",
    "per_day",
    "places",
    "ranking",
    "remark",
    "say",
    "share",
    "tiles",
    "trend",
    "target_lights",
    "targets",
    "target_bars",
    "targets_by_city",
    "targets_ahead",
    "report_figures",
    "report_claims",
    "report_praises",
    "metric_manual",
]
