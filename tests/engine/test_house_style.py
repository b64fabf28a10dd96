"""An analyst's own figures in every kernel of the project: Chinese words are words, whatever a cell sets before it draws."""

import base64
import io

import nbformat
import papermill
import pytest
from PIL import Image

from city_briefs.notebook.exported_figures import DPI, SHARPNESS, WIDTH

LIBRARY = "from city_briefs.notebook import *\nimport matplotlib.pyplot as plt\nimport seaborn as sns"
FACES = """
from matplotlib.font_manager import fontManager
from pathlib import Path
drawn = [text for axes in plt.gcf().axes for text in (axes.title, *axes.get_xticklabels())]
print(sorted({Path(fontManager._find_fonts_by_props(text.get_fontproperties())[0]).name for text in drawn}))
"""
BEFORE = {  # what a cell does before it draws: nothing, or what would take the Chinese faces away
    "nothing": "",
    "a theme of seaborn": "sns.set_theme()",
    "seaborn's own context and faces": 'sns.set(font="Arial", style="ticks")',
    "a style sheet": 'plt.style.use("ggplot")',
    "the settings of matplotlib": "plt.rcdefaults()",
    "a font that is not installed": 'plt.rcParams["font.sans-serif"] = ["SimHei"]\nplt.rcParams["axes.unicode_minus"] = False',
    "a family that is not installed": 'plt.rcParams["font.family"] = "Microsoft YaHei"',
    "a context": 'context = plt.rc_context({"font.family": "sans-serif", "font.sans-serif": ["SimSun"]})\ncontext.__enter__()',
    "the magic": "%matplotlib inline",
}
DRAWN = {
    "pyplot": 'plt.plot(["兰州", "金昌"], [3, -2])\nplt.title("新设户数");',
    "seaborn": 'sns.barplot(x=["兰州", "金昌"], y=[3, -2]).set_title("新设户数");',
    "pandas": 'import pandas as pd\npd.Series([3, -2], ["兰州", "金昌"]).plot.bar(title="新设户数");',
}
KERNELS = pytest.mark.parametrize("engine", [None, "warm"], ids=["ordinary", "warm"])


def ran(folder, engine, *cells):
    """The outputs of cells by cell, as a kernel shows them."""
    code = [nbformat.v4.new_code_cell(source) for source in cells]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    file = folder / "in.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=code, metadata={"kernelspec": kernel}), file)
    notebook = papermill.execute_notebook(file, folder / "out.ipynb", engine_name=engine, progress_bar=False)
    return [cell.outputs for cell in notebook.cells]


@KERNELS
def test_chinese_words_are_drawn_in_our_face_whatever_was_set_before(tmp_path, engine):
    cases = [(before, drawn) for before in BEFORE.values() for drawn in DRAWN.values()]
    shown = ran(tmp_path, engine, LIBRARY, *(f"{before}\n{drawn}\n{FACES}" for before, drawn in cases))[1:]
    for case, outputs in zip(cases, shown, strict=True):
        said = [output for output in outputs if output.output_type == "stream"]
        assert {output.name for output in said} == {"stdout"}, (case, said)  # no warning
        assert "".join(output.text for output in said) == "['NotoSansSC-Regular.otf']\n", case
        [picture] = [output for output in outputs if output.output_type == "display_data"]
        assert picture.metadata["image/png"]["alt"] == "新设户数", case


@KERNELS
def test_a_picture_is_as_wide_as_the_page_and_sharp_in_print(tmp_path, engine):
    [_, [picture]] = ran(tmp_path, engine, LIBRARY, 'plt.plot([1, 2]); plt.suptitle("甲"); plt.xlabel("年"); plt.ylabel("户");')
    size = picture.metadata["image/png"]
    assert size["alt"] == "甲，横轴为年，纵轴为户"
    assert 0.85 < size["width"] / (WIDTH * DPI) <= 1
    assert abs(Image.open(io.BytesIO(base64.b64decode(picture.data["image/png"]))).width - SHARPNESS * size["width"]) < SHARPNESS


@KERNELS
def test_a_sign_that_our_face_lacks_is_drawn_and_a_figure_without_a_title_has_words(tmp_path, engine):
    [_, outputs] = ran(
        tmp_path, engine, LIBRARY, 'plt.plot([1, 2]); plt.title("兰州 ✈");\nplt.figure(); plt.plot([1]); plt.show()'
    )
    assert [output.output_type for output in outputs] == ["display_data"] * 2
    assert [output.metadata["image/png"]["alt"] for output in outputs] == ["兰州 ✈", "未写标题的图"]


def test_a_notebook_of_others_in_the_warm_kernel_looks_as_its_author_has_it(tmp_path):
    [[output]] = ran(
        tmp_path, "warm", "import matplotlib.pyplot as plt\nprint(plt.rcParams['font.family'], plt.rcParams['figure.dpi'])"
    )
    assert output.text == "['sans-serif'] 100.0\n"
