"""Which texts of a column are not plain, told by their bytes, so that only these are parsed one by one."""

import re
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.common.characters import BLANKS, IGNORED, REFUSED

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
LONGEST = 4_000  # characters of a text cell; a longer one is a document, or a quote that was never closed
BEYOND_BMP = 0xF3  # how variation selectors and tags begin in UTF-8, and private characters, which are rare
SHORT = 6  # bytes of the longest word for nothing that no other byte tells of, such as null


def byte_table(*chosen: int) -> Flags:
    """Return an array of 256 booleans: which byte values are among `chosen`."""
    table = np.zeros(256, bool)
    table[list(chosen)] = True
    return table


# Blanks of all widths begin and end with these bytes in UTF-8; formulas, words for nothing and errors begin with these signs.
FIRST = byte_table(*range(33), *b"=+-@/\\#(<'`", 0xC2, 0xE1, 0xE2, 0xE3, 0xEF)
LAST = byte_table(*range(33), *range(0x80, 0x8C), 0x9F, 0xA0, 0xA8, 0xA9, 0xAF, 0xBF)
NOTHING = byte_table(*b"nN")  # how null, nan and n/a begin
# Control characters, and what those beyond ASCII, and unseen ones of two bytes, begin with.
INSIDE = byte_table(*range(10), *range(11, 32), 0x7F, 0xC2, 0xCD, 0xD8, BEYOND_BMP)
IN_IDS = INSIDE | byte_table(*b"\n .+")  # ids have no blank; a point or a plus may be that of a number
FULL_WIDTH = "\u2010-\u2015\u2212\u3000\uff01-\uff5e"  # characters that an id has in half width
DISGUISES = np.zeros(0x10000, bool)  # by code point: in which a number may be hidden
DISGUISES[[*range(0x200B, 0x2010), *range(0x2060, 0x2066), 0xFEFF, *range(0xFF10, 0xFF1A)]] = True
DISGUISE_LEADS = byte_table(0xE2, 0xEF)  # how these begin in UTF-8
ESCAPE = "_x00"  # how a workbook writes a control character: _x000D_


SURE, THREE, UNDERSCORE = 1, 2, 3  # what a byte is: it makes a text doubtful, it begins a character of three bytes, or is _


@cache
def _tables(*, ids: bool) -> tuple[Bytes, Flags]:
    """Return what each byte is (0 for a plain one), and which code points up to U+FFFF make a text doubtful."""
    pattern = re.compile(f"[{IGNORED}{REFUSED}{BLANKS}{FULL_WIDTH if ids else ''}]")
    characters = np.zeros(0x10000, bool)
    characters[[match.start() for match in pattern.finditer("".join(map(chr, range(0x10000))))]] = True
    kinds = np.zeros(256, np.uint8)
    kinds[[0xE0 | code >> 12 for code in np.flatnonzero(characters).tolist() if code >= 0x800]] = THREE
    kinds[IN_IDS if ids else INSIDE] = SURE
    kinds[ord("_")] = UNDERSCORE
    return kinds, characters


def offsets_and_bytes(texts: pa.Array) -> tuple[npt.NDArray[np.int32], Bytes]:
    """Return the offsets at which texts begin and end (one more than texts, from 0), and the bytes of all texts."""
    _, ends, data = texts.buffers()
    offsets = np.frombuffer(ends, np.int32)[texts.offset : texts.offset + len(texts) + 1] if len(texts) else np.zeros(1, np.int32)
    start = offsets[0]
    return offsets - start, np.frombuffer(data or b"", np.uint8)[start : offsets[-1]]


def _code_points(data: Bytes, at: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Return the code points of the characters of three bytes that begin at these places."""
    last = len(data) - 1
    middle, end = data[np.minimum(at + 1, last)].astype(np.int32), data[np.minimum(at + 2, last)]
    points: npt.NDArray[np.int32] = (data[at].astype(np.int32) & 0xF) << 12 | (middle & 0x3F) << 6 | (end & 0x3F)
    return points


def has_disguised(texts: pa.Array) -> bool:
    """Return whether a text may have digits of full width, or characters that a text is read without."""
    data = offsets_and_bytes(texts)[1]
    if not len(data) or data.max() < DISGUISE_LEADS.argmax():
        return False
    at = np.flatnonzero(DISGUISE_LEADS[data])
    return bool(DISGUISES[_code_points(data, at)].any())


def doubtful(texts: pa.Array, *, ids: bool = False) -> pa.Array | None:
    """Return which texts may be blank, have blanks around them, stand for nothing or be unsafe (a boolean per row).

    None means that none is. Of `ids`, those that may be in another form than ids have are doubtful, too.
    """
    ends, data = offsets_and_bytes(texts)
    if not len(data):
        return pc.is_valid(texts) if texts.null_count < len(texts) else None
    begins, lengths, last = ends[:-1], np.diff(ends), len(data) - 1
    first = data[np.minimum(begins, last)]
    flags = (lengths == 0) | (lengths > LONGEST) | FIRST[first] | LAST[data[np.maximum(ends[1:] - 1, 0)]]
    flags |= NOTHING[first] & (lengths <= SHORT)
    kinds, characters = _tables(ids=ids)
    kind = kinds[data]
    at = np.flatnonzero(kind)
    kind = kind[at]
    three = at[kind == THREE]
    for inside in (three[characters[_code_points(data, three)]], at[kind == SURE]):
        flags[np.searchsorted(ends, inside, side="right") - 1] = True
    if (kind == UNDERSCORE).any():
        flags |= pc.fill_null(pc.match_substring(texts, ESCAPE), False).to_numpy(zero_copy_only=False)
    if texts.null_count:
        flags &= texts.is_valid().to_numpy(zero_copy_only=False)
    return pa.array(flags) if flags.any() else None
