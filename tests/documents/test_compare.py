"""Two folders of packs side by side: which packs differ, in which figures and words, and which are in only one."""

import json
import shutil

import pytest

from city_briefs.common.errors import DataError, UsageError
from city_briefs.common.theme import MIME
from city_briefs.production.review.compare import compare
from tests.helpers.project import sentences
from tests.helpers.size import in_full

SLUG, LANZHOU = "2021", "620100"
CHAPTER = f"{SLUG}/{LANZHOU}/notebooks/business-environment.ipynb"
ALL_METRICS = CHAPTER.replace("business-environment", "all-metrics")
NONE = "Packs compared: 11; differing: 0; only in OLD: 0; only in NEW: 0. Figures that differ: 0."


@pytest.fixture
def two(packs_built, tmp_path):
    """The packs of 2021, and a copy of them."""
    copy = tmp_path / "new"
    shutil.copytree(packs_built, copy, ignore=shutil.ignore_patterns(".*", "*.pdf", "*.docx", "*.html", "*.xlsx"))
    return packs_built, copy


def edit(folder, change, chapter=CHAPTER):
    """Change the cells of an executed chapter."""
    file = folder / chapter
    notebook = json.loads(file.read_text("utf-8"))
    change({cell["id"]: cell for cell in notebook["cells"]})
    file.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")


def block(cells, name):
    return cells[name]["outputs"][0]["data"][MIME]


@in_full
def test_the_same_packs_do_not_differ(two, briefs):
    assert briefs("compare", *two) == (0, f"{NONE}\n", "")
    old, new = two
    said = briefs("compare", old, new / SLUG / LANZHOU)[1]
    assert said.splitlines()[-1] == "Packs compared: 4; differing: 0; only in OLD: 7; only in NEW: 0. Figures that differ: 0."


def test_figures_and_sentences_that_differ_are_named_by_pack_and_chapter(two, briefs):
    def count(cells):
        shown = [output["data"] for cell in cells.values() for output in cell.get("outputs", [])]
        for one in (one for data in shown if MIME in data for one in data[MIME]["figures"]):
            if one == figure:
                one.update(text="5户", value=5)

    def word(cells):
        statement = block(cells, "entities-statement")
        statement["paragraphs"] = [statement["paragraphs"][0].replace(figure["text"], "5户", 1)]
        cells["entities"]["source"] = "## （二）登记和注销\n\n<!-- 问：另一个问题？ -->"

    old, new = two
    before = json.loads((old / CHAPTER).read_text("utf-8"))
    said = block({cell["id"]: cell for cell in before["cells"]}, "entities-statement")
    figure, sentence = said["figures"][0], said["paragraphs"][0].split("。")[0] + "。"
    for change, chapter in ((word, CHAPTER), (count, CHAPTER), (count, ALL_METRICS)):
        edit(new, change, chapter)
    assert briefs("compare", *two)[1].splitlines() == [
        "兰州市 2021 city-brief",
        f"  新设立市场主体 (new_entities value) 兰州市 2021: {figure['text']} → 5户",
        "  business-environment",
        "    − ## （二）新设和注销",
        f"    − {sentence}",
        "    + ## （二）登记和注销",
        f"    + {sentence.replace(figure['text'], '5户', 1)}",
        "Packs compared: 11; differing: 1; only in OLD: 0; only in NEW: 0. Figures that differ: 1.",
    ]
    record = json.loads(briefs("compare", *two, "--json")[1])
    assert (record["compared"], record["only_old"], record["only_new"]) == (11, [], [])
    [one] = record["differing"]
    assert (one["pack"], one["region"], one["period"], len(one["words"])) == ("city-brief", LANZHOU, SLUG, 1)
    assert [(moved["before"], moved["after"]) for moved in one["figures"]] == [(figure["text"], "5户")]


def test_a_table_differs_by_its_rows_and_a_long_list_is_cut(two, briefs):
    def change(cells):
        table = block(cells, "all")
        table["rows"] = [[cell or "无" for cell in row] for row in table["rows"]][::-1]

    edit(two[1], change, ALL_METRICS)
    [difference] = compare(*two).differing
    assert difference.figures == [] and [words.chapter for words in difference.words] == ["all-metrics"]
    assert all(" | " in line for line in difference.words[0].after + difference.words[0].before)
    said = briefs("compare", *two)[1].splitlines()
    assert said[2:10] == [line for line in said[2:10] if line.startswith("    − ")]
    assert said[10].endswith(" more; --json lists all.")


def test_another_order_is_no_other_figure_and_no_other_word(two, briefs):
    """Figures that a block lists the other way round say the same; two statements that change places are said to have moved."""

    def turn(cells):
        for cell in cells.values():
            for output in cell.get("outputs", []):
                if found := output["data"].get(MIME):
                    found["figures"].reverse()

    def exchange(cells):
        first, second = (block(cells, name) for name in ("stock-statement", "entities-statement"))
        first_words, second_words = dict(first), dict(second)
        for one, words in ((first, second_words), (second, first_words)):
            one.clear()
            one.update(words)

    new = two[1]
    edit(new, turn)
    assert briefs("compare", *two) == (0, f"{NONE}\n", "")
    edit(new, exchange)
    [difference] = compare(*two).differing
    [words] = difference.words
    assert (difference.figures, words.before, words.after) == ([], [], []) and words.reordered
    assert briefs("compare", *two)[1].splitlines() == [
        "兰州市 2021 city-brief", "  business-environment", f"    Lines that stand elsewhere: {len(words.reordered)}.",
        NONE.replace("differing: 0", "differing: 1"),
    ]  # fmt: skip


def test_two_folders_are_a_page(two, briefs, tmp_path):
    def word(cells):
        cells["entities"]["source"] = "## （二）登记和注销"

    edit(two[1], word)
    page = tmp_path / "page.html"
    code, out, err = briefs("compare", *two, "--page", page)
    assert (code, err, out.splitlines()[0]) == (0, f"Written: {page}.\n", "兰州市 2021 city-brief")
    html = page.read_text("utf-8")
    assert "兰州市 2021年 市场监管工作简报" in html and "对照11份，1份不同，10份一字未变。" in html
    assert "（二）<del><b>新设</b></del>和注销" in html and "（二）<ins><b>登记</b></ins>和注销" in html
    assert "模拟数据" in html


def test_another_definition_shows_in_the_appendix_and_at_its_figures(two, briefs):
    def change(cells):
        for cell in cells.values():
            for output in cell.get("outputs", []):
                for card in output["data"].get(MIME, {"metrics": []})["metrics"]:
                    if card["id"] == "conversions":
                        card |= {"definition": "另一个口径。", "hash": "0"}
        for figure in block(cells, "all")["figures"]:
            if (figure["metric"], figure["view"]) == ("conversions", "value"):
                figure.update(text="5户", value=5)

    edit(two[1], change, ALL_METRICS)
    said = briefs("compare", *two)[1].splitlines()
    assert said[1].endswith(" → 5户 (redefined)")
    assert said[-2] == "    + 个体工商户转型升级为企业：另一个口径。"


def test_packs_of_only_one_folder_are_named(two, briefs):
    old, new = two
    shutil.rmtree(new / SLUG / "620000")
    only = [f"甘肃省 2021 {pack}" for pack in ("metric-manual", "page-one", "province-overview", "targets", "work-report")]
    assert briefs("compare", old, new)[1].splitlines() == [
        *(f"Only in OLD: {pack}" for pack in only),
        "Packs compared: 6; differing: 0; only in OLD: 5; only in NEW: 0. Figures that differ: 0.",
    ]
    assert briefs("compare", new, old)[1].splitlines()[:5] == [f"Only in NEW: {pack}" for pack in only]


def test_what_is_no_folder_of_packs_and_what_cannot_be_read_is_said(two, tmp_path):
    old, new = two
    with pytest.raises(UsageError) as none:
        compare(old, tmp_path / "nothing")
    assert str(none.value).endswith("nothing holds no packs. Name a folder that `briefs build` has made, such as outputs.")
    (new / CHAPTER).write_text("{}", "utf-8")
    with pytest.raises(DataError) as broken:
        compare(old, new)
    assert sentences(str(broken.value))[0].endswith(f"{CHAPTER} cannot be read as an executed chapter. Build the pack again.")
