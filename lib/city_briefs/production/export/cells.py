"""Cells of a workbook: a number with the format that shows it as a document does, or text."""

import re
from typing import NamedTuple

MOST_DIGITS = 15  # that a cell keeps of a number
PRINTED = re.compile(  # a number of a table with its sign, and what stands before and after it
    r"(?P<before>[≈▲▼]?)(?P<sign>[+−]?)(?P<digits>(?:0|[1-9]\d*)(?:\.\d+)?)(?P<percent>%?)(?P<after>(?:[^\d（）()—/、，；:：.\-][^\d（）()—、，；:：.\-]{0,7})?)"
)


class Cell(NamedTuple):
    """What stands in a cell: a number, text or None for nothing; and how a number is shown."""

    content: float | str | None
    form: str = ""


def of_words(words: str) -> Cell:
    """Return a cell of a table: a number where it is one with its sign, % and unit, which the format shows; else the text."""
    printed = PRINTED.fullmatch(words)
    if not printed or sum(map(str.isdigit, words)) > MOST_DIGITS:
        return Cell(words or None)
    sign, digits, percent = printed["sign"], printed["digits"], printed["percent"]
    decimals = len(digits.partition(".")[2])
    number = float(digits) * (-1 if sign == "−" else 1)
    plain = f"{_literal(printed['before'])}{{}}{_plain(decimals)}{percent}{_literal(printed['after'])}"
    plus = "+" if sign == "+" else ""
    form = f"{plain.format(plus)};{plain.format('−')}" + (f";{plain.format(plus)}" if plus else "")
    return Cell(round(number / 100, decimals + 2) if percent else number, form)


def of_number(value: float, text: str, unit: str = "") -> Cell:
    """Return a cell of a figure, unrounded, that shows the decimals which its text has, and its unit if one is given."""
    decimals = re.search(r"\d\.(\d+)", text)
    is_scaled = any(power in text for power in "万亿")
    shown = len(decimals[1]) if decimals and not is_scaled else 0 if value == int(value) else 2
    form = _plain(shown) + _literal(unit)
    return Cell(value, f"{form};−{form}")


def _plain(decimals: int) -> str:
    """Return the format of a number with thousands and so many decimals."""
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _literal(words: str) -> str:
    """Return words as a format shows them."""
    return '"' + words.replace('"', "”") + '"' if words else ""
