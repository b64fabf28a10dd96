"""How a number is said in an official brief: scale, decimals, verbs.

Rounding is half up (四舍五入). Scale is by 万 and 亿 only, without thousands separators. 增长 and 下降 take a positive number.
"""

from decimal import ROUND_HALF_UP, Decimal

TEN_THOUSAND = Decimal(10) ** 4
SCALED_DECIMALS = 2  # of a number in 万 or 亿
SCALES = ((TEN_THOUSAND, "万", SCALED_DECIMALS), (TEN_THOUSAND**2, "亿", SCALED_DECIMALS))
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

    What would print as 10000 and more is scaled, so neither “10000户” nor “10000.00万户” is ever written.
    """
    scales = [(Decimal(1), "", decimals)] if unit in UNSCALED else [(Decimal(1), "", decimals), *SCALES]
    for scale, name, places in scales:
        if abs(rounded(value / scale, places)) < TEN_THOUSAND or (scale, name, places) == scales[-1]:
            break
    return number(value / scale, places), name + unit


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


def beside(own: Decimal, whole: Decimal, name: str) -> str:
    """A growth beside that of the whole, in percentage points: 增速比全省高2.1个百分点; when both fall, by the size of the fall."""
    own, whole = rounded(own, PERCENT_DECIMALS), rounded(whole, PERCENT_DECIMALS)  # as printed, so that readers can subtract
    falling = own < 0 and whole < 0
    what = "降幅" if falling else "增速"
    points = abs(own) - abs(whole) if falling else own - whole
    size = rounded(abs(points), PERCENT_DECIMALS)
    if not size:
        return f"{what}与{name}持平"
    more, less = ("大", "小") if falling else ("高", "低")
    return f"{what}比{name}{more if points > 0 else less}{size:f}个百分点"
