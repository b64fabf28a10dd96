"""`briefs check`: the rules of chapters and remarks, then the packs of one city."""

import json

import nbformat
import pytest

from city_briefs.app import check
from city_briefs.common import page_one_line, paths
from city_briefs.common.errors import UsageError
from city_briefs.common.regions import read
from tests.helpers.project import Project, city_brief, sentences

REGIONS = read(paths.reference() / "regions.csv")
FRONT = "---\n标题: 工作亮点\n作者: 登记注册处\n日期: 2012-01-10\n---\n"
CHAPTER = "business-environment"
ONE_CHAPTER = city_brief(CHAPTER)
PLACE = "data/notes/<period>/<region code>/<chapter>.md, such as data/notes/2021/620100/safety.md"
PERIOD = "A period is a year such as 2021, January to April as 2021-04, or 2021-M04, 2021-Q1, 2021-S1."


@pytest.mark.parametrize(
    ("place", "finding"),
    [
        ("safety.md", f"data/notes/safety.md is where no chapter looks for a remark. One lies in {PLACE}."),
        ("2021/620100/safety.docx", f"data/notes/2021/620100/safety.docx is where no chapter looks for a remark. One lies in {PLACE}."),
        ("21/620100/safety.md", f"data/notes/21/620100/safety.md: there is no period '21'. {PERIOD}"),
        ("2021-4/620100/safety.md", f"data/notes/2021-4/620100/safety.md: there is no period '2021-4'. {PERIOD}"),
        ("2021-12/620100/safety.md", f"data/notes/2021-12/620100/safety.md: there is no period '2021-12'. {PERIOD}"),
        ("2021/兰州/safety.md", "data/notes/2021/兰州/safety.md: there is no region '兰州'. Its code names it, such as 620100."),
        ("2021/999999/safety.md", "data/notes/2021/999999/safety.md: there is no region '999999'. Its code names it, such as 620100."),
        ("2021/620100/safty.md", "data/notes/2021/620100/safty.md: no pack of 兰州市 (620100) has a chapter 'safty'. Did you mean safety?"),
        ("2021/620000/safety.md", "data/notes/2021/620000/safety.md: no pack of 甘肃省 (620000) has a chapter 'safety'."),
        ("2021/629999/safety.md", "data/notes/2021/629999/safety.md: no pack of 其他 (629999) has a chapter 'safety'."),
    ],
)  # fmt: skip
def test_a_remark_that_no_chapter_would_print_is_found(tmp_path, monkeypatch, place, finding):
    monkeypatch.setattr(paths, "notes", lambda: tmp_path / "data/notes")
    file = paths.notes() / place
    file.parent.mkdir(parents=True)
    file.write_text(FRONT + "平稳。", "utf-8")
    assert check.findings([], REGIONS) == [finding]


@pytest.mark.parametrize("place", ["2021/620100/safety.md", "2021-04/620100/yellow-light.md", "2021/620000/target-progress.md"])
def test_a_remark_that_a_chapter_prints_is_none(tmp_path, monkeypatch, place):
    monkeypatch.setattr(paths, "notes", lambda: tmp_path / "data/notes")
    file = paths.notes() / place
    file.parent.mkdir(parents=True)
    file.write_text(FRONT + "平稳。", "utf-8")
    (paths.notes() / ".hidden").touch()
    assert (check.findings([], REGIONS), check.notes()) == ([], [file])
    file.write_text(FRONT + "增长12%。", "utf-8")
    [finding] = check.findings([], REGIONS)
    assert finding.startswith(f"data/notes/{place}, line 6: the number '12' is typed.")


def test_a_metric_of_page_one_that_there_is_not_is_found(monkeypatch):
    monkeypatch.setattr(page_one_line, "ids", lambda: ("entity_stok",))
    assert check.findings([], REGIONS) == ["packs.toml, page_one: there is no metric 'entity_stok'. Did you mean entity_stock?"]
    monkeypatch.setattr(page_one_line, "ids", lambda: ())  # nothing shows page one
    assert check.findings([], REGIONS) == []


def test_chapters_are_named_in_any_way_that_a_shell_completes():
    assert check.chapters(["safety", "notebooks/market-order.ipynb", "safety.ipynb"]) == ["safety", "market-order"]
    assert check.chapters([]) == sorted(notebook.stem for notebook in paths.notebooks().glob("*.ipynb"))
    with pytest.raises(UsageError) as error:
        check.chapters(["safty"])
    assert str(error.value) == "There is no notebook 'safty'. Did you mean safety?"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project of one chapter, on which 兰州 has a remark of 2011."""
    made = Project(tmp_path_factory.mktemp("check"))
    (made.root / "notebooks/packs.toml").write_text(ONE_CHAPTER, "utf-8")
    return made


def remark(project, text):
    file = project.root / f"data/notes/2011/620100/{CHAPTER}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(FRONT + text, "utf-8")


def checked(project, *words):
    """The command on the chapter."""
    return project.briefs("check", CHAPTER, "--city", "兰州", "--year", "2011", *words)


def test_a_breach_ends_with_2_before_anything_is_made(project):
    remark(project, "增长12%。")
    for words in ((), ("--rules",)):
        done = checked(project, *words)
        assert (done.returncode, done.stdout, project.out.exists()) == (2, "", False)
        assert sentences(done.stderr) == [
            f"data/notes/2011/620100/{CHAPTER}.md, line 6: the number '12' is typed. Write a number as {{{{metric}}}} or "
            "{{metric view}}, such as {{new_entities yoy}}, and a year as 本年 or 上年.",
            "Breaches of the rules: 1 (see above). No pack was made.",
        ]


def test_the_rules_alone_need_no_snapshot_and_make_nothing(project, tmp_path):
    remark(project, "同比{{new_entities yoy}}。")
    done = checked(project, "--rules", "--data", str(tmp_path / "none"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "The rules are kept. Chapters: 1; remarks: 1.\n", "")
    assert not project.out.exists()


def test_a_pack_that_cannot_be_made_ends_with_4_and_can_be_looked_at(project):
    remark(project, "同比{{new_entities change_pp}}。")
    done = checked(project)
    assert (done.returncode, done.stdout) == (4, "")
    stopped = project.out / f".check/2011/620100/incomplete/city-brief/{CHAPTER}.ipynb"
    assert stopped.exists()
    shown = stopped.relative_to(project.root)
    place = len(nbformat.read(project.root / f"notebooks/{CHAPTER}.ipynb", as_version=4).cells)
    assert sentences(done.stderr) == [
        f"兰州市 2011: {CHAPTER} stopped in the section “（三）企业培育”, cell {place}: data/notes/2011/620100/{CHAPTER}.md, line 6: "
        f"new_entities change_pp is refused: 只有百分率以个百分点比较. Write the sentence without it. See {shown}.",
        "1 of 1 packs could not be made (see above). What was made lies in outputs/.check.",
    ]


def test_a_good_remark_is_checked_and_printed_and_what_has_not_changed_is_not_made_again(project):
    remark(project, "同比{{new_entities yoy}}。")
    for status in ("built", "kept"):
        done = checked(project)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "The rules are kept. Chapters: 1; remarks: 1; packs of 兰州市: 1, in outputs/.check.\n"
        log = json.loads((project.out / ".check/run.json").read_text("utf-8"))
        assert [pack["status"] for pack in log["packs"]] == [status]
    page = (project.out / ".check/2011/620100/city-brief.html").read_text("utf-8")
    assert '<p class="heading">工作亮点</p>\n<p class="brief-prose">同比由3537户变为3453户，变化未超出随机波动。</p>' in page
    assert "登记注册处　2012年1月10日" in page
