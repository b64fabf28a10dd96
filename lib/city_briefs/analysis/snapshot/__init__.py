"""A snapshot: a folder of validated tables that never changes, known by the hash of its contents.

`<table>.parquet` for each table it has, `regions.csv`, and `snapshot.json`: the id, a seal over all that it says, per table the
rows, hashes, source and day of ingest, whether it is synthetic, the notice that every page prints, the caveats that travel with
its metrics, and the warnings that its tables were accepted with. One that was made after another has `corrections.parquet` too, what
was corrected since; it is sealed with the rest, and no part of the id, which is of the tables.
"""

from city_briefs.analysis.snapshot.corrections import Correction, Corrections
from city_briefs.analysis.snapshot.reader import Caveat, Snapshot, checked, load, seal
from city_briefs.analysis.snapshot.writer import check_place, write

__all__ = ["Caveat", "Correction", "Corrections", "Snapshot", "check_place", "checked", "load", "seal", "write"]
