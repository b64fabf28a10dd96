"""The pipeline of ingest: from named files to a snapshot, or to a report that says why there is none."""

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
from city_briefs.analysis.ingest import (
    checks,
    find_sources,
    match_headers,
    parse_batches,
    readers,
    rejected_months,
    report,
    sent_regions,
    unsent_columns,
)
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
from city_briefs.model.tables import COVERAGE, REJECTED, UNSENT, Table

Corrected = Callable[[Snapshot], Corrections]  # the figures that the new snapshot corrects, compared with the one before


def ingest(
    locations: Sequence[str], into: Path, *, strict: bool, day: date, accept: bool = False, corrected: Corrected | None = None
) -> Report:
    """Ingest data sources into a snapshot at `into`, and return the report on every row.

    The snapshot is refused when no row was accepted or, if `strict`, when there is an error; then only the report is
    written. `day` is the day of ingest: later dates are errors. A region and month with rejected rows is not covered unless,
    if `accept`, other rows of it were accepted. `corrected` compares the new snapshot with the one before; its corrections
    are kept with the snapshot.

    Raises:
        DataError: a source cannot be read as a table, or the snapshot cannot be written. Nothing is written then.
        UsageError: a location does not exist.
    """
    snapshot.check_place(into)
    _remove_old_report(report.refused(into))
    found_sources = find_sources.find(locations)
    try:
        with StagingArea(into) as staging:
            listing = sent_regions.file(found_sources.regions, staging.folder)
            known_regions = regions.read(listing)
            sources = find_sources.with_reporting_regions(found_sources.sources, known_regions)
            rule_findings = [
                finding
                for source in sources
                for raw_table in readers.raw_tables(source)
                for finding in _stage_table(raw_table, known_regions, staging)
            ]
            rule_findings += checks.reject_errors(staging, known_regions, day)
            rejected = rejected_months.rejected_months(staging, known_regions, day)
            made = {
                COVERAGE: coverage(staging, sources, known_regions, rejected, accept=accept),
                REJECTED: rejected_months.as_table(rejected),
                UNSENT: unsent_columns.unsent_columns(staging),
            }
            warnings = checks.warnings(staging, known_regions, made[COVERAGE], rejected, strict=strict)
            findings = sorted([*limit_findings(rule_findings), *warnings], key=lambda finding: finding.severity != "error")
            uncovered = rejected_months.uncovered_text(rejected, made[COVERAGE], known_regions)
            draft = Report(tuple(staging.counts), tuple(findings), found_sources.skipped, None, into, uncovered, accept)
            if not draft.accepted or (strict and any(finding.severity == "error" for finding in findings)):
                return _write_refusal(draft, staging)
            return _write_snapshot(draft, staging, made, listing, day, corrected)
    except (OSError, duckdb.Error, MemoryError) as error:
        raise DataError(f"{shown(into)} could not be written: {_reason(error)}. What was there before stands.") from None


def _stage_table(raw_table: RawTable, known_regions: Regions, staging: StagingArea) -> list[RuleFindings]:
    """Put the rows of one raw table into the staging area, and return what is wrong with its cells."""
    header = match_headers.match(raw_table)
    if header is None:
        return []
    sheet, rule_findings = header.sheet(raw_table), list(header.rule_findings)
    staging.add(sheet, empty_batch(raw_table.source.table))  # a sheet without rows was sent too
    for batch in parse_batches.read(raw_table, header, known_regions):
        staging.add(sheet, batch)
        rule_findings += batch.rule_findings
    return rule_findings


def _write_refusal(draft: Report, staging: StagingArea) -> Report:
    """Write the report of a refused ingest beside the named place, and return it."""
    folder = staging.folder / report.NAME
    folder.mkdir()
    report.write(folder, draft, staging)
    folder.rename(draft.folder)
    return draft


def _write_snapshot(
    draft: Report, staging: StagingArea, made: dict[Table, pa.Table], listing: Path, day: date, corrected: Corrected | None
) -> Report:
    """Write the snapshot with the report in its folder, and return the report.

    `made` are the tables that ingest makes; of those that say what is missing, only the ones with rows are kept.
    """
    reports: list[Report] = []

    def accompany(folder: Path, written: Snapshot) -> None:
        reports.append(replace(draft, snapshot=written.id))
        report.write(folder, reports[0], staging)

    snapshot.write(
        draft.place, _reported_tables(draft, staging) | _kept(made), regions_file=listing, source="",
        sources=_source_labels(staging), ingested_at=day.isoformat(),
        checked_findings=[finding for finding in draft.findings if finding.severity == "warning"], corrections=corrected,
        accompany=accompany,
    )  # fmt: skip
    return reports[0]


def _reported_tables(draft: Report, staging: StagingArea) -> dict[Table, pa.Table | Path]:
    """Return the staged files of tables with rows, or with a declared period; a blank form reports nothing."""
    declared = {sheet.source.table for sheet in staging.sheets if sheet.source.period}
    return {table: file for table, file in staging.tables.items() if draft.tables[table.name]["accepted"] or table in declared}


def _kept(made: dict[Table, pa.Table]) -> dict[Table, pa.Table | Path]:
    """Return the tables that ingest makes and a snapshot keeps: coverage, and others with rows."""
    return {table: rows for table, rows in made.items() if table is COVERAGE or len(rows)}


def _source_labels(staging: StagingArea) -> dict[Table, str]:
    """Return, by table, what a source line prints: the labels of its sources, else their names."""
    labels: dict[Table, list[str]] = {}
    for sheet in staging.sheets:
        labels.setdefault(sheet.source.table, []).append(sheet.source.label or sheet.source.name)
    return {table: "、".join(dict.fromkeys(names)) for table, names in labels.items()}


def _remove_old_report(folder: Path) -> None:
    """Remove the report of an earlier refusal.

    Raises:
        DataError: the folder holds something else.
    """
    if folder.exists() and not (folder / report.NAME).is_file():
        raise DataError(
            f"{shown(folder)} is where the report goes when nothing is written, and holds something else. Move it away."
        )
    shutil.rmtree(folder, ignore_errors=True)


def _reason(error: Exception) -> str:
    """Return in a few words why something could not be written."""
    number = getattr(error, "errno", None)
    if number == errno.ENOSPC or "No space left" in str(error):
        return "the disk is full"
    return os.strerror(number) if number else " ".join(str(error).split()).rstrip(".") or type(error).__name__
