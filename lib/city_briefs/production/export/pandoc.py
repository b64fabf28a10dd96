"""Markdown and HTML fragments of a notebook, turned into HTML or Typst by pandoc, many in one call; and a page of HTML into DOCX."""

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pypandoc

from city_briefs.common import files

NOT_READ = (  # of Markdown: what would reach a document as code of its own or as an attribute, and what other programs take for text
    "raw_html", "raw_tex", "raw_attribute", "latex_macros", "tex_math_dollars", "native_divs", "native_spans", "fenced_divs",
    "bracketed_spans", "header_attributes", "link_attributes", "fenced_code_attributes", "inline_code_attributes", "task_lists",
    "auto_identifiers", "smart", "citations",
)  # fmt: skip
READERS = {
    "markdown": "-".join(["markdown", *NOT_READ]),
    "html": "html-native_divs-native_spans",
}
DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:", re.MULTILINE)  # of a footnote or link, which must not reach another cell
PAGE = "html+east_asian_line_breaks+empty_paragraphs-auto_identifiers"  # a line end in Chinese is no space
FILTER = Path(__file__).parent / "templates" / "typst.lua"
CUT = "CITYBRIEFSCUTSHERE"  # a paragraph that parts the fragments of one call


def convert(fragments: Sequence[str], source: str, to: str, *, under: int = 0) -> list[str]:
    """Each fragment, read as `source` (markdown or html) and written as `to` (html or typst), its headings `under` levels lower."""
    if not fragments:
        return []
    if any(DEFINITION.search(fragment) for fragment in fragments):
        return [_call(fragment, source, to, under).strip() for fragment in fragments]
    together = _call(f"\n\n{_paragraph(source)}\n\n".join(fragments), source, to, under)
    parted = together.split("<p>" + CUT + "</p>" if to == "html" else CUT)
    if len(parted) == len(fragments):
        return [part.strip() for part in parted]
    return [
        _call(fragment, source, to, under).strip() for fragment in fragments
    ]  # one of them swallowed the cut, such as an open fence


def docx(page: str, reference: bytes) -> bytes:
    """A page of HTML as DOCX with the styles of a reference document. Only pictures in the page itself are read; others stand as words."""
    with TemporaryDirectory() as folder:
        styles, made = Path(folder) / "reference.docx", Path(folder) / "made.docx"
        files.write_new(styles, reference)
        options = [f"--reference-doc={styles}", "--quiet"]
        _run(page, PAGE, "docx+empty_paragraphs", options, into=str(made))
        return files.read_bytes(made)


def _paragraph(source: str) -> str:
    return f"<p>{CUT}</p>" if source == "html" else CUT


def _call(text: str, source: str, to: str, under: int) -> str:
    options = ["--wrap=none", f"--shift-heading-level-by={under}", *([f"--lua-filter={FILTER}"] if to == "typst" else [])]
    return _run(text, READERS[source], to, options)


def _run(text: str, source: str, to: str, options: Sequence[str], into: str | None = None) -> str:
    """What pandoc makes, itself or in the file `into`. It opens nothing, and is not asked each time which formats it knows."""
    made = pypandoc.convert_text(
        text, to, format=source, extra_args=options, outputfile=into, sandbox=True, verify_format=False
    )  # fmt: skip
    return str(made)
