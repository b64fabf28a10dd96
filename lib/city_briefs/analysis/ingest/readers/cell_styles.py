"""Styles of a workbook's cells, as far as they change what a person reads: number formats, and text that is struck through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat
from zipfile import ZipFile

from city_briefs.analysis.ingest.readers.archive import BROKEN, SAVE_AGAIN, unpacked
from city_briefs.analysis.ingest.readers.number_formats import BUILT_IN, NumberFormat
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

NO = ("0", "false", "off")


@dataclass(frozen=True)
class CellStyles:
    """The styles of cells by their numbers: those with a number format, and those that are struck through.

    `notable` are the formats under which a number is read otherwise than it is held, such as 0%; under `decimal` ones it is
    read as it is, but for its noise. Those of dates and times are in neither.
    """

    notable: Mapping[int, NumberFormat]
    decimal: Mapping[int, NumberFormat]
    struck: frozenset[int]


def read(source: DataSource, file: ZipFile) -> CellStyles:
    """Return the styles of a workbook; a workbook without a part for them has none.

    Raises:
        DataError: they are no XML.
    """
    part = next((name for name in file.namelist() if name.casefold() == "xl/styles.xml"), None)
    reader = _StyleReader()
    try:
        for piece in unpacked(file, file.getinfo(part)) if part else ():
            reader.parser.Parse(piece, False)
        if part:
            reader.parser.Parse(b"", True)
        return collected(reader.codes, reader.struck_fonts, reader.cells)
    except (expat.ExpatError, *BROKEN):
        raise unreadable(source) from None


def unreadable(source: DataSource) -> DataError:
    """Return the error for a workbook whose styles cannot be read."""
    return DataError(
        chosen(
            f"{source.name} is a workbook whose styles cannot be read. {SAVE_AGAIN}",
            f"{source.name}的单元格格式已损坏，无法读取。请用WPS或Excel打开后另存为.xlsx，再重新报送。",
        )
    )


def collected(codes: Mapping[int, str], struck_fonts: Sequence[bool], cells: Sequence[tuple[int, int]]) -> CellStyles:
    """Return the styles of cells, each given by the numbers of its format and its font.

    `codes` are the number formats of the workbook by their numbers; `struck_fonts` says of each font whether it strikes through.
    """
    every = BUILT_IN | dict(codes)
    formats = {
        number: number_format
        for number, (code, _) in enumerate(cells)
        if code in every and not (number_format := NumberFormat(every[code])).is_date
    }
    struck = {number for number, (_, font) in enumerate(cells) if font < len(struck_fonts) and struck_fonts[font]}
    return CellStyles(
        {number: number_format for number, number_format in formats.items() if not number_format.is_plain},
        {number: number_format for number, number_format in formats.items() if number_format.is_plain},
        frozenset(struck),
    )


class _StyleReader:
    """Collects number formats, fonts and styles from the XML of a workbook's styles."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = _refuse_entity
        self._inside: list[str] = []
        self.codes: dict[int, str] = {}
        self.struck_fonts: list[bool] = []
        self.cells: list[tuple[int, int]] = []  # of each style the numbers of its format and font

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        """Collect an element."""
        name = tag.rpartition(":")[2]
        inside = self._inside[-1] if self._inside else ""
        if name == "numFmt" and inside == "numFmts":
            self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "font" and inside == "fonts":
            self.struck_fonts.append(False)
        elif name == "strike" and self._inside[-2:-1] == ["fonts"]:
            self.struck_fonts[-1] = attributes.get("val", "1") not in NO
        elif name == "xf" and inside == "cellXfs":
            self.cells.append((int(attributes.get("numFmtId", 0)), int(attributes.get("fontId", 0))))
        self._inside.append(name)

    def _end(self, _: str) -> None:
        """Leave an element."""
        self._inside.pop()


def _refuse_entity(*_: object) -> None:
    """Refuse a declared entity, which no spreadsheet writes."""
    raise ValueError
