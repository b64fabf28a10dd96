"""What a call of a chapter gives back: nothing that a cell would show, since the block stands there, and its figures as `data`.

A build is not changed by it: neither JupyterLab nor papermill writes an output for it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from city_briefs.common import paths
from city_briefs.common.blocks import Block, FigureRecord
from city_briefs.common.periods import YTD, Period
from city_briefs.common.regions import Regions
from city_briefs.metrics import CATALOGUE
from city_briefs.model.labels import chinese

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("metric", "label", "view", "region", "period", "part", "area", "value", "unit", "text", "refused")


class Shown:
    """The blocks that one call has shown."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = tuple(blocks)

    def _ipython_display_(self) -> None:
        """Show nothing more in a cell."""

    def __repr__(self) -> str:
        """Return no words."""
        return ""

    @property
    def data(self) -> "pd.DataFrame":
        """The figures of the blocks, a row each, with the columns COLUMNS; each figure once.

        `value` is unrounded, in `unit`. It is empty when the figure is refused, and `refused` says why. `part` is the word that was
        counted alone, and `area` another area that is cited; both are empty for most figures.
        """
        import pandas

        from city_briefs.notebook.parameters import read  # which needs the arguments of calls, and they this module

        rows = self.rows(read(paths.data()).regions) if self.blocks else []
        return pandas.DataFrame(rows, columns=list(COLUMNS))

    def rows(self, regions: Regions) -> list[dict[str, Any]]:
        """Return the figures as rows of `data`, with the names that regions have by code."""
        names = {code: region.name for code, region in regions.by_code.items()}
        rows = [_row(record, names) for block in self.blocks for record in block["figures"]]
        return [dict(row) for row in dict.fromkeys(tuple(row.items()) for row in rows)]


def _row(record: FigureRecord, names: dict[str, str]) -> dict[str, Any]:
    """Return a figure as a row, with names in the place of codes."""
    period = Period(record["year"], record["through"], record.get("span", YTD))
    by, part = record.get("by", ""), record.get("part", "")
    word = names.get(part) or chinese(by, part)
    metric = record["metric"]
    return {
        "metric": metric, "label": CATALOGUE[metric].label, "view": record["view"], "region": names.get(record["region"], record["region"]),
        "period": period.text, "part": word, "area": record.get("area", ""), "value": record["value"], "unit": record["unit"],
        "text": record["text"], "refused": record["refused"] or "",
    }  # fmt: skip
