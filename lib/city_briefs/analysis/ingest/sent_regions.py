"""The regions that a sender lists, instead of the reference regions: another province or country is only data."""

import csv
import io
from pathlib import Path

import pyarrow as pa

from city_briefs.analysis.ingest import match_headers, parse_batches, readers
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common import paths
from city_briefs.common.errors import DataError
from city_briefs.common.regions import Regions
from city_briefs.model.tables import REGIONS

NAME = "regions.csv"


def file(source: DataSource | None, folder: Path) -> Path:
    """The `regions.csv` of a source, made in a folder of ours; that of the reference regions when there is none.

    A row that cannot be read is a DataError, since regions are wanted whole.
    """
    if source is None:
        return paths.reference() / NAME
    rows: list[dict[str, str | None]] = []
    for raw_table in readers.raw_tables(source):
        if found := match_headers.match(raw_table):
            for lot in parse_batches.read(raw_table, found, Regions(())):
                if lot.rule_findings:
                    raise DataError(lot.rule_findings[0].findings[0].text)
                rows += pa.Table.select(lot.accepted, REGIONS.schema.names).to_pylist()
    text = io.StringIO()
    writer = csv.DictWriter(text, REGIONS.schema.names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    made = folder / NAME
    made.write_text(text.getvalue(), "utf-8", newline="\n")
    return made
