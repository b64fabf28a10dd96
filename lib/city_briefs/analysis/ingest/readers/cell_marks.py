"""Marks of a sheet's cells, found in its XML: styles and errors, formulas, rows and columns that are hidden, text that is struck out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

import numpy as np
import numpy.typing as npt

from city_briefs.analysis.ingest.raw_table import FOOT
from city_briefs.analysis.ingest.readers.cell_styles import CellStyles
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

ADDRESS = re.compile(rb"""\sr=["']([A-Z]+)(\d+)["'][^>/]*(/?)""")  # and whether the cell is empty
AFTER_A_NAME = [b" ", b">", b"/", b"\n", b"\t", b"\r"]
ERROR = re.compile(
    rb"""<(?:\w+:)?c(\s[^>]*t=["']e["'][^>]*>)\s*(?:<(?:\w+:)?f[^>]*/>|<(?:\w+:)?f[\s>][^<]*</(?:\w+:)?f>)?\s*<(?:\w+:)?v>([^<]*)<"""
)
FORMULA = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*/|/|(?:\s[^>]*)?>([^<]*)</(?:\w+:)?f)>\s*(?:<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<)?"
)
STRIKE = re.compile(rb"""<(?:\w+:)?strike(?:\s+val=["'](?:1|true|on)["'])?\s*/?>""")
HIDDEN = rb"""(?=[^>]*\shidden=["'](?:1|true)["'])"""
HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row(?=\s)" + HIDDEN + rb"""(?=[^>]*?\sr=["'](\d+)["'])""")
HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col(?=\s)" + HIDDEN + rb"""(?=[^>]*?\smin=["'](\d+)["'])(?=[^>]*?\smax=["'](\d+)["'])""")
CELL = rb"""c(?=\s)(?=[^>]*?\sr=["']([A-Z]+)(\d+)["'])"""
STYLED = b"<%b" + CELL + rb"""(?=[^>]*?\ss=["'](%b)["'])[^>/]*>(?!</)"""  # and is not empty
LONG = rb"""\s*(?:<(?:\w+:)?f[^>]*/>|<(?:\w+:)?f[\s>][^<]*</(?:\w+:)?f>)?\s*<(?:\w+:)?v>-?\d*\.\d{7,}"""  # noise of a formula
SHARED_TEXT = re.compile(rb"<(?:\w+:)?" + CELL + rb"""(?=[^>]*?\st=["']s["'])[^>/]*>\s*<(?:\w+:)?v>\s*(\d+)""")
DIGITS = re.compile(rb"\.\d{7}")
WIDTH = 14  # bits of a column in the key of a cell
MOST = 100_000  # cells of a sheet whose texts are kept apart


def column(letters: str) -> int:
    """The number of a column by its letters; A is 0. Beyond XFD, where xlsxwriter knows none, it goes on."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def count_tags(piece: bytes, beginning: bytes) -> int:
    """Return how many tags of this name there are."""
    return sum(piece.count(beginning + end) for end in AFTER_A_NAME)


@dataclass(frozen=True)
class FormulaCells:
    """The formulas of a column: how many, the first and the last of their rows."""

    count: int
    first: int
    last: int


class CellMarks:
    """The marks of a sheet's cells, collected piece by piece.

    `texts` are the texts of cells that have an error such as #N/A, or a formula without a value, by row and column, each from
    0. `last_rows` are the last rows with cells, from 1, at most FOOT of them. `struck` has by row (from 1) the letters of its
    first cell that is struck through. `hidden_rows` are those with cells. `formulas` and `uncalculated` are the formulas with
    and without a value, by the letters of their columns.
    """

    def __init__(self, place: str, styles: CellStyles, struck_texts: frozenset[int], *, calculated: bool) -> None:
        self.place, self.styles = place, styles
        self.texts: dict[tuple[int, int], str] = {}
        self.last_rows: list[int] = []
        self.struck: dict[int, str] = {}
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.formulas: dict[str, FormulaCells] = {}
        self.uncalculated: dict[str, FormulaCells] = {}
        self._struck_texts, self._calculated = struck_texts, calculated
        self._keys: list[npt.NDArray[np.int64]] = []
        self._styles: list[npt.NDArray[np.int64]] = []

    def add(self, piece: bytes, prefix: bytes, filled_rows: set[bytes]) -> None:
        """Add the marks of a piece of XML, whose tags have this prefix.

        Raises:
            DataError: a formula is written as no spreadsheet does, or there are too many without a value.
        """
        self.last_rows = sorted({*self.last_rows, *map(int, filled_rows)})[-FOOT:]
        if b"<%bf" % prefix in piece and (count := count_tags(piece, b"<%bf" % prefix)):
            self._add_formulas(piece, count)
        if b">#" in piece:
            for attributes, text in ERROR.findall(piece):
                self._add_text(attributes, text.decode("utf-8", "replace"))
        if b"hidden=" in piece:
            self.hidden_rows += [int(row) for row in HIDDEN_ROW.findall(piece) if row in filled_rows]
            self.hidden_columns += [(int(first) - 1, int(last) - 1) for first, last in HIDDEN_COLUMNS.findall(piece)]
        self._add_struck(piece, prefix)
        self._add_styled(piece, prefix, self.styles.notable, b"")
        if self.styles.decimal and DIGITS.search(piece):
            self._add_styled(piece, prefix, self.styles.decimal, LONG)

    def add_formula(self, letters: str, row: int, *, has_value: bool) -> None:
        """Add a formula by its column and row (from 1)."""
        by_column = self.formulas if has_value else self.uncalculated
        earlier = by_column.get(letters, FormulaCells(0, row, row))
        by_column[letters] = FormulaCells(earlier.count + 1, earlier.first, row)

    def add_styled(self, cells: Sequence[tuple[int, int, int]]) -> None:
        """Add cells whose number is read by its format: row, column (each from 0) and number of the style."""
        if cells:
            rows, columns, styles = np.array(cells, np.int64).T
            self._keys.append((rows << WIDTH) + columns)
            self._styles.append(styles)

    def styled_cells(self) -> Iterator[tuple[int, int, int]]:
        """Yield row, column (each from 0) and number of the style of the cells whose number is read by its format, in order."""
        if self._keys:
            keys, first = np.unique(np.concatenate(self._keys), return_index=True)
            styles = np.concatenate(self._styles)[first]
            for start in range(0, len(keys), MOST):
                some = keys[start : start + MOST]
                rows, columns = (some >> WIDTH).tolist(), (some & (1 << WIDTH) - 1).tolist()
                yield from zip(rows, columns, styles[start : start + MOST].tolist(), strict=True)

    def scaled_columns(self) -> dict[int, tuple[int, int, int]]:
        """Return by column (from 0) the first row of its cells that are shown smaller without a word, their power of ten and style."""
        shifts = {number: number_format.shift for number, number_format in self.styles.notable.items() if number_format.shift > 0}
        scaled: dict[int, tuple[int, int, int]] = {}
        for row, place, style in self.styled_cells() if shifts else ():
            if style in shifts:
                scaled.setdefault(place, (row, shifts[style], style))
        return scaled

    def _add_formulas(self, piece: bytes, count: int) -> None:
        """Add the formulas of a piece, which has so many."""
        cells = FORMULA.findall(piece)
        if len(cells) < count:
            before = ADDRESS.findall(piece[: piece.find(b"<f")])
            cell = b"".join(before[-1][:2]).decode() if before else "?"
            raise DataError(
                chosen(
                    f"{self.place}, cell {cell}: there is a formula that cannot be told from its value. "
                    "Copy the cells and paste them as values.",
                    f"{self.place}，单元格{cell}：公式无法识别。请复制后选择性粘贴为数值，再重新报送。",
                )
            )
        for attributes, formula, value in cells:
            letters, row, _ = _address(attributes)
            has_value = self._calculated and (bool(value) or b't="str"' in attributes or b"t='str'" in attributes)
            self.add_formula(letters, row, has_value=has_value)
            if not has_value:
                self._add_text(attributes, "=" + unescape(formula.decode("utf-8", "replace")))

    def _add_text(self, attributes: bytes, text: str) -> None:
        """Keep the text of a cell."""
        letters, row, _ = _address(attributes)
        self.texts.setdefault((row - 1, column(letters)), text)
        if len(self.texts) > MOST:
            raise DataError(
                chosen(
                    f"{self.place} has more than {MOST:,} cells with errors, or formulas without a value. "
                    "Open it in a spreadsheet, mend the formulas, and save it again.",
                    f"{self.place}有超过{MOST:,}个单元格是错误值或没有结果的公式。请用WPS或Excel打开，改正公式后保存，再重新报送。",
                )
            )

    def _add_struck(self, piece: bytes, prefix: bytes) -> None:
        """Add the cells of a piece that are struck through, by their style, their shared text or their own."""
        cells: list[tuple[bytes, bytes]] = []
        if numbers := _used(piece, self.styles.struck):
            cells += [(letters, row) for letters, row, _ in re.findall(STYLED % (prefix, b"|".join(numbers)), piece)]
        if self._struck_texts:
            cells += [(letters, row) for letters, row, text in SHARED_TEXT.findall(piece) if int(text) in self._struck_texts]
        if b"strike" in piece:
            cells += [ADDRESS.findall(piece[: strike.start()])[-1][:2] for strike in STRIKE.finditer(piece)]
        for letters, row in cells:
            self.struck.setdefault(int(row), letters.decode())

    def _add_styled(self, piece: bytes, prefix: bytes, styles: Iterable[int], rest: bytes) -> None:
        """Add the cells of a piece that have one of these styles, and `rest` behind their tag."""
        if numbers := _used(piece, styles):
            cells = re.findall(STYLED % (prefix, b"|".join(numbers)) + rest, piece)
            by_letters = {letters: column(letters.decode()) for letters in {letters for letters, _, _ in cells}}
            self.add_styled([(int(row) - 1, by_letters[letters], int(style)) for letters, row, style in cells])


def _used(piece: bytes, styles: Iterable[int]) -> list[bytes]:
    """Return the numbers of styles that a piece has."""
    return [b"%d" % number for number in styles if b's="%d"' % number in piece or b"s='%d'" % number in piece]


def _address(attributes: bytes) -> tuple[str, int, bool]:
    """Return letters and row of a cell by its attributes, and whether it is empty."""
    match = ADDRESS.search(attributes)
    assert match is not None  # every cell has one, as was checked
    return match[1].decode(), int(match[2]), bool(match[3])
