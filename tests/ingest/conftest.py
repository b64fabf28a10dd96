import pytest

from city_briefs.analysis.ingest.staging import StagingArea
from tests.ingest.database import database  # noqa: F401  # one server for all


@pytest.fixture
def staging(tmp_path):
    with StagingArea(tmp_path / "snapshot") as staging:
        yield staging
