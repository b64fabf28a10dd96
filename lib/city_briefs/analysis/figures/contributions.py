"""Contributions to growth (拉动): what each part adds to the growth of the whole, in 个百分点, and to its distance from the province's.

A part adds (its value − its value a year before) ÷ the whole a year before; so the parts add up to the growth. Printed to two decimals, the
growth too, they still do (`components.largest_remainder`). A part without a base has a line of its own, and so has what is pooled as 其他.
Only what is additive has them: flows, stocks, and the difference of such.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from city_briefs.analysis.compute.aggregate import ZERO, Amount
from city_briefs.analysis.figures import certainty, number_format
from city_briefs.analysis.figures.changes import NOT_APART
from city_briefs.analysis.figures.disclosure_control import OTHER, merged_in_both_years
from city_briefs.analysis.figures.figure import Figure, Question, Refusal
from city_briefs.analysis.figures.parts import BY_REGION, Part, check, dimensions, only, parts
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import POINTS, look
from city_briefs.analysis.statistics import components
from city_briefs.common.characters import adjoined
from city_briefs.model.labels import FORMS
from city_briefs.model.metric import Metric

CONTRIBUTION = "contribution"  # the view
DECIMALS = 2
ADDITIVE = ("flow", "stock")
MOST_PARTS = 20  # lines of a table besides 其他, in which what changed least is pooled
MOST_SAID = 3  # terms of a sentence
SMALLEST_SAID = Decimal("0.1")  # the share of all changes, up and down, from which on a term is said
NO_EFFECT = "基本没有影响"
BY_CHANCE = "各项拉动只作参考"


@dataclass(frozen=True)
class Contribution:
    """What a part adds to a growth: unrounded in `figure`, and `printed` in 个百分点. `of_whole` is what it adds to the province's.

    `of_whole` is None where the province's growth is not compared.
    """

    part: Part
    figure: Figure
    printed: Decimal
    of_whole: Decimal | None = None

    @property
    def beyond(self) -> Decimal:
        """By how much it adds more than in the province, as printed; 0 where the two are not compared."""
        return ZERO if self.of_whole is None else self.printed - self.of_whole


@dataclass(frozen=True)
class Growth:
    """A growth in % with the parts that add up to it, from the greatest to the least; what is pooled and not filled in last.

    `growth` is its figure, `printed` the growth with two decimals, `whole` that of the province on the same parts, None where the two are
    not compared. `is_crowded` says that parts are pooled since a table would have too many lines.
    """

    growth: Figure
    by: str
    printed: Decimal
    terms: tuple[Contribution, ...]
    whole: "Growth | None" = None
    is_crowded: bool = False

    @property
    def beyond(self) -> Decimal:
        """By how many 个百分点 the growth is more than that of the province, as printed; 0 where the two are not compared."""
        return ZERO if self.whole is None else self.printed - self.whole.printed


def contributions(scope: Scope, metric: Metric, by: str, audience: str = "public") -> Growth:
    """Return the growth of a metric with what each part of the dimension `by` adds to it, beside the province where it has the same parts.

    Small numbers of requests are pooled in both years, unless the audience is internal.

    Raises:
        UsageError: the metric has no such dimension, or there is no such audience.
        Refusal: the metric is not additive, its growth may not be given, or there are not two parts whose base is known as that of the
            growth is.
    """
    check(metric, by, dimensions(metric))
    if not is_additive(metric):
        raise Refusal(_why_not_additive(metric))
    pooled = merged_in_both_years(scope, metric, by, audience) if by != BY_REGION else frozenset()
    growth, whole = _pair(scope, metric, by, pooled)
    if few := _crowding(growth, whole):
        growth, whole = _pair(scope, metric, by, pooled | few)
    return replace(growth if whole is None else _beside(growth, whole), is_crowded=bool(few))


def is_additive(metric: Metric) -> bool:
    """Return whether the parts of a metric add up to it: flows, stocks, and the difference of two of them."""
    if metric.form == "difference":
        return is_additive(metric.pair.first) and is_additive(metric.pair.second)
    return metric.form in ADDITIVE


def figures(scope: Scope, metric: Metric, by: str) -> list[Figure]:
    """Return the contribution of each part as a figure.

    Raises:
        UsageError, Refusal: as `contributions`.
    """
    return [term.figure for term in contributions(scope, metric, by).terms]


def pull(points: Decimal) -> str:
    """Return a contribution in words: 拉动3.00个百分点, 拉低1.00个百分点."""
    return f"{'拉动' if points > 0 else '拉低'}{abs(points):.2f}{POINTS}" if points else NO_EFFECT


def sentence(growth: Growth, scope: Scope, *, with_parts: bool = True) -> str:
    """Return the growth and its greatest contributions in words, then how far it is from the province's and which parts make that.

    Without parts it is for a place beside a drawing of them.

    A growth that is not told apart from chance has its own words and no contributions, and so has a distance. Of a distance that is not
    tested the growth of the province alone is said.
    """
    figure = growth.growth
    metric, period = figure.metric, figure.period
    when = period.end_text if metric.at_month_end else period.text
    whose = f"{when}，{adjoined(figure.region.whole, metric.label)}"
    if figure.verdict == "same":
        return f"{whose}同比{figure.text}，{BY_CHANCE}。"
    words = [f"{whose}同比{number_format.growth(growth.printed, DECIMALS)}"]
    terms = _said((term.part, term.printed) for term in growth.terms) if with_parts else []
    if terms:
        words.append(f"其中{'，'.join(f'{part.name}{pull(points)}' for part, points in terms)}")
    return f"{'，'.join(words)}{_beside_words(growth, scope)}。{_over_unusual_base(figure)}"


def _over_unusual_base(figure: Figure) -> str:
    """Return the sentence on a growth whose base had itself changed much in the other direction; empty for any other."""
    if not figure.unusual_base:
        return ""
    return f"增速受上年基数影响{figure.text.removeprefix(number_format.growth(figure.number))}。"


def _beside_words(growth: Growth, scope: Scope) -> str:
    """Return how a growth compares with the province's, and which parts make the distance; empty where the two are not compared."""
    if growth.whole is None:
        return ""
    name = scope.whole.whole
    outcome = certainty.growth_beside_the_rest(Question(scope, growth.growth.metric))
    if outcome is None:
        return f"；{adjoined(name, number_format.growth(growth.whole.printed, DECIMALS))}"
    if not outcome.is_told_apart:
        return f"；增速与{name}差异{NOT_APART}"
    if not growth.beyond:
        return f"；增速与{name}持平"
    of_whole = {term.part.word: term for term in growth.terms}
    terms = _said((term.part, term.beyond) for term in growth.terms)
    listed = "，".join(f"{part.name}{_more(of_whole[part.word])}" for part, _ in terms)
    gap = f"；增速比{name}{'高' if growth.beyond > 0 else '低'}{abs(growth.beyond):.2f}{POINTS}"
    return f"{gap}，其中{listed}" if listed else gap


def _more(term: Contribution) -> str:
    """Return by how much a part adds more or less than in the province: 少拉动1.20个百分点; of two that pull down 多拉低0.30个百分点."""
    assert term.of_whole is not None
    falling = term.printed <= 0 and term.of_whole <= 0
    more = term.beyond < 0 if falling else term.beyond > 0
    return f"{'多' if more else '少'}{'拉低' if falling else '拉动'}{abs(term.beyond):.2f}{POINTS}"


def _said(terms: Iterable[tuple[Part, Decimal]]) -> list[tuple[Part, Decimal]]:
    """Return the greatest terms, which a sentence says: at most MOST_SAID, and none that is small beside the others."""
    given = list(terms)
    least = SMALLEST_SAID * sum(abs(points) for _, points in given)
    named = [(part, points) for part, points in given if points and abs(points) >= least]
    return sorted(named, key=lambda term: -abs(term[1]))[:MOST_SAID]


def _growth(scope: Scope, metric: Metric, by: str, pooled: frozenset[str]) -> Growth:
    """Return the growth of a metric with the contributions of its parts.

    Raises:
        Refusal: as `contributions`.
    """
    growth = look(scope, metric, "yoy")
    if growth.refused:
        raise Refusal(growth.refused, growth.text, growth.instead, growth.verdict)
    members = parts(Question(scope, metric), by, pooled)
    if len(members) < 2:
        raise only(by, is_merged=bool(pooled))
    return _of_parts(growth, by, _ordered(members))


def _of_parts(growth: Figure, by: str, members: Sequence[Part]) -> Growth:
    """Return a growth with the contributions of its parts in this order, as unrounded figures and as printed.

    No order decides which of two equal remainders is rounded up.
    """
    base = sum((part.base.numerator for part in members), ZERO)
    by_word = sorted(members, key=lambda part: part.word)
    points, total = components.contributions([part.now.numerator for part in by_word], [part.base.numerator for part in by_word])
    printed = {part.word: size for part, size in zip(by_word, points, strict=True)}
    terms = [
        Contribution(
            part,
            replace(
                growth, view=CONTRIBUTION, unit=POINTS, value=part.change / base * number_format.HUNDRED,
                numerator=part.change, denominator=base, text=pull(printed[part.word]), note="", part=(by, part.word),
                interval=None, verdict="untested", unusual_base=False,
            ),
            printed[part.word],
        )
        for part in members
    ]  # fmt: skip
    return Growth(growth, by, total, tuple(terms))


def _pair(scope: Scope, metric: Metric, by: str, pooled: frozenset[str]) -> tuple[Growth, Growth | None]:
    """Return the growth of a region and of its province; None for that where it may not be given, or has other parts.

    Raises:
        Refusal: the growth of the region may not be taken apart.
    """
    growth = _growth(scope, metric, by, pooled)
    if by == BY_REGION or scope.region == scope.whole:
        return growth, None
    try:
        return growth, _growth(scope.at(scope.whole), metric, by, pooled)
    except Refusal:
        return growth, None


def _crowding(growth: Growth, whole: Growth | None) -> frozenset[str]:
    """Return the words to pool, so that a table has MOST_PARTS lines: those that changed least; one without a base is never among them."""
    ours = {term.part.word: term.part for term in growth.terms}
    theirs = {term.part.word: term.part for term in whole.terms} if whole else {}
    words = [word for word in {**ours, **theirs} if word != OTHER]
    if len(words) <= MOST_PARTS:
        return frozenset()

    def size(word: str) -> tuple[bool, Decimal, Decimal, str]:
        here, there = (abs(among[word].change) if word in among else ZERO for among in (ours, theirs))
        return word in ours and not ours[word].base.numerator, here, there, word

    return frozenset(sorted(words, key=size)[: len(words) - MOST_PARTS])


def _beside(growth: Growth, whole: Growth) -> Growth:
    """Return a growth with what each part adds to that of the province; a part that only one of them has is zero in the other."""
    ours = {term.part.word: term.part for term in growth.terms}
    theirs = {term.part.word: term.part for term in whole.terms}
    zero = {word: replace(part, now=Amount(), base=Amount()) for word, part in {**theirs, **ours}.items()}
    ordered = _ordered((zero | ours).values())
    growth, whole = (
        _of_parts(each.growth, each.by, [(zero | among)[part.word] for part in ordered])
        for each, among in ((growth, ours), (whole, theirs))
    )
    terms = [replace(term, of_whole=other.printed) for term, other in zip(growth.terms, whole.terms, strict=True)]
    return replace(growth, terms=tuple(terms), whole=whole)


def _ordered(members: Iterable[Part]) -> list[Part]:
    """Return parts from the greatest contribution to the least; what is not filled in and what is pooled last."""
    return sorted(members, key=lambda part: (part.is_last, part.word == OTHER, -part.change, part.word))


def _why_not_additive(metric: Metric) -> str:
    """Return why there are no contributions to the growth of a metric that is not additive."""
    if metric.form == "ratio":
        return "比率不计算拉动，另作结构和水平分解"
    return f"{FORMS[metric.form]}不能由各部分相加，不计算拉动"
