"""Dates and months, as people and spreadsheets write them."""

import re
from datetime import date, datetime, timedelta, timezone
from unicodedata import normalize

from city_briefs.common import clock
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR

YEARS = f"a year between {FIRST_YEAR} and {LAST_YEAR}"
DAY = r"(\d{4})([-/.年])(\d{1,2})(?:\2|月)(\d{1,2})[日号]?"
PACKED_DAY = r"(\d{4})(\d{2})(\d{2})"
CLOCK = re.compile(
    r"[ T]?(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d+)?)?|[时点](?:(?P<分>\d{1,2})分?)?(?:(?P<秒>\d{1,2})秒)?)"
    r" ?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?"
)
PACKED_CLOCK = re.compile(r"(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})")
DATED = re.compile(rf"(?:{DAY}|{PACKED_DAY})(?P<rest>\D.*|(?<=[日号])\d.*|\d{{6}})?", re.ASCII)
MONTH = re.compile(
    r"(\d{4})(?:[-/](\d{1,2})月?|年(\d{1,2})(?:月份?)?|\.?(\d{2})(?:\.0)?)", re.ASCII
)  # 2021.1 is none: a number that lost its zero may be October
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
SERIALS = (25_569, 80_000)  # 1970 to 2119; a number outside is more likely something else
ZERO = date(1899, 12, 30)  # day 0 of a spreadsheet, for every day after February 1900
BLANK = re.compile(r"\s*([-/.:年月日号时点分秒])\s*")
LOOK_ALIKE = str.maketrans("。—–―−", ".----")
NUMERALS = {
    numeral: digit
    for digit, numerals in enumerate(("〇零○", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for numeral in numerals
}
IN_NUMERALS = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)


def day(text: str) -> date | None:
    """Parse a date, and leave out its time; None when the text is no date.

    A time of another time zone is that of the office first, so that it may be of another day.
    """
    plain = _plain(text)
    if match := DATED.fullmatch(plain):
        year, _, month, number, *packed = match.groups()[:-1]
        parsed = _date_of(year or packed[0], month or packed[1], number or packed[2])
        rest = match["rest"]
        return _day_at(parsed, rest, packed=bool(packed[0])) if parsed and rest and rest != ".0" else parsed
    if (match := SERIAL.fullmatch(plain)) and SERIALS[0] <= int(match[1]) <= SERIALS[1]:
        return ZERO + timedelta(days=int(match[1]))
    return None


def month(text: str) -> str | None:
    """Parse a month, or the month of a date, to YYYY-MM; None when the text is neither."""
    match = MONTH.fullmatch(_plain(text))
    first = _date_of(match[1], match[2] or match[3] or match[4], "1") if match else day(text)
    return f"{first:%Y-%m}" if first else None


def _plain(text: str) -> str:
    """Return a text in normal width, numerals as digits, without blanks beside signs and the apostrophe of a spreadsheet."""
    plain = normalize("NFKC", text).strip().lstrip("'").translate(LOOK_ALIKE)
    if match := IN_NUMERALS.fullmatch(plain):
        year = "".join(str(NUMERALS[numeral]) for numeral in match[1])
        plain = f"{year}年{_number(match[2])}月" + (f"{_number(match[3])}日" if match[3] else "")
    return BLANK.sub(r"\1", plain).upper()


def _number(numerals: str) -> int:
    """Return the number of at most three Chinese numerals, such as 二十一; 99 for one that is not written so."""
    tens, ten, ones = numerals.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 99
    return (NUMERALS.get(tens, 1) * 10 if ten else 0) + NUMERALS.get(ones, 0)


def _day_at(day: date, hour: str, *, packed: bool) -> date | None:
    """Return the day in the office's time zone, given the time that follows it; None when there is no such time."""
    match = CLOCK.fullmatch(hour) or (PACKED_CLOCK.fullmatch(hour) if packed else None)
    if not match:
        return None
    parts = match.groupdict()
    minute, second = (int(parts[name] or parts.get(chinese) or 0) for name, chinese in (("minute", "分"), ("second", "秒")))
    try:
        moment = datetime(day.year, day.month, day.day, int(parts["hour"]), minute, second)  # of the office unless a zone follows
    except ValueError:
        return None
    if not (zone := parts.get("zone")):
        return day
    offset = timedelta() if zone in ("Z", "UTC") else timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[-2:]))
    return moment.replace(tzinfo=timezone(offset)).astimezone(clock.zone()).date() if abs(offset) < timedelta(days=1) else None


def _date_of(year: str, month: str, day: str) -> date | None:
    """Return the date of these numbers; None when there is no such date, or its year is out of range."""
    try:
        parsed = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return parsed if FIRST_YEAR <= parsed.year <= LAST_YEAR else None
