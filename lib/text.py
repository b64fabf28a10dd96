"""How a number is said in an official brief: scale, decimals, verbs.

Rounding is half up (四舍五入). Scale is by 万 and 亿 only, without thousands separators. 增长 and 下降 take a positive number.
"""

from decimal import ROUND_HALF_UP, Decimal

SCALES = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
SCALED_DECIMALS = 2  # of a number in 万 or 亿
PERCENT_DECIMALS = 1  # of a growth or a share
UNSCALED = ("%", "个百分点", "位")
NOTHING = "—"  # stands for what cannot be computed, such as growth over zero


def rounded(value: Decimal, decimals: int) -> Decimal:
    """The value at so many decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0  # + 0: no negative zero


def number(value: Decimal, decimals: int) -> str:
    """The value at so many decimals, in plain digits, with a true minus sign."""
    return f"{rounded(value, decimals):f}".replace("-", "−")


def scaled(value: Decimal, unit: str, decimals: int) -> tuple[str, str]:
    """The digits and the unit of an amount: (“41.86”, “万户”) for 418600 户, (“3126”, “起”) for 3126 起.

    What rounds to 10000 at its own decimals is scaled already, so that “10000户” is never written.
    """
    if unit not in UNSCALED:
        for scale, name in SCALES:
            if abs(rounded(value, decimals)) >= scale:
                return number(value / scale, SCALED_DECIMALS), name + unit
    return number(value, decimals), unit


def amount(value: Decimal, unit: str, decimals: int) -> str:
    """An amount with its unit: 3453户, 41.86万户, 97.9%."""
    return "".join(scaled(value, unit, decimals))


def growth(percent: Decimal) -> str:
    """A growth in words: 增长12.8%, 下降2.4%; 基本持平 when it rounds to zero."""
    size = rounded(abs(percent), PERCENT_DECIMALS)
    if not size:
        return "基本持平"
    return f"{'增长' if percent > 0 else '下降'}{size:f}%"


def signed(percent: Decimal) -> str:
    """A growth as a chart labels it: +12.8%, −2.4%."""
    size = rounded(percent, PERCENT_DECIMALS)
    return f"{'+' if size > 0 else ''}{number(percent, PERCENT_DECIMALS)}%"


def gap(points: Decimal) -> str:
    """A difference of two percentages in words: 高2.1个百分点, 低4.8个百分点; 持平 when it rounds to zero."""
    size = rounded(abs(points), PERCENT_DECIMALS)
    if not size:
        return "持平"
    return f"{'高' if points > 0 else '低'}{size:f}个百分点"
