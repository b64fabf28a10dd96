"""With trust = "committed", a notebook runs as it was committed or allowed, and else not at all."""

import hashlib
import shutil
import subprocess

import pytest

from city_briefs.common import paths
from city_briefs.common import settings as briefs_toml
from city_briefs.common.errors import UsageError
from city_briefs.production.packs import packs_toml, trust
from city_briefs.production.packs.sources import Sources
from tests.helpers.project import Project, sentences

COMMITTED = 'data = "data/real"\ntrust = "committed"\n'
CHAPTER = "business-environment"
ONE_CHAPTER = f'[[pack]]\nid = "city-brief"\ntitle = "简报"\nper = "city"\naddressee = "市政府"\nchapters = ["{CHAPTER}"]\n'


def git(folder, *words):
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *author, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """A folder of one chapter and packs.toml, both committed, in a clone that trusts what is."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    folder = tmp_path / "clone/notebooks"
    folder.mkdir(parents=True)
    (folder / "packs.toml").write_text("[[pack]]\n", "utf-8")
    (folder / "safety.ipynb").write_text('{"cells": []}\n', "utf-8")
    git(folder.parent, "init", "-q")
    git(folder.parent, "add", ".")
    git(folder.parent, "commit", "-q", "-m", "a")
    monkeypatch.setattr(paths, "notebooks", lambda: folder)
    monkeypatch.setattr(paths, "settings_file", lambda: tmp_path / "briefs.toml")
    setting(COMMITTED)
    yield folder
    briefs_toml.read.cache_clear()


def setting(text):
    paths.settings_file().write_text(text, "utf-8")
    briefs_toml.read.cache_clear()


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def refused(file):
    """What is said when a notebook may not run."""
    with pytest.raises(UsageError) as error:
        trust.check([file])
    return str(error.value)


def sentence(file):
    return (
        f"{file.name} is not as it was committed, and briefs.toml trusts only what is. Commit it, or add '{digest(file)}', its SHA-256, "
        "to allowed in briefs.toml."
    )


def test_what_is_committed_may_run(notebooks):
    trust.check([notebooks / "safety.ipynb"])


def test_what_was_changed_since_may_not(notebooks):
    file = notebooks / "safety.ipynb"
    file.write_text('{"cells": [1]}\n', "utf-8")
    assert refused(file) == sentence(file)
    git(notebooks, "add", ".")
    assert refused(file) == sentence(file)  # not committed yet
    git(notebooks, "commit", "-q", "-m", "b")
    trust.check([file])


def test_what_git_was_told_not_to_look_at_may_not(notebooks):
    file = notebooks / "safety.ipynb"
    git(notebooks, "update-index", "--assume-unchanged", "safety.ipynb")
    file.write_text('{"cells": [1]}\n', "utf-8")
    assert refused(file) == sentence(file)
    (notebooks / ".gitignore").write_text("*\n", "utf-8")
    (notebooks / "other.ipynb").write_text("{}", "utf-8")
    assert refused(notebooks / "other.ipynb") == sentence(notebooks / "other.ipynb")


def test_a_link_to_what_was_never_committed_may_not(notebooks, tmp_path):
    (tmp_path / "other.ipynb").write_text("{}", "utf-8")
    (notebooks / "linked.ipynb").symlink_to(tmp_path / "other.ipynb")
    git(notebooks, "add", ".")
    git(notebooks, "commit", "-q", "-m", "b")
    assert refused(notebooks / "linked.ipynb") == sentence(notebooks / "linked.ipynb")


@pytest.mark.parametrize(
    ("attributes", "settings", "content"),
    [
        ("", {"core.autocrlf": "true"}, b'{"cells": []}\r\n'),
        ("*.ipynb text eol=crlf\n", {}, b'{"cells": []}\r\n'),
        ("*.ipynb filter=a\n", {"filter.a.clean": "echo '{\"cells\": []}'"}, b'{"cells": [1]}\n'),
        ("*.ipynb working-tree-encoding=UTF-16LE\n", {}, '{"cells": []}\n'.encode("utf-16-le")),
        ("*.ipynb ident\n", {}, b'{"cells": []}\n$Id: 1$\n'),
    ],
    ids=["ends of lines", "ends of lines by attribute", "filter", "encoding", "ident"],
)  # fmt: skip
def test_what_git_would_take_for_the_same_may_not(notebooks, attributes, settings, content):
    """The bytes are compared, and git makes nothing of them."""
    file = notebooks / "safety.ipynb"
    if attributes.endswith("ident\n"):
        file.write_bytes(b'{"cells": []}\n$Id$\n')
        git(notebooks, "commit", "-q", "-a", "-m", "b")
    for name, value in settings.items():
        git(notebooks, "config", name, value)
    (notebooks / ".gitattributes").write_text(attributes, "utf-8")
    file.write_bytes(content)
    assert refused(file) == sentence(file)


def test_nothing_is_run_that_the_clone_names(notebooks, tmp_path, monkeypatch):
    """Neither a monitor, a hook, a filter, a pager nor the fetch of an object that is not there."""
    mark, program = tmp_path / "mark", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n", "utf-8")
    program.chmod(0o755)
    hooks = notebooks.parent / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "reference-transaction", "fsmonitor-watchman"):
        shutil.copy(program, hooks / name)
    for name in ("core.fsmonitor", "core.pager", "core.sshCommand", "filter.a.clean", "filter.a.smudge", "diff.a.textconv"):
        git(notebooks, "config", name, str(program))
    for name, value in {
        "core.repositoryFormatVersion": "1", "extensions.partialClone": "a", "remote.a.promisor": "true",
        "remote.a.url": f"ext::{program}", "protocol.ext.allow": "always",
    }.items():  # fmt: skip
        git(notebooks, "config", name, value)
    (notebooks / ".gitattributes").write_text("* filter=a diff=a\n", "utf-8")
    monkeypatch.setenv("GIT_TRACE", str(mark))
    trust.check([notebooks / "safety.ipynb"])
    [tree] = subprocess.run(
        ["git", "rev-parse", "HEAD:notebooks/safety.ipynb"], cwd=notebooks.parent, capture_output=True, text=True, check=True
    ).stdout.split()
    mark.unlink(missing_ok=True)
    (notebooks.parent / ".git/objects" / tree[:2] / tree[2:]).unlink()
    assert refused(notebooks / "safety.ipynb").startswith(
        "What is committed is not known, and briefs.toml trusts only that: git says “"
    )
    assert not mark.exists()


def test_what_another_commit_is_put_for_counts_for_nothing(notebooks):
    """As `git replace` would have it."""
    file = notebooks / "safety.ipynb"
    committed = file.read_bytes()
    file.write_text('{"cells": [1]}\n', "utf-8")
    git(notebooks, "commit", "-q", "-a", "-m", "b")
    git(notebooks, "replace", "HEAD", "HEAD~1")
    file.write_bytes(committed)
    assert refused(file) == sentence(file)


def test_what_was_read_is_what_is_compared_and_what_runs(notebooks):
    """Whatever lies there by then."""
    sources, file = Sources(), notebooks / "safety.ipynb"
    committed = sources.content(file)
    file.write_text('{"cells": [1]}\n', "utf-8")
    trust.check(sources)
    assert sources.content(file) == committed
    other = Sources()
    assert other.content(file) != committed
    file.write_bytes(committed)
    with pytest.raises(UsageError):
        trust.check(other)


def test_what_is_allowed_may_run_as_long_as_it_is_the_same(notebooks):
    file = notebooks / "new.ipynb"
    file.write_text("{}", "utf-8")
    setting(f'{COMMITTED}allowed = ["{digest(file)}"]\n')
    trust.check([file])
    file.write_text("{} ", "utf-8")
    assert refused(file) == sentence(file)


def test_the_list_of_packs_is_held_to_it_too(notebooks):
    (notebooks / "packs.toml").write_text("[[pack]]\n\n", "utf-8")
    assert refused(notebooks / "safety.ipynb") == sentence(notebooks / "packs.toml")


def test_where_git_cannot_be_asked_nothing_may(notebooks, monkeypatch):
    remedy = 'Build in a clone, or say trust = "all".'
    shutil.rmtree(notebooks.parent / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(notebooks.parent.parent))
    assert refused(notebooks / "safety.ipynb") == (
        "What is committed is not known, and briefs.toml trusts only that: git says “fatal: not a git repository (or any of the parent "
        f"directories): .git”. {remedy}"
    )
    monkeypatch.setenv("PATH", "")
    assert refused(notebooks / "safety.ipynb") == (
        f"What is committed is not known, and briefs.toml trusts only that: git says “it is not installed”. {remedy}"
    )


def test_unless_it_is_set_all_may_and_nobody_is_asked(notebooks, monkeypatch):
    setting("")
    monkeypatch.setenv("PATH", "")
    trust.check([notebooks / "never.ipynb"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('trust = "none"', "briefs.toml: trust is 'all' or 'committed', not 'none'."),
        ("trust = true", "briefs.toml: trust is 'all' or 'committed', not 'True'."),
        ('allowed = "x"', "briefs.toml: allowed is a list, not 'x'."),
        ('allowed = ["ABC"]', "briefs.toml: allowed.0 is a SHA-256, 64 characters from 0 to f, not 'ABC'."),
    ],
)  # fmt: skip
def test_a_setting_that_trusts_nothing_known_is_refused(notebooks, text, message):
    setting(text)
    with pytest.raises(UsageError) as error:
        trust.check([notebooks / "safety.ipynb"])
    assert str(error.value) == message


@pytest.mark.parametrize("command", [("build",), ("check", CHAPTER)], ids=["build", "check"])
def test_the_command_starts_nothing_that_it_may_not(tmp_path, command):
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    project = Project(tmp_path)
    (project.root / "notebooks/packs.toml").write_text(ONE_CHAPTER, "utf-8")
    (project.root / "briefs.toml").write_text(COMMITTED, "utf-8")
    git(project.root, "init", "-q")
    git(project.root, "add", "notebooks")
    git(project.root, "commit", "-q", "-m", "a")
    project.edit(CHAPTER, "parameters", 'city = "兰州市"\nyear = 2012\nthrough = 12')
    done = project.briefs(*command, "--city", "兰州", "--year", "2011")
    assert (done.returncode, done.stdout) == (2, "")
    assert sentences(done.stderr) == [sentence(project.root / f"notebooks/{CHAPTER}.ipynb")]
    assert not project.out.exists()


def test_a_pack_asks_for_all_its_chapters(monkeypatch):
    asked = []
    monkeypatch.setattr(trust, "check", lambda files: asked.extend(file.stem for file in files))
    pack = packs_toml.packs()["city-brief"]
    packs_toml.check_chapters(pack)
    assert asked == list(pack.chapters)
