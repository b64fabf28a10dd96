"""What each part adds to a growth: it adds up as printed, beside the province too, and tells no small number of requests."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import contributions, disclosure_control
from city_briefs.analysis.figures.contributions import MOST_PARTS, sentence
from city_briefs.analysis.figures.figure import Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.analysis.statistics import components
from city_briefs.common import issued_figures, paths
from city_briefs.common.errors import UsageError
from city_briefs.common.issued_figures import IssuedFigure
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import entity_stock, net_new_entities, new_entities
from city_briefs.metrics.consumer_rights import complaints_settled, consumer_complaints, losses_recovered
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.market_order import cases_total
from city_briefs.metrics.supervision import problems_found, units_inspected
from city_briefs.model.tables import CASES, COMPLAINTS, ENTITIES, INSPECTIONS, RETURNS
from tests.conftest import THREE_CITIES, covered

CITIES = ["9100", "9200", "9300"]
COUNTIES = """code,name,short,level,parent
9000,Norland,Norland,province,
9100,Ashford,Ashford,city,9000
9101,Ashford North,North,county,9100
9102,Ashford South,South,county,9100
9200,Birchwood,Birchwood,city,9000
"""


def scope(snapshot, metric, region="Ashford", year=2021):
    return Scope.of(Results(snapshot, [metric]), snapshot.regions.find(region), Period(year))


def cases(world, of, cities=CITIES, **tables):
    """A snapshot of cases: per year and region, how many of each field."""
    given = [
        {"case_id": f"{year}-{region}-{field}-{number}", "region": region, "field": field, "closed_on": f"{year}-05-01",
         "fine_yuan": "1", "confiscated_yuan": "0"}
        for (year, region), fields in of.items()
        for field, count in fields.items()
        for number in range(count)
    ]  # fmt: skip
    years = sorted({year for year, _ in of})
    return world.snapshot(regions=THREE_CITIES, coverage=covered(CASES, cities, years), cases=given, **tables)


def returned(world, of, indicator="new_entities", regions=THREE_CITIES, span="month"):
    """A snapshot of what regions returned: per region, the numbers of 2020 and 2021; None where it reports nothing."""
    given = [
        {"region": region, "month": f"{year}-12", "indicator": indicator, "numerator": str(number), "span": span}
        for region, numbers in of.items()
        for year, number in zip((2020, 2021), numbers, strict=True)
        if number is not None
    ]
    coverage = [
        row
        for region, numbers in of.items()
        for year, number in zip((2020, 2021), numbers, strict=True)
        if number is not None
        for row in covered(RETURNS, [region], [year])
    ]
    return world.snapshot(regions=regions, coverage=coverage, returns=given)


def terms(growth):
    return [(term.part.name, f"{term.printed}") for term in growth.terms]


def refusal(scope, metric, by, **audience):
    with pytest.raises(Refusal) as refused:
        contributions.contributions(scope, metric, by, **audience)
    return str(refused.value)


@pytest.mark.parametrize(
    ("base", "now", "parts", "growth"),
    [
        ((300, 500, 200), (330, 560, 190), ["6.00", "3.00", "-1.00"], "8.00"),
        ((333, 555, 111), (350, 580, 121), ["2.51", "1.70", "1.00"], "5.21"),
    ],
)
def test_the_parts_add_up_to_the_growth_as_printed(world, base, now, parts, growth):
    fields = ("food", "price", "fees")
    snapshot = cases(
        world, {(2020, "9100"): dict(zip(fields, base, strict=True)), (2021, "9100"): dict(zip(fields, now, strict=True))}
    )
    made = contributions.contributions(scope(snapshot, cases_total), cases_total, "field")
    assert ([f"{term.printed}" for term in made.terms], f"{made.printed}") == (parts, growth)
    assert sum(term.figure.value for term in made.terms) == pytest.approx(made.growth.value)


def test_the_regions_of_a_province_add_up_to_its_growth_and_the_sentence_says_the_greatest(world):
    snapshot = returned(world, {"9100": (3000, 3300), "9200": (5000, 5600), "9300": (2000, 1900)})
    province = scope(snapshot, new_entities, "Norland")
    growth = contributions.contributions(province, new_entities, "region")
    assert terms(growth) == [("Birchwood", "6.00"), ("Ashford", "3.00"), ("Cedarton", "-1.00")]
    assert (
        sentence(growth, province)
        == "2021年，Norland新设立市场主体同比增长8.00%，其中Birchwood拉动6.00个百分点，Ashford拉动3.00个百分点，"
        "Cedarton拉低1.00个百分点。"
    )


def test_the_counties_of_a_city_add_up_to_its_growth(world):
    snapshot = returned(world, {"9101": (300, 400), "9102": (200, 300), "9200": (500, 500)}, regions=COUNTIES)
    city = scope(snapshot, new_entities)
    assert terms(contributions.contributions(city, new_entities, "region")) == [
        ("Ashford North", "20.00"),
        ("Ashford South", "20.00"),
    ]
    assert (
        refusal(scope(snapshot, new_entities, "Ashford North"), new_entities, "region") == "Ashford North没有下级地区，不按地区分"
    )


def test_a_newcomer_and_what_a_province_counts_itself_have_lines_of_their_own(world):
    snapshot = cases(
        world, {(2020, "9100"): {"food": 40}, (2021, "9100"): {"food": 60}, (2021, "9000"): {"food": 9}}, cities=[*CITIES, "9000"]
    )
    own = contributions.contributions(scope(snapshot, cases_total, "Norland"), cases_total, "region")
    assert [(term.part.name, f"{term.printed}", term.part.is_new) for term in own.terms] == [
        ("Ashford", "50.00", False), ("Norland本级", "22.50", False),
    ]  # fmt: skip
    snapshot = returned(world, {"9100": (100, 150), "9200": (100, 100), "9300": (100, 100), "9900": (None, 30)})
    new = contributions.contributions(scope(snapshot, new_entities, "Norland"), new_entities, "region")
    assert [(term.part.name, f"{term.printed}", term.part.is_new) for term in new.terms] == [
        ("Ashford", "16.67", False), ("Elsewhere", "10.00", True), ("Birchwood", "0.00", False), ("Cedarton", "0.00", False),
    ]  # fmt: skip
    assert f"{new.printed}" == "26.67"


def test_a_field_without_a_base_adds_all_that_it_has(world):
    snapshot = cases(world, {(2020, "9100"): {"food": 40, "price": 20}, (2021, "9100"): {"food": 40, "price": 10, "fees": 40}})
    growth = contributions.contributions(scope(snapshot, cases_total), cases_total, "field")
    assert terms(growth) == [("涉企收费", "66.67"), ("食品", "0.00"), ("价格", "-16.67")]


BESIDE = {
    (2020, "9100"): {"food": 200, "price": 200}, (2021, "9100"): {"food": 300, "price": 180},
    (2020, "9200"): {"food": 200, "price": 200}, (2021, "9200"): {"food": 430, "price": 200, "fees": 10},
}  # fmt: skip


def test_the_distance_from_the_province_is_made_of_the_same_parts(world):
    city = scope(cases(world, BESIDE), cases_total)
    growth = contributions.contributions(city, cases_total, "field")
    assert [(term.part.name, f"{term.printed}", f"{term.of_whole}", f"{term.beyond}") for term in growth.terms] == [
        ("食品", "25.00", "41.25", "-16.25"), ("涉企收费", "0.00", "1.25", "-1.25"), ("价格", "-5.00", "-2.50", "-2.50"),
    ]  # fmt: skip
    assert (f"{growth.printed}", f"{growth.whole.printed}", f"{growth.beyond}") == ("20.00", "40.00", "-20.00")
    assert (
        sentence(growth, city)
        == "2021年，Ashford查处各类经济违法案件同比增长20.00%，其中食品拉动25.00个百分点，价格拉低5.00个百分点；"
        "增速比Norland低20.00个百分点，其中食品少拉动16.25个百分点，价格多拉低2.50个百分点。"
    )


def test_what_chance_explains_is_not_dramatized(world):
    city = scope(
        cases(world, {(2020, "9100"): {"food": 200, "price": 100}, (2021, "9100"): {"food": 225, "price": 105}}), cases_total
    )
    growth = contributions.contributions(city, cases_total, "field")
    assert terms(growth) == [("食品", "8.33"), ("价格", "1.67")]
    assert (
        sentence(growth, city)
        == "2021年，Ashford查处各类经济违法案件同比由300起变为330起，变化未超出随机波动，各项拉动只作参考。"
    )


def test_a_distance_that_chance_explains_names_no_part(world):
    fields = {"food": 400, "price": 300}
    of = {
        (2020, "9100"): fields,
        (2021, "9100"): {"food": 500, "price": 310},
        (2020, "9200"): fields,
        (2021, "9200"): {"food": 520, "price": 300},
    }
    city = scope(cases(world, of), cases_total)
    growth = contributions.contributions(city, cases_total, "field")
    assert sentence(growth, city).endswith("其中食品拉动14.28个百分点；增速与Norland差异未超出随机波动。")


def test_no_filler_and_at_most_three(world):
    many = {"9100": (1000, 2000), "9200": (1000, 1900), "9300": (1000, 1010), "9900": (1000, 1700)}
    province = scope(returned(world, many), new_entities, "Norland")
    words = sentence(contributions.contributions(province, new_entities, "region"), province)
    assert words == (
        "2021年，Norland新设立市场主体同比增长65.25%，其中Ashford拉动25.00个百分点，Birchwood拉动22.50个百分点，Elsewhere拉动17.50个百分点。"
    )


def test_a_growth_over_an_unusual_base_says_so(world):
    given = [
        {"region": region, "month": f"{year}-12", "indicator": "new_entities", "numerator": f"{number}", "span": "month"}
        for region, numbers in {"9100": (900, 500, 900), "9200": (100, 100, 100), "9300": (0, 0, 0)}.items()
        for year, number in zip((2019, 2020, 2021), numbers, strict=True)
    ]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2019, 2020, 2021]), returns=given)
    province = scope(snapshot, new_entities, "Norland")
    assert sentence(contributions.contributions(province, new_entities, "region"), province) == (
        "2021年，Norland新设立市场主体同比增长66.67%，其中Ashford拉动66.67个百分点。"
        "增速受上年基数影响（上年同期下降40.0%），两年平均基本持平。"
    )


def test_a_stock_and_a_difference_add_up_as_counted(world):
    entity = {"kind": "enterprise", "region": "9100"}
    given = [
        entity | {"entity_id": f"{industry}{number}", "industry": industry, "registered_on": on, "cancelled_on": off}
        for industry, on, off, count in (
            ("A", "2020-02-01", None, 60), ("A", "2020-02-01", "2020-05-01", 10), ("C", "2020-02-01", None, 40),
            ("C", "2021-02-01", None, 80), ("A", "2021-02-01", "2021-03-01", 5),
        )
        for number in (f"{on}{off}{place}" for place in range(count))
    ]  # fmt: skip
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(ENTITIES, CITIES, [2020, 2021]), entities=given)
    assert terms(contributions.contributions(scope(snapshot, entity_stock), entity_stock, "industry")) == [
        ("制造业", "80.00"), ("农、林、牧、渔业", "0.00"),
    ]  # fmt: skip
    net = contributions.contributions(scope(snapshot, net_new_entities), net_new_entities, "industry")
    assert terms(net) == [("制造业", "40.00"), ("农、林、牧、渔业", "-60.00")]


def test_what_is_not_additive_is_refused(world):
    city = scope(cases(world, {(2020, "9100"): {"food": 40}, (2021, "9100"): {"food": 60}}), cases_total)
    assert refusal(city, units_inspected, "domain") == "期间不重复计数不能由各部分相加，不计算拉动"
    assert refusal(city, food_pass_rate, "category") == "比率不计算拉动，另作结构和水平分解"
    assert refusal(city, CATALOGUE["median_days_to_close_hazards"], "domain") == "期间中位数不能由各部分相加，不计算拉动"
    assert refusal(city, cases_total, "field") == "按领域分，不足两项，不作分项比较"
    with pytest.raises(UsageError) as refused:
        contributions.contributions(city, cases_total, "industry")
    assert str(refused.value) == "cases_total cannot be taken apart by 'industry'. It can by field, region."


def test_where_a_growth_is_refused_its_parts_are(world):
    small = scope(
        cases(world, {(2020, "9100"): {"food": 10, "price": 19}, (2021, "9100"): {"food": 60, "price": 1}}), cases_total
    )
    assert refusal(small, cases_total, "field") == "上年同期为29起，基数过小，不作百分比比较"
    first = scope(cases(world, {(2021, "9100"): {"food": 60, "price": 1}}), cases_total)
    assert refusal(first, cases_total, "field") == "上年同期数据不全，不作比较（2020年1—12月未报送）"
    only = returned(world, {"9000": (300, 400)})
    assert refusal(scope(only, new_entities, "Norland"), new_entities, "region") == "只有Norland数，不分地区"
    assert refusal(scope(only, new_entities, "Norland"), new_entities, "industry") == "没有逐条记录，不按行业门类分"
    gap = returned(world, {"9100": (300, 400), "9200": (300, 400), "9300": (None, 400)})
    assert refusal(scope(gap, new_entities, "Norland"), new_entities, "region") == (
        "上年同期数据不全，不作比较（Cedarton 2020年1—12月未报送）"
    )


def settled(world):
    """Complaints of two cities, of which those of 2020 are settled a month or a year and more later."""
    given = [
        {"complaint_id": f"{region}{year}{closed}{number}", "region": region, "kind": "complaint", "accepted": "True", "category": "食品",
         "settled": "True", "received_on": f"{year}-05-01", "closed_on": closed}
        for region, year, closed, count in (
            ("9100", 2020, "2020-06-01", 50), ("9100", 2020, "2021-06-01", 30), ("9100", 2021, "2021-06-01", 80),
            ("9200", 2020, "2020-06-01", 50), ("9200", 2021, "2021-06-01", 60),
        )
        for number in range(count)
    ]  # fmt: skip
    return world.snapshot(regions=THREE_CITIES, coverage=covered(COMPLAINTS, CITIES, [2020, 2021]), complaints=given)


def test_outcomes_that_come_later_are_compared_at_equal_maturity(world):
    province = scope(settled(world), complaints_settled, "Norland")
    growth = contributions.contributions(province, complaints_settled, "region")
    assert terms(growth) == [
        ("Ashford", "30.00"),
        ("Birchwood", "10.00"),
    ]  # with what was settled later, Ashford would add nothing
    assert growth.growth.value == 40
    assert refusal(province, complaints_settled, "category") == "分项没有按办结日期的历史，不作同期比较"


def inspected(world, unsaid):
    """Inspections of two domains in two cities, all of which found problems; of 2021 so many in each city are still unsaid."""
    given = [
        {"inspection_id": f"{year}{region}{domain}{number}", "region": region, "domain": domain, "method": "routine",
         "inspected_on": f"{year}-05-01", "problem_found": None if number < missing else "True", "subject_id": f"{number}"}
        for region, missing_now in unsaid.items()
        for year, missing in ((2020, 0), (2021, missing_now))
        for domain, many in (("food", 300), ("drug", 100))
        for number in range(many + (year == 2021) * 50)
    ]  # fmt: skip
    return world.snapshot(regions=THREE_CITIES, coverage=covered(INSPECTIONS, CITIES, [2020, 2021]), inspections=given)


def test_outcomes_without_a_date_are_refused_as_their_growth_is(world):
    city = scope(inspected(world, {"9100": 9}), problems_found)
    assert refusal(city, problems_found, "domain") == "结果没有日期，待办结情况不同，不作同期比较"


def test_a_city_whose_outcomes_are_unsaid_is_no_part_of_a_province_that_is_compared(world):
    snapshot = inspected(world, {"9100": 3, "9200": 0, "9300": 0})  # 6 of 1500 in the province, 6 of 500 in Ashford
    province = scope(snapshot, problems_found, "Norland")
    assert look(province, problems_found, "yoy").refused is None
    assert terms(contributions.contributions(province, problems_found, "domain")) == [("药品", "12.25"), ("食品", "12.25")]
    assert refusal(province, problems_found, "region") == "Ashford结果没有日期，待办结情况不同，不作同期比较"


def test_parts_of_a_base_that_was_first_issued_are_not_known(world, tmp_path, monkeypatch):
    issued = IssuedFigure(
        problems_found.id, "9100", 2020, 12, 0, "2021-01-20", 1, "city-brief", "9100", problems_found.hash, "390", "390", ""
    )
    monkeypatch.setattr(paths, "register", lambda: tmp_path)
    (tmp_path / issued_figures.FILE).write_text(issued_figures.text([issued]), "utf-8")
    city = scope(inspected(world, {"9100": 9}), problems_found)
    assert look(city, problems_found, "yoy").denominator == 390
    assert refusal(city, problems_found, "domain") == "上年同期用首次签发数，没有分项的首次签发数，不作分项比较"


def requests(world, of):
    """A snapshot of complaints: per year and region, how many of each category."""
    given = [
        {"complaint_id": f"{year}-{region}-{category}-{number}", "region": region, "kind": "complaint", "accepted": "True",
         "settled": "True", "category": category, "received_on": f"{year}-05-01", "closed_on": f"{year}-05-09", "recovered_yuan": "7"}
        for (year, region), categories in of.items()
        for category, count in categories.items()
        for number in range(count)
    ]  # fmt: skip
    years = sorted({year for year, _ in of})
    return world.snapshot(regions=THREE_CITIES, coverage=covered(COMPLAINTS, CITIES, years), complaints=given)


SMALL = {
    (2020, "9100"): {"食品": 80, "汽车": 40, "家电": 4, "服装": 50, "日用": 30},
    (2021, "9100"): {"食品": 130, "汽车": 60, "家电": 9, "服装": 50, "日用": 40},
    (2020, "9200"): {"食品": 80, "汽车": 40, "家电": 30, "服装": 3, "日用": 35},
    (2021, "9200"): {"食品": 90, "汽车": 60, "家电": 30, "服装": 30, "日用": 40},
}


@pytest.mark.parametrize("metric", [consumer_complaints, losses_recovered], ids=lambda metric: metric.id)
def test_what_is_merged_in_one_year_or_in_the_province_is_merged_in_both(world, metric):
    """家电 is small in Ashford the year before, where 日用 conceals it, and 服装 in Birchwood: none can be computed from any column."""
    snapshot = requests(world, SMALL)
    for region in ("Ashford", "Norland"):
        growth = contributions.contributions(scope(snapshot, metric, region), metric, "category")
        assert [term.part.name for term in growth.terms] == ["食品", "汽车", "其他"]
        assert sum(term.printed for term in growth.terms) == growth.printed
    city = contributions.contributions(scope(snapshot, metric), metric, "category")
    assert not {"家电", "服装", "日用"} & {term.part.word for term in (*city.terms, *city.whole.terms)}


def test_an_internal_reader_sees_every_part(world):
    growth = contributions.contributions(
        scope(requests(world, SMALL), consumer_complaints), consumer_complaints, "category", "internal"
    )
    assert terms(growth) == [("食品", "24.51"), ("汽车", "9.81"), ("日用", "4.90"), ("家电", "2.45"), ("服装", "0.00")]
    assert {term.part.word for term in growth.whole.terms} == {"食品", "汽车", "日用", "家电", "服装"}


def test_what_would_be_one_line_is_none(world):
    of = {(2020, "9100"): {"食品": 40, "汽车": 3}, (2021, "9100"): {"食品": 80, "汽车": 4}}
    city = scope(requests(world, of), consumer_complaints)
    assert refusal(city, consumer_complaints, "category") == "按品类分，为保护个人信息合并后不足两项，不作分项比较"
    assert len(contributions.contributions(city, consumer_complaints, "category", "internal").terms) == 2


def test_there_is_no_such_audience(world):
    with pytest.raises(UsageError) as refused:
        contributions.contributions(scope(requests(world, SMALL), consumer_complaints), consumer_complaints, "category", "intern")
    assert str(refused.value) == "There is no audience 'intern'. Did you mean internal?"


counts = st.integers(0, 9)


@settings(max_examples=150)
@given(st.integers(2, 6), st.lists(st.tuples(counts, counts), min_size=2, max_size=5))
def test_each_year_of_the_table_has_coarser_parts_than_the_table_of_that_year_alone(smallest, numbers):
    """What a table of two years merges holds what each year merges whole, so that no sum of its parts is new."""
    of_years = [{f"类{place}": (pair[year],) for place, pair in enumerate(numbers)} for year in (0, 1)]
    merged = [disclosure_control.merged_of(sizes, smallest) for sizes in of_years]
    both = merged[0] | merged[1]
    for sizes, own in zip(of_years, merged, strict=True):
        assert own <= both
        if small := {word for word in both if 0 < sizes[word][0] < smallest}:
            assert small <= own
            assert sum(sizes[word][0] for word in both) >= smallest or own == set(sizes)


def test_of_many_parts_those_that_changed_least_are_pooled(world):
    names = [f"类{place:02}" for place in range(MOST_PARTS + 3)]
    of = {
        (2020, "9100"): {**dict.fromkeys(names[:-1], 20), "其他": 20},
        (2021, "9100"): {**{name: 20 + place for place, name in enumerate(names)}, "其他": 90},
    }
    growth = contributions.contributions(
        scope(requests(world, of), consumer_complaints), consumer_complaints, "category", "internal"
    )
    assert len(growth.terms) == MOST_PARTS + 1
    assert (growth.is_crowded, growth.terms[-1].part.name, growth.terms[-1].part.change) == (True, "其他", 70 + 0 + 1 + 2)
    assert sum(term.printed for term in growth.terms) == growth.printed
    assert growth.terms[0].part.word == names[-1]  # it has no base, and so a line


amounts = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), min_size=2, max_size=25)


@settings(max_examples=300)
@given(amounts.filter(lambda pairs: sum(base for _, base in pairs)), st.randoms(use_true_random=False))
def test_random_parts_add_up_to_the_printed_growth_in_any_order(pairs, chance):
    now, base = zip(*pairs, strict=True)
    printed, growth = components.contributions(now, base)
    assert (
        sum(printed) == growth == (Decimal(100) * (sum(now) - sum(base)) / sum(base)).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    )
    for part, later, earlier in zip(printed, now, base, strict=True):
        assert abs(part - Decimal(100) * (later - earlier) / sum(base)) < Decimal("0.01")
    order = chance.sample(range(len(pairs)), len(pairs))
    shuffled, _ = components.contributions([now[place] for place in order], [base[place] for place in order])
    assert sorted(shuffled) == sorted(printed)


@settings(max_examples=300)
@given(st.lists(st.decimals(-100, 100, places=4), min_size=1, max_size=6), st.integers(-4, 4))
def test_what_is_rounded_adds_up_to_a_total_that_is_near(exact, off):
    total = sum(exact).quantize(Decimal("0.01")) + off * Decimal("0.01")
    assert sum(components.largest_remainder(exact, total)) == total


def test_the_command_gives_each_part_and_refuses_without_one(world, briefs):
    snapshot = cases(world, BESIDE)
    asked = ("value", "cases_total", "--year", "2021", "--data", snapshot.path, "--city", "Ashford", "--view", "contribution")
    code, said, _ = briefs(*asked, "--by", "field", "--json")
    given = json.loads(said)
    assert code == 0
    assert [(one["part"], one["value"], one["text"], one["unit"], one["view"]) for one in given] == [
        ("food", 25, "拉动25.00个百分点", "个百分点", "contribution"),
        ("fees", 0, "基本没有影响", "个百分点", "contribution"),
        ("price", -5, "拉低5.00个百分点", "个百分点", "contribution"),
    ]
    assert [(one["numerator"], one["denominator"], one["refused"]) for one in given] == [
        (100, 400, None),
        (0, 400, None),
        (-20, 400, None),
    ]
    code, said, _ = briefs(*asked, "--by", "field")
    assert said.splitlines()[0] == "Ashford 2021年 查处各类经济违法案件·food（contribution）：拉动25.00个百分点"
    assert briefs(*asked) == (2, "", "The view contribution is of parts. Name a column with --by: field, region.\n")
    assert briefs(*asked, "--by", "industry") == (
        2, "", "cases_total cannot be taken apart by 'industry'. It can by field, region.\n",
    )  # fmt: skip
    assert briefs(*asked, "--by", "field", "--area", "全国") == (2, "", "The view contribution takes no area '全国'.\n")
    code, said, _ = briefs(*asked, "--by", "region", "--json")
    [none] = json.loads(said)
    assert (code, none["part"], none["value"], none["refused"]) == (0, "", None, "Ashford没有下级地区，不按地区分")
    code, said, _ = briefs(*asked[:6], "--view", "contribution", "--by", "region", "--json")
    assert [(one["part"], one["value"]) for one in json.loads(said)] == [("9200", 30), ("9100", 10)]
    _, said, _ = briefs(*asked[:6], "--view", "contribution", "--by", "region")
    assert said.splitlines()[0] == "Norland 2021年 查处各类经济违法案件·Birchwood（contribution）：拉动30.00个百分点"
    _, said, _ = briefs(*asked, "--by", "region")
    assert said.splitlines()[0] == "Ashford 2021年 查处各类经济违法案件（contribution）：Ashford没有下级地区，不按地区分"


def test_the_command_merges_alike(world, briefs):
    snapshot = requests(world, SMALL)
    asked = (
        "value",
        "consumer_complaints",
        "--by",
        "category",
        "--view",
        "contribution",
        "--year",
        "2021",
        "--data",
        snapshot.path,
    )
    _, said, _ = briefs(*asked, "--city", "Ashford", "--json")
    assert [one["part"] for one in json.loads(said)] == ["食品", "汽车", "其他"]
