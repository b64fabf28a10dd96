"""A chapter is tried again when the machine was at fault, and not when the chapter was."""

import errno
import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import papermill
import pytest

from city_briefs.common import paths, read_log
from city_briefs.common.paths import CHECKED_VARIABLE, DATA_VARIABLE, RESULTS_VARIABLE
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.production.build import run_chapter
from city_briefs.production.build.make_pack import export
from city_briefs.production.build.outcome import Failure
from city_briefs.production.build.run_chapter import Stopped, execute
from city_briefs.production.export.document import bind, document
from city_briefs.production.packs.chapter_notebook import without_preview
from city_briefs.production.packs.packs_toml import Pack, parameters
from city_briefs.production.packs.plan import Chapter, SnapshotRef
from tests.helpers import NOTEBOOKS

PACK = Pack(id="city-brief", title="简报", per="city", addressee="政府", chapters=["summary"])
CHAPTER = Chapter(
    "summary", Region("620100", "兰州市", "兰州", "city", "620000"), Period(2021), parameters(PACK, city="兰州市", year=2021, through=12),
    SnapshotRef(Path("data")), Path("outputs"),
)  # fmt: skip


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Failure | None, int]]:
    """Executes a chapter whose attempts end with these errors, and then well: its failure, and how often it was tried."""

    def executed(*errors: Exception) -> tuple[Failure | None, int]:
        left, attempts = list(errors), []

        def attempt(chapter: Chapter, started: float) -> None:
            attempts.append(chapter)
            if left:
                raise left.pop(0)

        monkeypatch.setattr(run_chapter, "WAITS", (0, 0))
        monkeypatch.setattr(run_chapter, "_execute", attempt)
        return execute(CHAPTER).failure, len(attempts)

    return executed


STALE = OSError(errno.ESTALE, "Stale file handle")
SILENT = RuntimeError("Kernel didn't respond in 60 seconds")
DIED = RuntimeError("Kernel died before replying to kernel_info")


@pytest.mark.parametrize("error", [STALE, SILENT, DIED, OSError(errno.EAGAIN, "Resource temporarily unavailable")], ids=str)
def test_a_chapter_is_tried_again_when_the_machine_was_at_fault(tried, error):
    assert tried(error) == (None, 2)
    assert tried(error, error) == (None, 3)


def test_after_the_last_attempt_it_is_said_what_was_wrong(tried):
    failure, attempts = tried(SILENT, DIED, STALE)
    assert attempts == 3
    assert (failure.reason, failure.kind) == ("OSError: [Errno 116] Stale file handle. run.json has the particulars.", "OSError")
    assert failure.trace.endswith("OSError: [Errno 116] Stale file handle\n")
    failure, attempts = tried(SILENT, SILENT, SILENT)
    assert (failure.reason, attempts) == (
        "RuntimeError: Kernel didn't respond in 60 seconds. run.json has the particulars.",
        3,
    )


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        PermissionError(errno.EACCES, "Permission denied"),
        RuntimeError("a cell's own"),
        NotImplementedError("Kernel this is not"),
        ValueError("Kernel"),
    ],
    ids=str,
)
def test_what_would_go_wrong_again_is_tried_once(tried, error):
    failure, attempts = tried(error, error)
    assert attempts == 1
    assert failure.reason == f"{type(error).__name__}: {error}. run.json has the particulars."


def test_a_cell_that_stops_is_not_tried_again(tried):
    """Not even when its own error is of a kind that a machine makes."""
    stopped = Failure("OSError.", "OSError", "（一）主要指标", 3, "{}")
    assert tried(Stopped(stopped), STALE) == (stopped, 1)


def test_only_what_a_cell_raises_itself_is_the_chapters_fault(tmp_path, monkeypatch, real):
    """A real kernel, once: the cell says that a folder is stale, and is not run again."""
    ran = tmp_path / "ran"
    source = f"with open({str(ran)!r}, 'a') as file:\n    file.write('x')\nraise OSError({errno.ESTALE}, 'Stale file handle')"
    notebook = json.loads((paths.notebooks() / "summary.ipynb").read_text("utf-8"))
    notebook["cells"] = [*notebook["cells"][:2], nbformat.v4.new_code_cell(source, id="raises")]
    file = tmp_path / "summary.ipynb"
    file.write_text(json.dumps(notebook), "utf-8")
    monkeypatch.setattr(Chapter, "notebook", file)
    monkeypatch.setattr(run_chapter, "WAITS", (0, 0))
    for variable in (DATA_VARIABLE, CHECKED_VARIABLE, read_log.VARIABLE):
        monkeypatch.setenv(variable, "")  # which a worker keeps; here they are as before when the test is over
    given = Chapter("summary", CHAPTER.region, CHAPTER.period, CHAPTER.parameters, SnapshotRef(real.path), tmp_path / "outputs")
    failure = execute(given).failure
    assert (failure.reason, failure.kind, failure.section, failure.cell) == ("OSError.", "OSError", "一页看懂", 3)
    assert ran.read_text() == "x"
    assert not (tmp_path / "outputs").exists()  # a chapter that stopped is not kept


def test_a_preview_is_left_out_and_leaves_no_trace_in_the_documents(demo_province, data_variable, monkeypatch, cubes):
    data_variable(demo_province.path)
    monkeypatch.setenv(RESULTS_VARIABLE, str(cubes.folder))

    def documents(*places):
        notebook = nbformat.read(NOTEBOOKS / "quality.ipynb", as_version=4)
        for place in places:
            notebook.cells.insert(place, nbformat.v4.new_code_cell("preview()"))
        given = {"city": "兰州市", "year": 2021, "through": 12}
        executed = papermill.execute_notebook(
            without_preview(notebook), None, given, "briefs", kernel_name="python3", progress_bar=False
        )
        assert "preview" not in nbformat.writes(executed)
        bound = bind([("quality", executed)], {"title": "质量", "date": "2021-12-31"})
        return {suffix: export(document(bound), suffix) for suffix in ("html", "pdf", "xlsx", "docx")}

    assert documents(4, 100) == documents()
