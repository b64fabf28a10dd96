"""Parts: a metric of a region in this period and a year before, by the words of a column or by the regions that it is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.compute.aggregate import ZERO, Amount
from city_briefs.analysis.figures import undated
from city_briefs.analysis.figures.changes import compared_amounts, is_dated_later
from city_briefs.analysis.figures.disclosure_control import OTHER
from city_briefs.analysis.figures.figure import Question, Refusal
from city_briefs.analysis.figures.refusal_rules import known_amount
from city_briefs.common.characters import adjoined
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.model.labels import COLUMNS, UNSAID, chinese
from city_briefs.model.metric import Metric, breakdowns
from city_briefs.model.tables import REGION

BY_REGION = REGION.name  # the dimension of place: the cities of a province, the counties of a city
BASE = "上年同期"
NOT_ADDITIVE = "各部分之和不等于总数，不作分项比较"
AS_FIRST_ISSUED = "上年同期用首次签发数，没有分项的首次签发数，不作分项比较"
ITS_OWN = "本级"  # after the name of a region: what it counts besides its parts


@dataclass(frozen=True)
class Part:
    """A part of a metric: `word` is that of its column, or the code of a region; `name` is how readers know it.

    `is_new` says that it is a region that did not report in the base, so that its base is no zero but nothing.
    """

    word: str
    name: str
    now: Amount
    base: Amount
    is_new: bool = False

    @property
    def change(self) -> Decimal:
        """By how much the numerator is more than in the base."""
        return self.now.numerator - self.base.numerator

    @property
    def is_last(self) -> bool:
        """Whether it stands under all others: what is pooled, and what is not filled in."""
        return self.word in (OTHER, UNSAID)


def dimensions(metric: Metric) -> tuple[str, ...]:
    """Return the dimensions by which two years of a metric may be taken apart: its columns, and the regions."""
    return (*breakdowns(metric), BY_REGION)


def name_of(by: str) -> str:
    """Return what a dimension is called in a heading: 行业门类, 地区."""
    return "地区" if by == BY_REGION else COLUMNS[by]


def check(metric: Metric, by: str, among: Sequence[str]) -> None:
    """Check that a metric may be taken apart by a dimension.

    Raises:
        UsageError: the dimension is not `among` those of the metric.
    """
    if by not in among:
        raise UsageError(
            chosen(
                f"{metric.id} cannot be taken apart by '{by}'. It can by {', '.join(among)}.",
                f"{metric.id}不能按“{by}”分解。可以按{'、'.join(among)}分解。",
            )
        )


def parts(ask: Question, by: str, apart: frozenset[str] = frozenset()) -> list[Part]:
    """Return the parts of a metric that are not zero in both years, the pooled words `apart` as one part 其他, with what has that name.

    Both years are at the same distance from their end, and the parts add up to the whole in both.

    Raises:
        Refusal: the whole may not be compared, the base of the parts is not known as that of the whole is, or they do not add up to it.
    """
    whole, base = compared_amounts(ask, ask.period.year_before, BASE)
    if ask.metric.flag and undated.as_first_issued(ask.over(ask.period.year_before)):
        raise Refusal(AS_FIRST_ISSUED)
    members = list(_of_regions(ask, whole, base) if by == BY_REGION else _of_column(ask, by))
    pooled = [part for part in members if apart and (part.word in apart or part.name == OTHER)]
    left = [part for part in members if part not in pooled]
    left += [pool(pooled)] if pooled else []
    for amount, of_parts in ((whole, [part.now for part in left]), (base, [part.base for part in left])):
        added = added_up(of_parts)
        if (added.numerator, added.denominator or ZERO) != (amount.numerator, amount.denominator or ZERO):
            raise Refusal(NOT_ADDITIVE)
    return left


def pool(parts: Sequence[Part]) -> Part:
    """Return parts as one, 其他."""
    return Part(OTHER, OTHER, added_up([part.now for part in parts]), added_up([part.base for part in parts]))


def added_up(amounts: Sequence[Amount]) -> Amount:
    """Return the sum of amounts; its denominator is None when none has one."""
    denominators = [amount.denominator for amount in amounts if amount.denominator is not None]
    return Amount(sum((amount.numerator for amount in amounts), ZERO), sum(denominators, ZERO) if denominators else None)


def _of_column(ask: Question, by: str) -> Iterator[Part]:
    """Yield the parts by the words of a column.

    Raises:
        Refusal: there are no records to take apart, or their outcomes come later.
    """
    scope, metric = ask.scope, ask.metric
    if scope.results.provenance(metric) != "records":
        raise Refusal(f"没有逐条记录，不按{name_of(by)}分")
    if is_dated_later(ask):
        raise Refusal("分项没有按办结日期的历史，不作同期比较")
    for word in scope.results.parts(metric, by):
        now, base = (over.amount(metric, (by, word)) for over in (scope, scope.year_before))
        part = Part(word, chinese(by, word), now, base)
        if _is_there(part):
            yield part


def _of_regions(ask: Question, whole: Amount, base: Amount) -> Iterator[Part]:
    """Yield the parts by the regions next below, and what the region counts besides them, which `whole` and `base` have over them.

    Raises:
        Refusal: the region has no regions below it, or none that has numbers of its own; or one may not be compared with its base.
    """
    scope, before = ask.scope, ask.over(ask.period.year_before)
    inside = scope.snapshot.regions.made_of(ask.region)
    if inside is None:
        raise Refusal(f"{ask.region.name}没有下级地区，不按地区分")
    reports, reported = ({region.code for region in over.scope.reporting(ask.metric)} for over in (ask, before))
    if {ask.region.code} in (reports, reported):
        raise Refusal(f"只有{ask.region.whole}数，不分地区")
    members = []
    for region in (*inside.cities, *inside.others):
        below = set(scope.snapshot.regions.below(region))
        if below & reports:
            is_new = not below & reported
            members.append(Part(region.code, region.name, *_compared(ask.at(region), is_new=is_new), is_new))
    if ask.region.code in reports:
        is_new = ask.region.code not in reported
        now = _less(whole, added_up([part.now for part in members]))
        earlier = Amount() if is_new else _less(base, added_up([part.base for part in members]))
        members.append(Part(ask.region.code, adjoined(ask.region.name, ITS_OWN), now, earlier, is_new))
    yield from filter(_is_there, members)


def _compared(ask: Question, *, is_new: bool) -> tuple[Amount, Amount]:
    """Return the amounts of a region in both years, as they are compared by itself; nothing in the base of one that is new.

    Raises:
        Refusal: the region may not be compared with its base; the reason names it.
    """
    try:
        if is_new:
            return known_amount(ask, "本期"), Amount()
        return compared_amounts(ask, ask.period.year_before, BASE)
    except Refusal as refusal:
        raise Refusal(adjoined(ask.region.name, refusal)) from None


def _is_there(part: Part) -> bool:
    """Return whether a part is not zero in both years."""
    return any((part.now.numerator, part.now.denominator, part.base.numerator, part.base.denominator))


def _less(amount: Amount, other: Amount) -> Amount:
    """Return what an amount has over another."""
    rest = None if amount.denominator is None else amount.denominator - (other.denominator or ZERO)
    return Amount(amount.numerator - other.numerator, rest)


def only(by: str, *, is_merged: bool) -> Refusal:
    """Return the refusal of a table that would have one row; `is_merged` says that parts were merged for privacy."""
    return Refusal(f"按{name_of(by)}分，{'为保护个人信息合并后' if is_merged else ''}不足两项，不作分项比较")
