"""Names that a cell gets wrong: the nearest that is known; or that a definition was written after the kernel had read them all."""

import os
import re
from functools import cache
from pathlib import Path

from city_briefs import metrics
from city_briefs.common import files, paths, read_log
from city_briefs.common.errors import UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.notebook import arguments

DEFINED = r"^def {0}\(|^[^,\n]*,{0},"  # in a module of metrics, or in a row of reported.csv
RESTART = (
    " Choose Kernel → Restart Kernel and Run All Cells; outside JupyterLab start Python anew.",
    "请选Kernel → Restart Kernel and Run All Cells；不在JupyterLab里时，请重新启动Python。",
)


def unknown(word: str) -> str:
    """Return the sentence on a name of no metric and no call, with the nearest that there is."""
    from city_briefs import notebook  # which is whole by now

    if written_since(word):
        restart = chosen(*RESTART)
        return chosen(
            f"The metric {word} was written after this kernel was started.{restart}",
            f"指标{word}是这个内核启动以后写的。{restart}",
        )
    labelled = arguments.BY_LABEL.get(word, f'"{word}"' if word in arguments.words() else "")
    hint = chosen(
        (f" Write {labelled}." if labelled else suggestion(word, notebook.__all__))
        or " docs/metrics.md and docs/chapter-calls.md list them.",
        (f"请写{labelled}。" if labelled else suggestion_zh(word, notebook.__all__))
        or "全部指标和调用见docs/metrics.md和docs/chapter-calls.md。",
    )
    return chosen(f"There is no metric or call '{word}'.{hint}", f"没有指标或调用“{word}”。{hint}")


def sources() -> list[Path]:
    """Return the files in which metrics are defined."""
    own, folder = paths.reported(), Path(metrics.__file__).parent
    return [*sorted(folder.glob("*.py")), folder / "reported.csv", *([own] if own and own.exists() else [])]


def written_since(word: str) -> bool:
    """Return whether a metric is defined that this process does not know, since it has read the definitions before."""
    if word in metrics.CATALOGUE or not word.isidentifier():
        return False
    defined = re.compile(DEFINED.format(word), re.MULTILINE)
    return any(
        defined.search(files.read_text(file)) for file in sources() if file not in _read() or _stamp(file) != _read()[file]
    )


def check_sources() -> None:
    """Check that definitions are as this process has read them; in a build they are, since its kernels are forked for it.

    Raises:
        UsageError: one was written since; what is shown would be by the definition before.
    """
    if os.environ.get(read_log.VARIABLE):
        return
    for file in sources():
        if _read().get(file) != _stamp(file):
            restart = chosen(*RESTART)
            raise UsageError(
                chosen(
                    f"{file.name} was changed after this kernel was started, which would count by the definitions before.{restart}",
                    f"{file.name}在这个内核启动以后改过，数字会仍按原来的口径计算。{restart}",
                )
            )


@cache
def _read() -> dict[Path, tuple[int, int]]:
    """Return the files as they were when this was first asked, which importing this module does."""
    return {file: _stamp(file) for file in sources()}


def _stamp(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_mtime_ns, status.st_size


_read()
