"""Cells of LibreOffice's spreadsheets (.ods): what is read of a cell by its type, its value and the text that it shows."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from city_briefs.analysis.ingest.readers.number_formats import LARGEST, SIGNS, TYPED, exact, plain, plain_text, time_text

SHOWN = re.compile(r"([^\d.]*)((?:\d[\d,]*)?(?:\.\d+)?)(.*)", re.DOTALL)
DURATION = re.compile(r"(-?)PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
SHIFTS = (0, 3, 4, 6, 8)  # powers of ten by which number formats make a number smaller


@dataclass(frozen=True)
class OpenCell:
    """A cell as it is read: its text, None when it is empty.

    `shift` is the power of ten by which a number is shown smaller without a word. `is_rounded` says that it holds more digits than
    are shown, the rest being noise.
    """

    text: str | None
    shift: int = 0
    is_rounded: bool = False


def read(attributes: dict[str, str], shown: str) -> OpenCell:
    """Return a cell by the attributes of its element, and the text that it shows."""
    kind = attributes.get("office:value-type", "string" if shown else "")
    if kind in ("float", "percentage", "currency"):
        return _number(float(attributes["office:value"]), shown, is_percentage=kind == "percentage")
    if kind == "date":
        return OpenCell(attributes["office:date-value"].replace("T", " "))
    if kind == "time" and (match := DURATION.fullmatch(attributes["office:time-value"])):
        sign, hours, minutes, seconds = match.groups()
        value = timedelta(hours=int(hours or 0), minutes=int(minutes or 0), seconds=float((seconds or "0").replace(",", ".")))
        return OpenCell(time_text(-value if sign else value))
    if kind == "boolean":
        return OpenCell(attributes["office:boolean-value"])
    if not kind and "table:formula" in attributes:  # without a value
        return OpenCell("=" + attributes["table:formula"].partition("=")[2])
    return OpenCell(shown or None)


def _number(value: float, shown: str, *, is_percentage: bool) -> OpenCell:
    """Return a number with all digits that somebody typed, and the words that are shown around it."""
    number = exact(value) * (100 if is_percentage else 1)
    match = SHOWN.fullmatch(shown.strip())
    if not match or not match[2].strip(",.") or "E" in match[3] or abs(value) >= LARGEST:
        return OpenCell(f"{plain(number)}%" if is_percentage else plain_text(value))
    prefix, digits, suffix = SIGNS.sub("", match[1]), Decimal(match[2].replace(",", "")), SIGNS.sub("", match[3])
    decimals, sign = len(match[2].partition(".")[2]), "-" if number < 0 else ""
    is_noise = len(plain(exact(value)).partition(".")[2]) > TYPED
    for shift in SHIFTS:
        scaled = abs(number).scaleb(-shift)
        if scaled.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) != digits:
            continue
        text = plain(digits if is_noise else scaled)
        if not decimals and match[2].startswith("0") and len(match[2]) > 1:
            text = match[2]  # 00123
        return OpenCell(f"{sign}{prefix}{text}{suffix}", 0 if prefix or suffix else shift, is_noise and scaled != digits)
    return OpenCell(shown)
