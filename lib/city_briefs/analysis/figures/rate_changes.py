"""The change of a rate in two terms: structure, since the parts have other shares, and level, since their own rates are others.

Kitagawa 1955 (`components.rate_changes`). Both terms add up to the change, and what the parts add to a term adds up to that, as printed
with two decimals too. No part has fewer than SMALL cases in either year: smaller ones are pooled as 其他, with the next larger ones
until that has SMALL in both years, since a part left out would leave a remainder, and a rate of fewer says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from city_briefs.analysis.compute.aggregate import ZERO, Amount
from city_briefs.analysis.figures import certainty, number_format
from city_briefs.analysis.figures.changes import compared_amounts
from city_briefs.analysis.figures.contributions import DECIMALS, NO_EFFECT, is_additive
from city_briefs.analysis.figures.disclosure_control import OTHER, merged_in_both_years
from city_briefs.analysis.figures.figure import Figure, Question, Refusal
from city_briefs.analysis.figures.parts import BASE, BY_REGION, Part, check, name_of, parts, pool
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import POINTS, compared, look
from city_briefs.analysis.statistics import SMALL, components
from city_briefs.common.characters import adjoined
from city_briefs.model.labels import FORMS
from city_briefs.model.metric import Metric, breakdowns, share_a_table

STRUCTURE, LEVEL = "structure", "level"  # the views
NOT_SPLIT = "不作结构和水平分解"
NOT_COUNTED = "比率没有分子分母可分，不作结构和水平分解"


@dataclass(frozen=True)
class PartOfRate:
    """A part of a rate: its share of all cases and its rate in both years, and what it adds to both terms as printed.

    `structure` and `level` are unrounded, `printed_structure` and `printed_level` have two decimals, all in the unit of the change.
    """

    part: Part
    share: Decimal
    base_share: Decimal
    rate: Decimal
    base_rate: Decimal
    structure: Decimal
    level: Decimal
    printed_structure: Decimal
    printed_level: Decimal


@dataclass(frozen=True)
class RateSplit:
    """The change of a rate in `unit` with its two terms, as printed; `now` and `base` are the two rates as printed.

    `figure` is its view; `parts` stand from the most cases to the fewest, what is pooled and not filled in last. `whole` is that of the
    province by the same dimension; None for the province itself, by regions, and where it may not be given.
    """

    figure: Figure
    by: str
    now: Decimal
    base: Decimal
    change: Decimal
    structure: Decimal
    level: Decimal
    unit: str
    parts: tuple[PartOfRate, ...]
    whole: "RateSplit | None" = None


def dimensions_of(metric: Metric) -> tuple[str, ...]:
    """Return the dimensions by which the change of a rate is split: the columns that both halves have, and the regions."""
    shared = breakdowns(metric) if metric.is_pair and share_a_table(metric.pair.first, metric.pair.second) else ()
    return (*shared, BY_REGION)


def split(scope: Scope, metric: Metric, by: str, audience: str = "public") -> RateSplit:
    """Return the change of a rate since the year before in its two terms, over the parts of the dimension `by`.

    Raises:
        UsageError: the metric has no such dimension in both halves, or there is no such audience.
        Refusal: it is no rate of two numbers that add up, its change may not be given or is not told apart from chance, or there are not
            two parts with SMALL cases in both years whose base is known as that of the rate is.
    """
    if metric.form != "ratio":
        raise Refusal(f"{FORMS[metric.form]}不是比率，{NOT_SPLIT}")
    check(metric, by, dimensions_of(metric))
    if not scope.results.is_pair(metric):
        raise Refusal(NOT_COUNTED)
    if not all(half.form == "latest" or is_additive(half) for half in (metric.pair.first, metric.pair.second)):
        raise Refusal(f"分子分母不能由各部分相加，{NOT_SPLIT}")
    figure = look(scope, metric, compared(metric))
    if figure.refused:
        raise Refusal(figure.refused, figure.text, figure.instead, figure.verdict)
    ask = Question(scope, metric)
    if figure.verdict not in ("up", "down"):
        reason = certainty.why_not(ask, *compared_amounts(ask, scope.period.year_before, BASE)) or "数量过少，不作检验"
        raise Refusal(f"{f'同比{figure.text}' if figure.verdict == 'same' else reason}，{NOT_SPLIT}")
    pooled = merged_in_both_years(scope, metric, by, audience) if by != BY_REGION else frozenset()
    members = with_enough_cases(parts(ask, by, pooled))
    if len(members) < 2:
        raise Refusal(f"按{name_of(by)}分，两年均不少于{SMALL}的不足两项，{NOT_SPLIT}")
    return replace(_split(figure, by, members), whole=_of_whole(scope, metric, by, audience))


def _of_whole(scope: Scope, metric: Metric, by: str, audience: str) -> RateSplit | None:
    """Return the split of the province; None for the province itself, by regions, and where it may not be given."""
    if scope.region == scope.whole or by == BY_REGION:
        return None
    try:
        return split(scope.at(scope.whole), metric, by, audience)
    except Refusal:
        return None


def with_enough_cases(members: Sequence[Part]) -> list[Part]:
    """Return parts with SMALL cases and more in both years; the others are pooled, with the smallest of the rest until they have as many.

    A part of which there are no cases at all is left out.
    """
    counted = [part for part in members if any(_cases(part))]
    few = [part for part in counted if part.name == OTHER or min(_cases(part)) < SMALL]
    large = sorted((part for part in counted if part not in few), key=lambda part: (min(_cases(part)), part.word))
    while few and large and min(_cases(pool(few))) < SMALL:
        few.append(large.pop(0))
    return [*large, pool(few)] if few else large


def figures(scope: Scope, metric: Metric, by: str, view: str) -> list[Figure]:
    """Return what each part adds to a term, STRUCTURE or LEVEL, as a figure; its halves are the shares, or the rates, of both years.

    Raises:
        UsageError, Refusal: as `split`.
    """
    of = split(scope, metric, by)
    return [
        replace(
            of.figure, view=view, unit=of.unit, value=part.structure if view == STRUCTURE else part.level,
            numerator=None, denominator=None, note="", part=(by, part.part.word), interval=None, verdict="untested", unusual_base=False,
            text=effect(part.printed_structure if view == STRUCTURE else part.printed_level, of.unit),
        )
        for part in of.parts
    ]  # fmt: skip


def effect(size: Decimal, unit: str) -> str:
    """Return a term of a change in words: 拉低1.55个百分点, 拉高0.75个百分点."""
    return f"{'拉高' if size > 0 else '拉低'}{abs(size):f}{unit}" if size else NO_EFFECT


def sentence(of: RateSplit) -> str:
    """Return the change of a rate in words with its two terms, and that of the province where it may be given."""
    figure = of.figure
    when = figure.period.end_text if figure.metric.at_month_end else figure.period.text
    ours = f"{when}，{adjoined(figure.region.whole, figure.metric.label)}同比{_terms(of)}"
    return f"{ours}；{of.whole.figure.region.whole}同比{_terms(of.whole)}。" if of.whole else f"{ours}。"


def _terms(of: RateSplit) -> str:
    """Return a change in words with its two terms."""
    dimension = name_of(of.by)
    return (
        f"{change_text(of)}，其中{dimension}结构变化{effect(of.structure, of.unit)}，"
        f"各{dimension}比率本身{effect(of.level, of.unit)}"
    )


def change_text(of: RateSplit) -> str:
    """Return the change in words: 下降0.80个百分点."""
    return f"{'提高' if of.change > 0 else '下降'}{abs(of.change):f}{of.unit}" if of.change else number_format.LEVEL


def _cases(part: Part) -> tuple[Decimal, Decimal]:
    """Return how many cases a part has in this period and in the base."""
    return part.now.denominator or ZERO, part.base.denominator or ZERO


def _split(figure: Figure, by: str, members: Sequence[Part]) -> RateSplit:
    """Return the split of a change over parts that have cases in both years; the largest first, what is pooled last."""
    metric, whole = figure.metric, pool(members)
    ordered = sorted(members, key=lambda part: (part.is_last, part.word == OTHER, -_cases(part)[0], part.word))
    columns = zip(*((*_halves(part.now), *_halves(part.base)) for part in ordered), strict=True)
    terms = components.rate_changes(*([float(half) for half in column] for column in columns))
    structures = [Decimal(str(term.structure)) * metric.per for term in terms]
    levels = [Decimal(str(term.level)) * metric.per for term in terms]
    now, base = (printed(_rate(amount, metric), metric) for amount in (whole.now, whole.base))
    structure, level = components.largest_remainder([sum(structures, ZERO), sum(levels, ZERO)], now - base)
    rows = zip(
        ordered, structures, levels,
        components.largest_remainder(structures, structure), components.largest_remainder(levels, level), strict=True,
    )  # fmt: skip
    return RateSplit(
        figure, by, now, base, now - base, structure, level, POINTS if metric.unit == "%" else metric.unit,
        tuple(
            PartOfRate(
                part, _share(part, whole, 0), _share(part, whole, 1), _rate(part.now, metric), _rate(part.base, metric),
                of_structure, of_level, printed_structure, printed_level,
            )
            for part, of_structure, of_level, printed_structure, printed_level in rows
        ),
    )  # fmt: skip


def _share(part: Part, whole: Part, year: int) -> Decimal:
    """Return the share of a part of all cases in %, of this period (0) or of the base (1)."""
    return _cases(part)[year] / _cases(whole)[year] * number_format.HUNDRED


def _halves(amount: Amount) -> tuple[Decimal, Decimal]:
    """Return the halves of a rate."""
    return amount.numerator, amount.denominator or ZERO


def _rate(amount: Amount, metric: Metric) -> Decimal:
    """Return a rate of its halves, in its unit."""
    part, cases = _halves(amount)
    return part / cases * metric.per


def printed(rate: Decimal, metric: Metric) -> Decimal:
    """Return a rate with two decimals as it is printed; a part in % that is short of 100 is not 100."""
    return number_format.rounded(
        rate, DECIMALS, number_format.short_of_whole(rate, DECIMALS) if metric.unit == "%" else "nearest"
    )
