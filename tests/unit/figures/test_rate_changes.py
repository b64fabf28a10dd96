"""The change of a rate is structure and level, over parts with enough cases, and both add up to it as printed."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city_briefs.analysis.compute.aggregate import Amount
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import rate_changes
from city_briefs.analysis.figures.figure import Refusal
from city_briefs.analysis.figures.parts import Part
from city_briefs.analysis.figures.rate_changes import sentence, with_enough_cases
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.statistics import components
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period
from city_briefs.metrics.consumer_rights import settlement_rate
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.intellectual_property import trademarks_per_10k_entities
from city_briefs.metrics.market_order import cases_per_10k_entities, cases_total, fine_per_case
from city_briefs.model.tables import COMPLAINTS, RETURNS, SPOT_CHECKS
from tests.conftest import THREE_CITIES, covered

CITIES = ["9100", "9200", "9300"]
Halves = tuple[int, int]


def scope(snapshot, metric, region="Ashford", year=2021):
    return Scope.of(Results(snapshot, [metric]), snapshot.regions.find(region), Period(year))


def returned(world, of, indicators=("food_batches_passed", "food_batches"), span="month"):
    """A snapshot of what regions returned: per region, both halves of a rate in 2020 and 2021."""
    given = [
        {"region": region, "month": f"{year}-12", "indicator": indicator, "numerator": str(number), "span": span}
        for region, years in of.items()
        for year, halves in zip((2020, 2021), years, strict=True)
        for indicator, number in zip(indicators, halves, strict=True)
    ]
    return world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, of, [2020, 2021]), returns=given)


def checks(world, of, **elsewhere):
    """A snapshot of spot checks in Ashford: per year and category, how many passed of how many; and of other regions by their code."""
    by_region = {"9100": of} | {code.removeprefix("r"): years for code, years in elsewhere.items()}
    given = [
        {"batch_id": f"{region}{year}{category}{number}", "region": region, "domain": "food", "category": category,
         "sampled_on": f"{year}-05-01", "passed": str(number < passed)}
        for region, years in by_region.items()
        for year, categories in years.items()
        for category, (passed, batches) in categories.items()
        for number in range(batches)
    ]  # fmt: skip
    return world.snapshot(regions=THREE_CITIES, coverage=covered(SPOT_CHECKS, CITIES, list(of)), spot_checks=given)


def refusal(scope, metric, by):
    with pytest.raises(Refusal) as refused:
        rate_changes.split(scope, metric, by)
    return str(refused.value)


KITAGAWA = {"9100": ((58800, 60000), (39400, 40000)), "9200": ((36000, 40000), (54600, 60000)), "9300": ((0, 0), (0, 0))}


def test_a_fall_is_made_of_structure_and_a_level_that_rose(world):
    province = scope(returned(world, KITAGAWA), food_pass_rate, "Norland")
    split = rate_changes.split(province, food_pass_rate, "region")
    assert [f"{number}" for number in (split.base, split.now, split.change, split.structure, split.level)] == [
        "94.80", "94.00", "-0.80", "-1.55", "0.75",
    ]  # fmt: skip
    assert sentence(split) == (
        "2021年，Norland食品监督抽检合格率同比下降0.80个百分点，其中地区结构变化拉低1.55个百分点，各地区比率本身拉高0.75个百分点。"
    )
    assert [(part.part.name, f"{part.base_share}", f"{part.share}") for part in split.parts] == [
        ("Birchwood", "40.0", "60.0"), ("Ashford", "60.0", "40.0"),
    ]  # fmt: skip


def test_a_rate_short_of_a_hundred_is_printed_below_it_and_all_adds_up(world):
    of = {"9100": ((49_000, 50_000), (49_999, 50_000)), "9200": ((49_003, 50_000), (49_997, 50_000)), "9300": ((0, 0), (0, 0))}
    split = rate_changes.split(scope(returned(world, of), food_pass_rate, "Norland"), food_pass_rate, "region")
    assert (f"{split.base}", f"{split.now}", f"{split.change}", f"{split.structure + split.level}") == (
        "98.00",
        "99.99",
        "1.99",
        "1.99",
    )
    assert sum(part.printed_level for part in split.parts) == split.level


YEARS = {
    2020: {"肉": (380, 400), "菜": (180, 200), "糖": (25, 25), "茶": (20, 20), "其他": (31, 31)},
    2021: {"肉": (190, 200), "菜": (320, 400), "糖": (29, 40), "茶": (20, 20), "酒": (5, 5)},
}


def test_parts_of_few_cases_are_pooled_and_all_add_up(world):
    """糖 has 25 the year before, 茶 20 in both, 酒 none, and 其他 none now: together they are 76 and 65."""
    split = rate_changes.split(scope(checks(world, YEARS), food_pass_rate), food_pass_rate, "category")
    assert [(part.part.name, part.part.now.denominator, part.part.base.denominator) for part in split.parts] == [
        ("菜", 400, 200), ("肉", 200, 400), ("其他", 65, 76),
    ]  # fmt: skip
    assert sum(part.printed_structure for part in split.parts) == split.structure
    assert sum(part.printed_level for part in split.parts) == split.level
    assert split.structure + split.level == split.change == split.now - split.base == split.figure.printed
    assert sum(part.structure + part.level for part in split.parts) == pytest.approx(split.figure.value)


def test_the_split_of_the_province_stands_beside_that_of_a_city(world):
    ashford = {2020: {"肉": (380, 400), "菜": (180, 200)}, 2021: {"肉": (180, 200), "菜": (320, 400)}}
    birchwood = {2020: {"肉": (400, 400), "菜": (400, 400)}, 2021: {"肉": (400, 400), "菜": (380, 400)}}
    snapshot = checks(world, ashford, r9200=birchwood)
    split = rate_changes.split(scope(snapshot, food_pass_rate), food_pass_rate, "category")
    province = rate_changes.split(scope(snapshot, food_pass_rate, "Norland"), food_pass_rate, "category")
    assert (split.whole, province.whole) == (province, None)
    assert sentence(split) == (
        "2021年，Ashford食品监督抽检合格率同比下降10.00个百分点，其中品类结构变化拉低2.50个百分点，各品类比率本身拉低7.50个百分点；"
        "Norland同比下降5.71个百分点，其中品类结构变化拉低0.71个百分点，各品类比率本身拉低5.00个百分点。"
    )


def test_a_province_whose_change_chance_explains_does_not_stand_beside_a_city(world):
    ashford = {2020: {"肉": (380, 400), "菜": (180, 200)}, 2021: {"肉": (180, 200), "菜": (320, 400)}}
    birchwood = {2020: {"肉": (180, 200), "菜": (320, 400)}, 2021: {"肉": (380, 400), "菜": (180, 200)}}
    snapshot = checks(world, ashford, r9200=birchwood)
    split = rate_changes.split(scope(snapshot, food_pass_rate), food_pass_rate, "category")
    assert split.whole is None and sentence(split).count("同比") == 1


def part(word, now, base):
    return Part(word, word, Amount(Decimal(0), Decimal(now)), Amount(Decimal(0), Decimal(base)))


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"a": (30, 30), "b": (90, 90)}, ["a", "b"]),
        ({"a": (29, 500), "b": (90, 90), "c": (50, 50)}, ["b", "其他"]),  # 29 alone would be few: c comes to it
        ({"a": (29, 500), "d": (1, 0), "b": (90, 90), "c": (50, 50)}, ["c", "b", "其他"]),  # 30 are not
        ({"a": (3, 0), "b": (90, 90)}, ["其他"]),
        ({"其他": (70, 70), "b": (90, 90)}, ["b", "其他"]),
        ({"a": (0, 0), "b": (90, 90)}, ["b"]),
    ],
)
def test_what_is_pooled_has_enough_cases_in_both_years(given, left):
    assert [one.word for one in with_enough_cases([part(word, *cases) for word, cases in given.items()])] == left


def test_a_change_that_chance_explains_is_not_split(world):
    same = {2020: {"肉": (395, 402), "菜": (98, 100)}, 2021: {"肉": (404, 420), "菜": (98, 100)}}
    assert refusal(scope(checks(world, same), food_pass_rate), food_pass_rate, "category") == (
        "同比由98.21%变为96.54%，差异未超出随机波动，不作结构和水平分解"
    )


def test_what_is_no_rate_of_two_sums_is_not_split(world):
    city = scope(checks(world, YEARS), food_pass_rate)
    assert refusal(city, cases_total, "field") == "期间累计数不是比率，不作结构和水平分解"
    assert refusal(city, fine_per_case, "field") == "本期未报送（没有案均罚没款的数据）"
    with pytest.raises(UsageError) as refused:
        rate_changes.split(city, cases_per_10k_entities, "field")
    assert str(refused.value) == "cases_per_10k_entities cannot be taken apart by 'field'. It can by region."
    given = {"region": "9100", "indicator": "food_pass_rate", "span": "month", "denominator": "100"}
    rates = [
        given | {"month": f"{year}-{month:02}", "numerator": rate}
        for year, rate in ((2020, "98"), (2021, "90"))
        for month in range(1, 13)
    ]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, ["9100"], [2020, 2021]), returns=rates)
    assert refusal(scope(snapshot, food_pass_rate), food_pass_rate, "category") == "比率没有分子分母可分，不作结构和水平分解"


def test_one_part_is_no_structure(world):
    one = {2020: {"肉": (380, 400), "菜": (5, 5)}, 2021: {"肉": (300, 400), "菜": (5, 5)}}
    assert refusal(scope(checks(world, one), food_pass_rate), food_pass_rate, "category") == (
        "按品类分，两年均不少于30的不足两项，不作结构和水平分解"
    )


def test_a_small_year_is_refused_as_its_change_is(world):
    few = {2020: {"肉": (20, 20), "菜": (5, 5)}, 2021: {"肉": (300, 400), "菜": (5, 50)}}
    assert refusal(scope(checks(world, few), food_pass_rate), food_pass_rate, "category") == (
        "上年同期为100.00%，基数过小，不作百分比比较"
    )


def settled(world):
    """Complaints of two cities: in 2020 half of them were settled soon, and most of the others a year later."""
    given = [
        {"complaint_id": f"{region}{year}{closed}{number}", "region": region, "kind": "complaint", "accepted": "True", "category": "食品",
         "settled": str(closed is not None), "received_on": f"{year}-05-01", "closed_on": closed}
        for region, year, closed, count in (
            ("9100", 2020, "2020-06-01", 200), ("9100", 2020, "2021-06-01", 190), ("9100", 2020, None, 10),
            ("9100", 2021, "2021-06-01", 380), ("9100", 2021, None, 20),
            ("9200", 2020, "2020-06-01", 300), ("9200", 2020, None, 100), ("9200", 2021, "2021-06-01", 90), ("9200", 2021, None, 10),
        )
        for number in range(count)
    ]  # fmt: skip
    return world.snapshot(regions=THREE_CITIES, coverage=covered(COMPLAINTS, CITIES, [2020, 2021]), complaints=given)


def test_a_rate_of_outcomes_that_come_later_is_split_at_equal_maturity(world):
    province = scope(settled(world), settlement_rate, "Norland")
    split = rate_changes.split(province, settlement_rate, "region")
    assert (f"{split.base}", f"{split.now}", f"{split.change}") == ("62.50", "94.00", "31.50")  # the base as it was known in 2020
    assert {part.part.name: f"{part.base_rate}" for part in split.parts} == {"Ashford": "50.0", "Birchwood": "75.00"}
    assert refusal(province, settlement_rate, "category") == "分项没有按办结日期的历史，不作同期比较"


def test_a_region_of_which_too_much_is_pending_is_no_part(world):
    of = [("9100", "2020-06-01", 2020, 300), ("9100", None, 2020, 100), ("9100", "2021-06-01", 2021, 790), ("9100", None, 2021, 10),
          ("9200", "2020-06-01", 2020, 50), ("9200", "2021-06-01", 2021, 75), ("9200", None, 2021, 25)]  # fmt: skip
    given = [
        {"complaint_id": f"{region}{year}{closed}{number}", "region": region, "kind": "complaint", "accepted": "True",
         "settled": str(closed is not None), "received_on": f"{year}-05-01", "closed_on": closed}
        for region, closed, year, count in of
        for number in range(count)
    ]  # fmt: skip
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(COMPLAINTS, CITIES, [2020, 2021]), complaints=given)
    assert refusal(scope(snapshot, settlement_rate, "Norland"), settlement_rate, "region") == (
        "Birchwood尚未办结的占25.0%，不作同期比较"
    )


def test_a_rate_in_another_unit_than_percent_is_split_in_it(world):
    of = {"9100": ((900, 10_000), (1200, 20_000)), "9200": ((300, 10_000), (300, 10_000)), "9300": ((0, 0), (0, 0))}
    snapshot = returned(world, of, ("trademarks_valid", "entity_stock"), "as_of")
    split = rate_changes.split(scope(snapshot, trademarks_per_10k_entities, "Norland"), trademarks_per_10k_entities, "region")
    assert sentence(split) == (
        "截至2021年12月末，Norland每万户市场主体商标拥有量同比下降100.00件/万户，其中地区结构变化拉高75.00件/万户，"
        "各地区比率本身拉低175.00件/万户。"
    )


halves = st.integers(30, 10**5).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@settings(max_examples=300)
@given(st.lists(st.tuples(halves, halves), min_size=2, max_size=12))
def test_random_rates_are_split_without_remainder(of):
    columns = zip(*((*now, *base) for now, base in of), strict=True)
    parts, wholes, base_parts, base_wholes = map(list, columns)
    total = components.rate_change(parts, wholes, base_parts, base_wholes)
    change = sum(parts) / sum(wholes) - sum(base_parts) / sum(base_wholes)
    assert total.structure + total.level == pytest.approx(change, abs=1e-12)
    groups = components.rate_changes(parts, wholes, base_parts, base_wholes)
    weights = [[whole / sum(of_year) for whole in of_year] for of_year in (wholes, base_wholes)]
    means = [
        (part / whole + base / base_whole) / 2
        for part, whole, base, base_whole in zip(parts, wholes, base_parts, base_wholes, strict=True)
    ]
    kitagawa = sum((now - base) * mean for now, base, mean in zip(*weights, means, strict=True))
    assert sum(group.structure for group in groups) == pytest.approx(kitagawa, abs=1e-12)


def test_the_command_gives_what_each_part_adds_to_both_terms(world, briefs):
    snapshot = checks(world, YEARS)
    asked = (
        "value",
        "food_pass_rate",
        "--year",
        "2021",
        "--data",
        snapshot.path,
        "--city",
        "Ashford",
        "--by",
        "category",
        "--json",
    )
    terms = {view: json.loads(briefs(*asked, "--view", view)[1]) for view in ("structure", "level")}
    assert [one["part"] for one in terms["structure"]] == [one["part"] for one in terms["level"]] == ["菜", "肉", "其他"]
    assert {one["unit"] for one in terms["level"]} == {"个百分点"}
    change = json.loads(briefs(*asked[:-3], "--json", "--view", "change_pp")[1])
    assert sum(one["value"] for term in terms.values() for one in term) == pytest.approx(change["value"])
    assert [one["text"] for one in terms["level"]] == ["拉低4.48个百分点", "基本没有影响", "拉低1.78个百分点"]
    assert briefs(*asked[:-3], "--view", "level") == (
        2, "", "The view level is of parts. Name a column with --by: category, region.\n",
    )  # fmt: skip
