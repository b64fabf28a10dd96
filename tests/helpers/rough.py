"""A demo with more for a definition to decide: empty cells, odd words, rows of the province and of regions not reporting."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from city_briefs import demo
from city_briefs.analysis import snapshot
from city_briefs.analysis.snapshot import Snapshot
from city_briefs.model.tables import ACCIDENTS, COVERAGE, TABLES

PROVINCE_BEGINS = "2021-01"  # to report what has happened in no city
REDRAWN, EMPTIED = 0.03, 0.1  # of the cells that hold a region or a word of a closed list; of those that may be empty


def rough(folder: Path, seed: int = 2021, **size) -> Snapshot:
    """The demo of this size, roughened by chance."""
    smooth = demo.write(folder / "smooth", **size)
    draws = np.random.default_rng(seed)
    rough = {TABLES[file.stem]: pq.read_table(file) for file in sorted(smooth.path.glob("*.parquet"))}
    told = [table for table in rough if "region" in table.schema.names and "region" not in table.key]
    for table in told:
        rows = rough[table]
        for column in table.columns:
            cells = np.array(rows[column.name].to_pylist(), object)
            words = list(smooth.regions.by_code) if column.name == "region" else column.words
            if words:
                cells = np.where(draws.random(len(rows)) < REDRAWN, draws.choice(words, len(rows)), cells)
            if not column.required:
                cells[draws.random(len(rows)) < EMPTIED] = None
            place = rows.schema.get_field_index(column.name)
            rows = rows.set_column(place, column.field, pa.array(cells.tolist(), column.field.type))
        rough[table] = rows
    accidents = rough[ACCIDENTS].to_pandas()  # the demo has ordinary ones only
    accidents["grade"] = draws.choice(["ordinary", "larger", "major", "extraordinary"], len(accidents))
    rough[ACCIDENTS] = pa.Table.from_pandas(accidents, ACCIDENTS.schema, preserve_index=False)
    covered = rough[COVERAGE].to_pylist()
    own = [
        {"table": table.name, "region": smooth.regions.province.code, "month": month}
        for table in told
        for month in smooth.reported
        if month >= PROVINCE_BEGINS
    ]
    rough[COVERAGE] = pa.Table.from_pylist([row for row in covered if row not in own] + own, COVERAGE.schema)
    return snapshot.write(
        folder / "rough",
        rough,
        regions_file=smooth.path / "regions.csv",
        source="测试数据",
        ingested_at="2023-01-05",
        synthetic=True,
    )
