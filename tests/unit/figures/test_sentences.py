"""Sentences say what is there, and what is missing."""

import pytest

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.sentences import statement
from city_briefs.common.periods import Period
from city_briefs.metrics.business_environment import enterprise_share_of_new, entity_stock, new_enterprises, new_entities
from city_briefs.model.tables import RETURNS
from tests.conftest import covered, rows


def said(snapshot, metrics, region, period):
    return statement(Scope.of(Results(snapshot, metrics), snapshot.regions.find(region), period), metrics)[0]


@pytest.mark.parametrize(
    ("metrics", "region", "period", "sentence"),
    [
        (
            [new_entities],
            "兰州",
            Period(2011),
            "2011年，全市新设立市场主体3453户，占全省的39.1%，同比由3537户变为3453户，变化未超出随机波动，增速与全省差异未超出随机波动。",
        ),
        (
            [new_entities, new_enterprises],
            "甘肃省",
            Period(2011),
            "2011年，全省新设立市场主体8822户，同比由8617户变为8822户，变化未超出随机波动；新设企业8755户，同比由8549户变为8755户，变化未超出随机波动。",
        ),
        (
            [new_entities],
            "甘南",
            Period(2013),
            "2013年，全州新设立市场主体888户，占全省的7.8%，上年同期数据不全，不作比较。",
        ),
        ([new_entities], "兰州", Period(2019), "2019年，全市新设立市场主体本期数据不全（2019年5—12月未报送）。"),
        (
            [entity_stock],
            "兰州",
            Period(2011, 6),
            "截至2011年6月末，全市实有市场主体本期未报送。",
        ),
        (
            [new_entities, entity_stock],
            "甘肃省",
            Period(2011),
            "2011年，全省新设立市场主体8822户，同比由8617户变为8822户，变化未超出随机波动；截至2011年12月末，全省实有市场主体本期未报送。",
        ),
        (
            [enterprise_share_of_new],
            "天水",
            Period(2011),
            "2011年，全市新设主体中企业占比98.5%，居全省第11位（可能在第3—14位），同比由99.0%变为98.5%，差异未超出随机波动，比全省低0.7个百分点。",
        ),
    ],
)
def test_a_statement(real, metrics, region, period, sentence):
    assert said(real, metrics, region, period) == sentence


def test_a_small_base_gives_counts_and_no_percentage(world):
    cities = [f"62{number:02}00" for number in range(1, 13)] + ["622900", "623000"]
    snapshot = world.snapshot(
        coverage=covered(RETURNS, cities, [2020, 2021]),
        returns=rows("""
            region  month    indicator     numerator  span
            620300  2020-01  new_entities  12         month
            620300  2021-01  new_entities  9          month
            620400  2021-01  new_entities  1          month
        """),
    )
    assert said(snapshot, [new_entities], "金昌", Period(2021)) == (
        "2021年，全市新设立市场主体9户，占全省的90.0%，上年同期12户。"
    )


def test_what_is_nothing_as_the_year_before_is_said_once(world):
    cities = [f"62{number:02}00" for number in range(1, 13)] + ["622900", "623000"]
    snapshot = world.snapshot(
        coverage=covered(RETURNS, cities, [2020, 2021]),
        returns=rows("""
            region  month    indicator         numerator  span
            620100  2020-01  new_entities      40         month
            620100  2021-01  new_entities      50         month
            620100  2020-01  new_enterprises   0          month
            620100  2021-01  new_enterprises   3          month
            620400  2020-01  new_entities      0          month
            620400  2021-01  new_entities      0          month
            620400  2021-01  new_enterprises   0          month
        """),
    )
    metrics = [new_entities, new_enterprises, entity_stock]
    assert said(snapshot, metrics, "金昌", Period(2021)) == (
        "2021年，全市新设立市场主体、新设企业均为零，上年同期也为零；截至2021年12月末，全市实有市场主体本期未报送。"
    )
    assert said(snapshot, metrics[:2], "兰州", Period(2021)) == (
        "2021年，全市新设立市场主体50户，占全省的100.0%，同比由40户变为50户，变化未超出随机波动，"
        "全省由40户变为50户，变化未超出随机波动；新设企业3户，占全省的100.0%，上年同期为零，不作比较。"
    )
    refused = [
        figure.refused
        for figure in statement(Scope.of(Results(snapshot, metrics), snapshot.regions.find("金昌"), Period(2021)), metrics[:2])[1]
    ]
    assert refused == [None, "上年同期为零，不作比较"] * 2


def test_the_reason_of_a_rate_without_a_whole_names_it_once(world):
    cities = [f"62{number:02}00" for number in range(1, 13)] + ["622900", "623000"]
    returns = rows("""
        region  month    indicator         numerator  span
        620100  2021-01  new_entities      50         month
        620100  2021-01  new_enterprises   3          month
    """)
    snapshot = world.snapshot(coverage=covered(RETURNS, cities, [2020, 2021]), returns=returns)
    metrics = [enterprise_share_of_new, new_entities, new_enterprises]
    assert statement(Scope.of(Results(snapshot, metrics), snapshot.regions.find("金昌"), Period(2021)), metrics[:1])[0] == (
        "2021年，全市新设主体中企业占比的分母为零，不作计算。"
    )


def test_every_number_of_a_statement_is_among_its_figures(real):
    sentence, figures = statement(
        Scope.of(Results(real, [new_entities]), real.regions.find("兰州"), Period(2011)), [new_entities]
    )
    for figure in figures:
        assert figure.text in sentence or figure.refused or (figure.region.level == "province" and figure.view == "yoy")
