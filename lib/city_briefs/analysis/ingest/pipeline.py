"""The way through the door, step by step: from the files that were named to a snapshot, or to the report that says why there is none."""

import errno
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from city_briefs.analysis import snapshot
from city_briefs.analysis.ingest import checks, find_sources, match_headers, parse_batches, readers, report, sent_regions
from city_briefs.analysis.ingest.batch import empty
from city_briefs.analysis.ingest.coverage import coverage
from city_briefs.analysis.ingest.raw_table import Grid
from city_briefs.analysis.ingest.report import Report
from city_briefs.analysis.ingest.staging import Stage
from city_briefs.analysis.snapshot import Corrections, Snapshot
from city_briefs.analysis.validation.finding import Faults, listed
from city_briefs.common import regions
from city_briefs.common.errors import DataError
from city_briefs.common.paths import shown
from city_briefs.common.regions import Regions
from city_briefs.model.tables import COVERAGE, Table

Corrected = Callable[[Snapshot], Corrections]  # what the new snapshot corrects of the one before


def ingest(words: Sequence[str], into: Path, *, strict: bool, day: date, corrected: Corrected | None = None) -> Report:
    """What became of every row of the sources; the snapshot is in `into` unless it was refused.

    It is refused when no row was accepted, and, if `strict`, when one was rejected. What cannot be read as a table is a DataError, and
    nothing is written. `day` is the day of ingest, after which nothing can have happened. What is `corrected` is kept with the snapshot.
    """
    snapshot.check_place(into)
    _clear(report.refused(into))
    found = find_sources.find(words)
    try:
        with Stage(into) as stage:
            listing = sent_regions.file(found.regions, stage.folder)
            known = regions.read(listing)
            sent = find_sources.reporting(found.sources, known)
            faults = [fault for source in sent for grid in readers.open(source) for fault in _put_down(grid, known, stage)]
            faults += checks.keep_out(stage, known, day)
            covered = coverage(stage, sent, known)
            findings = sorted([*listed(faults), *checks.warnings(stage, known, covered)], key=lambda one: one.severity != "error")
            made = Report(tuple(stage.counts), tuple(findings), found.left, None, into)
            if not made.accepted or (strict and made.rejected):
                return _refused(made, stage)
            return _written(made, stage, covered, listing, day, corrected)
    except (OSError, duckdb.Error, MemoryError) as error:
        raise DataError(f"{shown(into)} could not be written: {_reason(error)}. What was there before stands.") from None


def _put_down(grid: Grid, known: Regions, stage: Stage) -> list[Faults]:
    """What is wrong with the cells of one grid, whose rows lie on the stage now."""
    found = match_headers.match(grid)
    if found is None:
        return []
    sheet, faults = found.sheet(grid), list(found.faults)
    stage.add(sheet, empty(grid.source.table))  # what was sent without rows was sent
    for lot in parse_batches.read(grid, found, known):
        stage.add(sheet, lot)
        faults += lot.faults
    return faults


def _refused(made: Report, stage: Stage) -> Report:
    """The report of a refused ingest, lying beside the place that was named."""
    folder = stage.folder / report.NAME
    folder.mkdir()
    report.write(folder, made, stage)
    folder.rename(made.folder)
    return made


def _written(made: Report, stage: Stage, covered: pa.Table, listing: Path, day: date, corrected: Corrected | None) -> Report:
    """The report of the snapshot that is written now, lying in its folder."""
    reports: list[Report] = []

    def accompany(folder: Path, written: Snapshot) -> None:
        reports.append(replace(made, snapshot=written.id))
        report.write(folder, reports[0], stage)

    snapshot.write(
        made.place, {**_kept(made, stage), COVERAGE: covered}, regions_file=listing, source="", sources=_labels(stage),
        ingested_at=day.isoformat(), found=[one for one in made.findings if one.severity == "warning"], corrections=corrected,
        accompany=accompany,
    )  # fmt: skip
    return reports[0]


def _kept(made: Report, stage: Stage) -> dict[Table, Path]:
    """The tables that have rows, or whose sources declare that there are none; a blank form reports nothing."""
    declared = {sheet.source.table for sheet in stage.sheets if sheet.source.period}
    return {table: file for table, file in stage.tables.items() if made.tables[table.name]["accepted"] or table in declared}


def _labels(stage: Stage) -> dict[Table, str]:
    """What a source line prints of each table: the labels of its sources, or their names."""
    labels: dict[Table, list[str]] = {}
    for sheet in stage.sheets:
        labels.setdefault(sheet.source.table, []).append(sheet.source.label or sheet.source.name)
    return {table: "、".join(dict.fromkeys(some)) for table, some in labels.items()}


def _clear(folder: Path) -> None:
    """Take away the report of an earlier refusal; a folder that is none is a DataError."""
    if folder.exists() and not (folder / report.NAME).is_file():
        raise DataError(
            f"{shown(folder)} is where the report goes when nothing is written, and holds something else. Move it away."
        )
    shutil.rmtree(folder, ignore_errors=True)


def _reason(error: Exception) -> str:
    """Why something could not be written, in a few words: the system's own, or those of the engine."""
    number = getattr(error, "errno", None)
    if number == errno.ENOSPC or "No space left" in str(error):
        return "the disk is full"
    return os.strerror(number) if number else " ".join(str(error).split()).rstrip(".") or type(error).__name__
