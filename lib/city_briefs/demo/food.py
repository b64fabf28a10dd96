"""Food businesses and school canteens, and the day on which they joined the bright kitchens (明厨亮灶)."""

import numpy as np
import pyarrow as pa

from city_briefs.demo.columns import dates, identifiers, rows, words
from city_briefs.demo.events import events
from city_briefs.demo.province import CANTEENS_FULL, Province, day
from city_briefs.model.tables import FOOD_UNITS

KINDS = ("catering", "retail", "producer", "school_canteen")
KIND_WEIGHTS = (44, 40, 9, 7)
CANTEEN = 3
LEVEL, GROWTH, EARLIER_YEARS = 11_500, 0.06, 10  # opened a year
CLOSING = np.array([0.05, 0.05, 0.03, 0.01])  # a year, by kind
JOINING = np.array([0.42, 0.06, 0.1, 1.0])  # of those open when it began, or opened since, by kind
BEGAN = day(2018, 3)  # the bright kitchens


def food_units(province: Province) -> pa.Table:
    """Return the table of food businesses.

    A canteen joins before the end of CANTEENS_FULL; one that opens in that year or later joins on its first day.
    """
    draws = province.draws(FOOD_UNITS.name)
    opened = events(province, draws, province.yearly(draws, LEVEL, GROWTH, EARLIER_YEARS), pull=1.3)
    size = len(opened)
    kind = draws.picks(KIND_WEIGHTS, size)
    closed = np.maximum(opened.day, province.first_day) + 20 + draws.waits(CLOSING[kind], size)
    since = np.maximum(opened.day, BEGAN)
    canteen, full = kind == CANTEEN, day(CANTEENS_FULL + 1) - 12
    last = np.where(canteen, full, since + 1_700)
    joined = since + (draws.shares(size) * np.maximum(last - since, 1)).astype(np.int64)
    joined = np.where(canteen & (opened.day >= day(CANTEENS_FULL)), opened.day, joined)
    joined[~draws.happens(JOINING[kind], size) | (joined >= closed)] = province.last_day + 1
    return rows(
        FOOD_UNITS,
        {
            "unit_id": identifiers("F", size),
            "region": words(opened.unit, province.codes),
            "kind": words(kind, KINDS),
            "opened_on": dates(opened.day),
            "closed_on": dates(closed, province.last_day),
            "bright_kitchen_on": dates(joined, province.last_day),
        },
    )
