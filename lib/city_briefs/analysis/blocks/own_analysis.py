"""Blocks of an analyst's own analysis: a chart or table of a frame, with number, caption, unit and source as every other has them.

No metric defines its numbers, so each says that it is 专题分析, and a chart carries its data on to the workbook.
"""

from typing import TYPE_CHECKING, Any

from city_briefs.analysis import cell_values, charts, frames
from city_briefs.analysis.blocks.publish import numbers, publish
from city_briefs.analysis.blocks.region_table import TINY_NOTE
from city_briefs.analysis.charts.own_chart import MOST_SERIES, Series, alike
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.frames import Kind
from city_briefs.common.blocks import ChartBlock, OwnData, TableBlock
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = {"line": 60, "bar": 32, "dot": 32}  # of a chart, by its kind
MOST_TABLE_ROWS, MOST_COLUMNS = 40, 8
LONGEST = 40  # characters of a caption
OWN = "专题分析，由分析人员计算，口径不在指标口径手册内"  # a note under each


def own_chart(results: Results, frame: Any, kind: Kind, x: str, ys: tuple[str, ...], words: dict[str, str]) -> None:
    """Show a chart of columns of a frame; `words` has caption, source and unit.

    Raises:
        UsageError: it cannot be drawn; the sentence has its remedy.
    """
    _check_words("chart", words)
    if len(ys) > MOST_SERIES:
        raise UsageError(
            chosen(
                f"chart draws {MOST_SERIES} columns at most, not {len(ys)}. Make two charts of them.",
                f"chart一幅至多画{MOST_SERIES}栏，现有{len(ys)}栏。请分成两幅。",
            )
        )
    read = frames.read("chart", frame, MOST_ROWS[kind])
    frames.check_columns("chart", read, [x, *ys])
    labels = frames.labels(read, x)
    if kind == "line" and len(labels) == 1:
        raise UsageError(chosen('A line needs two rows at least. Write "bar" or "dot".', '折线图至少要两行。请写"bar"或"dot"。'))
    if name := alike(labels):
        raise UsageError(
            chosen(
                f"The column '{x}' has labels that begin alike, and a chart has room for '{name}'. Make them shorter.",
                f"“{x}”一栏里有几行开头一样，图里只放得下“{name}”，分不出来。请写短些。",
            )
        )
    if kind == "line":
        frames.check_order(read, x)
    series = [Series(name, tuple(frames.numbers(read, name))) for name in ys]
    chart = charts.own_chart(kind, labels, series, words["unit"], words["caption"])
    block: ChartBlock = {
        "kind": "chart", "caption": chart.caption, "alt": chart.alt, "svg": chart.svg, "narrow": chart.narrow, "own": True,
        "data": _data(x, labels, series, words["unit"]), "notes": _notes(_printed(series)), "sources": [words["source"]],
        **numbers([], results),
    }  # fmt: skip
    publish(block)


def own_table(results: Results, frame: Any, words: dict[str, str]) -> None:
    """Show a frame as a table; `words` has caption, source and unit.

    Raises:
        UsageError: it cannot be set; the sentence has its remedy.
    """
    _check_words("table", words)
    read = frames.read("table", frame, MOST_TABLE_ROWS)
    frames.check_index(read)
    if len(read.columns) > MOST_COLUMNS:
        raise UsageError(
            chosen(
                f"table sets {MOST_COLUMNS} columns at most, not {len(read.columns)}. Choose some, as by df[[…]].",
                f"table至多排{MOST_COLUMNS}栏，现有{len(read.columns)}栏。请选几栏，如df[[…]]。",
            )
        )
    publish(_table(results, read, words))


def _table(results: Results, read: "pd.DataFrame", words: dict[str, str]) -> TableBlock:
    columns = list(frames.columns(read))
    data: OwnData = {
        "heads": list(read.columns),
        "rows": [[cell_values.word(value) for value in row] for row in read.itertuples(index=False, name=None)],
    }
    return {
        "kind": "table", "caption": words["caption"], "unit": words["unit"], "own": True, "data": data,
        "header": [name for name, _, _ in columns], "align": ["right" if is_number else "left" for *_, is_number in columns],
        "rows": [list(row) for row in zip(*(cells for _, cells, _ in columns), strict=True)],
        "marked": [], "totals": [], "notes": _notes([cell for _, cells, is_number in columns if is_number for cell in cells]),
        "sources": [words["source"]], **numbers([], results),
    }  # fmt: skip


def _printed(series: list[Series]) -> list[str]:
    """Return the numbers of a chart as they are printed."""
    given = [[value for value in each.values if value is not None] for each in series]
    return [cell_values.printed(value, cell_values.decimals(values)) for values in given for value in values]


def _notes(printed: list[str]) -> list[str]:
    return [OWN, *([TINY_NOTE] if number_format.TINY in printed else [])]


def _data(x: str, labels: list[str], series: list[Series], unit: str) -> OwnData:
    """Return what a chart draws, unrounded."""
    of_unit = f"（{unit}）" if unit else ""
    columns = [["" if value is None else number_format.digits(value) for value in each.values] for each in series]
    return {
        "heads": [x, *(f"{each.name}{of_unit}" for each in series)],
        "rows": [list(row) for row in zip(labels, *columns, strict=True)],
    }


def _check_words(call: str, words: dict[str, str]) -> None:
    """See that caption and source are there, each in a line, and the caption is no longer than one.

    Raises:
        UsageError: one is not.
    """
    for name, chinese in (("caption", "题名"), ("source", "来源")):
        if not words[name].strip() or "\n" in words[name]:
            raise UsageError(
                chosen(
                    f'The {name} of {call} is a line of words. Write {name}="…".',
                    f'{call}的{chinese}应为一行文字。请写{name}="…"。',
                )
            )
    if len(words["caption"]) > LONGEST:
        raise UsageError(
            chosen(
                f"The caption of {call} has {len(words['caption'])} characters, and {LONGEST} fit. Say it shorter.",
                f"{call}的题名有{len(words['caption'])}个字，至多{LONGEST}个。请写短些。",
            )
        )
