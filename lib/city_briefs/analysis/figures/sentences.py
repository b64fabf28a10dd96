"""Sentences of a brief, composed from figures: every number is computed, and a missing one is named with its reason."""

from collections.abc import Sequence
from itertools import groupby

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import certainty, number_format, provisional
from city_briefs.analysis.figures.changes import NOT_APART
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.values import pending_text
from city_briefs.analysis.figures.views import compared, look
from city_briefs.common.characters import adjoined
from city_briefs.common.periods import Period
from city_briefs.model.metric import Metric


def statement(scope: Scope, metrics: Sequence[Metric]) -> tuple[str, list[Figure]]:
    """Return one sentence on one or more metrics of a region, and the figures that it states or refuses.

    A stock is dated by its last day. Neighbouring metrics that are zero and were zero a year before share a clause.
    """
    figures: list[Figure] = []
    clauses = []
    before = ""
    for (when, is_zero), group in groupby(metrics, lambda metric: (_when(metric, scope.period), _is_zero(scope, metric))):
        together = list(group)
        made = [_absence(scope, together)] if is_zero else [
            _clause(scope, metric) for metric in together
        ]  # fmt: skip
        for clause, stated in made:
            clauses.append(clause if when == before else f"{when}，{adjoined(scope.region.whole, clause)}")
            before = when
            figures += stated
    return f"{'；'.join(clauses)}。", figures


def unknown(results: Results, figure: Figure) -> str:
    """Return the words for a figure that is refused: the label of its metric, and the reason."""
    why = figure.refused if figure.refused and results.provenance(figure.metric) else figure.text
    return why if why.startswith(figure.metric.label) else figure.metric.label + why


def _when(metric: Metric, period: Period) -> str:
    return period.end_text if metric.at_month_end or metric.form == "cited" else period.text


def _is_zero(scope: Scope, metric: Metric) -> bool:
    """Return whether an amount is zero and was zero a year before; False of percentages and cited numbers."""
    values = (look(scope.over(period), metric, "value").value for period in (scope.period, scope.period.year_before))
    return metric.unit != "%" and metric.form != "cited" and all(value == 0 for value in values)


def _absence(scope: Scope, metrics: Sequence[Metric]) -> tuple[str, list[Figure]]:
    """Return the clause on metrics that are and were zero, without rank, share and growth, and its figures."""
    stated = [look(scope, metric, view) for metric in metrics for view in ("value", compared(metric))]
    labels = "、".join(metric.label for metric in metrics)
    return f"{labels}{'均' if len(metrics) > 1 else ''}为零，上年同期也为零", stated


def _clause(scope: Scope, metric: Metric) -> tuple[str, list[Figure]]:
    """Return the clause on one metric and its figures: value, rank and share, then the growth and how it compares with the province.

    Over a month, a quarter or a half-year 环比 comes last, where there is one: what compares with the province is 同比.
    """
    amount = look(scope, metric, "parameter" if metric.form == "cited" else "value")
    if metric.form == "cited" and amount.value is not None:
        return metric.label + amount.text, [amount]
    if amount.value is None:
        return unknown(scope.results, amount), [amount]
    phrases, stated = [metric.label + amount.text + _maturity(scope, amount)], [amount]
    province = scope.whole
    if scope.region != province:
        # A neutral metric has no rank. What is not additive has no share, and neither has zero.
        shared = metric.form in ("flow", "stock") and amount.value != 0
        views = (["rank"] if metric.better != "neutral" else []) + (["share"] if shared else [])
        for figure in (look(scope, metric, view) for view in views):
            words = (
                f"居{adjoined(province.whole, figure.text)}" if figure.view == "rank" else f"占{province.whole}的{figure.text}"
            )
            phrases += [words] if figure.value is not None else []
            stated.append(figure)
    view = compared(metric)
    change = look(scope, metric, view)
    stated.append(change)
    phrases.append(f"同比{change.text}" if change.value is not None else change.prose)
    of_province = look(scope.at(province), metric, "value" if metric.unit == "%" else view)
    if scope.region != province and of_province.value is not None and metric.better != "neutral":
        if metric.unit == "%":
            phrases.append(beside_rate(scope, amount, of_province))
            stated.append(of_province)
        elif change.value is not None:
            phrases.append(_beside_growth(scope, change, of_province))
            stated.append(of_province)
    if scope.period.previous and metric.form in ("flow", "stock"):
        from_previous = look(scope, metric, "previous")
        phrases += [f"环比{from_previous.text}"] if from_previous.value is not None else []
        stated.append(from_previous)
    return "，".join(phrases), stated


def _maturity(scope: Scope, amount: Figure) -> str:
    """Return in brackets that a figure is preliminary, and what share of its cases is pending; empty for any other."""
    pending = pending_text(amount.pending)
    return f"（{provisional.status(scope, amount)}，{pending}）" if pending else ""


def beside_rate(scope: Scope, own: Figure, whole: Figure) -> str:
    """Return how a percentage compares with that of the province; the number of the province alone where that is not tested."""
    outcome, name = certainty.beside_the_rest(Question(scope, own.metric)), scope.whole.whole
    if outcome is None:
        return f"{name}为{whole.text}"
    if not outcome.is_told_apart:
        return f"与{name}（{whole.text}）差异{NOT_APART}"
    return number_format.above(own.number, whole.number, own.metric.decimals, name)


def _beside_growth(scope: Scope, own: Figure, whole: Figure) -> str:
    """Return how a growth compares with that of the province; that of the province alone where that is not tested."""
    name = scope.whole.whole
    outcome = certainty.growth_beside_the_rest(Question(scope, own.metric))
    if outcome is None:
        return adjoined(name, whole.text)
    if not outcome.is_told_apart:
        return f"增速与{name}差异{NOT_APART}"
    return number_format.beside(own.number, whole.number, name)
