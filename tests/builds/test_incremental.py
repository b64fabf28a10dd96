"""A build runs again what has changed and nothing else, says because of what, and comes out as if all had been made anew."""

import os
import shutil
import signal

import pytest
from bs4 import BeautifulSoup

from tests.helpers.province import ALL, CODES, ENTITY, HAZARD, REGIONS, SAFETY, SMALL, SUMMARY, Province
from tests.helpers.size import in_full


def printed(file):
    """The words of a page."""
    return BeautifulSoup(file.read_text("utf-8"), "html.parser").select_one("body").get_text()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project with all its packs."""
    folder = tmp_path_factory.mktemp("province")
    province = Province(folder)
    province.data(folder / "data")
    statuses, ran = province.ran()
    assert statuses == {"built": 4}
    assert ran == dict.fromkeys(ALL, 1)  # the chapter that two packs share as well
    return province


@pytest.fixture
def province(made, tmp_path):
    return made.copied(tmp_path)


def a_definition_and_a_remark(province, folder):
    province.replace(
        "lib/city_briefs/metrics/safety.py", "期末已发现、尚未整改销号的安全隐患项数。", "期末尚未销号的安全隐患项数。"
    )
    remark = province.root / "data/notes/2021/9100/summary.md"
    remark.parent.mkdir(parents=True)
    remark.write_text("---\n标题: 原因分析\n作者: 登记处\n日期: 2022-01-10\n---\n新设立{{new_entities}}。\n", "utf-8")


def a_record_that_its_city_lists(province, folder):
    """And a record of a chapter that was cut off as it was written."""
    province.data(folder / "data", hazards=HAZARD.replace("sealed", "razed", 1))
    (province.out / ".chapters/2021/9200/summary.json").write_text('{"notebook": "', "utf-8")


def a_record_that_all_cities_compare(province, folder):
    """And an executed notebook that somebody has opened and saved."""
    province.data(folder / "data", entities=f"{ENTITY}    c  9100  2021-05-02\n")
    with (province.out / ".chapters/2021/9100/safety.ipynb").open("a") as file:
        file.write(" ")


def a_notebook(province, folder):
    """And all results that were kept are gone."""
    province.edit("safety", "topic", "# Hazards")
    shutil.rmtree(province.out / ".results")


def a_day_that_no_chapter_tells(province, folder):
    """Only the id of the snapshot, which stands in every document, is another."""
    province.data(folder / "data", entities=ENTITY.replace("2021-03-02", "2021-03-09"))


LOST = "it has not run, or its last run was not kept"
ANEW = "city-brief would be made of what they then say."
BOUND_ANEW = (
    "city-brief would be made again from its chapters, which stand: "
    "its documents are not there, or of another snapshot, title, version, look or set of fonts, or unsigned by the key in use."
)
CHANGES = {
    a_definition_and_a_remark: (
        {*SAFETY, ("Ashford", "summary")},
        {"built": 3, "kept": 1},
        [
            "summary would run: the remark changed.",
            "safety would run: the definition of hazards_open, or where it comes from changed.",
            ANEW,
        ],
        ["safety would run: the definition of hazards_open, or where it comes from changed.", ANEW],
    ),
    a_record_that_its_city_lists: (
        {("Ashford", "safety"), ("Birchwood", "summary")},
        {"built": 4},
        ["safety would run: the rows of hazards changed (9100).", ANEW],
        [f"summary would run: {LOST}.", ANEW],
    ),
    a_record_that_all_cities_compare: (
        {*SUMMARY, ("Ashford", "safety")},
        {"built": 4},
        [
            "summary would run: the results of new_entities changed (9000, 9100).",
            f"safety would run: {LOST}.",
            ANEW,
        ],
        ["summary would run: the results of new_entities changed (9000).", ANEW],
    ),
    a_notebook: (
        SAFETY,
        {"built": 2, "kept": 2},
        ["safety would run: safety.ipynb changed.", ANEW],
        ["safety would run: safety.ipynb changed.", ANEW],
    ),
    a_day_that_no_chapter_tells: (set(), {"built": 4}, [BOUND_ANEW], [BOUND_ANEW]),
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(*case, id=case[0].__name__, marks=() if case[0] in (a_record_that_its_city_lists, a_notebook) else in_full)
        for case in CHANGES.items()
    ],
)
def test_just_the_chapters_run_that_a_change_concerns_and_all_comes_out_as_if_made_anew(province, tmp_path, change, expected):
    chapters, statuses, *reasons = expected
    change(province, tmp_path)
    assert [province.why(code=code) for code in CODES] == reasons
    assert province.ran() == (statuses, dict.fromkeys(chapters, 1))
    changed = province.files()
    assert province.ran("--fresh") == ({"built": 4}, dict.fromkeys(ALL, 1))
    assert province.files() == changed


def test_a_second_build_runs_nothing(province):
    before = province.files()
    assert province.ran() == ({"kept": 4}, {})
    shutil.rmtree(province.out / ".chapters/2021/9100/")  # may be thrown away at any time
    assert province.why(code="9200") == [BOUND_ANEW]  # in the formats that were not asked for
    assert province.ran() == ({"kept": 4}, {("Ashford", "summary"): 1, ("Ashford", "safety"): 1})
    assert province.files() == before


def test_the_metrics_of_page_one_concern_the_chapters_that_show_it(province):
    province.replace("notebooks/packs.toml", "[[pack]]", 'page_one = ["new_entities"]\n\n[[pack]]')
    province.edit("summary", "call", "page_one()")
    assert province.ran() == ({"built": 4}, dict.fromkeys(SUMMARY, 1))
    province.replace("notebooks/packs.toml", '"new_entities"', '"new_entities", "new_enterprises"')
    assert province.why() == ["summary would run: the metrics of page one in packs.toml changed.", ANEW]
    assert province.ran() == ({"built": 4}, dict.fromkeys(SUMMARY, 1))
    province.replace("notebooks/packs.toml", "new_enterprises", "new_enterprise")
    unknown = "packs.toml, page_one: there is no metric 'new_enterprise'. Did you mean new_enterprises?"
    refused = province.briefs("build", *SMALL)
    assert (refused.returncode, unknown in refused.stderr, "Traceback" in refused.stderr) == (5, True, False)


def test_another_export_makes_packs_again_from_chapters_that_stand(province):
    build = ("build", "--year", "2021", "--city", "Ashford", "--jobs", "1")
    assert province.briefs(*build).returncode == 0
    assert province.why() == ["city-brief stands as it would be made."]
    assert province.why("short-brief") == ["short-brief stands as it would be made."]
    record = province.out / ".chapters/2021/9100/summary.json"
    content = record.read_bytes()
    record.unlink()
    assert province.why() == ["city-brief stands as it would be made."]  # so a build has it, which looks for no chapter then
    record.write_bytes(content)
    province.replace("lib/city_briefs/production/export/html.py", '"""', '"""As printed: ')
    assert province.why() == [BOUND_ANEW]
    assert province.ran() == ({"built": 4}, {})


def test_word_styles_of_the_office_make_packs_again_from_chapters_that_stand(province):
    standard = province.root / "lib/city_briefs/production/export/reference.docx"
    shutil.copyfile(standard, province.root / "data/reference/reference.docx")
    assert province.why() == [BOUND_ANEW]
    assert province.ran() == ({"built": 4}, {})


def test_what_concerns_every_chapter_is_named(province, tmp_path):
    """A module that chapters use; and the name of a city, with which its chapters are run."""
    province.replace("lib/city_briefs/analysis/figures/sentences.py", '"""', '"""As said: ')
    province.data(tmp_path / "data", regions=REGIONS.replace("Ashford,Ashford", "Ashton,Ashton"))
    both = "lib/city_briefs/analysis/figures/sentences.py changed; regions.csv changed"
    assert province.why() == [
        f"summary would run: {both}; the parameters changed.",
        f"safety would run: {both}; the parameters changed.",
        ANEW,
    ]
    assert province.why(code="9200") == [f"summary would run: {both}.", f"safety would run: {both}.", ANEW]


def test_what_was_asked_because_of_a_light_runs_the_chapter_again_that_shows_it(province, tmp_path):
    """Forty hazards of each city are open and overdue, so that the light is on; a faulty row stops a build before any chapter."""
    head = "hazard_id region domain level found_on due_on"
    hazards = [f"{code}-{number} {code} food major 2021-06-01 2021-08-01" for code in CODES for number in range(40)]
    province.data(tmp_path / "data", hazards="\n".join([head, *hazards]))
    province.edit("safety", "call", "lights()")
    assert province.ran()[1] == dict.fromkeys(SAFETY, 1)
    file = province.root / "data/actions.csv"
    file.write_text(
        "地区,事项,交办日期,交办内容,承办单位,时限,办理结果,办结日期\nAshford,overdue-hazards,2021-12-01,集中销号,,2021-12-20,,\n",
        "utf-8",
    )
    assert province.why() == ["safety would run: what was asked of 9100 in data/actions.csv changed.", ANEW]
    assert province.why(code="9200") == [BOUND_ANEW]  # in the formats that were not asked for
    assert province.ran() == ({"built": 1, "kept": 3}, {("Ashford", "safety"): 1})
    assert "2021年12月1日集中销号：已逾期" in printed(province.out / "2021/9100/city-brief.html")
    file.write_text(file.read_text("utf-8").replace("Ashford", "Ashfort"), "utf-8")
    done = province.briefs("build", *SMALL)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "data/actions.csv, row 2, column region: there is no region 'Ashfort'. Did you mean Ashford (9100)?\n"


def test_why_is_asked_of_one_region(province):
    done = province.briefs("why", "city-brief", "--year", "2021")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "city-brief is made for each city. Name one with --city.\n"


@in_full
def test_an_interrupted_build_goes_on_with_the_chapters_that_it_has_not_run(province):
    shutil.rmtree(province.out)
    (province.root / "ran").unlink()
    started = province.start("build", *SMALL)
    assert "[1/4]" in started.stderr.readline()
    os.killpg(started.pid, signal.SIGINT)
    started.communicate()
    assert started.returncode == 130
    first = province.notes()
    province.build(*SMALL)
    assert 0 < first.total() < 4
    assert province.notes() == dict.fromkeys(ALL, 1)


def test_a_pack_that_fails_leaves_a_draft_that_says_where_and_nothing_of_the_data(province):
    edition = (province.out / "2021/9100/city-brief.html").read_bytes()
    fails = (
        'import os\nif city == "Ashford" and not os.path.exists("../mended"):\n    raise ValueError("秘密 31415")\nhazard_list()'
    )
    province.edit("safety", "call", fails)
    assert province.ran(code=4) == ({"built": 1, "kept": 2, "failed": 1}, dict.fromkeys(SAFETY, 1))
    draft = province.out / "2021/9100/incomplete/city-brief"
    assert {file.name for file in draft.iterdir()} == {"city-brief.html", "manifest.json", "safety.ipynb", "reason.log"}
    assert "safety stopped" in (draft / "reason.log").read_text("utf-8")
    assert "31415" not in (draft / "reason.log").read_text("utf-8")
    page = printed(draft / "city-brief.html")
    assert "未完成稿，不得报送 · 市场监管工作简报 · Ashford · 2021年" in page
    assert (
        "本章未能编制。 笔记本safety.ipynb在第6个单元格（“The figures”一节）停止；"
        "参数：year=2021，through=12，city=Ashford；错误类型：ValueError。"
    ) in page
    assert "Ashford新设立市场主体1户" in page  # the chapter that did not fail
    assert "31415" not in page
    assert "隐患" not in page
    assert "未完成稿" not in printed(province.out / "2021/9100/short-brief.html")
    assert (province.out / "2021/9100/city-brief.html").read_bytes() == edition
    assert "incomplete" not in (province.out / "index.html").read_text("utf-8")
    assert province.why() == ["safety would run: safety.ipynb changed.", ANEW]

    (province.root / "mended").touch()
    assert province.ran() == ({"built": 1, "kept": 3}, {("Ashford", "safety"): 1})
    assert not (province.out / "2021/9100/incomplete").exists()
