"""What has to be done: each light that is on and each target that is behind once, the gravest with drawings."""

import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.assessments.targets import standings
from city_briefs.analysis.assessments.yellow_lights import lights
from city_briefs.analysis.blocks import publish as block
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.page_one.matters import matters
from city_briefs.analysis.page_one.when import when
from city_briefs.analysis.page_one.where import where
from city_briefs.analysis.page_one.why import ways
from city_briefs.common import paths
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from tests.helpers.size import FULL

YEARS = (2021, 2022) if FULL else (2021,)
ACTIONS = """region,about,asked_on,asked,of_whom,due_on,outcome,closed_on
兰州市,overdue-equipment,2022-05-10,逐台清单销号,市特检院,2022-09-30,已检三百台,2022-10-08
"""


@pytest.fixture
def shown(monkeypatch):
    """The blocks that were shown."""
    published = []
    monkeypatch.setattr(block, "publish_display_data", lambda bundle: published.append(next(iter(bundle.values()))))
    return published


def named(shown):
    """What the blocks and the table of the others name."""
    tables = [each for each in shown if each["kind"] == "table" and each.get("in_workbook")]
    return [each["what"] for each in shown if each["kind"] == "exception"] + [
        row[0].partition("（")[0] for table in tables for row in table["rows"]
    ]


@pytest.mark.parametrize("year", YEARS)
def test_every_light_and_every_missed_target_is_named_once(demo_results, shown, year):
    for city in demo_results.regions.cities:
        shown.clear()
        scope = Scope.of(demo_results, city, Period(year))
        blocks.exceptions(scope)
        lit = [light.rule.label for light in lights(scope) if light.on]
        behind = [standing.name for standing in standings(scope) if standing.light == "滞后"]
        assert sorted(named(shown)) == sorted(lit + behind), city.name
        assert sum(each["kind"] == "exception" for each in shown) == (len(lit + behind) if len(lit + behind) <= 3 else 2)


def test_an_exception_has_its_months_and_lines_that_each_say_something(demo_results, shown):
    for city in demo_results.regions.cities:
        blocks.exceptions(Scope.of(demo_results, city, Period(2021)))
    made = [each for each in shown if each["kind"] == "exception"]
    assert made
    for each in made:
        assert {line["word"] for line in each["lines"]} <= {"依据", "要做到", "谁、何时", "交办结果"}
        assert all(line["text"].strip("。") for line in each["lines"])
        assert len(each["panels"]) <= 2
        assert all(len(panel["title"]) <= 20 for panel in each["panels"]), [panel["title"] for panel in each["panels"]]


def drawings(blocks):
    """The drawings of panels, in their order."""
    return [panel["drawing"]["svg"] for each in blocks for panel in each.get("panels", []) if "drawing" in panel]


def can_be_drawn(scope, block):
    """Whether there is a view of the matter of a block; of few records there may be none."""
    metric = CATALOGUE[block["metrics"][0]["id"]]
    about = [matter for matter in matters(scope, (), lights(scope), standings(scope)) if matter.metric is metric]
    return bool(when(scope, about, ()) or where(scope, metric) or any(ways(scope, metric, coarse_first=True)))


@pytest.mark.parametrize("year", YEARS)
def test_what_page_one_draws_is_not_drawn_again_and_only_that_leaves_a_block_without_drawings(demo_results, shown, year):
    again, bare = [], []
    for city in demo_results.regions.cities:
        shown.clear()
        scope = Scope.of(demo_results, city, Period(year))
        blocks.page_one(scope)
        blocks.exceptions(scope)
        svgs = drawings(shown)
        again += [city.name] if len(set(svgs)) < len(svgs) else []
        on_page_one = {claim["metric"] for claim in shown[0]["claims"]}
        without = [each for each in shown if each["kind"] == "exception" and not each["panels"]]
        bare += [
            (city.name, each["what"])
            for each in without
            if each["metrics"][0]["id"] not in on_page_one and can_be_drawn(scope, each)
        ]
    assert again == []
    assert bare == []


def test_two_lights_on_one_metric_draw_its_cases_once(demo_results, shown, monkeypatch):
    scope = Scope.of(demo_results, demo_results.regions.find("兰州市"), Period(2022))
    on = next(light for light in lights(scope) if light.on and light.rule.id == "overdue-equipment")
    monkeypatch.setattr("city_briefs.analysis.assessments.yellow_lights.lights", lambda _: [on, on])
    blocks.exceptions(scope)
    svgs = drawings(shown)
    assert len(svgs) > 0
    assert len(set(svgs)) == len(svgs)


def test_what_became_of_what_was_asked_stands_with_it(demo_results, shown, monkeypatch, tmp_path):
    lit = next(
        (city, light.rule) for city in demo_results.regions.cities
        for light in lights(Scope.of(demo_results, city, Period(2021))) if light.on
    )  # fmt: skip
    file = tmp_path / "actions.csv"
    file.write_text(
        ACTIONS.replace("兰州市", lit[0].name).replace("overdue-equipment", lit[1].id).replace("2022-", "2021-"), "utf-8"
    )
    monkeypatch.setattr(paths, "actions", lambda: file)
    blocks.exceptions(Scope.of(demo_results, lit[0], Period(2021)))
    [made] = [each for each in shown if each["kind"] == "exception" and each["what"] == lit[1].label] or [None]
    words = {line["word"]: line["text"] for line in made["lines"]}
    assert words["交办结果"] == "2021年5月10日逐台清单销号：已检三百台（2021年10月8日办结）。"


def test_without_exceptions_there_is_one_line(real, shown):
    blocks.exceptions(Scope.of(Results(real, CATALOGUE.values()), real.regions.find("天水市"), Period(2011)))
    assert [each["paragraphs"] for each in shown] == [
        ["截至2011年12月末，全市没有引用的目标任务，各项警示规则均因数据原因未能判定。"]
    ]
