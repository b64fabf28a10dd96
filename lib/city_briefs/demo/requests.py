"""Requests to 12315: complaints, reports and enquiries; some are transferred to another city."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from city_briefs.demo.columns import dates, decimals, numbered, rows, truths, words
from city_briefs.demo.draws import Draws, Ints, LaterDraws, Truths, drawn_at, parts
from city_briefs.demo.events import Calendar, Events, calendar
from city_briefs.demo.province import LEVEL_YEAR, UNREPORTED, Province
from city_briefs.model.tables import COMPLAINTS

KINDS = ("complaint", "report", "enquiry")
COMPLAINT, REPORT, ENQUIRY = range(3)
KIND_WEIGHTS = (45, 20, 35)
CATEGORIES = {  # weights
    "食品": 19, "服装鞋帽": 9, "家用电器": 8, "通讯产品": 6, "交通工具": 6, "房屋装修": 5, "日用百货": 11, "餐饮住宿": 9,
    "美容美发": 5, "教育培训": 6, "互联网服务": 8, "公共服务": 3, "价格收费": 4, None: 1,
}  # fmt: skip
LEVEL, GROWTH = 760_000, 0.064
SEASON = (0.95, 0.85, 1.2, 1.0, 1.0, 1.0, 1.0, 1.05, 1.0, 0.95, 1.05, 0.95)  # 15 March is consumer rights day
CAPITAL = 1.8
ACCEPTED, WITHDRAWN, TRANSFERRED = 0.88, 0.02, 0.01
SETTLED, SETTLED_TREND = 0.66, 0.012  # of those accepted, in LEVEL_YEAR; more each year
RECOVERED_YUAN, RECOVERED_SIGMA, RECOVERED_GROWTH = 125, 1.15, 0.045  # median, spread, growth a year
DAYS_TO_CLOSE = {COMPLAINT: 17, REPORT: 24, ENQUIRY: 1}  # median


@dataclass(frozen=True)
class Filed:
    """Some requests as arrays, in the order of their ids; `origin` is the row of the one that was transferred, else -1."""

    events: Events
    kind: npt.NDArray[np.int8]
    category: npt.NDArray[np.int8]
    origin: npt.NDArray[np.int64]


def complaints(province: Province) -> Iterator[pa.Table]:
    """Yield the table of requests part by part, in the order of receipt, then the transferred ones."""
    draws = province.draws(COMPLAINTS.name)
    received = calendar(province, draws, province.yearly(draws, LEVEL, GROWTH), pull=CAPITAL, season=SEASON, weekend=0.6)
    shares = draws.later(received.count, Draws.shares)
    left_out = _left_out(province, received, shares.again())
    first = received.count - len(left_out)
    kinds, categories = draws.later(first), draws.later(first)
    transferred = _transferred(province, draws, received, left_out, shares, kinds, categories)
    size = first + len(transferred.origin)
    accepted, withdrawn, waiting = draws.later(size), draws.later(size), draws.later(size)
    usual = draws.noise(0.12, len(province.units))
    settled, recovered = draws.later(size), draws.later(size)
    grown = np.array([(1 + RECOVERED_GROWTH) ** (year - LEVEL_YEAR) for year in province.years])
    median_days = np.array([DAYS_TO_CLOSE[place] for place in range(3)])
    money = COMPLAINTS.schema.field("recovered_yuan").type
    row = 1
    for filed in chain(_received(received, left_out, shares, kinds, categories), _in_parts(transferred)):
        count = len(filed.events)
        enquiry, complaint = filed.kind == ENQUIRY, filed.kind == COMPLAINT
        is_accepted = accepted.happens(ACCEPTED, count)
        is_withdrawn = withdrawn.happens(WITHDRAWN, count) & complaint
        days = np.where(is_accepted | enquiry, median_days[filed.kind], 3)
        closed = filed.events.day + waiting.around(1, 0.7, count, unit=64) * days // 64
        chance = (SETTLED + SETTLED_TREND * (filed.events.year - LEVEL_YEAR)) * usual[filed.events.unit]
        is_settled = settled.happens(chance, count) & ~is_withdrawn
        is_decided = is_accepted & complaint & (closed <= province.last_day)
        cents = recovered.around(RECOVERED_YUAN, RECOVERED_SIGMA, count, unit=100)
        cents = (cents * grown[filed.events.year - province.years[0]]).astype(np.int64)
        yield rows(
            COMPLAINTS,
            {
                "complaint_id": numbered("C", np.arange(row, row + count)),
                "region": words(filed.events.unit, province.codes),
                "kind": words(filed.kind, KINDS),
                "received_on": dates(filed.events.day),
                "category": words(filed.category, list(CATEGORIES)),
                "accepted": truths(is_accepted, enquiry),
                "settled": truths(is_settled, ~is_decided),
                "closed_on": dates(closed, province.last_day),
                "recovered_yuan": decimals(cents, money, ~(is_decided & is_settled)),
                "withdrawn": truths(is_withdrawn),
                "transferred_from": numbered("C", filed.origin + 1, filed.origin < 0),
            },
        )
        row += count


def _received(
    received: Calendar, left_out: Ints, shares: LaterDraws, kinds: LaterDraws, categories: LaterDraws
) -> Iterator[Filed]:
    """Yield the requests as they were received first, without those that are left out, part by part."""
    for start, end in parts(received.count):
        reported = np.ones(end - start, bool)
        reported[left_out[slice(*np.searchsorted(left_out, (start, end)))] - start] = False
        events = received.at(np.arange(start, end), shares.shares(end - start))
        events = Events(events.unit[reported], events.day[reported])
        count = len(events)
        yield Filed(events, kinds.picks(KIND_WEIGHTS, count), _categories(categories, count), np.full(count, -1))


def _categories(draws: Draws, count: int) -> npt.NDArray[np.int8]:
    """Draw `count` categories."""
    return draws.picks(CATEGORIES.values(), count)


def _transferred(
    province: Province,
    draws: Draws,
    received: Calendar,
    left_out: Ints,
    shares: LaterDraws,
    kinds: LaterDraws,
    categories: LaterDraws,
) -> Filed:
    """Return the requests that another city received from the first one, some days later."""
    first = received.count - len(left_out)
    transferred = draws.later(first)
    origin = np.concatenate(
        [start + np.flatnonzero(transferred.happens(TRANSFERRED, end - start)) for start, end in parts(first)]
    )
    numbers = origin + np.searchsorted(left_out - np.arange(len(left_out)), origin, side="right")
    originals = received.at(numbers, drawn_at(numbers, received.count, shares.again().shares))
    cities = len(province.regions.cities)
    shift = draws.between(1, max(cities - 1, 1), len(origin))
    copies = Events(((originals.unit + shift) % cities).astype(np.int16), originals.day + draws.between(1, 5, len(origin)))
    kept = (copies.day <= province.last_day) & ~_unreported(province, copies) & (copies.unit != originals.unit)
    origin = origin[kept]
    again = kinds.again(), categories.again()
    return Filed(
        Events(copies.unit[kept], copies.day[kept]),
        drawn_at(origin, first, lambda count: again[0].picks(KIND_WEIGHTS, count)),
        drawn_at(origin, first, lambda count: _categories(again[1], count)),
        origin,
    )


def _in_parts(filed: Filed) -> Iterator[Filed]:
    """Yield requests part by part."""
    for part in (slice(*limits) for limits in parts(len(filed.origin))):
        events = Events(filed.events.unit[part], filed.events.day[part])
        yield Filed(events, filed.kind[part], filed.category[part], filed.origin[part])


def _left_out(province: Province, received: Calendar, shares: Draws) -> Ints:
    """Return the numbers of the requests that one city received in the months that it did not report."""
    months = np.array(UNREPORTED[2], "datetime64[M]")
    first_day, last_day = months.min().astype("datetime64[D]"), (months.max() + 1).astype("datetime64[D]") - 1
    numbers = np.arange(*received.between(first_day.astype(int), last_day.astype(int)))
    if province.place(UNREPORTED[1]) is None:
        return numbers[:0]
    return numbers[_unreported(province, received.at(numbers, drawn_at(numbers, received.count, shares.shares)))]


def _unreported(province: Province, received: Events) -> Truths:
    """Return which requests one city received in the months that it did not report, as a boolean each."""
    _, code, months = UNREPORTED
    position = province.place(code)
    if position is None:
        return np.zeros(len(received), bool)
    of_month = received.day.astype("datetime64[D]").astype("datetime64[M]")
    return (received.unit == position) & np.isin(of_month, np.array(months, "datetime64[M]"))
