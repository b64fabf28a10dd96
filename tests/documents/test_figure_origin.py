"""From a page back to the rows: 图3 of a pack is the one that the document shows, with its cell, its numbers and what is behind them."""

import json
import re

import nbformat
import pytest

from city_briefs.app.figure_origin import FigureOrigin, note
from tests.helpers import NOTEBOOKS

FOLDER = "2021/620100"


@pytest.fixture
def explain(briefs, packs_built, demo_province):
    def explained(*words, pack="city-brief", city=("--city", "兰州"), year=2021):
        return briefs("explain", pack, *city, "--year", year, "--data", demo_province.path, "--out", packs_built, *words)

    return explained


def captions(packs_built, kind):
    page = (packs_built / FOLDER / "city-brief.html").read_text("utf-8")
    found = re.findall(rf"<figcaption>({kind}\d+)　(.*?)(?:<span class=\"unit\">.*?)?</figcaption>", page, re.DOTALL)
    return {name: re.sub("<[^>]+>", "", words).strip() for name, words in found}


@pytest.mark.parametrize("kind", ["图", "表"])
def test_every_figure_and_table_of_a_pack_is_found_under_its_number_with_the_cell_that_shows_it(explain, packs_built, kind):
    shown = captions(packs_built, kind)
    for name in [*shown][:: max(1, len(shown) // 2)]:
        code, out, _ = explain("--figure", name, "--json")
        record = json.loads(out)
        assert code == 0 and record["caption"] == f"{name} {shown[name]}"
        cells = nbformat.read(NOTEBOOKS / record["notebook"], as_version=4).cells
        assert cells[record["cell"] - 1].source == record["code"]
        assert {figure["metric"] for figure in record["figures"]} == set(record["metrics"])


def test_it_says_numbers_definition_query_and_records(explain):
    code, out, err = explain("--figure", "图3")
    caption, at, *lines = out.splitlines()
    assert (code, err) == (0, "") and caption.startswith("图3 ")
    assert re.fullmatch(r"[a-z-]+\.ipynb, cell \d+: \w+\(.*\)", at)
    assert re.match(r"  兰州市 .+：.+", lines[0])
    assert "兰州市 2021年：" in lines
    for words in ("【定义】", "口径：", "SELECT", "条数：", "计算："):
        assert any(words in line for line in lines), words


def test_another_snapshot_than_that_of_the_pack_is_said(demo_province):
    stamps = [demo_province.id, "0123456789abcdef"]
    notes = [note(FigureOrigin("图1", {"snapshot": {"id": stamp}}, "a.ipynb", 1, ""), demo_province) for stamp in stamps]
    assert notes == ["", f"The pack was made from the snapshot 0123456789ab; the rows are those of {demo_province.id[:12]}."]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"figure": "图300"}, "city-brief of 兰州市 2021 has no 图300. Its last one is 图"),
        ({"figure": "图0"}, "city-brief of 兰州市 2021 has no 图0. Its last one is 图"),
        ({"figure": "3"}, "A figure is named as the document names it, such as 图3 or 表2, not '3'."),
        ({"figure": "图3", "city": ()}, "city-brief is made for each city. Name one with --city."),
        ({"figure": "图3", "pack": "city-breif"}, "There is no pack 'city-breif'. Did you mean city-brief?"),
        ({"figure": "图3", "city": ("--city", "嘉峪关")}, "city-brief of 嘉峪关市 2021 does not stand in "),
    ],
)  # fmt: skip
def test_what_cannot_be_explained_is_one_sentence(explain, words, sentence):
    figure = words.pop("figure")
    code, out, err = explain("--figure", figure, **words)
    assert (code, out) == (2, "") and err.startswith(sentence) and err.count("\n") == 1
