"""The report of an ingest: as `report.json`, as the page `report.html`, and as files that go back to the senders."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from city_briefs.analysis.ingest import marked_copies, messages_zh, rejected_rows, report_page
from city_briefs.analysis.ingest.explanation import Explanation
from city_briefs.analysis.ingest.source_sheet import SheetCounts
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.validation.finding import Finding
from city_briefs.common import files
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown as shown_path

NAME, PAGE = "report.json", "report.html"
REFUSED = ".refused"  # the end of the name of the folder with the report of a refusal, beside the named folder
KINDS = ("rows", "accepted", "rejected", "aside")
SHORT = 12  # characters of an id that a person reads


@dataclass(frozen=True)
class Report:
    """What was read, what is wrong with it, and what was written.

    `findings` has errors first. `skipped` are the names of files that hold no data. `snapshot` is the id of the snapshot,
    None when it was refused. `place` is the folder of the snapshot. `explanations` tell how each sheet was read. `uncovered`
    says which regions and months are not covered because of rejected rows, empty for none; `accepting` whether months were to
    count without their rejected rows.
    """

    counts: tuple[SheetCounts, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[str, ...]
    snapshot: str | None
    place: Path
    explanations: tuple[Explanation, ...] = ()
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
    def row_counts(self) -> str:
        """Return the row counts as a sentence, in the language of messages."""
        read = self.accepted + self.rejected
        return chosen(
            f"{read:,} row{'' if read == 1 else 's'} read: {self.accepted:,} accepted, {self.rejected:,} rejected.",
            f"共读取{read:,}行：采用{self.accepted:,}行，未采用{self.rejected:,}行。",
        )

    @property
    def outcome(self) -> str:
        """Return the outcome in sentences: the row counts, what was written, and what to do about rejected rows."""
        if self.snapshot is None:
            return f"{self.row_counts}{chosen(' Nothing was written.', '没有写入数据。')}"
        place, id_ = shown_path(self.place), self.snapshot[:SHORT]
        return f"{self.row_counts}{chosen(f' {place} written, id {id_}.', f'已写入{place}，编号{id_}。')}{self._remedy}"

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
        """Return the report as JSON data, the same for the same sources; only its texts are in the language of messages."""
        return {
            "snapshot": self.snapshot,
            "sources": [
                {"source": source, "table": table} | {kind: counted[kind] for kind in KINDS}
                for (source, table), counted in self.sources.items()
            ],
            "tables": {table: {kind: counted[kind] for kind in KINDS} for table, counted in self.tables.items()},
            "findings": [asdict(finding) | {"text": messages_zh.text(finding)} for finding in self.findings],
            "left_aside": list(self.skipped),
            "set_aside": [
                {
                    "file": count.sheet.source.name,
                    "sheet": count.sheet.name,
                    "row": line.row,
                    "cell": line.cell,
                    "text": line.text,
                    "reason": line.reason,
                }
                for count in self.counts
                for line in count.lines
            ],
            "set_aside_more": sum(count.more_lines for count in self.counts),
        }


def refused(place: Path) -> Path:
    """Return the folder of the report of a refused ingest, beside the named place."""
    return place.with_name(place.name + REFUSED)


def write(folder: Path, report: Report, staging: StagingArea) -> None:
    """Write `report.json`, `report.html`, `rejected/` and `returned/` into a folder.

    Raises:
        AssertionError: a rejected row was not written, which is a fault of this program and not of the data.
    """
    text = json.dumps(report.record(), ensure_ascii=False, indent=1) + "\n"
    files.write_new(folder / NAME, text.encode("utf-8", "backslashreplace"))  # a file's name may be no text
    files.write_new(folder / PAGE, report_page.html(report))
    written_rows = rejected_rows.write(folder / "rejected", staging)
    if lost := {name for name, counted in report.tables.items() if counted["rejected"] != written_rows.rows[name]}:
        raise AssertionError(f"Not all rejected rows of {', '.join(sorted(lost))} were written.")
    marked_copies.write(folder / "returned", report.findings, staging, written_rows.reasons)
