"""Kills the command that it is run in at one of its moments, or counts them; a moment is a call that changes a disk or sends something.

`MOMENT` is the number of the moment; 0 counts all of them into the file that `MOMENTS` names.
"""

import atexit
import os
import signal
import sys
from pathlib import Path

CHANGING = {
    "write", "fsync", "sendall", "sendfile", "connect", "replace", "rename", "mkdir", "rmdir", "unlink", "remove", "link", "symlink",
    "utime", "chmod", "fchmod", "truncate",
}  # fmt: skip
at, counted = int(os.environ["MOMENT"]), Path(os.environ["MOMENTS"])
count = 0


def strike(frame, event, called):
    """Count a call, and kill before the one that was named."""
    global count
    if event == "c_call" and called.__name__ in CHANGING:
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)


if not at:
    atexit.register(lambda: counted.write_text(str(count), "utf-8"))
sys.setprofile(strike)
