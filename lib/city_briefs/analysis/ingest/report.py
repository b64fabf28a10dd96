"""What came of reading sources: on screen, as `report.json`, and what goes back to those who sent the files."""

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
from city_briefs.common.paths import shown as shown_path

NAME = "report.json"
REFUSED = (
    ".refused"  # the end of the folder's name, beside the one that was named, where the report lies when nothing was written
)
KINDS = ("rows", "accepted", "rejected", "aside")
FEW = 3  # findings of a file and rule on screen; the others are in the file
WIDEST = 10_000  # columns of a line that goes to a file or a pipe
COLOURS = {"error": "bold red", "warning": "yellow"}
SHORT = 12  # characters of an id that a person reads


@dataclass(frozen=True)
class Report:
    """What was read, what is wrong with it, and what was written.

    `findings` have errors first; `left` are files that are no data; `snapshot` is the id of what was written, None for nothing; `place`
    is the folder of the snapshot.
    """

    counts: tuple[SheetCounts, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[str, ...]
    snapshot: str | None
    place: Path

    @property
    def accepted(self) -> int:
        """How many rows were accepted."""
        return sum(count.accepted for count in self.counts)

    @property
    def rejected(self) -> int:
        """How many rows were rejected."""
        return sum(count.rejected for count in self.counts)

    @property
    def folder(self) -> Path:
        """Where the report is found: in the snapshot, or beside its place when nothing was written."""
        return self.place if self.snapshot else refused(self.place)

    @property
    def sources(self) -> dict[tuple[str, str], Counter[str]]:
        """What became of the rows, by source and table; a source may have several sheets."""
        sums: dict[tuple[str, str], Counter[str]] = {}
        for count in self.counts:
            known = sums.setdefault((count.sheet.source.name, count.sheet.source.table.name), Counter())
            known.update({kind: getattr(count, kind) for kind in KINDS})
        return sums

    @property
    def tables(self) -> dict[str, Counter[str]]:
        """The same by table."""
        sums: dict[str, Counter[str]] = {}
        for (_, table), counted in self.sources.items():
            sums.setdefault(table, Counter()).update(counted)
        return sums

    @property
    def outcome(self) -> str:
        """The count in one sentence, and what was written."""
        read = self.accepted + self.rejected
        counts = f"{read:,} row{'' if read == 1 else 's'} read: {self.accepted:,} accepted, {self.rejected:,} rejected."
        if self.snapshot is None:
            return f"{counts} Nothing was written."
        return f"{counts} {shown_path(self.place)} written, id {self.snapshot[:SHORT]}."

    def record(self) -> dict[str, Any]:
        """All of it as JSON, the same for the same sources."""
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
    """The folder of the report when nothing is written, beside the place that was named."""
    return place.with_name(place.name + REFUSED)


def write(folder: Path, report: Report, staging: StagingArea) -> None:
    """Put `report.json`, `rejected/` and `returned/` into a folder.

    A row that is neither on the staging nor among the rejected ones was lost, which is a fault of ours and no error of the data.
    """
    text = json.dumps(report.record(), ensure_ascii=False, indent=1) + "\n"
    (folder / NAME).write_bytes(text.encode("utf-8", "backslashreplace"))  # a file's name may be no text
    put = rejected_rows.write(folder / "rejected", staging)
    if lost := {name for name, counted in report.tables.items() if counted["rejected"] != put.rows[name]}:
        raise AssertionError(f"Not all rejected rows of {', '.join(sorted(lost))} were written.")
    marked_copies.write(folder / "returned", report.findings, staging, put.reasons)


def shown(report: Report, console: Console | None = None) -> None:
    """Print a report, the worst first and the count last."""
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
    """The first of each file and rule, and how many are like them; a text of the data is never markup."""
    ordered = sorted(findings, key=lambda one: (one.severity != "error", one.file, one.rule))
    for (severity, _, _), group in groupby(ordered, key=lambda one: (one.severity, one.file, one.rule)):
        some = list(group)
        for one in some[:FEW]:
            says = one.text.removesuffix(f" {one.more:,} more are like it.") if one.more else one.text
            yield Text.assemble((f"{severity:<8}", COLOURS[severity]), visible(says))
        if more := len(some[FEW:]) + sum(one.more for one in some):
            yield Text(f"{'':<8}{more:,} more {'is' if more == 1 else 'are'} like {'it' if len(some) == 1 else 'these'}.", "dim")


def _count_table(report: Report) -> Columns:
    """What became of the rows of each source."""
    columns = Columns(box=None, pad_edge=False)
    for name in ("source", "table"):
        columns.add_column(name, overflow="fold")
    for name in KINDS:
        columns.add_column(name, justify="right", no_wrap=True)
    for (source, table), counted in report.sources.items():
        columns.add_row(Text(visible(source)), table, *(f"{counted[kind]:,}" for kind in KINDS))
    return columns
