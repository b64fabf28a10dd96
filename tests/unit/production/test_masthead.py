"""The masthead of a pack: how issues are numbered, and what stands there before and after somebody has signed."""

import pytest

from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period
from city_briefs.production.packs import masthead, packs_toml
from city_briefs.production.packs.edition import Approval, Edition
from city_briefs.production.packs.masthead import Masthead
from city_briefs.production.packs.plan import plan
from tests.unit.production.test_index_page import SOURCE
from tests.unit.production.test_packs_toml import PACK

OFFICE = Masthead(office="综合规划处", first_issue="2020-01", copies="省局有关处室")
PAGE_ONE = PACK + 'province = { chapters = ["summary"], addressee = "省局领导" }\n'


@pytest.mark.parametrize(
    ("first", "period", "words"),
    [
        ("2020-01", Period(2022), "第12期（总第36期）"),
        ("2020-01", Period(2022, 1), "第1期（总第25期）"),
        ("2020-01", Period(2022, 4, "month"), "第4期（总第28期）"),
        ("2020-01", Period(2020, 1), "第1期（总第1期）"),
        ("2020-03", Period(2020, 2), ""),
        ("2020-01", Period(2011), ""),
        ("2020-01", Period(2022, 6, "quarter"), "第2期（总第10期）"),
        ("2020-02", Period(2020, 3, "quarter"), "第1期（总第1期）"),
        ("2020-04", Period(2020, 3, "quarter"), ""),
        ("2020-01", Period(2022, 12, "half"), "第2期（总第6期）"),
    ],
)
def test_an_issue_is_numbered_in_its_year_and_from_the_first_on(first, period, words):
    assert masthead.issue(first, period) == words


def printed(edition, office=OFFICE, period=Period(2022)):  # noqa: B008  # which nothing changes
    return masthead.printed(office, "甲市工作简报", "市政府", period, edition)


def test_a_draft_says_to_which_day_its_data_go_and_leaves_the_names_open():
    assert printed(Edition()) == {
        "name": "甲市工作简报",
        "issue": "2022年　第12期（总第36期）",
        "office": "综合规划处编印",
        "day": "数据截至2022年12月31日",
        "foot": "报送：市政府　抄送：省局有关处室　送审稿（第1版）　审核：——　签发：——",
        "imprint": [["主送：市政府。", ""], ["抄送：省局有关处室。", ""], ["综合规划处", "送审稿，未印发"]],
    }


def test_an_approved_edition_says_who_signed_it_and_when():
    made = printed(Edition(2, Approval("甲", "乙", "2023-01-10")), Masthead(office="综合规划处", first_issue="2020-01"))
    assert made["day"] == "2023年1月10日"
    assert made["foot"] == "报送：市政府　第2版　审核：甲　签发：乙"
    assert made["imprint"] == [["主送：市政府。", ""], ["综合规划处", "2023年1月10日印发"]]


def test_before_the_first_issue_and_without_an_edition_nothing_is_made_up():
    made = printed(None, period=Period(2011))
    assert (made["issue"], made["foot"].split("　")[2:]) == ("2011年", ["送审稿", "审核：——", "签发：——"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            'masthead = { office = "处", first_issue = "2020-13" }',
            "packs.toml, pack city-brief: masthead.first_issue is a month such as 2020-01, not '2020-13'.",
        ),
        (
            'masthead = { office = "处", first_issue = 2020 }',
            "packs.toml, pack city-brief: masthead.first_issue is a text in quotes, not '2020'.",
        ),
        (
            'masthead = { office = " ", first_issue = "2020-01" }',
            "packs.toml, pack city-brief: masthead.office is a text that is not empty.",
        ),
        ('masthead = { office = "处" }', "packs.toml, pack city-brief: there is no masthead.first_issue."),
        (
            'masthead = { office = "处", first_issue = "2020-01", copy = "省局" }',
            "packs.toml, pack city-brief: there is no key 'masthead.copy'. Did you mean copies?",
        ),
        ('masthead = "处"', "packs.toml, pack city-brief: masthead is a table, not '处'."),
        ('appendix = "none"', "packs.toml, pack city-brief: appendix is 'own' or 'manual', not 'none'."),
        ('province = { chapters = ["summary"] }', "packs.toml, pack city-brief: there is no province.addressee."),
        (
            'province = { chapters = ["sumary"], addressee = "省局领导" }',
            "packs.toml: city-brief has a chapter 'sumary' without a notebook. Did you mean summary?",
        ),
    ],
)
def test_a_wrong_setting_of_a_pack_is_a_sentence(tmp_path, line, message):
    assert refused(tmp_path, f"{PACK}{line}\n") == message


def test_a_pack_of_the_province_has_no_part_for_the_province_too(tmp_path):
    assert refused(tmp_path, PAGE_ONE.replace('per = "city"', 'per = "province"')) == (
        "packs.toml: city-brief is made per province, and has a part for the province too. Take out province = {…}."
    )


def refused(folder, text):
    (folder / "packs.toml").write_text(text, "utf-8")
    (folder / "summary.ipynb").touch()
    with pytest.raises(UsageError) as error:
        packs_toml.packs(folder)
    return str(error.value)


def test_a_pack_for_the_province_too_takes_the_parameter_of_the_level_that_it_is_made_for(tmp_path):
    (tmp_path / "packs.toml").write_text(PAGE_ONE, "utf-8")
    (tmp_path / "summary.ipynb").touch()
    pack = packs_toml.packs(tmp_path)["city-brief"]
    assert (pack.levels, pack.addressee_of("city"), pack.addressee_of("province")) == (("city", "province"), "市政府", "省局领导")
    assert packs_toml.parameters(pack, city="甲市", year=2021).model_dump() == {"year": 2021, "through": 12, "city": "甲市"}
    assert packs_toml.parameters(pack, province="甲省", year=2021).model_dump()["province"] == "甲省"
    assert (pack.chapters_of("county"), pack.chapters_of("province")) == ((), ("summary",))


@pytest.fixture
def requests(tmp_path, real):
    """Gives of a pack, by its id, for whom it is made of the real counts when these regions are named, and of which chapters."""

    def asked(pack, *words):
        regions = [real.regions.find(word) for word in words]
        made = plan([packs_toml.packs()[pack]], real.regions, regions, [Period(2011)], source=SOURCE, out=tmp_path, formats=())
        return [(one.region.name, [chapter.name for chapter in one.chapters], list(one.parameters.model_dump())) for one in made]

    return asked


def test_page_one_is_made_for_the_province_and_each_city_or_for_those_that_are_named(requests):
    every = requests("page-one")
    assert every[0] == ("甘肃省", ["province-page"], ["year", "through", "province"])
    assert len(every) == 15 and all(chapters == ["summary"] for _, chapters, _ in every[1:])
    assert [name for name, *_ in requests("page-one", "兰州", "甘肃省")] == ["兰州市", "甘肃省"]
    assert requests("city-brief", "甘肃省") == []


def test_a_pack_without_the_new_settings_is_written_as_before():
    """By this, editions that were issued before stay what they are."""
    pack = packs_toml.Pack(id="x", title="简报", per="city", addressee="市政府", chapters=("summary",))
    assert not {"province", "masthead", "appendix"} & pack.model_dump().keys()
