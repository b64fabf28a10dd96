"""The canvas of charts: what it writes is what matplotlib's own canvas for SVG writes, to the byte."""

import io

import pytest
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from city_briefs.analysis.charts import chart
from city_briefs.analysis.charts.chart import sheet, style, svg
from city_briefs.analysis.charts.svg_canvas import measures
from city_briefs.common.theme import SANS

WORDS = ["兰州市", "12.5%", "$x$", "", " ", "AVA", "位次1—3，抽检"]


def _constrained() -> Canvas:
    figure = chart.canvas(2)
    axes = figure.subplots()
    axes.plot([1, 2, 3], [3, 1, 2], marker="o", label="兰州市")
    axes.set_xticks([1, 2, 3], ["1月", "2月", "3月"])
    axes.legend()
    return figure


def _plain() -> Canvas:
    figure, axes = sheet(1.5)
    axes.plot([1, 2], [0.5, 1])
    axes.annotate("兰州市\n12.5%", (1, 1), weight="bold")
    axes.fill_between([1, 2], [0.5, 0.6], alpha=0.5)
    axes.scatter([3, 4], [0.5, 1])
    return figure


@pytest.mark.parametrize("draw", [_constrained, _plain])
def test_it_writes_what_matplotlib_writes(draw, monkeypatch):
    with style():
        ours = svg(draw())
        monkeypatch.setattr(chart, "BACKEND", "svg")
        assert svg(draw()) == ours
    assert ours.count("<text") > 1


def test_axes_without_ticks_are_drawn_as_matplotlib_draws_those_that_have_none(monkeypatch):
    with style():
        ours = svg(_plain())
        monkeypatch.setattr(chart, "PlainAxes", None)  # as `add_axes` has it where nothing is asked for
        assert svg(_plain()) == ours


def test_ticks_that_are_asked_for_are_drawn():
    with style():
        figure, axes = sheet(1.5)
        axes.set_xticks([1, 2], ["一", "二"])
        assert {"一", "二"} <= set(svg(figure).replace("<", ">").split(">"))


@pytest.mark.parametrize(
    "face", [FontProperties(family=SANS, size=size, weight=weight) for size in (7.5, 8.5) for weight in ("normal", "bold")]
)
@pytest.mark.parametrize("words", WORDS)
def test_words_are_as_wide_as_matplotlib_measures_them(words, face):
    expected = TextToPath().get_text_width_height_descent(words, face, ismath=False)
    assert measures(words, face) == measures(words, face) == expected


def test_the_file_may_be_one_of_bytes():
    file = io.BytesIO()
    with style():
        _plain().savefig(file, format="svg", backend=chart.BACKEND)
    assert file.getvalue().startswith(b"<?xml")
