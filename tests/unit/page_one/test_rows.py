"""The lines of page one: changes, places and regions as cells, the months as they were known, marks, and the metrics that are chosen."""

import pytest

from city_briefs.analysis.assessments.targets import standings
from city_briefs.analysis.assessments.yellow_lights import lights
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.page_one import chosen, months
from city_briefs.analysis.page_one.rows import rows
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from tests.helpers.returned_rates import of_rates

FOOD = CATALOGUE["food_pass_rate"]


def row(scope, metric=FOOD):
    [made] = rows(scope, [metric], lights(scope), standings(scope))
    return made


@pytest.mark.parametrize(
    ("own", "others", "change", "place", "regions"),
    [
        ((970, 900), 970, "−7.00", "6（6）", 6),
        ((970, 960), 970, "≈−1.00", "不可分", 6),  # neither the change nor the places are told apart from chance
        ((970, 970), 970, "0.00", "不可分", 6),
        ((900, 970), 900, "+7.00", "1（1）", 6),
    ],
)
def test_what_chance_explains_is_marked_and_has_no_place(world, own, others, change, place, regions):
    made = row(of_rates(world, {"food_pass_rate": (own, others)}))
    assert (made.change_text, made.place_text, len(made.regions)) == (change, place, regions)


def test_a_place_moves_only_when_all_possible_places_are_others(world):
    assert row(of_rates(world, {"food_pass_rate": ((900, 990), 950)})).move == "↑5"
    assert row(of_rates(world, {"food_pass_rate": ((990, 900), 950)})).move == "↓5"
    assert row(of_rates(world, {"food_pass_rate": ((945, 955), 950)})).move == ""


def test_a_number_is_compared_by_its_growth_and_has_no_place(world):
    made = row(of_rates(world, {"new_entities": ((4000, 5000), 4000)}), CATALOGUE["new_entities"])
    assert (made.digits, made.change_text, made.place_text) == (("5000", "户"), "+25.0%", "")
    assert {figure.view for figure in made.regions} == {"yoy"}


def test_a_neutral_number_has_no_scale(world):
    made = row(of_rates(world, {"complaints_received": ((4000, 5000), 4000)}), CATALOGUE["complaints_received"])
    assert (made.regions, made.instead) == ((), "不分优劣")


def test_few_cases_have_no_scale(world, monkeypatch):
    monkeypatch.setattr("tests.helpers.returned_rates.WHOLE", 29)
    made = row(of_rates(world, {"food_pass_rate": ((28, 29), 28)}))
    assert (made.regions, made.instead, made.change_text) == ((), "基数过小", "—")


def test_what_has_no_value_has_no_line(world):
    scope = of_rates(world, {"food_pass_rate": ((970, 970), 970)})
    assert [made.metric for made in rows(scope, [FOOD, CATALOGUE["drug_pass_rate"]], [], [])] == [FOOD]


@pytest.mark.parametrize(
    ("rates", "aims", "marked"),
    [
        ({"hazard_overdue_share": ((500, 500), 100)}, [], ("light", "黄灯", "1月起")),
        ({"hazard_overdue_share": ((210, 210), 100)}, [], ("watch", "关注", "界限20%")),
        ({"hazard_overdue_share": ((100, 100), 100)}, [], ("", "", "")),
        ({"drug_pass_rate": ((900, 900), 900)}, [("drug_pass_rate", "95")], ("missed", "未达标", "低5.00个百分点")),
        ({"drug_pass_rate": ((960, 960), 960)}, [("drug_pass_rate", "95")], ("met", "达标", "95%以上")),
        ({"new_entities": ((900, 900), 900)}, [("new_entities", "1000")], ("missed", "未达标", "差100户")),
    ],
)
def test_a_mark_has_a_word(world, rates, aims, marked):
    [metric] = rates
    made = row(of_rates(world, rates, aims=aims), CATALOGUE[metric]).marked
    assert (made.mark, made.word, made.text) == marked


class TestMonths:
    def test_of_a_count_are_single_months(self, world):
        scope = of_rates(world, {"new_entities": ((4000, 5000), 4000)})
        drawn = months.single(scope, CATALOGUE["new_entities"], 24)
        assert [figure.period.slug for figure in drawn][::23] == ["2020-M01", "2021-M12"]
        assert [int(figure.number) for figure in drawn if figure.value] == [2000, 2000, 2500, 2500]

    @pytest.mark.parametrize(
        ("metric", "last"), [("over_ceiling_share", ["2022-M07"]), ("settlement_rate", ["2022-Q2"]), ("food_pass_rate", [])]
    )
    def test_of_a_percentage_are_as_many_together_as_have_enough_cases(self, demo_results, metric, last):
        drawn = months.single(Scope.of(demo_results, demo_results.regions.find("天水"), Period(2022, 7)), CATALOGUE[metric], 24)
        assert [figure.period.slug for figure in drawn[-1:]] == last

    @pytest.mark.parametrize("through", [12, 6])
    def test_that_are_mostly_pending_are_left_out_of_both_years(self, demo_results, through):
        scope = Scope.of(demo_results, demo_results.regions.find("兰州"), Period(2022, through))
        drawn = months.single(scope, CATALOGUE["settlement_rate"], 24)
        slugs = [figure.period.slug for figure in drawn]
        assert (slugs[-1] < "2022-M12") and slugs[-1] <= f"2022-M{through:02}"
        assert [slug.replace("2021", "2022") for slug in slugs if slug < "2022"] == [slug for slug in slugs if slug > "2022"]
        assert {figure.view for figure in drawn if figure.period.year == 2021} == {"as_known"}

    def test_to_date_end_with_the_value_of_the_period(self, demo_results):
        scope = Scope.of(demo_results, demo_results.regions.find("兰州"), Period(2022, 6, "quarter"))
        now = months.to_date(scope, FOOD, 2022)
        assert [figure.period.through for figure in now] == [1, 2, 3, 4, 5, 6]
        assert len(months.to_date(scope, FOOD, 2021)) == 12


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (
            (),
            "packs.toml has no line page_one, which names the metrics of page one. Write it at the top: "
            'page_one = ["entity_stock", "food_pass_rate"].',
        ),
        (("entity_stok",), "packs.toml, page_one: there is no metric 'entity_stok'. Did you mean entity_stock?"),
        (("xyz",), "packs.toml, page_one: there is no metric 'xyz'. `briefs metrics` lists them."),
        (("entity_stock",) * 2, "packs.toml, page_one: entity_stock stands twice. Take one out."),
        (tuple(list(CATALOGUE)[:10]), "packs.toml, page_one: 10 metrics do not fit on a page. Leave at most 9."),
    ],
)
def test_a_faulty_line_of_metrics_is_a_sentence(ids, message):
    with pytest.raises(UsageError) as error:
        chosen.check(ids)
    assert str(error.value) == message


def test_the_metrics_are_those_of_the_line_and_each_subject_has_a_word(noting):
    assert [metric.id for metric in chosen.metrics()][:2] == ["entity_stock", "new_entities"]
    assert '"page-one"' in noting.read_text("utf-8")
    assert {metric.subject for metric in CATALOGUE.values()} <= set(chosen.FIELDS)
