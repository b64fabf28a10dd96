"""A build on a Dask cluster: real schedulers and workers, which die; what comes out is what one machine makes, to the byte."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from city_briefs.common.errors import UsageError
from city_briefs.production.build import dask_pool as module
from city_briefs.production.build.dask_pool import Terms
from city_briefs.production.build.fingerprints import installation
from tests.helpers.project import Project
from tests.helpers.waiting import WAIT, until

WORDS = ("build", "--year", "2011", "--format", "html", "--json")
MADE = "outputs/.chapters/2011/*/*.json"


class Dask:
    """A scheduler and workers, started by hand with the `lib` of a project; each is a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.workers = folder, []
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", folder / "scheduler.json"
        )
        self.address = until(self._address, "a scheduler")

    def _address(self):
        with suppress(OSError, ValueError):
            return json.loads((self.folder / "scheduler.json").read_text())["address"]

    def _start(self, kind, *words, root=None):
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *map(str, words), "--no-dashboard"]
        # A scheduler that does not see a connection close misses its worker after 30 seconds, and not after five minutes.
        environment = os.environ | {"PYTHONPATH": str(root or ""), "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "30s"}
        with (self.folder / f"{kind}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)

    def join(self, project: Project) -> subprocess.Popen:
        """A worker that works with the copy of a project, without anyone who would start it again."""
        words = (self.address, "--nthreads", "1", "--no-nanny", "--local-directory", self.folder)
        self.workers.append(self._start("worker", *words, root=project.root / "lib"))
        return self.workers[-1]

    def end(self) -> None:
        """Every process, with whatever it started."""
        for process in [self.scheduler, *self.workers]:
            process.kill()
            process.wait()


@pytest.fixture
def dask(tmp_path):
    (tmp_path / "dask").mkdir()
    started = Dask(tmp_path / "dask")
    yield started
    started.end()


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with what it makes at home of two chapters for all cities, as files by their paths."""
    made = Project(tmp_path_factory.mktemp("cluster"))
    made.build("--year", "2011", "--format", "html")
    return made, made.files()


@pytest.fixture
def begun(project, dask):
    """The same build begun anew on two workers, of which at least one has made a chapter."""
    made, files = project
    shutil.rmtree(made.out, ignore_errors=True)
    workers = [dask.join(made) for _ in range(2)]
    process = made.start(*WORDS, "--cluster", dask.address)
    until(lambda: list(made.root.glob(MADE)), "a chapter")
    yield made, files, workers, process
    process.kill()
    process.communicate()


def test_a_worker_that_is_killed_has_its_chapters_run_by_another(begun):
    made, files, workers, process = begun
    zygotes = psutil.Process(workers[0].pid).children()
    workers[0].send_signal(signal.SIGKILL)
    said, complaint = process.communicate(timeout=WAIT)
    assert process.returncode == 0, complaint
    assert json.loads(said)["failed"] == 0
    assert made.files() == files
    assert psutil.wait_procs(zygotes, timeout=WAIT)[1] == []  # its kernels went with it


def test_a_lost_scheduler_ends_the_build_and_what_was_made_stands(begun, dask):
    made, files, _, process = begun
    until(lambda: list(made.out.glob("2011/*/manifest.json")), "a pack")
    dask.scheduler.kill()
    _, complaint = process.communicate(timeout=WAIT)
    lost = f"The scheduler at {dask.address} was lost. What was made stands; the same command goes on from there."
    assert process.returncode == 4 and complaint.splitlines()[-1] == lost
    stands = [name for name in made.files() if name.endswith("city-brief.html")]
    assert 0 < len(stands) < 14
    made.build("--year", "2011", "--format", "html")
    assert made.files() == files


def test_when_the_last_worker_is_gone_the_build_does_not_wait_for_ever(begun, dask, monkeypatch):
    _, _, workers, process = begun
    for worker in workers:
        worker.kill()
    _, complaint = process.communicate(timeout=WAIT)
    lost = f"The workers of {dask.address} were lost. What was made stands; the same command goes on from there."
    assert process.returncode == 4 and complaint.splitlines()[-1] == lost


def refused(project, address):
    done = project.briefs(*WORDS, "--cluster", address)
    assert done.returncode == 2
    return done.stderr.splitlines()[-1]


def test_a_cluster_that_cannot_do_the_work_is_refused_before_any_is_given_out(project, dask, tmp_path):
    made, _ = project
    shutil.rmtree(made.out, ignore_errors=True)
    assert refused(made, dask.address) == (
        f"The scheduler at {dask.address} has no workers. Start some on each machine: "
        f"dask worker {dask.address} --nworkers {os.cpu_count()} --nthreads 1."
    )
    other = Project(tmp_path)
    other.edit("summary", "topic", "# Another")
    dask.join(other)
    assert refused(made, dask.address).endswith(
        " has another edition of the project, or another Python. Install there what is installed here, and start it again."
    )
    dask.end()
    assert refused(made, dask.address).startswith(f"No scheduler answers at '{dask.address}' (")
    assert not made.out.exists()


def test_a_worker_must_see_what_the_build_sees(tmp_path):
    seen = (tmp_path / "out/mark", tmp_path / "snapshot/snapshot.json", tmp_path / "editions/index.html")
    terms = Terms(installation(), seen, {})
    for there in seen:
        said = f"does not see {there.parent} as it is here. Keep it where all machines see it, under one path."
        assert module._lacking(terms) == said
        there.parent.mkdir()
        there.touch()
    assert module._lacking(terms) == ""


def test_a_worker_forgets_what_no_kernel_needs_to_know_and_works_in_a_folder_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("BUREAU_TOKEN", "planted")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    module._begin.__wrapped__()
    assert "BUREAU_TOKEN" not in os.environ
    [folder] = tmp_path.iterdir()
    assert os.environ["TMPDIR"] == tempfile.gettempdir() == str(folder)


def test_without_the_extra_the_option_says_which_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)  # as Python has it of what cannot be imported
    with pytest.raises(UsageError) as error, module.joined("tcp://127.0.0.1:8786", None, tmp_path):
        pass
    assert str(error.value) == "--cluster needs an extra: pip install 'city-briefs[cluster]'."


class Executor:
    """An executor of which no future ever ends, as when a worker died while its result was fetched."""

    def submit(self, *_):
        return Future()

    def shutdown(self, wait):
        assert not wait


class Client:
    """A client of a scheduler with so many workers, in a state of the client's."""

    def __init__(self, status, workers):
        self.status, self.workers = status, workers

    def get_executor(self, pure):
        return Executor()

    def scheduler_info(self, n_workers):
        return {"workers": dict.fromkeys(self.workers)}


@pytest.mark.parametrize(
    ("status", "said"), [("running", "The workers of tcp://a were lost."), ("connecting", "The scheduler at tcp://a was lost.")]
)
def test_a_job_is_given_up_also_when_its_future_never_ends(monkeypatch, status, said):
    monkeypatch.setattr(module, "LOOK", 0.01)
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    client = Client("running", ["worker"])
    with module.Cluster("tcp://a", client, Terms("", (), {})) as cluster:
        job = cluster.pool(1, True).submit(print)
        assert job.running()
        client.status, client.workers = status, []
        error = job.exception(timeout=WAIT)
    assert str(error) == f"{said} What was made stands; the same command goes on from there."
