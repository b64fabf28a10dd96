"""A sheet, inspected as XML in pieces before it is opened: formulas, errors, and the memory that its cells will take."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import ZipFile

from city_briefs.analysis.ingest.readers.archive import PIECE, SAVE_AGAIN, SAVE_AGAIN_ZH, WorkbookSheet, unpacked
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

COLUMNS = 16_384  # of a sheet, to column XFD
CELLS = 10_000_000  # from the first filled cell to the last, of all sheets; once opened they take 70 bytes each, and their texts besides
TEXT = 1 << 28  # bytes of the texts of a sheet, each counted as often as a cell has it
ADDRESS = re.compile(rb"""\sr=["']([A-Z]+)(\d+)["'][^>/]*(/?)""")  # and whether the cell is empty
PREFIX = re.compile(rb"<((?:\w+:)?)worksheet")  # of the tags, which most programs leave out
AFTER_A_NAME = [b" ", b">", b"/", b"\n", b"\t", b"\r"]
ERROR = re.compile(rb"""<(?:\w+:)?c(\s[^>]*t=["']e["'][^>]*>)\s*<(?:\w+:)?v>([^<]*)<""")
SHARED = re.compile(rb"""t=["']s["'][^>]*>\s*<(?:\w+:)?v>\s*(\d+)""")
END_OF_TEXT = re.compile(rb"</(?:\w+:)?si>")


def column(letters: str) -> int:
    """The number of a column by its letters; A is 0. Beyond XFD, where xlsxwriter knows none, it goes on."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


@dataclass(frozen=True)
class SheetContents:
    """The extent of a sheet, and its error cells.

    `last_row` and `last_column` (from 0) are the last ones with filled cells. `errors` holds the texts of error cells, such
    as #N/A, by row and column, each from 0.
    """

    last_row: int
    last_column: int
    errors: dict[tuple[int, int], str]

    @property
    def area(self) -> int:
        """Return how many cells the sheet will have once opened, empty ones included."""
        return self.last_row * (self.last_column + 1)


def inspect_sheet(source: DataSource, file: ZipFile, sheet: WorkbookSheet, text_sizes: list[int]) -> SheetContents:
    """Return what a sheet holds. `text_sizes` are the sizes of the shared texts, in bytes.

    Raises:
        DataError: the sheet has a formula, or is too large.
    """
    place = chosen(f"{source.name}, sheet {sheet.name}", f"{source.name}工作表“{sheet.name}”")
    last_row, text_size, columns = 0, 0, set[bytes]()
    errors: dict[tuple[int, int], str] = {}
    prefix = b""
    for piece in _pieces(file, sheet.part, b"<row"):
        if match := PREFIX.search(piece):
            prefix = match[1]
        if (formula := min((at for end in AFTER_A_NAME if (at := piece.find(b"<%bf%b" % (prefix, end))) >= 0), default=-1)) >= 0:
            before = ADDRESS.findall(piece[:formula])
            cell = b"".join(before[-1][:2]).decode() if before else "?"
            raise DataError(
                chosen(
                    f"{place}, cell {cell}: there is a formula. Copy the cells and paste them as values.",
                    f"{place}{cell}单元格：有公式，请复制后选择性粘贴为数值。",
                )
            )
        addresses = ADDRESS.findall(piece)
        if len(addresses) < sum(piece.count(b"<%bc%b" % (prefix, end)) for end in AFTER_A_NAME):
            raise DataError(
                chosen(
                    f"{place}: there are cells without an address. {SAVE_AGAIN}", f"{place}：有的单元格没有地址。{SAVE_AGAIN_ZH}"
                )
            )
        filled = [address for address in addresses if not address[2]]
        columns |= {letters for letters, _, _ in filled}
        last_row = max(last_row, *map(int, {row for _, row, _ in filled}), 0)
        text_size += sum(text_sizes[number] for number in map(int, SHARED.findall(piece)) if number < len(text_sizes))
        errors |= _error_cells(piece)
    last_column = max((column(letters.decode()) for letters in columns), default=0)
    if last_column >= COLUMNS:
        raise DataError(
            chosen(
                f"{place} has {last_column + 1:,} columns. A sheet has at most {COLUMNS:,}: send the columns asked for.",
                f"{place}：有{last_column + 1}栏，最多{COLUMNS}栏，请只报要求的栏。",
            )
        )
    if text_size > TEXT:
        raise DataError(
            chosen(
                f"{place} holds more than {TEXT >> 20} MB of text. Send so much as .csv, or in several workbooks.",
                f"{place}：文字超过{TEXT >> 20} MB，请用csv报送，或分成几个工作簿。",
            )
        )
    return SheetContents(last_row, last_column, errors)


def check_area(source: DataSource, sheets: list[SheetContents]) -> None:
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


def shared_text_sizes(file: ZipFile) -> list[int]:
    """Return the size of each shared text, in bytes."""
    part = next((name for name in file.namelist() if name.casefold() == "xl/sharedstrings.xml"), None)
    sizes: list[int] = []
    done = last = 0
    for piece in _pieces(file, part, b"<") if part else ():
        for end in END_OF_TEXT.finditer(piece):
            sizes.append(done + end.end() - last)
            last = done + end.end()
        done += len(piece)
    return sizes


def _error_cells(piece: bytes) -> dict[tuple[int, int], str]:
    """Return the texts of error cells by row and column, each from 0."""
    errors = {}
    for cell in ERROR.finditer(piece) if b">#" in piece else ():
        if address := ADDRESS.search(cell[1]):
            errors[int(address[2]) - 1, column(address[1].decode())] = cell[2].decode("utf-8", "replace")
    return errors


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
