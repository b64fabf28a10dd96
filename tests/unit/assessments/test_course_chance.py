"""A change that is none is seldom named, and one of three standard deviations that lasts is dated to within a month."""

import numpy as np
import pytest

from city_briefs.analysis.assessments.monthly_values import course
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period, month_number
from city_briefs.metrics.consumer_rights import complaints_received
from city_briefs.metrics.supervision import problem_found_rate
from city_briefs.model.tables import RETURNS
from tests.conftest import World, covered
from tests.helpers.size import FULL

CITIES = 600 if FULL else 60
CODES = [f"1{number:05}" for number in range(1, CITIES + 1)]
REGIONS = "code,name,short,level,parent\n100000,Norland,Norland,province,\n" + "".join(
    f"{code},City{code},City{code},city,100000\n" for code in CODES
)
MONTHS = [month for year in range(2018, 2022) for month in Period(year).months]
SEASON = np.tile([0.7, 0.8, 1, 1.1, 1, 0.9, 1.2, 1.1, 1, 1.1, 1.1, 1], 4)
CASES, OF = 100, 400  # complaints expected in a month; inspections, of which a tenth find problems
SHIFT = 3  # standard deviations
NAMED = 0.05  # the most that chance names
DATED = 0.8 if FULL else 0.75  # the least that is dated to within a month; the latter leaves room for few draws


def complaints(chance, changed):
    """Complaints of each month: as usual, and in the last `changed` months SHIFT standard deviations up or down."""
    expected = SEASON * CASES
    expected[len(MONTHS) - changed :] += chance.choice([-1, 1]) * SHIFT * np.sqrt(expected[len(MONTHS) - changed :])
    return {"complaints_received": chance.poisson(expected)}


def inspections(chance, changed):
    """Inspections and those that found problems, likewise."""
    share = np.full(len(MONTHS), 0.1)
    share[len(MONTHS) - changed :] += chance.choice([-1, 1]) * SHIFT * np.sqrt(0.1 * 0.9 / OF)
    return {"problems_found": chance.binomial(OF, share), "inspections_judged": np.full(len(MONTHS), OF)}


def changes(folder, metric, drawn, changed, seed):
    """The change that each of many cities shows at the end of 2021, None for none."""
    chance = np.random.default_rng(seed)
    returns = [
        {"region": code, "month": month, "indicator": name, "numerator": str(number), "span": "month"}
        for code in CODES
        for name, numbers in drawn(chance, changed).items()
        for month, number in zip(MONTHS, numbers, strict=True)
    ]
    snapshot = World(folder).snapshot(regions=REGIONS, coverage=covered(RETURNS, CODES, range(2018, 2022)), returns=returns)
    results = Results(snapshot, [metric])
    return [course(Scope.of(results, snapshot.regions.by_code[code], Period(2021)), metric).change for code in CODES]


DRAWN = pytest.mark.parametrize(
    ("metric", "drawn"), [(complaints_received, complaints), (problem_found_rate, inspections)], ids=["count", "percentage"]
)


@DRAWN
def test_where_nothing_changed_at_most_one_city_in_twenty_names_a_month(tmp_path, metric, drawn):
    named = [change for change in changes(tmp_path, metric, drawn, 0, 1) if change]
    assert len(named) / CITIES <= NAMED


@DRAWN
@pytest.mark.parametrize("changed", [8, 10] if FULL else [8])
def test_a_lasting_change_is_dated_to_within_a_month_in_four_of_five_cities(tmp_path, metric, drawn, changed):
    began = month_number("2021-12") - changed + 1
    dated = [
        change
        for change in changes(tmp_path, metric, drawn, changed, 2)
        if change and min(abs(month_number(month) - began) for month in change.since) <= 1
    ]
    assert len(dated) / CITIES >= DATED
