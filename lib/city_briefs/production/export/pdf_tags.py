"""The tags of tables in a PDF that Typst has made: the first cell of a row is its heading, and what only holds rows together is no cell.

How the borders of cells look, which would be half of a long document, is left to the page. Typst gives headings to columns alone. Its file
has every object in plain text, by which the tags can be changed; the file is then written anew with the same objects under the same
numbers.
"""

import re
from collections.abc import Iterator

TAG = b"<</Type/StructElem/S/"
START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
TABLE_OF_OBJECTS = re.compile(rb"xref\s+0 (\d+)\s+")
ENTRY = 20  # bytes, of an object in that table
KINDS = re.compile(re.escape(TAG) + rb"(\w+)")
CHILDREN = re.compile(rb"/K\[([^\]]*)\]")
REFERENCE = re.compile(rb"(\d+) 0 R")
COLUMNS = re.compile(rb"/ColSpan (\d+)")
NAMED = re.compile(rb"/Headers\[[^\]]*\]")  # the headings of a cell by name, which their places and scopes also tell
BORDERS = re.compile(
    rb"/Border(?:Color|Style|Thickness)(?:\[(?:[^\[\]]|\[[^\]]*\])*\]|[^/\[<>]+|/\w+)"
)  # of a cell, as drawn on its page
NO_ATTRIBUTES = (b"<</O/Table>>", b"<</O/Layout>>", b"/A[]")
NOTHING = b"null"


class Tags:
    """The tags of a file, by the numbers of their objects."""

    def __init__(self, objects: dict[int, bytes]) -> None:
        self._objects = objects

    def of(self, kind: bytes) -> list[int]:
        """Return the tags of a kind."""
        return [number for number in self._objects if self.kind(number) == kind]

    def kind(self, number: int) -> bytes:
        """Return the kind of a tag; empty for what is no tag."""
        found = KINDS.match(self._objects[number])
        return found[1] if found else b""

    def below(self, number: int, kinds: tuple[bytes, ...]) -> list[int]:
        """Return the tags of these kinds right below a tag."""
        found = CHILDREN.search(self._objects[number])
        children = [int(child) for child in REFERENCE.findall(found[1])] if found else []
        return [child for child in children if self.kind(child) in kinds]

    def is_blank(self, number: int) -> bool:
        """Return whether a tag has nothing in it."""
        found = CHILDREN.search(self._objects[number])
        return not found or not found[1].strip()

    def columns(self, number: int) -> int:
        """Return how many columns a cell spans."""
        found = COLUMNS.search(self._objects[number])
        return int(found[1]) if found else 1

    def drop(self, number: int, parent: int) -> None:
        """Take a tag, with all below it, out from under its parent."""
        for child in self.below(number, (b"TH", b"TD")):
            self._objects[child] = NOTHING
        self._objects[number] = NOTHING
        self._objects[parent] = re.sub(rb"(?<=[\[ ])%d 0 R ?" % number, b"", self._objects[parent]).replace(b" ]", b"]")

    def head_row(self, number: int) -> None:
        """Make a cell the heading of its row."""
        made = self._objects[number].replace(TAG + b"TD", TAG + b"TH", 1)
        if b"<</O/Table" in made:
            made = made.replace(b"<</O/Table", b"<</O/Table/Scope/Row", 1)
        elif b"/A[" in made:
            made = made.replace(b"/A[", b"/A[<</O/Table/Scope/Row>>", 1)
        else:
            made = made.replace(b"/K[", b"/A[<</O/Table/Scope/Row>>]/K[", 1)
        self._objects[number] = made


def with_row_headings(pdf: bytes) -> bytes:
    """Return a PDF of Typst's with headings of rows in the tags of its tables."""
    objects, trailer, head = _read(pdf)
    tags = Tags(objects)
    for number in (number for number in objects if tags.kind(number) in (b"TD", b"TH")):
        made = BORDERS.sub(b"", NAMED.sub(b"", objects[number]))
        for nothing in NO_ATTRIBUTES:
            made = made.replace(nothing, b"")
        objects[number] = made
    for table in tags.of(b"Table"):
        heads = [row for part in tags.below(table, (b"THead",)) for row in tags.below(part, (b"TR",))]
        rows = [row for part in tags.below(table, (b"TBody",)) for row in tags.below(part, (b"TR",))]
        _drop_what_holds_rows(tags, table, heads, rows)
        for row in rows:
            cells = tags.below(row, (b"TH", b"TD"))
            if cells and tags.kind(cells[0]) == b"TD" and tags.columns(cells[0]) == 1 and not tags.is_blank(cells[0]):
                tags.head_row(cells[0])
    dropped = {number for number, content in objects.items() if content == NOTHING}
    for number, content in objects.items():
        if b"/Limits" in content or b"/IDTree" in content:
            objects[number] = _without(content, dropped)
    return _written(objects, trailer, head)


def _drop_what_holds_rows(tags: Tags, table: int, heads: list[int], rows: list[int]) -> None:
    """Take out of a table that is parted the row in which 续表 stands on later pages, and the column that holds rows together."""
    first = tags.below(heads[0], (b"TH",)) if len(heads) > 1 else []
    names = tags.below(heads[1], (b"TH",)) if len(heads) > 1 else []
    if len(first) != 1 or not tags.is_blank(first[0]) or tags.columns(first[0]) != len(names) or not tags.is_blank(names[-1]):
        return
    tags.drop(heads[0], tags.below(table, (b"THead",))[0])
    tags.drop(names[-1], heads[1])
    for row in rows:
        cells = tags.below(row, (b"TD",))
        if sum(map(tags.columns, cells)) == len(names) and tags.is_blank(cells[-1]):
            tags.drop(cells[-1], row)


def _without(tree: bytes, dropped: set[int]) -> bytes:
    """Return a tree of names without those of tags that are no longer there."""
    return re.sub(rb"\([^()]*\) ?(\d+) 0 R ?", lambda entry: b"" if int(entry[1]) in dropped else entry[0], tree)


def _read(pdf: bytes) -> tuple[dict[int, bytes], bytes, bytes]:
    """Return the objects of a file by their numbers, its trailer, and what stands before the first object."""
    [start] = START.findall(pdf)
    table = TABLE_OF_OBJECTS.match(pdf, int(start))
    assert table, "Typst writes a table of objects"
    entries = [pdf[place : place + ENTRY] for place in range(table.end(), table.end() + ENTRY * int(table[1]), ENTRY)]
    places = {number: int(entry[:10]) for number, entry in enumerate(entries) if entry[17:18] == b"n"}
    ordered = sorted(places, key=lambda number: places[number])
    ends = [*(places[number] for number in ordered[1:]), int(start)]
    objects = {number: _body(pdf[places[number] : end], number) for number, end in zip(ordered, ends, strict=True)}
    trailer = pdf[table.end() + ENTRY * len(entries) : pdf.rindex(b"startxref")]
    return objects, trailer, pdf[: places[ordered[0]]]


def _body(written: bytes, number: int) -> bytes:
    """Return an object without what stands around it."""
    return written.removeprefix(b"%d 0 obj\n" % number).rstrip().removesuffix(b"endobj").rstrip(b"\n")


def _written(objects: dict[int, bytes], trailer: bytes, head: bytes) -> bytes:
    """Return a file of these objects."""
    made = bytearray(head)
    places: dict[int, int] = {}
    for number, content in objects.items():
        places[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n" % (max(places) + 1)
    made += b"".join(_entries(places))
    return bytes(made + trailer + b"startxref\n%d\n%%%%EOF" % start)


def _entries(places: dict[int, int]) -> Iterator[bytes]:
    """Yield the entries of the table of objects."""
    free = [number for number in range(max(places) + 1) if number not in places]
    following = dict(zip(free, [*free[1:], 0], strict=True))
    for number in range(max(places) + 1):
        yield b"%010d 65535 f\r\n" % following[number] if number in following else b"%010d 00000 n\r\n" % places[number]
