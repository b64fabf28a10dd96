"""Chapters as analysts get them wrong: one sentence each, with cell and line; what is right passes."""

import json

import nbformat
import pytest

from city_briefs.notebook.cells import faults
from city_briefs.production.packs import chapter_rules, packs_toml
from tests.conftest import shared
from tests.helpers import NOTEBOOKS

NAME = "business-environment"
PACKS = packs_toml.packs()
PARAMETERS = 'city = "兰州市"\nyear = 2021\nthrough = 12'
HEADED = "## （一）实有市场主体\n\n{}\n\n<!-- 问：市场主体总量是多少？ -->"
SECTION = f"{NAME}.ipynb, cell 4, line 3 in “（一）实有市场主体”"
SENTENCE = f"{NAME}.ipynb, cell 5 in “（一）实有市场主体”"
PICTURE = " shows the picture '{}', which is not in the chapter. Drag it onto a line of its own, or take it out."
PNG = "iVBORw0KGgo="


def found(folder, change):
    """The findings of the chapter after a change of its notebook."""
    notebook = json.loads((NOTEBOOKS / f"{NAME}.ipynb").read_text("utf-8"))
    change(notebook)
    file = folder / f"{NAME}.ipynb"
    file.write_text(json.dumps(notebook), "utf-8")
    return chapter_rules.findings(file, PACKS, faults)


def with_cell(place, source, **more):
    return lambda notebook: notebook["cells"][place - 1].update({"source": source, **more})


def test_the_cases_of_analysts(tmp_path):
    for case in json.loads(shared("cases/analyst/chapters.json").read_text("utf-8")):

        def change(notebook, case=case):
            if "cell" in case:
                notebook["cells"][case["cell"] - 1]["source"] = case["source"]
            if "insert" in case:
                notebook["cells"].insert(
                    case["insert"] - 1, {"cell_type": case["type"], "id": "new", "metadata": {}, "source": case["source"]}
                )
            notebook["metadata"] |= {"kernelspec": case["kernelspec"]} if "kernelspec" in case else {}
            for cell in notebook["cells"] if case.get("executed") else ():
                if cell["cell_type"] == "code":
                    cell |= {"execution_count": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}]}

        findings = found(tmp_path, change)
        assert len(findings) == bool(case["says"]), (case["name"], findings)
        assert all(word in findings[0] for word in case["says"]), (case["name"], findings)


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        ('city = "兰州市"\nyear = "2021"', "line 2 in “营商环境”: year is a year of four digits without quotes, such as 2021, not '2021'."),
        ('city = "兰州市"\nyear = 21', "line 2 in “营商环境”: year is a year of four digits without quotes, such as 2021, not 21."),
        ('city = "兰州市"\nyear = 2021.0', "line 2 in “营商环境”: year is a year of four digits without quotes, such as 2021, not 2021.0."),
        ('city = "兰州市"\nyear = 2021\nthrough = 13', "line 3 in “营商环境”: through is a month from 1 to 12 without quotes, not 13."),
        ('city = "兰州市"\nyear = 2021\nspan = "mouth"', 'line 3 in “营商环境”: span is one of "ytd", "month", "quarter", "half", not \'mouth\'. Did you mean month?'),
        ("city = 兰州市\nyear = 2021", 'line 1 in “营商环境”: city is a name in quotes, such as "兰州市", not 兰州市.'),
        ('city = ""\nyear = 2021', "line 1 in “营商环境”: city is a name in quotes, such as \"兰州市\", not ''."),
        ('city = "兰州市"\nyear = 2021\nyear = 2022', "line 3 in “营商环境” sets year again. Take one of the lines out."),
        ('city = "兰州市"\nyaer = 2021\nyear = 2021', "line 2 in “营商环境” sets 'yaer', which is no parameter. A chapter takes city, province, county, year, through, span. Did you mean year?"),
        ('city = "兰州市"\nyear = 2021\nsay(new_entities)', "line 3 in “营商环境” sets no parameter. A line of this cell is written as year = 2021."),
        ('city = “兰州市”\nyear = 2021', "line 1 in “营商环境” is not plain Python. A parameter is written as year = 2021."),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_is_one_sentence(tmp_path, source, finding):
    assert found(tmp_path, with_cell(2, source)) == [f"{NAME}.ipynb, cell 2, {finding}"]


@pytest.mark.parametrize(
    ("words", "picture"),
    [
        ("![图](a.png)", "a.png"),
        ('![图](a.png "题")', "a.png"),
        ("![图](<a b.png>)", "a b.png"),
        ("![图](attachment:a.png)", "attachment:a.png"),
        ("![图](https://example.org/a.png)", "https://example.org/a.png"),
        ("![图][a]\n\n[a]: a.png", "a.png"),
        ("<img src='a.png'>", "a.png"),
        ('<IMG alt="图" src=a.png />', "a.png"),
        ("见 ![图](attachment:own.png) 。", "attachment:own.png"),
    ],
)
def test_a_picture_that_no_document_would_print_is_found(tmp_path, words, picture):
    attached = {"own.png": {"image/png": PNG}}
    assert found(tmp_path, with_cell(4, HEADED.format(words), attachments=attached)) == [SECTION + PICTURE.format(picture)]


def test_a_picture_that_is_attached_passes_and_so_does_one_in_a_comment(tmp_path):
    attached = {"own.png": {"image/png": PNG}}
    words = HEADED.format("![图](attachment:own.png)\n\n<!-- ![图](a.png) -->")
    assert found(tmp_path, with_cell(4, words, attachments=attached)) == []


def append(**cell):
    return lambda notebook: notebook["cells"].append(
        {"id": "new", "metadata": {}, "outputs": [], "execution_count": None, **cell}
    )


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (append(cell_type="code", source=""), f"{NAME}.ipynb, cell 22 in “（三）企业培育” is empty. Click beside it and press D twice."),
        (append(cell_type="code", source=" \n"), f"{NAME}.ipynb, cell 22 in “（三）企业培育” is empty. Click beside it and press D twice."),
        (with_cell(6, "overview(entity_stock, new_entities, entities_cancelled, net_new_entities, enterprise_share, entity_density)"), f"{NAME}.ipynb, cell 6 in “（一）实有市场主体” is the same as cell 5. Take one of them out."),
        (with_cell(5, "say(entity_stock)", metadata={"tags": ["parameters"]}), f"{SENTENCE} has the tag parameters, which is for cell 2 alone. Take the tag off."),
        (with_cell(5, "say(entity_stock)", id="new"), None),
        (lambda notebook: notebook["metadata"].pop("kernelspec"), None),
        (lambda notebook: notebook["metadata"]["kernelspec"].pop("name"), None),
        (lambda notebook: notebook["metadata"]["kernelspec"].update(name="py310"), f"{NAME}.ipynb is set to the kernel 'py310'. Choose Kernel → Change Kernel → Python 3 (ipykernel) in JupyterLab, and save it."),
        (lambda notebook: notebook["metadata"]["kernelspec"].update(language="R"), f"{NAME}.ipynb is set to the kernel 'python3'. Choose Kernel → Change Kernel → Python 3 (ipykernel) in JupyterLab, and save it."),
        (lambda notebook: notebook["metadata"]["kernelspec"].update(name="warm"), None),
        (with_cell(1, 3), f"{NAME}.ipynb cannot be read as a notebook. Open it in JupyterLab and save it again."),
    ],
)  # fmt: skip
def test_what_jupyterlab_leaves_in_a_notebook_is_one_sentence(tmp_path, change, finding):
    findings = found(tmp_path, change)
    if finding and "cell 22" in finding:
        last = len(nbformat.read(NOTEBOOKS / f"{NAME}.ipynb", as_version=4).cells) + 1
        finding = finding.replace("cell 22", f"cell {last}")
    assert findings == ([finding] if finding else [])


def test_a_finding_is_in_the_language_of_messages_and_its_place_in_both(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert found(tmp_path, with_cell(4, HEADED.format("新增一百二十户。"))) == [
        f"{SECTION}手写了数字“一百二十户”。数字要算出来：say(指标)。"
    ]
    assert found(tmp_path, with_cell(5, "say()")) == [
        f"{NAME}.ipynb, cell 5, line 1 in “（一）实有市场主体”：say没有写要显示什么。写法如say(new_entities, entity_stock)。"
    ]


@pytest.mark.parametrize("place", [0, 4, 100])
def test_a_cell_that_shows_the_preview_is_passed_over(tmp_path, place):
    cell = {"cell_type": "code", "id": "new", "metadata": {}, "source": " preview()\n", "outputs": [], "execution_count": 3}
    assert found(tmp_path, lambda notebook: notebook["cells"].insert(place, cell)) == []


def test_a_preview_of_another_shape_is_none(tmp_path):
    assert found(tmp_path, with_cell(5, "preview")) == [
        f"{NAME}.ipynb, cell 5, line 1 in “（一）实有市场主体”: the call preview without brackets shows nothing. Write it as in preview()."
    ]
