"""人口: the definition restated as rows."""

from city_briefs.metrics.population import population
from tests.conftest import figure, rows, value

LANZHOU = "620100"


def test_the_population_is_the_last_one_counted_by_the_end_of_the_period(world):
    snapshot = world.snapshot(
        coverage=[],
        population=rows("""
            region  year  persons  basis     series
            620100  2019  379      year_end  2010普查口径
            620100  2020  436      census    2020普查口径
            620100  2020  437      year_end  2020普查口径
            620100  2021  438      -         2020普查口径
        """),
    )
    assert value(snapshot, population, LANZHOU, 2020, through=10) == 379
    assert value(snapshot, population, LANZHOU, 2020, through=11) == 436  # the census is of 1 November
    assert value(snapshot, population, LANZHOU, 2020) == 437
    assert value(snapshot, population, LANZHOU, 2021, through=11) == 437
    assert value(snapshot, population, LANZHOU, 2021) == 438  # without a basis it is a year-end count
    assert figure(snapshot, population, LANZHOU, 2019, through=11).value is None
