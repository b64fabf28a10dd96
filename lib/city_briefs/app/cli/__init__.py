"""The command `briefs`. Errors are sentences on stderr; exit codes are those of `city_briefs.common.errors`.

Everything heavy is imported by the command that needs it, so that --help and a mistyped option answer at once.
"""

import atexit
import errno
import gc
import io
import os
import sys
from pathlib import Path

from city_briefs.app.cli import (  # noqa: F401  # each adds its commands
    approval,
    comparing,
    data,
    delivery,
    installation,
    monitoring,
    numbers,
    origins,
    packs,
    slides,
    trials,
    verification,
)
from city_briefs.app.cli.app import GROUPS, app
from city_briefs.common import imports, paths
from city_briefs.common.errors import BriefError, UsageError
from city_briefs.common.language import asked_once, chosen
from city_briefs.common.terminal import say_on_stderr

__all__ = ["main"]

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))

app.registered_commands.sort(key=lambda command: GROUPS.index(command.rich_help_panel))


def main() -> None:
    """Run the command; a mistake is one sentence and its exit code, a bug keeps its traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an old console without Chinese is no reason to stop
    atexit.register(_leave)
    imports.clean_path()
    os.environ.update(imports.ARROW)
    for name in (paths.ROOT_VARIABLE, imports.VARIABLE):  # of the command that this one was started by, which may work elsewhere
        os.environ.pop(name, None)
    _see_home()
    try:
        _see_folder()
        with asked_once():
            app()
    except BriefError as error:
        say_on_stderr(error)  # a word of the user's, or of a file
        sys.exit(error.exit_code)
    except OSError as error:  # at whichever write a disk is full
        if error.errno not in FULL:
            raise
        say_on_stderr(_full(error))
        sys.exit(UsageError.exit_code)


def _leave() -> None:
    """Spare the collector what goes with the process; not where DuckDB is, which complains of what is left at its end."""
    if "_duckdb" not in sys.modules:
        gc.freeze()


def _full(error: OSError) -> str:
    """Return the sentence for a full disk, with the folder where the error names a file."""
    folder = paths.shown(Path(os.fsdecode(error.filename)).parent) if error.filename else ""
    return chosen(
        f"The disk is full{folder and f' ({folder})'}. What was there before stands. Make room, and run the command again.",
        f"磁盘已满{folder and f'（{folder}）'}。原有内容没有变动。请腾出空间后重新运行。",
    )


def _see_home() -> None:
    """See that libraries find a home, where nothing lies and nobody can put anything; a user without a name may have none."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = os.devnull


def _see_folder() -> None:
    """See that there is a working directory; another process may have deleted it."""
    try:
        Path.cwd()
    except FileNotFoundError:
        raise UsageError(
            chosen(
                "The working directory is gone. Go to another folder, and run the command again.",
                "当前文件夹已不存在。请转到别的文件夹，再运行命令。",
            )
        ) from None
