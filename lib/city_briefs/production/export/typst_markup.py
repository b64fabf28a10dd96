"""Fragments of HTML as Typst has them. Words stand as words: no sign in them is Typst's."""

import re
from collections.abc import Callable, Iterable

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from city_briefs.production.export import pictures, table_layout
from city_briefs.production.export.fragments import BLOCKS, HEADINGS, LINKS, colour, is_block, spaced, style_of

SIGNS = re.compile(r"[\\#$*_`<>@=\-+/\[\]~'\".:]")  # of markup
INLINE = {
    "b": "strong", "strong": "strong", "em": "emph", "i": "emph", "cite": "emph", "dfn": "emph", "var": "emph", "s": "strike",
    "del": "strike", "u": "underline", "ins": "underline", "sub": "sub", "sup": "super", "mark": "highlight", "small": "small",
}  # fmt: skip
CODE = {"code", "kbd", "samp"}
INDENT = 24.0  # pt, of what stands in a list or a quotation
NUMBERINGS = {"a": "a.", "A": "A.", "i": "i.", "I": "I."}
LEAST_ROOM = 60.0  # pt


class Writer:
    """Writes fragments of one document; `files` has the pictures that it names."""

    def __init__(self, shown: Callable[[str], str], targets: set[str], room: float, turned: float) -> None:
        """Take what makes words printable, the ids that links lead to, and how wide text is on a page and on a turned one, in pt."""
        self.files: dict[str, bytes] = {}
        self._shown, self._targets, self._room, self._turned = shown, targets, room, turned
        self._labelled: set[str] = set()
        self._notes: dict[str, Tag] = {}
        self._existing: set[str] = set()

    def fragments(self, trees: Iterable[BeautifulSoup | None]) -> list[str]:
        """Return each fragment as Typst has it; empty for one that is None."""
        trees = list(trees)
        self._existing = {str(tag["id"]) for tree in trees if tree for tag in tree.find_all(id=True)}
        self._notes = {
            str(note["id"]): note
            for tree in trees
            if tree
            for section in tree.find_all("section", role="doc-endnotes")
            for note in section.find_all("li", id=True)
        }
        return [self._blocks(tree.children, self._room, self._turned) if tree else "" for tree in trees]

    def _blocks(self, nodes: Iterable[PageElement], room: float, turned: float = 0, fitted: float = 0, bold: bool = False) -> str:
        """Return blocks, and lines between them as paragraphs.

        In a table, `fitted` is the size of its type; runs are parted where `room` asks for it.
        """
        made: list[str] = []
        line: list[str] = []

        def end() -> None:
            if words := _trimmed("".join(line)):
                made.append(words)
            line.clear()

        for node in nodes:
            if isinstance(node, Tag) and is_block(node) and node.name not in ("a", *INLINE):
                end()
                if block := self._block(node, room, turned, fitted, bold):
                    made.append(block)
            else:
                line.append(self._inline(node, room, fitted, bold))
        end()
        return "\n\n".join(made)

    def _block(self, tag: Tag, room: float, turned: float, fitted: float, bold: bool) -> str:
        """Return one block."""
        name = tag.name
        inner = max(room - INDENT, LEAST_ROOM)
        if name in HEADINGS:
            words = _trimmed(self._inlines(tag, room, fitted, True))
            return f"{'=' * int(name[1])} {words}{self._label(tag)}" if words else ""
        if name == "hr":
            return "#line(length: 100%, stroke: .5pt)"
        if name == "pre":
            return f"#raw(block: true, {_string(self._shown(tag.get_text()).strip(chr(10)))})"
        if name == "table":
            return self._table(tag, room, turned)
        if name in ("ul", "ol"):
            return self._list(tag, inner, fitted)
        if name == "section" and tag.get("role") == "doc-endnotes":
            return ""
        if name == "blockquote":
            return f"#quote(block: true)[{self._blocks(tag.children, inner)}]"
        if name == "dd":
            return f"#pad(left: 2em)[{self._blocks(tag.children, inner)}]"
        if name in ("dt", "summary"):
            return f"#strong[{self._inlines(tag, room, fitted, True)}]"
        words = self._blocks(tag.children, room, turned, fitted, bold)
        side = style_of(tag).get("text-align", "")
        if words and side in ("left", "right", "center") and "html-table(turned: true" not in words:
            words = f"#align({side})[{words}]"
        return self._styled(tag, words) + (self._anchor(tag) if words else "")

    def _list(self, tag: Tag, room: float, fitted: float) -> str:
        """Return a list."""
        items = [item for item in tag.children if isinstance(item, Tag)]
        is_tight = not any(child.name == "p" for item in items for child in item.find_all("p", recursive=False))
        written = [f"[{self._blocks(item.children, room, 0, fitted)}]" for item in items]
        options = [] if is_tight else ["tight: false"]
        if tag.name == "ol":
            start = str(tag.get("start") or "1")
            options += [f"start: {int(start)}"] if start.isdecimal() and start != "1" and len(start) < 10 else []
            options += [f"numbering: {_string(NUMBERINGS[str(tag['type'])])}"] if tag.get("type") in NUMBERINGS else []
        return f"#{'list' if tag.name == 'ul' else 'enum'}({', '.join([*options, *written])})" if written else ""

    def _table(self, tag: Tag, room: float, turned: float) -> str:
        """Return a table that fits, in pieces where it must."""
        grid = table_layout.grid(tag)
        if not grid.cells:
            return ""
        fit = table_layout.layout(grid, room, turned)
        numeric = grid.numeric()
        pieces = []
        for piece in fit.pieces:
            cells: dict[bool, list[str]] = {True: [], False: []}
            for cell, column, columns, width in table_layout.in_piece(grid, piece):
                look = self._look(cell, table_layout.aligned(cell, numeric))
                body = self._blocks(cell.tag.children, max(width - 2 * table_layout.INSET, 1), 0, fit.size, cell.is_bold)
                place = f"x: {column}, y: {cell.row}, colspan: {columns}, rowspan: {cell.rows}"
                words = self._styled(cell.tag, body, but_background=True)
                words = f"#strong[{words}]" if cell.is_bold and body else words
                cells[cell.row < grid.head].append(f"table.cell({place}{look})[{words}]")
            widths = ", ".join(f"{width}pt" for _, width in piece)
            head, rest = (f"({''.join(f'{cell}, ' for cell in cells[part])})" for part in (True, False))
            pieces.append(f"(columns: ({widths},), rows: {grid.head}, head: {head}, body: {rest})")
        caption = tag.find("caption", recursive=False)
        words = f"[{self._inlines(caption, room, 0, False)}]" if caption else "none"
        turn = str(fit.is_turned).lower()
        return f"#html-table(turned: {turn}, size: {fit.size}pt, caption: {words}, {', '.join(pieces)})"

    def _look(self, cell: table_layout.Cell, side: str) -> str:
        """Return the background of a cell, and its side."""
        look = f", align: {side}" if side else ""
        if fill := _colour(style_of(cell.tag).get("background-color", "")):
            look += f", fill: {fill}"
        return look

    def _inlines(self, tag: Tag, room: float, fitted: float, bold: bool) -> str:
        return "".join(self._inline(node, room, fitted, bold) for node in tag.children)

    def _inline(self, node: PageElement, room: float, fitted: float, bold: bool) -> str:
        """Return what stands in a line."""
        if isinstance(node, NavigableString):
            return self._words(str(node), room, fitted, bold)
        if not isinstance(node, Tag):
            return ""
        name = node.name
        if name == "br":
            return "#linebreak();"
        if name == "img":
            return self._picture(node, room)
        if name in CODE:
            words = spaced(self._shown(node.get_text()))
            if fitted and any(table_layout.width(run, fitted) * 1.2 > room for run in words.split()):
                return f"#parted-run({_string(words)});"
            return f"#raw({_string(words)});"
        if name == "a":
            return self._link(node, room, fitted, bold)
        words = self._inlines(node, room, fitted, bold or name in ("b", "strong"))
        if name == "q":
            return f"“{words}”"
        if name in INLINE and words.strip():
            return f"#{INLINE[name]}[{words}];{self._anchor(node)}"
        return self._styled(node, words) + self._anchor(node)

    def _words(self, words: str, room: float, fitted: float, bold: bool) -> str:
        """Return words as markup; a line that ends between Chinese characters ends without a space."""
        words = spaced(self._shown(words))
        if not fitted:
            return SIGNS.sub(r"\\\g<0>", words)
        made, place = [], 0
        for run in table_layout.RUN.finditer(words):
            if table_layout.is_too_wide(run[0], fitted, room + 2 * table_layout.INSET, bold=bold):
                made += [SIGNS.sub(r"\\\g<0>", words[place : run.start()]), f"#parted-run({_string(run[0])});"]
                place = run.end()
        return "".join([*made, SIGNS.sub(r"\\\g<0>", words[place:])])

    def _link(self, tag: Tag, room: float, fitted: float, bold: bool) -> str:
        """Return a link, a note, or the words of a link that leads nowhere."""
        address = str(tag.get("href") or "")
        if tag.get("role") == "doc-noteref" and (note := self._notes.get(address[1:])):
            identity = address[1:]
            if identity in self._labelled:
                return f"#footnote(label({_string(identity)}));"
            self._labelled.add(identity)
            return f"#footnote[{self._blocks(note.children, room)}]#label({_string(identity)});"
        if tag.get("role") == "doc-backlink":
            return ""
        words = self._inlines(tag, room, fitted, bold)
        if LINKS.match(address) and words:
            return f"#link({_string(address)})[{words}];"
        if address.startswith("#") and address[1:] in self._existing and words:
            return f"#link(label({_string(address[1:])}))[{words}];"
        return words + self._anchor(tag)

    def _label(self, tag: Tag) -> str:
        """Return the label of a heading that a link leads to."""
        return f" <{name}>" if (name := self._named(tag)) else ""

    def _anchor(self, tag: Tag) -> str:
        """Return a label at the place of an element that a link leads to."""
        return f"#[#metadata(none)#label({_string(name)})];" if (name := self._named(tag)) else ""

    def _named(self, tag: Tag) -> str:
        """Return the id of an element when a link leads to it, once."""
        name = str(tag.get("id") or "")
        if name not in self._targets or name in self._labelled:
            return ""
        self._labelled.add(name)
        return name

    def _picture(self, tag: Tag, room: float) -> str:
        """Return a picture, no wider than its room; the words of one that cannot be read."""
        picture = pictures.printed(pictures.of_address(str(tag.get("src") or "")) or b"")
        words = self._shown(str(tag.get("alt") or "")) or "图"
        if not picture:
            return self._words(words, room, 0, False)
        name = f"picture-{len(self.files)}.{picture.suffix}"
        self.files[name] = picture.content
        sizes = "".join(
            f", {side}: {size:.2f}pt" for side in ("width", "height") if (size := pictures.asked(str(tag.get(side) or ""), room))
        )
        return f"#html-picture({_string(name)}, {_string(words)}, {room}pt{sizes});"

    def _styled(self, tag: Tag, words: str, *, but_background: bool = False) -> str:
        """Return words in the colour, weight and form that their element asks for."""
        style = style_of(tag)
        if not words or not style:
            return words
        options = []
        if colour := _colour(style.get("color", "")):
            options.append(f"fill: {colour}")
        if style.get("font-weight", "") in ("bold", "bolder", "600", "700", "800", "900"):
            options.append('weight: "bold"')
        if style.get("font-style", "") in ("italic", "oblique"):
            options.append('style: "italic"')
        fill = "" if but_background or tag.name in BLOCKS else _colour(style.get("background-color", ""))
        words = f"#text({', '.join(options)})[{words}];" if options else words
        return f"#highlight(fill: {fill})[{words}];" if fill else words


def _string(words: str) -> str:
    """Return words as a string of Typst."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "").replace("\t", "\\t") + '"'


def _trimmed(words: str) -> str:
    """Return a line without spaces and line ends around it."""
    words = words.strip(" ")
    while words.endswith("#linebreak();"):
        words = words.removesuffix("#linebreak();").rstrip(" ")
    return words


def _colour(css: str) -> str:
    """Return a colour of CSS; empty for one that is none or cannot be seen."""
    return f'rgb("{shade}")' if (shade := colour(css)) else ""
