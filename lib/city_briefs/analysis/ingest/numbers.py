"""Numbers as people and spreadsheets write them, exact: never through binary fractions."""

import re
from decimal import Decimal
from unicodedata import normalize

from city_briefs.analysis.ingest import units
from city_briefs.analysis.ingest.units import Unit
from city_briefs.model.tables import DECIMAL, INT, Column

NUMBER = re.compile(r"¥?([+-]?)¥?(\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(\.\d*)?([eE][+-]?\d{1,3})?([^\d.,+-].*)?")
DIGITS = 18  # before the decimal point; what has more is no number of any register


def number(text: str, column: Column, unit: Unit) -> Decimal | None:
    """The number that a text says, in the unit of its column; None when it says none that the column can hold.

    A unit beside the number holds before that of the column, `unit`.
    """
    found = NUMBER.fullmatch("".join(normalize("NFKC", text).split()))
    if not found:
        return None
    sign, whole, fraction, power, word = (part or "" for part in found.groups())
    own = units.unit(word, column) if word else unit
    if own is None:
        return None
    value = Decimal(f"{sign}{whole.replace(',', '') or '0'}{fraction}{power}") * own.factor
    return value if fits(value, column) else None


def fits(value: Decimal, column: Column) -> bool:
    """Whether a column can hold a number without losing a digit."""
    if value and value.adjusted() >= DIGITS:
        return False
    if kind := DECIMAL.fullmatch(column.type):
        digits, scale = int(kind[1]), int(kind[2])
        return value == round(value, scale) and (not value or value.adjusted() < digits - scale)
    return column.type != INT or value == value.to_integral_value()
