"""A small demo, its results, and the second count of them."""

import pytest

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.snapshot import Snapshot
from city_briefs.metrics import CATALOGUE
from tests.definitions.second_count import SecondCount
from tests.helpers.rough import rough

CITIES = 11  # as few as have everything that is planted


@pytest.fixture(scope="session")
def rough_demo(tmp_path_factory) -> Snapshot:
    """A small demo with more for a definition to decide."""
    return rough(tmp_path_factory.mktemp("demo"), cities=CITIES, entities=20_000)


@pytest.fixture(scope="session")
def results(rough_demo) -> Results:
    return Results(rough_demo, CATALOGUE.values())


@pytest.fixture(scope="session")
def second(rough_demo) -> SecondCount:
    return SecondCount(rough_demo.path)
