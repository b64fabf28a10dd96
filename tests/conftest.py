"""Small real tables, and the snapshots made of them."""

import os
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings

from city_briefs import demo
from city_briefs.analysis import snapshot
from city_briefs.analysis.compute.cube_store import Cache
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.app import cli
from city_briefs.common import language, read_log
from city_briefs.common.paths import DATA_VARIABLE
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric
from city_briefs.model.table import Table
from city_briefs.model.tables import COVERAGE, GAPS, TABLES
from city_briefs.production.engine import kernel_server
from city_briefs.production.packs import packs_toml
from tests.helpers import ROOT
from tests.helpers.project import Project
from tests.helpers.shared import once
from tests.helpers.size import FULL

pytest_plugins = ["tests.helpers.cost"]
settings.register_profile(  # no example is refused by a clock; each run draws the same, but one in full that is not of CI
    "project",
    deadline=None,
    derandomize=not FULL or "CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
settings.load_profile("project")
os.environ.setdefault(kernel_server.VARIABLE, kernel_server.OFF)  # a test that wants one says so
REAL = ROOT / "data/real"
CITIES = {2021: "620100", 2022: "620300"}  # whose packs are made for each year
SHARED = Path(os.environ.get("BRIEFS_SHARED", ROOT.parent / "shared"))
THREE_CITIES = """code,name,short,level,parent
9000,Norland,Norland,province,
9100,Ashford,Ashford,city,9000
9200,Birchwood,Birchwood,city,9000
9300,Cedarton,Cedarton,city,9000
9900,Elsewhere,Elsewhere,other,9000
"""


def shared(name: str) -> Path:
    """A file given beside the project; the test is skipped, by the file's name, when it is not there."""
    if not (SHARED / name).exists():
        pytest.skip(f"{name} is not beside the project")
    return SHARED / name


def rows(text: str) -> list[dict[str, str | None]]:
    """A table as text: a line of column names, then a line per row; `-` is empty."""
    head, *lines = [line.split() for line in text.strip().splitlines()]
    return [{name: None if cell == "-" else cell for name, cell in zip(head, line, strict=True)} for line in lines]


def arrow(table: Table, given: Iterable[dict]) -> pa.Table:
    """Rows as the Arrow table of the contract; columns left out are empty."""
    full = [{name: row.get(name) for name in table.schema.names} for row in given]
    columns = {name: _cast([row[name] for row in full], table.schema.field(name).type) for name in table.schema.names}
    return pa.table(columns, schema=table.schema)


def _cast(cells: list, kind: pa.DataType) -> pa.Array:
    """Text cells as the type of a column; Arrow reads no truth values from `True`."""
    if pa.types.is_boolean(kind):
        cells = [None if cell is None else str(cell) == "True" for cell in cells]
    return pa.array(cells).cast(kind)


def covered(table: Table, regions: Iterable[str], years: Iterable[int], through: int = 12) -> list[dict[str, str]]:
    """Coverage of a table by these regions for whole years."""
    return [
        {"table": table.name, "region": region, "month": month}
        for region in regions
        for year in years
        for month in Period(year, through).months
    ]


class World:
    """Snapshots of small tables, with Gansu's regions unless others are given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    def snapshot(
        self, *, regions: str | None = None, coverage: Iterable[dict], synthetic=False, caveats=(), **tables
    ) -> snapshot.Snapshot:
        self.made += 1
        regions_file = ROOT / "data/reference/regions.csv"
        if regions:
            regions_file = self.folder / f"regions-{self.made}.csv"
            regions_file.write_text(regions, "utf-8")
        contents = {(TABLES | GAPS)[name]: arrow((TABLES | GAPS)[name], given) for name, given in tables.items()}
        return snapshot.write(
            self.folder / f"snapshot-{self.made}",
            {**contents, COVERAGE: arrow(COVERAGE, coverage)},
            regions_file=regions_file,
            source="测试数据",
            ingested_at="2022-01-05",
            synthetic=synthetic,
            caveats=caveats,
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tiers of a few long tests come first, so that no process is left with one of them at the end."""
    items.sort(key=lambda item: not {"walkthroughs", "external", "faults", "builds", "engine"} & set(item.path.parts))


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """See that no variable of ours outlives the test that has set it, as running a chapter in this process does."""
    before = {name: value for name, value in os.environ.items() if name.startswith("BRIEFS_")}
    yield
    for name in [name for name in os.environ if name.startswith("BRIEFS_") and name not in before]:
        del os.environ[name]
    os.environ |= before


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture(scope="session")
def real() -> snapshot.Snapshot:
    """The snapshot that ships."""
    return snapshot.load(REAL)


@pytest.fixture(scope="session")
def demo_province(tmp_path_factory: pytest.TempPathFactory) -> snapshot.Snapshot:
    """The demo province, a hundredth of its size."""
    return snapshot.load(once(tmp_path_factory, "province", lambda folder: demo.write(folder / "demo", entities=20_000)) / "demo")


@pytest.fixture(scope="session")
def cubes(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    """Where results of whatever snapshot are kept for all tests: each is computed once."""
    return Cache(once(tmp_path_factory, "cubes", lambda folder: None))


@pytest.fixture(scope="session")
def demo_results(demo_province: snapshot.Snapshot, cubes: Cache) -> Results:
    """What all metrics of the small demo come to."""
    return Results(demo_province, CATALOGUE.values(), cubes)


@pytest.fixture(scope="session")
def packs_of(tmp_path_factory: pytest.TempPathFactory, demo_province: snapshot.Snapshot) -> Callable[[int], Path]:
    """Gives the outputs of every pack of one city and of the province for a year of CITIES, from the small demo."""

    def make(folder: Path, year: int) -> None:
        project = Project(folder)
        project.take_packs()
        packs = packs_toml.packs().values()
        data = ("--year", str(year), "--data", str(demo_province.path))
        project.build(*(pack.id for pack in packs if pack.per == "city"), "--city", CITIES[year], *data)
        project.build(*(pack.id for pack in packs if "province" in pack.levels), "--city", "甘肃省", *data)

    return lambda year: once(tmp_path_factory, f"packs-{year}", partial(make, year=year)) / "project/outputs"


@pytest.fixture(scope="session")
def packs_built(packs_of: Callable[[int], Path]) -> Path:
    """The outputs of 2021."""
    return packs_of(2021)


def figure(of: snapshot.Snapshot, metric: Metric, region: str, year: int, *, view: str = "value", through: int = 12) -> Figure:
    return look(Scope.of(Results(of, [metric]), of.regions.find(region), Period(year, through)), metric, view)


def value(
    of: snapshot.Snapshot, metric: Metric, region: str, year: int, *, view: str = "value", through: int = 12
) -> Decimal | None:
    return figure(of, metric, region, year, view=view, through=through).value


@pytest.fixture
def data_variable(monkeypatch: pytest.MonkeyPatch):
    """Points notebooks at a snapshot for one test."""
    return lambda path: monkeypatch.setenv(DATA_VARIABLE, str(path))


@pytest.fixture
def briefs(capsys, monkeypatch):
    """Run the command in this process: exit code, output, errors."""

    def run(*words):
        monkeypatch.setattr("sys.argv", ["briefs", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run


@pytest.fixture
def noting(tmp_path, monkeypatch):
    """The file that reads are noted in, by a process that has noted none yet."""
    file = tmp_path / "reads"
    monkeypatch.setenv(read_log.VARIABLE, str(file))
    read_log.begin()
    yield file
    read_log.begin()


@pytest.fixture
def said_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what sets the language of the locale."""

    def change(name: str) -> None:
        for variable in language.LOCALE:
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("LC_ALL", name)

    return change
