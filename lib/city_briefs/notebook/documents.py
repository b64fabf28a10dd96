"""Calls that show a part of a document each: page one, exceptions, safety, lights, targets, the work report, the manual of metrics."""

from city_briefs.analysis import blocks
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.model.metric import Metric
from city_briefs.notebook.parameters import scope

PROVINCE_ONLY = ("where_to_look", "standing_out")  # calls that name who lags, to the province alone


def only_of_province(name: str) -> str:
    """Return the sentence on a call of PROVINCE_ONLY in another chapter."""
    return chosen(
        f"{name} names the cities that lag, to the province alone. Use it in a chapter with the parameter province.",
        f"{name}会点名落后的地区，只给全省看。请放在参数为province的一章里。",
    )


def _of_province(name: str) -> Scope:
    """Return the scope of the chapter.

    Raises:
        UsageError: a parameter is missing or wrong, or the chapter is not of the province.
    """
    here = scope()
    if here.region != here.whole:
        raise UsageError(only_of_province(name))
    return here


def page_one() -> None:
    """Show page one: a conclusion, the metrics that `packs.toml` names, why and when, and what the leader has to attend to.

    `page_one` of `notebooks/packs.toml` names at most nine metrics; one without a value has no line. The rules of the sentences stand
    in docs/analyst.md.

    - Raises UsageError: a parameter of the chapter is missing or wrong, or `packs.toml` names what is no metric.
    - Raises DataError: the conclusion that the remark on the chapter gives breaks a rule.
    - Example: `page_one()`
    """
    blocks.page_one(scope())


def where_to_look() -> None:
    """Show where the province has to look: the lights, the targets behind, and the rates in which each city stands out.

    It names cities, and so stands only in a chapter of the province.

    - Raises UsageError: a parameter of the chapter is missing or wrong, or it is no chapter of the province.
    - Example: `where_to_look()`
    """
    blocks.where_to_look(_of_province("where_to_look"))


def standing_out(*metrics: Metric) -> None:
    """Show a table of the cities that stand out from the others on each rate beyond chance, the weak ones and the strong ones.

    It names cities, and so stands only in a chapter of the province.

    - `*metrics`: Rates that are not neutral, a row each.
    - Raises UsageError: a parameter of the chapter is missing or wrong, or it is no chapter of the province.
    - Example: `standing_out(food_pass_rate, product_pass_rate)`
    """
    blocks.standing_out(_of_province("standing_out"), metrics)


def hazard_list() -> None:
    """Show the table of the open hazards that are major or overdue: risk, measure, who answers, and days overdue.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `hazard_list()`
    """
    blocks.hazard_list(scope())


def judgement() -> None:
    """Show the judgement of the four domains of safety, with its grounds.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `judgement()`
    """
    blocks.judgement(scope())


def judgement_rule() -> None:
    """Show the rule of `judgement` in words.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `judgement_rule()`
    """
    blocks.judgement_rule(scope().results)


def lights() -> None:
    """Show the yellow lights that are on: since when, on what evidence, and the step due; those to watch, and an unusual last month.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `lights()`
    """
    blocks.lights(scope())


def lights_by_city() -> None:
    """Show a table of the yellow lights that are on in any city: in how many, and whose matter each is; nobody is named.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `lights_by_city()`
    """
    blocks.lights_by_city(scope())


def light_steps() -> None:
    """Show the steps due, each with the yellow lights that lead to it.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `light_steps()`
    """
    blocks.steps(scope())


def unjudged_lights() -> None:
    """Show the rules of the yellow lights that could not be judged, and why, and the metrics with too few months for a signal.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `unjudged_lights()`
    """
    blocks.unjudged(scope())


def light_rules() -> None:
    """Show the table of the rules in `data/reference/rules.toml`, with the reasons of their thresholds.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `light_rules()`
    """
    blocks.light_rules(scope().results)


def target_lights() -> None:
    """Show a sentence: how much of the year is over, and how many targets are met, on course and behind.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `target_lights()`
    """
    blocks.target_lights(scope())


def targets() -> None:
    """Show a table of the targets of the region: as set, where each stands, what each month must bring, and its light.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `targets()`
    """
    blocks.targets(scope())


def target_bars() -> None:
    """Show a chart of how far each target is reached, in %, with the mark of what is due.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `target_bars()`
    """
    blocks.target_bars(scope())


def targets_by_city() -> None:
    """Show a table of how many cities are on course on each target; nobody is named.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `targets_by_city()`
    """
    blocks.targets_by_city(scope())


def targets_ahead() -> None:
    """Show a table of the targets of the next year.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `targets_ahead()`
    """
    blocks.targets_ahead(scope())


def report_figures() -> None:
    """Show tables of the figures of the yearly work report, in the order of the speech.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `report_figures()`
    """
    blocks.report_figures(scope())


def report_claims() -> None:
    """Show a table of the claims of the speech: which may be said, and on what grounds.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `report_claims()`
    """
    blocks.report_claims(scope())


def report_praises() -> None:
    """Show a table of the sentences that praise cities, each with the cities that lead.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `report_praises()`
    """
    blocks.report_praises(scope())


def comparison_guide() -> None:
    """Show how comparisons are to be read: a table of sayings, what each means, and an example.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `comparison_guide()`
    """
    blocks.comparison_guide(scope())


def metric_manual() -> None:
    """Show tables of every metric, by subject.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `metric_manual()`
    """
    blocks.metric_manual(scope())


def overview(*metrics: Metric) -> None:
    """Show a table of metrics: value, the year before as then known, change with its verdict, share of the province or places.

    - `*metrics`: Metrics, a line each, in their own units. Those without a value are left out; a sentence says when none has one.
    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `overview(new_entities, entity_stock, entity_density)`
    """
    blocks.overview(scope(), metrics)


def exceptions() -> None:
    """Show what has to be done: lights that are on and targets that are behind, the gravest with drawings, the others in a table.

    Each has its evidence, what it takes, who sees to it until when, and what became of it where `data/actions.csv` says so.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `exceptions()`
    """
    blocks.exceptions(scope())


def all_metrics() -> None:
    """Show the table of all metrics that have a value, with the number of each in the manual; what has none is said under it.

    - Raises UsageError: a parameter of the chapter is missing or wrong.
    - Example: `all_metrics()`
    """
    blocks.all_metrics(scope())


__all__ = [
    "all_metrics",
    "comparison_guide",
    "exceptions",
    "hazard_list",
    "judgement",
    "judgement_rule",
    "light_rules",
    "light_steps",
    "lights",
    "lights_by_city",
    "metric_manual",
    "overview",
    "page_one",
    "report_claims",
    "report_figures",
    "report_praises",
    "standing_out",
    "target_bars",
    "target_lights",
    "targets",
    "targets_ahead",
    "targets_by_city",
    "unjudged_lights",
    "where_to_look",
]
