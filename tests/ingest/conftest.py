import pytest

from city_briefs.analysis.ingest.staging import Stage
from tests.ingest.database import database  # noqa: F401  # one server for all


@pytest.fixture
def stage(tmp_path):
    with Stage(tmp_path / "snapshot") as stage:
        yield stage
