"""Entities of the market in their register, and the credit ratings of some of them."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from city_briefs.demo.columns import dates, numbered, rows, words
from city_briefs.demo.conversions import Conversions
from city_briefs.demo.draws import Draws, Ints, LaterDraws, Truths, parts
from city_briefs.demo.events import calendar, expected
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
from city_briefs.demo.register import ENTERPRISE, KIND_WEIGHTS, KINDS, Entities, Register
from city_briefs.model.tables import CREDIT_RATINGS, ENTITIES

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
REVOKED = 0.02  # of enterprises, in all
CLASSES = ("A", "B", "C", "D")
CLASS_WEIGHTS = (55, 30, 12, 3)
RATED = 0.36  # of the enterprises each year: a tenth of all entities


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


def register(province: Province, count: int) -> tuple[Register, Iterator[pa.Table]]:
    """Return the register, and the parts of the table `entities`."""
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
    entered = calendar(province, draws, totals, season=SEASON, planned=planned)
    size = entered.count
    shares, kinds = draws.later(size, Draws.shares), draws.later(size)
    industries = [draws.later(number) for number in _of_each_kind(kinds.again(), size)]
    entities = Register(province, entered, shares, kinds, draws.later(size))
    return entities, _rows(entities, industries, draws)


def _of_each_kind(kinds: LaterDraws, size: int) -> list[int]:
    """Return how many entities of each kind there are."""
    numbers = np.zeros(len(KINDS), np.int64)
    for start, end in parts(size):
        numbers += np.bincount(kinds.picks(KIND_WEIGHTS, end - start), minlength=len(KINDS))
    return list(map(int, numbers))


def _rows(entities: Register, industries: Sequence[LaterDraws], draws: Draws) -> Iterator[pa.Table]:
    """Yield the table `entities` part by part."""
    province, size = entities.province, entities.entered.count
    conversions = Conversions(entities, draws)
    revoked, days = draws.later(size), draws.later(size, _days_to_revocation)
    for part in entities.parts():
        count = len(part.entered)
        origins = conversions.carry_out(part)
        industry = np.empty(count, np.int8)
        for position, weights in enumerate(INDUSTRY_WEIGHTS):
            of_kind = part.kind == position
            industry[of_kind] = industries[position].picks(weights, int(of_kind.sum()))
        revoked_on = np.where(
            revoked.happens(REVOKED, count) & (part.kind == ENTERPRISE),
            entities.since(part.entered) + _days_to_revocation(days, count),
            province.last_day + 1,
        )
        revoked_on[revoked_on >= part.cancelled] = province.last_day + 1
        yield rows(
            ENTITIES,
            {
                "entity_id": numbered("E", part.first_row + np.arange(1, count + 1)),
                "region": words(part.entered.unit, province.codes),
                "kind": words(part.kind, KINDS),
                "registered_on": dates(part.entered.day),
                "cancelled_on": dates(part.cancelled, province.last_day),
                "revoked_on": dates(revoked_on, province.last_day),
                "converted_from": numbered("E", origins + 1, origins < 0),
                "industry": words(industry, INDUSTRIES),
            },
        )


def _days_to_revocation(draws: Draws, count: int) -> Ints:
    """Draw `count` numbers of days from the entry to the revocation."""
    return draws.between(400, 2_400, count)


def ratings(entities: Register) -> Iterator[pa.Table]:
    """Yield the table of credit ratings part by part: some of the active enterprises are rated each spring."""
    province = entities.province
    draws = province.draws(CREDIT_RATINGS.name)
    springs = [day(year, 3) for year in province.years]
    enterprises = [_rateable(part, springs) for part in entities.parts()]
    row, unit, in_force = (np.concatenate(arrays, axis=-1) for arrays in zip(*enterprises, strict=True))
    days, rated = [], in_force
    for number in range(len(springs)):
        rated[number] &= draws.happens(RATED, len(row))
        days.append(draws.later(int(rated[number].sum()), _days_to_rating))
    classes = draws.later(int(rated.sum()))
    for start, end in parts(len(row)):
        place, spring = np.nonzero(rated[:, start:end].T)
        day_rated = np.empty(len(place), np.int64)
        for number, first in enumerate(springs):
            of_spring = spring == number
            day_rated[of_spring] = first + _days_to_rating(days[number], int(of_spring.sum()))
        yield rows(
            CREDIT_RATINGS,
            {
                "entity_id": numbered("E", row[start:end][place] + 1),
                "region": words(unit[start:end][place], province.codes),
                "rated_on": dates(day_rated),
                "class": words(classes.picks(CLASS_WEIGHTS, len(place)), CLASSES),
            },
        )


def _days_to_rating(draws: Draws, count: int) -> Ints:
    """Draw `count` numbers of days from the beginning of spring to a rating."""
    return draws.between(0, 90, count)


def _rateable(part: Entities, springs: Sequence[int]) -> tuple[Ints, Ints, Truths]:
    """Return the rows and units of the enterprises, and whether each (column) is in force in each spring (row)."""
    enterprises = np.flatnonzero(part.kind == ENTERPRISE)
    entered, cancelled = part.entered.day[enterprises], part.cancelled[enterprises]
    in_force = np.array([(entered < spring) & (cancelled > spring + 90) for spring in springs])
    return (part.first_row + enterprises).astype(np.int32), part.entered.unit[enterprises], in_force
