"""Encoding of a text file: UTF-8, UTF-16 with its byte order mark, or GB18030, proved by every byte of it."""

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common import files
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

PIECE = 1 << 22  # bytes read at once
LONGEST = 1 << 22  # bytes of a line; a row of 16,384 columns with 250 bytes each
UTF_8, UTF_16, GB18030 = "utf-8-sig", "utf-16", "gb18030"
MARKS_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# A word whose bytes are complete characters of UTF-8, surrogates too. Such bytes can also be valid in GB18030, but not as a word of
# Chinese: it would be two rare characters side by side, between two characters of ASCII.
WORD_OF_UTF_8 = re.compile(rb"[\xe3-\xef](?<![\x80-\xff].)[\x80-\xbf]{2}(?:[\xe3-\xef][\x80-\xbf]{2})*(?![\x80-\xff])", re.DOTALL)


def encoding(source: DataSource) -> str:
    """Return the name that Python has for the encoding of a file.

    Raises:
        DataError: the file has none of the three encodings throughout.
    """
    with files.opened(Path(source.location)) as file:
        if file.read(2) in MARKS_16:
            return UTF_16
    not_utf_8 = _first_invalid_byte(source, _first_not_utf_8)
    if not_utf_8 is None:
        return UTF_8
    not_gb18030 = _first_invalid_byte(source, _first_not_gb18030)
    if not_gb18030 is None:
        return GB18030
    # The encoding that is valid for longer is the encoding of the file, and the fault lies where it ends.
    fault = max(not_utf_8, not_gb18030)
    line = _line_number(source, fault)
    raise DataError(
        chosen(
            f"{source.name}, line {line:,}: the text is neither UTF-8 nor GB18030 throughout, from byte {fault + 1:,} on. "
            "Save the file again, as CSV UTF-8.",
            f"{source.name}第{line}行：从第{fault + 1}字节起，文字编码既不是UTF-8也不是GB18030，请重新另存为“CSV UTF-8”。",
        )
    )


def _whole_lines(source: DataSource) -> Iterator[bytes]:
    """Yield the bytes of a file in pieces of whole lines.

    Raises:
        DataError: there is a NUL byte, or a line is too long.
    """
    rest = b""
    done = 0
    with files.opened(Path(source.location)) as file:
        while chunk := file.read(PIECE):
            if (at := chunk.find(b"\0")) >= 0:
                at += done + len(rest)
                line = _line_number(source, at)
                raise DataError(
                    chosen(
                        f"{source.name}, line {line:,}: byte {at + 1:,} is NUL, which no text holds. "
                        "Save the file again, as CSV UTF-8.",
                        f"{source.name}第{line}行：第{at + 1}字节是空字符，文本中不应有，请重新另存为“CSV UTF-8”。",
                    )
                )
            piece = rest + chunk
            cut = max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1
            yield piece[:cut]
            done, rest = done + cut, piece[cut:]
            if len(rest) > LONGEST:
                line = _line_number(source, done)
                raise DataError(
                    chosen(
                        f"{source.name}, line {line:,} is longer than {LONGEST >> 20} MB, so that this is no table. "
                        "Export it again, a line for each row.",
                        f"{source.name}第{line}行长于{LONGEST >> 20} MB，不是数据表，请重新导出，每条记录一行。",
                    )
                )
    yield rest


def _first_invalid_byte(source: DataSource, fault: Callable[[bytes], int | None]) -> int | None:
    """Return the offset of the first invalid byte of a file; None when there is none. `fault` finds it in a piece."""
    done = 0
    for piece in _whole_lines(source):
        if not piece.isascii() and (at := fault(piece)) is not None:
            return done + at
        done += len(piece)
    return None


def _first_not_utf_8(piece: bytes) -> int | None:
    """Return the offset of the first byte that is not UTF-8; None when there is none."""
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return None


def _first_not_gb18030(piece: bytes) -> int | None:
    """Return the offset of the first byte that is not GB18030, or is a word of UTF-8; None when there is none."""
    match = WORD_OF_UTF_8.search(piece)
    foreign = match.start() if match else None
    try:
        piece.decode(GB18030)
    except UnicodeDecodeError as error:
        return error.start if foreign is None else min(error.start, foreign)
    return foreign


def _line_number(source: DataSource, offset: int) -> int:
    """Return the number of the line of a byte; the first is 1."""
    line = 1
    with files.opened(Path(source.location)) as file:
        while offset > 0 and (chunk := file.read(min(offset, PIECE))):
            line += chunk.count(b"\n")
            offset -= len(chunk)
    return line
