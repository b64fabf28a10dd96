"""Nobody is known by a small number: what is merged into 其他 cannot be computed from a table, its total, and the tables beside it."""

import json
from itertools import product

import nbformat
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from city_briefs import notebook as calls
from city_briefs.analysis import blocks
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import disclosure_control
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common import paths
from city_briefs.common.errors import DataError, UsageError
from city_briefs.common.periods import Period
from city_briefs.metrics.consumer_rights import (
    complaints_received,
    consumer_complaints,
    losses_recovered,
    median_days_to_close,
    settlement_rate,
)
from city_briefs.metrics.market_order import cases_total
from city_briefs.metrics.special_equipment import elevator_entrapments
from city_briefs.model.tables import CASES, COMPLAINTS, ELEVATOR_RESCUES
from city_briefs.production.packs import packs_toml
from tests.conftest import THREE_CITIES, covered
from tests.helpers import NOTEBOOKS

CITIES = ["9100", "9200", "9300"]
WORDS = ("其他", "家电", "汽车", "食品")
UP_TO = 7  # of a count, in the tables that an attacker tries
Counts = dict[str, tuple[int, ...]]


def table(sizes: Counts, smallest: int) -> tuple:
    """All that anybody sees of a table by one metric: the total, whether parts are merged, and each part that is not."""
    merged = disclosure_control.merged_of(sizes, smallest)
    shown = {word: counts for word, counts in sizes.items() if word not in merged and any(counts)}
    total = tuple(map(sum, zip(*sizes.values(), strict=True)))
    return total, bool(merged), tuple(sorted(shown.items()))


def province(cities: tuple[Counts, ...], smallest: int) -> tuple:
    """All that anybody sees of the tables of some cities, and of the province that they are."""
    whole = {word: tuple(map(sum, zip(*(city[word] for city in cities), strict=True))) for word in cities[0]}
    merged = disclosure_control.merged_of_province(cities, whole, smallest)
    shown = {word: counts for word, counts in whole.items() if word not in merged and any(counts)}
    return tuple(table(city, smallest) for city in cities), bool(merged), tuple(sorted(shown.items()))


counts = st.integers(0, UP_TO)


@settings(max_examples=60)
@given(st.integers(2, 6), st.lists(counts, min_size=2, max_size=4))
def test_whoever_knows_the_rule_and_the_total_cannot_tell_a_small_number(smallest, numbers):
    """Every table that reads the same is tried: each small part is another number in one of them.

    Not where all parts that there could be are alike: that there is no table then tells it.
    """
    assume(len(set(numbers)) > 1)
    words = WORDS[-len(numbers) :] if smallest % 2 else WORDS[: len(numbers)]
    given = dict(zip(words, ((number,) for number in numbers), strict=True))
    seen, total = table(given, smallest), sum(numbers)
    others = [
        dict(zip(words, ((number,) for number in tried), strict=True))
        for tried in product(range(total + 1), repeat=len(numbers))
        if sum(tried) == total
    ]
    alike = [one for one in others if table(one, smallest) == seen]
    for word, (number,) in given.items():
        if 0 < number < smallest:
            assert len({one[word] for one in alike}) > 1


@settings(max_examples=200)
@given(st.integers(2, 6), st.lists(st.tuples(counts, counts), min_size=2, max_size=5))
def test_of_two_metrics_beside_each_other_a_small_number_of_either_stands_in_another_part_as_well(smallest, numbers):
    words = [f"类{place}" for place in range(len(numbers))]
    given = dict(zip(words, numbers, strict=True))
    merged = disclosure_control.merged_of(given, smallest)
    for word, which in product(words, (0, 1)):
        if 0 < given[word][which] < smallest and not unsafe(given, merged):
            assert any(swapped_alike(given, word, other, which, smallest) for other in merged - {word})


def unsafe(given: Counts, merged: frozenset[str]) -> bool:
    """Whether there is no table at all, since it would have one row."""
    return {word for word in given if any(given[word])} <= merged


def swapped(given: Counts, one: str, other: str) -> Counts:
    return given | {one: given[other], other: given[one]}


def swapped_alike(given: Counts, word: str, other: str, which: int, smallest: int) -> bool:
    """Whether two parts that differ could change places, and everything would read the same."""
    return given[word][which] != given[other][which] and table(swapped(given, word, other), smallest) == table(given, smallest)


@settings(max_examples=200)
@given(st.integers(2, 6), st.lists(st.lists(counts, min_size=4, max_size=4), min_size=2, max_size=4))
def test_the_table_of_the_province_beside_those_of_its_cities_tells_no_small_number(smallest, numbers):
    words = [f"类{place}" for place in range(4)]
    cities = tuple({word: (number,) for word, number in zip(words, row, strict=True)} for row in numbers)
    seen = province(cities, smallest)
    for place, city in enumerate(cities):
        merged = disclosure_control.merged_of(city, smallest)
        for word in words:
            if 0 < city[word][0] < smallest:
                others = [other for other in merged if city[other] != city[word]]
                tried = [(*cities[:place], swapped(city, word, other), *cities[place + 1 :]) for other in others]
                assert any(province(one, smallest) == seen for one in tried) or len(set(city.values())) == 1


@pytest.mark.parametrize(
    ("sizes", "merged"),
    [
        ({"食品": 9, "汽车": 5, "家电": 0}, set()),  # of nothing nobody is known
        ({"食品": 9, "汽车": 3, "家电": 2}, {"汽车", "家电"}),
        ({"食品": 9, "汽车": 8, "家电": 4}, {"汽车", "家电"}),  # not alone: the total would give it away
        ({"食品": 9, "汽车": 9, "服装": 20, "家电": 4}, {"食品", "汽车", "家电"}),  # which of two of a size, no name decides
        ({"食品": 9, "汽车": 4, "家电": 4}, {"食品", "汽车", "家电"}),  # 8 would be twice 4
        ({"食品": 9, "汽车": 3, "家电": 2, "其他": 30}, {"汽车", "家电", "其他"}),
        ({"食品": 9, "汽车": 8, "家电": 3, "服装": 1}, {"汽车", "家电", "服装"}),  # 4 would be few as well
        ({"食品": 3, "汽车": 0}, {"食品", "汽车"}),  # no table
    ],
)
def test_what_is_merged(sizes, merged):
    assert disclosure_control.merged_of({word: (size,) for word, size in sizes.items()}, 5) == merged


def test_a_province_merges_what_one_of_its_cities_or_what_is_left_of_it_does():
    cities = [{"食品": (9,), "汽车": (3,), "家电": (6,)}, {"食品": (9,), "汽车": (30,), "家电": (60,)}]
    assert disclosure_control.merged_of_province(cities, {"食品": (18,), "汽车": (33,), "家电": (66,)}, 5) == {"汽车", "家电"}
    assert disclosure_control.merged_of_province(cities[1:], {"食品": (11,), "汽车": (33,), "家电": (60,)}, 5) == {"食品", "汽车"}


def requests(world, of, **common):
    """A snapshot of requests: per year, region and category, how many."""
    given = [
        {"complaint_id": f"{year}-{region}-{category}-{number}", "region": region, "kind": "complaint", "accepted": "True",
         "settled": "True", "category": category, "received_on": f"{year}-05-01", "closed_on": f"{year}-05-09", "recovered_yuan": "7", **common}
        for (year, region), categories in of.items()
        for category, count in categories.items()
        for number in range(count)
    ]  # fmt: skip
    years = sorted({year for year, _ in of})
    return world.snapshot(regions=THREE_CITIES, coverage=covered(COMPLAINTS, CITIES, years), complaints=given)


SMALL = {
    (2020, "9100"): {"食品": 80, "汽车": 40, "家电": 4},
    (2021, "9100"): {"食品": 90, "汽车": 60, "家电": 3, "服装": 2, "旅游": 4},
    (2021, "9200"): {"食品": 9, "汽车": 60, "家电": 30, "服装": 20, "旅游": 40},
}


@pytest.fixture
def shown(monkeypatch):
    """The blocks that were shown."""
    published = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: published.append(next(iter(bundle.values()))))
    return published


def of(snapshot, metrics, region="Ashford", year=2021):
    return Results(snapshot, metrics), snapshot.regions.find(region), Period(year)


NOTICE = "为保护个人信息，不足5件的品类（为防止推算，连同次少的品类）并入“其他”，不作同比"


def test_a_breakdown_ends_with_what_is_merged_and_its_figures_name_nothing_of_it(world, shown):
    results, region, period = of(requests(world, SMALL), [consumer_complaints])
    blocks.breakdown(Scope.of(results, region, period), consumer_complaints, "category")
    [made] = shown
    # The year before, 汽车 was merged with 家电: its growth would give that away.
    assert made["rows"] == [["食品", "90", "12.5", "56.6"], ["汽车", "60", "—", "37.7"], ["其他", "9", "—", "5.7"]]
    assert made["notes"] == [NOTICE, "食品的同比增减未超出随机波动", "因四舍五入，合计与分项可能不等"]
    said = json.dumps(made, ensure_ascii=False)
    assert not any(word in said for word in ("家电", "服装", "旅游"))
    assert [(figure["part"], figure["view"], figure["value"]) for figure in made["figures"] if "part" in figure] == [
        ("食品", "value", 90), ("食品", "yoy", 12.5), ("汽车", "value", 60), ("其他", "value", 9),
    ]  # fmt: skip


def test_a_table_that_would_be_one_row_is_none(world, shown):
    results, region, period = of(requests(world, {(2021, "9100"): {"食品": 3, "汽车": 4}}), [consumer_complaints])
    blocks.breakdown(Scope.of(results, region, period), consumer_complaints, "category")
    assert [one["paragraphs"] for one in shown] == [[]]


def test_an_internal_chapter_shows_every_part(world, shown):
    results, region, period = of(requests(world, SMALL), [consumer_complaints])
    blocks.breakdown(Scope.of(results, region, period), consumer_complaints, "category", "internal")
    assert [row[:2] for row in shown[0]["rows"]] == [["食品", "90"], ["汽车", "60"], ["旅游", "4"], ["家电", "3"], ["服装", "2"]]
    with pytest.raises(UsageError) as refused:
        blocks.breakdown(Scope.of(results, region, period), consumer_complaints, "category", "intern")
    assert str(refused.value) == "There is no audience 'intern'. Did you mean internal?"


def test_a_matrix_merges_a_part_for_all_its_metrics(world, shown):
    results, region, period = of(requests(world, SMALL), [consumer_complaints, settlement_rate, median_days_to_close])
    blocks.matrix(Scope.of(results, region, period), [consumer_complaints, settlement_rate, median_days_to_close], "category")
    assert shown[0]["rows"] == [
        ["汽车", "60", "100.0", "8.0"],
        ["食品", "90", "100.0", "8.0"],
        ["其他", "9", "100.0", ""],
        ["合计", "159", "100.0", "8.0"],
    ]
    assert shown[0]["notes"] == [NOTICE]


def test_of_an_amount_the_records_behind_it_count(world):
    results, region, period = of(requests(world, SMALL), [losses_recovered])
    parts = disclosure_control.parts(Scope.of(results, region, period), losses_recovered, "value", "category")
    assert [(one.part[1], one.value) for one in parts] == [("汽车", 420), ("食品", 630), ("其他", 63)]


def test_coarse_kinds_and_records_of_no_person_are_not_merged(world):
    snapshot = requests(world, {(2021, "9100"): {"食品": 3}})
    results, region, period = of(snapshot, [complaints_received])
    assert [
        one.value for one in disclosure_control.parts(Scope.of(results, region, period), complaints_received, "value", "kind")
    ] == [3]
    case = {
        "case_id": "a",
        "region": "9100",
        "field": "food",
        "closed_on": "2021-05-01",
        "fine_yuan": "1",
        "confiscated_yuan": "0",
    }
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(CASES, CITIES, [2021]), cases=[case])
    results, region, period = of(snapshot, [cases_total])
    assert [one.value for one in disclosure_control.parts(Scope.of(results, region, period), cases_total, "rank", "field")] == [
        None
    ]


def test_who_was_freed_from_an_elevator_is_a_person(world):
    rescue = {"region": "9100", "occurred_on": "2021-05-01", "persons": "1"}
    given = [
        rescue | {"rescue_id": f"{cause}{number}", "cause": cause}
        for cause in ("停电", "其他", "门")
        for number in range(len(cause) * 4)
    ]
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(ELEVATOR_RESCUES, CITIES, [2021]), elevator_rescues=given)
    results, region, period = of(snapshot, [elevator_entrapments])
    parts = disclosure_control.parts(Scope.of(results, region, period), elevator_entrapments, "value", "cause")
    assert [(one.part[1], one.value) for one in parts] == [("其他", 20)]


def test_the_command_merges_alike(world, briefs):
    snapshot = requests(world, SMALL)
    asked = ("value", "consumer_complaints", "--by", "category", "--year", "2021", "--data", snapshot.path)
    code, said, _ = briefs(*asked, "--city", "Ashford")
    assert (code, said.splitlines()) == (
        0,
        [
            "Ashford 2021年 消费投诉·汽车（value）：60件",
            "Ashford 2021年 消费投诉·食品（value）：90件",
            "Ashford 2021年 消费投诉·其他（value）：9件",
            "from records：测试数据",
        ],
    )
    code, said, _ = briefs(*asked, "--json")
    assert [(one["part"], one["value"]) for one in json.loads(said)] == [("汽车", 120), ("食品", 99), ("其他", 99)]
    code, said, _ = briefs(*asked, "--city", "Ashford", "--view", "yoy", "--json")
    assert [(one["part"], one["text"]) for one in json.loads(said)] == [("食品", "由80件变为90件，变化未超出随机波动")]
    assert briefs(*asked, "--view", "share") == (
        2,
        "",
        "consumer_complaints by category is given as value, yoy, change_pp, not as 'share'. It is of records of persons, and other "
        "views could tell small numbers of them.\n",
    )


@pytest.mark.parametrize(
    "audience", ['audience="internal"', "audience=('internal')", '**{"audience": "internal"}', 'audience="inter" "nal"']
)
def test_only_an_internal_pack_holds_a_chapter_for_an_internal_audience(tmp_path, audience):
    notebook = nbformat.read(NOTEBOOKS / "market-order.ipynb", as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == "complaints-why")
    cell.source = f'breakdown(consumer_complaints, "category", {audience})'
    nbformat.write(notebook, tmp_path / "market-order.ipynb")
    pack = packs_toml.packs()["city-brief"]
    packs_toml.check_chapter(pack.model_copy(update={"internal": True}), tmp_path / "market-order.ipynb")
    with pytest.raises(UsageError) as refused:
        packs_toml.check_chapter(pack, tmp_path / "market-order.ipynb")
    assert str(refused.value) == (
        'market-order.ipynb is written for an audience="internal", and city-brief is not internal. '
        "Take that out of the chapter, or set internal = true of the pack in packs.toml."
    )


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("smallest = 5.5", "privacy.toml: smallest is a whole number, not '5.5'."),
        ("", "privacy.toml: there is no smallest."),
        ("smallest = 0", "privacy.toml: smallest is greater than or equal to 1, not '0'."),
        ("smallest = 5\nsmall = 5", "privacy.toml: there is no key 'small'. Did you mean smallest?"),
        ("smallest", "privacy.toml cannot be read: Expected '=' after a key in a key/value pair (at end of document)."),
    ],
)
def test_a_threshold_that_cannot_be_is_refused(tmp_path, monkeypatch, said, message):
    (tmp_path / "privacy.toml").write_text(said, "utf-8")
    monkeypatch.setattr(paths, "reference", lambda: tmp_path)
    disclosure_control.smallest.cache_clear()
    with pytest.raises(DataError) as refused:
        disclosure_control.smallest()
    assert str(refused.value) == message


@pytest.mark.parametrize("call", [calls.breakdown, calls.contribution, calls.decompose])
def test_an_audience_is_named(call):
    with pytest.raises(UsageError, match=rf"^{call.__name__} takes 2 in its brackets, not 3\."):
        call(consumer_complaints, "category", "internal")
