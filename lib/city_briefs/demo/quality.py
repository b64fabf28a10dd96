"""Standards and quality awards."""

import numpy as np
import pyarrow as pa

from city_briefs.demo.columns import dates, identifiers, rows, words
from city_briefs.demo.events import Events, events
from city_briefs.demo.province import Province
from city_briefs.model.tables import AWARDS, STANDARDS

KINDS = ("local", "group", "pilot")
LEVELS, GROWTHS = (125, 66, 7), (0.05, 0.15, 0.04)  # a year, by kind
EARLIER_YEARS = 5
OF_PROVINCE = (0.7, 0.05, 0.0)  # issued by the province itself, by kind
ABOLISHED = 0.03  # a year

GRANTED = {  # a year
    ("china_quality", "award"): 0.2,
    ("china_quality", "nomination"): 0.6,
    ("provincial_quality", "award"): 5,
    ("provincial_quality", "nomination"): 6,
}


def standards(province: Province) -> pa.Table:
    """Standards; those that the province itself issued are under its own code."""
    draws = province.draws(STANDARDS.name)
    parts = [
        events(province, draws, province.yearly(draws, level, growth, EARLIER_YEARS), pull=1.5)
        for level, growth in zip(LEVELS, GROWTHS, strict=True)
    ]
    issued = Events(np.concatenate([part.unit for part in parts]), np.concatenate([part.day for part in parts]))
    kind = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    size = len(issued)
    unit = np.where(draws.happens(np.array(OF_PROVINCE)[kind], size), len(province.units), issued.unit)
    abolished = np.maximum(issued.day, province.first_day) + 200 + draws.waits(ABOLISHED, size)
    return rows(
        STANDARDS,
        {
            "standard_id": identifiers("N", size),
            "region": words(unit, [*province.codes, province.regions.province.code]),
            "kind": words(kind, KINDS),
            "issued_on": dates(issued.day),
            "abolished_on": dates(abolished, province.last_day),
        },
    )


def awards(province: Province) -> pa.Table:
    """Quality awards, some from before the years begin."""
    draws = province.draws(AWARDS.name)
    years = range(province.years[0] - EARLIER_YEARS, province.years[-1] + 1)
    parts = []
    for granted in GRANTED.values():
        up_to = [round(granted * place) for place in range(len(years) + 1)]
        parts.append(events(province, draws, dict(zip(years, map(int, np.diff(up_to)), strict=True)), pull=2.0))
    kind = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return rows(
        AWARDS,
        {
            "award_id": identifiers("Q", len(kind)),
            "region": words(np.concatenate([part.unit for part in parts]), province.codes),
            "award": words(kind, [award for award, _ in GRANTED]),
            "grade": words(kind, [grade for _, grade in GRANTED]),
            "granted_on": dates(np.concatenate([part.day for part in parts])),
        },
    )
