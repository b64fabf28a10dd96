"""Kills a process of a build, or does worse, at a moment that was drawn: a module of the program that is built with, which imports it first.

A moment is a number of audit events: in a kernel all of them, elsewhere those that open, import, connect or start something. Without a moment to strike
at, each stage of each kind of process is measured: a byte per event in a file that is named for it.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

TOLD = (
    Path(__file__).resolve().parents[2] / "fault.json"
)  # in the project: a build hands none of the variables that it has to its processes
FAULT = (
    json.loads(TOLD.read_text("utf-8")) if TOLD.exists() else {}
)  # folder; to strike also what to do, and the moment of each stage
FOLDER = Path(FAULT.get("folder", ""))
PROGRAMS = {"spawn_main": "worker", "zygote.py": "zygote", "city_briefs.app.cli": "build"}
FORKED = {
    "_be_parent_of_workers": "workers",
    "serve_forked": "worker",
    "be_kernel": "kernel",
}  # what a zygote forks, and by what
OF_A_KERNEL = ("1 as it starts", "2 in a cell", "3 between cells")
EVENTS = ("open", "import", "os.", "socket.", "subprocess.", "shutil.")
BACK = 400 * 24 * 3600  # seconds
born, counts, busy = os.getpid(), {}, False
kind = next((name for word, name in PROGRAMS.items() if word in " ".join(sys.orig_argv)), "")
stage, number, clock = 0, "", time.time
forked = {}  # what a process is, by its number


def _now():
    """The stage in which a process is; a kernel goes from stage to stage. Empty for a fork that is nothing yet."""
    global stage, number
    if os.getpid() == born and kind != "build":
        return kind
    frame, names = sys._getframe(2), set()
    while frame:
        names.add(frame.f_code.co_name)
        frame = frame.f_back
    for name in FORKED.keys() & names:
        if name == "serve_forked" or os.getpid() not in forked:
            forked[os.getpid()] = FORKED[name]
    own = forked.get(os.getpid(), "")
    if own and own != "kernel":
        return own
    if kind == "build":
        return "build as it puts a pack in its place" if {"place", "finish"} <= names else "build"
    if not own:
        return ""
    number = number or next(str(n) for n in range(1, 99) if _first(f"kernel-{n}"))
    if "run_code" in names:
        stage = 1
    elif stage:
        stage = 2
    return f"kernel {OF_A_KERNEL[stage]}"


def _first(name):
    """Whether nobody has come by here before."""
    try:
        (FOLDER / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _strike(event, _):
    global busy
    if busy or not (event.startswith(EVENTS) or os.getpid() != born) or threading.current_thread() is not threading.main_thread():
        return
    busy = True
    try:
        here = _now()
        if not here or (number and f" {number} " not in here):  # each stage is that of another kernel
            return
        counts[here] = counts.get(here, 0) + 1
        if not FAULT.get("moments"):
            with (FOLDER / here).open("ab") as file:
                file.write(b".")
        elif counts[here] == FAULT["moments"].get(here) and _first(f"struck {here}"):
            ACTIONS[FAULT["do"]]()
    finally:
        busy = False


def _set_back():
    time.time = lambda: clock() - BACK


def _replace():
    """Let another file or folder be where one was."""
    place = Path(FAULT["place"])
    place.rename(f"{place}.before")
    Path(f"{place}.next").rename(place)


ACTIONS = {"kill": lambda: os.kill(os.getpid(), signal.SIGKILL), "set back": _set_back, "replace": _replace}
if FAULT and kind:
    sys.addaudithook(_strike)
