"""Own charts and tables: what an analyst computed in pandas or Ibis, in the house style; what cannot be shown is one sentence."""

import sys
from types import ModuleType

import ibis
import numpy as np
import pandas as pd
import pytest

from city_briefs import notebook
from city_briefs.common.errors import UsageError

OWN = "专题分析，由分析人员计算，口径不在指标口径手册内"
WORDS = {"caption": "各地新设户数", "source": "登记系统", "unit": "户"}
ROWS = pd.DataFrame(
    {"地区": ["兰州", "金昌", "嘉峪关"], "户数": [3, 2, None], "增幅": [1.25, -3.5, np.nan], "是否": [True, False, True]}
)


@pytest.fixture(autouse=True)
def chapter(demo_province, cubes, data_variable, monkeypatch):
    """The parameters of a chapter."""
    data_variable(demo_province.path)
    main = ModuleType("__main__")
    vars(main).update({"city": "兰州市", "year": 2021, "through": 12})
    monkeypatch.setitem(sys.modules, "__main__", main)


def shown(call, *given, **words):
    [block] = call(*given, **{**WORDS, **words}).blocks
    return block


def test_a_chart_has_number_words_unit_source_and_its_data():
    block = shown(notebook.chart, ROWS, "bar", "地区", "户数", "增幅")
    assert (block["kind"], block["caption"], block["notes"], block["sources"]) == ("chart", "各地新设户数", [OWN], ["登记系统"])
    assert block["alt"] == (
        "条形图：各地新设户数。户数：兰州 3户、金昌 2户、嘉峪关 无数据。增幅：兰州 1.25户、金昌 −3.50户、嘉峪关 无数据。"
    )
    assert block["data"] == {
        "heads": ["地区", "户数（户）", "增幅（户）"],
        "rows": [["兰州", "3", "1.25"], ["金昌", "2", "−3.5"], ["嘉峪关", "", ""]],
    }
    assert (block["figures"], block["own"]) == ([], True)


@pytest.mark.parametrize("kind", ["line", "bar", "dot"])
def test_a_table_of_ibis_is_drawn_as_one_of_pandas(kind):
    rows = ROWS.drop(columns="是否")
    block = shown(notebook.chart, ibis.memtable(rows), kind, "地区", "户数")
    assert block == shown(notebook.chart, rows, kind, "地区", "户数")
    assert "单位：户" in block["svg"] and "单位：户" in block["narrow"]


def test_a_table_has_its_numbers_at_the_same_decimals_and_the_workbook_unrounded():
    rows = ROWS.assign(比重=[1 / 3, 0.5, 1], 日=pd.to_datetime(["2021-03-01", None, "2021-12-31"]))
    block = shown(notebook.table, rows, unit="")
    assert block["header"] == ["地区", "户数", "增幅", "是否", "比重", "日"]
    assert block["align"] == ["left", "right", "right", "left", "right", "left"]
    assert block["rows"] == [
        ["兰州", "3", "1.25", "是", "0.33", "2021-03-01"],
        ["金昌", "2", "−3.50", "否", "0.50", ""],
        ["嘉峪关", "", "", "是", "1.00", "2021-12-31"],
    ]
    assert [row[4] for row in block["data"]["rows"]] == ["0.333333333333333", "0.5", "1"]
    assert (block["notes"], block["own"]) == ([OWN], True)


MANY = pd.DataFrame({"地区": [f"第{place}" for place in range(61)], "户数": range(61)})
TWICE = pd.DataFrame([[1, 2, 3]], columns=["地区", "户数", "户数"])
REFUSED = [  # the kind, the table, the columns, and the sentence in both languages
    ("bar", ROWS, ["地区", "户书"], "The table has no column '户书'. Did you mean '户数'?", "表里没有“户书”这一栏。是否应为“户数”？"),
    ("bar", ROWS, ["地区", "x"], "The table has no column 'x'. It has 地区, 户数, 增幅, 是否.", "表里没有“x”这一栏。有地区、户数、增幅、是否。"),
    (
        "bar", ROWS.set_index("地区"), ["地区", "户数"], "'地区' is the index of the table and no column. Write df.reset_index().",
        "“地区”是表的索引，不是一栏。请写df.reset_index()。",
    ),
    ("bar", ROWS, ["地区", "户数", "户数"], "chart is given '户数' twice. Take one out.", "chart里“户数”写了两次。请去掉一个。"),
    (
        "bar", ROWS.iloc[:0], ["地区", "户数"], "chart is given a table without rows. See why it is empty, such as a filter that keeps none.",
        "chart的表一行也没有。请看为什么是空的，如筛选条件一行也没留下。",
    ),
    (
        "bar", MANY.head(33), ["地区", "户数"],
        "chart is given more than 32 rows, and 32 fit on a page. Sum them up, or take the first with df.head(32).",
        "chart的表超过32行，一页只放得下32行。请先汇总，或用df.head(32)取前几行。",
    ),
    (
        "line", ibis.memtable(MANY), ["地区", "户数"],
        "chart is given more than 60 rows, and 60 fit on a page. Sum them up, or take the first with df.head(60).",
        "chart的表超过60行，一页只放得下60行。请先汇总，或用df.head(60)取前几行。",
    ),
    (
        "bar", ROWS.assign(户数=["3", "二", "1"]), ["地区", "户数"],
        "The column '户数' holds '3', which is no number. Make it one with pd.to_numeric(df[\"户数\"]), or name another column.",
        "“户数”一栏里有“3”，不是数字。请用pd.to_numeric(df[\"户数\"])转成数字，或换一栏。",
    ),
    (
        "dot", ROWS, ["地区", "是否"],
        "The column '是否' holds 'True', which is no number. Make it one with pd.to_numeric(df[\"是否\"]), or name another column.",
        "“是否”一栏里有“True”，不是数字。请用pd.to_numeric(df[\"是否\"])转成数字，或换一栏。",
    ),
    (
        "bar", ROWS.assign(户数=[1, np.inf, 2]), ["地区", "户数"],
        "The column '户数' holds infinity, as a division by zero gives it. Leave it empty with "
        'df.replace([float("inf"), float("-inf")], float("nan")).',
        '“户数”一栏里有无穷大，是除以零得来的。请写df.replace([float("inf"), float("-inf")], float("nan"))，让它空着。',
    ),
    (
        "bar", ROWS.assign(户数=None), ["地区", "户数"], "The column '户数' holds no number at all. Name another column.",
        "“户数”一栏一个数字也没有。请换一栏。",
    ),
    (
        "bar", ROWS.assign(地区="兰州"), ["地区", "户数"],
        "The column '地区' holds '兰州' more than once. Sum up first, as by df.groupby(\"地区\", as_index=False).sum().",
        "“地区”一栏里“兰州”不止一行。请先汇总，如df.groupby(\"地区\", as_index=False).sum()。",
    ),
    (
        "bar", ROWS.assign(地区=["兰州", None, "金昌"]), ["地区", "户数"],
        "The column '地区' has an empty cell in row 2. Leave it out with df.dropna(subset=[\"地区\"]).",
        "“地区”一栏第2行是空的。请用df.dropna(subset=[\"地区\"])去掉。",
    ),
    (
        "bar", TWICE, ["地区", "户数"], "chart is given two columns with the name '户数'. Give one of them another name.",
        "chart的表里有两栏都叫“户数”。请给其中一栏换个名称。",
    ),
    (
        "bar", pd.DataFrame([[1, 2]]), ["地区", "户数"],
        "chart takes columns with a text in one line as their name, not '0'. Write df.columns = [\"月份\", \"户数\"] with names of your own.",
        "chart的栏名应为一行文字，不是“0”。请写df.columns = [\"月份\", \"户数\"]，换成自己的栏名。",
    ),
    ("line", ROWS.head(1), ["地区", "户数"], 'A line needs two rows at least. Write "bar" or "dot".', '折线图至少要两行。请写"bar"或"dot"。'),
    (
        "bar", MANY.assign(a=1, b=1, c=1).head(), ["地区", "户数", "a", "b", "c"],
        "chart draws 3 columns at most, not 4. Make two charts of them.", "chart一幅至多画3栏，现有4栏。请分成两幅。",
    ),
    (
        "line", ROWS.assign(日=pd.to_datetime(["2021-03-01", "2021-01-01", "2021-12-01"])), ["日", "增幅"],
        "A line goes through the column '日' in the order of time. Write df.sort_values(\"日\").",
        "折线图按“日”的先后来画，表里的次序是乱的。请写df.sort_values(\"日\")。",
    ),
    (
        "bar", ROWS.assign(地区=["甘肃省兰州市城关区市场监督管理局" + end for end in "甲乙丙"]), ["地区", "户数"],
        "The column '地区' has labels that begin alike, and a chart has room for '甘肃省兰州市城关…'. Make them shorter.",
        "“地区”一栏里有几行开头一样，图里只放得下“甘肃省兰州市城关…”，分不出来。请写短些。",
    ),
    (
        "bar", ROWS.pivot_table(index="地区", values=["户数", "增幅"], aggfunc=["sum", "mean"]).reset_index(), ["地区", "sum"],
        "chart takes columns with one name each, and these have 2, as a pivot table has. Write df.columns = [\"月份\", \"户数\"] with names of your own.",
        "chart的表每栏一个栏名，这张表有2层。请写df.columns = [\"月份\", \"户数\"]，换成自己的栏名。",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "frame", "columns", "english", "chinese"), REFUSED)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_drawn_is_one_sentence(kind, frame, columns, english, chinese, language, monkeypatch):
    monkeypatch.setenv("LC_ALL", {"en": "C", "zh": "zh_CN.UTF-8"}[language])
    with pytest.raises(UsageError) as refused:
        notebook.chart(frame, kind, *columns, **WORDS)
    assert str(refused.value) == {"en": english, "zh": chinese}[language]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"caption": " "}, 'The caption of table is a line of words. Write caption="…".'),
        ({"source": ""}, 'The source of table is a line of words. Write source="…".'),
        ({"caption": "长" * 41}, "The caption of table has 41 characters, and 40 fit. Say it shorter."),
    ],
)
def test_a_table_has_a_caption_and_a_source(words, sentence):
    with pytest.raises(UsageError) as refused:
        notebook.table(ROWS, **{**WORDS, **words})
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (MANY, "table is given more than 40 rows, and 40 fit on a page. Sum them up, or take the first with df.head(40)."),
        (
            pd.DataFrame([range(9)], columns=list("abcdefghi")),
            "table sets 8 columns at most, not 9. Choose some, as by df[[…]].",
        ),
        (
            ROWS.set_index("地区"),
            "table would leave out the index 地区 of this table. Write df.reset_index(), which makes it a column.",
        ),
        (
            ROWS.describe(),
            "table would leave out the index of this table. Write df.reset_index(), which makes it a column.",
        ),
        (
            ROWS.assign(增幅=[1, -np.inf, 2]),
            "The column '增幅' holds infinity, as a division by zero gives it. Leave it empty with "
            'df.replace([float("inf"), float("-inf")], float("nan")).',
        ),
        (
            ROWS.assign(地区=[["兰州"], ["金昌"], object()]),
            "The column '地区' holds list values, which nobody can read. Make words of them, as by "
            'df["地区"].map(str), or leave the column out.',
        ),
        (ROWS["户数"], "table takes a table of pandas or Ibis as its df, not a Series. Write it as in "),
        ([1, 2], "table takes a table of pandas or Ibis as its df, not a list. Write it as in "),
    ],
)
def test_what_is_no_table_for_a_page_is_one_sentence(frame, sentence):
    with pytest.raises(UsageError) as refused:
        notebook.table(frame, **WORDS)
    assert str(refused.value).startswith(sentence)


def test_numbers_keep_what_they_are():
    rows = pd.DataFrame({"占比": [0.00012, 0.5], "误差": [1e-9, 0.5], "户": [12345678901234567890, 1]}).assign(
        段=pd.cut([1, 3], [0, 2, 4]), 月=pd.period_range("2021-01", periods=2, freq="M"), 时长=pd.to_timedelta([1, 1.5], unit="D")
    )
    block = shown(notebook.table, rows)
    assert block["rows"] == [
        ["0.0001", "…", "12345678901234567890", "(0, 2]", "2021-01", "1天"],
        ["0.5000", "0.500000", "1", "(2, 4]", "2021-02", "1.5天"],
    ]
    assert block["notes"] == [OWN, "“…”表示不足最小单位"]


def test_rows_that_a_filter_left_are_a_table():
    assert shown(notebook.table, ROWS[ROWS["户数"] > 2])["rows"] == [["兰州", "3", "1.25", "是"]]


def test_the_remedy_for_infinity_holds():
    rows = ROWS.assign(增幅=[1, -np.inf, 2]).replace([float("inf"), float("-inf")], float("nan"))
    assert [row[2] for row in shown(notebook.table, rows)["rows"]] == ["1", "", "2"]
