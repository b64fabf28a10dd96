"""Places: the place of each region by a rate, with the places that are possible; none where chance alone may make the order."""

from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.figures import certainty, number_format, refusal_rules
from city_briefs.analysis.figures.comparability import kind
from city_briefs.analysis.figures.figure import Answer, Question, Refusal
from city_briefs.analysis.figures.scope import Scope, counted_once
from city_briefs.analysis.figures.values import value
from city_briefs.analysis.statistics import SMALL
from city_briefs.analysis.statistics.intervals import Interval
from city_briefs.analysis.statistics.places import Place, places
from city_briefs.common import read_log
from city_briefs.common.regions import Region
from city_briefs.model.metric import Metric

NO_PLACE = "不排位次"
BY_SIZE = f"数量指标受规模影响，{NO_PLACE}"
ALIKE = f"各{{parts}}差异未超出随机波动，{NO_PLACE}"
Refused = tuple[str, str]  # the reason, and what stands in the place of the number


@dataclass(frozen=True)
class Placed:
    """How a city is placed among others: its place, None where its denominator is small, and the names of all that are so left out.

    `refused` is there where no city has a place.
    """

    place: Place | None = None
    left: tuple[str, ...] = ()
    refused: Refused | None = None


def rank(ask: Question) -> Answer:
    """Compute the place among the cities by a rate, 1 for the best, with the first and the last place that are possible.

    Refused for counts and amounts, a neutral metric, one without a test, when any city is not known, and when chance may make the order.
    """
    if ask.metric.better == "neutral":
        raise Refusal(f"该指标不分优劣，{NO_PLACE}")
    if ask.region.level != "city":
        raise Refusal(f"{ask.region.name}不参加排位")
    value(ask)
    placed = placed_in(ask.scope, ask.metric, ask.part)
    if placed.refused:
        raise Refusal(*placed.refused)
    place = placed.place
    if place is None:
        raise Refusal(f"分母不足{SMALL}，{NO_PLACE}")
    possible = f"可能在第{place.first}{f'—{place.last}' if place.first < place.last else ''}位"
    if not place.is_known:
        raise Refusal(f"{possible}，{NO_PLACE}")
    note = f"分母不足{SMALL}、未参加排位的：{'、'.join(placed.left)}" if placed.left else ""
    text = f"{'并列' if place.shared else ''}第{place.place}位（{possible}）"
    interval = Interval(float(place.first), float(place.last))
    return Answer(Decimal(place.place), text, Decimal(place.place), Decimal(place.of), note, interval=interval)


def placed_in(scope: Scope, metric: Metric, part: tuple[str, str] = ("", "")) -> Placed:
    """Return how a city is placed by a rate among all cities."""

    def found() -> Placed:
        by_region = _places_or_refusal(scope, metric, part)
        if isinstance(by_region, tuple):
            return Placed(refused=by_region)
        return Placed(by_region.get(scope.region), tuple(city.name for city in scope.peers if city not in by_region))

    question = (read_log.PLACE, scope.whole.code, metric.id, *part, scope.period.slug, scope.region.code)
    return scope.results.once(question, lambda: read_log.answered(question, found))


def places_of(scope: Scope, metric: Metric, part: tuple[str, str] = ("", "")) -> dict[Region, Place]:
    """Return the place of each city by a rate; cities whose denominator is small are left out.

    Raises:
        Refusal: the metric is no rate that is tested, a city is not known, cities cover different months of pending outcomes, or the
            cities are not told apart as a whole.
    """
    by_region = places_or_refused(scope, metric, part)
    if isinstance(by_region, tuple):
        raise Refusal(*by_region)
    return by_region


def places_or_refused(scope: Scope, metric: Metric, part: tuple[str, str] = ("", "")) -> dict[Region, Place] | Refused:
    """Return what `places_of` returns, or what it refuses with."""
    question = (read_log.PLACES, scope.whole.code, metric.id, *part, scope.period.slug)
    return read_log.answered(question, lambda: _places_or_refusal(scope, metric, part))


@counted_once
def _places_or_refusal(scope: Scope, metric: Metric, part: tuple[str, str]) -> dict[Region, Place] | Refused:
    """Return what `places_of` returns, or what it refuses with."""
    try:
        return _places(scope, metric, part)
    except Refusal as refusal:
        return str(refusal), refusal.text


def _places(scope: Scope, metric: Metric, part: tuple[str, str]) -> dict[Region, Place]:
    """Return what `places_of` returns, and raise what it raises."""
    results = scope.results
    tested = kind(results, metric)
    if tested not in ("proportion", "rate"):
        counts = metric.form in ("flow", "stock", "distinct", "difference", "latest")
        raise Refusal(BY_SIZE if counts else f"该指标不作检验，{NO_PLACE}")
    amounts = _amounts(scope, metric, part)
    asked = Question(scope, metric, part=part)
    if reason := certainty.why_not(asked, *amounts.values()):
        raise Refusal(f"{reason}，{NO_PLACE}")
    if tested == "proportion" and any(amount.numerator > (amount.denominator or 0) for amount in amounts.values()):
        tested = "rate"
    bases = [amount.denominator or Decimal(0) for amount in amounts.values()]
    parts = [amount.numerator for amount in amounts.values()]
    printed = [
        float(number_format.rounded(part / base * metric.per, metric.decimals)) if base else 0.0
        for part, base in zip(parts, bases, strict=True)
    ]
    in_order = places(
        list(map(float, parts)), list(map(float, bases)), printed,
        highest_first=metric.better == "higher", proportion=tested == "proportion",
    )  # fmt: skip
    by_region = {city: place for city, place in zip(amounts, in_order, strict=True) if place is not None}
    if not by_region:
        raise Refusal(ALIKE.format(parts=results.regions.parts))
    return by_region


def _amounts(scope: Scope, metric: Metric, part: tuple[str, str]) -> dict[Region, Amount]:
    """Return the amount of every city.

    Raises:
        Refusal: that of a city is not known, or outcomes are pending and cities cover different months.
    """
    amounts: dict[Region, Amount] = {}
    refused: list[tuple[Region, Refusal]] = []
    for city in scope.peers:
        ask = Question(scope.at(city), metric, part=part)
        try:
            amounts[city] = refusal_rules.known_amount(ask, "本期")
            refusal_rules.value(ask, amounts[city])
        except Refusal as refusal:
            refused.append((city, refusal))
    if refused:
        raise _refusal(scope, metric, part, refused)
    if not is_alike_mature(scope, metric):
        raise Refusal(f"各{scope.results.regions.parts}数据截止月份不同，结果待办结情况不同，{NO_PLACE}")
    return amounts


def is_alike_mature(scope: Scope, metric: Metric) -> bool:
    """Return whether all cities know equally much of the outcomes of a metric; only where these come later their last months matter."""
    if not (metric.is_pair and metric.pair.first.decided):
        return True
    return len({scope.results.last_month(metric.pair.first, city) for city in scope.peers}) <= 1


def _refusal(scope: Scope, metric: Metric, part: tuple[str, str], refused: list[tuple[Region, Refusal]]) -> Refusal:
    """Return the refusal of places when some cities have no value."""
    amounts = [scope.at(city).amount(metric, part) for city, _ in refused]
    what = "数据不全" if any(amount.missing or amount.twice for amount in amounts) else "没有可比数据"
    rejected = all(refusal_rules.NOT_VERIFIED in str(refusal) for _, refusal in refused)
    text = f"部分地区{f'数据{refusal_rules.NOT_VERIFIED}' if rejected else what}，{NO_PLACE}"
    return Refusal(f"{text}（{'、'.join(city.name for city, _ in refused)}）", text)
