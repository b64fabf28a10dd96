"""Quality: standards and quality awards."""

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
    """Return the table of standards; those of the province itself have its own code."""
    draws = province.draws(STANDARDS.name)
    by_kind = [
        events(province, draws, province.yearly(draws, level, growth, EARLIER_YEARS), pull=1.5)
        for level, growth in zip(LEVELS, GROWTHS, strict=True)
    ]
    issued = Events(np.concatenate([of_kind.unit for of_kind in by_kind]), np.concatenate([of_kind.day for of_kind in by_kind]))
    kind = np.repeat(np.arange(len(by_kind)), [len(of_kind) for of_kind in by_kind])
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
    """Return the table of quality awards; some are from before the first year."""
    draws = province.draws(AWARDS.name)
    years = range(province.years[0] - EARLIER_YEARS, province.years[-1] + 1)
    by_award = []
    for granted in GRANTED.values():
        cumulated = [round(granted * number) for number in range(len(years) + 1)]
        by_award.append(events(province, draws, dict(zip(years, map(int, np.diff(cumulated)), strict=True)), pull=2.0))
    kind = np.repeat(np.arange(len(by_award)), [len(of_award) for of_award in by_award])
    return rows(
        AWARDS,
        {
            "award_id": identifiers("Q", len(kind)),
            "region": words(np.concatenate([of_award.unit for of_award in by_award]), province.codes),
            "award": words(kind, [award for award, _ in GRANTED]),
            "grade": words(kind, [grade for _, grade in GRANTED]),
            "granted_on": dates(np.concatenate([of_award.day for of_award in by_award])),
        },
    )
