"""How a worker of a build begins."""

import os
import tempfile
import threading
from collections.abc import Mapping
from multiprocessing import parent_process

from city_briefs.production.engine import launcher


def begin(environment: Mapping[str, str], zygote: launcher.Zygote | None) -> None:
    """Begin with an environment and a zygote. Ctrl-C in the terminal is for the parent to act on, and without it a worker ends."""
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # it is found again by TMPDIR
    launcher.hold(zygote)
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    parent = parent_process()

    def end() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=end, daemon=True).start()
