"""The register of market entities, and the credit ratings of some of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from city_briefs.demo.columns import dates, identifiers, rows, words
from city_briefs.demo.draws import Draws
from city_briefs.demo.events import Events, events, expected
from city_briefs.demo.planted import BAD_YEAR, BAD_YEAR_KEEPS, GROWTH_OF_NEW_ENTITIES
from city_briefs.demo.province import LEVEL_YEAR, WHOLE, Province, day, shared_out
from city_briefs.model.tables import CREDIT_RATINGS, ENTITIES

KINDS = ("enterprise", "self_employed", "cooperative", None)
ENTERPRISE, SELF_EMPLOYED = 0, 1
KIND_WEIGHTS = (28, 66.4, 5, 0.6)
LEAVING = np.array([0.030, 0.041, 0.019, 0.030])  # cancelled a year, by kind
INDUSTRIES = ("A", "C", "E", "F", "G", "H", "I", "K", "L", "M", "O", "R", None)
INDUSTRY_WEIGHTS = (  # by kind
    (6, 10, 11, 30, 5, 4, 6, 4, 13, 8, 1, 2, 0),
    (2, 5, 1, 56, 5, 16, 1, 0, 2, 1, 9, 1, 1),
    (92, 2, 0, 5, 0, 0, 0, 0, 0, 1, 0, 0, 0),
    (5, 5, 5, 40, 5, 5, 5, 5, 10, 5, 5, 5, 0),
)
SEASON = (0.85, 0.55, 1.3, 1.25, 1.2, 1.2, 1.05, 1.0, 1.0, 0.9, 0.95, 0.75)
NEW_IN_LEVEL_YEAR = 190_000
EARLIER_YEARS, EARLIER_GROWTH = 20, 0.1  # of those already registered when the years begin
USUAL_GROWTH = 0.05  # of new registrations in a year for which none is planted
CAPITAL = 1.4  # how much more than its people the capital registers
CONVERTED, REVOKED = 0.04, 0.02  # of new enterprises; of enterprises, in all
CLASSES = ("A", "B", "C", "D")
CLASS_WEIGHTS = (55, 30, 12, 3)
RATED = 0.36  # of the enterprises each year: a tenth of all entities


@dataclass(frozen=True)
class Register:
    """The entities as arrays, in the order of their ids; a day after the last one has not come."""

    ids: pa.Array
    entered: Events
    kind: npt.NDArray[np.int8]
    cancelled: npt.NDArray[np.int64]


def new_entities(province: Province, count: int) -> dict[int, int]:
    """New registrations by year, as many earlier ones included as `count` leaves over."""
    levels = {LEVEL_YEAR: float(NEW_IN_LEVEL_YEAR) * count / WHOLE}
    for year in range(LEVEL_YEAR, province.years[-1]):
        levels[year + 1] = levels[year] * (1 + GROWTH_OF_NEW_ENTITIES.get(year + 1, USUAL_GROWTH))
    for year in range(LEVEL_YEAR, province.years[0], -1):
        levels[year - 1] = levels[year] / (1 + GROWTH_OF_NEW_ENTITIES.get(year, USUAL_GROWTH))
    new = {year: round(levels[year]) for year in province.years}
    earlier = range(province.years[0] - EARLIER_YEARS, province.years[0])
    left = max(count - sum(new.values()), 0)
    return shared_out(left, {year: (1 + EARLIER_GROWTH) ** place for place, year in enumerate(earlier)}) | new


def register(province: Province, count: int) -> tuple[Register, pa.Table]:
    """The entities as arrays and as the table."""
    draws = province.draws(ENTITIES.name)
    totals = new_entities(province, count)
    planned = expected(province, draws, totals, CAPITAL)
    city, (_, bad) = province.place(BAD_YEAR[0]), BAD_YEAR
    if city is not None and bad in totals and bad - 1 in totals:
        row = list(totals).index(bad)
        planned[row, city] = planned[row - 1, city] * BAD_YEAR_KEEPS
        others = np.arange(len(province.units)) != city
        planned[row, others] *= (totals[bad] - planned[row, city]) / planned[row, others].sum()
    entered = events(province, draws, totals, season=SEASON, planned=planned)
    size = len(entered)
    kind = draws.picks(KIND_WEIGHTS, size)
    industry = np.empty(size, np.int8)
    for place, weights in enumerate(INDUSTRY_WEIGHTS):
        own = kind == place
        industry[own] = draws.picks(weights, int(own.sum()))
    known_since = np.maximum(entered.day, province.first_day)  # who left earlier is not in the register
    cancelled = known_since + 20 + draws.waits(LEAVING[kind], size)
    ids = identifiers("E", size)
    origins = _conversions(province, draws, entered, kind, cancelled)
    revoked = np.where(
        draws.happens(REVOKED, size) & (kind == ENTERPRISE),
        known_since + draws.between(400, 2_400, size),
        province.last_day + 1,
    )
    revoked[revoked >= cancelled] = province.last_day + 1
    table = rows(
        ENTITIES,
        {
            "entity_id": ids,
            "region": words(entered.unit, province.codes),
            "kind": words(kind, KINDS),
            "registered_on": dates(entered.day),
            "cancelled_on": dates(cancelled, province.last_day),
            "revoked_on": dates(revoked, province.last_day),
            "converted_from": ids.take(pa.array(origins, mask=origins < 0)),
            "industry": words(industry, INDUSTRIES),
        },
    )
    return Register(ids, entered, kind, cancelled), table


def _conversions(
    province: Province, draws: Draws, entered: Events, kind: npt.NDArray[np.int8], cancelled: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The row of the self-employed entity that each enterprise grew out of, else -1; that one leaves on the same day."""
    size = len(entered)
    own = np.flatnonzero(kind == SELF_EMPLOYED)
    own = own[np.argsort(entered.unit[own], kind="stable")]  # by unit, then in the order of registration
    starts = np.searchsorted(entered.unit[own], np.arange(len(province.units)))
    new = np.flatnonzero((kind == ENTERPRISE) & (entered.day >= province.first_day) & draws.happens(CONVERTED, size))
    unit = entered.unit[new].astype(np.int64)
    before = np.searchsorted(entered.unit[own].astype(np.int64) * size + own, unit * size + new) - starts[unit]
    new, unit, before = (values[before > 0] for values in (new, unit, before))
    chosen = own[starts[unit] + (draws.random.random(len(new)) * before).astype(np.int64)]
    chosen, first = np.unique(chosen, return_index=True)
    new = new[first]
    still = cancelled[chosen] > entered.day[new]
    origins = np.full(size, -1, np.int64)
    origins[new[still]] = chosen[still]
    cancelled[chosen[still]] = entered.day[new[still]]
    return origins


def ratings(province: Province, known: Register) -> pa.Table:
    """Each spring, some of the enterprises in force are rated."""
    draws = province.draws(CREDIT_RATINGS.name)
    enterprises = np.flatnonzero(known.kind == ENTERPRISE)
    found, on = [], []
    for year in province.years:
        spring = day(year, 3)
        in_force = (known.entered.day[enterprises] < spring) & (known.cancelled[enterprises] > spring + 90)
        rated = enterprises[in_force & draws.happens(RATED, len(enterprises))]
        found.append(rated)
        on.append(spring + draws.between(0, 90, len(rated)))
    whom, when = np.concatenate(found), np.concatenate(on)
    order = np.argsort(whom, kind="stable")
    whom, when = whom[order], when[order]
    return rows(
        CREDIT_RATINGS,
        {
            "entity_id": known.ids.take(pa.array(whom)),
            "region": words(known.entered.unit[whom], province.codes),
            "rated_on": dates(when),
            "class": words(draws.picks(CLASS_WEIGHTS, len(whom)), CLASSES),
        },
    )
