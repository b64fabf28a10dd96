"""Archives of workbooks, inspected before they are opened: macros, damaged parts and parts of unlimited size are refused."""

import re
import zlib
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from city_briefs.analysis.ingest.raw_table import HEAD
from city_briefs.analysis.ingest.readers import content
from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common import files
from city_briefs.common.errors import DataError, suggestion
from city_briefs.common.language import chosen, suggestion_zh

UNPACKED = 1 << 29  # bytes of all parts; a sheet with a million rows of nine columns has 400 MB
DESCRIBED = 1 << 23  # bytes of the list of sheets
PIECE = 1 << 22
SAVE_AGAIN = "Open it in a spreadsheet and save it again as .xlsx."
SAVE_AGAIN_ZH = "请用电子表格软件打开，另存为.xlsx。"
BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
BINARY = "xl/workbook.bin"  # the list of sheets of a binary workbook
OPEN_DOCUMENT = "content.xml"  # the part of a spreadsheet of LibreOffice with its sheets
MACROS = ("xl/macrosheets/", "basic/", "scripts/")
TRUE = ("1", "true", "on")
WITHOUT_VALUES = re.compile(rb"<Application>[^<]*POI")  # programs that write a zero beside each formula
NOT_IN_A_NAME = re.compile(r"[\\/?*\[\]:\x00-\x1f]")  # what a spreadsheet allows in the name of no sheet


@dataclass(frozen=True)
class WorkbookSheet:
    """A sheet in the list of a workbook: its name, whether it is visible, and the part of the archive with its cells."""

    name: str
    shown: bool
    part: str


def open_archive(source: DataSource) -> ZipFile:
    """Open the archive of a workbook, after all its parts were unpacked once.

    Raises:
        DataError: it is no workbook, is damaged, has a password or macros, or is too large.
    """
    if content.kind(content.first(source)) == content.OLD:
        raise DataError(_old_format_reason(source))
    content.check(source, content.ARCHIVE, "a workbook")
    try:
        file = ZipFile(source.location)
        _check_parts(source, file.infolist())
        _check_size(source, sum(info.file_size for info in file.infolist()))
        size = 0
        for info in file.infolist():
            for piece in unpacked(file, info):
                size += len(piece)
                _check_size(source, size)
    except BROKEN:
        raise DataError(
            chosen(
                f"{source.name} is not a whole workbook: part of the file is missing or damaged. Send it again.",
                f"{source.name}不是完整的工作簿，文件有缺失或损坏，请重新报送。",
            )
        ) from None
    return file


def _check_size(source: DataSource, size: int) -> None:
    """Check that an archive is not too large when unpacked."""
    if size > UNPACKED:
        raise DataError(
            chosen(
                f"{source.name} unpacks to more than {UNPACKED >> 20} MB. Send so many rows as .csv, or in several workbooks.",
                f"{source.name}解压后超过{UNPACKED >> 20} MB，行数这样多的请用csv报送，或分成几个工作簿。",
            )
        )


def _old_format_reason(source: DataSource) -> str:
    """Return why a compound file is refused: it holds an encrypted workbook, or is older than 2007."""
    name = "EncryptedPackage".encode("utf-16-le")
    rest = b""
    with files.opened(Path(source.location)) as file:
        while read := file.read(PIECE):
            if name in rest + read:
                return chosen(
                    f"{source.name} has a password. Save it again without one.", f"{source.name}设有密码，请取消密码后另存。"
                )
            rest = read[-len(name) :]
    return chosen(
        f"{source.name} is a workbook of Excel 97-2003. {SAVE_AGAIN}",
        f"{source.name}是Excel 97-2003格式的工作簿。{SAVE_AGAIN_ZH}",
    )


def _check_parts(source: DataSource, parts: list[ZipInfo]) -> None:
    """Check that an archive is a workbook without macros, which every program reads in the same way."""
    names = [info.filename.casefold() for info in parts]
    lists = {"xl/workbook.xml", BINARY, OPEN_DOCUMENT} & set(names)
    if not lists:
        raise DataError(
            chosen(
                f"{source.name} is a zip archive, not a workbook. {SAVE_AGAIN}",
                f"{source.name}是zip压缩文件，不是工作簿。{SAVE_AGAIN_ZH}",
            )
        )
    if any(name.endswith("vbaproject.bin") or name.startswith(MACROS) for name in names):
        raise DataError(
            chosen(
                f"{source.name} holds macros, which are not opened. Save it as .xlsx, without them.",
                f"{source.name}含有宏，不能打开，请另存为不含宏的.xlsx。",
            )
        )
    is_double = len(set(names)) < len(names) or {"xl/workbook.xml", BINARY} <= lists
    if is_double or any(".." in name.split("/") or name.startswith("/") for name in names):
        raise DataError(
            chosen(
                f"{source.name} is put together as no spreadsheet does it: two of its parts have one name, or one lies outside. "
                f"{SAVE_AGAIN}",
                f"{source.name}的内部结构不是电子表格软件生成的（部分重名，或指向文件以外）。{SAVE_AGAIN_ZH}",
            )
        )
    if any(info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or info.flag_bits & 1 for info in parts):
        raise DataError(
            chosen(
                f"{source.name} is packed or encrypted as no spreadsheet does it. {SAVE_AGAIN}",
                f"{source.name}的压缩或加密方式不是电子表格软件所用的。{SAVE_AGAIN_ZH}",
            )
        )


def unpacked(file: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    """Yield a part in pieces, to its true end but at most UNPACKED bytes.

    Raises:
        BadZipFile: its checksum is wrong.
    """
    unlimited = copy(info)
    unlimited.file_size = UNPACKED + PIECE  # the size that the archive states may be a lie; the stream knows where it ends
    with file.open(unlimited) as part:
        while piece := part.read(PIECE):
            yield piece


def sheets(source: DataSource, file: ZipFile) -> list[WorkbookSheet]:
    """Return the sheets of a workbook, in its order.

    Raises:
        DataError: the list of sheets cannot be read, or names two sheets alike.
    """
    parts = {name.casefold(): name for name in file.namelist()}
    try:
        targets = related_parts(file, "xl/_rels/workbook.xml.rels")
        listed = [
            WorkbookSheet(attributes["name"], attributes.get("state", "visible") == "visible", targets[_related(attributes)])
            for attributes in _element_attributes(file, parts["xl/workbook.xml"], "sheet")
        ]
    except (expat.ExpatError, KeyError, *BROKEN):
        raise unreadable_list(source) from None
    check_names(source, [sheet.name for sheet in listed])
    return listed


def related_parts(file: ZipFile, part: str) -> dict[str, str]:
    """Return the parts of the archive by the names that the list of sheets has for them, as `part` says.

    Raises:
        ExpatError, KeyError, ValueError: they cannot be read.
    """
    parts = {name.casefold(): name for name in file.namelist()}
    relationships = _element_attributes(file, parts[part], "Relationship")
    targets = {attributes.get("Id", ""): attributes.get("Target", "") for attributes in relationships}
    paths = {name: target.removeprefix("/") if target.startswith("/") else f"xl/{target}" for name, target in targets.items()}
    return {name: parts[path.casefold()] for name, path in paths.items() if path.casefold() in parts}


def unreadable(source: DataSource) -> DataError:
    """Return the error for a workbook of which a part cannot be read."""
    return DataError(
        chosen(
            f"{source.name} is a workbook that cannot be read. {SAVE_AGAIN}",
            f"{source.name}是无法读取的工作簿。{SAVE_AGAIN_ZH}",
        )
    )


def unreadable_list(source: DataSource) -> DataError:
    """Return the error for a workbook whose list of sheets cannot be read."""
    return DataError(
        chosen(
            f"{source.name} is a workbook whose list of sheets cannot be read. {SAVE_AGAIN}",
            f"{source.name}的工作表目录无法读取。{SAVE_AGAIN_ZH}",
        )
    )


def check_names(source: DataSource, names: Sequence[str]) -> None:
    """Check the names of the sheets of a workbook.

    Raises:
        DataError: two are alike, or one is as no spreadsheet allows it.
    """
    for name in names:
        if NOT_IN_A_NAME.search(name):
            raise DataError(
                chosen(
                    f"{source.name} has a sheet named {name!r}. The name of a sheet has none of \\ / ? * [ ] : in it.",
                    f"{source.name}有名为{name!r}的工作表，工作表名不能含有\\ / ? * [ ] :。",
                )
            )
        if names.count(name) > 1:
            raise DataError(
                chosen(
                    f"{source.name} has more than one sheet named '{name}'. {SAVE_AGAIN}",
                    f"{source.name}有多张名为“{name}”的工作表。{SAVE_AGAIN_ZH}",
                )
            )


def is_binary(file: ZipFile) -> bool:
    """Return whether an archive is a binary workbook (.xlsb)."""
    return BINARY in map(str.casefold, file.namelist())


def is_open_document(file: ZipFile) -> bool:
    """Return whether an archive is a spreadsheet of LibreOffice and the like (.ods)."""
    return {OPEN_DOCUMENT, "mimetype"} <= set(file.namelist()) and b"opendocument.spreadsheet" in file.read("mimetype")[:100]


def counts_from_1904(file: ZipFile) -> bool:
    """Return whether a workbook, whose list of sheets was read, counts its days from 1904, as those of old Macs do."""
    parts = {name.casefold(): name for name in file.namelist()}
    properties = _element_attributes(file, parts["xl/workbook.xml"], "workbookPr")
    return any(attributes.get("date1904", "0") in TRUE for attributes in properties)


def is_calculated(file: ZipFile) -> bool:
    """Return whether the values of formulas are those that somebody saw.

    They are not where the workbook asks to be calculated when it is opened, or comes from a program that calculates nothing.
    """
    parts = {name.casefold(): name for name in file.namelist()}
    calculations = _element_attributes(file, parts["xl/workbook.xml"], "calcPr")
    if any(attributes.get("fullCalcOnLoad", "0") in TRUE for attributes in calculations):
        return False
    maker = parts.get("docprops/app.xml")
    return maker is None or not WITHOUT_VALUES.search(next(unpacked(file, file.getinfo(maker)), b""))


def _related(attributes: dict[str, str]) -> str:
    """Return the name that a sheet has for its part of the archive; empty when it has none."""
    return next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")


def _element_attributes(file: ZipFile, part: str, name: str) -> list[dict[str, str]]:
    """Return the attributes of every element of this name."""
    if file.getinfo(part).file_size > DESCRIBED:
        raise ValueError(part)
    elements: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == name:
            elements.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(file.read(part), True)
    return elements


def check_has_sheet(source: DataSource, names: Sequence[str]) -> None:
    """Check that a workbook with sheets of these names has the one that its source names.

    Raises:
        DataError: it has not.
    """
    if source.sheet not in names:
        raise DataError(
            chosen(
                f"{source.name} has no sheet '{source.sheet}'. It has {', '.join(names)}.{suggestion(source.sheet, names)}",
                f"{source.name}没有工作表“{source.sheet}”，已有{'、'.join(names)}。{suggestion_zh(source.sheet, names)}",
            )
        )


def check_head(source: DataSource, sheet: str, head: Sequence[Sequence[str | None]]) -> None:
    """Check that the first rows of a sheet have a cell.

    Raises:
        DataError: they have none.
    """
    if not any(cell for row in head for cell in row):
        raise DataError(
            chosen(
                f"{source.name}, sheet {sheet}: the first {HEAD} rows are empty. Begin with the heading.",
                f"{source.name}工作表“{sheet}”：前{HEAD}行是空的，请从表头开始。",
            )
        )
