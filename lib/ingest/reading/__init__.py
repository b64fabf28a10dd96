"""Files and databases as grids: what a reader makes of CSV, workbooks, Parquet and PostgreSQL, and what it refuses to open."""
