"""Returns: the indicators that are reported as figures, by city and month or by the province alone."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from city_briefs.common.periods import month_number
from city_briefs.demo.columns import decimals, rows, words
from city_briefs.demo.draws import Draws, Floats, Truths
from city_briefs.demo.events import DRIFT, OFFICE
from city_briefs.demo.province import CHECKED, LEVEL_YEAR, RETURNED_TWICE, SECOND_RETURN_ADDS, TIE, Province
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric
from city_briefs.model.tables import RETURNS

MICRO = 1_000_000  # a return has six decimals
CAPITAL = 1.5
NOISE = 0.25  # from month to month
Amounts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Level:
    """The level of the whole province: in LEVEL_YEAR, or at its end for a stock. `units` is the number of steps in one."""

    amount: float
    growth: float
    by_city: bool = True
    units: int = 1


LEVELS = {
    "meeting_speakers": Level(6, 0, by_city=False),
    "model_party_branches": Level(58, 0.2, by_city=False),
    "honoured_collectives": Level(9, 0.05),
    "honoured_individuals": Level(24, 0.05),
    "first_in_nation_docs": Level(8, 0.1, by_city=False),
    "party_medals": Level(26, 0.1, by_city=False),
    "nonpublic_party_coverage": Level(21_600, 0.03),
    "gankuaiban_items": Level(64, 0.15, by_city=False),
    "fair_review_units": Level(28, 0.2, by_city=False),
    "fair_review_cities": Level(6, 0.1, by_city=False),
    "grassroots_fs_offices": Level(1_420, 0.02),
    "pipeline_periodic_inspection": Level(4, 0.1, by_city=False),
    "onestop_counties": Level(7, 0.15, by_city=False),
    "onestop_funds": Level(4_600_000, 0.12, units=100),
    "sme_cert_boost": Level(62, 0.1),
    "ccc_exempt_certs": Level(38, 0.08),
    "ccc_exempt_saving": Level(26_000_000, 0.1, units=100),
    "smart_meter_saving": Level(172_000_000, 0.06, by_city=False, units=100),
    "verified_instruments": Level(2_845_000, 0.05),
    "verification_fee_waived": Level(118_000_000, 0.05, units=100),
    "public_measure_standards": Level(2_310, 0.04),
    "sci_projects": Level(8, 0.14, by_city=False),
    "sci_award_units": Level(6, 0.1, by_city=False),
    "sci_award_projects": Level(17, 0.12, by_city=False),
    "prov_qi_centres_pending": Level(5, 0.15),
    "national_qi_centres": Level(7, 0.06),
    "patent_exam_months": Level(20.6, -0.02, by_city=False, units=10),
    "livelihood_violation_kinds": Level(14, 0.06, by_city=False),
    "fee_relief": Level(530_000_000, 0.11, units=100),
    "enforcement_vehicles": Level(420, 0.06),
    "dishonest_list_batches": Level(30, 0.08),
    "trusted_consumer_units": Level(6_350, 0.18),
    "trusted_consumer_streets": Level(64, 0.16),
    "noreason_return_units": Level(780, 0.22),
    "coldchain_measures": Level(7, 0.1, by_city=False),
    "donor_enterprises": Level(3_260, 0.04),
    "donation_cash": Level(38_600_000, 0.05, units=100),
    "donation_goods": Level(24_300_000, 0.05, units=100),
    "direct_units": Level(19, 0, by_city=False),
}
COVERED, COVERED_TREND = 0.80, 0.018  # of the non-public units: with a party organisation, in LEVEL_YEAR; more each year


def returns(province: Province) -> pa.Table:
    """Return the table of returns, each with the span of its metric; each indicator has a random stream of its own."""
    place, month, name, first, second, is_ratio, span = ([] for _ in range(7))
    metrics = [CATALOGUE[indicator] for indicator in CATALOGUE if indicator in LEVELS]  # without those that an office reports
    province_position = len(province.units)
    reporting = _reporting(province)
    for number, metric in enumerate(metrics):
        level, draws = LEVELS[metric.id], province.draws(f"{RETURNS.name}/{metric.id}")
        amounts = _amounts(province, metric, level, draws)
        when, where = np.nonzero(reporting) if level.by_city else (np.arange(len(amounts)), np.zeros(len(amounts), int))
        units_returned = amounts[when, where]
        if metric.id == CHECKED:
            when, where = np.append(when, np.arange(len(amounts))), np.append(where, np.full(len(amounts), province_position))
            units_returned = np.append(units_returned, (amounts * reporting).sum(axis=1))
        if metric.id == RETURNED_TWICE[0]:
            second_return = _place(province, *RETURNED_TWICE[1:])
            when, where = np.append(when, second_return[0]), np.append(where, second_return[1])
            units_returned = np.append(units_returned, amounts[second_return] + SECOND_RETURN_ADDS)
        ratio = metric.form == "ratio"
        month.append(when)
        place.append(where if level.by_city else np.full(len(when), province_position))
        second.append(units_returned * (MICRO // level.units))
        first.append(_covered(province, draws, when, where, units_returned) * MICRO if ratio else second[-1])
        is_ratio.append(np.full(len(when), ratio))
        name.append(np.full(len(when), number))
        span.append(np.full(len(when), metric.span == "as_of"))
    places, months, names, numerators, denominators, ratios, spans = map(
        np.concatenate, (place, month, name, first, second, is_ratio, span)
    )
    kind = RETURNS.schema.field("numerator").type
    return rows(
        RETURNS,
        {
            "region": words(places, [*province.codes, province.regions.province.code]),
            "month": words(months, province.months),
            "indicator": words(names, [metric.id for metric in metrics]),
            "numerator": decimals(numerators, kind),
            "denominator": decimals(denominators, kind, ~ratios),
            "span": words(spans.astype(np.int8), ("month", "as_of")),
        },
    )


def _reporting(province: Province) -> Truths:
    """Return whether a unit (column) reports in a month (row)."""
    since = np.array([province.since(unit) for unit in province.units])
    return np.repeat(province.years, 12)[:, None] >= since


def _place(province: Province, code: str, month: str) -> tuple[Amounts, Amounts]:
    """Return month and unit as an index into the amounts; empty when this province does not have them."""
    unit_position = province.place(code)
    index = np.array(
        [[province.months.index(month), unit_position]] if unit_position is not None and month in province.months else [], int
    )
    return index.reshape(-1, 2)[:, 0], index.reshape(-1, 2)[:, 1]


def _amounts(province: Province, metric: Metric, level: Level, draws: Draws) -> Amounts:
    """Return the amount of each unit (column) for each month (row), in the smallest unit that is returned.

    For an indicator of the province alone there is one column.
    """
    flow = metric.span == "month"
    if not level.by_city:
        return _flows(province, level, draws, np.ones(1)) if flow else _totals(province, level)[:, None]
    weights = province.weights(CAPITAL) * draws.noise(NOISE, len(province.units))
    weights /= weights.sum()
    amounts = _flows(province, level, draws, weights) if flow else _stocks(province, level, draws, weights)
    if metric.id == TIE[0]:
        _tie(province, amounts)
    return amounts


def _flows(province: Province, level: Level, draws: Draws, weights: Floats) -> Amounts:
    """Return whole amounts by month (row) and unit (column); they add up to the level, however small each of them is."""
    years = np.array([level.amount * level.units * (1 + level.growth) ** (year - LEVEL_YEAR) for year in province.years])
    months = np.repeat(years, 12) * np.tile(np.array(OFFICE) / sum(OFFICE), len(years))
    drift = draws.noise(DRIFT, len(years), len(weights)).cumprod(axis=0).repeat(12, axis=0)
    expected_amounts = months[:, None] * weights * drift * draws.noise(NOISE, len(months), len(weights))
    ends = np.floor(expected_amounts.cumsum() + draws.shares()).astype(np.int64)
    return np.diff(ends, prepend=0).reshape(expected_amounts.shape)


def _totals(province: Province, level: Level) -> Amounts:
    """Return the stock of the whole province at the end of each month."""
    end = month_number(f"{LEVEL_YEAR}-12")
    grown = [(1 + level.growth) ** ((month_number(month) - end) / 12) for month in province.months]
    return np.floor(np.array(grown) * level.amount * level.units).astype(np.int64)


def _stocks(province: Province, level: Level, draws: Draws, weights: Floats) -> Amounts:
    """Return the stock of each unit (column) at the end of each month (row); it never falls."""
    increase = np.diff(_totals(province, level), prepend=0)
    month = np.repeat(np.arange(len(increase)), increase)
    unit = np.minimum(np.searchsorted(weights.cumsum(), draws.shares(len(month)), side="right"), len(weights) - 1)
    amounts = np.zeros((len(increase), len(weights)), np.int64)
    np.add.at(amounts, (month, unit), 1)
    return amounts.cumsum(axis=0)


def _tie(province: Province, amounts: Amounts) -> None:
    """Give the second city the amounts of the first in every month of the tied year, in place."""
    _, first, second, year = TIE
    positions = province.place(first), province.place(second)
    if None in positions or year not in province.years:
        return
    leader, follower = positions
    start, end = (province.months.index(f"{year}-{month}") for month in ("01", "12"))
    amounts[:start, follower] = np.minimum(amounts[:start, follower], amounts[start, leader])
    amounts[end:, follower] += amounts[end, leader] - amounts[end, follower]
    amounts[start:end, follower] = amounts[start:end, leader]


def _covered(province: Province, draws: Draws, month_numbers: Amounts, unit_numbers: Amounts, units: Amounts) -> Amounts:
    """Return how many of the units have a party organisation."""
    end = month_number(f"{LEVEL_YEAR}-12")
    share = COVERED + COVERED_TREND / 12 * (np.array(list(map(month_number, province.months))) - end)
    usual = draws.noise(0.08, len(province.units))
    return np.floor(units * np.minimum(share[month_numbers] * usual[unit_numbers], 1)).astype(np.int64)
