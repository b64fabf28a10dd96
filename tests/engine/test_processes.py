"""What a cell starts ends with its kernel, what it writes past its outputs goes to the log, and memory that is shared is memory."""

import os
import sys
from pathlib import Path

import psutil
import pytest
from papermill.exceptions import PapermillExecutionError

from city_briefs.production.engine import launcher, processes, zygote
from tests.engine.conftest import printed
from tests.helpers.size import FULL
from tests.helpers.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has what this rests on")

DAEMON = """
import os, signal, time
def leave():
    {before}
    open({number!r}, 'w').write(str(os.getpid()))
    time.sleep(600)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        leave()
    os._exit(0)
while not (os.path.exists({number!r}) and open({number!r}).read()): time.sleep(0.01)
"""
DAEMONS = {
    "a daemon": "pass",
    "one that no signal but one ends": "[signal.signal(number, signal.SIG_IGN) for number in (1, 2, 3, 13, 15)]",
    "one in a session of its own": "os.fork() and os._exit(0); os.setsid()",
    "one without its environment": "os.environ.clear(); os.chdir('/')",
    "one that adopts": "__import__('ctypes').CDLL(None).prctl(36, 1)",
    "one with closed streams": "os.closerange(0, 1000)",
}
MIB = 1 << 20
ROOM = 256 * MIB  # for what is taken here, so that no test takes gigabytes
TAKEN = {
    "a shared map": "import mmap; taken = mmap.mmap(-1, size); [taken.write(b'x' * mib) for _ in range(size // mib)]",
    "a file in /dev/shm": "taken = open('/dev/shm/briefs-test', 'wb'); [taken.write(b'x' * mib) for _ in range(size // mib)]; taken.flush()",
    "files in /dev/shm that are closed": "for part in range(4):\n    with open(f'/dev/shm/briefs-test{part}', 'wb') as taken:\n"
    "        for _ in range(size // mib // 4): taken.write(b'x' * mib)\n        taken.flush(); time.sleep(0.5)",
    "a file without a name": "import os; taken = os.memfd_create('x'); [os.write(taken, b'x' * mib) for _ in range(size // mib)]",
    "a map of another process": "import mmap, os\nif os.fork() == 0:\n    taken = mmap.mmap(-1, size); [taken.write(b'x' * mib) for _ in range(size // mib)]\n"
    "    time.sleep(60)",
    "a daemon's": "import mmap, os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        taken = mmap.mmap(-1, size)\n"
    "        [taken.write(b'x' * mib) for _ in range(size // mib)]; time.sleep(60)\n    os._exit(0)",
    "many processes, each a part": "import os\nfor _ in range(4):\n    if os.fork() == 0:\n        taken = bytearray(os.urandom(mib)) * (size // mib // 4)\n        time.sleep(60)",
}  # fmt: skip


@pytest.mark.parametrize("kind", DAEMONS if FULL else list(DAEMONS)[:3])
def test_nothing_that_a_cell_started_outlives_its_kernel(run, tmp_path, kind):
    number = tmp_path / "number"
    run(DAEMON.format(number=str(number), before=DAEMONS[kind]))
    until(lambda: not psutil.pid_exists(int(number.read_text())), "the end of the daemon")


def test_what_outlives_a_kernel_that_is_killed_is_ended_too(run, tmp_path):
    number = tmp_path / "number"
    with pytest.raises(Exception, match="died"):
        run(DAEMON.format(number=str(number), before="pass") + "os.kill(os.getppid(), 0); os.kill(os.getpid(), 9)")
    until(lambda: not psutil.pid_exists(int(number.read_text())), "the end of the daemon")


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Kernels of a zygote whose kernels may hold ROOM more than they begin with."""
    launcher.hold(None)
    file = tmp_path / "zygote.py"
    source = Path(zygote.__file__).read_text("utf-8")
    assert "processes.MEMORY" in source
    file.write_text(source.replace("processes.MEMORY", str(ROOM + 512 * MIB)), "utf-8")
    monkeypatch.setattr(zygote, "__file__", str(file))
    yield
    launcher.hold(None)


@pytest.mark.parametrize("kind", TAKEN if FULL else list(TAKEN)[:4])
def test_memory_that_is_shared_is_memory(run, small, kind):
    source = f"import time; size, mib = {ROOM + 768 * MIB}, {MIB}\n{TAKEN[kind]}\ntime.sleep(60)"  # until it is stopped
    with pytest.raises(PapermillExecutionError) as stopped:
        run("1", source, engine="briefs")
    assert (stopped.value.ename, stopped.value.evalue, stopped.value.cell_index) == ("MemoryError", "", 1)
    assert list(Path("/dev/shm").glob("briefs-test*")) == []


def test_memory_that_is_only_mapped_or_that_many_see_is_none(run, small):
    """A map that nobody has written to, and one that eight processes read."""
    shared = f"""
import mmap, os, time
empty = mmap.mmap(-1, 8 << 30)
seen = mmap.mmap(-1, {128 * MIB}); seen.write(b'x' * {128 * MIB})
for _ in range(8):
    if os.fork() == 0:
        sum(seen[place] for place in range(0, {128 * MIB}, 4096)); time.sleep(60)
time.sleep(2)
print("whole")
"""
    assert printed(run(shared, engine="briefs")) == "whole\n"


WRITTEN = """
import atexit, ctypes, faulthandler, os, subprocess, sys
streams = [number for number in range(3, 256) if number not in ()]
def late():
    os.write(1, b'written at the end\\n'); os.write(2, b'and there\\n')
    subprocess.run(['sh', '-c', 'echo by a program; echo its error >&2'])
    ctypes.CDLL(None).puts(b'by a library'); ctypes.CDLL(None).fflush(None)
    for name in ('__stdout__', '__stderr__'):
        stream = getattr(sys, name); stream.write(f'by {name}\\n'); stream.flush()
import ipykernel.kernelapp
app = ipykernel.kernelapp.IPKernelApp.instance()
stdout = sys.stdout._original_stdstream_copy; stderr = sys.stderr._original_stdstream_copy
os.write(stdout, b'past the capture\\n'); os.write(stderr, b'past that too\\n')
os.dup2(stdout, 1); os.dup2(stderr, 2)
late()
faulthandler.dump_traceback(file=stderr)
"""


def test_what_reaches_the_streams_of_a_kernel_goes_to_its_log(run, tmp_path, capfd):
    with (tmp_path / "log").open("wb") as log:
        run(WRITTEN, engine="briefs", log=log)
    said = (tmp_path / "log").read_text("utf-8")
    for words in ("past the capture", "past that too", "written at the end", "and there", "by a program", "its error", "by a library", "Current thread"):  # fmt: skip
        assert words in said, said
    assert capfd.readouterr().out == ""
    assert "written at the end" not in capfd.readouterr().err


def test_a_process_and_all_below_it_are_found():
    assert os.getpid() in processes.below(os.getpid())
    assert set(processes.below(os.getpid())) >= {child.pid for child in psutil.Process().children(recursive=True)}
