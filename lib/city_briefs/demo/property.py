"""Intellectual property: patents, trademarks, pledges and technology transfers."""

import numpy as np
import pyarrow as pa

from city_briefs.demo.columns import dates, decimals, identifiers, rows, truths, words
from city_briefs.demo.draws import Ints
from city_briefs.demo.events import Events, events
from city_briefs.demo.province import SMALL_BASE, Province
from city_briefs.model.tables import IP_PLEDGES, PATENTS, TECH_TRANSFERS, TRADEMARKS

KINDS = ("invention", "utility", "design")
INVENTION = 0
LEVELS, GROWTHS = (2_050, 15_500, 1_500), (0.17, 0.19, 0.08)  # granted a year, by kind
EARLIER_YEARS = 8
DAYS_TO_GRANT = ((500, 1_100), (150, 330), (90, 240))
LAPSING = (0.045, 0.11, 0.13)  # a year
PENDING = 0.9  # of a year's grants, filed in the last years and not yet granted
HIGH_VALUE = 0.36  # of the inventions
CAPITAL = 6.0

TRADEMARK_LEVEL, TRADEMARK_GROWTH, TRADEMARK_EARLIER_YEARS = 27_500, 0.17, 10
TRADEMARK_LAPSING, GEOGRAPHICAL = 0.035, 0.0009

PLEDGE_LEVEL, PLEDGE_GROWTH = 82, 0.18
PLEDGED_PATENTS = (30, 22, 14, 10, 8, 6, 4, 3, 2, 1)  # one to ten
PLEDGE_YUAN, PLEDGE_SIGMA = 4_200_000, 0.8
TRANSFER_LEVEL, TRANSFER_GROWTH = 62, 0.12
TRANSFER_YUAN, TRANSFER_SIGMA = 550_000, 1.0


def patents(province: Province) -> pa.Table:
    """Return the table of patents by kind; the last filed of each kind are not granted yet."""
    draws = province.draws(PATENTS.name)
    columns: dict[str, list[Ints]] = {"unit": [], "kind": [], "filed": [], "granted": [], "lapsed": []}
    for kind, (level, growth, waits, lapsing) in enumerate(zip(LEVELS, GROWTHS, DAYS_TO_GRANT, LAPSING, strict=True)):
        granted = events(province, draws, province.yearly(draws, level, growth, EARLIER_YEARS), pull=CAPITAL)
        last_year = {province.years[-1]: round(PENDING * province.size(level))}
        pending = events(province, draws, last_year, pull=CAPITAL)
        size, pending_count = len(granted), len(pending)
        not_granted = np.full(pending_count, province.last_day + 1)
        columns["unit"] += [granted.unit, pending.unit]
        columns["kind"].append(np.full(size + pending_count, kind, np.int8))
        columns["filed"] += [granted.day - draws.between(*waits, size), pending.day]
        columns["granted"] += [granted.day, not_granted]
        known_since = np.maximum(granted.day, province.first_day)
        columns["lapsed"] += [known_since + 30 + draws.waits(lapsing, size), not_granted]
    arrays = {name: np.concatenate(parts) for name, parts in columns.items()}
    size = len(arrays["kind"])
    invention = arrays["kind"] == INVENTION
    return rows(
        PATENTS,
        {
            "patent_id": identifiers("P", size),
            "region": words(arrays["unit"], province.codes),
            "kind": words(arrays["kind"], KINDS),
            "filed_on": dates(arrays["filed"]),
            "granted_on": dates(arrays["granted"], province.last_day),
            "lapsed_on": dates(arrays["lapsed"], province.last_day),
            "high_value": truths(draws.happens(HIGH_VALUE, size), ~invention),
        },
    )


def trademarks(province: Province) -> pa.Table:
    """Return the table of trademarks; a few are geographical indications."""
    draws = province.draws(TRADEMARKS.name)
    totals = province.yearly(draws, TRADEMARK_LEVEL, TRADEMARK_GROWTH, TRADEMARK_EARLIER_YEARS)
    registered = events(province, draws, totals, pull=1.8)
    size = len(registered)
    lapsed = np.maximum(registered.day, province.first_day) + 30 + draws.waits(TRADEMARK_LAPSING, size)
    return rows(
        TRADEMARKS,
        {
            "trademark_id": identifiers("M", size),
            "region": words(registered.unit, province.codes),
            "registered_on": dates(registered.day),
            "lapsed_on": dates(lapsed, province.last_day),
            "geographical_indication": truths(draws.happens(GEOGRAPHICAL, size)),
        },
    )


def ip_pledges(province: Province) -> pa.Table:
    """Return the table of loans on patents: few of them, and in one city never thirty a year."""
    draws = province.draws(IP_PLEDGES.name)
    pledged = _with_small_base(province, events(province, draws, province.yearly(draws, PLEDGE_LEVEL, PLEDGE_GROWTH), pull=3.0))
    size = len(pledged)
    return rows(
        IP_PLEDGES,
        {
            "pledge_id": identifiers("Z", size),
            "region": words(pledged.unit, province.codes),
            "pledged_on": dates(pledged.day),
            "patents": pa.array(1 + draws.picks(PLEDGED_PATENTS, size).astype(np.int64)),
            "amount_yuan": decimals(
                draws.around(PLEDGE_YUAN / 10_000, PLEDGE_SIGMA, size) * 1_000_000,
                IP_PLEDGES.schema.field("amount_yuan").type,
            ),
        },
    )


def _with_small_base(province: Province, pledged: Events) -> Events:
    """Return the pledges with as many of the planted city in each year as planned; the capital gets the others."""
    code, per_year = SMALL_BASE
    position = province.place(code)
    if position is None:
        return pledged
    unit = np.where(pledged.unit == position, 0, pledged.unit).astype(np.int16)
    for year in province.years:
        unit[np.flatnonzero((unit == 0) & (pledged.year == year))[:per_year]] = position
    return Events(unit, pledged.day)


def tech_transfers(province: Province) -> pa.Table:
    """Return the table of technology transfers, with the amounts paid."""
    draws = province.draws(TECH_TRANSFERS.name)
    concluded = events(province, draws, province.yearly(draws, TRANSFER_LEVEL, TRANSFER_GROWTH), pull=3.0)
    size = len(concluded)
    return rows(
        TECH_TRANSFERS,
        {
            "transfer_id": identifiers("V", size),
            "region": words(concluded.unit, province.codes),
            "concluded_on": dates(concluded.day),
            "amount_yuan": decimals(
                draws.around(TRANSFER_YUAN / 100, TRANSFER_SIGMA, size) * 10_000,
                TECH_TRANSFERS.schema.field("amount_yuan").type,
            ),
        },
    )
