"""Where a person types, in Python, IPython or JupyterLab: an error of ours is its sentence, and a misspelt name is an error of ours.

A metric that stands alone is shown as a card, Shift-Tab shows its definition, and Tab after Chinese words completes to its id. What a
call gives back for its `data` is shown as nothing. A build has none of these but the sentences.

Importing this module sees to it; so does a kernel that was forked when it had been imported (`install`). IPython shows the rest of an
error by `%tb`; Python keeps it in `sys.last_value`.
"""

import builtins
import os
import sys
from traceback import walk_tb
from types import TracebackType
from typing import Any

from city_briefs.common import read_log
from city_briefs.common.errors import BriefError, UsageError
from city_briefs.common.terminal import say, say_on_stderr

METRIC = ("city_briefs.model.metric", "Metric")  # by name, since the definitions may not be there yet
FIGURE = ("city_briefs.analysis.figures.figure", "Figure")
SHOWN = ("city_briefs.notebook.shown", "Shown")


def as_ours(error: BaseException, trace: TracebackType | None) -> BaseException:
    """Return the UsageError on a name that a cell itself gets wrong, where our calls were imported; any other error as it is."""
    if not isinstance(error, NameError) or not error.name or not _in_cell(trace):
        return error
    try:
        from city_briefs import notebook
        from city_briefs.notebook import names
    except Exception:  # the definitions of metrics are at fault, which is said where they are imported
        return error
    if vars(sys.modules["__main__"]).get("say") is not notebook.say:
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


def _is(value: object, *kinds: tuple[str, str]) -> bool:
    return (type(value).__module__, type(value).__name__) in kinds


def _words(value: Any) -> str:
    """Return what a prompt shows of a metric or a figure."""
    from city_briefs.notebook import metric_card

    return metric_card.text(value) if _is(value, METRIC) else metric_card.figure_text(value)


def _display(value: object) -> None:
    """Show a value as Python does at its prompt; of a call that has shown all, nothing."""
    if _is(value, METRIC, FIGURE):
        vars(builtins)["_"] = value
        say(_words(value))
    elif not _is(value, SHOWN):
        sys.__displayhook__(value)


def _text_in_ipython(value: Any, printer: Any, cycle: bool) -> None:
    printer.text(_words(value))


def _html_in_ipython(metric: Any) -> str:
    from city_briefs.notebook import metric_card

    return metric_card.html(metric)


def _pointed_at(asked: Any) -> list[tuple[str, str]] | None:
    """Return the definition of a metric that Shift-Tab points at, in the pairs that IPython sets; None for anything else."""
    from city_briefs.notebook import metric_card

    return [("名称", asked.obj.label), *metric_card.definition(asked.obj)] if _is(asked.obj, METRIC) else None


def _completions(completer: Any, word: str) -> list[str]:
    from city_briefs.notebook import metric_card

    return metric_card.completions(word)


def _show_metrics(shell: Any) -> None:
    """Let a shell show metrics as cards."""
    formatters = shell.display_formatter.formatters
    formatters["text/html"].for_type_by_name(*METRIC, _html_in_ipython)
    for kind in (METRIC, FIGURE):
        formatters["text/plain"].for_type_by_name(*kind, _text_in_ipython)
    shell.inspector.mime_hooks["text/plain"] = _pointed_at
    shell.set_custom_completer(_completions)


def install() -> None:
    """See to it in the shell of this process, if it has one."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.set_custom_exc((NameError,), _show_in_ipython)
        if not os.environ.get(read_log.VARIABLE):  # the kernel of a build
            _show_metrics(shell)
    elif sys.flags.interactive or hasattr(sys, "ps1"):
        sys.excepthook, sys.displayhook = _show, _display


install()
