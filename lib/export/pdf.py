"""The nbconvert exporter `brief-pdf`: set by Typst, whose compiler is in a wheel; fonts from a wheel too, none of the system's."""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import typst
from nbformat import NotebookNode

from lib import look
from lib.errors import PackError
from lib.export import pandoc
from lib.export.document import METADATA, Document, document
from lib.export.exporter import TEMPLATES, BriefExporter

STANDARDS = ["a-2a", "ua-1"]  # archival and accessible: a missing glyph or an image without alt text is an error


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
        resources = resources or {}
        brief = document(nb, resources.get("metadata", {}).get("name", ""), code=not self.exclude_input)
        for kind in ("markdown", "html"):
            parts = [part for part in brief.parts if part["kind"] == kind]
            for part, source in zip(parts, pandoc.convert([part["source"] for part in parts], kind, "typst"), strict=True):
                part["typst"] = source
        source, resources = super().from_notebook_node(nb, {**resources, "brief": brief}, **kw)
        return _compile(_files(source, brief), brief.title, STANDARDS if METADATA in nb.metadata else []), resources


def sample() -> bytes:
    """A PDF of one line, to see that the compiler and the fonts are there; when they are not, a PackError."""
    source = f'#set document(title: "样张")\n#set text(font: "{look.SERIF}", lang: "zh")\n样张'
    return _compile({"main.typ": source.encode()}, "样张", STANDARDS)


def _compile(files: dict[str, bytes], title: str, standards: list[str]) -> bytes:
    try:
        pdf: bytes = typst.compile(
            files,  # type: ignore[call-overload]  # its stub knows no dict of files
            format="pdf",
            font_paths=_fonts(),
            pdf_standards=standards,
        )
    except typst.TypstError as error:
        raise PackError(f"{title} could not be set as PDF: {' '.join(str(error).split())}.") from None
    return pdf


def _files(source: str, brief: Document) -> dict[str, bytes]:
    """What the compiler sees: the template's source, the library, all words and numbers as data, the pictures."""
    data = {**asdict(brief), "palette": look.PALETTE, "sans": look.SANS, "serif": look.SERIF}
    data["parts"] = [_part(part) for part in brief.parts]
    files = {"main.typ": source.encode(), "brief.typ": _library(), "data.json": json.dumps(data, ensure_ascii=False).encode()}
    return files | {f"{number}.svg": part["svg"].encode() for number, part in enumerate(brief.parts) if part["kind"] == "chart"}


def _part(part: dict[str, Any]) -> dict[str, Any]:
    """A part as JSON: without what only the appendix or a file of its own holds; a picture as numbers, since files are text."""
    kept = {key: value for key, value in part.items() if key not in ("content", "svg", "figures", "metrics")}
    return {**kept, "bytes": list(part["content"])} if part["kind"] == "image" else kept


@cache
def _library() -> bytes:
    return (TEMPLATES / "brief" / "brief.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    paths = [str(Path(file).parent) for file in look.FONT_FILES.values()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(dict.fromkeys(paths)))
