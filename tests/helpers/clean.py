"""What is asked of a pack's files, beyond what their makers enforce; each fault is a sentence.

`python -m tests.helpers.clean OUTPUTS SNAPSHOT` says what is wrong with the packs of a folder that were made from a snapshot.
"""

import json
import math
import re
import sys
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pdfua
import pikepdf
import pypdfium2
from bs4 import BeautifulSoup

from city_briefs.analysis import snapshot
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import disclosure_control
from city_briefs.analysis.figures.figure import Figure, plain
from city_briefs.analysis.figures.part_views import PART_VIEWS, look_at_parts
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import AS_KNOWN, look, look_as_known
from city_briefs.common.periods import YTD, Period
from city_briefs.common.theme import MIME, script
from city_briefs.metrics import CATALOGUE
from city_briefs.production.build.outputs import MANIFEST, NOTEBOOKS_MADE
from city_briefs.production.export.characters import Printer
from city_briefs.production.export.xlsx import COLUMNS, DATA, SPANS
from city_briefs.production.packs.packs_toml import MANUAL
from tests.helpers import printed

UNABLE = {"UA-14-001"}  # rules that the checker stumbles over; the order of headings is asked here
TEXT_AREA = (79, 99, 522, 737)  # points; what is outside is running head or page number
FIRST_WORDS = 24  # characters by which a paragraph is found on its page
ADDRESSES = ("src", "href", "xlink:href", "action", "poster")
TO_OTHERS = re.compile(  # at the top of a page; tests/documents/test_screen.py follows these links
    r"(\.\./\.\./(index|all-[a-z-]+)\.html#[\w-]*|[a-z-]+\.(pdf|docx|xlsx))"
)
TO_MANUAL = re.compile(rf"^(\.\./)+([^/#]+/)+{MANUAL}\.html#metric-\w+$")
FIRST_ROW = 4  # of a workbook, under title, notice and heads
EXACT = 1e-14  # of its size, by which a number of a workbook is off: it keeps 16 digits


def faults(file: Path, results: Results) -> list[str]:
    """What is wrong with a pack, which is named by its PDF."""
    checked = (
        of_pdf(file),
        of_html(file.with_suffix(".html")),
        of_numbers(file),
        of_workbook(file.with_suffix(".xlsx"), results),
    )
    return [fault for found in checked for fault in found]


def of_pdf(file: Path) -> Iterator[str]:
    """What is wrong with the standards, tags and reading order of a PDF."""
    report = pdfua.validate(file)
    yield from (f"pdfua: {finding}" for finding in report.findings)
    yield from (f"pdfua skips {one.rule_id}" for one in report.skipped if one.rule_id not in UNABLE)
    with pikepdf.open(file) as opened:
        with opened.open_metadata() as metadata:
            if (declared := [metadata.get(f"pdf{name}") for name in ("aid:part", "aid:conformance", "uaid:part")]) != [
                "2",
                "A",
                "1",
            ]:
                yield f"It declares {declared}, not PDF/A-2a and PDF/UA-1."
        if opened.Root.get("/Lang") != "zh-CN":
            yield f"Its language is {opened.Root.get('/Lang')}, not zh-CN."
        tags = list(_tags(opened.Root.StructTreeRoot))
    yield from _of_tags(tags)
    yield from _of_order(file)


def of_html(file: Path) -> Iterator[str]:
    """What is wrong with a page: scripts that are not its own, what it would fetch, and links that lead to no definition of the manual."""
    page = BeautifulSoup(file.read_text("utf-8"), "html.parser")
    if [script.get_text() for script in page.find_all("script")] != [script()]:
        yield "The page has a script that is not its own."
    to_manual = {link["href"] for link in page.find_all("a", href=TO_MANUAL)}
    yield from (f"No definition stands at {address}." for address in sorted(to_manual) if not _is_defined(file, address))
    addresses = [tag[name] for tag in page.find_all(True) for name in ADDRESSES if name in tag.attrs]
    addresses = [address for address in addresses if address not in to_manual and not TO_OTHERS.fullmatch(address)]
    yield from (f"The page asks for {address}." for address in addresses if not address.startswith(("data:", "#")))


def _is_defined(file: Path, address: str) -> bool:
    """Whether the manual to which a page leads lies there and defines that metric."""
    manual, _, anchor = address.partition("#")
    there = file.parent / manual
    return there.exists() and f'id="{anchor}"' in there.read_text("utf-8")


def of_numbers(file: Path) -> Iterator[str]:
    """Where the numbers of a PDF, in its reading order, are not those of the page and the Word document of the same name."""
    page = printed.of_html(file.with_suffix(".html").read_text("utf-8"))
    paper, word = printed.of_pdf(file), printed.of_docx(file.with_suffix(".docx"))
    if len(printed.undrawn(page)) < 10:
        yield "Hardly a number is printed."
    yield from _differences("PDF", printed.undrawn(page), printed.undrawn(paper))
    yield from _differences("DOCX", printed.undrawn(page), word)
    yield from _differences("PDF", [Printer().text(one) for one in printed.drawn(page)], printed.drawn(paper))


def of_workbook(file: Path, results: Results) -> Iterator[str]:
    """Which rows of a workbook say another number, or other words, than `briefs value`."""
    heads, *rows = openpyxl.load_workbook(file)[DATA].iter_rows(min_row=FIRST_ROW - 1, values_only=True)
    named = {head: name for name, head, _ in COLUMNS}
    if len(rows) < _stated(file):
        yield f"Figures in its chapters: {_stated(file)}; rows of the workbook: {len(rows)}."
    names = [named[head] for head in heads]
    spans = {word: span for span, word in SPANS.items()}
    last_year = max((cells[names.index("year")] for cells in rows), default=0)
    for number, cells in enumerate(rows, start=FIRST_ROW):
        row = dict(zip(names, cells, strict=True))
        metric, region, period = (
            CATALOGUE[row["metric"]],
            results.regions.find(row["region"]),
            Period(row["year"], row["through"], spans.get(row.get("span"), YTD)),
        )
        scope = Scope.of(results, region, period)
        asked = {name: row[name] or "" for name in ("area", "base")}
        part = (row["by"] or "", row["part"] or "")
        merged = disclosure_control.merged(scope, [metric], part[0]) if part[1] == disclosure_control.OTHER else frozenset()
        together = disclosure_control.other(scope, metric, part[0], merged)
        if row["view"] == AS_KNOWN:
            expected = look_as_known(Scope.of(results, region, period.of_year(last_year)), metric, period)
        elif row["view"] in PART_VIEWS:
            expected = {one.part: one for one in look_at_parts(scope, metric, row["view"], part[0])}[part]
        else:
            expected = together or look(scope, metric, row["view"], part=part, **asked)
        if not _same(row, expected):
            yield f"Row {number}: {metric.id} {row['view']} of {region.name} in {period.text} is not {row['text']}."


def _tags(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every tag with that above it, in reading order."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child, node
            yield from _tags(child)


def _of_tags(tags: Sequence[tuple[Any, Any]]) -> Iterator[str]:
    """What is wrong with drawings, tables and headings."""
    for tag, above in tags:
        if tag.S == "/Figure" and not str(tag.get("/Alt", "")).strip():
            yield "A drawing has no alternative text."
        if tag.S == "/TH" and not _attribute(tag, "/Scope"):
            yield "The head of a table does not say what it heads."
        if tag.S == "/Table" and not any(one.S == "/TH" for one, _ in _tags(tag)):
            yield "A table has no head."
        if tag.S == "/TR" and above.S not in ("/THead", "/TBody"):
            yield "A row of a table is in neither head nor body."
    levels = [0, *(int(str(tag.S)[2:]) for tag, _ in tags if re.fullmatch(r"/H\d", str(tag.S)))]
    if any(under > over + 1 for over, under in pairwise(levels)):
        yield f"A heading leaves out a level: {levels[1:]}."


def _attribute(tag: Any, name: str) -> Any:
    """An attribute of a tag, which has them singly or in a list."""
    held = tag.get("/A", [])
    return next((one[name] for one in (held if isinstance(held, pikepdf.Array) else [held]) if name in one), None)


def _of_order(file: Path) -> Iterator[str]:
    """Which headings and paragraphs a program that knows no tags takes out of their order; drawings are where there is room."""
    pages = [page.get_textpage().get_text_bounded(*TEXT_AREA) for page in pypdfium2.PdfDocument(file)]
    text, place = re.sub(r"\s", "", "".join(pages)), 0
    for words in printed.flow(file):
        found = text.find(words[:FIRST_WORDS], place)
        if found < 0:
            yield f"“{words[:FIRST_WORDS]}” is read out of its order."
        place = max(place, found)


def _differences(name: str, wanted: list[str], found: list[str]) -> list[str]:
    """The first tokens that a format has otherwise than the page."""
    lines = list(unified_diff(wanted, found, "HTML", name, lineterm="", n=2))
    return [f"{name} is not as HTML: {' '.join(lines[2:20])}"] if lines else []


def _stated(file: Path) -> int:
    """How many different figures the executed chapters of a workbook's pack state."""
    chapters = json.loads((file.parent / MANIFEST).read_text("utf-8"))["packs"][file.stem]["chapters"]
    notebooks = (nbformat.read(file.parent / NOTEBOOKS_MADE / f"{chapter}.ipynb", as_version=4) for chapter in chapters)
    outputs = (output for notebook in notebooks for cell in notebook.cells for output in cell.get("outputs", []))
    return len({str(figure) for output in outputs for figure in output.get("data", {}).get(MIME, {}).get("figures", [])})


def _same(row: dict[str, Any], figure: Figure) -> bool:
    """Whether a row says what a figure says, number for number and word for word."""
    pairs = [(row[name], plain(getattr(figure, name))) for name in ("value", "numerator", "denominator")]
    numbers = (
        one is other is None or (None not in (one, other) and math.isclose(one, other, rel_tol=EXACT)) for one, other in pairs
    )
    return all(numbers) and (row["text"], row["refused"], row["unit"]) == (figure.text, figure.refused, figure.unit)


def main(outputs: Path, data: Path) -> int:
    """Print what is wrong with each pack; how many have faults."""
    results = Results(snapshot.load(data), CATALOGUE.values())
    unclean = 0
    packs = sorted(outputs.glob("*/*/*.pdf"))
    for file in packs:
        found = faults(file, results)
        unclean += bool(found)
        print("".join(f"{file.relative_to(outputs)}: {fault}\n" for fault in found), end="", flush=True)
    print(f"Packs: {len(packs)}; with faults: {unclean}.")
    return unclean


if __name__ == "__main__":
    sys.exit(bool(main(Path(sys.argv[1]), Path(sys.argv[2]))))
