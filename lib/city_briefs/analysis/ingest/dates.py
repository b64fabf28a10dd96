"""Dates and months, as people and spreadsheets write them."""

import re
from datetime import date, timedelta
from unicodedata import normalize

from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR

YEARS = f"a year between {FIRST_YEAR} and {LAST_YEAR}"
TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
DAY = re.compile(rf"(\d{{4}})([-/.年])(\d{{1,2}})(?:\2|月)(\d{{1,2}})日?{TIME}")
PACKED_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH = re.compile(
    r"(\d{4})(?:[-/](\d{1,2})|年(\d{1,2})月?|\.?(\d{2}))"
)  # 2021.1 is none: a number that lost its zero may be October
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
SERIALS = (25_569, 80_000)  # 1970 to 2119; a number outside is more likely something else
ZERO = date(1899, 12, 30)  # day 0 of a spreadsheet, for every day after February 1900


def day(text: str) -> date | None:
    """Parse a date, and leave out its time; None when the text is no date."""
    plain = normalize("NFKC", text).strip()
    if match := DAY.fullmatch(plain):
        return _date_of(match[1], match[3], match[4])
    if match := PACKED_DAY.fullmatch(plain):
        return _date_of(*match.groups())
    if (match := SERIAL.fullmatch(plain)) and SERIALS[0] <= int(match[1]) <= SERIALS[1]:
        return ZERO + timedelta(days=int(match[1]))
    return None


def month(text: str) -> str | None:
    """Parse a month, or the month of a date, to YYYY-MM; None when the text is neither."""
    if match := MONTH.fullmatch(normalize("NFKC", text).strip()):
        first = _date_of(match[1], match[2] or match[3] or match[4], "1")
    else:
        first = day(text)
    return f"{first:%Y-%m}" if first else None


def _date_of(year: str, month: str, day: str) -> date | None:
    """Return the date of these numbers; None when there is no such date, or its year is out of range."""
    try:
        parsed = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return parsed if FIRST_YEAR <= parsed.year <= LAST_YEAR else None
