"""Text rules: what is said never contradicts the number."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_briefs.analysis.figures import number_format

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=4)
PERCENTS = st.decimals(min_value=-1000, max_value=10000, places=6)
FACTORS = {"万": Decimal(10) ** 4, "亿": Decimal(10) ** 8, "": Decimal(1)}


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        ("3126", 0, "3126起"),
        ("9999", 0, "9999起"),
        ("9999.6", 0, "1.00万起"),
        ("418600", 0, "41.86万起"),
        ("-418600", 0, "−41.86万起"),
        ("123456789", 0, "1.23亿起"),
        ("99994999", 0, "9999.50万起"),
        ("99999999", 0, "1.00亿起"),
        ("0.05", 1, "0.1起"),
        ("-0.04", 1, "0.0起"),
    ],
)
def test_an_amount_is_scaled_by_wan_and_yi_only(value, decimals, said):
    assert number_format.amount(Decimal(value), "起", decimals) == said


def test_a_percentage_is_never_scaled():
    assert number_format.amount(Decimal("12160"), "%", 1) == "12160.0%"


@pytest.mark.parametrize(
    ("percent", "said"),
    [("-2.3749", "下降2.4%"), ("12.84", "增长12.8%"), ("0.05", "增长0.1%"), ("0.049", "基本持平"), ("-0.049", "基本持平")],
)
def test_growth_takes_a_positive_number(percent, said):
    assert number_format.growth(Decimal(percent)) == said


@pytest.mark.parametrize(
    ("own", "whole", "said"),
    [
        ("-2.375", "2.379", "增速比全省低4.8个百分点"),
        ("4.5", "2.4", "增速比全省高2.1个百分点"),
        ("2.38", "2.40", "增速与全省持平"),
        ("-5.1", "-3", "降幅比全省大2.1个百分点"),
        ("-1", "-3", "降幅比全省小2.0个百分点"),
    ],
)
def test_two_growths_are_compared_in_percentage_points(own, whole, said):
    assert number_format.beside(Decimal(own), Decimal(whole), "全省") == said


@given(PERCENTS)
def test_the_verb_agrees_with_the_sign_and_no_minus_is_written(percent):
    said = number_format.growth(percent)
    assert "-" not in said and "−" not in said
    if said != "基本持平":
        assert said.startswith("增长" if percent > 0 else "下降")
    else:
        assert abs(percent) < Decimal("0.05")


@given(AMOUNTS, st.integers(0, 3))
def test_an_amount_reads_back_to_the_number_at_its_precision(value, decimals):
    found = re.fullmatch(r"(−?)(\d+)(\.\d+)?(万|亿)?户", number_format.amount(value, "户", decimals))
    assert found
    sign, whole, part, scale = found.groups()
    back = Decimal(f"{'-' if sign else ''}{whole}{part or ''}") * FACTORS[scale or ""]
    precision = Decimal(1).scaleb(-(number_format.SCALED_DECIMALS if scale else decimals)) * FACTORS[scale or ""]
    assert abs(back - value) <= precision / 2
    assert "," not in found[0]
    assert scale == "亿" or Decimal(f"{whole}{part or ''}") < 10000


@given(AMOUNTS)
def test_rounding_is_half_away_from_zero(value):
    assert number_format.rounded(-value, 2) == -number_format.rounded(value, 2)
    assert number_format.number(Decimal("0.125"), 2) == "0.13"


@given(AMOUNTS)
def test_a_floor_never_exceeds_the_true_value_and_a_ceiling_is_never_under_it(value):
    floor, ceiling = ("".join(number_format.scaled(value, "元", 0, rounding)) for rounding in ("floor", "ceiling"))
    assert said_number(floor) <= value <= said_number(ceiling)


@given(
    AMOUNTS, st.integers(0, 3), st.sampled_from(["户", "万户", "亿元", "个百分点", "%"]), st.sampled_from(["nearest", "floor"])
)
def test_a_value_in_its_unit_round_trips_at_its_precision(value, decimals, unit, rounding):
    said = number_format.in_unit(value, unit, decimals, rounding)
    assert said.endswith(unit)
    back = Decimal(said.removesuffix(unit).replace("−", "-"))
    assert -back.as_tuple().exponent == decimals
    unit_in_last_place = Decimal(1).scaleb(-decimals)
    assert 0 <= value - back < unit_in_last_place if rounding == "floor" else abs(value - back) <= unit_in_last_place / 2


@given(PERCENTS, st.integers(0, 3))
def test_a_change_in_points_has_a_verb_that_fits_and_no_sign(change, decimals):
    said = number_format.points(change, decimals)
    assert not re.search("[-−]", said)
    if said == "基本持平":
        assert not number_format.rounded(change, decimals)
    else:
        assert said.startswith("提高" if change > 0 else "下降")
        assert said.endswith("个百分点")
        assert Decimal(re.search(r"[0-9.]+", said)[0]) == abs(number_format.rounded(change, decimals)) > 0


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("0.0987", "1/10"),
        ("0.5", "1/2"),
        ("0.0043", "0.4%"),
        ("0.4", "2/5"),
        ("0.03", "3.0%"),
        ("0.99", "99.0%"),
        ("0.051", "1/20"),
        ("0.9996", "99.9%"),
    ],
)
def test_a_part_is_said_as_a_fraction_that_can_be_said(part, said):
    assert number_format.fraction(Decimal(part)) == said


@pytest.mark.parametrize(
    ("unit", "factor"), [("万户", 10**4), ("亿元", 10**8), ("户", 1), ("件/万人", 1), ("万台件", 10**4), ("个月", 1)]
)
def test_a_unit_says_what_it_is_a_multiple_of(unit, factor):
    assert number_format.factor(unit) == factor


def said_number(said):
    """The number that a text states, in base units."""
    digits, scale = re.fullmatch("(−?[0-9.]+)(万|亿|)元", said).groups()
    return Decimal(digits.replace("−", "-")) * FACTORS[scale]


@given(st.decimals(min_value=0, max_value=1, places=6))
def test_a_fraction_is_within_five_percent_of_the_part(part):
    said = number_format.fraction(part)
    if "/" in said:
        above, below = map(int, said.split("/"))
        assert abs(Decimal(above) / below - part) <= part * Decimal("0.0501")
        assert 0 < above < below


@given(st.decimals(min_value=0, max_value=100, places=6), st.integers(0, 3))
def test_a_part_is_a_hundred_percent_only_when_it_is_the_whole(percent, decimals):
    assert (number_format.amount(percent, "%", decimals) == number_format.amount(Decimal(100), "%", decimals)) == (percent == 100)


@pytest.mark.parametrize(
    ("value", "said"), [(1_500_000, "150万户"), (150_000_000, "1.5亿户"), (100_000, "10万户"), (5000, "5000户")]
)
def test_a_round_number_is_said_without_idle_zeros(value, said):
    assert number_format.round_number(Decimal(value), "户") == said


@pytest.mark.parametrize(
    ("now", "before", "decimals", "said"),
    [
        ("62.14", "62.80", 1, "下降0.7个百分点"),  # −0.66
        ("62.16", "62.84", 1, "下降0.6个百分点"),  # −0.68, and 62.8 to 62.2 are printed
        ("62.86", "62.84", 1, "提高0.1个百分点"),
        ("62.84", "62.76", 1, "基本持平"),
        ("99.96", "99.90", 1, "基本持平"),  # 99.9 is printed of both
        ("100", "99.96", 1, "提高0.1个百分点"),
        ("96.19", "98.26", 2, "下降2.07个百分点"),
    ],
)
def test_a_printed_change_is_the_difference_of_the_printed_values(now, before, decimals, said):
    assert number_format.points_between(Decimal(now), Decimal(before), decimals) == said


PARTS = st.decimals(min_value=0, max_value=100, places=6)


@given(PARTS, PARTS, st.integers(0, 2))
def test_who_subtracts_two_printed_percentages_finds_the_printed_change(now, before, decimals):
    printed = [said_percent(number_format.amount(value, "%", decimals)) for value in (now, before)]
    said = number_format.points_between(now, before, decimals)
    gap = number_format.above(now, before, decimals, "全省")
    if printed[0] == printed[1]:
        assert (said, gap) == ("基本持平", "与全省持平")
    else:
        size = abs(printed[0] - printed[1])
        assert said == f"{'提高' if now > before else '下降'}{size}个百分点"
        assert gap == f"比全省{'高' if now > before else '低'}{size}个百分点"


@pytest.mark.parametrize(
    ("value", "threshold", "decimals", "enough", "printed"),
    [
        ("91.996", "92", 1, 3, "91.996"),
        ("-3.04", "-3", 1, 2, "-3.04"),
        ("-3.14", "-3", 1, 1, "-3.1"),
        ("92", "92", 1, 1, "92.0"),
        ("92.25", "92.25", 1, 2, "92.25"),
        ("91.94", "91.95", 1, 1, "91.9"),
        ("91.99999", "92", 1, 4, "91.9999"),
        ("92.00001", "92", 1, 4, "92.0001"),
        ("20.00001", "20", 5, 5, "20.00001"),
    ],
)
def test_a_value_prints_otherwise_than_the_threshold_that_it_misses(value, threshold, decimals, enough, printed):
    assert number_format.told_apart(Decimal(value), Decimal(threshold), decimals) == enough
    assert str(number_format.beside_threshold(Decimal(value), Decimal(threshold), decimals)) == printed


@given(PERCENTS, st.decimals(min_value=-100, max_value=100, places=2), st.integers(0, 2))
def test_a_value_beside_its_threshold_prints_on_the_side_where_it_lies(value, threshold, decimals):
    for near in (value, threshold + value / 10**6):  # far from the threshold, and close to it
        printed = number_format.beside_threshold(near, threshold, decimals)
        assert (printed > threshold) == (near > threshold)
        assert (printed < threshold) == (near < threshold)


def said_percent(text):
    """The number of a percentage as printed."""
    return Decimal(text.removesuffix("%"))


def test_limits_of_a_percentage_have_its_sign_and_others_no_unit():
    assert number_format.limits(93.8989, 97.644, "%", 2) == "93.90%—97.64%"
    assert number_format.limits(508.27, 919.4, "件/万台", 0) == "508—919"
