"""The status names every pack that needs attention, in a state of its own, and nothing that is in order."""

import pytest

from city_briefs.analysis.figures import views
from city_briefs.metrics import CATALOGUE
from tests.delivery.conftest import CITIES
from tests.helpers import blocks


def states(found, *kinds):
    return [(one.region, one.period, one.state) for one in found if one.state in kinds]


def of_lanzhou(found):
    return [(one.period, one.state, dict(one.details)) for one in found if one.region == "620100"]


@pytest.mark.parametrize(
    ("day", "period", "state", "by"),
    [
        ("2022-01-08", "2021", "due", "2022-01-17"),
        ("2022-01-17", "2021", "due", "2022-01-17"),
        ("2022-01-18", "2021", "late", "2022-01-17"),
        ("2022-02-07", "2021", "late", "2022-01-17"),  # the calendar asks on the 8th
        ("2022-02-08", "2022-01", "due", "2022-02-18"),  # ten working days from February 7, after the Spring Festival
        ("2022-02-19", "2022-01", "late", "2022-02-18"),
    ],
)
def test_what_the_calendar_has_asked_for_and_nothing_stands_of(bureau, day, period, state, by):
    found = bureau(day)
    assert states(found, "due", "late") == [(city, period, state) for city in CITIES]
    assert {one.details["deadline"] for one in found} == {by}
    lacking = {one.region for one in found if "reason" in one.details}
    assert lacking == set(CITIES) - ({"620100", "620200"} if period == "2021" else set())


def test_gaps_count_from_the_first_period_of_which_anything_stands(bureau, office):
    office.edition(period="2021-11")
    office.edition(period="2021", draft=True)
    found = bureau()
    assert [one for one in of_lanzhou(found) if one[1] in ("due", "late")] == []
    assert states(found, "late") == [(city, "2021-11", "late") for city in CITIES[1:]]
    assert states(found, "due") == [(city, "2021", "due") for city in CITIES[1:]]


@pytest.mark.parametrize(("editions", "draft", "waits"), [(0, 1, True), (1, 2, True), (1, 1, False), (2, 1, False)])
def test_a_draft_waits_while_it_is_newer_than_the_edition(bureau, office, editions, draft, waits):
    for number in range(1, editions + 1):
        office.edition(number=number)
    office.edition(number=draft, draft=True)
    expected = [("2021", "drafted", {"edition": draft})] if waits else []
    assert [one for one in of_lanzhou(bureau()) if one[1] == "drafted"] == expected


def test_an_edition_is_undelivered_until_everyone_has_it(bureau, office, briefs, tmp_path):
    (tmp_path / "shared").mkdir()
    office.edition()
    office.edition("620200")
    assert states(bureau(), "undelivered") == []  # nobody is to get any
    office.recipients(f"folder:{tmp_path}/shared,兰州,*,pdf,", "li@city.test,兰州,*,pdf,")
    both = {"edition": 1, "to": [f"folder:{tmp_path}/shared", "li@city.test"]}
    assert of_lanzhou(bureau()) == [("2021", "undelivered", both)]
    assert briefs("deliver", "--send")[0] == 4  # no mail server is there
    assert of_lanzhou(bureau()) == [("2021", "undelivered", both | {"to": ["li@city.test"]})]


def test_an_attempt_that_failed_is_told_with_its_reason(bureau, office):
    folder = office.edition(unmade=True)
    (folder / "reason.log").write_text("兰州市 2021: summary stopped.\n", "utf-8")
    assert of_lanzhou(bureau()) == [("2021", "failed", {"reason": "兰州市 2021: summary stopped."})]


def test_an_edition_that_is_not_as_it_was_issued_is_told(bureau, office):
    folder = office.edition()
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("兰州市市场", "兰州市场"), "utf-8")
    reason = "editions/2021/620100/city-brief/1/manifest.json is not as it was issued. Put it back from a copy of the register."
    assert [one for one in of_lanzhou(bureau()) if one[1] == "failed"] == [("2021", "failed", {"reason": reason})]


def test_what_was_not_sent_and_what_waits_to_be_mended(bureau):
    silent = [{"table": "entities", "region": "620200", "month": "2021-12", "usual": "30"}]
    rejected = [
        {"table": "complaints", "region": "620100", "month": "2021-11", "rows": "2"},
        {"table": "complaints", "region": "620100", "month": "2015-11", "rows": "2"},  # before packs are asked for
    ]
    found = bureau(silent=silent, rejected=rejected)
    assert [one.record for one in found if one.state in ("unreported", "rejected")] == [
        {"pack": "city-brief", "region": "620200", "period": "2021", "state": "unreported", "table": "entities"},
        {"pack": "city-brief", "region": "620100", "period": "2021-11", "state": "rejected", "table": "complaints", "rows": 2},
    ]


def stated(value, *, metric="new_entities", year=2021, definition=None):
    """A block that states the value of a metric in 兰州市."""
    figure = blocks.figure(metric=metric, value=value, text=f"{value}户", year=year)
    card = blocks.metric(id=metric, hash=definition or CATALOGUE[metric].hash)
    return blocks.block("prose", figures=[figure], metrics=[card])


@pytest.mark.parametrize(
    ("block", "moved"),
    [
        (stated(5), [{"metric": "new_entities", "label": "新设立市场主体", "before": "5户", "after": "3户"}]),
        (stated(3), []),
        (stated(5, year=2020), []),  # not of its own period
        (stated(5, definition="2:another"), []),  # defined anew, which is no correction
        (stated(5, metric="no_metric_any_more", definition="2:x"), []),
    ],
)
def test_an_edition_whose_numbers_a_correction_has_moved_is_outdated(bureau, office, block, moved):
    office.edition(blocks=[block])
    expected = [("2021", "outdated", {"edition": 1, "moved": moved})] if moved else []
    assert [one for one in of_lanzhou(bureau()) if one[1] == "outdated"] == expected
    assert [one for one in of_lanzhou(bureau()) if one[1] == "outdated"] == expected  # as it was kept


def test_what_several_packs_state_is_asked_once_and_their_answers_are_kept(bureau, office, monkeypatch):
    looked = []
    monkeypatch.setattr(
        views, "look", lambda scope, metric, view, look=views.look: looked.append(metric.id) or look(scope, metric, view)
    )
    for pack in ("city-brief", "targets", "safety-assessment"):
        office.edition(pack=pack, blocks=[stated(5)])
    outdated = [one.pack for one in bureau() if one.state == "outdated"]
    assert (outdated, looked) == (["city-brief", "safety-assessment", "targets"], ["new_entities"])
    assert [one.pack for one in bureau() if one.state == "outdated"] == outdated and looked == ["new_entities"]


def test_only_the_newest_edition_can_be_outdated(bureau, office):
    office.edition(blocks=[stated(5)])
    office.edition(number=2, blocks=[stated(3)])
    assert [one for one in of_lanzhou(bureau()) if one[1] == "outdated"] == []


@pytest.mark.parametrize(("language", "line"), [
    ("en", "2021 金昌市 city-brief due (by 2022-01-17, no data for 2021-12)"),
    ("zh", "2021 金昌市 city-brief 待编制 （应于2022-01-17前，没有2021-12的数据）"),
])  # fmt: skip
def test_the_command_says_a_line_for_each_and_ends_with_one(bureau, office, briefs, language, line):
    file = office.folder / "briefs.toml"
    file.write_text(f'language = "{language}"\n{file.read_text("utf-8")}', "utf-8")
    code, out, err = briefs("status", "--on", "2022-01-10", "--data", bureau.snapshot().path)
    assert (code, err) == (1, "") and line in out.splitlines()


def test_the_command_ends_with_zero_when_all_is_in_order_and_two_when_it_cannot_tell(bureau, office, briefs):
    for city in CITIES:
        office.edition(city)
    there = bureau.snapshot().path
    assert briefs("status", "--on", "2022-01-10", "--data", there, "--json") == (0, "[]\n", "")
    code, out, err = briefs("status", "--data", office.folder / "nowhere")
    assert (code, out) == (2, "") and err.endswith("\n") and len(err.splitlines()) == 1


def test_an_alert_is_mailed_when_something_needs_attention(bureau, office, briefs, served):
    mailbox = served()
    assert briefs("status", "--on", "2022-01-10", "--data", bureau.snapshot().path, "--alert")[0] == 1
    [(address, mail)] = mailbox.mails()
    assert (address, mail["Subject"]) == ("chief@office.test", "City Briefs: 14 matters need attention")


def test_an_alert_is_mailed_too_when_no_answer_can_be_given(bureau, office, briefs, served):
    mailbox = served()
    code, _, err = briefs("status", "--data", office.folder / "nowhere", "--alert")
    [(_, mail)] = mailbox.mails()
    assert (code, mail["Subject"]) == (2, "City Briefs: no answer could be given")
    assert err.strip() in mail.get_body(("plain",)).get_content()


def test_the_record_of_a_run_that_cannot_be_read_is_no_reason_to_stop(bureau, office, briefs):
    office.out.mkdir(exist_ok=True)
    (office.out / "run.json").write_text("{", "utf-8")
    code, out, _ = briefs("status", "--on", "2022-01-10", "--data", bureau.snapshot().path)
    assert code == 1 and "Last build: none is recorded." in out
