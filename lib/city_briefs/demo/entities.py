"""Entities of the market in their register, and the credit ratings of some of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from city_briefs.demo.columns import dates, identifiers, rows, words
from city_briefs.demo.draws import Draws
from city_briefs.demo.events import Events, events, expected
from city_briefs.demo.province import (
    BAD_YEAR,
    BAD_YEAR_KEEPS,
    GROWTH_OF_NEW_ENTITIES,
    LEVEL_YEAR,
    WHOLE,
    Province,
    day,
    shared_out,
)
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
    """The entities as arrays, in the order of their ids. A day after the last one of the province has not come."""

    ids: pa.Array
    entered: Events
    kind: npt.NDArray[np.int8]
    cancelled: npt.NDArray[np.int64]


def new_entities(province: Province, count: int) -> dict[int, int]:
    """Return the new registrations by year, in total `count`; those left over are spread over the years before the first."""
    levels = {LEVEL_YEAR: float(NEW_IN_LEVEL_YEAR) * count / WHOLE}
    for year in range(LEVEL_YEAR, province.years[-1]):
        levels[year + 1] = levels[year] * (1 + GROWTH_OF_NEW_ENTITIES.get(year + 1, USUAL_GROWTH))
    for year in range(LEVEL_YEAR, province.years[0], -1):
        levels[year - 1] = levels[year] / (1 + GROWTH_OF_NEW_ENTITIES.get(year, USUAL_GROWTH))
    of_years = {year: round(levels[year]) for year in province.years}
    earlier = range(province.years[0] - EARLIER_YEARS, province.years[0])
    remaining = max(count - sum(of_years.values()), 0)
    return shared_out(remaining, {year: (1 + EARLIER_GROWTH) ** number for number, year in enumerate(earlier)}) | of_years


def register(province: Province, count: int) -> tuple[Register, pa.Table]:
    """Return the entities as arrays and as the table `entities`."""
    draws = province.draws(ENTITIES.name)
    totals = new_entities(province, count)
    planned = expected(province, draws, totals, CAPITAL)
    city_position, (_, bad_year) = province.place(BAD_YEAR[0]), BAD_YEAR
    if city_position is not None and bad_year in totals and bad_year - 1 in totals:
        year_row = list(totals).index(bad_year)
        planned[year_row, city_position] = planned[year_row - 1, city_position] * BAD_YEAR_KEEPS
        other_units = np.arange(len(province.units)) != city_position
        planned[year_row, other_units] *= (totals[bad_year] - planned[year_row, city_position]) / planned[
            year_row, other_units
        ].sum()
    entered = events(province, draws, totals, season=SEASON, planned=planned)
    size = len(entered)
    kind = draws.picks(KIND_WEIGHTS, size)
    industry = np.empty(size, np.int8)
    for position, weights in enumerate(INDUSTRY_WEIGHTS):
        of_kind = kind == position
        industry[of_kind] = draws.picks(weights, int(of_kind.sum()))
    in_register_since = np.maximum(entered.day, province.first_day)  # who left earlier is not in the register
    cancelled = in_register_since + 20 + draws.waits(LEAVING[kind], size)
    ids = identifiers("E", size)
    origins = _conversions(province, draws, entered, kind, cancelled)
    revoked = np.where(
        draws.happens(REVOKED, size) & (kind == ENTERPRISE),
        in_register_since + draws.between(400, 2_400, size),
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
    """Return, for each entity, the row of the self-employed entity that it grew out of, else -1.

    That self-employed entity is cancelled on the same day, in place in `cancelled`.
    """
    size = len(entered)
    self_employed = np.flatnonzero(kind == SELF_EMPLOYED)
    # By unit, then in the order of registration.
    self_employed = self_employed[np.argsort(entered.unit[self_employed], kind="stable")]
    starts = np.searchsorted(entered.unit[self_employed], np.arange(len(province.units)))
    enterprises = np.flatnonzero((kind == ENTERPRISE) & (entered.day >= province.first_day) & draws.happens(CONVERTED, size))
    unit_of_new = entered.unit[enterprises].astype(np.int64)
    candidates = (
        np.searchsorted(entered.unit[self_employed].astype(np.int64) * size + self_employed, unit_of_new * size + enterprises)
        - starts[unit_of_new]
    )
    enterprises, unit_of_new, candidates = (values[candidates > 0] for values in (enterprises, unit_of_new, candidates))
    chosen = self_employed[starts[unit_of_new] + (draws.random.random(len(enterprises)) * candidates).astype(np.int64)]
    chosen, first = np.unique(chosen, return_index=True)
    enterprises = enterprises[first]
    is_active = cancelled[chosen] > entered.day[enterprises]
    origins = np.full(size, -1, np.int64)
    origins[enterprises[is_active]] = chosen[is_active]
    cancelled[chosen[is_active]] = entered.day[enterprises[is_active]]
    return origins


def ratings(province: Province, entities: Register) -> pa.Table:
    """Return the table of credit ratings: some of the active enterprises are rated each spring."""
    draws = province.draws(CREDIT_RATINGS.name)
    enterprises = np.flatnonzero(entities.kind == ENTERPRISE)
    entity_rounds, day_rounds = [], []
    for year in province.years:
        spring = day(year, 3)
        in_force = (entities.entered.day[enterprises] < spring) & (entities.cancelled[enterprises] > spring + 90)
        rated = enterprises[in_force & draws.happens(RATED, len(enterprises))]
        entity_rounds.append(rated)
        day_rounds.append(spring + draws.between(0, 90, len(rated)))
    rated_entities, rated_days = np.concatenate(entity_rounds), np.concatenate(day_rounds)
    order = np.argsort(rated_entities, kind="stable")
    rated_entities, rated_days = rated_entities[order], rated_days[order]
    return rows(
        CREDIT_RATINGS,
        {
            "entity_id": entities.ids.take(pa.array(rated_entities)),
            "region": words(entities.entered.unit[rated_entities], province.codes),
            "rated_on": dates(rated_days),
            "class": words(draws.picks(CLASS_WEIGHTS, len(rated_entities)), CLASSES),
        },
    )
