"""The report of an ingest: on screen, as `report.json`, and as files that go back to the senders."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table as Columns
from rich.text import Text

from city_briefs.analysis.ingest import marked_copies, rejected_rows
from city_briefs.analysis.ingest.control_characters import visible
from city_briefs.analysis.ingest.staging import SheetCounts, StagingArea
from city_briefs.analysis.validation.finding import Finding
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown as shown_path

NAME = "report.json"
REFUSED = ".refused"  # the end of the name of the folder with the report of a refusal, beside the named folder
KINDS = ("rows", "accepted", "rejected", "aside")
FEW = 3  # findings of a file and rule on screen; the others are in the file
WIDEST = 10_000  # columns of a line that goes to a file or a pipe
COLOURS = {"error": "bold red", "warning": "yellow"}
SHORT = 12  # characters of an id that a person reads


@dataclass(frozen=True)
class Report:
    """What was read, what is wrong with it, and what was written.

    `findings` has errors first. `skipped` are the names of files that hold no data. `snapshot` is the id of the snapshot,
    None when it was refused. `place` is the folder of the snapshot. `uncovered` says which regions and months are not covered
    because of rejected rows, empty for none; `accepting` whether months were to count without their rejected rows.
    """

    counts: tuple[SheetCounts, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[str, ...]
    snapshot: str | None
    place: Path
    uncovered: str = ""
    accepting: bool = False

    @property
    def accepted(self) -> int:
        """Return how many rows were accepted."""
        return sum(count.accepted for count in self.counts)

    @property
    def rejected(self) -> int:
        """Return how many rows were rejected."""
        return sum(count.rejected for count in self.counts)

    @property
    def folder(self) -> Path:
        """Return the folder of the report: in the snapshot, or beside its place when the snapshot was refused."""
        return self.place if self.snapshot else refused(self.place)

    @property
    def sources(self) -> dict[tuple[str, str], Counter[str]]:
        """Return the row counts by source name and table name, each with the keys of KINDS; sheets of a source are added up."""
        sums: dict[tuple[str, str], Counter[str]] = {}
        for count in self.counts:
            of_source = sums.setdefault((count.sheet.source.name, count.sheet.source.table.name), Counter())
            of_source.update({kind: getattr(count, kind) for kind in KINDS})
        return sums

    @property
    def tables(self) -> dict[str, Counter[str]]:
        """Return the row counts by table name, each with the keys of KINDS."""
        sums: dict[str, Counter[str]] = {}
        for (_, table), counted in self.sources.items():
            sums.setdefault(table, Counter()).update(counted)
        return sums

    @property
    def outcome(self) -> str:
        """Return the outcome in sentences: the row counts, what was written, and what to do about rejected rows."""
        read = self.accepted + self.rejected
        counts = f"{read:,} row{'' if read == 1 else 's'} read: {self.accepted:,} accepted, {self.rejected:,} rejected."
        if self.snapshot is None:
            return f"{counts} Nothing was written."
        return f"{counts} {shown_path(self.place)} written, id {self.snapshot[:SHORT]}.{self._remedy}"

    @property
    def _remedy(self) -> str:
        """Return what is not covered because of rejected rows, and the remedies; empty when there is nothing to do."""
        if not self.rejected or (self.accepting and not self.uncovered):
            return ""
        what = chosen(
            f" Not covered, so that briefs give no figure: {self.uncovered}.",
            f"因有未采用的行，下列月份简报不给出数字：{self.uncovered}。",
        )
        remedy = chosen(" Correct the rejected rows and send them again", "请改正未采用的行后重新导入")
        other = "" if self.accepting else chosen("; or count without them, by --accept", "；或加--accept，不含这些行照计")
        return (what if self.uncovered else "") + remedy + other + chosen(".", "。")

    def record(self) -> dict[str, Any]:
        """Return the report as JSON data, the same for the same sources."""
        return {
            "snapshot": self.snapshot,
            "sources": [
                {"source": source, "table": table} | {kind: counted[kind] for kind in KINDS}
                for (source, table), counted in self.sources.items()
            ],
            "tables": {table: {kind: counted[kind] for kind in KINDS} for table, counted in self.tables.items()},
            "findings": [asdict(finding) for finding in self.findings],
            "left_aside": list(self.skipped),
        }


def refused(place: Path) -> Path:
    """Return the folder of the report of a refused ingest, beside the named place."""
    return place.with_name(place.name + REFUSED)


def write(folder: Path, report: Report, staging: StagingArea) -> None:
    """Write `report.json`, `rejected/` and `returned/` into a folder.

    Raises:
        AssertionError: a rejected row was not written, which is a fault of this program and not of the data.
    """
    text = json.dumps(report.record(), ensure_ascii=False, indent=1) + "\n"
    (folder / NAME).write_bytes(text.encode("utf-8", "backslashreplace"))  # a file's name may be no text
    written_rows = rejected_rows.write(folder / "rejected", staging)
    if lost := {name for name, counted in report.tables.items() if counted["rejected"] != written_rows.rows[name]}:
        raise AssertionError(f"Not all rejected rows of {', '.join(sorted(lost))} were written.")
    marked_copies.write(folder / "returned", report.findings, staging, written_rows.reasons)


def shown(report: Report, console: Console | None = None) -> None:
    """Print the report: errors first, the row counts last."""
    console = console or Console()
    if not console.is_terminal:
        console.width = WIDEST
    for line in _finding_lines(report.findings):
        console.print(line, soft_wrap=True)
    if report.findings:
        console.print()
    console.print(_count_table(report))
    if report.skipped:
        console.print(Text(visible(f"Left aside, being no tables: {', '.join(report.skipped)}.")), soft_wrap=True)
    if report.findings:
        console.print(
            Text(visible(f"All of it is in {shown_path(report.folder)}: {NAME}, rejected/, returned/ to send back.")),
            soft_wrap=True,
        )
    console.print(Text(visible(report.outcome)), soft_wrap=True)


def _finding_lines(findings: tuple[Finding, ...]) -> Iterator[Text]:
    """Yield the first findings of each file and rule, then how many more there are. Texts of the data are never markup."""
    ordered = sorted(findings, key=lambda finding: (finding.severity != "error", finding.file, finding.rule))
    for (severity, _, _), group in groupby(ordered, key=lambda finding: (finding.severity, finding.file, finding.rule)):
        alike = list(group)
        for finding in alike[:FEW]:
            sentence = finding.text.removesuffix(f" {finding.more:,} more are like it.") if finding.more else finding.text
            yield Text.assemble((f"{severity:<8}", COLOURS[severity]), visible(sentence))
        if more := len(alike[FEW:]) + sum(finding.more for finding in alike):
            yield Text(f"{'':<8}{more:,} more {'is' if more == 1 else 'are'} like {'it' if len(alike) == 1 else 'these'}.", "dim")


def _count_table(report: Report) -> Columns:
    """Return the row counts of each source, as a table for the screen."""
    count_columns = Columns(box=None, pad_edge=False)
    for name in ("source", "table"):
        count_columns.add_column(name, overflow="fold")
    for name in KINDS:
        count_columns.add_column(name, justify="right", no_wrap=True)
    for (source, table), counted in report.sources.items():
        count_columns.add_row(Text(visible(source)), table, *(f"{counted[kind]:,}" for kind in KINDS))
    return count_columns
