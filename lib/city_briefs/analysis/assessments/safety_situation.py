"""形势研判: a judgement of each of the four domains, by a written rule over figures.

Each sign of a domain gives a degree, 0 to 3; the gravest decides:

    0  平稳        no sign                    2  需关注    as below, past the second threshold, or a death
    1  总体平稳    past the first threshold    3  严峻      a major accident, or past the third threshold

A share has reached a threshold only when its one-sided limit of 95 % has, a difference only when it is told apart from chance.
A sign over a small base, or one that cannot be tested, is not used, and the document names it. A domain is not judged when a figure
is refused because data is missing, nor when none of its rates can be used and there was neither a death nor a major accident.
The rate of inspections that find problems is no sign: it is neutral, and a bureau that looks harder finds more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.assessments import thresholds
from city_briefs.analysis.assessments.accident_reports import unreported_months
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import certainty, number_format
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.refusal_rules import SMALL_BASE
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.sentences import beside_rate
from city_briefs.analysis.figures.views import look
from city_briefs.common.characters import adjoined
from city_briefs.common.periods import months_text
from city_briefs.metrics.drug_safety import drug_pass_rate
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.product_quality import product_pass_rate
from city_briefs.metrics.safety import accident_deaths, accident_reports, accidents_total, major_accidents, on_time_closing_rate
from city_briefs.metrics.special_equipment import late_arrival_share, overdue_share
from city_briefs.model.labels import DOMAINS
from city_briefs.model.metric import Metric

JUDGEMENTS = ("平稳", "总体平稳", "需关注", "严峻")  # by degree
Thresholds = tuple[Decimal, Decimal, Decimal]  # of degree 1, 2 and 3

# 个百分点 under the province: within half a point is the noise of some thousand batches; three points are hundreds of failed ones.
PASS_RATE_BEHIND: Thresholds = (Decimal("0.5"), Decimal("1.5"), Decimal("3"))
# 个百分点 fallen over the year; as above.
PASS_RATE_FALLEN: Thresholds = (Decimal("0.5"), Decimal("1.5"), Decimal("3"))
# % of hazards closed that were late: one in ten is usual, one in five is neglect, every third means that terms bind nobody.
CLOSED_LATE: Thresholds = (Decimal("10"), Decimal("20"), Decimal("33"))
# % of equipment past its inspection date: the inspection is due by law, so that one in a hundred is the first sign.
EQUIPMENT_OVERDUE: Thresholds = (Decimal("1"), Decimal("2"), Decimal("5"))
# % of rescues reached after more than 30 minutes, the limit that the rules on lift rescue set.
RESCUED_LATE: Thresholds = (Decimal("5"), Decimal("10"), Decimal("20"))
ACCIDENT, DEATH, MAJOR_ACCIDENT = 1, 2, 3  # degrees, however many
PASS_RATES: dict[str, Metric] = {"food": food_pass_rate, "drug": drug_pass_rate, "product": product_pass_rate}


@dataclass(frozen=True)
class Sign:
    """One sign of a domain: its sentence, the figures behind it, and its degree, 0 to 3; None when it cannot be used."""

    said: str
    figures: tuple[Figure, ...]
    degree: int | None


@dataclass(frozen=True)
class Judgement:
    """The judgement of a domain with its signs; `refused` is the reason when it cannot be judged, else None."""

    domain: str
    signs: tuple[Sign, ...]
    refused: str | None = None

    @property
    def name(self) -> str:
        """The domain in Chinese."""
        return DOMAINS[self.domain]

    @property
    def degree(self) -> int:
        """The gravest degree of its signs, 0 to 3; 0 without signs."""
        return max((sign.degree or 0 for sign in self.signs), default=0)

    @property
    def said(self) -> str:
        """The judgement in words; empty when it was refused."""
        return "" if self.refused else JUDGEMENTS[self.degree]

    @property
    def deciding(self) -> list[Sign]:
        """The signs that have its degree; when it is 0, all that were used."""
        return [sign for sign in self.signs if sign.degree == self.degree]

    @property
    def others(self) -> list[Sign]:
        """The other signs, with those that could not be used."""
        return [sign for sign in self.signs if sign.degree != self.degree]

    @property
    def figures(self) -> list[Figure]:
        """The figures of all its signs."""
        return [figure for sign in self.signs for figure in sign.figures]


class _Missing(Exception):
    """Raised when a figure that a judgement needs is refused because data is missing; the message is the reason."""

    def __init__(self, figure: Figure, why: str) -> None:
        super().__init__(why)
        self.figure = figure


def judgements(scope: Scope) -> list[Judgement]:
    """Return the judgement of each of the four domains, in their order."""
    return [judgement(scope, domain) for domain in DOMAINS]


def judgement(scope: Scope, domain: str) -> Judgement:
    """Return the judgement of one domain of a region over a period."""
    try:
        signs = [_accidents(scope, domain)]
        if domain in PASS_RATES:
            signs += [_passed(scope, PASS_RATES[domain])]
        else:
            signs += [_share(scope, overdue_share, EQUIPMENT_OVERDUE)]
            signs += [_share(scope, late_arrival_share, RESCUED_LATE)]
        signs += [_closed_late(scope, domain)]
    except _Missing as missing:
        return Judgement(domain, (Sign("", (missing.figure,), None),), str(missing))
    if not any(sign.degree is not None for sign in signs[1:]) and signs[0].degree in (0, ACCIDENT):
        return Judgement(domain, tuple(signs), "各项比率基数过小或无法检验，不足以研判")
    return Judgement(domain, tuple(signs))


def degree(size: Decimal, steps: Thresholds) -> int:
    """Return how many thresholds a size has reached, 0 to 3."""
    return sum(size >= step for step in steps)


def _accidents(scope: Scope, domain: str) -> Sign:
    """Return the sign of accidents, deaths and major accidents.

    Raises:
        _Missing: a figure is refused, or a region has a month without a report of the domain; zero is reported too.
    """
    part = ("domain", domain)
    total, dead, major = (
        look(scope, metric, "value", part=part) for metric in (accidents_total, accident_deaths, major_accidents)
    )
    for figure in (total, dead, major):
        _needed(scope.results, figure)
    for member in scope.reporting(accident_reports):
        if months := unreported_months(scope.at(member), domain):
            raise _Missing(total, f"{adjoined(member.name, months_text(months))}没有{DOMAINS[domain]}事故报告，零报告不全")
    if not total.value:
        return Sign("未发生安全事故", (total,), 0)
    text = f"发生安全事故{total.text}，{f'死亡{dead.text}' if dead.value else '未造成人员死亡'}"
    if major.value:
        return Sign(f"{text}，其中重大及以上事故{major.text}", (total, dead, major), MAJOR_ACCIDENT)
    return Sign(f"{text}，没有重大及以上事故", (total, dead, major), DEATH if dead.value else ACCIDENT)


def _passed(scope: Scope, metric: Metric) -> Sign:
    """Return the sign of a pass rate: the graver of its distance from the province and its change over the year.

    Raises:
        _Missing: the rate is refused because data is missing.
    """
    figure, of_province = (look(scope.at(region), metric, "value") for region in (scope.region, scope.whole))
    if (unused := _unused(scope, figure)) is not None:
        return unused
    phrases, figures, degrees = [f"{metric.label}{figure.text}"], [figure], [0]
    if scope.region != of_province.region and of_province.value is not None:
        outcome = certainty.beside_the_rest(Question(scope, metric))
        phrases.append(beside_rate(scope, figure, of_province))
        figures.append(of_province)
        if outcome and certainty.direction(outcome) == "down":
            degrees.append(degree(of_province.number - figure.number, PASS_RATE_BEHIND))
    change = look(scope, metric, "change_pp")
    if change.value is not None:
        phrases.append(f"同比{change.text}")
        figures.append(change)
        if change.verdict == "down":
            degrees.append(degree(-change.number, PASS_RATE_FALLEN))
    return Sign("，".join(phrases), tuple(figures), max(degrees))


def _share(scope: Scope, metric: Metric, steps: Thresholds) -> Sign:
    """Return the sign of a share in %, the higher the graver.

    Raises:
        _Missing: the share is refused because data is missing.
    """
    figure = look(scope, metric, "value")
    if (unused := _unused(scope, figure)) is not None:
        return unused
    return _reached(figure, figure.number, thresholds.limits(figure).low, steps, steps)


def _closed_late(scope: Scope, domain: str) -> Sign:
    """Return the sign of the share of hazards of a domain that were closed late.

    Raises:
        _Missing: the share is refused because data is missing.
    """
    figure = look(scope, on_time_closing_rate, "value", part=("domain", domain))
    if (unused := _unused(scope, figure)) is not None:
        return unused
    late, least = number_format.HUNDRED - figure.number, 100 - thresholds.limits(figure).high
    return _reached(figure, late, least, CLOSED_LATE, [number_format.HUNDRED - step for step in CLOSED_LATE])


def _reached(figure: Figure, size: Decimal, least: float, steps: Thresholds, sides: Iterable[Decimal]) -> Sign:
    """Return the sign of a figure by the thresholds that `least` has reached, the lower limit of its size in %.

    `sides` are the thresholds in the figure's own direction; it is printed with the decimals that show on which side of each it lies.
    """
    usual = figure.metric.decimals
    decimals = max(number_format.told_apart(figure.number, side, usual) for side in sides)
    text = figure.text if decimals == usual else number_format.amount(figure.number, figure.unit, decimals)
    by_limit = degree(Decimal(least), steps)
    words = thresholds.WITHIN_CHANCE if not by_limit else thresholds.WITHIN_CHANCE.replace("警戒值", "更高一级警戒值")
    watched = f"，{words}" if degree(size, steps) > by_limit else ""
    return Sign(f"{figure.metric.label}{text}{watched}", (figure,), by_limit)


def _unused(scope: Scope, figure: Figure) -> Sign | None:
    """Return the sign of a share that has no value, rests on a small base, or cannot be tested; None when it can be used.

    Raises:
        _Missing: the share is refused because data is missing.
    """
    results, label = scope.results, figure.metric.label
    amount = results.amount(figure.metric, figure.region, figure.period, figure.part)
    if figure.refused and (figure.text != number_format.NOTHING or amount.missing or amount.twice):
        raise _Missing(figure, _why(results, figure))
    size = thresholds.small_base(figure.metric, amount)
    if figure.value is None or size is not None:
        return Sign(f"{label}基数过小（{number_format.digits(size or Decimal(0))}），不据以研判", (figure,), None)
    if untested := thresholds.why_untested(scope, figure, amount):
        return Sign(f"{label}{figure.text}，{untested}", (figure,), None)
    return None


def _needed(results: Results, figure: Figure) -> None:
    """Refuse a figure without value by a `_Missing`."""
    if figure.value is None:
        raise _Missing(figure, _why(results, figure))


def _why(results: Results, figure: Figure) -> str:
    return figure.metric.label + (figure.refused or "" if results.provenance(figure.metric) else figure.text)


def rule_text() -> Sequence[str]:
    """Return the rule in words, a sentence for each sign, made of its thresholds."""

    def listed(steps: Thresholds, unit: str) -> str:
        return "、".join(number_format.digits(step) + unit for step in steps)

    first, second, third = JUDGEMENTS[1:]
    return (
        f"事故：发生一般或较大事故而无死亡的为“{first}”，有死亡的为“{second}”，有重大及以上事故的为“{third}”",
        f"抽检合格率：低于全省或同比下降达到{listed(PASS_RATE_BEHIND, '个百分点')}的，依次为“{first}”“{second}”“{third}”",
        f"隐患整改：逾期销号占销号总数达到{listed(CLOSED_LATE, '%')}的，依次同上",
        f"特种设备超期未检率达到{listed(EQUIPMENT_OVERDUE, '%')}的，救援到场超时率达到{listed(RESCUED_LATE, '%')}的，依次同上",
        "比率的95%单侧界限也达到界限，差异超出随机波动，方可计入；只有数值达到而可能出于随机波动的，继续观察",
        f"以最重一项为准，各项均未达到的为“{JUDGEMENTS[0]}”；比率基数不足{SMALL_BASE}的不据以研判，数据不全的领域不作研判；检查问题发现率不分优劣，不作依据",
    )
