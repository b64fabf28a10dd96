import pytest

from lib.ingest.stage import Stage


@pytest.fixture
def stage(tmp_path):
    with Stage(tmp_path / "snapshot") as stage:
        yield stage
