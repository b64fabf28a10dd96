"""Text rules: what is said never contradicts the number."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import text

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
    assert text.amount(Decimal(value), "起", decimals) == said


def test_a_percentage_is_never_scaled():
    assert text.amount(Decimal("12160"), "%", 1) == "12160.0%"


@pytest.mark.parametrize(
    ("percent", "said"),
    [("-2.3749", "下降2.4%"), ("12.84", "增长12.8%"), ("0.05", "增长0.1%"), ("0.049", "基本持平"), ("-0.049", "基本持平")],
)
def test_growth_takes_a_positive_number(percent, said):
    assert text.growth(Decimal(percent)) == said


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
    assert text.beside(Decimal(own), Decimal(whole), "全省") == said


@given(PERCENTS)
def test_the_verb_agrees_with_the_sign_and_no_minus_is_written(percent):
    said = text.growth(percent)
    assert "-" not in said and "−" not in said
    if said != "基本持平":
        assert said.startswith("增长" if percent > 0 else "下降")
    else:
        assert abs(percent) < Decimal("0.05")


@given(AMOUNTS, st.integers(0, 3))
def test_an_amount_reads_back_to_the_number_at_its_precision(value, decimals):
    found = re.fullmatch(r"(−?)(\d+)(\.\d+)?(万|亿)?户", text.amount(value, "户", decimals))
    assert found
    sign, whole, part, scale = found.groups()
    back = Decimal(f"{'-' if sign else ''}{whole}{part or ''}") * FACTORS[scale or ""]
    precision = Decimal(1).scaleb(-(text.SCALED_DECIMALS if scale else decimals)) * FACTORS[scale or ""]
    assert abs(back - value) <= precision / 2
    assert "," not in found[0]
    assert scale == "亿" or Decimal(f"{whole}{part or ''}") < 10000


@given(AMOUNTS)
def test_rounding_is_half_away_from_zero(value):
    assert text.rounded(-value, 2) == -text.rounded(value, 2)
    assert text.number(Decimal("0.125"), 2) == "0.13"
