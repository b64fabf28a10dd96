"""The catalogue of metrics as a page of Markdown: docs/metrics.md, which `briefs metrics --markdown` prints."""

from collections.abc import Iterator
from itertools import groupby

from city_briefs.analysis.figures.comparability import how_mature, how_tested
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric, needed
from city_briefs.model.tables import RETURNS

HEADER = ("id", "名称", "English", "unit", "form", "better", "owner", "definition", "test", "maturity", "tables")
INTRODUCTION = """# Metrics

Every metric, in the order of the yearly work report. This page is made from the catalogue by `briefs metrics --markdown >
docs/metrics.md`; do not edit it. `unit` is that of the bare value. A `flow` adds up over months, a `stock` is taken at a month's end,
a `ratio` divides the sums of its halves, and what is `distinct`, a `median` or a `maximum` is of the records since January. Where a
snapshot lacks the `tables`, what the regions returned is taken. A `neutral` metric is never ranked. `test` is that of a comparison
with another period or region, or why there is none; `maturity` says whether outcomes may be pending, and how two years are compared."""


def markdown() -> str:
    """Return the page, with a table for each subject."""
    return "\n".join([INTRODUCTION, *_tables()]) + "\n"


def _tables() -> Iterator[str]:
    """Yield the lines of the tables, one table for each subject."""
    for name, group in groupby(CATALOGUE.values(), key=lambda metric: metric.subject):
        metrics = list(group)
        yield f"\n## {name} ({len(metrics)})\n"
        yield _row(HEADER)
        yield _row(["---"] * len(HEADER))
        yield from (_row(_cells(metric)) for metric in metrics)


def _cells(metric: Metric) -> list[str]:
    """Return the cells of a metric, in the order of `HEADER`."""
    tables = dict.fromkeys(f"`{table.name}`" for part in needed([metric]) for table in part.tables)
    definition = "".join(metric.definition.split("\n"))
    cells = [
        metric.label,
        metric.label_en,
        metric.unit,
        metric.form,
        metric.better,
        metric.owner,
        definition,
        how_tested(metric),
        how_mature(metric),
    ]
    return [f"`{metric.id}`", *cells, ", ".join(tables or [f"`{RETURNS.name}`"])]


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
