"""Binary workbooks (.xlsb), written record by record as [MS-XLSB] lays them out."""

import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

ERRORS = {"#DIV/0!": 0x07, "#N/A": 0x2A}
RELATED = '<Relationships xmlns="urn:r">{}</Relationships>'
RELATION = '<Relationship Id="rId{0}" Type="urn:worksheet" Target="worksheets/sheet{0}.bin"/>'


@dataclass(frozen=True)
class Cell:
    """A cell: a text, a number (a whole one is packed), true or false, or an error such as #N/A; None is an empty one."""

    value: object = None
    code: str = "General"
    struck: bool = False
    formula: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows of cells, numbered from 0, and what it says beside them. A record in place of a cell is written as it is."""

    rows: dict[int, list]
    name: str = "2021"
    hidden: int = 0
    merged: tuple = ()  # first and last row, first and last column
    hidden_rows: tuple = ()
    hidden_column: int | None = None


def record(kind: int, body: bytes = b"") -> bytes:
    head, size = (bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])), len(body)
    while size > 0x7F:
        head, size = head + bytes([size & 0x7F | 0x80]), size >> 7
    return head + bytes([size]) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def write(path: Path, *sheets: Sheet, calculation: int = 0, from_1904: bool = False, parts: dict | None = None) -> Path:
    """Write a workbook; `parts` are others of the archive, or take the place of its own, which they leave out if None."""
    texts: list[str] = []
    styles = [("General", False)]
    written = {f"xl/worksheets/sheet{n}.bin": _sheet(sheet, texts, styles) for n, sheet in enumerate(sheets, start=1)}
    codes = sorted({code for code, _ in styles} - {"General"})
    fonts = [
        record(43, struct.pack("<HHHHBBBBIIB", 220, 8 * struck, 400, 0, 0, 2, 0, 0, 7, 0, 0) + wide("宋体")) for struck in (0, 1)
    ]
    formats = [record(44, struct.pack("<H", 164 + number) + wide(code)) for number, code in enumerate(codes)]
    numbers = [(164 + codes.index(code) if code in codes else 0, struck) for code, struck in styles]
    cells = [record(47, struct.pack("<HHHHHHHH", 0, code, struck, 0, 0, 0, 0, 0x3F)) for code, struck in numbers]
    groups = ((615, formats), (611, fonts), (626, [record(47, struct.pack("<8H", 0xFFFF, 9, 1, 0, 0, 0, 0, 0))]), (617, cells))
    lists = b"".join(record(kind, struct.pack("<I", len(some))) + b"".join(some) + record(kind + 1) for kind, some in groups)
    bundled = [
        record(156, struct.pack("<II", sheet.hidden, n) + wide(f"rId{n}") + wide(sheet.name)) for n, sheet in enumerate(sheets, 1)
    ]
    flags = record(153, struct.pack("<III", from_1904, 0, 0))
    calculated = record(157, struct.pack("<IIIdIH", 0, 1, 100, 0.001, 1, calculation))
    written |= {
        "xl/workbook.bin": record(131) + flags + record(143) + b"".join(bundled) + record(144) + calculated + record(132),
        "xl/_rels/workbook.bin.rels": RELATED.format("".join(RELATION.format(n + 1) for n in range(len(sheets)))).encode(),
        "xl/styles.bin": record(278) + lists + record(279),
        "xl/sharedStrings.bin": record(159, struct.pack("<II", len(texts), len(texts))) + _shared(texts) + record(160),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (written | (parts or {})).items():
            if content is not None:
                file.writestr(name, content)
    return path


def _shared(texts: list) -> bytes:
    return b"".join(record(19, text if isinstance(text, bytes) else b"\0" + wide(text)) for text in texts)


def _sheet(sheet: Sheet, texts: list, styles: list) -> bytes:
    width = max(map(len, sheet.rows.values()), default=1)
    size = record(148, struct.pack("<4I", 0, max(sheet.rows, default=0), 0, width - 1))
    columns = record(60, struct.pack("<4IH", *[sheet.hidden_column] * 2, 2560, 0, 1)) if sheet.hidden_column is not None else b""
    lines = bytearray()
    for number, row in sheet.rows.items():
        lines += record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 * (number in sheet.hidden_rows), 0, 0))
        lines += b"".join(_cell(column, cell, texts, styles) for column, cell in enumerate(row))
    merged = b"".join(record(176, struct.pack("<4I", *merge)) for merge in sheet.merged)
    columns = record(390) + columns + record(391) if columns else b""
    return record(129) + size + columns + record(145) + lines + record(146) + record(177) + merged + record(178) + record(130)


def _cell(column: int, cell: object, texts: list, styles: list) -> bytes:
    if isinstance(cell, bytes):
        return cell
    cell = cell if isinstance(cell, Cell) else Cell(cell)
    if (cell.code, cell.struck) not in styles:
        styles.append((cell.code, cell.struck))
    head = struct.pack("<II", column, styles.index((cell.code, cell.struck)))
    kind, body = _value(cell.value, texts, formula=cell.formula)
    return record(kind, head + body + (struct.pack("<HII", 0, 0, 0) if cell.formula else b""))


def _value(value: object, texts: list, *, formula: bool) -> tuple[int, bytes]:
    if value is None:
        return 1, b""
    if value in ERRORS:
        return 11 if formula else 3, bytes([ERRORS[value]])
    if isinstance(value, bool):
        return 10 if formula else 4, bytes([value])
    if isinstance(value, int) and not formula:
        return 2, struct.pack("<i", value << 2 | 2)
    if isinstance(value, int | float):
        return 9 if formula else 5, struct.pack("<d", value)
    if formula:
        return 8, wide(value)
    texts.append(value)
    return 7, struct.pack("<I", len(texts) - 1)
