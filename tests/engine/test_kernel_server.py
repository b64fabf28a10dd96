"""The kernel server: what it forks makes the bytes that own processes make, and it is there for whom it was started alone."""

import re
import shutil
import signal
import socket
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from city_briefs import demo
from city_briefs.common.theme.fonts import INCLUDED
from city_briefs.production.engine import kernel_server, serve_kernels
from tests.helpers.project import COMMAND, Project
from tests.helpers.size import FULL, in_full

PATIENCE = 60  # seconds for something that takes a few
BUILD = ("build", "city-brief", "--year", "2021", "--city", "620100", "--format", "html")
CELL = """import os
program = next(word for word in open(f"/proc/{os.getppid()}/cmdline").read().split(chr(0)) if word.endswith(".py"))
print("forked by", program.rpartition("/")[2])"""
SHOWN = """import os, resource
print("inherited:", oct(os.umask(0o27)), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"""
SIGNALS = """status = open("/proc/self/status").read().splitlines()
print("signals:", [line for line in status if line[:6] in ("SigBlk", "SigIgn", "SigCgt")])"""
LAB = """
import asyncio
from jupyter_client.multikernelmanager import AsyncMultiKernelManager

async def main():
    kernels = AsyncMultiKernelManager()  # as the server of JupyterLab has it
    await kernels.start_kernel(kernel_name="warm")
    await kernels.shutdown_all(now=True)

asyncio.run(main())
"""
HERE = "The kernel server is there. It ends by itself.\n"


class Office:
    """A project whose commands may use a server, and leave one behind; its folders for temporary files are its own."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.build_words = (*BUILD, "--data", str(data))
        self.project, self.temporary = Project(folder), Path(tempfile.mkdtemp(prefix="end-"))  # short enough for sockets
        self.variables = {"TMPDIR": str(self.temporary), kernel_server.VARIABLE: "on"}

    def run(self, *words: str, **variables: str) -> str:
        """What a command prints on both streams, having ended well."""
        done = self.project.command(*words, **self.variables | variables)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def build(self, *words: str, **variables: str) -> dict[str, bytes]:
        """The documents of a build from nothing."""
        shutil.rmtree(self.project.out, ignore_errors=True)
        self.run(*(words or self.build_words), **variables)
        return self.project.files()

    def own(self, *words: str) -> dict[str, bytes]:
        """The documents of such a build with processes of its own."""
        return self.build(*words, **{kernel_server.VARIABLE: kernel_server.OFF})

    def folders(self) -> list[Path]:
        """The folder of each server."""
        return [folder for folder in (self.temporary / kernel_server.place().name).glob("*-*") if folder.is_dir()]

    def servers(self) -> list[psutil.Process]:
        """The servers that run."""
        return [process for process in psutil.process_iter() if self._is_server(process)]

    def _is_server(self, process: psutil.Process) -> bool:
        """Whether a process is a server, and none that one has forked; one that has ended meanwhile is none."""
        with suppress(psutil.Error):
            parent = process.parent()
            return self._serves(process) and not (parent and self._serves(parent))
        return False

    def _serves(self, process: psutil.Process) -> bool:
        words = process.cmdline() if process.status() != psutil.STATUS_ZOMBIE else []
        return any(word.startswith(str(self.temporary)) for word in words) and serve_kernels.__name__.rpartition(".")[2] in str(
            words
        )

    def until(self, holds) -> None:
        until = time.monotonic() + PATIENCE
        while not holds() and time.monotonic() < until:
            time.sleep(0.05)
        assert holds()


@pytest.fixture
def office(tmp_path, demo_province):
    made = Office(tmp_path, demo_province.path)
    yield made
    made.run("serve-kernels", "--stop")
    made.until(lambda: made.servers() == [] == made.folders())
    shutil.rmtree(made.temporary)


def test_a_build_leaves_a_server_that_forks_the_next_and_all_are_as_with_own_processes(office):
    own = office.own()
    assert office.servers() == []
    first = office.build()
    [server] = office.servers()
    assert [folder.stat().st_mode & 0o777 for folder in (office.folders()[0], office.folders()[0].parent)] == [0o700, 0o700]
    assert office.build() == first == own
    assert office.servers() == [server] and len(own) > 3


@pytest.mark.parametrize(
    ("value", "program"), [("on", "serve_kernels.py"), *([(kernel_server.OFF, "zygote.py")] if FULL else [])]
)
def test_kernels_descend_from_it_unless_it_is_not_wanted(office, value, program):
    office.project.edit("summary", "figures-statement", CELL)
    made = office.build(**{kernel_server.VARIABLE: value})
    assert f"forked by {program}" in made["2021/620100/city-brief.html"].decode()
    assert len(office.servers()) == (value == "on")


@in_full
def test_what_a_build_inherits_its_processes_have_and_not_what_the_server_has(office):
    """The umask, limits, folder and streams of the command that asks; the server was started with others."""
    office.run("serve-kernels")
    [server] = office.servers()
    office.project.edit("summary", "figures-statement", SHOWN)
    command = f"umask 027; ulimit -S -n 777; cd notebooks; exec {sys.executable} -m city_briefs {' '.join(office.build_words)}"
    done = office.project.run("sh", "-c", command, **office.variables)
    assert done.returncode == 0, done.stderr
    page = office.project.out / "2021/620100/city-brief.html"
    assert "inherited: 0o27 777" in page.read_text("utf-8")
    assert page.stat().st_mode & 0o777 == 0o640
    assert office.servers() == [server]


OTHER_RIGHTS = "import ctypes; ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)"  # PR_SET_NO_NEW_PRIVS, as in a sandbox
IGNORES = (
    "import signal; signal.signal(signal.SIGUSR2, signal.SIG_IGN); signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})"
)
EXEC = "import os, sys; os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"


@in_full
def test_a_command_with_other_rights_has_another_server(office):
    """What it starts inherits them."""
    office.run("serve-kernels")
    done = office.project.run(sys.executable, "-c", f"{OTHER_RIGHTS}; {EXEC}", "-c", COMMAND, "serve-kernels", **office.variables)
    assert (done.returncode, done.stdout) == (0, HERE)
    assert len(office.servers()) == 2


@in_full
def test_a_kernel_ignores_and_blocks_the_signals_that_the_build_does_and_no_others(office):
    """Whatever the server, which a shell may have started in the background."""
    office.project.edit("summary", "figures-statement", SIGNALS)
    seen = []
    for server, build in (("pass", IGNORES), (IGNORES, "pass"), ("pass", "pass")):
        office.run("serve-kernels", "--stop")
        office.until(lambda: office.servers() == [])
        begin = [sys.executable, "-c", f"{server}; {EXEC}", "-c", COMMAND, "serve-kernels"]
        assert office.project.run(*begin, **office.variables).returncode == 0
        for variables in (office.variables, office.variables | {kernel_server.VARIABLE: kernel_server.OFF}):
            words = [sys.executable, "-c", f"{build}; {EXEC}", "-c", COMMAND, *office.build_words, "--fresh"]
            done = office.project.run(*words, **variables)
            assert done.returncode == 0, done.stderr
            seen.append(re.search("signals: .*", (office.project.out / "2021/620100/city-brief.html").read_text("utf-8"))[0])
        assert len(office.servers()) == 1
    assert [seen[0], seen[2], seen[4]] == [seen[1], seen[3], seen[5]] and seen[0] != seen[2] == seen[4]


CHANGES = {  # what is changed, and whether it is one of the program, with which the server ends
    "a source": ("lib/city_briefs/common/theme/blocks.css.j2", "\n/* changed */\n", True),
    "the settings": ("briefs.toml", '\n[environment]\nTHE_OFFICE = "ours"\n', True),
    "reference data": ("data/reference/population.csv", "", False),
}


@in_full
@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_another_server_makes_what_own_processes_make(office, change):
    name, added, is_of_program = CHANGES[change]
    before = office.build()
    [old] = office.servers()
    file = office.project.root / name
    text = file.read_text("utf-8")
    file.write_text(f"{text}{added}" if added else text.replace("\n620000,2021,", "\n620000,2021,1"), "utf-8")
    after = office.build()
    assert any(server != old for server in office.servers())
    assert after == office.own() and (after != before or change != "a source")
    if is_of_program:
        office.until(lambda: old not in office.servers())


@in_full
def test_a_font_that_is_installed_for_all_users_makes_another_server(office, tmp_path):
    """The old one has looked the faces up, and matplotlib has listed them."""
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    office.project.replace("lib/city_briefs/common/theme/fonts.py", "/usr/share/fonts", str(fonts))
    office.run("serve-kernels")
    shutil.copy(INCLUDED["sans"].file, fonts)
    office.run("serve-kernels")
    assert len(office.servers()) == 2


@in_full
def test_settings_that_change_and_change_back_while_a_server_imports_are_not_those_of_a_later_build(office):
    """It has read the others, and would be found by the first."""
    settings = office.project.root / "briefs.toml"
    before = settings.read_text("utf-8")
    office.run("serve-kernels")
    settings.write_text(f'{before}\n[environment]\nTHE_OFFICE = "ours"\n', "utf-8")
    settings.write_text(before, "utf-8")
    office.until(lambda: office.servers() == [])


@in_full
def test_a_build_goes_on_when_the_server_is_killed_and_the_next_starts_another(office):
    """With whatever the server was at; what it has forked is the build's."""
    own = office.own()
    office.run("serve-kernels")
    shutil.rmtree(office.project.out)
    build = office.project.start(*office.build_words, **office.variables)
    [server] = office.servers()
    office.until(lambda: len(server.children()) > 1)  # the parent of its parents of workers, and a zygote
    server.kill()
    _, said = build.communicate()
    assert build.returncode == 0, said
    assert office.project.files() == own
    assert office.build() == own
    [other] = office.servers()
    assert other != server and len(office.folders()) == 1


@in_full
def test_a_server_that_does_not_answer_keeps_nobody_waiting_for_ever(office, monkeypatch):
    """It takes nothing on, so a build has processes of its own."""
    office.project.replace("lib/city_briefs/production/engine/kernel_server.py", "ANSWER = 60", "ANSWER = 1")
    own = office.own()
    office.run("serve-kernels")
    [server] = office.servers()
    server.send_signal(signal.SIGSTOP)
    made = office.build()
    other = office.build()  # which finds no line to it any more
    assert [*office.servers()] != [server]
    server.kill()
    assert made == other == own


@in_full
@pytest.mark.parametrize("kind", ["a file", "a link", "others may enter"])
def test_a_folder_that_is_not_private_is_not_used(office, kind, tmp_path):
    place = office.temporary / kernel_server.place().name
    if kind == "a file":
        place.touch()
    elif kind == "a link":
        (tmp_path / "private").mkdir(0o700)
        place.symlink_to(tmp_path / "private")
    else:
        place.mkdir(0o755)
        place.chmod(0o755)
    assert office.build() and office.servers() == []
    done = office.project.command("serve-kernels", **office.variables)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"The kernel server cannot be started: {place} has to be a folder of this user's, which nobody else may enter. "
        "Delete it, or name another place by TMPDIR. Builds are the same without it.\n"
    )
    place.unlink() if kind != "others may enter" else place.rmdir()


@in_full
def test_whoever_speaks_otherwise_is_not_heard(office):
    office.run("serve-kernels")
    [server], [folder] = office.servers(), office.folders()
    for words in (b"", b"x", b"[]", b"{}", b'{"environment": {}}', b"\xff", b"[" * 100_000):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
            line.connect(str(folder / kernel_server.SOCKET))
            line.send(words)
    assert office.build() == office.own()
    assert office.servers() == [server]


def test_it_is_started_and_ended_by_a_command(office):
    assert office.run("serve-kernels") == office.run("serve-kernels") == HERE
    assert len(office.servers()) == 1
    assert office.run("serve-kernels", "--stop") == "Kernel servers ended: 1.\n"
    office.until(lambda: office.servers() == [] == office.folders())
    assert office.run("serve-kernels", "--stop", LC_ALL="zh_CN.UTF-8") == "已结束内核服务0个。\n"
    done = office.project.command("serve-kernels", **office.variables | {kernel_server.VARIABLE: kernel_server.OFF})
    assert (done.returncode, done.stderr) == (
        2,
        "There is no kernel server where BRIEFS_KERNEL_SERVER is off, or the system has none. Builds are the same without it.\n",
    )


def test_a_check_leaves_one(office):
    office.run("check", "summary", *office.build_words[-2:])
    assert len(office.servers()) == 1


@in_full
def test_a_build_that_is_killed_leaves_no_process_of_its_own(office):
    """Not even a worker that does not hear of it: no other thread of it runs meanwhile."""
    deaf = 'import re; outcome = True, re.match("(a+)+$", "a" * 60 + "b")'
    office.project.replace("lib/city_briefs/production/build/worker_pool.py", "outcome = True, function(*given)", deaf)
    office.run("serve-kernels")
    [server] = office.servers()
    build = office.project.start(*office.build_words, "--jobs", "1", **office.variables)
    office.until(lambda: any(worker.cpu_times().user > 0.5 for worker in workers(server)))
    begun = workers(server)
    try:
        build.kill()
        build.communicate(timeout=PATIENCE)
        office.until(lambda: len(server.children(recursive=True)) == 1)  # the parent of its parents of workers
        office.until(lambda: not any(worker.is_running() for worker in begun))
    finally:
        for worker in begun:
            with suppress(psutil.NoSuchProcess):
                worker.kill()


def workers(server: psutil.Process) -> list[psutil.Process]:
    """The workers of builds: forked by what the first child of a server has forked."""
    with suppress(psutil.NoSuchProcess):
        first = sorted(server.children(), key=lambda child: child.pid)[:1]
        return [worker for child in first for parent in child.children() for worker in parent.children()]
    return []


@in_full
def test_a_preview_leaves_one_once_its_page_is_there(office):
    preview = office.project.start("preview", "summary", *office.build_words[-2:], **office.variables)
    office.until(lambda: len(office.servers()) == 1)
    preview.terminate()  # what runs the tests may itself ignore Ctrl-C
    preview.communicate(timeout=PATIENCE)
    assert len(office.servers()) == 1


@in_full
def test_jupyterlab_leaves_one_with_its_first_warm_kernel(office):
    done = office.project.run(sys.executable, "-c", LAB, **office.variables)
    assert done.returncode == 0, done.stderr
    office.until(lambda: len(office.servers()) == 1)


@in_full
def test_it_ends_when_nobody_has_built_for_long(office):
    office.project.replace("lib/city_briefs/production/engine/serve_kernels.py", "IDLE = 600", "IDLE = 1")
    office.build()
    office.until(lambda: office.servers() == [] == office.folders())


@in_full
def test_all_packs_of_a_year_are_the_same_from_it_and_from_own_processes(office, tmp_path):
    office.project.take_packs()
    data = demo.write(tmp_path / "demo", cities=2, entities=2_000).path
    words = ("build", "--year", "2021", "--data", str(data))
    office.run("serve-kernels")
    made = office.build(*words)
    assert made == office.own(*words) and len(made) > 40
