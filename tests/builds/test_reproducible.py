"""The same inputs give the same bytes: in other folders, by other users, on other days, in other zones, locales, processes and homes."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ibis
import pytest

from city_briefs import demo
from city_briefs.analysis import snapshot
from city_briefs.analysis.compute.count_records import exact
from city_briefs.analysis.compute.results import Results
from city_briefs.metrics import CATALOGUE
from city_briefs.production.engine.launcher import LONGEST
from tests.helpers import ROOT
from tests.helpers.project import Project
from tests.helpers.size import in_full
from tests.hostile.surroundings import home, plant

PACKS = """
page_one = ["entity_stock", "new_entities"]

[[pack]]
id = "city-brief"
title = "市场监管工作简报"
per = "city"
addressee = "市（州）党委、政府分管领导"
chapters = ["summary", "market-order"]

[[pack]]
id = "province-overview"
title = "市场监管综合分析"
per = "province"
addressee = "省局领导"
chapters = ["city-comparison"]
cover = true
"""
ANOTHER = 61_234  # user
LONG_AGO = 1_000_000_000  # a day of 2001
AVERAGING = {
    "mean",
    "fmean",
    "avg",
    "average",
    "std",
    "stdev",
    "stddev",
    "var",
    "variance",
    "quantile",
    "approx_median",
    "corr",
    "fsum",
}
# The two zones are 26 hours apart, so that no two of their days are the same.
EAST = {"TZ": "Pacific/Kiritimati", "LANG": "zh_CN.UTF-8", "PYTHONHASHSEED": "1"}
WEST = {"TZ": "Etc/GMT+12", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "2"}
HOMELESS = ("env", "-u", "HOME", "-u", "XDG_CONFIG_HOME", "-u", "XDG_CACHE_HOME")
TURKISH = {"TZ": "America/New_York", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "3"}


def project(folder: Path, data: Path) -> Project:
    """A project of two packs in a folder of its own, with the demo in it."""
    folder.mkdir(parents=True)
    made = Project(folder)
    (made.root / "notebooks/packs.toml").write_text(PACKS, "utf-8")
    shutil.copytree(data, made.root / "data/snapshots/demo")
    (made.root / "briefs.toml").write_text('data = "data/snapshots/demo"\n', "utf-8")
    return made


def build(made: Project, *words: str, after: Sequence[str] = (), **variables: str) -> dict[str, bytes]:
    """Every file of the outputs, once its packs are made by the command as `briefs` starts it, `after` what is to go before it."""
    found = os.pathsep.join(filter(None, [str(made.root / "lib"), variables.pop("PYTHONPATH", "")]))
    command = (sys.executable, "-P", "-m", "city_briefs", "build", "--year", "2021")
    done = made.run(*after, *command, *words, PYTHONPATH=found, **variables)
    assert done.returncode == 0, done.stderr
    return made.files()


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]


def another_user() -> Sequence[str]:
    """What goes before a command that another user is to run, one without a name; nothing where the system does not let that be."""
    asked = ["unshare", "--user", f"--map-user={ANOTHER}", f"--map-group={ANOTHER}"]
    try:
        return asked if subprocess.run([*asked, "true"], capture_output=True, check=False).returncode == 0 else ()
    except OSError:
        return ()


@in_full
def test_packs_are_the_same_to_the_byte_wherever_whenever_and_by_whomever_they_are_made(tmp_path):
    """In ordinary kernels, one process, and by this user, who has no home; then in warm ones, eight processes, by another, from older files.

    The other has set what can be set: `matplotlibrc`, a start-up file of IPython, PYTHONPATH, and shadows of all modules where he works.
    """
    data = demo.write(tmp_path / "demo", cities=2, entities=2_000).path
    east, west = project(tmp_path / "east", data), project(tmp_path / "西 west/of it", data)
    apart = east.root / ("kernels" * LONGEST)[: 2 * LONGEST]  # too long for the sockets of warm kernels
    apart.mkdir()
    for file in west.root.rglob("*"):
        os.utime(file, (LONG_AGO, LONG_AGO))
    user, mark = another_user(), tmp_path / "mark"
    for folder in (west.root, west.root / "notebooks"):
        plant(folder, mark)
    set_up = home(tmp_path / "home", mark)
    with ThreadPoolExecutor() as both:
        first = both.submit(build, east, "--jobs", "1", after=HOMELESS, TMPDIR=str(apart), **EAST)
        second = both.submit(build, west, "--jobs", "8", after=user, **set_up, **WEST)
    made = first.result()
    assert {Path(name).suffix for name in made} == {".html", ".pdf", ".xlsx", ".docx", ".ipynb", ".json"}
    assert {"index.html", "2021/620100/manifest.json", "2021/620000/province-overview.pdf"} <= made.keys()
    assert differing(made, second.result()) == []
    assert (tmp_path / "started").exists()  # by the `sitecustomize` of that user, before there is a command: so it was in the way
    assert not mark.exists(), mark.read_text("utf-8")

    for name in made:  # what is kept of the chapters stays
        (west.out / name).unlink()
    assert differing(made, build(west, "--jobs", "2", after=(*user, *HOMELESS), **TURKISH)) == []


@in_full
def test_results_do_not_depend_on_how_many_threads_sum_them(demo_province):
    tables = []
    for threads in (1, 8):
        opened = snapshot.load(demo_province.path)
        opened.database.connection.raw_sql(f"SET threads = {threads}")
        tables.append(Results(opened, CATALOGUE.values()).table)
    assert tables[0].equals(tables[1])
    assert len(tables[0]) > 10_000


def test_a_sum_of_floats_is_refused():
    rows = ibis.table({"fine_yuan": "float64"}, name="cases")
    with pytest.raises(TypeError) as refused:
        exact(rows.fine_yuan.sum())
    assert str(refused.value) == "Sum(fine_yuan) is float64. A metric counts, or adds up integers or decimals."


def test_nothing_averages_floats():
    """What is given as an average divides two exact sums; a median takes the middle of what it sorts.

    Statistics are tests of such numbers, and none of them is printed as an average.
    """
    files = [
        file
        for file in sorted((ROOT / "lib/city_briefs").rglob("*.py"))
        if not {"demo", "statistics"} & set(file.relative_to(ROOT / "lib/city_briefs").parts)
    ]
    assert [found for file in files if (found := (file.name, called(file) & AVERAGING))[1]] == []


def called(file: Path) -> set[str]:
    """The names of the functions and methods that a file calls."""
    functions = [node.func for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return {one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in functions}
