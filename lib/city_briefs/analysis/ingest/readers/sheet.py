"""A sheet, inspected as XML in pieces before it is opened: its extent, and what its cells are besides their values."""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zipfile import ZipFile

from city_briefs.analysis.ingest.readers import cell_marks
from city_briefs.analysis.ingest.readers.archive import PIECE, SAVE_AGAIN, SAVE_AGAIN_ZH, WorkbookSheet, unpacked
from city_briefs.analysis.ingest.readers.cell_marks import ADDRESS, CellMarks, column
from city_briefs.analysis.ingest.readers.cell_styles import CellStyles
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

COLUMNS = 16_384  # of a sheet, to column XFD
CELLS = 10_000_000  # from the first filled cell to the last, of all sheets; once opened they take 70 bytes each, and their texts besides
HELD = 2_000_000  # cells of a workbook that is read whole: from the first row to the last filled one, of all sheets
TEXT = 1 << 28  # bytes of the texts of a sheet, each counted as often as a cell has it
PREFIX = re.compile(rb"<((?:\w+:)?)worksheet")  # of the tags, which most programs leave out
SHARED = re.compile(rb"""t=["']s["'][^>]*>\s*<(?:\w+:)?v>\s*(\d+)""")
END_OF_TEXT = re.compile(rb"</(?:\w+:)?si>")


@dataclass(frozen=True)
class SharedTexts:
    """The texts that cells share: the size of each in bytes, and the numbers of those that are struck through, whole or in part."""

    sizes: list[int]
    struck: frozenset[int]


@dataclass(frozen=True)
class SheetContents:
    """The extent of a sheet, and the marks of its cells.

    `last_row` (from 1) and `last_column` (from 0) are the last ones with filled cells.
    """

    last_row: int
    last_column: int
    marks: CellMarks

    @property
    def area(self) -> int:
        """Return how many cells the sheet will have once opened, empty ones included."""
        return self.last_row * (self.last_column + 1)


def inspect_sheet(
    source: DataSource, file: ZipFile, sheet: WorkbookSheet, texts: SharedTexts, styles: CellStyles, *, calculated: bool
) -> SheetContents:
    """Return what a sheet holds. `calculated` says whether the values of formulas were stored by whoever calculated them.

    Raises:
        DataError: the sheet is too large, or has formulas that no spreadsheet writes.
    """
    place = chosen(f"{source.name}, sheet {sheet.name}", f"{source.name}工作表“{sheet.name}”")
    last_row, text_size, columns = 0, 0, set[bytes]()
    marks = CellMarks(place, styles, texts.struck, calculated=calculated)
    prefix = None
    for piece in _pieces(file, sheet.part, b"<row"):
        if prefix is None:  # of the first piece, in which the sheet begins
            prefix = match[1] if (match := PREFIX.search(piece)) else b""
        addresses = ADDRESS.findall(piece)
        if len(addresses) < cell_marks.count_tags(piece, b"<%bc" % prefix):
            raise DataError(
                chosen(
                    f"{place}: there are cells without an address. {SAVE_AGAIN}", f"{place}：有的单元格没有地址。{SAVE_AGAIN_ZH}"
                )
            )
        filled = [address for address in addresses if not address[2]]
        filled_rows = {row for _, row, _ in filled}
        columns |= {letters for letters, _, _ in filled}
        last_row = max(last_row, *map(int, filled_rows), 0)
        text_size += sum(texts.sizes[number] for number in map(int, SHARED.findall(piece)) if number < len(texts.sizes))
        marks.add(piece, prefix, filled_rows)
    last_column = max((column(letters.decode()) for letters in columns), default=0)
    if last_column >= COLUMNS:
        raise DataError(
            chosen(
                f"{place} has {last_column + 1:,} columns. A sheet has at most {COLUMNS:,}: send the columns asked for.",
                f"{place}：有{last_column + 1}栏，最多{COLUMNS}栏，请只报要求的栏。",
            )
        )
    check_text(place, text_size)
    return SheetContents(last_row, last_column, marks)


def check_text(place: str, size: int) -> None:
    """Check that a sheet has not too much text; `size` is in bytes, `place` names the sheet.

    Raises:
        DataError: it has.
    """
    if size > TEXT:
        raise DataError(
            chosen(
                f"{place} holds more than {TEXT >> 20} MB of text. Send so much as .csv, or in several workbooks.",
                f"{place}：文字超过{TEXT >> 20} MB，请用csv报送，或分成几个工作簿。",
            )
        )


def check_area(source: DataSource, sheets: Sequence[SheetContents]) -> None:
    """Check that the sheets are not too large to be opened together.

    Raises:
        DataError: they have more than CELLS cells.
    """
    if (area := sum(sheet.area for sheet in sheets)) > CELLS:
        raise DataError(
            chosen(
                f"{source.name} has {area:,} cells, with the empty ones between. More than {CELLS:,} are not opened: "
                "delete cells that stand far from the table, or send it as .csv.",
                f"{source.name}连同中间的空单元格共{area}格，超过{CELLS}格不能打开，请删除远离表格的单元格，或用csv报送。",
            )
        )


def too_many_cells(source: DataSource) -> DataError:
    """Return the error for a workbook with more cells than are held at once, where the cells are not read piece by piece."""
    return DataError(
        chosen(
            f"{source.name} has more than {HELD:,} cells, or more than {COLUMNS:,} columns. Send so much as .xlsx or .csv.",
            f"{source.name}的单元格超过{HELD:,}个，或列数超过{COLUMNS:,}。请另存为.xlsx或.csv后报送。",
        )
    )


def shared_texts(file: ZipFile) -> SharedTexts:
    """Return the size of each shared text, and which of them are struck through."""
    part = next((name for name in file.namelist() if name.casefold() == "xl/sharedstrings.xml"), None)
    sizes: list[int] = []
    struck: set[int] = set()
    done = last = 0
    for piece in _pieces(file, part, b"<") if part else ():
        ends = [end.end() for end in END_OF_TEXT.finditer(piece)]
        if b"strike" in piece:
            struck |= {len(sizes) + bisect(ends, strike.start()) for strike in cell_marks.STRIKE.finditer(piece)}
        for end in ends:
            sizes.append(done + end - last)
            last = done + end
        done += len(piece)
    return SharedTexts(sizes, frozenset(struck))


def _pieces(file: ZipFile, part: str, mark: bytes) -> Iterator[bytes]:
    """Yield a part of the archive in pieces, cut before a `mark`; where marks are far apart, before any tag.

    Raises:
        DataError: a text is too long.
    """
    rest = b""
    for chunk in unpacked(file, file.getinfo(part)):
        piece = rest + chunk
        cut = piece.rfind(mark)
        if cut <= 0:
            cut = max(piece.rfind(b"<c"), 0) or max(piece.rfind(b"<"), 0)
        yield piece[:cut]
        rest = piece[cut:]
        if len(rest) > 4 * PIECE:
            raise DataError(
                chosen(
                    f"{part} of a workbook holds a text of more than {4 * PIECE >> 20} MB. {SAVE_AGAIN}",
                    f"工作簿的{part}中有超过{4 * PIECE >> 20} MB的文字。{SAVE_AGAIN_ZH}",
                )
            )
    yield rest
