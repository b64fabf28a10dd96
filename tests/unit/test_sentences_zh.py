"""Refusals in Chinese, whole: of the files that an office keeps, of what is asked for, and of the parameters of a chapter."""

import pytest

from city_briefs import demo, metrics
from city_briefs.analysis.assessments.actions import HEADINGS
from city_briefs.analysis.assessments.actions import read as read_actions
from city_briefs.analysis.assessments.light_rules import rules_of
from city_briefs.analysis.blocks import remark_rules
from city_briefs.analysis.figures import views
from city_briefs.analysis.page_one import chosen as page_one
from city_briefs.analysis.snapshot import engines, reader, writer
from city_briefs.common import block_schema, csv_rows, paths, regions
from city_briefs.common.errors import BriefError
from city_briefs.common.periods import Period
from city_briefs.metrics import reported
from city_briefs.notebook import parameters

RULE = """[[rule]]
id = "slow"
label = "a"
metric = "new_entities"
view = "value"
side = "above"
on = {on}
off = {off}
window = "year"
first_month = 1
step = "guidance"
sentence = "{sentence}"
reason = "a"
"""
REGIONS = "code,name,short,level,parent\n62,甘肃省,甘肃,province,\n"


@pytest.fixture(autouse=True)
def _in_chinese(monkeypatch, tmp_path):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: Period(20), "没有“20”年。年份为四位数字，如2021。"),
        (lambda: Period(2021, 13), "没有“13”月。截止月份为1至12的数字。"),
        (lambda: Period(2021, 12, "monht"), "没有“monht”这种期间。是否应为“month”？"),
        (lambda: Period(2021, 12, "周"), "没有“周”这种期间。期间有ytd、month、quarter、half。"),
        (lambda: Period(2021, 4, "quarter"), "期间“quarter”不截至4月。截止月份可为3、6、9、12。"),
        (lambda: paths.inside(paths.root(), ".."), f"“..”不能作{paths.root()}里的文件夹名。请只用字母、数字和连字符。"),
        (lambda: csv_rows.read(b"\xff\xff", "a.csv", (), ""), "a.csv的编码既不是UTF-8也不是GB18030。请另存为UTF-8编码的CSV。"),
        (lambda: csv_rows.read(b"a,a", "a.csv", ("a",), ""), "a.csv有两个a栏。各栏应为a。"),
        (lambda: csv_rows.read(b"b", "a.csv", ("a", "b"), ""), "a.csv没有a栏。各栏应为a、b。"),
        (lambda: csv_rows.read(b"a\n1,2", "a.csv", ("a",), "请删去。"), "a.csv第2行的单元格多于栏数。请删去。"),
        (lambda: block_schema.write({"kind": "x"}), "内容块的种类不在规定之内，规定的有"),
        (lambda: views.check("yoi"), "没有“yoi”这个视图。是否应为“yoy”？"),
        (
            lambda: views.check("yoy", "广东"),
            "视图yoy不带对标地区“广东”。benchmark和vs_benchmark带一个，share带两个，如广东/全国。",
        ),
        (lambda: page_one.check(("new_entitie",)), "packs.toml的page_one：没有“new_entitie”这个指标。是否应为“new_entities”？"),
        (lambda: page_one.check(("new_entities",) * 2), "packs.toml的page_one：new_entities写了两次。请去掉一个。"),
        (lambda: metrics.CATALOGUE.find("#"), "没有“#”这个指标。全部指标见`briefs metrics`。"),
        (lambda: engines.database("duck"), "没有“duck”这个计算引擎。是否应为“duckdb”？"),
        (lambda: reader.load(paths.Path("none")), "none里没有快照。请指定有快照的文件夹，如--data data/real。"),
        (lambda: parameters.check_period({"year": "2021"}), "参数year应为整数，不能是“2021”。"),
        (lambda: parameters.check_period({"span": 1}), '参数span应为文字，如"month"，不能是“1”。'),
        (lambda: demo.write(paths.Path("demo"), cities=0), "模拟省不能有“0”个市州。应为1至2800个。"),
        (lambda: demo.write(paths.Path("demo"), years=(2022, 2016)), "没有“2022-2016”这段年份。起始年在前，如2016-2022。"),
    ],
)
def test_what_is_asked_for_wrongly(ask, sentence):
    with pytest.raises(BriefError) as error:
        ask()
    assert str(error.value).startswith(sentence)
    assert str(error.value).endswith(("。", "？"))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("", ""),
        ("6201,兰州市,,city,62\n", "regions.csv第3行：short没有填写。每个地区都要有代码、名称、简称和级别。"),
        ("6201,兰州市,兰州,town,62\n", "regions.csv第3行：没有“town”这个级别。级别为province、city、county、other之一。"),
        ("62-1,兰州市,兰州,city,62\n", "regions.csv第3行：“62-1”不能作代码。代码要用来命名文件夹，只能有字母和数字。"),
        ("6201,甘肃,兰州,city,62\n", "regions.csv第3行：“甘肃”重复。一个代码或名称只能指一个地区。"),
        (
            "620102,城关区,城关,county,6209\n",
            "regions.csv：城关区（620102）是县区，其上级“6209”却不是市州。每个县区要写明所属市州。",
        ),
    ],
)
def test_a_list_of_regions(tmp_path, rows, sentence):
    file = tmp_path / "regions.csv"
    file.write_text(f"{REGIONS}{rows}", "utf-8")
    assert _said(lambda: regions.read(file)) == sentence


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({}, ""),
        ({"owner": ""}, "owner栏：没有填写。只有span、decimals、better、after可以空着。"),
        ({"id": "New"}, "id栏：“New”不能作编号。编号只用小写字母、数字和_，以字母开头，且不是Python的关键字。"),
        ({"form": "flows"}, "form栏：没有“flows”这种形式。形式有flow、stock、ratio、cited。"),
        ({"span": "as_of"}, "span栏：flow的报送口径应为month，不能是“as_of”。"),
        ({"decimals": "9"}, "decimals栏：“9”不是小数位数。请写0至6；不填为0。"),
    ],
)
def test_reported_metrics(tmp_path, cells, sentence):
    row = dict.fromkeys(reported.NEEDED, "halls") | {"form": "flow", "unit": "个"} | cells
    words = [row.get(column, "") for column in reported.COLUMNS]
    (tmp_path / "reported.csv").write_text(f"{','.join(reported.COLUMNS)}\n{','.join(words)}\n", "utf-8")
    assert _said(lambda: reported.read(tmp_path / "reported.csv")) == (f"reported.csv第2行{sentence}" if sentence else "")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, ""),
        ({"on": '"20%"'}, "on应为不带引号和百分号的数字，如20，不能是“20%”。"),
        ({"off": 30}, "的off（30）不得高于on（20），否则灯会时亮时灭。"),
        ({"sentence": "多"}, "sentence要含有{figure}，且不得另写数字。"),
    ],
)
def test_rules_of_lights(tmp_path, values, sentence):
    file = tmp_path / "rules.toml"
    file.write_text(RULE.format_map({"on": 20, "off": 10, "sentence": "{figure}多", **values}), "utf-8")
    assert _said(lambda: rules_of(file)) == (f"rules.toml的rule slow：{sentence}" if sentence else "")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("同比{{new_entities yoy}}", ""),
        (
            "同比增长12%",
            "a.md, line 5：手写了数字“12”。数字写成{{指标}}或{{指标 视图}}，如{{new_entities yoy}}；年份写“本年”“上年”。",
        ),
        ("同比{{new_entities yoi}}", "a.md, line 5：没有“yoi”这个视图。是否应为“yoy”？"),
    ],
)
def test_a_line_of_a_remark(line, sentence):
    def read():
        remark_rules.check("a.md, line 5", line)
        return list(remark_rules.named("a.md, line 5", line))

    assert _said(read) == sentence


@pytest.mark.parametrize(
    ("front", "sentence"),
    [
        ("标题: a\n作者: b\n日期: 2022-01-10", ""),
        ("标题: a\n作者: b\n日期: x", "a.md：日期写成2022-01-10的样式，不能是“x”。"),
        ("标题: a\n作者: b\n期: 1", "a.md：文件头只写标题、作者、日期、结论，没有“期”。是否应为“日期”？"),
        ("标题: a12\n作者: b\n日期: x", "a.md：标题不写数字和花括号，请去掉“12”。"),
    ],
)
def test_the_front_matter_of_a_remark(front, sentence):
    assert _said(lambda: remark_rules.front("a.md", front)) == sentence


def test_a_list_of_actions_with_too_many_cells():
    content = f"{','.join(HEADINGS)}\n{',' * len(HEADINGS)}x\n".encode()
    known = regions.read(paths.reference() / "regions.csv")
    assert (
        _said(lambda: read_actions(content, "actions.csv", known)) == "actions.csv第2行的单元格多于栏数。含逗号的文字请加引号。"
    )


def test_a_folder_that_holds_something_else(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/a.txt").touch()
    sentence = "full已存在，但不是快照。请指定尚不存在的文件夹，或已有快照的文件夹。"
    assert _said(lambda: writer.check_place(tmp_path / "full")) == sentence


def _said(call):
    """What is said of a call; empty when nothing is wrong."""
    try:
        call()
    except BriefError as error:
        return str(error)
    return ""
