"""Where a person types, in Python, IPython or JupyterLab: an error of ours is its sentence, and a misspelt name is an error of ours.

Importing this module sees to it. IPython shows the rest of an error by `%tb`; Python keeps it in `sys.last_value`.
"""

import builtins
import sys
from traceback import walk_tb
from types import TracebackType
from typing import Any

from city_briefs.common.errors import BriefError, UsageError
from city_briefs.common.terminal import say_on_stderr


def as_ours(error: BaseException, trace: TracebackType | None) -> BaseException:
    """Return the UsageError on a name that a cell itself gets wrong; any other error as it is."""
    if not isinstance(error, NameError) or not error.name or not _in_cell(trace):
        return error
    try:
        from city_briefs.notebook import names
    except Exception:  # the definitions of metrics are at fault, which is said where they are imported
        return error
    return UsageError(names.unknown(error.name)).with_traceback(trace)


def _in_cell(trace: TracebackType | None) -> bool:
    """Return whether an error arose in the code that was typed, and not in a function that it calls."""
    frames = [frame for frame, _ in walk_tb(trace)]
    return bool(frames) and frames[-1].f_globals.get("__name__") == "__main__" and frames[-1].f_code.co_name == "<module>"


def _show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print an error as Python does at its prompt; of ours the sentence alone."""
    ours = as_ours(error, trace)
    if isinstance(ours, BriefError):
        say_on_stderr("\n".join(ours._render_traceback_()))
    else:
        sys.__excepthook__(kind, error, trace)


def _show_in_ipython(
    shell: Any, kind: type[BaseException], error: BaseException, trace: Any, tb_offset: int | None = None
) -> None:
    """Show an error as IPython does; a misspelt name as an error of ours."""
    ours = as_ours(error, trace)
    shell.showtraceback((type(ours), ours, trace), tb_offset=tb_offset)


def _install() -> None:
    shell = getattr(builtins, "get_ipython", lambda: None)()
    if shell is not None:
        shell.set_custom_exc((NameError,), _show_in_ipython)
    elif sys.flags.interactive or hasattr(sys, "ps1"):
        sys.excepthook = _show


_install()
