"""Calls for whoever writes a chapter, which show nothing in a pack: `find`."""

import html
import os
from collections.abc import Sequence
from typing import Annotated

from city_briefs import metrics
from city_briefs.common import read_log
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.model.metric import Metric
from city_briefs.notebook.arguments import FREE

__all__ = ["find"]


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
        raise UsageError("find is for looking, and goes into no pack. Take it out of the chapter.")
    if found := metrics.CATALOGUE.search(word):
        return FoundMetrics(word, found)
    raise UsageError(
        chosen(
            f"No metric has '{word}' in its name or definition. docs/metrics.md lists them all.",
            f"没有名称或口径含“{word}”的指标。全部指标见docs/metrics.md。",
        )
    )


def _row(metric: Metric) -> tuple[str, ...]:
    return metric.id, metric.label, metric.unit, "".join(metric.definition.split("\n"))


def _cell(words: str, tag: str = "td") -> str:
    return f'<{tag} style="text-align: left">{html.escape(words)}</{tag}>'
