"""Every engine counts the same: one expression, asked of DuckDB, of a real PostgreSQL and of Spark."""

import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from city_briefs import demo
from city_briefs.analysis import snapshot
from city_briefs.analysis.compute.cube_store import Cache
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.snapshot import engines
from city_briefs.analysis.snapshot.postgres_load import load
from city_briefs.app import cli, incremental
from city_briefs.common import paths, secrets
from city_briefs.common.errors import DataError, UsageError
from city_briefs.common.periods import LENGTHS, YTD
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import ENTITIES
from tests.helpers.rough import rough
from tests.ingest.database import database, run  # noqa: F401

SIZE = {"cities": 3, "entities": 1_000, "years": (2020, 2021)}
CELLS = ("known", "numerator", "denominator", "records", "twice")
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return demo.write(tmp_path_factory.mktemp("small") / "demo", **SIZE)


@pytest.fixture
def server(database, monkeypatch):  # noqa: F811
    """A PostgreSQL without any snapshot, that BRIEFS_POSTGRES names."""
    run(database, f"DROP SCHEMA IF EXISTS {engines.SCHEMA} CASCADE")
    monkeypatch.setenv(engines.ADDRESS, database)
    return database


@pytest.fixture(scope="module")
def spark():
    """A Spark in this process, set for small tables."""
    pyspark = pytest.importorskip("pyspark.sql", reason="the extra spark is not installed")
    if not shutil.which("java"):
        pytest.skip("Java is not installed")
    few = {"spark.sql.shuffle.partitions": "2", "spark.ui.enabled": "false", "spark.log.level": "ERROR"}
    builder = pyspark.SparkSession.builder.master("local[2]")
    for name, value in few.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def counted(path, engine):
    """What an engine counts of a snapshot: per table, column, span, metric and part the cells and their scale."""
    computed = Results(snapshot.load(path, engine), CATALOGUE.values())._computed
    computed.compute(LENGTHS)
    groups = {**computed._counted, ("returns", "", YTD): computed.returned}
    grids = {
        (str(getattr(rows, "name", rows)), by, span, metric, part): grid
        for (rows, by, span), of_metric in groups.items()
        for metric, parts in of_metric.items()
        for part, grid in parts.items()
    }
    return {where: [grid.scale, *(getattr(grid, cells) for cells in CELLS)] for where, grid in grids.items()}


def see_same(path, engine):
    here, there = counted(path, "duckdb"), counted(path, engine)
    assert len(here) > 300
    assert here.keys() == there.keys()
    assert [where for where in here if not all(map(np.array_equal, here[where], there[where]))] == []


def test_every_metric_is_the_same_in_postgresql(small, server):
    assert sum(rows for _, rows in load(small)) > 10_000
    see_same(small.path, "postgres")


@settings(max_examples=2)
@given(seeds)
def test_every_metric_is_the_same_in_postgresql_whatever_the_rows(server, seed):
    with tempfile.TemporaryDirectory() as folder:
        made = rough(Path(folder), seed, **SIZE)
        list(load(made))
        see_same(made.path, "postgres")


def test_every_metric_is_the_same_in_spark(small, spark):
    see_same(small.path, "pyspark")


@settings(max_examples=1, phases=[Phase.generate])
@given(seeds)
def test_every_metric_is_the_same_in_spark_whatever_the_rows(spark, seed):
    with tempfile.TemporaryDirectory() as folder:
        see_same(rough(Path(folder), seed, **SIZE).path, "pyspark")


def test_what_is_there_is_not_loaded_again(small, server):
    tables = [table.name for table, _ in load(small)]
    assert sorted(tables) == sorted(set(small.descriptions) - {"regions"})
    assert list(load(small)) == []


def test_a_table_that_was_not_loaded_is_named(small, server):
    opened = snapshot.load(small.path, "postgres")
    with pytest.raises(DataError) as error:
        opened.expression(ENTITIES)
    assert str(error.value) == f"{server} has no table entities of {small.path}. Load it: briefs load --data {small.path}."


def test_a_loading_that_stops_leaves_whole_tables_and_the_next_goes_on(small, server):
    loading = load(small)
    first, _ = next(loading)
    loading.close()
    rest = [table.name for table, _ in load(small)]
    assert sorted([first.name, *rest]) == sorted(set(small.descriptions) - {"regions"})


def test_an_engine_that_there_is_not_is_answered_with_the_nearest():
    with pytest.raises(UsageError) as error:
        engines.database("postgress")
    assert str(error.value) == "There is no engine 'postgress'. Did you mean postgres?"


@pytest.mark.parametrize(("engine", "module", "extra"), [("postgres", "psycopg", "postgres"), ("pyspark", "pyspark", "spark")])
def test_an_engine_whose_extra_is_missing_says_which(monkeypatch, engine, module, extra):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError) as error:
        engines.database(engine)
    assert str(error.value) == f"The engine {engine} needs an extra: pip install 'city-briefs[{extra}]'."


def test_without_an_address_the_engine_postgres_says_where_it_is_looked_for(small, monkeypatch):
    monkeypatch.delenv(engines.ADDRESS, raising=False)
    with pytest.raises(UsageError) as error:
        list(load(small))
    assert str(error.value) == (
        "The engine postgres needs the address of its server in BRIEFS_POSTGRES, such as postgresql://user@host/database."
    )


def test_a_server_that_is_not_there_is_a_sentence_without_its_password(small, monkeypatch):
    monkeypatch.setenv(engines.ADDRESS, "postgresql://bureau:secret@127.0.0.1:1/postgres")
    for asked in (lambda: list(load(small)), lambda: snapshot.load(small.path, "postgres").expression(ENTITIES)):
        with pytest.raises(DataError) as error:
            asked()
        assert str(error.value).startswith("postgresql://bureau:…@127.0.0.1:1/postgres does not answer: ")
        assert str(error.value).endswith(". Correct BRIEFS_POSTGRES, or see that the server runs.")
        assert "secret" not in str(error.value)


def test_a_number_is_asked_of_the_engine_that_is_named(small, server, capsys, monkeypatch):
    asked = ["value", "new_entities", "--year", "2021", "--data", str(small.path)]
    assert said(capsys, monkeypatch, "load", "--data", str(small.path))[1].endswith(" tables loaded. The others were there.\n")
    assert said(capsys, monkeypatch, *asked, "--engine", "postgres") == said(capsys, monkeypatch, *asked)


def test_results_that_another_engine_has_counted_are_kept_for_the_chapters(small, server, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "results", lambda: tmp_path)
    list(load(small))
    incremental.compute(snapshot.load(small.path, "duckdb"), ())
    assert list(tmp_path.iterdir()) == []
    incremental.compute(snapshot.load(small.path, "postgres"), ())
    kept = Results(small, CATALOGUE.values(), Cache(tmp_path))
    assert {metric.id for metric in kept.recall()} >= {"new_entities", "lifts_in_use"} & set(CATALOGUE)
    assert "database" not in vars(small)


def test_no_kernel_is_told_where_the_server_is():
    assert secrets.variables({engines.ADDRESS: "postgresql://bureau@host/database", "HOME": "/"}) == [engines.ADDRESS]


def said(capsys, monkeypatch, *words):
    """The exit code and what a command prints."""
    monkeypatch.setattr(sys, "argv", ["briefs", *words])
    try:
        cli.main()
        code = 0
    except SystemExit as ended:
        code = ended.code
    return code, capsys.readouterr().out
