"""Spreadsheets of LibreOffice and the like (.ods) as raw tables: the cells as they are shown, with what their types say."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import InvalidOperation
from xml.parsers import expat
from zipfile import ZipFile

import pyarrow as pa
from xlsxwriter.utility import xl_col_to_name

from city_briefs.analysis.ingest.raw_table import FOOT, HEAD, ROW, SURPLUS, CellRemark, MergedCells, RawTable, ScaledColumn
from city_briefs.analysis.ingest.readers import archive, open_document_cells, sheet_remarks
from city_briefs.analysis.ingest.readers.sheet import COLUMNS, HELD, too_many_cells
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

BATCH = 1 << 16  # rows


@dataclass
class OpenSheet:
    """One sheet as it is read: its rows of texts, each up to its last filled cell, and what its cells are besides."""

    name: str
    is_shown: bool
    counts_from_1904: bool
    rows: list[list[str | None]] = field(default_factory=list)
    merged: list[MergedCells] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    struck: dict[int, str] = field(default_factory=dict)
    formulas: Counter[str] = field(default_factory=Counter)
    scaled: dict[str, ScaledColumn] = field(default_factory=dict)
    rounded: dict[str, tuple[int, str, str]] = field(default_factory=dict)

    def remarks(self) -> Iterator[CellRemark]:
        """Yield the remarks on the sheet."""
        for row, letters in sorted(self.struck.items()):
            yield sheet_remarks.struck_through(row, letters)
        if self.hidden_rows:
            yield sheet_remarks.hidden_rows(self.hidden_rows)
        if self.formulas:
            yield sheet_remarks.formula_values(", ".join(f"column {letters}" for letters in self.formulas))
        for letters, (row, held, shown) in self.rounded.items():
            yield sheet_remarks.shown_rounded(row, letters, held, shown, "")


def raw_tables(source: DataSource, file: ZipFile) -> Iterator[RawTable]:
    """Yield the raw tables of a spreadsheet, as those of a workbook.

    Raises:
        DataError: it cannot be read, is too large, or has no sheet of that name.
    """
    sheets = _read(source, file)
    names = [sheet.name for sheet in sheets]
    if source.sheet:
        archive.check_has_sheet(source, names)
    hidden = {sheet.name: len(sheet.rows) for sheet in sheets if not (source.sheet or sheet.is_shown) and sheet.rows}
    for sheet in sheets:
        if sheet.rows and (sheet.name == source.sheet if source.sheet else sheet.is_shown):
            yield _raw_table(source, sheet, hidden)
            hidden = {}


def sheets(source: DataSource, file: ZipFile) -> list[tuple[str, bool]]:
    """Return the names of the sheets, and whether each is visible."""
    return [(sheet.name, sheet.is_shown) for sheet in _read(source, file)]


def _raw_table(source: DataSource, sheet: OpenSheet, hidden_sheets: dict[str, int]) -> RawTable:
    """Return the raw table of one sheet."""
    width = max(map(len, sheet.rows))
    names = tuple(map(xl_col_to_name, range(width)))
    full = [(*row, *[None] * (width - len(row))) for row in sheet.rows]
    head = [list(row) for row in full[:HEAD]]
    archive.check_head(source, sheet.name, head)
    for merge in sheet.merged:
        for row in head[merge.first_row - 1 : merge.last_row]:
            for letters in merge.columns[1:]:
                if letters in names:
                    row[names.index(letters)] = row[names.index(merge.columns[0])]

    def rows(first: int) -> Iterator[pa.RecordBatch]:
        for start in range(first - 1, len(full), BATCH):
            some = full[start : start + BATCH]
            columns = [pa.array(column, pa.string()) for column in zip(*some, strict=True)]
            numbers = pa.array(range(start + 1, start + len(some) + 1), pa.int64())
            yield pa.RecordBatch.from_arrays([*columns, pa.nulls(len(some), pa.string()), numbers], names=[*names, SURPLUS, ROW])

    remarks = [*sheet_remarks.of_hidden_sheets(hidden_sheets), *sheet.remarks()]
    foot = tuple([row for row in full if any(row)][-FOOT:])
    return RawTable(
        source, sheet.name, False, names, tuple(map(tuple, head)), rows, foot=foot, merged=tuple(sheet.merged), remarks=remarks,
        scaled=sheet.scaled, counts_from_1904=sheet.counts_from_1904,
    )  # fmt: skip


def _read(source: DataSource, file: ZipFile) -> list[OpenSheet]:
    """Return the sheets of a spreadsheet.

    Raises:
        DataError: it cannot be read, or is too large.
    """
    reader = _ContentReader(source)
    try:
        for piece in archive.unpacked(file, file.getinfo("content.xml")):
            reader.parser.Parse(piece, False)
        reader.parser.Parse(b"", True)
    except (expat.ExpatError, KeyError, InvalidOperation, *archive.BROKEN):
        raise DataError(
            chosen(
                f"{source.name} is a spreadsheet that cannot be read, or has a password. {archive.SAVE_AGAIN}",
                f"{source.name}无法读取，可能已损坏或设有密码。请用WPS、LibreOffice或Excel打开后另存为.xlsx，再重新报送。",
            )
        ) from None
    return reader.sheets


class _ContentReader:
    """Collects the sheets from the XML of a spreadsheet."""

    def __init__(self, source: DataSource) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = _refuse_entity
        self.parser.buffer_text = True
        self.sheets: list[OpenSheet] = []
        self.counts_from_1904 = False
        self._source = source
        self._struck_styles: set[str] = set()
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._cells = 0
        self._row: list[str | None] = []
        self._row_attributes: dict[str, str] = {}
        self._blank_rows = 0
        self._blank_cells = 0
        self._cell: dict[str, str] | None = None
        self._paragraphs: list[str] = []
        self._is_struck = False
        self._notes = 0  # annotations and drawings that are open, of which no text is read
        self._open_merges: dict[int, tuple[int, str | None]] = {}  # by column the last row of a merge and its value

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if tag == "style:style":
            self._style = attributes.get("style:name", "")
        elif tag == "style:text-properties" and _is_line_through(attributes):
            self._struck_styles.add(self._style)
        elif tag == "style:table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif tag == "table:null-date":
            self.counts_from_1904 = attributes.get("table:date-value", "").startswith("1904")
        elif tag == "table:table":
            is_shown = attributes.get("table:style-name", "") not in self._hidden_styles
            self.sheets.append(OpenSheet(attributes["table:name"], is_shown, self.counts_from_1904))
            self._blank_rows, self._open_merges = 0, {}
        elif tag == "table:table-row" and self.sheets:
            self._row, self._row_attributes, self._blank_cells = [], attributes, 0
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._cell, self._paragraphs, self._is_struck = attributes, [], False
        elif tag in ("office:annotation", "draw:frame"):
            self._notes += 1
        elif self._cell is not None and not self._notes:
            self._start_text(tag, attributes)

    def _start_text(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element of the text of a cell."""
        if tag == "text:p":
            self._paragraphs.append("")
        elif tag == "text:s":
            self._text(" " * min(int(attributes.get("text:c", 1)), 100))
        elif tag in ("text:tab", "text:line-break"):
            self._text("\t" if tag == "text:tab" else "\n")
        elif tag == "text:span":
            self._is_struck = self._is_struck or attributes.get("text:style-name", "") in self._struck_styles

    def _text(self, text: str) -> None:
        """Add the text of a paragraph."""
        if self._paragraphs and not self._notes:
            self._paragraphs[-1] += text

    def _end(self, tag: str) -> None:
        """End an element."""
        if tag in ("office:annotation", "draw:frame"):
            self._notes -= 1
        elif tag in ("table:table-cell", "table:covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell, is_covered=tag == "table:covered-table-cell")
            self._cell = None
        elif tag == "table:table-row" and self.sheets:
            self._end_row()

    def _end_cell(self, attributes: dict[str, str], *, is_covered: bool) -> None:
        """Add a cell to its row, as often as it is repeated; empty ones only before a filled one."""
        repeated, sheet = int(attributes.get("table:number-columns-repeated", 1)), self.sheets[-1]
        number, row = len(self._row) + self._blank_cells, len(sheet.rows) + self._blank_rows + 1
        if is_covered:
            last, merged_value = self._open_merges.get(number, (0, None))
            value = merged_value if row <= last else None
        else:
            cell = open_document_cells.read(attributes, "\n".join(self._paragraphs))
            value, letters = cell.text, xl_col_to_name(min(number, COLUMNS))
            if cell.shift:
                sheet.scaled.setdefault(letters, ScaledColumn(f"{letters}{row}", "\n".join(self._paragraphs), cell.shift))
            if cell.is_rounded:
                sheet.rounded.setdefault(letters, (row, attributes["office:value"], value or ""))
            if value and (self._is_struck or attributes.get("table:style-name", "") in self._struck_styles):
                sheet.struck.setdefault(row, letters)
            if "table:formula" in attributes:
                sheet.formulas[letters] += 1
            self._add_merge(attributes, row, number, value)
        if value is None:
            self._blank_cells += repeated
            return
        if number + repeated > COLUMNS:
            raise too_many_cells(self._source)
        self._row += [None] * self._blank_cells + [value] * repeated
        self._blank_cells = 0

    def _add_merge(self, attributes: dict[str, str], row: int, number: int, value: str | None) -> None:
        """Add merged cells that begin here."""
        down = int(attributes.get("table:number-rows-spanned", 1))
        right = int(attributes.get("table:number-columns-spanned", 1))
        if (down > 1 or right > 1) and value and number + right <= COLUMNS:
            letters = tuple(map(xl_col_to_name, range(number, number + right)))
            self.sheets[-1].merged.append(MergedCells(row, row + down - 1, letters))
            self._open_merges[number] = (row + down - 1, value)

    def _end_row(self) -> None:
        """Add a row to its sheet, as often as it is repeated; empty ones only before a filled one."""
        repeated, sheet = int(self._row_attributes.get("table:number-rows-repeated", 1)), self.sheets[-1]
        if not self._row:
            self._blank_rows += repeated
            return
        self._cells += (self._blank_rows + repeated) * len(self._row)
        if self._cells > HELD:
            raise too_many_cells(self._source)
        sheet.rows += [[] for _ in range(self._blank_rows)] + [list(self._row) for _ in range(repeated)]
        self._blank_rows = 0
        if self._row_attributes.get("table:visibility") in ("collapse", "filter"):
            sheet.hidden_rows += range(len(sheet.rows) - repeated + 1, len(sheet.rows) + 1)


def _is_line_through(attributes: dict[str, str]) -> bool:
    """Return whether a style strikes text through."""
    return any(attributes.get(f"style:text-line-through-{name}", "none") != "none" for name in ("style", "type"))


def _refuse_entity(*_: object) -> None:
    """Refuse a declared entity, which no spreadsheet writes."""
    raise ValueError
