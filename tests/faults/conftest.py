"""The small project to which everything happens; each test begins with the older edition in its place and newer data."""

import shutil
from collections.abc import Iterator

import pytest

from tests.faults.harness import Bureau


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """Its editions are built once."""
    bureau = Bureau(tmp_path_factory.mktemp("faults"))
    yield bureau
    for folder in bureau.temporaries:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def bureau(made: Bureau) -> Iterator[Bureau]:
    made.restore()
    with made.sources():
        yield made
