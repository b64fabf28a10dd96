"""Calls of an analysis chapter: `chart` and `table` of what an analyst computed."""

from typing import Annotated

from city_briefs.analysis import blocks
from city_briefs.analysis.frames import Frame, Kind
from city_briefs.notebook.arguments import FREE
from city_briefs.notebook.parameters import scope

__all__ = ["chart", "table"]


def chart(
    df: Frame,
    kind: Kind,
    x: Annotated[str, FREE],
    *y: Annotated[str, FREE],
    caption: Annotated[str, FREE],
    source: Annotated[str, FREE],
    unit: Annotated[str, FREE] = "",
) -> None:
    """Show columns of your own table as a chart in the house style; for an analysis chapter.

    - `df`: A table of pandas or Ibis, a row for each label; 32 rows at most, 60 of a line.
    - `kind`: "line", "bar" or "dot".
    - `x`: The column with the labels, in the order of the table.
    - `*y`: One to three columns of numbers.
    - `caption`: What stands beside its number, at most 40 characters.
    - `source`: Where the data are from.
    - `unit`: The unit of the numbers.
    - Raises UsageError: it cannot be drawn, or a parameter of the chapter is missing or wrong.
    - Example: `chart(places(new_entities).data, "bar", "region", "value", caption="各地新设户数", source="登记系统", unit="户")`
    """
    blocks.own_chart(scope().results, df, kind, x, y, {"caption": caption, "source": source, "unit": unit})


def table(df: Frame, *, caption: Annotated[str, FREE], source: Annotated[str, FREE], unit: Annotated[str, FREE] = "") -> None:
    """Show your own table in the house style; for an analysis chapter.

    - `df`: A table of pandas or Ibis: 40 rows and 8 columns at most. The index is left out: df.reset_index().
    - `caption`: What stands beside its number, at most 40 characters.
    - `source`: Where the data are from.
    - `unit`: The unit of all its numbers, where they have one.
    - Raises UsageError: it cannot be set, or a parameter of the chapter is missing or wrong.
    - Example: `table(places(new_entities).data[["region", "value"]], caption="各地新设户数", source="登记系统", unit="户")`
    """
    blocks.own_table(scope().results, df, {"caption": caption, "source": source, "unit": unit})
