"""The nbconvert exporter `brief-pdf`: set by Typst, whose compiler is in a wheel, with the fonts of `city_briefs.common.theme` alone."""

import json
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import typst
from nbformat import NotebookNode

from city_briefs.common import files, theme
from city_briefs.common.errors import PackError
from city_briefs.production.export import pandoc
from city_briefs.production.export.characters import Printer
from city_briefs.production.export.document import METADATA, Part, PrintedDocument, document
from city_briefs.production.export.exporter import NOT_IN_DOCUMENTS, TEMPLATES, BriefExporter

STANDARDS = ["a-2a", "ua-1"]  # archival and accessible: a missing glyph or an image without alt text is an error
AGES = 11  # compilations after which the compiler lets go of what it has kept of one, 45 MiB of a city brief; none is set twice
PANIC = "panicked with: "  # before a sentence of the template's own
NOT_SHOWN = NOT_IN_DOCUMENTS


class BriefPDF(BriefExporter):
    """`jupyter nbconvert --to brief-pdf any.ipynb`; code is left out unless `--no-BriefPDF.exclude_input`.

    A pack is held to STANDARDS; any other notebook is set as well as it can be.
    """

    export_from_notebook = "Brief (PDF)"
    output_mimetype = "application/pdf"
    suffix, template_suffix = ".pdf", ".typ.j2"

    def from_notebook_node(  # type: ignore[override]  # bytes, as nbconvert's own PDF exporter
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """The PDF and its resources. What Typst refuses is a PackError with its own words."""
        files, title, resources = self.sources(nb, resources, **kw)
        return compiled(files, title, STANDARDS if METADATA in nb.metadata else []), resources

    def sources(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[dict[str, bytes], str, dict[str, Any]]:
        """What the compiler is given, by file name, and the title and resources of the document."""
        resources = resources or {}
        brief = document(nb, resources.get("metadata", {}).get("name", ""), code=not self.exclude_input)
        printer = Printer()
        parts = [_part(part) for part in brief.parts]
        for kind in ("markdown", "html"):
            texts = [part for part in parts if part["kind"] == kind]
            fragments = [printer.text(part["source"]) for part in texts]
            for part, source in zip(texts, pandoc.convert(fragments, kind, "typst"), strict=True):
                part["typst"] = printer.text(source)  # where an entity (&#x20BB7;) is a character now
        template, resources = super().from_notebook_node(nb, {**resources, "parts": parts}, **kw)
        return _files(template, brief, parts, printer), brief.title, resources


def sample() -> bytes:
    """A PDF of one line, to see that the compiler and the fonts are there; when they are not, a PackError."""
    source = f'#set document(title: "样张")\n#set text(font: "{theme.SERIF}", lang: "zh")\n样张'
    return compiled({"main.typ": source.encode()}, "样张", STANDARDS)


def compiled(files: dict[str, bytes], title: str, standards: list[str]) -> bytes:
    """The PDF of a document that is held to `standards`; what Typst or the template refuses is a PackError."""
    try:
        pdf: bytes = typst.compile(
            files,  # type: ignore[call-overload]  # its stub knows no dict of files
            format="pdf",
            root=folder().name,
            font_paths=fonts(),
            pdf_standards=standards,
        )
    except typst.TypstError as error:
        if error.message.startswith(PANIC):
            raise PackError(f"{title}: {error.message.removeprefix(PANIC)}") from None
        raise PackError(f"{title} could not be set as PDF: {' '.join(str(error).split())}.") from None
    finally:
        for _ in range(AGES):  # some 5 ms each
            typst.compile({"main.typ": b""}, format="pdf", font_paths=fonts())  # type: ignore[call-overload]
    return pdf


def _files(template: str, brief: PrintedDocument, parts: list[dict[str, Any]], printer: Printer) -> dict[str, bytes]:
    """What the compiler sees: the template's source, the library, all words and numbers as data, the pictures."""
    data = printer.data({**asdict(brief), "metrics": brief.appendix.metrics, "appendix": brief.appendix.listed, "parts": parts})
    drawings = {f"{number}.svg": part.pop("svg").encode() for number, part in enumerate(data["parts"]) if part["kind"] == "chart"}
    data["missing"] = [f"{code}：见“{around}”" for code, around in printer.missing.items()]
    data |= {"palette": theme.PALETTE, "sans": theme.SANS, "serif": theme.SERIF, "face": theme.TITLE}
    return {
        "main.typ": template.encode(),
        **_library(),
        "data.json": json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"),  # half a pair in an alternative text
        **drawings,
    }


def _part(part: Part) -> dict[str, Any]:
    """A part as JSON: without what only the appendix holds, its caption parted at a metric that the appendix defines."""
    if part["kind"] == "block":
        block = part["block"]
        kept = {name: value for name, value in block.items() if name not in ("figures", "metrics")} | {"ordinal": part["ordinal"]}
        if block["kind"] == "table" or block["kind"] == "chart":
            kept["term"] = {**theme.term(block["caption"], block["metrics"]), "definition": ""}
        return kept
    if part["kind"] != "image":
        return {**part}
    picture = {"svg": part["content"].decode("utf-8", "replace")} if part["suffix"] == "svg" else {"bytes": list(part["content"])}
    return {"kind": part["kind"], "suffix": part["suffix"], "alt": part["alt"], **picture}


@cache
def _library() -> dict[str, bytes]:
    return {file.name: files.read_bytes(file) for file in (TEMPLATES / "brief").glob("*.typ")}


@cache
def folder() -> tempfile.TemporaryDirectory[str]:
    """A folder of the fonts in use and nothing else, beyond which the compiler sees nothing of this machine.

    It lasts as long as the process, since the compiler reads them when it needs them.
    """
    made = tempfile.TemporaryDirectory()
    for number, file in enumerate(dict.fromkeys((*theme.FONT_FILES.values(), *theme.BOLD_FILES.values()))):
        files.copy(file, Path(made.name) / f"{number}{file.suffix}")
    return made


@cache
def fonts() -> typst.Fonts:
    """What the compiler may set with: the faces of `city_briefs.common.theme` and those within it, none of the system."""
    loaded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder().name])
    if strange := set(theme.FONT_FILES) - set(loaded.families()):
        raise PackError(f"The font {min(strange)} cannot be used for PDF. Take its name out of briefs.toml.")
    return loaded
