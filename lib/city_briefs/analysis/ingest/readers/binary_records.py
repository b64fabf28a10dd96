"""Records of a binary workbook, and the numbers and texts in them, as [MS-XLSB] lays them out."""

import struct
from collections.abc import Iterator
from zipfile import ZipFile

from city_briefs.analysis.ingest.readers import archive


def records(file: ZipFile, part: str, most: int = archive.UNPACKED) -> Iterator[tuple[int, bytes]]:
    """Yield number and body of the records of a part, which has at most so many bytes.

    Raises:
        ValueError: it is larger, or the last record is not whole.
    """
    rest, size = b"", 0
    for piece in archive.unpacked(file, file.getinfo(part)):
        size += len(piece)
        data, at = rest + piece, 0
        while (header := _header(data, at)) and header[2] <= len(data):
            kind, start, at = header
            yield kind, data[start:at]
        rest = data[at:]
        if size > most or len(rest) > 4 * archive.PIECE:
            raise ValueError
    if rest:
        raise ValueError


def _header(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Return the number of the record that begins here, and where its body begins and ends; None where its header is cut off."""
    try:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | data[at] << 7
            at += 1
        size = 0
        for shift in (0, 7, 14, 21):
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
    except IndexError:
        return None
    return kind, at, at + size


def whole_number(body: bytes, at: int) -> int:
    """Return the whole number of four bytes that begins here."""
    if len(body) < at + 4:
        raise ValueError
    return int.from_bytes(body[at : at + 4], "little")


def short_number(bits: int) -> float:
    """Return the number that is packed into four bytes: a whole one or the first half of another, perhaps in hundredths."""
    if bits & 2:
        value = float((bits >> 2) - (1 << 30 if bits >> 31 else 0))
    else:
        [value] = struct.unpack("<d", bytes(4) + (bits & 0xFFFFFFFC).to_bytes(4, "little"))
    return value / 100 if bits & 1 else value


def text(body: bytes, at: int) -> tuple[str, int]:
    """Return the text that begins here with the number of its characters, and where it ends."""
    end = at + 4 + 2 * whole_number(body, at)
    if end > len(body):
        raise ValueError
    return body[at + 4 : end].decode("utf-16-le"), end
