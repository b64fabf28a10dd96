"""Requests to 12315: complaints, reports and enquiries; some are transferred to another city."""

import numpy as np
import pyarrow as pa

from city_briefs.demo.columns import dates, decimals, identifiers, rows, truths, words
from city_briefs.demo.draws import Truths
from city_briefs.demo.events import Events, events
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


def complaints(province: Province) -> pa.Table:
    """Return the table of requests in the order of receipt, then the transferred ones."""
    draws = province.draws(COMPLAINTS.name)
    received = events(province, draws, province.yearly(draws, LEVEL, GROWTH), pull=CAPITAL, season=SEASON, weekend=0.6)
    reported = ~_unreported(province, received)
    first = Events(received.unit[reported], received.day[reported])
    kind, category = draws.picks(KIND_WEIGHTS, len(first)), draws.picks(list(CATEGORIES.values()), len(first))
    passed_on = np.flatnonzero(draws.happens(TRANSFERRED, len(first)))
    cities = len(province.regions.cities)
    shift = draws.between(1, max(cities - 1, 1), len(passed_on))
    copies = Events(
        ((first.unit[passed_on] + shift) % cities).astype(np.int16), first.day[passed_on] + draws.between(1, 5, len(passed_on))
    )
    kept = (copies.day <= province.last_day) & ~_unreported(province, copies) & (copies.unit != first.unit[passed_on])
    passed_on = passed_on[kept]
    origin = np.concatenate([np.full(len(first), -1), passed_on])
    filed = Events(np.concatenate([first.unit, copies.unit[kept]]), np.concatenate([first.day, copies.day[kept]]))
    kind, category = (np.concatenate([values, values[passed_on]]) for values in (kind, category))
    size = len(filed)
    ids = identifiers("C", size)
    years = filed.year - LEVEL_YEAR
    enquiry = kind == ENQUIRY
    accepted = draws.happens(ACCEPTED, size)
    withdrawn = draws.happens(WITHDRAWN, size) & (kind == COMPLAINT)
    median = np.array([DAYS_TO_CLOSE[place] for place in range(3)])[kind]
    waiting_days = draws.around(1, 0.7, size, unit=64) * np.where(accepted | enquiry, median, 3) // 64
    closed = filed.day + waiting_days
    is_open = closed > province.last_day
    settled_chance = (SETTLED + SETTLED_TREND * years) * draws.noise(0.12, len(province.units))[filed.unit]
    settled = draws.happens(settled_chance, size) & ~withdrawn
    decided = accepted & (kind == COMPLAINT) & ~is_open
    cents = draws.around(RECOVERED_YUAN, RECOVERED_SIGMA, size, unit=100)
    grown = np.array([(1 + RECOVERED_GROWTH) ** (year - LEVEL_YEAR) for year in province.years])
    cents = (cents * grown[filed.year - province.years[0]]).astype(np.int64)
    money = COMPLAINTS.schema.field("recovered_yuan").type
    return rows(
        COMPLAINTS,
        {
            "complaint_id": ids,
            "region": words(filed.unit, province.codes),
            "kind": words(kind, KINDS),
            "received_on": dates(filed.day),
            "category": words(category, list(CATEGORIES)),
            "accepted": truths(accepted, enquiry),
            "settled": truths(settled, ~decided),
            "closed_on": dates(closed, province.last_day),
            "recovered_yuan": decimals(cents, money, ~(decided & settled)),
            "withdrawn": truths(withdrawn),
            "transferred_from": ids.take(pa.array(origin, mask=origin < 0)),
        },
    )


def _unreported(province: Province, received: Events) -> Truths:
    """Return which requests one city received in the months that it did not report, as a boolean each."""
    _, code, months = UNREPORTED
    position = province.place(code)
    if position is None:
        return np.zeros(len(received), bool)
    of_month = received.day.astype("datetime64[D]").astype("datetime64[M]")
    return (received.unit == position) & np.isin(of_month, np.array(months, "datetime64[M]"))
