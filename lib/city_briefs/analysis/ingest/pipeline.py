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
from city_briefs.analysis.ingest.batch import empty_batch
from city_briefs.analysis.ingest.coverage import coverage
from city_briefs.analysis.ingest.raw_table import RawTable
from city_briefs.analysis.ingest.report import Report
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.snapshot import Corrections, Snapshot
from city_briefs.analysis.validation.finding import RuleFindings, limit_findings
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
    _remove_old_report(report.refused(into))
    found = find_sources.find(words)
    try:
        with StagingArea(into) as staging:
            listing = sent_regions.file(found.regions, staging.folder)
            known = regions.read(listing)
            sent = find_sources.with_reporting_regions(found.sources, known)
            faults = [
                fault
                for source in sent
                for raw_table in readers.raw_tables(source)
                for fault in _stage_table(raw_table, known, staging)
            ]
            faults += checks.reject_errors(staging, known, day)
            covered = coverage(staging, sent, known)
            findings = sorted(
                [*limit_findings(faults), *checks.warnings(staging, known, covered)], key=lambda one: one.severity != "error"
            )
            made = Report(tuple(staging.counts), tuple(findings), found.skipped, None, into)
            if not made.accepted or (strict and made.rejected):
                return _write_refusal(made, staging)
            return _write_snapshot(made, staging, covered, listing, day, corrected)
    except (OSError, duckdb.Error, MemoryError) as error:
        raise DataError(f"{shown(into)} could not be written: {_reason(error)}. What was there before stands.") from None


def _stage_table(raw_table: RawTable, known: Regions, staging: StagingArea) -> list[RuleFindings]:
    """What is wrong with the cells of one raw_table, whose rows lie on the staging now."""
    found = match_headers.match(raw_table)
    if found is None:
        return []
    sheet, faults = found.sheet(raw_table), list(found.rule_findings)
    staging.add(sheet, empty_batch(raw_table.source.table))  # what was sent without rows was sent
    for batch in parse_batches.read(raw_table, found, known):
        staging.add(sheet, batch)
        faults += batch.rule_findings
    return faults


def _write_refusal(made: Report, staging: StagingArea) -> Report:
    """The report of a refused ingest, lying beside the place that was named."""
    folder = staging.folder / report.NAME
    folder.mkdir()
    report.write(folder, made, staging)
    folder.rename(made.folder)
    return made


def _write_snapshot(
    made: Report, staging: StagingArea, covered: pa.Table, listing: Path, day: date, corrected: Corrected | None
) -> Report:
    """The report of the snapshot that is written now, lying in its folder."""
    reports: list[Report] = []

    def accompany(folder: Path, written: Snapshot) -> None:
        reports.append(replace(made, snapshot=written.id))
        report.write(folder, reports[0], staging)

    snapshot.write(
        made.place, {**_reported_tables(made, staging), COVERAGE: covered}, regions_file=listing, source="", sources=_source_labels(staging),
        ingested_at=day.isoformat(), found=[one for one in made.findings if one.severity == "warning"], corrections=corrected,
        accompany=accompany,
    )  # fmt: skip
    return reports[0]


def _reported_tables(made: Report, staging: StagingArea) -> dict[Table, Path]:
    """The tables that have rows, or whose sources declare that there are none; a blank form reports nothing."""
    declared = {sheet.source.table for sheet in staging.sheets if sheet.source.period}
    return {table: file for table, file in staging.tables.items() if made.tables[table.name]["accepted"] or table in declared}


def _source_labels(staging: StagingArea) -> dict[Table, str]:
    """What a source line prints of each table: the labels of its sources, or their names."""
    labels: dict[Table, list[str]] = {}
    for sheet in staging.sheets:
        labels.setdefault(sheet.source.table, []).append(sheet.source.label or sheet.source.name)
    return {table: "、".join(dict.fromkeys(some)) for table, some in labels.items()}


def _remove_old_report(folder: Path) -> None:
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
