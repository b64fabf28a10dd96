"""The kernel server, as a command has it: found or started, asked for the processes of a build, and ended.

It is a process that has imported all that a build needs (`serve_kernels`), and stays for the next command. One serves the builds whose
processes would import the same, under the same user and with the same rights: their `_key` says so. Where there can be none, a build has
processes of its own, which make the same bytes.

Its socket lies in a folder that nobody else may enter, and neither end speaks to another user.
"""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISDIR
from threading import Thread

from city_briefs.common import atomic_files, file_lock, files, imports, paths, source_hash
from city_briefs.common.theme import fonts
from city_briefs.production.engine import environment as environments
from city_briefs.production.engine import launcher, serve_kernels, zygote

VARIABLE, OFF = "BRIEFS_KERNEL_SERVER", "off"  # by which whoever runs commands wants none
NAME, SOCKET, LOCK = "briefs-server", "line", "lock"
KEY = 12  # characters of a hash
WAITING = 64  # commands that may wait to be let in
PRIVATE = 0o700
PROCESS = Path("/proc/self")
INHERITED = {  # of `status`
    "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "Seccomp_filters",
}  # fmt: skip
ANSWER = 60  # seconds in which a server takes on a build; it may be importing


class Served:
    """The processes of a build, from a server: the line to its zygote, and the line to the parent of its workers."""

    def __init__(self, answer: socket.socket, channel: socket.socket, workers: socket.socket) -> None:
        self.channel, self.workers = channel, workers
        self._answer: socket.socket | None = answer
        self._is_taken = True

    def is_taken(self) -> bool:
        """Return whether the server has taken the build on, as soon as that is known; then its processes have our standard streams.

        These are not handed over before: a server that hangs would keep them open after the end of this process.
        """
        if self._answer:
            with self._answer:
                self._answer.settimeout(ANSWER)
                try:
                    self._is_taken = self._answer.recv(1) == serve_kernels.TAKEN
                    with _streams() as streams:
                        for line in (self.channel, self.workers):
                            socket.send_fds(line, [zygote.TAKE_STREAMS], streams)
                except TimeoutError:
                    self._is_taken = False
                    Path(self._answer.getpeername()).unlink(missing_ok=True)  # so that nobody waits for this server again
                except OSError:  # it has ended
                    self._is_taken = False
            self._answer = None
        return self._is_taken

    def end(self, seconds: float) -> None:
        """Have the zygote end, and return when it has, or after so many seconds."""
        if not self._is_taken:
            return
        with suppress(OSError):  # a TimeoutError is one
            self.channel.shutdown(socket.SHUT_WR)
            self.channel.settimeout(seconds)
            self.channel.recv(1)

    def close(self) -> None:
        """Close all lines: without them the zygote and the parent of the workers end."""
        for line in (self.channel, self.workers, self._answer):
            if line:
                line.close()


def ask(environment: Mapping[str, str], folder: Path, parent_of_workers: str) -> Served | None:
    """Ask for the processes of a build with an environment, whose sockets lie in a folder; None where no server can be had."""
    line = _line(environment, parent_of_workers)
    if line is None:
        return None
    channel, of_zygote = socket.socketpair()
    workers, of_parent = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    told = {
        "environment": dict(environment), "folder": str(folder), "umask": atomic_files.umask(), "limits": _limits(0),
        "ignored": [int(number) for number in signal.valid_signals() if signal.getsignal(number) == signal.SIG_IGN],
        "blocked": [int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, ())],
    }  # fmt: skip
    here = os.open(".", os.O_PATH)
    try:
        with of_zygote, of_parent:
            socket.send_fds(line, [json.dumps(told).encode()], [of_zygote.fileno(), of_parent.fileno(), here])
    except OSError:  # it has ended meanwhile
        for end in (line, channel, workers):
            end.close()
        return None
    finally:
        os.close(here)
    return Served(line, channel, workers)


@contextmanager
def _streams() -> Iterator[list[int]]:
    """Yield the descriptors of the standard output and error of this process, and of nothing where one is closed."""
    with Path(os.devnull).open("wb") as nothing:
        yield [number if _is_open(number) else nothing.fileno() for number in (1, 2)]


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def start(environment: Mapping[str, str], parent_of_workers: str) -> bool:
    """Start the server for builds with an environment, unless it is there, and return whether there is one."""
    line = _line(environment, parent_of_workers)
    if line:
        line.close()
    return line is not None


def stop() -> int:
    """End every server of this user, and return how many there were. What they have forked goes on."""
    ended = 0
    for folder in _folders(_private_place(), "*"):
        if line := _connected(folder):
            with line, suppress(OSError):
                line.send(json.dumps(None).encode())
                ended += 1
    return ended


def start_beside() -> None:
    """Have the server of the project of the working directory started by a command of its own, which nobody waits for."""
    if is_wanted():
        nowhere = subprocess.DEVNULL
        command = [sys.executable, "-P", "-m", "city_briefs", "serve-kernels"]
        beside = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)  # noqa: S603
        Thread(target=beside.wait, daemon=True).start()  # so that nothing is left of it where this process lasts


def is_wanted() -> bool:
    """Return whether commands may leave a server behind here, and use one that is there."""
    return launcher.possible() and os.environ.get(VARIABLE) != OFF


def _line(environment: Mapping[str, str], parent_of_workers: str) -> socket.socket | None:
    """Return a line to the server for builds with an environment, which is started when it is not there; None where none can be had."""
    is_possible = is_wanted() and imports.VARIABLE in environment  # only what a build has sealed
    folder = _private_place() if is_possible else None
    if folder is None:
        return None
    with suppress(OSError):  # a file that cannot be read; the build, which reads it too, tells
        stamp = source_hash.program_stamp()  # before the key: what changes meanwhile is seen by the server
        key = _key(environment, stamp)
        if line := _found(folder, key):
            return line
        with file_lock.held(folder / LOCK) as alone:
            if alone:
                return _found(folder, key) or _started(folder, key, stamp, environment, parent_of_workers)
    return None


def place() -> Path:
    """Return where the folder of the servers of this user is."""
    return Path(tempfile.gettempdir()) / f"{NAME}-{os.geteuid()}"


def _private_place() -> Path | None:
    """Return that folder, which nobody else may enter; None where it cannot be had."""
    folder = place()
    try:
        folder.mkdir(PRIVATE)
    except FileExistsError:
        pass
    except OSError:
        return None
    status = folder.lstat()
    is_private = S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and status.st_mode & 0o777 == PRIVATE
    return folder if is_private else None


def _folders(place: Path | None, key: str) -> list[Path]:
    return sorted(folder for folder in place.glob(f"{key}-*") if folder.is_dir()) if place else []


def _found(place: Path, key: str) -> socket.socket | None:
    return next((line for folder in _folders(place, key) if (line := _connected(folder))), None)


def _connected(folder: Path) -> socket.socket | None:
    """Return a line to the server of a folder; None when it has ended."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line.setblocking(False)  # it is not waited for where too many wait already
    try:
        line.connect(str(folder / SOCKET))
    except OSError:
        line.close()
        return None
    line.setblocking(True)
    return line


def _started(place: Path, key: str, stamp: str, environment: Mapping[str, str], parent_of_workers: str) -> socket.socket:
    """Start a server and return a line to it; the folders of those that have ended are deleted."""
    for left in _folders(place, "*"):
        if line := _connected(left):
            line.close()
        else:
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{key}-", dir=place))
    own = environments.of_server(environment, folder)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(str(folder / SOCKET))
        listener.listen(WAITING)
        nowhere = subprocess.DEVNULL
        server = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", serve_kernels.__file__, str(folder), parent_of_workers, stamp],
            stdin=listener.fileno(), stdout=nowhere, stderr=nowhere, env=own, cwd=folder, start_new_session=True,
        )  # fmt: skip
        server.returncode = 0  # nobody waits for it
    line = _connected(folder)
    if line is None:
        raise ConnectionError
    return line


def _key(environment: Mapping[str, str], stamp: str) -> str:
    """Return what is the same for commands whose processes would import the same, and may do the same, and for no others."""
    packages = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    parts = [
        stamp,
        sorted(environments.lasting(environment).items()),
        _digest(Path(environment[imports.VARIABLE])),
        [_digest(file) for file in (paths.root() / paths.SETTINGS, paths.lock())],
        sorted((str(file), *_stamp(file)) for folder in fonts.folders() for file in (folder, *folder.rglob("*"))),
        sorted((name, *_stamp(Path(name))) for name in packages),
        [sys.executable, sys.version],
        [os.getuid(), os.geteuid(), os.getgid(), os.getegid(), *sorted(os.getgroups())],
        [_limits(1), os.nice(0), sorted(os.sched_getaffinity(0))],
        _confines(),  # what a service may use, no server of another may use for it
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:KEY]


def _confines() -> list[str]:
    """Return what confines this process and all that it starts, as a sandbox does: none of it can be given back later."""
    root = (PROCESS / "root").stat()
    return [
        *(line for line in _told("status").splitlines() if line.partition(":")[0] in INHERITED),
        *(str(space.readlink()) for space in sorted((PROCESS / "ns").iterdir())),
        f"{root.st_dev} {root.st_ino}",
        *map(_told, ("cgroup", "oom_score_adj", "attr/current")),
    ]


def _told(name: str) -> str:
    """Return what the system tells of this process by a name; nothing where it does not."""
    with suppress(OSError):
        return files.read_text(PROCESS / name)
    return ""


def _stamp(file: Path) -> tuple[int, int]:
    """Return time and size of a file or folder; noughts where there is none."""
    try:
        status = file.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _digest(file: Path) -> str:
    return hashlib.sha256(files.read_bytes(file)).hexdigest() if file.exists() else ""


def _limits(which: int) -> list[tuple[int, int]]:
    """Return the number of each limit of this process, and the limit: the soft one for 0, the hard one for 1."""
    import resource  # not everywhere to be had

    numbers = sorted(number for name, number in vars(resource).items() if name.startswith("RLIMIT_"))
    return [(number, resource.getrlimit(number)[which]) for number in numbers]
