"""What `explain` shows is what the packs say: the same number, and a query and records that make it."""

from decimal import Decimal

import duckdb
import ibis.expr.operations as ops
import pytest

from city_briefs import notebook
from city_briefs.analysis.compute.count_records import read
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.explain import explanation
from city_briefs.analysis.explain.evidence import evidence
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common import read_log
from city_briefs.common.errors import UsageError
from city_briefs.common.paths import RESULTS_VARIABLE
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import COLD_CHAIN, COMPLAINTS, RETURNS
from tests.conftest import covered, rows
from tests.helpers.size import one_of_each

ASKED = [("兰州市", Period(2021)), ("甘肃省", Period(2021, 7)), ("金昌市", Period(2019, 3))]
METRICS = list(CATALOGUE.values())
LEAVES = [metric for metric in METRICS if not metric.is_pair]
SOME = one_of_each(METRICS, lambda metric: (metric.form, metric.tables))
SOME_LEAVES = one_of_each(LEAVES, lambda metric: (metric.form, metric.tables))


@pytest.fixture(scope="module")
def results(demo_results):
    return demo_results


@pytest.fixture(scope="module")
def plain(demo_province):
    """DuckDB by itself, over the files of the snapshot."""
    with duckdb.connect() as connection:
        for file in demo_province.path.glob("*.parquet"):
            connection.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
        yield connection


@pytest.mark.parametrize("metric", SOME, ids=lambda metric: metric.id)
def test_the_number_explained_is_the_number_that_a_pack_states(results, metric):
    scope = Scope.of(results, results.regions.find("兰州市"), Period(2021))
    shown = explanation(scope, metric)
    stated = look(scope, metric, "parameter" if metric.form == "cited" else "value")
    assert shown.value == stated.value
    assert shown.title == f"兰州市2021年{metric.label}：{stated.refused or stated.text}"
    assert metric.definition.splitlines()[0] in repr(shown)


def is_count(results, metric):
    """Whether the metric counts records, and so as many are behind it."""
    if metric.form not in ("flow", "stock") or results.provenance(metric) != "records":
        return False
    return isinstance(metric.expression(read(results.snapshot, metric.rows)).op(), ops.CountStar)


@pytest.mark.parametrize("metric", SOME_LEAVES, ids=lambda metric: metric.id)
def test_the_query_gives_the_number_to_any_duckdb_and_the_records_are_as_many(results, plain, metric):
    given = 0
    for word, period in ASKED:
        region = results.regions.find(word)
        found = evidence(Scope.of(results, region, period), metric)
        stated = look(Scope.of(results, region, period), metric, "parameter" if metric.form == "cited" else "value")
        if found is None or stated.value is None:
            continue
        given += 1
        numbers = plain.execute(found.sql).fetchone()
        halves = [stated.numerator, stated.denominator][: len(numbers)]
        assert [Decimal(str(number or 0)) for number in numbers] == halves
        if is_count(results, metric):
            assert found.count == stated.value
        elif metric.form in ("flow", "stock", "maximum", "median"):
            assert results.amount(metric, region, period).records in (None, found.count)
    assert given


@pytest.fixture
def requests(world, data_variable, tmp_path, monkeypatch):
    """A snapshot of three requests, as the one that notebooks read; of one city, two months are missing."""
    monkeypatch.setenv(RESULTS_VARIABLE, str(tmp_path / "results"))
    snapshot = world.snapshot(
        coverage=[*covered(COMPLAINTS, ["620100"], [2021]), *covered(COMPLAINTS, ["620200"], [2021], through=10)],
        complaints=rows("""
            complaint_id  region  kind       category  received_on  accepted  settled
            1             620100  complaint  <b>价格   2021-03-01   True      True
            2             620100  complaint  食品      2021-07-02   True      False
            3             620100  enquiry    食品      2021-03-03   -         -
        """),
    )
    data_variable(snapshot.path)
    return snapshot


def section(shown, title):
    [found] = [one for one in shown.sections if one.title == title]
    return found


def test_a_ratio_shows_both_halves_each_with_its_records(requests):
    shown = notebook.explain(notebook.settlement_rate, "兰州", 2021)
    assert section(shown, "数值").facts == (
        ("印出", "50.0%"),
        ("区间", "50.0%（9.5%—90.5%）"),
        ("未舍入", "50%"),
        ("分子", "1件"),
        ("分母", "2件"),
        ("注", "另有100.0%尚未办结"),
    )
    assert [row[0] for row in section(shown, "分子“和解消费投诉”记录").rows] == ["1"]
    assert [row[0] for row in section(shown, "分母“受理消费投诉”记录").rows] == ["1", "2"]
    assert section(notebook.explain(notebook.complaints_received, "兰州", 2021, through=3), "记录").facts == (("条数", "2条"),)


def test_free_words_of_records_of_persons_are_not_listed(requests):
    shown = notebook.explain(notebook.complaints_received, "兰州", 2021)
    listed = section(shown, "记录")
    assert [head.split("\n")[-1] for head in listed.header] == [
        "complaint_id",
        "region",
        "kind",
        "received_on",
        "accepted",
        "settled",
    ]
    assert listed.rows[1] == ("3", "620100 兰州市", "咨询", "2021-03-03", "", "")
    assert listed.note == "为保护个人信息，不列出品类"
    assert "价格" not in repr(shown) + shown._repr_html_()


def test_what_was_not_reported_is_said_with_the_refusal_and_the_records_there_are(requests):
    shown = notebook.explain(notebook.complaints_received, "嘉峪关", 2021)
    assert shown.value is None
    assert section(shown, "数值").facts == (("不给出", "本期数据不全（2021年11—12月未报送）"),)
    assert section(shown, "报送范围").rows == (("12315平台接收群众诉求", "嘉峪关市", "2021年1—10月", "2021年11—12月"),)
    assert ("同比增减（yoy）", "不可", "本期数据不全（2021年11—12月未报送）") in section(shown, "能说什么").rows


def test_a_metric_without_data_says_so(requests):
    for metric, places in (
        (notebook.new_entities, "市场主体登记库、各地上报汇总数"),
        (notebook.trusted_consumer_units, "各地上报汇总数"),
    ):
        shown = notebook.explain(metric, "兰州", 2021)
        assert shown.value is None
        assert section(shown, "记录").facts == (("没有数据", f"本快照的{places}中没有该指标的数据"),)
    assert section(notebook.explain(notebook.entity_density, "甘肃省", 2021), "分母“常住人口”记录").facts[0][0] == "没有数据"


def test_a_page_shows_every_cell_as_text(world):
    snapshot = world.snapshot(
        coverage=covered(COLD_CHAIN, ["620100"], [2021]),
        cold_chain=rows("""
            movement_id  region  hub             direction  moved_on    tonnes
            1            620100  <script>x</script>  in     2021-03-01  2.5
        """),
    )
    shown = explanation(
        Scope.of(Results(snapshot, METRICS), snapshot.regions.find("兰州"), Period(2021)), CATALOGUE["coldchain_in"]
    )
    assert "<script>x</script>" in repr(shown)
    assert "&lt;script&gt;x&lt;/script&gt;" in shown._repr_html_() and "<script" not in shown._repr_html_()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ((notebook.new_entities, "兰洲", 2021), "There is no city '兰洲'. Did you mean 兰州市 (620100)?"),
        (
            ("new_entitys", "兰州", 2021),
            "explain takes a metric as its metric, not the text 'new_entitys'. Did you mean new_entities?",
        ),
        (
            (notebook.new_entities, "兰州", "2021"),
            "explain takes a whole number as its year, not the text '2021'. Write it as in explain(new_entities, \"兰州市\", 2021).",
        ),
        ((notebook.new_entities, "兰州", 2021, 13), "There is no month '13'. The cut-off month is a number from 1 to 12."),
    ],
)
def test_a_mistake_is_a_sentence(requests, asked, message):
    with pytest.raises(UsageError) as error:
        notebook.explain(*asked)
    assert str(error.value) == message


def test_a_chapter_of_a_build_shows_no_records(requests, monkeypatch, tmp_path):
    monkeypatch.setenv(read_log.VARIABLE, str(tmp_path / "reads"))
    with pytest.raises(UsageError) as error:
        notebook.explain(notebook.new_entities, "兰州", 2021)
    assert str(error.value) == "explain shows records, which do not go into a pack. Take it out of the chapter."


def test_a_comparison_shows_interval_verdict_test_and_the_reason_of_what_is_refused(world, data_variable):
    snapshot = world.snapshot(
        coverage=covered(RETURNS, ["620300"], [2020, 2021]),
        returns=rows("""
            region  month    indicator       numerator  denominator  span
            620300  2020-01  food_pass_rate  395        402          month
            620300  2021-01  food_pass_rate  404        420          month
            620300  2020-01  new_entities    300        -            month
            620300  2021-01  new_entities    390        -            month
            620300  2020-01  fines_total     300        -            month
            620300  2021-01  fines_total     390        -            month
        """),
    )
    data_variable(snapshot.path)
    shown = notebook.explain(notebook.food_pass_rate, "金昌", 2021, through=1)
    assert ("区间", "96.19%（93.90%—97.64%）") in section(shown, "数值").facts
    *compared, place, maturity, until = section(shown, "比较和成熟度").facts
    assert compared == [
        ("比上年同期增减", "由98.26%变为96.19%，差异未超出随机波动"),
        ("增减区间", "−4.53至0.25个百分点"),
        ("判定", "未超出随机波动"),
        ("检验", "两个比例，z=−1.80"),
        ("离散系数", "离散系数未估计，按1计"),
    ]
    assert place[1].startswith("不给出：部分地区数据不全，不排位次（兰州市、嘉峪关市、")
    assert (maturity, until) == (("成熟度", "无待办结果"), ("数据截至", "2021年1月31日"))
    counted = section(notebook.explain(notebook.new_entities, "金昌", 2021, through=1), "比较和成熟度").facts
    assert counted[:5] == (
        ("同比增减", "增长30.0%"),
        ("判定", "高于上年同期，超出随机波动"),
        ("检验", "两个计数，z=3.43"),
        ("离散系数", "离散系数未估计，按1计"),
        ("位次", "不给出：数量指标受规模影响，不排位次"),
    )
    untested = section(notebook.explain(notebook.fines_total, "金昌", 2021, through=1), "比较和成熟度").facts
    assert ("判定", "金额和重量不作检验") in untested


def test_a_growth_has_a_sentence_for_each_dimension(results):
    of_city = explanation(Scope.of(results, results.regions.find("兰州市"), Period(2021)), CATALOGUE["new_entities"])
    shown = dict(section(of_city, "增长的拉动").facts)
    assert list(shown) == ["按类别（kind）", "按行业门类（industry）"]  # the city has no counties
    assert all(words.endswith("变化未超出随机波动，各项拉动只作参考。") for words in shown.values())
    of_province = explanation(Scope.of(results, results.regions.province, Period(2021)), CATALOGUE["settlement_rate"])
    assert list(dict(section(of_province, "变动的结构和水平").facts)) == ["按品类（category）", "按地区（region）"]
    assert dict(section(of_province, "变动的结构和水平").facts)["按品类（category）"].startswith("不给出：")
    median = explanation(Scope.of(results, results.regions.province, Period(2021)), CATALOGUE["median_days_to_close"])
    assert not [one for one in median.sections if one.title in ("增长的拉动", "变动的结构和水平")]


def test_a_pending_outcome_shows_the_last_day_the_open_share_and_the_base_as_it_was_known(world, data_variable):
    """Of 40 complaints of each January 30 were settled by the end of 2021-02; of the year before 36, six of them later."""
    closed = {2020: ["2020-02-10"] * 30 + ["2020-05-10"] * 6 + [None] * 4, 2021: ["2021-02-10"] * 34 + [None] * 6}
    snapshot = world.snapshot(
        coverage=[*covered(COMPLAINTS, ["620100"], [2020]), *covered(COMPLAINTS, ["620100"], [2021], through=2)],
        complaints=[
            {
                "complaint_id": f"{year}{number}", "region": "620100", "kind": "complaint", "received_on": f"{year}-01-05",
                "accepted": "True", "settled": "True" if day else None, "closed_on": day,
            }
            for year, days in closed.items()
            for number, day in enumerate(days)
        ],
    )  # fmt: skip
    data_variable(snapshot.path)
    shown = notebook.explain(notebook.settlement_rate, "兰州", 2021, through=1)
    facts = dict(section(shown, "比较和成熟度").facts)
    assert facts.pop("位次").startswith("不给出：部分地区数据不全，不排位次")
    assert facts == {
        "比上年同期增减": "由75.0%变为85.0%，差异未超出随机波动",
        "增减区间": "−7.7至27.1个百分点",
        "判定": "未超出随机波动",
        "检验": "两个比例，z=1.12",
        "离散系数": "离散系数未估计，按1计",
        "成熟度": "结果另有日期（办结日期，closed_on），两年按同一时滞比较",
        "数据截至": "2021年2月28日",
        "尚未办结": "15.0%",
        "上年同一天已知的上年同期": "30/40",
    }


def test_targets_and_lights_say_what_they_take_and_a_pending_rate_its_projection(results):
    scope = Scope.of(results, results.regions.find("兰州市"), Period(2022, 9))
    [target] = [part for part in explanation(scope, CATALOGUE["new_entities"]).sections if part.title == "目标"]
    assert target.header[3:6] == ("应达进度", "判断", "怎样达标")
    assert [row[3:6] for row in target.rows] == [("按近三年进度", "正常", "还差110户")]
    [light] = [part for part in explanation(scope, CATALOGUE["overdue_share"]).sections if part.title == "黄灯"]
    assert light.rows == (
        ("特种设备超期未检", "截至2022年9月末", "再检验15台超期设备，比率可降至0.8%以下", "特种设备安全监察处"),
    )
    [guards] = [part for part in explanation(scope, CATALOGUE["settlement_rate"]).sections if part.title == "能说什么"]
    assert ("全部办结后的预计数（projection）", "不可", "没有尚未办结的，不作预计") in guards.rows


def test_an_explanation_has_the_months_of_a_metric_that_has_any(results):
    scope = Scope.of(results, results.regions.find("兰州市"), Period(2021, 3))
    of_flow, of_people = (explanation(scope, CATALOGUE.find(name)) for name in ("complaints_received", "population"))
    [months] = [section for section in of_flow.sections if section.title == "逐月走势"]
    assert months.header == ("月份", "2021年", "2020年同月", "平常水平", "正常波动范围", "判断")
    assert [row[0] for row in months.rows] == ["1月", "2月", "1—2月合计", "3月"]
    assert months.note
    assert "逐月走势" not in [section.title for section in of_people.sections]
