"""Calls for whoever writes a chapter, which show nothing in a pack: `explain`, `find` and `preview`."""

import atexit
import html
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from city_briefs import metrics
from city_briefs.analysis import explain as behind
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common import paths, read_log
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import YTD, Period, Span
from city_briefs.model.metric import Metric
from city_briefs.notebook.arguments import FREE
from city_briefs.notebook.parameters import check_period, read

__all__ = ["explain", "find", "preview"]

NOTEBOOK = "JPY_SESSION_NAME"  # by which JupyterLab tells a kernel the file of its notebook
LEVELS = ("county", "city", "province")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/[\w-]+/")  # of a page, in what the command says
HEIGHT = 900  # pixels of the preview
_begun: dict[str, tuple["subprocess.Popen[str]", str]] = {}  # the previews of this kernel by chapter, each with its address


class FoundMetrics:
    """The metrics that have a word in their name or definition, to look at."""

    def __init__(self, word: str, found: Sequence[Metric]) -> None:
        self.word, self.metrics = word, tuple(found)

    def __repr__(self) -> str:
        """Return a line for each metric: id, label and unit."""
        return "\n".join(f"{metric.id}　{metric.label}（{metric.unit}）" for metric in self.metrics)

    def _repr_html_(self) -> str:
        """Return a table of id, label, unit and definition, everything in it escaped as text."""
        rows = "".join(f"<tr>{''.join(_cell(words) for words in _row(metric))}</tr>" for metric in self.metrics)
        heads = "".join(_cell(words, "th") for words in ("编号", "名称", "单位", "口径"))
        return f'<table lang="zh-CN"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def find(word: Annotated[str, FREE]) -> FoundMetrics:
    """Return the metrics that have a word in their Chinese or English name, their id or their definition, to look at.

    It is refused in a chapter of a build.

    - `word`: A word, in quotes.
    - Raises UsageError: no metric has it, or a build runs this cell.
    - Example: `find("合作社")`
    """
    if os.environ.get(read_log.VARIABLE):  # the kernel of a build
        raise UsageError(
            chosen(
                "find is for looking, and goes into no pack. Take it out of the chapter.",
                "find只供查看，不进入简报。请从本章去掉。",
            )
        )
    if found := metrics.CATALOGUE.search(word):
        return FoundMetrics(word, found)
    raise UsageError(
        chosen(
            f"No metric has '{word}' in its name or definition. docs/metrics.md lists them all.",
            f"没有名称或口径含“{word}”的指标。全部指标见docs/metrics.md。",
        )
    )


def preview() -> None:
    """Show the set pages of this chapter under the cell, for a region and a period that can be chosen there.

    They are made again whenever the chapter is saved. A cell that has nothing but `preview()` may stay in the chapter: the check and a
    build pass it over.

    - Raises UsageError: it is not run in JupyterLab, or the preview cannot begin.
    - Example: `preview()`
    """
    if os.environ.get(read_log.VARIABLE):  # the kernel of a build
        return
    from IPython.display import IFrame, display

    display(IFrame(_address(_chapter()), "100%", HEIGHT))


def _chapter() -> str:
    """Return the name of the chapter that this kernel runs.

    Raises:
        UsageError: it runs none.
    """
    if name := Path(os.environ.get(NOTEBOOK, "")).stem:
        return name
    raise UsageError(
        chosen(
            "preview() shows the chapter that is open in JupyterLab. Elsewhere run briefs preview with its name.",
            "preview()显示JupyterLab里打开的一章。不在JupyterLab里时，请运行briefs preview加章名。",
        )
    )


def _address(chapter: str) -> str:
    """Return the address of the preview of a chapter, which is begun where this kernel has none; it ends with the kernel.

    Raises:
        UsageError: it cannot begin; the message says why.
    """
    if chapter in _begun and _begun[chapter][0].poll() is None:
        return _begun[chapter][1]
    command = [sys.executable, "-m", "city_briefs", "preview", chapter, "--tied", *_options()]
    process = subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )
    assert process.stdin and process.stdout
    lines = []
    for line in process.stdout:
        if found := ADDRESS.search(line):
            atexit.register(process.stdin.close)
            _begun[chapter] = process, found[0]
            return found[0]
        lines.append(line)
    process.communicate()
    raise UsageError("".join(lines).strip())


def _options() -> list[str]:
    """Return the region and the period that the parameters of the notebook name, as the command takes them."""
    names = vars(sys.modules["__main__"])
    region = next((str(names[level]) for level in LEVELS if level in names), None)
    period = [word for name in ("year", "through") if name in names for word in (f"--{name}", str(names[name]))]
    return [*(["--city", region] if region else []), *period]


def _row(metric: Metric) -> tuple[str, ...]:
    return metric.id, metric.label, metric.unit, "".join(metric.definition.split("\n"))


def _cell(words: str, tag: str = "td") -> str:
    return f'<{tag} style="text-align: left">{html.escape(words)}</{tag}>'


def explain(metric: Metric, city: Annotated[str, FREE], year: int, through: int = 12, span: Span = YTD) -> "behind.Explanation":
    """Return what is behind a number: definition, halves, query, records, coverage and sources, as a page to look at.

    It shows records, and so is refused in a chapter of a build.

    - `metric`: Any metric.
    - `city`: A city, a county or the province, by name, short name or code.
    - `year`, `through`: The period, from January to the month `through`, 1 to 12.
    - `span`: "month", "quarter" or "half" for the one that ends with that month.
    - Raises UsageError: there is no such metric, region or period, or a build runs this cell.
    - Example: `explain(new_entities, "兰州市", 2021)`
    """
    if os.environ.get(read_log.VARIABLE):  # the kernel of a build
        raise UsageError(
            chosen(
                "explain shows records, which do not go into a pack. Take it out of the chapter.",
                "explain显示逐条记录，不进入简报。请从本章去掉。",
            )
        )
    check_period({"year": year, "through": through, "span": span})
    results = read(paths.data())
    return behind.explanation(Scope.of(results, results.regions.find(city), Period(year, through, span)), metric)
