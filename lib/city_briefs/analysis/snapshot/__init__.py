"""Snapshot: a folder of validated tables that never changes, known by the hash of its contents.

It holds `<table>.parquet` for each table, `regions.csv` and `snapshot.json`. The latter has the id, a seal over all of it,
per table the row count, hashes, source and day of ingest (its provenance), whether the data are synthetic, the notice on
every page, the caveats on metrics, and the warnings on accepted rows. Among the tables are, when they have rows, `rejected`
(the rejected rows by region and month) and `unsent` (the columns that sources do not have).

A snapshot that was made after another also holds `corrections.parquet`: the figures that were revised since. The seal covers
it; the id does not, since it is of the tables alone.
"""

from city_briefs.analysis.snapshot.corrections import Correction, Corrections
from city_briefs.analysis.snapshot.integrity import checked, seal
from city_briefs.analysis.snapshot.reader import Snapshot, load
from city_briefs.analysis.snapshot.snapshot_json import Caveat
from city_briefs.analysis.snapshot.writer import check_place, write

__all__ = ["Caveat", "Correction", "Corrections", "Snapshot", "check_place", "checked", "load", "seal", "write"]
