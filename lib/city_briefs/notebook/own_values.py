"""Values of an analyst's that a cell shows by itself or by `display`, in a build: words, numbers and tables as a reader expects them.

Whatever else Python has is shown as Python writes it, as ever, and a pack refuses it (production/export/analysis_chapters.py).
"""

import html
import sys
from datetime import date
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any

from city_briefs.analysis import cell_values, frames
from city_briefs.analysis.blocks.own_analysis import MOST_COLUMNS, MOST_TABLE_ROWS
from city_briefs.common.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd


def install() -> None:
    """Let the kernel of this process show such values so; its shell has then one way for each kind."""
    formatter = sys.modules["IPython"].get_ipython().display_formatter.formatters["text/html"]
    for kind in (str, bool, int, float, Decimal, date):
        formatter.for_type(kind, of_value)
    formatter.for_type_by_name("numpy", "generic", of_value)
    formatter.for_type_by_name("pandas", "DataFrame", of_frame)
    formatter.for_type_by_name("pandas", "Series", lambda series: of_frame(series.to_frame(series.name or "")))
    formatter.for_type_by_name(
        "ibis.expr.types.relations", "Table", lambda table: of_frame(table.limit(MOST_TABLE_ROWS + 1).to_pandas())
    )


def of_value(value: Any) -> str | None:
    """Return a word, number or day as HTML; None of what is none, such as an infinite number."""
    number = cell_values.number(value)
    words = cell_values.printed(number, cell_values.decimals([number])) if number is not None else cell_values.word(value)
    is_infinite = number is None and isinstance(value, Real) and not isinstance(value, int)
    return None if is_infinite or not words else f"<p>{html.escape(words)}</p>"


def of_frame(frame: "pd.DataFrame") -> str | None:
    """Return a table as HTML, with its index where that says something; None of one that is empty or cannot be read.

    One that fits no page is as pandas shortens it, and a pack says of how many rows it is.
    """
    given = frame if frames.is_numbered(frame.index) else frame.reset_index(names=_names(frame))
    heads = [_head(name) for name in given.columns]
    if not len(given):
        return None
    if len(given) > MOST_TABLE_ROWS or len(heads) > MOST_COLUMNS:
        return str(frame._repr_html_())  # type: ignore[operator]  # its stub takes it for a column
    try:
        columns = [
            (cells, is_number)
            for _, cells, is_number in frames.columns(given.set_axis(list(map(str, range(len(heads)))), axis=1))
        ]
    except UsageError:  # a cell cannot be read as words
        return None
    sides = ["right" if is_number else "left" for _, is_number in columns]
    rows = zip(*(cells for cells, _ in columns), strict=True)
    return f"<table><thead>{_row('th', heads, sides)}</thead><tbody>{''.join(_row('td', row, sides) for row in rows)}</tbody></table>"


def _names(frame: "pd.DataFrame") -> list[str]:
    """Return names for the levels of an index, which none of the columns has."""
    return [f"\0{place}{name or ''}" for place, name in enumerate(frame.index.names)]


def _head(name: Any) -> str:
    """Return the name of a column, of one with several its words."""
    words = " ".join(str(part) for part in name if str(part)) if isinstance(name, tuple) else str(name)
    return words[2:] if words.startswith("\0") else words


def _row(tag: str, cells: Any, sides: list[str]) -> str:
    made = (f'<{tag} style="text-align: {side}">{html.escape(cell)}</{tag}>' for cell, side in zip(cells, sides, strict=True))
    return f"<tr>{''.join(made)}</tr>"
