"""What was asked because of lights and targets: how the office's file is read, what is said of it, and every fault of a row."""

from datetime import date
from decimal import Decimal

import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.assessments import actions
from city_briefs.analysis.assessments.actions import HEADINGS, of
from city_briefs.analysis.assessments.signals import signals
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.recheck_reads import Answers
from city_briefs.app import check, doctor, incremental
from city_briefs.common import paths, read_log
from city_briefs.common.errors import DataError
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import RETURNS
from tests.conftest import REAL, THREE_CITIES, covered

CITIES = ["9100", "9200", "9300"]
HEAD = ",".join(HEADINGS)
OLDER = "Ashford,overdue-hazards,2021-03-05,集中销号,应急管理处,2021-04-30,销号20项,2021-04-28"
NEWER = "9100,hazard_overdue_share,2021年5月6日,约谈企业,,2021/6/20,,"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Writes the file of the office: rows under a head, in an encoding."""
    file = tmp_path / "data/actions.csv"
    file.parent.mkdir()
    monkeypatch.setattr(paths, "actions", lambda: file)
    monkeypatch.setattr(paths, "shown", lambda path: path.as_posix().removeprefix(f"{tmp_path}/"))

    def kept(*rows, head=HEAD, encoding="utf-8"):
        file.write_text("".join(f"{row}\n" for row in (head, *rows)), encoding)
        return file

    return kept


@pytest.fixture
def ashford(world):
    """Ashford has 30 of 100 open hazards overdue, so that a light is on, and is behind a target; until June."""
    returns = [
        {"region": "9100", "month": f"2021-{month:02}", "indicator": metric, "numerator": number, "span": CATALOGUE[metric].returned_span}
        for metric, number in (("hazards_open", "100"), ("hazards_overdue", "30"), ("new_entities", "10"))
        for month in range(1, 13)
    ]  # fmt: skip
    aims = [{"region": "9100", "metric": "new_entities", "view": "value", "year": "2021", "value": "1000", "source": "任务书",
             "comparison": "at_least", "due_on": date(2021, 12, 31)}]  # fmt: skip
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, CITIES, [2021]), returns=returns, targets=aims)
    return Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.find("Ashford"), Period(2021, 6))


@pytest.fixture
def shown(monkeypatch):
    """The blocks that were shown."""
    published = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: published.append(next(iter(bundle.values()))))
    return published


def asked(scope, *about):
    return [action.asked for action in of(scope, *about)]


def test_both_actions_of_a_light_are_given_the_newest_first(kept, ashford):
    kept(OLDER, "", NEWER)
    newer, older = of(ashford, "overdue-hazards", "hazard_overdue_share")
    assert (newer.asked, newer.asked_on, newer.due_on, newer.of_whom) == ("约谈企业", date(2021, 5, 6), date(2021, 6, 20), "")
    assert older.progress(date(2021, 6, 30)) == "销号20项（2021年4月28日办结）"
    assert older.record(date(2021, 6, 30)) == {
        "asked_on": "2021-03-05", "asked": "集中销号", "of_whom": "应急管理处", "due_on": "2021-04-30", "outcome": "销号20项",
        "closed_on": "2021-04-28", "overdue": False,
    }  # fmt: skip


def test_one_that_was_closed_after_the_period_was_overdue_at_its_end(kept, ashford):
    kept("Ashford,overdue-hazards,2021-03-05,集中销号,应急管理处,2021-04-30,销号20项,2021-06-28")
    [action] = of(ashford, "overdue-hazards")
    assert action.progress(date(2021, 4, 30)) == "销号20项（2021年6月28日办结）"
    assert action.progress(date(2021, 5, 31)) == "已逾期，销号20项（2021年6月28日办结）"
    assert [action.is_overdue(date(2021, *day)) for day in ((4, 30), (5, 31), (6, 28))] == [False, True, False]


@pytest.mark.parametrize(("on", "words"), [(date(2021, 6, 20), ""), (date(2021, 6, 21), "已逾期"), (date(2021, 5, 31), "")])
def test_one_is_overdue_when_it_was_due_before_the_day_and_nothing_came_of_it(kept, ashford, on, words):
    kept(NEWER)
    [action] = of(ashford, "hazard_overdue_share")
    assert (action.progress(on), action.record(on)["overdue"]) == (words, bool(words))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_headings_may_be_chinese_in_any_order_beside_columns_of_the_office(kept, ashford, encoding):
    kept("内部,9100,集中销号,overdue-hazards,20210305,,,,", encoding=encoding,
         head="备注,地区,交办内容,事项,交办日期,承办单位,时限,办理结果,办结日期")  # fmt: skip
    assert asked(ashford, "overdue-hazards") == ["集中销号"]


def test_without_a_file_or_a_row_nothing_is_said(kept, ashford):
    assert of(ashford, "overdue-hazards") == ()
    kept(OLDER.replace("Ashford", "Birchwood"))
    assert of(ashford, "overdue-hazards") == ()
    kept(OLDER)
    assert of(ashford, "problem-rate") == ()


def test_what_was_asked_later_or_closed_in_an_earlier_year_is_not_shown(kept, ashford):
    kept(
        "9100,overdue-hazards,2020-11-01,去年办结,,,已办,2020-12-31",
        "9100,overdue-hazards,2020-11-01,今年办结,,,已办,2021-01-01",
        "9100,overdue-hazards,2020-11-01,至今未办,,,,",
        "9100,overdue-hazards,2021-07-01,以后交办,,,,",
    )
    assert asked(ashford, "overdue-hazards") == ["今年办结", "至今未办"]


FAULTS = {
    "Ashford,overdue-hazards,2021-03-05,,,,,":
        "column asked: it is empty. Only of_whom, due_on, outcome and closed_on may be.",
    "Ashfort,overdue-hazards,2021-03-05,集中销号,,,,":
        "column region: there is no region 'Ashfort'. Did you mean Ashford (9100)?",
    "Ashford,overdue-hazard,2021-03-05,集中销号,,,,":
        "column about: 'overdue-hazard' is no rule of rules.toml and no metric. Did you mean overdue-hazards?",
    "Ashford,xyz,2021-03-05,集中销号,,,,":
        "column about: 'xyz' is no rule of rules.toml and no metric. `briefs metrics` lists them.",
    "Ashford,overdue-hazards,3/5/2021,集中销号,,,,": "column asked_on: '3/5/2021' is no day. Write it as 2021-03-05.",
    "Ashford,overdue-hazards,2021-03-05,集中销号,,2021-02-30,,": "column due_on: '2021-02-30' is no day. Write it as 2021-03-05.",
    "Ashford,overdue-hazards,2021-03-05,集中销号,,2021-03-04,,":
        "column due_on: 2021-03-04 is before asked_on, 2021-03-05. Correct one of them.",
    "Ashford,overdue-hazards,2021-03-05,集中销号,,,已办,2021-03-04":
        "column closed_on: 2021-03-04 is before asked_on, 2021-03-05. Correct one of them.",
    "Ashford,overdue-hazards,2021-03-05,集中销号,,,已办,": "column closed_on: it is empty, and there is an outcome. Write the day of it.",
    "Ashford,overdue-hazards,2021-03-05,集中销号,,,,2021-03-09":
        "column outcome: it is empty, and closed_on is not. Write what came of it.",
    'Ashford,overdue-hazards,2021-03-05,"集中\n销号",,,,':
        "column asked: it has a line break or another control character. Write it in one line.",
}  # fmt: skip


@pytest.mark.parametrize(("row", "fault"), FAULTS.items(), ids=range(len(FAULTS)))
def test_a_faulty_row_is_named_with_its_remedy(kept, ashford, row, fault):
    kept(OLDER, row)
    with pytest.raises(DataError) as error:
        of(ashford, "overdue-hazards")
    assert str(error.value) == f"data/actions.csv, row 3, {fault}"


def test_a_row_that_says_the_same_as_another_is_named(kept, ashford):
    kept(OLDER, NEWER, OLDER.replace("Ashford", "9100").replace("2021-03-05", "2021/3/5"))
    with pytest.raises(DataError) as error:
        of(ashford, "overdue-hazards")
    assert str(error.value) == "data/actions.csv, row 4 says the same as row 2. Delete one of them."


def test_all_faults_are_named_at_once_and_in_chinese_where_messages_are(kept, ashford, monkeypatch):
    kept("兰洲,overdue-hazards,,集中销号,,,,", "Ashford,overdue-hazards,2021-03-05,集中销号,,2021-3-4,,")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(DataError) as error:
        of(ashford, "overdue-hazards")
    assert str(error.value).splitlines() == [
        "data/actions.csv第2行“交办日期”栏：没有填写。只有承办单位、时限、办理结果、办结日期可以空着。",
        "data/actions.csv第2行“地区”栏：没有“兰洲”这个地区。可用的地区见regions.csv。",
        "data/actions.csv第3行“时限”栏：2021-03-04早于交办日期2021-03-05，请改正其一。",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"region,about\n", f"data/actions.csv has the column asked_on not at all. Its columns are {', '.join(HEADINGS)}."),
        (f"{HEAD},地区\n".encode(), f"data/actions.csv has the column region twice. Its columns are {', '.join(HEADINGS)}."),
        (f"{HEAD}\n{OLDER},x\n".encode(),
         "data/actions.csv, row 2 has more cells than there are columns. Put a text with a comma in quotes."),
        (b"\xff\xfe\x00", "data/actions.csv is neither UTF-8 nor GB18030. Save it again as CSV in UTF-8."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_table_is_refused(kept, ashford, content, fault):
    kept().write_bytes(content)
    with pytest.raises(DataError) as error:
        of(ashford, "overdue-hazards")
    assert str(error.value) == fault


def test_faults_are_found_by_a_check_and_before_a_build(kept, ashford):
    regions = ashford.snapshot.regions
    kept(OLDER, NEWER)
    assert incremental.check_actions(regions) == 2
    kept("Ashford,xyz,2021-03-05,集中销号,,,,")
    fault = "data/actions.csv, row 2, column about: 'xyz' is no rule of rules.toml and no metric. `briefs metrics` lists them."
    assert check.findings([], regions) == [fault]
    with pytest.raises(DataError, match="row 2"):
        incremental.check_actions(regions)


def test_the_doctor_counts_the_rows_or_names_what_is_wrong(kept):
    def seen():
        found = doctor._look(lambda: doctor._actions(REAL))
        return found.what, found.remedy

    assert seen() == ("No data/actions.csv, so that no deadlines of lights and targets are printed.", None)
    kept(OLDER.replace("Ashford", "兰州"))
    assert seen() == ("data/actions.csv, 1 rows.", None)
    kept(OLDER)
    fault = "data/actions.csv, row 2, column region: there is no region 'Ashford'. `regions.csv` lists the regions."
    assert seen() == ("What was asked because of lights and targets.", fault)


def test_a_chapter_asks_for_the_rows_of_its_region_alone(kept, ashford, noting):
    kept(OLDER)
    of(ashford, "overdue-hazards")
    question, *others = read_log.noted(noting)
    assert (question, others) == (("actions", "9100"), [])

    def changed():
        return Answers(ashford.results).changed(read_log.noted(noting))

    kept(OLDER, NEWER.replace("9100", "Birchwood"))
    assert changed() == []
    kept(OLDER.replace("销号20项", "销号21项"))
    assert changed() == ["what was asked of 9100 in data/actions.csv changed"]


def test_the_table_of_lights_has_what_it_takes_whose_until_when_and_what_came_of_it(kept, ashford, shown):
    kept(OLDER, NEWER)
    blocks.lights(ashford)
    table = shown[-1]
    assert (table["caption"], table["header"]) == (
        "Ashford黄灯熄灯条件和交办情况（截至2021年6月末）", ["警示事项", "怎样熄灯", "责任处室", "时限", "进展"],
    )  # fmt: skip
    assert table["rows"] == [
        [
            "隐患逾期未销号比重偏高",
            "再销号18项逾期隐患，比率可降至15%以下",
            "应急管理处",
            "2021年6月20日；2021年4月30日",
            "2021年5月6日约谈企业：已逾期；2021年3月5日集中销号：销号20项（2021年4月28日办结）",
        ]
    ]


def test_the_table_of_targets_leaves_the_place_blank_where_nothing_is_on_record(kept, ashford, shown):
    blocks.targets(ashford)
    assert shown[-1]["header"] == ["目标任务", "怎样达标", "责任处室", "时限", "进展"]
    assert shown[-1]["rows"] == [["新设立市场主体", "还差940户", "登记注册处", "", ""]]


def test_signals_carry_what_it_takes_and_what_was_asked(kept, ashford):
    kept(NEWER)
    light, target = (signal.record() for signal in signals(ashford)[:2])
    assert (light["kind"], light["takes"], light["owner"]) == ("light", "再销号18项逾期隐患，比率可降至15%以下", "应急管理处")
    assert [(action["asked"], action["overdue"]) for action in light["actions"]] == [("约谈企业", True)]
    assert (target["kind"], target["takes"], target["actions"]) == ("target", "还差940户", [])


@pytest.mark.parametrize(("span", "when"), [("ytd", "截至2021年6月末"), ("month", "2021年6月"), ("quarter", "2021年二季度")])
def test_the_table_of_signals_has_what_it_takes_and_its_period(ashford, shown, span, when):
    blocks.signals(ashford.over(Period(2021, 6, span)))
    [table] = shown
    assert table["caption"] == f"Ashford需关注和向好的事项（{when}）"
    assert table["rows"][0] == [
        "黄灯警示", "隐患逾期未销号比重偏高：未销号隐患中已逾整改期限的占30.0%；再销号18项逾期隐患，比率可降至15%以下", "应急管理处",
    ]  # fmt: skip


def test_a_rule_may_name_another_office(ashford):
    rule = next(rule for rule in actions.rules() if rule.id == "overdue-hazards")
    assert rule.office == "应急管理处"
    assert rule.model_copy(update={"owner": "省安委办", "off": Decimal(1)}).office == "省安委办"
