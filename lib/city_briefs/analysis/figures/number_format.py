"""The text of numbers in an official brief: scale, decimals, verbs.

Rounding is half up (四舍五入). Scale is by 万 and 亿 only, without thousands separators. 增长 and 下降 take a positive number.

Whoever decides compares unrounded values; what is printed beside each other must not contradict the decision, or a reader who subtracts.
So the printed difference of two printed percentages is the difference of their prints (`difference_as_printed`), and a value that prints
like the threshold that it misses gets more decimals (`told_apart`).
"""

from collections.abc import Callable, Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

TEN_THOUSAND = Decimal(10) ** 4
SCALED_DECIMALS = 2  # of a number in 万 or 亿
SCALES = ((TEN_THOUSAND, "万", SCALED_DECIMALS), (TEN_THOUSAND**2, "亿", SCALED_DECIMALS))
PERCENT_DECIMALS = 1  # of a growth or a share
MOST_DECIMALS = 4  # of a value that is told apart from its threshold
UNSCALED = ("%", "个百分点", "位", "倍")
Rounding = Literal["nearest", "floor", "ceiling"]
MODES = {"nearest": ROUND_HALF_UP, "floor": ROUND_FLOOR, "ceiling": ROUND_CEILING}
DENOMINATORS = (*range(2, 11), 12, 15, 20)  # of a fraction that prose can say, such as 1/10
FRACTION_ERROR = Decimal("0.05")  # of its size, by which a fraction may differ from the part that it says
HUNDRED = Decimal(100)
LEVEL = "基本持平"  # said of a change that rounds to zero
TINY = "…"  # stands for what is not zero and would print so
NOTHING = "—"  # stands for what cannot be computed, such as growth over zero


def rounded(value: Decimal, decimals: int, rounding: Rounding = "nearest") -> Decimal:
    """Return the value at so many decimals, halves away from zero; with floor or ceiling the next one below or above."""
    return value.quantize(Decimal(1).scaleb(-decimals), MODES[rounding]) + 0  # + 0: no negative zero


def number(value: Decimal, decimals: int, rounding: Rounding = "nearest") -> str:
    """Return the value at so many decimals in plain digits, with a true minus sign."""
    return f"{rounded(value, decimals, rounding):f}".replace("-", "−")


def digits(value: Decimal) -> str:
    """Return the unrounded value in plain digits without trailing zeros: 30, 2.5."""
    return f"{value.normalize():f}".replace("-", "−")


def scaled(value: Decimal, unit: str, decimals: int, rounding: Rounding = "nearest") -> tuple[str, str]:
    """Return the digits and the unit of an amount: (“41.86”, “万户”) for 418600 户, (“3126”, “起”) for 3126 起.

    What would print as 10000 and more is scaled, so neither “10000户” nor “10000.00万户” is ever written.
    """
    if unit == "%" and rounding == "nearest":
        rounding = short_of_whole(value, decimals)
    scale, name, places = _scale(value, unit, decimals, rounding)
    return number(value / scale, places, rounding), name + unit


def _scale(value: Decimal, unit: str, decimals: int, rounding: Rounding = "nearest") -> tuple[Decimal, str, int]:
    """Return by what an amount is divided in print, the name of that scale, and the decimals there."""
    scales = [(Decimal(1), "", decimals)] if unit in UNSCALED else [(Decimal(1), "", decimals), *SCALES]
    fitting = (given for given in scales if abs(rounded(value / given[0], given[2], rounding)) < TEN_THOUSAND)
    return next(fitting, scales[-1])


def factor(unit: str) -> Decimal:
    """Return how many base units a unit is: 10000 for 万户, 100000000 for 亿元, 1 for a base unit."""
    return next((scale for scale, name, _ in SCALES if unit.startswith(name) and unit != name), Decimal(1))


def in_unit(value: Decimal, unit: str, decimals: int, rounding: Rounding = "nearest") -> str:
    """Return a value that is in `unit` already at exactly these decimals: 200.15万户, 12.5%; in the unit 分数 a fraction: 1/10."""
    if unit == "分数":
        return fraction(value)
    return f"{number(value, decimals, rounding)}{unit}"


def fraction(part: Decimal) -> str:
    """Return a part as the simplest fraction that is within 5 % of it: 1/10, 2/5; in % when there is none."""
    for below in DENOMINATORS:
        near = Fraction(int(rounded(part * below, 0)), below)
        if 0 < near < 1 and abs(Fraction(part) - near) <= Fraction(FRACTION_ERROR) * Fraction(part):
            return f"{near.numerator}/{near.denominator}"
    return amount(part * 100, "%", PERCENT_DECIMALS)


def short_of_whole(percent: Decimal, decimals: int) -> Rounding:
    """Return how a part in % is rounded: down when it is less than 100 and would be printed as 100%, else to the nearest."""
    return "floor" if percent < HUNDRED == rounded(percent, decimals) else "nearest"


def as_printed(value: Decimal, unit: str, decimals: int) -> Decimal:
    """Return an amount as `amount` prints it, in its unit: 99.9 of 99.96 %, which is not yet 100%; 418600 of 418612 户."""
    rounding = short_of_whole(value, decimals) if unit == "%" else "nearest"
    scale, _, places = _scale(value, unit, decimals, rounding)
    return rounded(value / scale, places, rounding) * scale


def difference_as_printed(now: Decimal, before: Decimal, decimals: int, unit: str = "%") -> Decimal:
    """Return the difference of two amounts, of percentages in 个百分点, as the prints have it: −0.7 from 62.8 to 62.1."""
    return as_printed(now, unit, decimals) - as_printed(before, unit, decimals)


def told_apart(value: Decimal, threshold: Decimal, decimals: int, most: int = MOST_DECIMALS) -> int:
    """Return at how many decimals a value and a threshold on different sides print differently: 3 of 91.996 and 92.

    Of equal ones it is the number at which they print whole. It is at least `decimals` and at most `most`.
    """
    for places in range(decimals, most):
        printed = rounded(value, places)
        if printed == threshold if value == threshold else printed != rounded(threshold, places):
            return places
    return max(decimals, most)


def beside_threshold(value: Decimal, threshold: Decimal, decimals: int, unit: str = "") -> Decimal:
    """Return a value as it is printed beside a threshold, on the side of it where it lies: 91.996 beside 92, −3.04 beside −3.

    What MOST_DECIMALS do not tell apart is rounded away from the threshold. In the unit % it is a part, which is not 100 before it is.
    """
    if unit == "%" and (part := rounded(value, decimals, short_of_whole(value, decimals))) != rounded(threshold, decimals):
        return part
    places = told_apart(value, threshold, decimals)
    if value != threshold and rounded(value, places) == rounded(threshold, places):
        return rounded(value, places, "floor" if value < threshold else "ceiling")
    return rounded(value, places)


def gap_to(value: Decimal, aim: Decimal, decimals: int, unit: str = "%") -> str:
    """Return how far a value is from a target, as whoever subtracts the printed ones finds: 低0.5个百分点, 高5起; 持平 only when equal.

    The target is printed as it was set, the value as `amount_beside` has it. Without unit they are growths, in 个百分点 as parts in % are.
    """
    if value == aim:
        return "持平"
    scale, name, places = _scale(value, unit or "%", decimals)
    gap = beside_threshold(value / scale, aim / scale, places, unit) - (aim / scale).normalize()
    return f"{'高' if gap > 0 else '低'}{abs(gap):f}{'个百分点' if unit in ('', '%') else name + unit}"


def amount_beside(value: Decimal, threshold: Decimal, unit: str, decimals: int) -> str:
    """Return an amount with its unit as it is printed beside a threshold: 91.996% beside 92%, 1.2296万户 beside 1.23万户.

    A part in % that is short of 100 is printed as everywhere, 99.9%.
    """
    scale, name, places = _scale(value, unit, decimals)
    printed = beside_threshold(value / scale, threshold / scale, places, unit)
    return f"{number(printed, max(places, -int(printed.as_tuple().exponent)))}{name}{unit}"


def growth_beside(percent: Decimal, threshold: Decimal) -> str:
    """Return a growth in words as it is printed beside a threshold: 增长99.96% beside 100%."""
    many = told_apart(percent, threshold, PERCENT_DECIMALS)
    return growth(beside_threshold(percent, threshold, PERCENT_DECIMALS), many)


def decimals_that_agree(pairs: Iterable[tuple[Decimal, Decimal]], judge: Callable[[Decimal], object], decimals: int) -> int:
    """Return at how many decimals, from `decimals` to MOST_DECIMALS, the printed differences of pairs are judged as the true ones are.

    Whoever subtracts 44.6 from 49.6 finds 5.0; where the true difference is 5.04, and what is over 5 is judged, it is 2 decimals.
    """
    given = list(pairs)

    def agree(places: int) -> bool:
        return all(judge(rounded(value, places) - rounded(other, places)) == judge(value - other) for value, other in given)

    return next(filter(agree, range(decimals, MOST_DECIMALS)), max(decimals, MOST_DECIMALS))


def places(value: Decimal) -> int:
    """Return how many decimals a number has: 2 of 12.25, none of 80."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def round_number(value: Decimal, unit: str) -> str:
    """Return a round number with its unit: 150万户, 1.5亿户."""
    scale, name = next(((scale, name) for scale, name, _ in reversed(SCALES) if value >= scale), (Decimal(1), ""))
    return f"{digits(value / scale)}{name}{unit}"


def amount(value: Decimal, unit: str, decimals: int) -> str:
    """Return an amount with its unit: 3453户, 41.86万户, 97.9%."""
    return "".join(scaled(value, unit, decimals))


def growth(percent: Decimal, decimals: int = PERCENT_DECIMALS) -> str:
    """Return a growth in words: 增长12.8%, 下降2.4%; 基本持平 when it rounds to zero."""
    return _changed(percent, decimals, "增长", "下降", "%")


def points(change: Decimal, decimals: int) -> str:
    """Return a change of a percentage in words: 提高0.35个百分点, 下降1.20个百分点; 基本持平 when it rounds to zero."""
    return _changed(change, decimals, "提高", "下降", "个百分点")


def points_between(now: Decimal, before: Decimal, decimals: int) -> str:
    """Return the change between two parts in % in words, as printed: 下降0.7个百分点 from 62.8 to 62.1; 基本持平 between equal prints."""
    return points(difference_as_printed(now, before, decimals), decimals)


def above(value: Decimal, other: Decimal, decimals: int, name: str) -> str:
    """Return how a percentage compares with that of the area `name`, as printed, in percentage points: 比全省高2.1个百分点."""
    gap = difference_as_printed(value, other, decimals)
    return f"比{name}{'高' if gap > 0 else '低'}{abs(gap):f}个百分点" if gap else f"与{name}持平"


def limits(low: float, high: float, unit: str, decimals: int) -> str:
    """Return the limits of an interval: 93.90%—97.64%; of another unit without it: 508.27—919.01."""
    sign = unit if unit == "%" else ""
    return "—".join(f"{number(Decimal(str(limit)), decimals)}{sign}" for limit in (low, high))


def _changed(change: Decimal, decimals: int, up: str, down: str, unit: str) -> str:
    size = rounded(abs(change), decimals)
    if not size:
        return LEVEL
    return f"{up if change > 0 else down}{size:f}{unit}"


def signed(change: Decimal, unit: str = "%", decimals: int = PERCENT_DECIMALS) -> str:
    """Return a growth as a chart labels it: +12.8%, −2.4%; a change in 个百分点 without its unit, which the axis has."""
    size = rounded(change, decimals)
    return f"{'+' if size > 0 else ''}{number(change, decimals)}{unit if unit == '%' else ''}"


def beside(value: Decimal, other: Decimal, name: str) -> str:
    """Return how a growth compares with that of the area `name`, as printed, in percentage points: 增速比全省高2.1个百分点.

    When both fall, the sizes of the falls are compared: 降幅比全省小2.1个百分点.
    """
    value, other = rounded(value, PERCENT_DECIMALS), rounded(other, PERCENT_DECIMALS)  # as printed, so that readers can subtract
    falling = value < 0 and other < 0
    what = "降幅" if falling else "增速"
    points = abs(value) - abs(other) if falling else value - other
    size = rounded(abs(points), PERCENT_DECIMALS)
    if not size:
        return f"{what}与{name}持平"
    more, less = ("大", "小") if falling else ("高", "低")
    return f"{what}比{name}{more if points > 0 else less}{size:f}个百分点"
