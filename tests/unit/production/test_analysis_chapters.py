"""What the cells of an analysis chapter show in a pack: figures in words, and nothing as Python writes it."""

import nbformat
import pytest

from city_briefs.common.errors import PackError
from city_briefs.production.export import analysis_chapters

REMEDY = 'as Python writes it. Write table(df, …) of a table and print(f"…") of a number, or end the line with ; to show nothing.'


def labelled(output):
    cells = [
        nbformat.v4.new_markdown_cell("# 走访情况"),
        nbformat.v4.new_code_cell("city = 1", metadata={"tags": ["injected-parameters"]}),
        nbformat.v4.new_code_cell("x", outputs=[output]),
    ]
    return analysis_chapters.labelled("visits", nbformat.v4.new_notebook(cells=cells))[-1].outputs


def result(data, kind="execute_result"):
    return nbformat.v4.new_output(kind, data)


@pytest.mark.parametrize(
    "words",
    [
        "Text(0.5, 1.0, '图')",
        "<Axes: title={'center': '图'}>",
        "[<matplotlib.lines.Line2D at 0x7f>]",
        "{'whiskers': [<matplotlib.lines.Line2D at 0x7f>]}",
        "<seaborn.axisgrid.FacetGrid at 0x7f>",
        "(array([1., 2.]),\n <BarContainer object of 2 artists>)",
    ],
)
def test_what_drawing_gives_back_is_left_out(words):
    assert labelled(result({"text/plain": words})) == []


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (result({"text/plain": "['兰州', '金昌']"}), "['兰州', '金昌']"),
        (result({"text/plain": "<generator object <genexpr> at 0x7f>"}), "<generator object <genex…"),
        (result({"text/plain": "{'a': 1}"}, "display_data"), "{'a': 1}"),
        (nbformat.v4.new_output("stream", text="共3户\n<object object at 0x7f>\n"), "<object object at 0x7f>"),
        (nbformat.v4.new_output("stream", text="[np.int64(3)]"), "np.int64(3)]"),
        (nbformat.v4.new_output("stream", text="Name: 户数, dtype: int64"), "dtype: int64"),
    ],
)
def test_what_python_writes_is_refused_with_its_cell(output, words):
    with pytest.raises(PackError) as refused:
        labelled(output)
    assert str(refused.value) == f"visits.ipynb, cell 2 shows '{words}', {REMEDY}"


@pytest.mark.parametrize(
    "output",
    [
        nbformat.v4.new_output("stream", text="同比增长66.7%，共3户\n"),
        nbformat.v4.new_output("stream", name="stderr", text="<object object at 0x7f>"),
        result({"text/plain": "3", "text/html": "<p>3</p>"}),
    ],
)
def test_what_a_reader_can_read_stays(output):
    assert labelled(output) == [output]


def test_a_widget_leaves_its_line_and_not_what_python_writes():
    [output] = labelled(result({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider(value=0)"}))
    assert set(output.data) == {"application/vnd.jupyter.widget-view+json"}


def test_a_picture_that_cannot_be_read_is_named_with_its_cell():
    with pytest.raises(PackError) as refused:
        labelled(result({"image/png": "bm8gcGljdHVyZQ==", "text/plain": "<IPython.core.display.Image object>"}))
    assert str(refused.value) == (
        "visits.ipynb, cell 2 shows a picture (image/png) that cannot be read. Have the cell draw it again, or take it out."
    )
