"""A warm command: a process that has imported the libraries once, and forks a `briefs` for each call of a test.

Starting `briefs build` costs several seconds of imports: its own, and those of the parent of its workers and kernels. Here the libraries are imported once for each process of tests, and so is the package. A call whose project has changed a file
of the package imports the package anew, from that project. Everything else is as in a command started by hand: arguments,
environment, working directory, streams, exit code. What is about starting processes itself is tested with the real command.
"""

import atexit
import json
import os
import resource
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

BEFORE = "BEFORE_THE_COMMAND"  # the variable that names a file of Python to be run first, as one that has the command killed
MESSAGE = 1 << 20  # bytes of a request: an environment and some words
LIBRARIES = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel_launcher", "ipykernel.debugger", "tornado.platform.asyncio",
    "IPython.core.completer", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.history", "IPython.core.logger",
    "IPython.core.oinspect", "IPython.extensions.storemagic", "matplotlib.backends.backend_svg", "matplotlib.figure", "seaborn",
    "pandas", "ibis", "ibis.backends.duckdb.converter", "ibis.formats.pandas", "duckdb", "pyarrow.dataset", "pyarrow.acero",
    "pyarrow.substrait", "pyarrow.pandas_compat", "pandera", "pydantic", "jinja2", "typer", "rich.console", "rich.progress",
    "papermill", "papermill.inspection", "nbclient", "nbconvert.exporters", "nbformat", "typst", "docx", "xlsxwriter", "markdown_it", "bs4",
    "fontTools.ttLib", "cryptography.hazmat.primitives.asymmetric.ed25519", "nh3", "yaml", "psutil", "python_calamine",
)  # fmt: skip
PACKAGE = (
    "city_briefs.app.cli",
    "city_briefs.production.build.make_pack",
    "city_briefs.production.engine.launcher",
    "city_briefs.notebook.warmup",
)
REPORTED = "data/reference/reported.csv"  # in a project
AS_A_KERNELS_PARENT = {  # what `launcher.OF_A_ZYGOTE` sets before these libraries are imported
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
FONTS = (".ttf", ".otf", ".ttc")
POSSIBLE = sys.platform == "linux"  # elsewhere a fork is not to be had, or not safe
seconds = 0.0  # of CPU that the calls of this process of tests have used


def call(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `briefs` with these words in a folder, to its end; the code of the project is found by PYTHONPATH of the environment."""
    global seconds
    line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, line:
        with theirs:
            socket.send_fds(_server(_has_our_package(folder, environment)), [b"c"], [theirs.fileno(), out.fileno(), err.fileno()])
        request = {"words": list(words), "folder": str(folder), "environment": dict(environment)}
        line.send(json.dumps(request).encode())
        ended = json.loads(line.recv(MESSAGE))
        seconds += ended["seconds"]
        texts = [(stream.seek(0), stream.read().decode("utf-8"))[1].replace("\r\n", "\n") for stream in (out, err)]
    return subprocess.CompletedProcess(["briefs", *words], ended["code"], *texts)


def _has_our_package(root: Path, environment: Mapping[str, str]) -> bool:
    """Whether what a call would import is, file by file, that of this checkout; the metrics of an office are imported too."""
    folder = Path(environment.get("PYTHONPATH", str(LIB)).split(os.pathsep)[0])
    if (root / REPORTED).is_file() and (root / REPORTED).read_bytes() != (LIB.parent / REPORTED).read_bytes():
        return False
    return folder == LIB or _files(folder) == _files(LIB)


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of change of every file of a package, by its path; `__pycache__` left out."""
    return {
        file.relative_to(folder).as_posix(): (file.stat().st_size, file.stat().st_mtime_ns)
        for file in folder.rglob("*")
        if file.is_file() and file.parent.name != "__pycache__"
    }


@cache
def _server(with_package: bool) -> socket.socket:
    """The line to the process that forks; it goes with this process."""
    ours, theirs = socket.socketpair()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | AS_A_KERNELS_PARENT
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", __file__, *([str(LIB)] if with_package else [])], stdin=theirs, env=environment
        )
    atexit.register(_close, ours, process)
    return ours


def _close(ours: socket.socket, process: "subprocess.Popen[bytes]") -> None:
    ours.close()
    process.wait()


def serve() -> None:
    """Import the libraries, then fork a command for each request, until whoever asks is gone."""
    import gc
    import importlib

    for name in LIBRARIES:
        importlib.import_module(name)
    if len(sys.argv) > 1:
        _import_package()
    gc.collect()
    gc.freeze()
    channel = socket.socket(fileno=os.dup(0))
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    while True:
        _, descriptors, _, _ = socket.recv_fds(channel, 1, 3)
        if not descriptors:
            os._exit(0)
        line = socket.socket(fileno=descriptors[0])
        before = _children()
        if (pid := os.fork()) == 0:
            channel.close()
            for number, descriptor in enumerate(descriptors[1:], start=1):
                os.dup2(descriptor, number)
                os.close(descriptor)
            _leave(_command, line)
        for descriptor in descriptors[1:]:
            os.close(descriptor)
        _, status = os.waitpid(pid, 0)
        line.send(json.dumps({"code": os.waitstatus_to_exitcode(status), "seconds": _children() - before}).encode())
        line.close()


def _import_package() -> None:
    """Import the package of this checkout, and do once what the parent of the kernels does before it forks."""
    import importlib

    sys.path.insert(0, str(LIB))
    for name in PACKAGE:
        importlib.import_module(name)
    sys.modules["city_briefs.notebook.warmup"].rehearse()
    for metric in sys.modules["city_briefs.metrics"].CATALOGUE.values():
        importlib.import_module("city_briefs.model.expression_rules").check(metric)  # which a build without results does
    for name in ("city_briefs.production.build.make_pack", "city_briefs.notebook"):
        sys.modules["city_briefs.common.source_hash"].files(name)
    package.update({name: module for name, module in sys.modules.items() if name.partition(".")[0] == "city_briefs"})
    paths = sys.modules["city_briefs.common.paths"]
    paths.root.cache_clear()  # another for each call
    sys.modules["city_briefs.common.settings"].read.cache_clear()


def _children() -> float:
    """The seconds of CPU of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _command(line: socket.socket) -> None:
    """Be a command that was just started."""
    request = json.loads(line.recv(MESSAGE))
    line.close()
    _begin(request["environment"], request["folder"])
    sys.argv = ["briefs", *request["words"]]
    from city_briefs.production.engine import launcher

    launcher.subprocess = SimpleNamespace(Popen=_Forked.of_kernels, TimeoutExpired=subprocess.TimeoutExpired)
    from city_briefs.app.cli import main
    from city_briefs.production.build import make_pack

    make_pack.rehearse = lambda: None  # pays in a build of many packs
    if before := os.environ.pop(BEFORE, ""):
        runpy.run_path(before)
    main()


def _begin(environment: Mapping[str, str], folder: str | None = None) -> None:
    """Have the environment, the folder, the streams and the path of a Python that was just started."""
    import asyncio
    import random
    import time

    asyncio.set_event_loop_policy(None)  # a loop of the process that forked would stop at once
    os.environ.clear()
    os.environ.update(environment)
    if folder:
        os.chdir(folder)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    time.tzset()
    random.seed()
    tempfile.tempdir = None
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
    added = [entry for entry in environment.get("PYTHONPATH", "").split(os.pathsep) if entry]
    sys.path[:] = ["", *added, *(entry for entry in PATH if entry not in added)]
    sys.path_importer_cache.clear()
    if not package:
        for name in [
            name for name in sys.modules if name.partition(".")[0] == "city_briefs"
        ]:  # an entry point of papermill's led to it
            del sys.modules[name]
    sys.modules["papermill.engines"].papermill_engines.register_entry_points()


def _leave(act: Callable[..., None], *given: Any) -> None:
    """Do something as a whole program does, and end the process as Python ends it, but for taking apart what was imported."""
    import threading
    import traceback

    code = 0
    atexit._clear()
    try:
        act(*given)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    with suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(code)


def _fork() -> int:
    """Fork, with nothing waiting to be written that both would write."""
    sys.stdout.flush()
    sys.stderr.flush()
    return os.fork()


def _close_all() -> None:
    """Close every descriptor but those of the streams, and of fonts: matplotlib closes each of these itself, whatever it is by then."""
    for descriptor in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        with suppress(OSError):
            if descriptor > 2 and Path(os.readlink(f"/proc/self/fd/{descriptor}")).suffix not in FONTS:  # noqa: PTH115
                os.close(descriptor)


class _Forked:
    """What the launcher uses of a `Popen`, of a process that was forked."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.ended = os.pidfd_open(pid)

    @classmethod
    def of_kernels(cls, command: Sequence[str], *, stdin: int, env: Mapping[str, str], start_new_session: bool) -> "_Forked":
        """The parent of the kernels, as the launcher starts it."""
        _, program, folder = command
        if pid := _fork():
            return cls(pid)
        if start_new_session:
            os.setsid()
        os.dup2(stdin, 0)
        _close_all()
        _leave(_run, program, folder, env)
        raise AssertionError

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, seconds: float) -> int:
        """The exit code, within so many seconds."""
        import select

        if self.returncode is None and not select.select([self.ended], [], [], seconds)[0]:
            raise subprocess.TimeoutExpired("zygote", seconds)
        code = self.poll()
        assert code is not None
        return code

    def kill(self) -> None:
        """End it."""
        signal.pidfd_send_signal(self.ended, signal.SIGKILL)


def _run(program: str, folder: str, environment: Mapping[str, str]) -> None:
    """Run a program by its path."""
    _begin(environment)
    sys.argv = [program, folder]
    sys.path.insert(0, str(Path(program).parent))
    runpy.run_path(program, run_name="__main__")


LIB = Path(__file__).resolve().parents[2] / "lib"
package: dict[str, ModuleType] = {}  # what was imported of it before the first call
PATH = list(sys.path)
if __name__ == "__main__":
    PATH = [entry for entry in sys.path if not (Path(entry) / "city_briefs").is_dir()]
    serve()
