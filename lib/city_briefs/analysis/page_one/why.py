"""Why: the parts of a growth, or of the change of a rate, of the gravest matter that can be taken apart; with the message as its title.

A change that is not told apart from chance is not taken apart. The first dimension is that of the regions below, then the columns of the
metric, the last one first, which is the finest. There are at most MOST bars: the parts that are not among the largest are one. The title
names no region below as what makes a change for the worse.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.figures import certainty, contributions, number_format, rate_changes
from city_briefs.analysis.figures.contributions import Growth
from city_briefs.analysis.figures.figure import Figure, Question, Refusal
from city_briefs.analysis.figures.parts import BY_REGION, dimensions, name_of
from city_briefs.analysis.figures.rate_changes import RateSplit
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import POINTS
from city_briefs.analysis.page_one.conclusion import fitting
from city_briefs.model.metric import Metric

MOST = 6  # bars
LONGEST = 20  # characters of a title
NAMES = 10  # of several names in it; more are the first and how many
NOT_NAMED = "各部分{}见图"
AS_MUCH = Decimal("0.01")  # by which two parts may differ, since rounding makes them add up
REST = "其余{}项"


@dataclass(frozen=True)
class Term:
    """A bar: the name of a part, what it adds, and what it adds in the province; None where that is not compared."""

    name: str
    size: Decimal
    of_whole: Decimal | None = None


@dataclass(frozen=True)
class Why:
    """A change taken apart. `words` say what a part does that adds and one that takes away; `whole` is what the province is called."""

    metric: Metric
    title: str
    subtitle: str
    terms: tuple[Term, ...]
    words: tuple[str, str]
    whole: str
    figures: tuple[Figure, ...]


def why(scope: Scope, metrics: Iterable[Metric]) -> Why | None:
    """Return the first of the metrics whose change can be taken apart; None when none can."""
    return next((made for metric in metrics for made in ways(scope, metric)), None)


def ways(scope: Scope, metric: Metric, *, coarse_first: bool = False) -> Iterator[Why]:
    """Yield the change of a metric taken apart by each dimension that allows it; by the first column first if `coarse_first`."""
    columns = [by for by in (rate_changes.dimensions_of if metric.form == "ratio" else dimensions)(metric) if by != BY_REGION]
    regions = [BY_REGION] if scope.snapshot.regions.made_of(scope.region) else []
    tried = (_taken_apart(scope, metric, by) for by in (*regions, *(columns if coarse_first else reversed(columns))))
    yield from filter(None, tried)


def _taken_apart(scope: Scope, metric: Metric, by: str) -> Why | None:
    try:
        if metric.form == "ratio":
            return _of_rate(rate_changes.split(scope, metric, by))
        growth = contributions.contributions(scope, metric, by)
    except Refusal:
        return None
    return None if growth.growth.verdict == "same" or not growth.printed else _of_growth(scope, growth)


def _of_growth(scope: Scope, growth: Growth) -> Why:
    figure, whole = growth.growth, growth.whole
    name = scope.whole.whole if whole else ""
    size = number_format.signed(growth.printed, "%", contributions.DECIMALS)
    mark = f"；线为{name}" if whole else ""
    terms = tuple(_few([Term(term.part.name, term.printed, term.of_whole) for term in growth.terms], MOST))
    stated = [figure, *(term.figure for term in growth.terms)]
    stated += [whole.growth, *(term.figure for term in whole.terms)] if whole else []
    return Why(
        figure.metric, _title_of_growth(scope, growth), f"{figure.metric.label}同比{size}{name_of(growth.by)}拉动，{POINTS}{mark}", terms,
        ("拉动", "拉低"), name, tuple(stated),
    )  # fmt: skip


def _title_of_growth(scope: Scope, growth: Growth) -> str:
    """Return the message: what makes the distance from the province, where that is told apart; else the part that adds most."""
    name = scope.whole.whole
    outcome = certainty.growth_beside_the_rest(Question(scope, growth.growth.metric)) if growth.whole else None
    if outcome and outcome.is_told_apart and growth.beyond:
        higher = "高" if growth.beyond > 0 else "低"
        gap = f"{abs(growth.beyond):.2f}{POINTS}"
        part = _most([(term.part.name, term.beyond) for term in growth.terms], growth.beyond, "主要在{}", "{}差距最大")
        candidates = [
            f"比{name}{higher}{gap}，{part}",
            f"增速{higher}于{name}，{part}",
            f"增速比{name}{higher}{gap}",
            f"增速{higher}于{name}",
        ]
        return fitting(candidates, LONGEST)
    does = "拉动" if growth.printed > 0 else "拉低"
    if _names_badly(growth.growth, growth.by):
        return NOT_NAMED.format(does)
    part = _most(
        [(term.part.name, term.printed) for term in growth.terms], growth.printed, f"主要由{{}}{does}", f"{{}}{does}最多"
    )
    alike = f"，与{name}不可分" if outcome and not outcome.is_told_apart else ""
    return fitting([f"{part}{alike}", part, NOT_NAMED.format(does)], LONGEST)


def _names_badly(change: Figure, by: str) -> bool:
    """Return whether the parts are regions, and the change is one for the worse."""
    worse = "up" if change.metric.better == "lower" else "down"
    return by == BY_REGION and (change.verdict == worse or (change.number > 0) == (worse == "up"))


def _most(parts: Sequence[tuple[str, Decimal]], total: Decimal, mainly: str, most: str) -> str:
    """Return the part that makes most of a total: `mainly` when it makes half of it and more, else `most`, with those that make as much."""
    sign = 1 if total > 0 else -1
    greatest = max(size * sign for _, size in parts)
    names = [name for name, size in parts if greatest - size * sign <= AS_MUCH]
    words = mainly if len(names) == 1 and 2 * greatest >= abs(total) else most
    listed = "、".join(names)
    return words.format(listed if len(names) == 1 or len(listed) <= NAMES else f"{names[0]}等{len(names)}项")


def _of_rate(split: RateSplit) -> Why | None:
    """Return the change of a rate by structure and by the rates of its parts; None when it prints as nothing."""
    if not split.change:
        return None
    rises = split.change > 0
    does = "拉高" if rises else "拉低"
    structure = [Term(f"{name_of(split.by)}结构变化", split.structure)] if split.structure else []
    levels = [Term(part.part.name, part.printed_level) for part in split.parts]
    terms = [(term.name, term.size) for term in (*structure, *levels)]
    part = _most(terms, split.change, f"主要由{{}}{does}", f"{{}}{does}最多")
    if _names_badly(split.figure, split.by):
        part = NOT_NAMED.format(does)
    size = number_format.signed(split.change, "", contributions.DECIMALS)
    metric = split.figure.metric
    return Why(
        metric, fitting([part, NOT_NAMED.format(does)], LONGEST),
        f"{metric.label}同比{size}的构成，{split.unit}", (*structure, *_few(levels, MOST - len(structure))),
        ("拉高", "拉低"), "", (split.figure,),
    )  # fmt: skip


def _few(terms: Sequence[Term], most: int) -> Iterator[Term]:
    """Yield at most so many terms: the largest in their order, and the others as one, so that they still add up."""
    if len(terms) <= most:
        yield from terms
        return
    largest = sorted(terms, key=lambda term: -abs(term.size))[: most - 1]
    others = [term for term in terms if term not in largest]
    yield from (term for term in terms if term in largest)
    wholes = [term.of_whole for term in others if term.of_whole is not None]
    yield Term(
        REST.format(len(others)), sum((term.size for term in others), Decimal(0)), sum(wholes, Decimal(0)) if wholes else None
    )
