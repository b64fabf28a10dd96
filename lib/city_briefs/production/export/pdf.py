"""The nbconvert exporter `brief-pdf`: set by Typst, whose compiler is in a wheel, with the fonts of `city_briefs.common.theme` alone."""

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import typst

from city_briefs.common import files, theme
from city_briefs.common.errors import PackError
from city_briefs.common.language import chosen
from city_briefs.production.export import compiler, fragments, pdf_tags, table_words, typst_markup
from city_briefs.production.export.characters import Printer
from city_briefs.production.export.compiler_fonts import folder, fonts
from city_briefs.production.export.document import PrintedDocument
from city_briefs.production.export.exporter import NOT_IN_DOCUMENTS, TEMPLATES, BriefExporter
from city_briefs.production.export.parts import Part
from city_briefs.production.export.unbroken import WHOLE

STANDARDS = ["a-2a", "ua-1"]  # archival and accessible: a missing glyph or an image without alt text is an error
AGES = 11  # compilations after which the compiler lets go of what it has kept of one, 45 MiB of a city brief; none is set twice
PIXELS = (".png", ".jpg")  # files that are no text, which the compiler takes from a folder alone
TEXT_WIDTHS = (442.0, 658.0)  # pt, between the margins of the template: of a page, and of one turned sideways
SCREEN = 144  # pixels per inch of a page on a screen
PANIC = "panicked with: "  # before a sentence of the template's own
PANICS_ZH = {  # what the templates say, in Chinese
    "(.*) has a number wider than its column: (.*). Use a larger unit or fewer columns.": r"\1有数字比栏宽：\2。请换大单位或减少栏数。",
    "The card “(.*)” has a number wider than the card: (.*). Use a larger unit.": r"卡片“\1”的数字比卡片宽：\2。请用更大的单位。",
    "(.*) is higher than a page. Show fewer rows in it.": r"\1高过一页。请减少行数。",
    "Page one does not fit on its page, even in its smallest type: it has (.*) metrics and (.*) concerns. Name fewer metrics in "
    "page_one of packs.toml, or write less in its remark.": r"首页用最小的字号也排不下：有\1项指标、\2项关注事项。"
    "请减少packs.toml里page_one的指标，或缩短首页批注。",
}
NOT_SHOWN = NOT_IN_DOCUMENTS


class BriefPDF(BriefExporter):
    """`jupyter nbconvert --to brief-pdf any.ipynb`; code is left out unless `--no-BriefPDF.exclude_input`.

    A pack is held to STANDARDS; any other notebook is set as well as it can be.
    """

    export_from_notebook = "Brief (PDF)"
    output_mimetype = "application/pdf"
    suffix, template_suffix = ".pdf", ".typ.j2"

    def printed(self, brief: PrintedDocument) -> bytes:
        """Return the PDF.

        Raises:
            PackError: Typst refuses the document; it has Typst's own words.
        """
        return compiled(self.sources(brief), brief.title, STANDARDS if brief.is_pack else [])

    def sources(self, brief: PrintedDocument) -> dict[str, bytes]:
        """Return what the compiler is given, by file name."""
        printer = Printer()
        trees = fragments.trees(brief.parts)
        writer = typst_markup.Writer(printer.text, fragments.targets(trees), *TEXT_WIDTHS)
        written = writer.fragments(trees)
        parts = [
            _part(part, brief.by_page) | ({"typst": words} if tree else {})
            for part, tree, words in zip(brief.parts, trees, written, strict=True)
        ]
        template = self.set_in_template(brief=brief, parts=parts)
        return {**_files(template, brief, parts, printer), **writer.files}


def sample() -> bytes:
    """A PDF of one line, to see that the compiler and the fonts are there; when they are not, a PackError."""
    source = f'#set document(title: "样张")\n#set text(font: "{theme.SERIF}", lang: "zh")\n样张'
    return compiled({"main.typ": source.encode()}, "样张", STANDARDS)


def compiled(files: dict[str, bytes], title: str, standards: list[str]) -> bytes:
    """The PDF of a document that is held to `standards`; what Typst or the template refuses is a PackError."""
    try:
        pdf: bytes = _compiled(files, title, "pdf", pdf_standards=standards)
    finally:
        for _ in range(0 if compiler.is_apart() else AGES):  # some 5 ms each
            typst.compile({"main.typ": b""}, format="pdf", font_paths=fonts())  # type: ignore[call-overload]
    return pdf_tags.with_row_headings(pdf) if standards else pdf


def pictured(files: dict[str, bytes], title: str) -> list[bytes]:
    """The pages of a document as PNG, for a screen; what the compiler has kept of the one before makes the next quicker.

    Raises:
        PackError: Typst or the template refuses it.
    """
    pages = _compiled(files, title, "png", ppi=SCREEN)
    return pages if isinstance(pages, list) else [pages]


def _compiled(files: dict[str, bytes], title: str, form: str, **options: Any) -> Any:
    texts = {name: content for name, content in files.items() if not name.endswith(PIXELS)}
    pixels = {name: content for name, content in files.items() if name.endswith(PIXELS)}
    with _folder_of(pixels) as root:
        try:
            return compiler.typeset(texts, format=form, root=root, font_paths=fonts(), **options)
        except typst.TypstError as error:
            if error.message.startswith(PANIC):
                said = error.message.removeprefix(PANIC)
                raise PackError(chosen(f"{title}: {said}", f"{title}：{_panic_zh(said)}")) from None
            reason = " ".join(str(error).split())
            raise PackError(chosen(f"{title} could not be set as PDF: {reason}.", f"{title}无法排成PDF：{reason}。")) from None


def _panic_zh(said: str) -> str:
    """Return in Chinese what a template says."""
    found = ((re.fullmatch(pattern, said), chinese) for pattern, chinese in PANICS_ZH.items())
    return next((match.expand(chinese) for match, chinese in found if match), said)


@contextmanager
def _folder_of(pixels: dict[str, bytes]) -> Iterator[str]:
    """Give a folder of these files, which the compiler takes from nowhere else; that of the fonts when there are none."""
    if not pixels:
        yield folder().name
        return
    with tempfile.TemporaryDirectory() as made:
        for name, content in pixels.items():
            files.write_new(Path(made) / name, content)
        yield made


def _files(template: str, brief: PrintedDocument, parts: list[dict[str, Any]], printer: Printer) -> dict[str, bytes]:
    """What the compiler sees: the template's source, the library, all words and numbers as data, the pictures."""
    given = asdict(replace(brief, parts=[])) | {"has_imprint": brief.has_imprint, "parts": parts}
    data = printer.data(given | {"metrics": brief.appendix.metrics, "appendix": brief.appendix.listed})
    drawings = {f"{number}.svg": part.pop("svg").encode() for number, part in enumerate(data["parts"]) if part["kind"] == "chart"}
    for number, part in enumerate(brief.parts):
        if part["kind"] == "image" and part["suffix"] != "svg":
            drawings[f"{number}.{part['suffix']}"] = part["content"]
    for table in (part for part in data["parts"] if part["kind"] == "table"):
        table["words"] = table_words.words(table)  # the compiler takes a hundred times as long to find runs in them
    data["missing"] = [f"{code}：见“{around}”" for code, around in printer.missing.items()]
    data |= {"palette": theme.PALETTE, "sans": theme.SANS, "serif": theme.SERIF, "face": theme.TITLE, "whole": WHOLE.pattern}
    return {
        "main.typ": template.encode(),
        **_library(),
        "data.json": json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"),  # half a pair in an alternative text
        **drawings,
    }


def _part(part: Part, by_page: bool) -> dict[str, Any]:
    """A part as JSON: without what only the appendix holds, its caption parted at a metric that the appendix defines, if there is one."""
    if part["kind"] == "block":
        block = part["block"]
        kept = {name: value for name, value in block.items() if name not in ("figures", "metrics")} | {"ordinal": part["ordinal"]}
        if block["kind"] == "table" or block["kind"] == "chart":
            kept["term"] = {**theme.term(block["caption"], [] if by_page else block["metrics"]), "definition": ""}
        return kept
    if part["kind"] != "image":
        return {"kind": part["kind"], "source": part["source"]}
    picture = {"svg": part["content"].decode("utf-8", "replace")} if part["suffix"] == "svg" else {}
    return {**{name: part[name] for name in ("kind", "suffix", "alt", "width", "height")}, **picture}


@cache
def _library() -> dict[str, bytes]:
    return {file.name: files.read_bytes(file) for file in (TEMPLATES / "brief").glob("*.typ")}
