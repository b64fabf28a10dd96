"""`briefs compare --commit`: what a change of the project does to every city, by packs that both versions make."""

import copy
import json
import os
import shutil
import signal
import subprocess

import nbformat
import pytest

from tests.helpers.province import CITIES, Province, chapter
from tests.helpers.size import in_full
from tests.helpers.waiting import until

AUTHOR = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
PACKS = ("--pack", "short-brief", "--year", "2021")
NOTHING = "Packs compared: 2; differing: 0; only in {}: 0; only in the working tree: 0. Figures that differ: 0."


class Clone(Province):
    """The small province in a clone of git, with a folder for temporary files of its own."""

    def __init__(self, folder):
        super().__init__(folder)
        self.temporary = folder / "t"
        self.temporary.mkdir()
        self.data(folder / "data")

    def git(self, *words):
        return subprocess.run(["git", *AUTHOR, *words], cwd=self.root, check=True, capture_output=True, text=True).stdout.strip()

    def committed(self, message="a"):
        """The short hash of a commit of all that is there."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "--short=8", "HEAD")

    def compare(self, *words, **variables):
        """Exit code, output and errors of a comparison, after which no worktree and no temporary file is left."""
        done = self.briefs("compare", *words, TMPDIR=str(self.temporary), **variables)
        self.see_clean()
        return done.returncode, done.stdout, done.stderr

    def see_clean(self):
        if (self.root / ".git").exists():
            assert len(self.git("worktree", "list").splitlines()) == 1
        assert [left.name for left in self.temporary.iterdir() if left.name.startswith("briefs-compare")] == []


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A clone with one commit, of which tests take copies."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    clone = Clone(tmp_path_factory.mktemp("made"))
    (clone.root / ".gitignore").write_text("outputs/\nran\n__pycache__/\n", "utf-8")
    nbformat.write(plain("say(new_entities)"), clone.root / "notebooks/summary.ipynb")
    clone.git("init", "-q")
    clone.committed()
    return clone


@pytest.fixture
def clone(made, tmp_path):
    copied = copy.copy(made)
    copied.root, copied.temporary = tmp_path / "project", tmp_path / "t"
    shutil.copytree(made.root, copied.root, symlinks=True)
    copied.temporary.mkdir()
    return copied


def plain(call):
    """A chapter that notes nothing beside it."""
    notebook = chapter("summary", call)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "notes"]
    return notebook


@in_full
def test_the_same_project_says_that_nothing_differs(clone):
    head = clone.git("rev-parse", "--short=8", "HEAD")
    code, out, err = clone.compare("--commit", "HEAD", *PACKS)
    assert (code, out.splitlines()) == (0, ["Files that differ: none.", NOTHING.format(head)])
    assert err.splitlines() == [f"Making the packs with {head} …", "Making the packs with the working tree …"]


def test_a_change_is_shown_in_every_city_and_the_lock_is_named(clone):
    """A heading is another, and the lock has a line more; nothing of it is committed."""
    head = clone.git("rev-parse", "--short=8", "HEAD")
    clone.replace("notebooks/summary.ipynb", "## The figures", "## All figures")
    (clone.root / "requirements.lock").write_text(
        (clone.root / "requirements.lock").read_text("utf-8") + "\n# another\n", "utf-8"
    )
    page = clone.root.parent / "page.html"
    code, out, _ = clone.compare("--commit", "HEAD", *PACKS, "--page", str(page))
    assert code == 0 and out.splitlines() == [
        "Files that differ: notebooks/summary.ipynb, requirements.lock.",
        "Their requirements.lock differ, and both are made with what is installed now: what other libraries would change is not seen.",
        *(
            line for city in CITIES
            for line in (f"{city} 2021 short-brief", "  summary", "    − ## The figures", "    + ## All figures")
        ),
        NOTHING.format(head).replace("differing: 0", "differing: 2"),
    ]  # fmt: skip
    written = page.read_text("utf-8")
    assert "市场主体简报：2份相同的改动" in written and "未提交的文件2个" in written
    assert "两个版本的requirements.lock不同" in written
    assert "<del><b>The</b></del> figures" in written and "<ins><b>All</b></ins> figures" in written


def test_two_commits_are_compared_whatever_the_working_tree_has(clone):
    first = clone.git("rev-parse", "--short=8", "HEAD")
    nbformat.write(plain("say(new_entities, new_enterprises)"), clone.root / "notebooks/summary.ipynb")
    second = clone.committed("更多")
    (clone.root / "notebooks/summary.ipynb").write_text("{}", "utf-8")
    code, out, err = clone.compare("--commit", first, "--commit", second, *PACKS, "--city", "Ashford", "--json")
    assert code == 0, err
    record = json.loads(out)
    [differing] = record["differing"]
    assert (record["compared"], differing["region"]) == (1, "9100")
    assert {figure["metric"] for figure in differing["figures"]} == {"new_enterprises"}


@in_full
def test_a_version_that_makes_nothing_is_said_and_ends_with_5(clone):
    head = clone.git("rev-parse", "--short=8", "HEAD")
    nbformat.write(plain("say(new_entitys)"), clone.root / "notebooks/summary.ipynb")
    code, out, err = clone.compare("--commit", "HEAD", *PACKS)
    assert (code, out) == (5, "")
    lines = err.splitlines()
    assert lines[:3] == [
        f"Making the packs with {head} …", "Making the packs with the working tree …",
        "With the working tree no pack was made, and nothing is compared:",
    ]  # fmt: skip
    assert any("new_entitys" in line for line in lines[3:])


@in_full
def test_a_city_that_one_version_cannot_make_is_said_and_the_others_are_compared(clone):
    head = clone.git("rev-parse", "--short=8", "HEAD")
    nbformat.write(plain('say(new_entities)\nassert city == "Ashford"'), clone.root / "notebooks/summary.ipynb")
    code, out, err = clone.compare("--commit", "HEAD", *PACKS, LC_ALL="zh_CN.UTF-8")
    assert code == 4
    assert out.splitlines()[1:] == [
        f"只在{head}里：Birchwood 2021 short-brief",
        f"对照1份，0份不同；只在{head}里1份，只在工作文件夹里0份。不同的数字0个。",
    ]
    assert err.splitlines()[:2] == [f"正在用{head}编制……", "正在用工作文件夹编制……"]
    assert err.splitlines()[2].startswith("用工作文件夹编制：") and "Birchwood" in err


def test_without_git_and_without_such_a_commit_it_is_said_in_both_languages(clone):
    unknown = clone.compare("--commit", "nope", *PACKS)
    assert unknown == (2, "", "There is no commit 'nope'. `git log --oneline` lists them.\n")
    assert (
        clone.compare("--commit", "nope", *PACKS, LC_ALL="zh_CN.UTF-8")[2] == "没有“nope”这个提交。用`git log --oneline`查看。\n"
    )
    shutil.rmtree(clone.root / ".git")
    says = "fatal: not a git repository (or any of the parent directories): .git"
    parent = str(clone.root.parent)
    none = clone.compare("--commit", "HEAD", *PACKS, GIT_CEILING_DIRECTORIES=parent)
    assert none == (
        2, "",
        f"{clone.root} lies in no clone of git, and has no commits to compare: git says “{says}”. Compare two folders of packs.\n",
    )  # fmt: skip
    chinese = clone.compare("--commit", "HEAD", *PACKS, GIT_CEILING_DIRECTORIES=parent, LC_ALL="zh_CN.UTF-8")[2]
    assert chinese == f"{clone.root}不在git克隆里，没有提交可对照：git提示“{says}”。请对照两个简报文件夹。\n"


def test_a_commit_of_another_program_is_refused(clone):
    last = clone.git("rev-parse", "HEAD")
    clone.git("rm", "-q", "--cached", "lib/city_briefs/__main__.py")
    clone.git("commit", "-q", "-m", "without")
    without = clone.git("rev-parse", "--short=8", "HEAD")
    clone.git("reset", "-q", last)
    assert clone.compare("--commit", without, *PACKS) == (
        2, "", f"The commit {without} has no program in lib/city_briefs. Name a later one.\n"
    )  # fmt: skip


def test_a_comparison_that_is_stopped_leaves_nothing(clone, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(clone.temporary))
    process = clone.start("compare", "--commit", "HEAD", *PACKS)
    until(lambda: len(clone.git("worktree", "list").splitlines()) > 1, "the worktree")
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate()
    assert process.returncode == 130
    assert err.splitlines()[-1] == "Stopped. Nothing is left of the comparison."
    clone.see_clean()


def test_a_worktree_that_a_killed_comparison_left_is_taken_away_by_the_next(clone, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(clone.temporary))
    process = clone.start("compare", "--commit", "HEAD", *PACKS)
    until(lambda: len(clone.git("worktree", "list").splitlines()) > 1, "the worktree")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert len(clone.git("worktree", "list").splitlines()) > 1
    assert clone.compare("--commit", "HEAD", "--commit", "HEAD", "--pack", "no-pack", "--year", "2021")[0] == 5
