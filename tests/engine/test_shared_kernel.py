"""A chapter in a kernel that has run another is one in a kernel of its own; a kernel in which something went wrong runs no other."""

import os
import shutil
import signal
from contextlib import suppress
from dataclasses import replace

import nbformat
import psutil
import pytest

from city_briefs import demo
from city_briefs.analysis import snapshot
from city_briefs.common import paths, read_log
from city_briefs.common.periods import Period
from city_briefs.production.build import chapter_store, make_pack
from city_briefs.production.build.run_chapter import execute
from city_briefs.production.build.worker_pool import WorkerPool
from city_briefs.production.engine import launcher, shared_kernel
from city_briefs.production.export.document import bind
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.plan import Chapter, SnapshotRef, plan
from tests.engine.conftest import printed
from tests.helpers.project import Project
from tests.helpers.size import in_full

PROVISIONER = "__import__('city_briefs.production.engine.shared_kernel', fromlist=['_'])._shared.manager.provisioner"
PID = "import os; print(os.getpid())"
PATIENCE = 30  # seconds for something that takes one
LEFT = """
import random, sys
import matplotlib.pyplot as plt, numpy as np
from city_briefs.common import read_log
left = plt.figure(); plt.rcParams['figure.dpi'] = 7; plt.rcParams['font.size'] = 40
random.seed(7); np.random.seed(7); np.random.default_rng().random()
read_log.note(('asked',), lambda: 1)
6 * 7
"""
FOUND = """
import os, random
import matplotlib.pyplot as plt, numpy as np
from city_briefs.common import read_log
print(sorted(name for name in globals() if not name.startswith('_i')), In, Out)
print(plt.get_fignums(), dict(plt.rcParams))
print(random.random(), np.random.random(), np.random.default_rng().random(), np.random.default_rng().random())
read_log.note(('asked',), lambda: 1)
"""


@pytest.fixture
def share(run, tmp_path, monkeypatch):
    """Executes cells in the kernel that chapters share, or in one of their own; what they note of reads lies in a file of that name."""

    def executed(*cells: str, is_shared: bool = True, reads: str = "reads", **options: object) -> nbformat.NotebookNode:
        monkeypatch.setenv(read_log.VARIABLE, str(tmp_path / reads))
        return run(*cells, engine="briefs", is_shared=is_shared, **options)

    yield executed
    run("1 / 0", engine="briefs", is_shared=True, may_raise=True)  # which ends the kernel that is there
    assert shared_kernel._shared is None


def test_a_chapter_finds_nothing_of_the_one_before(share, tmp_path):
    (own,) = share(FOUND, is_shared=False, reads="own").cells
    first = share(PID)
    assert "_3" not in printed(share(LEFT, PID, reads="left"))
    (shared,) = share(FOUND, reads="shared").cells
    assert printed(first) == printed(share(PID))
    assert (shared.execution_count, shared.outputs) == (own.execution_count, own.outputs)
    assert (tmp_path / "shared").read_bytes() == (tmp_path / "own").read_bytes() == (tmp_path / "left").read_bytes() != b""


TALK = """
import sys
from IPython.display import display
print("first")
display(1)
print("second", file=sys.stderr)
display(2)
print("third", end="")
written = sys.stdout.write(" and fourth")
"""


def test_what_is_printed_stands_where_it_was_printed(share):
    """The streams of a shared kernel are flushed only where something was written."""
    ordinary, quiet = (share(TALK, "pass", "print('fifth')", is_shared=is_shared) for is_shared in (False, True))
    assert [cell.outputs for cell in quiet.cells] == [cell.outputs for cell in ordinary.cells]
    shown = [output.get("text") or output["data"]["text/plain"] for cell in quiet.cells for output in cell.outputs]
    assert shown == [
        "first\nthird and fourth",
        "1",
        "second\n",
        "2",
        "fifth\n",
    ]  # what one stream prints in a cell stands together


@pytest.mark.parametrize("broken", ["1 / 0", "import os, sys; sys.exit()", "undefined"])
def test_a_chapter_that_stopped_takes_its_kernel_with_it(share, broken):
    first = printed(share(PID))
    stopped = share(PID, broken, may_raise=True)
    assert printed(stopped).startswith(first)
    assert printed(share(PID)) != first


def test_other_data_have_another_kernel_and_so_have_chapters_after_many(share, monkeypatch):
    monkeypatch.setattr(shared_kernel, "CHAPTERS", 2)
    first, again, other = (printed(share(PID)) for _ in range(3))
    assert first == again != other
    monkeypatch.setenv(paths.DATA_VARIABLE, "elsewhere")
    assert printed(share(PID)) != other


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_a_kernel_that_has_ended_between_two_chapters_is_followed_by_another(share, sign):
    first = printed(share(PID))
    os.kill(int(first), sign)
    second = printed(share(PID))
    assert second != first and second == printed(share(PID))


def test_what_is_written_past_the_cells_is_in_the_log_of_its_chapter(share, tmp_path):
    logs = []
    for word in ("one", "two", "three"):
        with (tmp_path / word).open("wb") as log:
            share(f"import os, sys; os.write(sys.stderr._original_stdstream_copy, b'{word}');", log=log)
        logs.append((tmp_path / word).read_text())
    assert logs == ["one", "two", "three"]


def test_the_kernel_stays_while_a_pack_is_made_and_ends_when_no_chapter_is_left(share, tmp_path, demo_province):
    regions = snapshot.load(demo_province.path).regions
    [request] = plan(
        [packs_toml.packs()["city-brief"]], regions, regions.cities[:1], [Period(2021)],
        source=SnapshotRef(demo_province.path), out=tmp_path, formats=(),
    )  # fmt: skip
    bound = bind(
        [("", nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 样张")]))], {"title": "样张", "date": "2021-12-31"}
    )
    kernel = int(printed(share(PID)))
    for after_chapters in (False, True):
        folder = tmp_path / str(after_chapters)
        folder.mkdir()
        process = psutil.Process(kernel)
        make_pack._export(request, bound, folder, ("html", "pdf"), after_chapters=after_chapters)
        assert len(list(folder.iterdir())) == 2
        if after_chapters:
            with suppress(psutil.NoSuchProcess):
                process.wait(PATIENCE)  # it was killed, for which the system takes a moment
            assert int(printed(share(PID))) != kernel
        else:
            assert int(printed(share(PID))) == kernel


@in_full
def test_all_packs_are_the_same_in_shared_kernels_and_in_one_for_each_chapter(tmp_path):
    """To the byte, and so are the reads that were noted: a read that a chapter has from one before it would keep it when it is old."""
    project = Project(tmp_path)
    project.take_packs()
    data = demo.write(tmp_path / "demo", cities=2, entities=2_000).path
    stateless = project.root / "lib/city_briefs/production/packs/stateless.py"
    rule = stateless.read_text("utf-8")
    made = []
    for share in (True, False):
        stateless.write_text(
            rule.replace("return not chapter.is_analysis", f"return {share} and not chapter.is_analysis"), "utf-8"
        )
        done = project.command("build", "--year", "2021", "--data", str(data), "--jobs", "1")
        assert done.returncode == 0, done.stderr
        chapters = {str(file.relative_to(project.out)): file for file in sorted((project.out / ".chapters").rglob("*.ipynb"))}
        reads = {name: read_log.noted(file.with_suffix(chapter_store.READS)) for name, file in chapters.items()}
        notebooks = {name: file.read_bytes() for name, file in chapters.items()}
        documents = {name: content for name, content in project.files().items() if not name.endswith((".json", "index.html"))}
        made.append((reads, notebooks, documents))
        shutil.rmtree(project.out)
    assert made[0] == made[1]
    assert len(made[0][1]) > 20 and any(reads for reads in made[0][0].values())


def test_a_worker_of_a_build_runs_the_chapters_of_all_regions_in_one_kernel(demo_province, cubes, tmp_path):
    """And a chapter that may leave something in one of its own."""
    regions = snapshot.load(demo_province.path).regions
    source = SnapshotRef(demo_province.path)
    [request, other] = plan(
        [packs_toml.packs()["city-brief"]], regions, regions.cities[:2], [Period(2021)],
        source=source, out=tmp_path, formats=(),
    )  # fmt: skip
    variables = dict(os.environ) | source.variables | {paths.RESULTS_VARIABLE: str(cubes.folder)}
    with WorkerPool(1, variables, kernels=True) as worker:

        def kernel(chapter: Chapter) -> int:
            assert worker.submit(execute, chapter).result().failure is None
            return worker.submit(eval, f"{PROVISIONER}.pid").result()

        first, second, *_ = request.chapters
        pids = [kernel(chapter) for chapter in (first, second, other.chapters[0], replace(second, is_analysis=True))]
    launcher._held.workers.close()
    launcher.hold(None)
    assert len(set(pids)) == 1  # the last has left the one that is shared as it was
