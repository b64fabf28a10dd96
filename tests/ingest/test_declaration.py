"""Every mistake in `sources.toml` is one sentence that says where it is."""

import pytest

from city_briefs.analysis.ingest import sources_toml
from city_briefs.analysis.ingest.source import ColumnMapping
from city_briefs.common.errors import DataError
from city_briefs.model.tables import TABLES

SHAPE = """
label = "甘肃省市场监管局2021年报送"
ignore = ["old/*.csv"]

[[source]]
file = "gansu-registrations-1980-2019.csv"
table = "entities"
period = "1980-01/2019-04"
[source.columns]
entity_id = "#"
region = { from = "地区", values = { "N/A" = "629999" } }
registered_on = "注册日期"
kind = { from = "企业类型", values = { "个体工商户*" = "self_employed", "*" = "enterprise" } }

[[source]]
url = "postgresql://db/bureau"
table = "cases"
query = "select * from closed"
drop = ["联系人", "联系电话"]
reporting = ["兰州"]
columns = { fine_yuan = { from = "罚款", unit = "万元" }, field = { constant = "food" } }
"""


def read(folder, text):
    file = folder / "sources.toml"
    file.write_text(text, "utf-8")
    return sources_toml.read(file)


def test_the_whole_shape(tmp_path):
    said = read(tmp_path, SHAPE)
    first, second = said.sources.values()
    assert (said.label, said.ignore) == ("甘肃省市场监管局2021年报送", ("old/*.csv",))
    assert (first.location, first.table, first.period, second.drop) == (
        "gansu-registrations-1980-2019.csv", "entities", ("1980-01", "2019-04"), ["联系人", "联系电话"],
    )  # fmt: skip
    mappings = first.column_mappings(TABLES["entities"], "")
    assert mappings["entity_id"] == ColumnMapping(constant="#")
    assert mappings["region"].values == {"N/A": "629999"}
    assert list(mappings["kind"].values) == ["个体工商户*", "*"]
    assert second.column_mappings(TABLES["cases"], "") == {
        "fine_yuan": ColumnMapping("罚款", unit="万元"),
        "field": ColumnMapping(constant="food"),
    }


@pytest.mark.parametrize(
    ("said", "period"),
    [("2021", ("2021-01", "2021-12")), ("2021-03", ("2021-03", "2021-03")), ("2020/2021", ("2020-01", "2021-12")),
     ("2021-01/2021-11", ("2021-01", "2021-11"))],
)  # fmt: skip
def test_periods(tmp_path, said, period):
    assert read(tmp_path, f'[[source]]\nfile = "a.csv"\nperiod = "{said}"').sources[1].period == period


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('tabel = "cases"', "sources.toml, source 1 (a.csv): there is no key 'tabel'. Did you mean table?"),
        ('table = "case"', "sources.toml, source 1 (a.csv): table is 'case', and there is no such table. Did you mean cases?"),
        ('table = "coverage"', "sources.toml, source 1 (a.csv): table is 'coverage', which is made of the other tables. Leave it out."),
        ('url = "$DB"', "sources.toml, source 1 (a.csv): it has either file or url."),
        ('query = "select 1"', "sources.toml, source 1 (a.csv): it has a query, which only a url can answer."),
        ('period = "2021-13"', "sources.toml, source 1 (a.csv): period is '2021-13'. Write a year, a month or two of them: 2021, 2021-03, 2021-01/2021-11."),
        ('period = "2021/2020"', "sources.toml, source 1 (a.csv): period is '2021/2020'. It runs from its first month to its last, between 1900 and 2999."),
        ("period = 2021", "sources.toml, source 1 (a.csv): period is a text in quotes such as '2021', not '2021'."),
        ("sheet = 2021", "sources.toml, source 1 (a.csv): sheet is a text in quotes, not '2021'."),
        ('drop = "电话"', "sources.toml, source 1 (a.csv): drop is a list, not '电话'."),
        ("columns = { region = {} }", "sources.toml, source 1 (a.csv): columns.region has either from, the heading it comes from, or constant."),
        ('columns = { region = { from = "a", constant = "b" } }', "sources.toml, source 1 (a.csv): columns.region has either from, the heading it comes from, or constant."),
        ('columns = { region = { form = "a" } }', "sources.toml, source 1 (a.csv), column region: there is no key 'form'. Did you mean from?"),
        ("columns = { region = 5 }", "sources.toml, source 1 (a.csv): columns.region is a table, not '5'."),
        ('columns = { region = { constant = "兰州", unit = "元" } }', "sources.toml, source 1 (a.csv): columns.region is a constant, which has neither values nor unit."),
    ],
)  # fmt: skip
def test_mistakes(tmp_path, line, sentence):
    said = read(tmp_path, f'[[source]]\nfile = "a.csv"\n{line}')
    assert (said.mistakes, said.sources, said.faulty_files) == ((sentence,), {}, ("a.csv",))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('tabel = "cases"', "sources.toml第1个来源（a.csv）：没有“tabel”这一项。是否应为“table”？"),
        ('xxxxxxxx = "cases"', "sources.toml第1个来源（a.csv）：没有“xxxxxxxx”这一项。各项为file、url、table、sheet、query、period、reporting、label、drop、columns。"),
        ('table = "case"', "sources.toml第1个来源（a.csv）：table写作“case”，没有这张表。是否应为“cases”？"),
        ('url = "$DB"', "sources.toml第1个来源（a.csv）：应写file或url，二者取一。"),
        ('period = "2021-13"', "sources.toml第1个来源（a.csv）：period写作“2021-13”，应为年、月或起止：2021，2021-03，2021-01/2021-11。"),
        ("period = 2021", "sources.toml第1个来源（a.csv）：period应为带引号的文字，如'2021'，不能是“2021”。"),
        ('drop = "电话"', "sources.toml第1个来源（a.csv）：drop应为列表，不能是“电话”。"),
        ('columns = { region = { form = "a" } }', "sources.toml第1个来源（a.csv）的region栏：没有“form”这一项。是否应为“from”？"),
        ("columns = { region = {} }", "sources.toml第1个来源（a.csv）：columns.region应写from（来源表头）或constant（定值），二者取一。"),
    ],
)  # fmt: skip
def test_mistakes_in_chinese(tmp_path, line, sentence, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert read(tmp_path, f'[[source]]\nfile = "a.csv"\n{line}').mistakes == (sentence,)


def test_mistakes_above_the_sources(tmp_path):
    assert read(tmp_path, 'lable = "x"').mistakes == ("sources.toml: there is no key 'lable'. Did you mean label?",)
    for text in ("[[source]", "a = " + 10_000 * "["):
        [mistake] = read(tmp_path, text).mistakes
        assert "sources.toml cannot be read: " in mistake


def test_all_mistakes_are_told_at_once_and_what_is_right_is_kept(tmp_path):
    said = read(
        tmp_path,
        """
        label = 2021
        ignore = ["old/*.csv"]
        [[source]]
        file = "a.csv"
        tabel = "cases"
        period = "2021-13"
        [[source]]
        file = "b.csv"
        period = "2021"
        [[source]]
        file = "a\\u0000.csv"
        """,
    )
    assert said.mistakes == (
        "sources.toml: label is a text in quotes, not '2021'.",
        "sources.toml, source 1 (a.csv): period is '2021-13'. Write a year, a month or two of them: 2021, 2021-03, 2021-01/2021-11.",
        "sources.toml, source 1 (a.csv): there is no key 'tabel'. Did you mean table?",
        "sources.toml, source 3 (a\0.csv): file has the character U+0000, which no name of a file has.",
    )
    assert (said.label, said.ignore, said.faulty_files) == ("", ("old/*.csv",), ("a.csv",))
    assert {number: source.file for number, source in said.sources.items()} == {2: "b.csv"}


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [('regoin = "地区"', "here: cases has no column 'regoin'. Did you mean region?"),
     ('fine_yuan = { from = "罚款", unit = "吨" }', "here: fine_yuan cannot be in the unit '吨'. It can be in 元, 十元, 百元, 千元, 万元, 十万元."),
     ('case_id = { from = "编号", unit = "元" }', "here: case_id cannot be in the unit '元'. It is no number and has no unit.")],
)  # fmt: skip
def test_columns_and_units_that_a_table_does_not_have(tmp_path, columns, sentence):
    one = read(tmp_path, f'[[source]]\nfile = "a.csv"\n[source.columns]\n{columns}').sources[1]
    with pytest.raises(DataError) as error:
        one.column_mappings(TABLES["cases"], "here")
    assert str(error.value) == sentence


def test_an_address_may_be_in_the_environment(tmp_path, monkeypatch):
    one = read(tmp_path, '[[source]]\nurl = "$BUREAU"\ntable = "cases"').sources[1]
    monkeypatch.delenv("BUREAU", raising=False)
    with pytest.raises(DataError) as error:
        one.location  # noqa: B018
    assert (
        str(error.value) == "sources.toml: the variable $BUREAU is not set. It holds the address of a database, postgresql://…."
    )
    monkeypatch.setenv("BUREAU", "postgresql://db/bureau")
    assert one.location == "postgresql://db/bureau"
