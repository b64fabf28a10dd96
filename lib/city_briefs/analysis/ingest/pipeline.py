"""The pipeline of ingest: from named files to a snapshot, or to a report that says why there is none."""

import errno
import os
import shutil
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
    silent_months,
    unread_tables,
    unsent_columns,
)
from city_briefs.analysis.ingest.batch import empty_batch
from city_briefs.analysis.ingest.checks import province_rows
from city_briefs.analysis.ingest.coverage import coverage
from city_briefs.analysis.ingest.declared_sources import with_reporting_regions
from city_briefs.analysis.ingest.explanation import Explanation, explain
from city_briefs.analysis.ingest.find_sources import FoundSources
from city_briefs.analysis.ingest.raw_table import RawTable
from city_briefs.analysis.ingest.refusals import refusal
from city_briefs.analysis.ingest.report import Report
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.analysis.ingest.sources_toml import NAME
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.snapshot import Corrections, Snapshot
from city_briefs.analysis.validation.finding import Finding, RuleFindings, limit_findings
from city_briefs.common import regions
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.common.regions import Regions
from city_briefs.model.table import Table
from city_briefs.model.tables import COVERAGE, REGIONS, REJECTED, SILENT, UNSENT

# Rules of warnings that miss rows, which may stand in a file that was refused.
OF_ABSENT_ROWS = {
    "reference", "month left out", "month missing", "records of a month", "reported region", "cold-chain balance",
    "zero is reported", "sum of the regions", "region empty",
}  # fmt: skip
NAMED = 5  # files that one sentence names
Corrected = Callable[[Snapshot], Corrections]  # the figures that the new snapshot corrects, compared with the one before


def ingest(
    locations: Sequence[str], into: Path, *, strict: bool, day: date, accept: bool = False, corrected: Corrected | None = None
) -> Report:
    """Ingest data sources into a snapshot at `into`, and return the report on every row.

    The snapshot is refused when a file, sheet or query could not be read as a table, when no row was accepted or, if `strict`,
    when there is an error; then only the report is written. `day` is the day of ingest: later dates are errors. A region and
    month with rejected rows is not covered unless, if `accept`, other rows of it were accepted. `corrected` compares the new
    snapshot with the one before; its corrections are kept with the snapshot.

    Raises:
        DataError: the snapshot or the report cannot be written. What was there before stands.
        UsageError: a location does not exist, or holds a password.
    """
    snapshot.check_place(into)
    _remove_old_report(report.refused(into))
    found_sources = find_sources.find(locations)
    try:
        with StagingArea(into) as staging:
            delivery = _read(found_sources, staging)
            delivery.refusals += _without_rows(delivery, staging)
            known_regions = delivery.regions
            rule_findings = [*delivery.rule_findings, *checks.reject_errors(staging, known_regions, day)]
            rule_findings += province_rows.set_aside_totals(staging, known_regions)
            rejected = rejected_months.rejected_months(staging, known_regions, day)
            covered = coverage(staging, delivery.sources, known_regions, rejected, accept=accept)
            silent = silent_months.silent_months(staging, covered, rejected)
            made = {
                COVERAGE: covered,
                REJECTED: rejected_months.as_table(rejected),
                UNSENT: unsent_columns.unsent_columns(staging),
                SILENT: silent_months.as_table(silent),
            }
            warnings = checks.warnings(staging, known_regions, covered, rejected, silent, strict=strict)
            if delivery.refusals:
                warnings = [warning for warning in warnings if warning.rule not in OF_ABSENT_ROWS]
            unread = unread_tables.findings(found_sources.unread, found_sources.sources)
            findings = [*delivery.refusals, *limit_findings(rule_findings), *unread, *warnings]
            findings.sort(key=lambda finding: finding.severity != "error")
            uncovered = rejected_months.uncovered_text(rejected, covered, known_regions)
            draft = Report(
                tuple(staging.counts), tuple(findings), found_sources.skipped, None, into, tuple(delivery.explanations),
                uncovered, accept,
            )  # fmt: skip
            is_refused = strict and any(finding.severity == "error" for finding in findings)
            if delivery.refusals or not draft.accepted or is_refused:
                return _write_refusal(draft, staging)
            return _write_snapshot(draft, staging, made, delivery.regions_file, day, corrected)
    except (OSError, duckdb.Error, MemoryError) as error:
        reason = _reason(error)
        raise DataError(
            chosen(
                f"{shown(into)} could not be written: {reason}. What was there before stands.",
                f"{shown(into)}无法写入（{reason}），原有内容不变。",
            )
        ) from None


@dataclass
class Delivery:
    """What was read of all sources, and `refusals` for what could not be read.

    `sources` have the codes of their reporting regions. `regions_file` is the list of regions.
    """

    sources: list[DataSource]
    regions: Regions
    regions_file: Path
    refusals: list[Finding]
    rule_findings: list[RuleFindings] = field(default_factory=list)
    explanations: list[Explanation] = field(default_factory=list)


def _read(found_sources: FoundSources, staging: StagingArea) -> Delivery:
    """Read all sources into the staging area. What cannot be read refuses its own file, and the others are read all the same.

    While a list of regions that was sent cannot be read, nothing is staged: no row could be told to be right or wrong.
    """
    refusals = list(found_sources.refusals)
    is_listed = True
    try:
        regions_file = sent_regions.file(found_sources.regions, staging.folder)
        known_regions = regions.read(regions_file)
    except DataError as error:
        if not found_sources.regions:
            raise
        is_listed, regions_file = False, sent_regions.file(None, staging.folder)
        known_regions = regions.read(regions_file)
        refusals.append(refusal(found_sources.regions.name, str(error), table=REGIONS.name))
    delivery = Delivery([], known_regions, regions_file, refusals)
    for source in found_sources.sources:
        try:
            [resolved] = with_reporting_regions([source], known_regions) if is_listed else [source]
            delivery.sources.append(resolved)
        except DataError as error:
            resolved = source
            refusals.append(refusal(source.name, str(error), table=source.table.name))
        _read_source(resolved, delivery, staging if is_listed else None)
    return delivery


def _read_source(source: DataSource, delivery: Delivery, staging: StagingArea | None) -> None:
    """Read all sheets of a source; a sheet that is no table is refused by itself."""
    try:
        for raw_table in readers.raw_tables(source):
            try:
                _stage_table(raw_table, delivery, staging)
            except DataError as error:
                text, sheet = str(error), raw_table.sheet
                delivery.refusals.append(refusal(source.name, text, table=source.table.name, sheet=sheet))
    except DataError as error:
        delivery.refusals.append(refusal(source.name, str(error), table=source.table.name))
    if source.is_declared and not source.period and staging and not _has_rows(source, delivery, staging):
        text = chosen(
            f"{source.name} is declared, and has no row under its heading. Send its rows, or take it out of {NAME}; "
            "where there is nothing to report, declare the period.",
            f"{source.name}已在{NAME}中申报，但没有一行数据。请补报数据，或从{NAME}中删除；确实没有数据的，请申报报告期（period）。",
        )
        delivery.refusals.append(refusal(source.name, text, table=source.table.name))


def _has_rows(source: DataSource, delivery: Delivery, staging: StagingArea) -> bool:
    """Return whether a source gave rows, or was refused, which is told."""
    refused = any(finding.file == source.name for finding in delivery.refusals)
    return refused or any(count.rows for count in staging.counts if count.sheet.source == source)


def _without_rows(delivery: Delivery, staging: StagingArea) -> list[Finding]:
    """Return the finding that no file has a row, when none has and none was refused for another reason."""
    if delivery.refusals or any(count.rows for count in staging.counts):
        return []
    names = list(dict.fromkeys(source.name for source in delivery.sources))
    more = len(names) - NAMED
    english = f"{', '.join(names[:NAMED])}{f' and {more} more' if more > 0 else ''}"
    chinese = f"{'、'.join(names[:NAMED])}{f'等{len(names)}个文件' if more > 0 else ''}"
    text = chosen(
        f"There is no row under the heading of {english}. Fill in rows.", f"{chinese}的表头下没有一行数据，请填写后报送。"
    )
    return [refusal(names[0] if len(names) == 1 else "", text)]


def _stage_table(raw_table: RawTable, delivery: Delivery, staging: StagingArea | None) -> None:
    """Put the rows of one raw table into the staging area, and keep what is wrong with its cells.

    Without a staging area the rows are only read.

    Raises:
        DataError: it is no table, at once or further down.
    """
    header = match_headers.match(raw_table)
    if header is None:
        return
    batches = parse_batches.read(raw_table, header, delivery.regions)
    if staging is None:
        deque(batches, maxlen=0)
        return
    sheet = header.sheet(raw_table)
    delivery.rule_findings += header.rule_findings
    delivery.explanations.append(explain(raw_table, header, sheet))
    staging.add(sheet, empty_batch(raw_table.source.table))  # a sheet without rows was sent too
    for batch in batches:
        staging.add(sheet, batch)
        delivery.rule_findings += batch.rule_findings


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
            chosen(
                f"{shown(folder)} is where the report goes when nothing is written, and holds something else. Move it away.",
                f"{shown(folder)}用来存放未写入数据时的报告，里面却有别的内容，请移走。",
            )
        )
    shutil.rmtree(folder, ignore_errors=True)


def _reason(error: Exception) -> str:
    """Return in a few words why something could not be written."""
    number = getattr(error, "errno", None)
    if number == errno.ENOSPC or "No space left" in str(error):
        return chosen("the disk is full", "磁盘已满")
    return os.strerror(number) if number else " ".join(str(error).split()).rstrip(".") or type(error).__name__
