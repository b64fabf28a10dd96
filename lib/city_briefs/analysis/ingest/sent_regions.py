"""Regions that were sent with the data, instead of the reference regions: another province or country is only data."""

import csv
import io
from pathlib import Path

import pyarrow as pa

from city_briefs.analysis.ingest import match_headers, messages_zh, parse_batches, readers
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common import files, paths
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.regions import Regions
from city_briefs.model.tables import REGIONS

NAME = "regions.csv"


def file(source: DataSource | None, folder: Path) -> Path:
    """Return the `regions.csv` to use: that of the source, written into `folder`, or the reference file when `source` is None.

    Raises:
        DataError: a row of the regions is wrong. No region may be missing.
    """
    if source is None:
        return paths.reference() / NAME
    rows: list[dict[str, str | None]] = []
    for raw_table in readers.raw_tables(source):
        if header := match_headers.match(raw_table):
            for batch in parse_batches.read(raw_table, header, Regions(())):
                if batch.rule_findings:
                    faulty = batch.rule_findings[0].findings[0]
                    raise DataError(chosen(faulty.text, messages_zh.sentence(faulty)))
                rows += pa.Table.select(batch.accepted, REGIONS.schema.names).to_pylist()
    text = io.StringIO()
    writer = csv.DictWriter(text, REGIONS.schema.names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    regions_file = folder / NAME
    files.write_new(regions_file, text.getvalue())
    return regions_file
