"""Numbers, as people and spreadsheets write them; parsed exactly, never through binary fractions."""

import re
from decimal import ROUND_HALF_UP, Decimal
from unicodedata import normalize

from city_briefs.analysis.ingest import units
from city_briefs.analysis.ingest.units import Unit
from city_briefs.analysis.validation.row_checks import SIGNED
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR
from city_briefs.model.table import DECIMAL, FLOAT, INT, Column

NUMBER = re.compile(
    r"(¥?)([+-]?)(¥?)(\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(\.\d*)?([eE][+-]?\d{1,3})?\s*([^\d.,+\-\s()].*)?", re.DOTALL
)
YUAN_BEFORE = re.compile(r"(?:¥|人民币|rmb|cny)\s*", re.IGNORECASE)
BRACKETED = re.compile(r"\(([^()+-]+)\)([^()+-]*)")  # how accountants write what is below zero
NONE = {"-", "--", "—", "——", "–", "―", "/", "\\", "无", "n/a"}  # what is written where there is no number
MARKS = str.maketrans("−’‘”“", "-''\"\"")  # U+2212; typographic marks of minutes and seconds
CLOCK = re.compile(r"(\d{1,3}):([0-5]?\d)(?::([0-5]?\d(?:\.\d+)?))?")
DURATION = re.compile(
    r"(?:(\d+(?:\.\d+)?)\s*(?:个?小时|时|h))?\s*(?:(\d+(?:\.\d+)?)\s*(?:分钟?|'|′|min))?\s*(?:(\d+(?:\.\d+)?)\s*(?:秒钟?|\"|''|′′|s))?"
)
MINUTES = "分钟"
HALF_HOUR = ("半小时", "半个小时")
GLUED = re.compile(r"[\d.,]\s+[\d.,]")
DIGITS = 18  # before the decimal point; what has more is no number of any register


def number(text: str, column: Column, unit: Unit, base: str) -> Decimal | None:
    """Parse a number and convert it to `base`, the unit of its column; None when it is no number, or the column cannot hold it.

    `unit` is the unit of the column as it was sent. A unit beside the number itself comes before it. `base` is empty where
    the unit of the column is not known; then no unit may stand beside the number. Digits are never joined over a blank.
    """
    text = text.strip()
    if is_glued(text) or any(_hides_digits(character) for character in text):
        return None
    plain = YUAN_BEFORE.sub("¥", normalize("NFKC", text).translate(MARKS))
    if base == MINUTES and (minutes := _minutes(plain, column)) is not None:
        return minutes if fits(minutes, column) else None
    sign = 1
    if may_be_negative(column) and (inside := BRACKETED.fullmatch(plain)):
        plain, sign = inside[1].strip() + inside[2], -1
    value = _value(plain, unit, base)
    return sign * value if value is not None and fits(value, column) else None


def may_be_negative(column: Column) -> bool:
    """Return whether a number of the column may be below zero."""
    return column.type == FLOAT or any(column in table.columns and column.name == name for table, name in SIGNED)


def is_glued(text: str) -> bool:
    """Return whether there is a blank or a line break between digits, so that they may be two numbers."""
    return bool(GLUED.search(normalize("NFKC", text)))


def is_time_of_two_readings(text: str) -> bool:
    """Return whether a time is either minutes and seconds or hours and minutes, such as 12:30.

    So is 12:30:00, into which a spreadsheet turns the 12:30 that was typed.
    """
    match = CLOCK.fullmatch(normalize("NFKC", text))
    if match is None:
        return False
    return match[3] is None or (int(match[1]) > 0 and not Decimal(match[3]))


def fits(value: Decimal, column: Column) -> bool:
    """Return whether the column can hold the number without losing a digit."""
    if value and value.adjusted() >= DIGITS:
        return False
    if column.name == "year" and not FIRST_YEAR <= value <= LAST_YEAR:
        return False
    if kind := DECIMAL.fullmatch(column.type):
        digits, scale = int(kind[1]), int(kind[2])
        return value == round(value, scale) and (not value or value.adjusted() < digits - scale)
    return column.type != INT or value == value.to_integral_value()


def _value(plain: str, unit: Unit, base: str) -> Decimal | None:
    """Return the number of a text in normal width; None when it has none, or its unit is not one of `base`."""
    match = NUMBER.fullmatch(plain)
    if not match:
        return None
    yuan, sign, yuan_behind, integer, fraction, power, word = (group or "" for group in match.groups())
    if (yuan or yuan_behind) and not base.startswith("元"):
        return None
    if power.startswith("E") and int(power[1:]) > max(
        len(fraction) - 1, 0
    ):  # 1.23E+11, of which a spreadsheet shows no more digits
        return None
    number_unit = _unit_beside(word.removesuffix("整"), unit, base) if word else unit
    if number_unit is None:
        return None
    return Decimal(f"{sign}{integer.replace(',', '') or '0'}{fraction}{power}") * number_unit.factor


def _unit_beside(word: str, unit: Unit, base: str) -> Unit | None:
    """Return the unit that stands beside a number; None when it is unknown, or no unit of the column.

    A bare 万 in a column of 万元 may mean 万元 or 万 of them, and is none.
    """
    known = units.named(word)
    if known is None or not base or (not known.base and unit.factor != 1):
        return None
    return units.converted(known, base)


def _minutes(plain: str, column: Column) -> Decimal | None:
    """Return the minutes of a time such as 0:12:30, 12分30秒 or 12'30"; None when it is none, or may be two.

    Seconds are rounded to the decimals of the column.
    """
    if plain in HALF_HOUR:
        return Decimal(30)
    match = CLOCK.fullmatch(plain)
    if (match and is_time_of_two_readings(plain)) or not (match or (match := DURATION.fullmatch(plain))):
        return None
    hours, minutes, seconds = (Decimal(group or 0) for group in match.groups())
    total, kind = hours * 60 + minutes + seconds / 60, DECIMAL.fullmatch(column.type)
    return total.quantize(Decimal(1).scaleb(-int(kind[2])), ROUND_HALF_UP) if kind and seconds else total


def _hides_digits(character: str) -> bool:
    """Return whether a character holds a digit and is none itself, such as ② or ², which may be the mark of a note."""
    return not (character.isascii() or character.isdecimal()) and any(map(str.isdecimal, normalize("NFKC", character)))
