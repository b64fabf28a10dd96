"""Files as an office sends them, and the report on them."""

from datetime import date
from pathlib import Path

from openpyxl import Workbook, load_workbook

from city_briefs.analysis.ingest import checks, find_sources, match_headers, parse_batches, readers, report
from city_briefs.analysis.ingest.explanation import explain
from city_briefs.analysis.ingest.report import Report
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.validation.finding import limit_findings
from tests.ingest.raw_tables import GANSU

TODAY = date(2022, 1, 1)
HEADS = ("编号", "地区", "类别", "登记日期", "问题类别")


def complaints(*rows):
    """Rows of complaints under their heading."""
    return [HEADS, *rows]


def workbook(file: Path, **sheets) -> None:
    """A workbook of these sheets, each a list of rows."""
    book = Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # never a formula
    del book["Sheet"]
    book.save(file)


def text(file: Path, rows) -> None:
    """A csv file; no cell has a comma in it."""
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")


def report_on(folder: Path, into: Path) -> Report:
    """The report on what lies in a folder, written into another."""
    into.mkdir()
    with StagingArea(into / "snapshot") as staging:
        found = find_sources.find([str(folder)])
        faults, explanations = [], []
        for source in found.sources:
            for raw_table in readers.raw_tables(source):
                if known := match_headers.match(raw_table):
                    faults += known.rule_findings
                    explanations.append(explain(raw_table, known, known.sheet(raw_table)))
                    for batch in parse_batches.read(raw_table, known, GANSU):
                        staging.add(known.sheet(raw_table), batch)
                        faults += batch.rule_findings
        faults += checks.reject_errors(staging, GANSU, TODAY)
        made = Report(tuple(staging.counts), tuple(limit_findings(faults)), found.skipped, None, into, tuple(explanations))
        report.write(into, made, staging)
    return made


def cells(file: Path, sheet: str) -> dict[str, str]:
    """The text of each filled cell of a sheet by its place."""
    return {
        cell.coordinate: cell.value for row in load_workbook(file)[sheet].iter_rows() for cell in row if cell.value is not None
    }
