"""Rules that every chapter keeps."""

import json

import nbformat
import pytest

from city_briefs.metrics import CATALOGUE
from city_briefs.notebook.cells import faults
from city_briefs.production.packs import chapter_rules, packs_toml
from tests.helpers import NOTEBOOKS

FILES = sorted(NOTEBOOKS.glob("*.ipynb"))
PACKS = {"one": packs_toml.Pack(id="one", title="一", per="city", addressee="局", chapters=("market-order",))}
PARAMETERS = 'city = "兰州市"\nyear = 2021\nthrough = 12'
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
QUESTION = "## （一）案件查处\n\n<!-- 问：案件查处有没有加强？ -->"
KEPT = ("# 市场秩序", PARAMETERS, chapter_rules.LIBRARY, QUESTION, "say(cases_total)", 'remark("market-order")')


def written(folder, *sources, name="market-order", **changed):
    """The findings of a notebook of these cells; `changed` is set on the cell of an analyst's sentence."""
    cells = []
    for place, source in enumerate(sources):
        new = nbformat.v4.new_markdown_cell if source[0] in "#<" else nbformat.v4.new_code_cell
        cells.append(new(source, id=f"cell-{place}", metadata={"tags": ["parameters"]} if source == PARAMETERS else {}))
    cells[4].update(changed)
    file = folder / f"{name}.ipynb"
    notebook = {"cells": cells, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}
    file.write_text(json.dumps(notebook), "utf-8")
    return chapter_rules.findings(file, PACKS, faults)


def instead(place, source):
    """The cells of a good chapter, one of them another."""
    return [source if number == place else kept for number, kept in enumerate(KEPT)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_chapter_keeps_the_rules(file):
    assert chapter_rules.findings(file, packs_toml.packs(), faults) == []


def test_a_chapter_may_be_as_small_as_this(tmp_path):
    assert written(tmp_path, *KEPT) == []


SECTION = "market-order.ipynb, cell 4 in “（一）案件查处”"
SENTENCE = "market-order.ipynb, cell 5 in “（一）案件查处”"


def of_sentence(line):
    return f"market-order.ipynb, cell 5, line {line} in “（一）案件查处”"


CALLS = "A cell only calls what city_briefs.notebook gives; a metric is defined under lib/city_briefs/metrics."
WORDS = "A call takes metrics and the names of views and columns; numbers are computed."


@pytest.mark.parametrize(
    ("place", "source", "finding"),
    [
        (
            0,
            "# 市场 秩序",
            "market-order.ipynb, cell 1 is not its topic. The first cell is one heading, such as “# 市场秩序”.",
        ),
        (
            1,
            PARAMETERS.replace("\nthrough = 12", ""),
            "market-order.ipynb, cell 2 is not its parameters. They stand there, and the cell has the tag parameters.",
        ),
        (
            2,
            "from city_briefs.notebook import say",
            f"market-order.ipynb, cell 3 does not import the library. The cell is: {chapter_rules.LIBRARY}.",
        ),
        (3, QUESTION.replace("（一）", "1. "), "market-order.ipynb, cell 4, line 1 in “1. 案件查处” types the number '1'. A number is computed: say(metric)."),
        (3, QUESTION.replace("（一）", ""), "market-order.ipynb, cell 4, line 1 in “案件查处”: the heading is '## 案件查处'. An office writes “## （一）案件查处”."),
        (
            3,
            "## （一）案件查处",
            f"{SECTION} asks no question. Under the heading stands one, such as <!-- 问：案件查处有没有加强？ -->.",
        ),
        (3, QUESTION + "\n\n查处案件300起。", f"{SECTION.replace('cell 4', 'cell 4, line 5')} types the number '300'. A number is computed: say(metric)."),
        (4, "total = cases_total", f"{of_sentence(1)}: 'total = cases_total' is no call. {CALLS}"),
        (4, "def more():\n    say(cases_total)", f"{of_sentence(1)}: 'def more():' is no call. {CALLS}"),
        (4, 'pd.read_csv("cases")', f"{of_sentence(1)}: 'pd.read_csv(\"cases\")' is no call. {CALLS}"),
        (4, "say(cases_total, 300)", f"{of_sentence(1)} types 300. {WORDS}"),
        (4, 'say("查处案件300起")', f"{of_sentence(1)} types '查处案件300起'. {WORDS}"),
        (4, "say(cases_total)\nsay(\n    cases_total,\n    300,\n)", f"{of_sentence(4)} types 300. {WORDS}"),
        (4, "say(cases_total)\n# trend(cases_total)", f"{of_sentence(2)} has a comment. What has to be said stands in the question; what is not used goes."),
        (4, "say(cases_total)\nsay(cases_total", f"{of_sentence(2)} is not plain Python. A cell only calls what city_briefs.notebook gives, such as say(new_entities)."),
        (4, "say(cases_total)  # trend(cases_total)", f"{of_sentence(1)} has a comment. What has to be said stands in the question; what is not used goes."),
        (4, "%time say(cases_total)", f"{of_sentence(1)} is not plain Python. A cell only calls what city_briefs.notebook gives, such as say(new_entities)."),
        (
            4,
            "explain(cases_total, city, year)",
            f"{of_sentence(1)} calls explain, which is for looking, and goes into no pack. Take it out.",
        ),
        (
            5,
            'remark("safety")',
            'market-order.ipynb, cell 6, line 1 in “（一）案件查处” is not the analyst\'s remark. The last cell is: remark("market-order").',
        ),
    ],
)  # fmt: skip
def test_a_breach_is_a_sentence_with_its_remedy(tmp_path, place, source, finding):
    assert finding in written(tmp_path, *instead(place, source))


def test_a_chapter_without_ids_is_found_and_one_with_outputs_is_as_good_as_without(tmp_path):
    assert written(tmp_path, *KEPT, execution_count=3, outputs=[{"output_type": "stream", "name": "stdout", "text": "1"}]) == []
    assert written(tmp_path, *KEPT, id="cell-3") == [
        f"{where} shares the id 'cell-3' with another cell. Give it one of its own, such as cases-trend."
        for where in (SECTION, SENTENCE)
    ]
    assert written(tmp_path, *KEPT, id="") == [f"{SENTENCE} has no id. Give it one of its own, such as cases-trend."]


def test_a_remark_stands_once(tmp_path):
    again = [*KEPT[:4], 'remark("safety")', KEPT[5]]
    assert written(tmp_path, *again) == [
        f'{of_sentence(1)} is a remark before the end. Only the last cell is one: remark("market-order").'
    ]


def test_a_long_chapter_is_to_be_parted(tmp_path):
    assert written(tmp_path, *KEPT[:5], *[f"trend({metric})" for metric in list(CATALOGUE)[:12]], KEPT[5]) == [
        "market-order.ipynb, cell 18 in “（一）案件查处” is one cell of code too many. A chapter has at most 15: part it in two."
    ]


def test_a_chapter_is_named_by_its_topic(tmp_path):
    assert written(tmp_path, *KEPT[:5], 'remark("market--order")', name="market--order") == [
        "market--order.ipynb is not named by its topic in small letters and hyphens, such as market-order.ipynb."
    ]


def test_a_chapter_is_in_a_pack_and_takes_its_parameters(tmp_path):
    assert written(tmp_path, *KEPT[:5], 'remark("cases")', name="cases") == [
        "cases.ipynb is in no pack. Add 'cases' to the chapters of one in packs.toml."
    ]
    assert written(tmp_path, *KEPT) == []
    province = {"one": PACKS["one"].model_copy(update={"per": "province"})}
    assert chapter_rules.findings(tmp_path / "market-order.ipynb", province, faults) == [
        "market-order.ipynb takes province, year, through and span, not 'city'."
    ]


def test_what_is_no_notebook_is_found(tmp_path):
    file = tmp_path / "market-order.ipynb"
    file.write_text("{}", "utf-8")
    assert chapter_rules.findings(file, PACKS, faults) == [
        "market-order.ipynb cannot be read as a notebook. Open it in JupyterLab and save it again."
    ]
