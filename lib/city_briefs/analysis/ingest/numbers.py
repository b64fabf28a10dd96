"""Numbers, as people and spreadsheets write them; parsed exactly, never through binary fractions."""

import re
from decimal import Decimal
from unicodedata import normalize

from city_briefs.analysis.ingest import units
from city_briefs.analysis.ingest.units import Unit
from city_briefs.model.tables import DECIMAL, INT, Column

NUMBER = re.compile(r"¥?([+-]?)¥?(\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(\.\d*)?([eE][+-]?\d{1,3})?([^\d.,+-].*)?")
DIGITS = 18  # before the decimal point; what has more is no number of any register


def number(text: str, column: Column, unit: Unit) -> Decimal | None:
    """Parse a number and convert it to the unit of its column; None when the text is no number, or the column cannot hold it.

    `unit` is the unit of the column as it was sent. A unit beside the number itself comes before it.
    """
    match = NUMBER.fullmatch("".join(normalize("NFKC", text).split()))
    if not match:
        return None
    sign, integer, fraction, power, word = (group or "" for group in match.groups())
    number_unit = units.unit(word, column) if word else unit
    if number_unit is None:
        return None
    value = Decimal(f"{sign}{integer.replace(',', '') or '0'}{fraction}{power}") * number_unit.factor
    return value if fits(value, column) else None


def fits(value: Decimal, column: Column) -> bool:
    """Return whether the column can hold the number without losing a digit."""
    if value and value.adjusted() >= DIGITS:
        return False
    if kind := DECIMAL.fullmatch(column.type):
        digits, scale = int(kind[1]), int(kind[2])
        return value == round(value, scale) and (not value or value.adjusted() < digits - scale)
    return column.type != INT or value == value.to_integral_value()
