"""Whether the numbers that a pack prints are those of its figures, which lie in the notebooks that its manifest names by their hashes.

A number may be printed as a figure says it, rounded, in 万 or 亿, or as the difference or the share of two figures of a block. What is no
figure is known by where it stands: in the text of definitions and rules, in names, in the particulars of the document.
"""

import math
import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import nbformat
import openpyxl

from city_briefs import __version__
from city_briefs.common.hashing import file_hash
from city_briefs.common.theme import MIME
from city_briefs.production.build.outputs import NOTEBOOKS_MADE
from city_briefs.production.editions import manifest
from city_briefs.production.export.xlsx import DATA
from city_briefs.production.packs import packs_toml
from tests.helpers import printed

ISSUE = re.compile(r"总第\d+期")
DIGITS = re.compile(r"\d+(?:\.\d+)?")
SCALES = [Decimal(scale) for scale in ("1", "10000", "100000000", "0.01")]
NO_FIGURES = re.compile(
    r"分领域|分等级|清单|规则|条件|怎样看比较|指标（\d+项）|任务进度|所需数量"
)  # captions of tables of parts, records, paces, what it takes
OF_MONTHS = "月度异动："  # a sentence on months, whose numbers have no figures
COUNTS = {str(count) for count in range(1, 32)}  # of cities, lights, targets; days, months, and the numbers of lists
EXACT = 1e-14  # of its size, by which a number of a workbook may be off
MOST_IN_PAIRS = 40  # figures of a metric in a block, of which pairs are made


def blocks_of(folder: Path, pack: str) -> list[dict[str, Any]]:
    """The blocks of a pack from its notebooks, each of which is as the manifest says."""
    entry = manifest.read(folder)[pack]
    found = []
    in_order = [chapter for chapter in packs_toml.packs()[pack].all_chapters if chapter in entry["chapters"]]
    for chapter in in_order:
        name = f"{NOTEBOOKS_MADE}/{chapter}.ipynb"
        assert file_hash(folder / name) == entry["outputs"][name]
        notebook = nbformat.read(folder / name, as_version=4)
        outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
        found += [output.data[MIME] for output in outputs if MIME in output.get("data", {})]
    return found


def rounded(value: float) -> Iterator[str]:
    """The ways in which a value is printed: with up to four decimals, also in 万 and 亿 and as a percentage."""
    for scale in SCALES:
        for places in range(5):
            scaled = abs(Decimal(str(value))) / scale
            yield str(scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
        yield str(int(scaled))  # 突破1693万户


def of_figures(blocks: Iterable[dict[str, Any]]) -> set[str]:
    """The digits by which the figures of some blocks are printed."""
    known: set[str] = set()
    for block in blocks:
        of_metric: dict[str, set[float]] = {}
        for figure in block["figures"]:
            halves = [figure["value"], figure["numerator"], figure["denominator"]]
            values = [value for value in (*halves, figure.get("pending"), *(figure.get("interval") or [])) if value is not None]
            known.update(*map(rounded, values))
            known.update(
                DIGITS.findall(f"{figure['text']} {figure['refused'] or ''}"), {str(figure["year"]), str(figure["through"])}
            )
            of_metric.setdefault(figure["metric"], set()).update(value for value in halves if value is not None)
        for values_of in of_metric.values():
            if len(values_of) <= MOST_IN_PAIRS:
                for one, other in permutations(values_of, 2):
                    known.update(rounded(one - other), *(map(rounded, (one / other, (one - other) / other)) if other else ()))
    return known


def of_words(folder: Path, pack: str, blocks: Iterable[dict[str, Any]]) -> set[str]:
    """The digits in the words of definitions, notes and names, and in the particulars of the document."""
    entry = manifest.read(folder)[pack]
    said = [entry["title"], entry["until"], str(entry["edition"]), entry["snapshot"]["id"][:12], __version__]
    said += ISSUE.findall((folder / f"{pack}.html").read_text("utf-8"))
    for block in blocks:
        if block["kind"] == "table" and NO_FIGURES.search(block["caption"]):
            said += [cell for row in block["rows"] for cell in row]
        if block["kind"] == "table" and block["header"][:1] == ["序号"]:
            said += [row[0] for row in block["rows"]]
        said += [words for words in block.get("paragraphs", []) if words.startswith(OF_MONTHS)]
        said += [lead["text"] for lead in block.get("leads", [])] + [
            one["needed"] + one["evidence"] for one in block.get("concerns", [])
        ]
        said += [mark["mark_text"] for mark in block.get("rows", []) if isinstance(mark, dict)]
        said += [*block.get("notes", []), *block.get("sources", []), block.get("caption", ""), block.get("key", "")]
        for metric in block["metrics"]:
            said += [metric["label"], metric["unit"], metric["definition"]]
            said += [
                words for name in ("sources", "caveats", "doubts", "comparisons", "revisions") for words in metric.get(name, [])
            ]
    return COUNTS | set(DIGITS.findall(" ".join(said)))


def unexplained(tokens: Iterable[str], known: set[str]) -> list[str]:
    """The numbers among tokens that are none of the known ones."""
    return [token for token in printed.undrawn(tokens) if token.strip("+−-%") not in known]


def in_workbook(file: Path, blocks: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What the sheets of a workbook show otherwise than the tables and figures of its blocks."""
    book = openpyxl.load_workbook(file)
    sheets = {sheet["A1"].value: sheet for sheet in book}
    numbers = {"table": 0, "chart": 0}
    for block in blocks:
        if block["kind"] not in numbers:
            continue
        numbers[block["kind"]] += 1
        title = f"{'表' if block['kind'] == 'table' else '图'}{numbers[block['kind']]}　{block['caption']}"
        rows = [row[: len(block["header"]) if block["kind"] == "table" else None] for row in sheets[title].iter_rows(min_row=5)]
        if block["kind"] == "table":
            shown = [[displayed(cell) for cell in row] for row in rows[: len(block["rows"])]]
            yield from (f"{title}: {one} is not {other}" for one, other in zip(shown, block["rows"], strict=True) if one != other)
        else:
            held = sorted(cell.value for row in rows for cell in row if isinstance(cell.value, (int, float)))
            stated = {str(figure): figure["value"] for figure in block["figures"] if figure["value"] is not None}
            if not are_same(held, sorted(stated.values())):
                yield f"{title} does not hold its figures."
    listed = [cell.value for cell in book[DATA]["F"][3:] if cell.value is not None]
    every = {str(figure): figure["value"] for block in blocks for figure in block["figures"] if figure["value"] is not None}
    if not are_same(listed, list(every.values())):
        yield "The list of all numbers is not that of the figures."


def are_same(held: list[float], stated: list[float]) -> bool:
    """Whether numbers of a workbook, which keeps 16 digits, are those of figures."""
    return len(held) == len(stated) and all(
        math.isclose(one, other, rel_tol=EXACT) for one, other in zip(held, stated, strict=True)
    )


def displayed(cell: Any) -> str:
    """What a cell shows: text as it is, a number in its format, without the commas between thousands."""
    if not isinstance(cell.value, (int, float)):
        return cell.value or ""
    form = cell.number_format.split(";")[1 if cell.value < 0 else 0]
    value = Decimal(str(abs(cell.value))) * (100 if "%" in form else 1)
    places = len(form.partition("0.")[2]) - len(form.partition("0.")[2].lstrip("0"))
    digits = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}"
    return re.sub(r"#,##0(\.0+)?", digits, form).replace('"', "")
