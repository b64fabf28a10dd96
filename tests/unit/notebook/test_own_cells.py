"""The code of an analysis chapter: any Python that a build can run, and one sentence for what it cannot."""

from importlib.util import find_spec

import pytest

from city_briefs.notebook import cells, own_cells


@pytest.fixture
def folder(tmp_path):
    """The files of a chapter named visits."""
    (tmp_path / "visits").mkdir()
    (tmp_path / "visits/rows.csv").write_text("月份,户数\n", "utf-8")
    return tmp_path / "visits"


GOOD = [
    "import pandas as pd\nrows = pd.read_csv('visits/rows.csv')  # 走访",
    "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2.5])\nax.set_title('图')",
    "def half(number):\n    return number / 2\n[half(each) for each in range(3) if each]",
    "for place, each in enumerate('ab'):\n    print(place, each)\ntry:\n    pass\nexcept ValueError as error:\n    print(error)",
    "say(new_entities)\nrows = places(new_entities).data\nchart(rows, 'bar', 'region', 'value', caption='图', source='登记', unit='户')",
    "rows = places(new_entities).data\ntable(rows.head(), caption='表', source='登记')\nrows.head()",
    "year_before = year - 1\nprint(f'{city}{year_before}')\ndisplay(year_before)",
    "import pandas as pd\npd.read_csv(f'visits/{year}.csv')",
    "import os\nimport time\nos.listdir('visits')\ntime.sleep(0)\nyear_before = year - 1\ncount, years = 1, [2020]",
    "from datetime import date\nimport pandas as pd\ndate(2021, 3, 1)\npd.Timestamp(2021, 3, 1)\nopen('visits/rows.csv')",
    "rows = places(new_entities).data\nrows.to_csv()\nrows.columns = ['x'] * len(rows.columns)",
    "import re\nre.sub('\\d', '', 'x')",
    "claim(milestone, entity_stock)\nheadlines(new_entities, per_day(new_entities))",
]


@pytest.mark.parametrize("source", GOOD)
def test_any_python_is_kept(folder, source):
    assert list(own_cells.faults([source], folder)) == []


def test_a_name_may_be_set_in_another_cell(folder):
    assert list(own_cells.faults(["import pandas as pd", "rows = pd.DataFrame({'a': [1]})", "rows.sum()"], folder)) == []


ALONE = "and a chapter reaches no other program, file or machine. Save what it needs in its folder beforehand."
NONE_KEPT = "and a build keeps none. Take it out: figures show by themselves, and a pack has a workbook."
OWN_TABLE = "which other cells rely on. Compute with a table of your own, such as places(new_entities).data."
LOOK = "Look at the brackets, quotes and indents of this line and the one before."
NOT_THERE = "which is not in notebooks/visits. Put it there and write 'visits/{}', so that a build knows when it changes."
FAULTS = [
    ("rows = [1,", 1, f" is no Python. {LOOK}"),
    ("x = 1\nreturn x", 2, f" is no Python. {LOOK}"),
    ("print（1）", 1, ": the character （ is a Chinese one. Write ( with the English keyboard."),
    ("x = 1\n%matplotlib inline", 2, " is a command of IPython, '%matplotlib inline'. Take it out; figures show by themselves."),
    ("new_entities", 1, ": the metric new_entities says nothing by itself. Write say(new_entities)."),
    ("x = 1\nsay", 2, ": the call say without brackets shows nothing. Write it as in say(new_entities, entity_stock)."),
    ("per_day(new_entities)", 1, ": per_day shows nothing by itself; it is for headlines. Write it as in headlines(per_day(new_entities))."),
    ("x = explain(new_entities, city, year)", 1, " calls explain, which is for looking, and goes into no pack. Take it out."),
    ("say(new_entitys)", 1, ": There is no metric or call 'new_entitys'. Did you mean new_entities?"),
    ("x = rowz.sum()", 1, ": There is no metric or call 'rowz'. docs/metrics.md and docs/chapter-calls.md list them."),
    ("say()", 1, ": say is given nothing. Write it as in say(new_entities, entity_stock)."),
    ("x = 1\nranking(new_entities, view='yoyo')", 2, ": ranking takes no view 'yoyo'. Did you mean yoy?"),
    ("x = []\nchart(x, 'lines', 'a', 'b', caption='图', source='甲')", 2, ": chart takes no kind 'lines'. Did you mean line?"),
    ("x = []\nchart(x, 'bar', 'a', 'b', captoin='图', source='甲')", 2, ": chart takes no 'captoin'. Did you mean caption?"),
    ("share = 1", 1, " sets 'share', which is a call, a metric or a parameter. Choose another name, such as my_share."),
    ("year = 2020", 1, " sets 'year', which is a call, a metric or a parameter. Choose another name, such as my_year."),
    ("from math import *", 1, " imports all of math, which may take the place of calls. Write import math."),
    ("import no_such_module.part", 1, ": the module no_such_module is not installed here. Have it installed where packs are made, or do without."),
    ("open('rows.csv')", 1, f" reads 'rows.csv', {NOT_THERE.format('rows.csv')}"),
    ("open('visits/other.xlsx')", 1, f" reads 'visits/other.xlsx', {NOT_THERE.format('other.xlsx')}"),
    ("open('visits/../rows.csv')", 1, f" reads 'visits/../rows.csv', {NOT_THERE.format('rows.csv')}"),
    ("open('https://a.invalid/rows.csv')", 1, f" reads 'https://a.invalid/rows.csv', {NOT_THERE.format('rows.csv')}"),
    ("x = 1\nopen(f'data/{x}.csv')", 2, f" reads 'data/….csv', {NOT_THERE.format('….csv')}"),
    ("open('/etc/passwd')", 1, f" reads '/etc/passwd', {NOT_THERE.format('passwd')}"),
    ("import numpy as np\nnp.loadtxt('rows.dat')", 2, f" reads 'rows.dat', {NOT_THERE.format('rows.dat')}"),
    ("yaer = 3", 1, " sets 'yaer', which reads like a parameter of the chapter. Choose another name, such as my_yaer."),
    ("x = input('几户？')", 1, " asks with input(), and nobody answers in a build. Write the answer into the cell."),
    ("import sys\nsys.exit()", 2, " ends the chapter with sys.exit(), and what follows would be missing. Take it out."),
    ("import requests", 1, ": the module requests is not installed here. Have it installed where packs are made, or do without.")
    if find_spec("requests") is None else ("import requests", 1, f" uses requests, {ALONE}"),
    ("from urllib import request", 1, f" uses urllib.request, {ALONE}"),
    ("import os\nos.system('ls')", 2, f" uses os.system(), {ALONE}"),
    ("from city_briefs.analysis import charts", 1, " imports city_briefs.analysis, which is the inside of this project and may change. Use what city_briefs.notebook gives."),
    ("from datetime import datetime as day\nday.now()", 2, " takes datetime.datetime.now(), which is another in each build. Use year and through, or write the day as a text."),
    ("import matplotlib.pyplot as plt\nplt.close('all')", 2, " calls matplotlib.pyplot.close(), after which figures are not shown. Take it out; figures show and close by themselves."),
    ("import matplotlib as mpl\nmpl.use('Agg')", 2, " calls matplotlib.use(), after which figures are not shown. Take it out; figures show and close by themselves."),
    ("x = []\nx.to_excel('visits/x.xlsx')", 2, f" writes a file, {NONE_KEPT}"),
    ("open('visits/x.txt', 'w')", 1, f" writes a file, {NONE_KEPT}"),
    ("new_entities.label = '改'", 1, f" changes new_entities, {OWN_TABLE}"),
    ("object.__setattr__(new_entities, 'label', '改')", 1, f" changes new_entities, {OWN_TABLE}"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "line", "words"), FAULTS)
def test_what_a_build_cannot_run_or_says_nothing_is_one_sentence(folder, source, line, words):
    assert list(own_cells.faults(["import math", source], folder)) == [(1, line, words)]


def test_the_calls_of_an_analysis_chapter_are_for_it_alone():
    assert list(cells.faults("table(new_entities)")) == [
        (1, ": table is for an analysis chapter. Add the chapter to analysis = […] of its pack in packs.toml, or take it out.")
    ]
