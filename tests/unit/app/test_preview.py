"""What a preview is asked for, and what it is made of; the page itself is looked at in a browser (tests/external)."""

import nbformat
import pytest

from city_briefs.app.preview.pages import ChapterPreview, Rendering, _as_far
from city_briefs.app.preview.server import PreviewServer, Shown
from city_briefs.common.errors import UsageError


@pytest.fixture
def preview(demo_province):
    return ChapterPreview("business-environment", demo_province)


def test_without_words_it_is_of_the_first_city_and_the_latest_complete_year(preview):
    wanted = preview.wanted()
    assert (wanted.region.name, wanted.year, wanted.through) == ("兰州市", 2022, 12)


def test_the_regions_are_those_for_which_a_pack_has_the_chapter(demo_province):
    levels = {
        name: {region.level for region in ChapterPreview(name, demo_province).regions} for name in ("quality", "province-summary")
    }
    assert levels == {"quality": {"city"}, "province-summary": {"province"}}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("兰洲",), "There is no city '兰洲'. Did you mean 兰州市 (620100)?"),
        (("甘肃省",), "business-environment is in no pack that is made for a province. Name a city."),
        (("兰州", 2031), "does not hold the year 2031. The nearest year it holds is 20"),
        (("兰州", 2021, 13), "There is no month '13'."),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(preview, words, sentence):
    with pytest.raises(UsageError) as error:
        preview.wanted(*words)
    assert sentence in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    "asked", [{}, {"region": "620100"}, {"region": "620100", "year": "x", "through": 1}, {"region": 3, "year": None}]
)
def test_a_page_that_asks_for_nothing_known_is_told_so(preview, asked):
    server = PreviewServer(preview, preview.wanted())
    before = server.wanted
    assert server.ask(asked) == "The page asks for no region and period. Reload it." and server.wanted == before
    assert server.ask({"region": "620200", "year": "2021", "through": "6"}) == "" and server.wanted.region.name == "嘉峪关市"
    server._http.server_close()


def test_a_port_that_is_taken_is_one_sentence(preview):
    server = PreviewServer(preview, preview.wanted())
    with pytest.raises(UsageError) as error:
        PreviewServer(preview, preview.wanted(), server.port)
    server._http.server_close()
    assert str(error.value) == f"The port {server.port} cannot be had on this machine. Name another with --port, or none."


def test_pages_stay_where_no_page_can_be_made_and_the_sentence_stands_beside_them(preview):
    shown = Shown(preview.wanted())
    shown.take(Rendering(shown.wanted, (b"1", b"2"), ()))
    shown.begin(shown.wanted)
    assert shown.after(0)["working"]
    shown.take(Rendering(shown.wanted, (), ("wrong",)))
    state = shown.after(0)
    assert (state["pages"], state["sentences"], state["working"]) == (["1/0.png", "1/1.png"], ("wrong",), False)


def test_a_chapter_that_stopped_is_shown_without_its_error():
    error = nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])
    told = nbformat.v4.new_markdown_cell("An exception", metadata={"tags": ["papermill-error-cell-tag"]})
    stopped = nbformat.v4.new_notebook(cells=[told, nbformat.v4.new_code_cell("say()", outputs=[error])])
    [cell] = _as_far(stopped).cells
    assert (cell.source, cell.outputs) == ("say()", [])
