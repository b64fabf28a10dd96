"""What is wrong with a file is said in a sentence, and takes no memory without end."""

from pathlib import Path

import pytest

from city_briefs.analysis.ingest import readers
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common.errors import DataError
from city_briefs.model.tables import ENTITIES
from tests.helpers import memory
from tests.ingest.corpus import CORPUS, READ, REFUSED

KINDS = {".csv": "csv", ".parquet": "parquet", ".xlsx": "xlsx", ".xls": "xlsx", ".xlsm": "xlsx", ".xlsb": "xlsx", ".ods": "xlsx"}
IN_A_PROCESS = "import sys, tests.ingest.test_corpus_of_files as corpus; corpus.print_refusals(sys.argv[1])"


def read(path: Path) -> int:
    """How many rows a file has."""
    source = DataSource(path.name, KINDS[path.suffix], path, ENTITIES)
    return sum(len(batch) for raw_table in readers.raw_tables(source) for batch in raw_table.rows(1))


def print_refusals(folder: str) -> None:
    """What is said of each file of a folder that cannot be read, as JSON."""
    said = {}
    for name, bad in REFUSED.items():
        try:
            read(Path(folder) / name / bad.file)
        except DataError as error:
            said[name] = str(error)
    memory.tell(said)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder in which each file of the corpus lies in a folder of its own."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, bad in CORPUS.items():
        (folder / name).mkdir()
        bad.write(folder / name / bad.file)
    return folder


@pytest.fixture(scope="module")
def run(made):
    """One process that reads all that must be refused: what is said of each, what it printed as errors, and its peak of memory."""
    return memory.measured(IN_A_PROCESS, made)


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(name, run):
    assert run[0][name] == REFUSED[name].says


def test_no_refusal_takes_a_gigabyte_or_makes_a_noise(run):
    _, noise, peak = run
    assert noise == ""
    assert 0 < peak < memory.GIGABYTE


@pytest.mark.parametrize("name", READ)
def test_a_file_with_wrong_rows_is_read_so_that_they_can_be_told(name, made):
    assert read(made / name / READ[name].file) >= 1


def test_the_corpus_has_sixty_files():
    assert len(CORPUS) >= 60
