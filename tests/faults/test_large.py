"""Chapters that show far too much, or never end: the pack is made of what a person can read, or refused with a sentence."""

import re

import pypdfium2
from bs4 import BeautifulSoup

from city_briefs.common.theme import MIME
from tests.faults.harness import BUILD, ROUNDS, Build
from tests.helpers import blocks
from tests.helpers.size import in_full

FULL = ROUNDS > 1  # a single round is of a size that takes seconds
PRINTED = 200_000_000 if FULL else 20_000_000  # characters
ROWS = 1_000_000 if FULL else 100_000
PAGES = 2_000 if FULL else 200
BOUNDED = ("sh", "-c", 'ulimit -d 2500000; exec "$0" "$@"')  # kB of data that any process of the build may have


def shown(bureau, city="9100"):
    return (
        BeautifulSoup((bureau.out / f"2021/{city}/city-brief.html").read_text("utf-8"), "html.parser")
        .select_one("body")
        .get_text()
    )


@in_full
def test_prints_and_tables_without_measure_are_cut_with_a_notice(bureau):
    """Prints; a table as pandas shows it by itself, the same with all its rows, and one that is a block of ours."""
    block = blocks.block("table", caption="Rows", header=["a"], align=["left"], figures=[], metrics=[])
    bureau.edit("summary", "call", f"for _ in range({PRINTED // 100}): print('x' * 99)")
    bureau.edit(
        "safety", "call",
        "import pandas as pd\nfrom IPython.display import HTML\n"
        f"table = pd.DataFrame({{'a': range({ROWS}), 'b': 'word'}})\ndisplay(table)\n"
        f"display({{{MIME!r}: {block} | {{'rows': [['1']] * {ROWS // 10}}}}}, raw=True)\n"
        f"display(HTML(table.to_html() * {4_000_000 // ROWS}))",
    )  # fmt: skip
    done = Build(bureau, "--city", "Ashford", before=BOUNDED)
    assert (done.end(), done.remains) == (0, []), done.err
    words = shown(bureau)
    assert words.count("（第6个单元格的输出过长，以下从略）") == 2
    assert 190_000 < words.count("x") < 201_000
    assert f"全表共{ROWS}行、2列，较长时只列首尾部分" in words
    assert f"全表共{ROWS // 10}行，只列前5000行" in words
    assert (bureau.out / "2021/9100/city-brief.html").stat().st_size < 3_000_000


@in_full
def test_a_pack_of_two_thousand_pages_is_made(bureau):
    bureau.edit(
        "summary", "call",
        f"from IPython.display import Markdown\n_ = [display(Markdown('市场监管简报，第一段文字。' * 90)) for _ in range({PAGES})]",
    )  # fmt: skip
    done = Build(bureau, "--city", "Ashford", "--format", "pdf", before=BOUNDED)
    assert (done.end(), done.remains) == (0, []), done.err
    assert len(pypdfium2.PdfDocument(bureau.out / "2021/9100/city-brief.pdf")) >= PAGES


@in_full
def test_a_chapter_that_never_ends_is_said_to_have_run_too_long(bureau):
    bureau.replace("lib/city_briefs/production/build/run_chapter.py", "TIME_LIMIT = 600", "TIME_LIMIT = 2")
    bureau.edit("summary", "call", "while city == 'Ashford': pass")
    done = bureau.briefs(*BUILD)
    assert done.returncode == 4, done.stderr
    stopped = [line for line in done.stderr.splitlines() if "stopped" in line]
    assert re.fullmatch(r"Ashford 2021: summary stopped.*: a cell ran longer than 2 seconds\..*", "\n".join(stopped)), done.stderr
    before = {name: content for name, content in bureau.older.items() if "/9100/" in name}
    assert {name: bureau.files()[name] for name in before} == before
    bureau.undo()
    bureau.see_repaired()
