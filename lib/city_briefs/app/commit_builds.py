"""What a change of the project does to packs: the same packs made with two versions of it, each by its own code.

A version is a commit, put into a worktree of git in a temporary folder, or the working tree as it stands. Both have the same snapshot,
the same register of editions and the same installed libraries.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from city_briefs.common import atomic_files, files, language, paths, secrets
from city_briefs.common.errors import NONE_MADE, SOME_NOT_MADE, Interrupted, PackError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say_on_stderr
from city_briefs.production.packs.trust import GitError, git

PLACE = "briefs-compare"  # begins the names of the temporary folders
PACKAGE = Path("lib/city_briefs")
OF_A_PROJECT = (paths.HOME_VARIABLE, paths.ROOT_VARIABLE, paths.DATA_VARIABLE, paths.RESULTS_VARIABLE, "PYTHONPATH")
OFFICE = ("data/editions", "data/actions.csv")  # what a pack may rest on and no commit has
Fact = tuple[str, str]  # a sentence in English and in Chinese
TO_END = 20  # seconds that a build that is stopped has for ending by itself
LAST_LINES = 5  # of what a build that failed said


@dataclass(frozen=True)
class Version:
    """A version of the project: the folder where it lies, what it is called in a line, and what it is."""

    root: Path
    name: str
    about: str


@dataclass(frozen=True)
class Wanted:
    """The packs that are made with both versions, in the words of `briefs build`."""

    packs: Sequence[str]
    cities: Sequence[str]
    year: int
    through: int
    data: Path


@dataclass(frozen=True)
class Builds:
    """The folders with the packs of two versions, sentences on what the versions are, and what could not be made."""

    folders: tuple[Path, Path]
    versions: tuple[Version, Version]
    facts: Sequence[Fact]
    failed: Sequence[str]


@contextmanager
def builds(commits: Sequence[str], wanted: Wanted) -> Iterator[Builds]:
    """Yield the packs of a commit and of the working tree, or of two commits. Worktrees and packs are gone when the body ends.

    Raises:
        UsageError: the project lies in no clone of git, there is no such commit, or it is one of another program.
        PackError: with one of the versions no pack could be made.
        Interrupted: it was stopped.
    """
    root = paths.root()
    inside = _asked(root, "rev-parse", "--show-prefix")
    hashes = [_commit(root, commit) for commit in commits]
    with _stoppable(), ExitStack() as stack:
        folder = atomic_files.begun(Path(tempfile.gettempdir()), PLACE)
        _forget_lost(root, folder.parent)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        versions = [
            stack.enter_context(_worktree(root, made, folder / f"{number}-tree", inside)) for number, made in enumerate(hashes)
        ]
        first, second = versions if len(versions) == 2 else (*versions, _working_tree(root))
        failed: list[str] = []
        for number, version in enumerate((first, second)):
            failed += _build(version, wanted, folder / f"{number}-packs")
        yield Builds((folder / "0-packs", folder / "1-packs"), (first, second), _facts(root, hashes, first, second), failed)


def _asked(root: Path, *words: str) -> str:
    """Return what git says of the project.

    Raises:
        UsageError: it lies in no clone.
    """
    try:
        return git(root, *words).decode(errors="replace").strip()
    except GitError as error:
        raise UsageError(
            chosen(
                f"{root} lies in no clone of git, and has no commits to compare: git says “{error}”. Compare two folders of packs.",
                f"{root}不在git克隆里，没有提交可对照：git提示“{error}”。请对照两个简报文件夹。",
            )
        ) from None


def _commit(root: Path, word: str) -> str:
    """Return the hash of a commit.

    Raises:
        UsageError: there is none of this name.
    """
    with suppress(GitError):
        return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{word}^{{commit}}").decode().strip()
    raise UsageError(
        chosen(
            f"There is no commit '{word}'. `git log --oneline` lists them.", f"没有“{word}”这个提交。用`git log --oneline`查看。"
        )
    )


@contextmanager
def _worktree(root: Path, commit: str, place: Path, inside: str) -> Iterator[Version]:
    """Yield a commit in a worktree, which is taken away however the body ends.

    Raises:
        UsageError: it cannot be put there, or it is of another program.
    """
    try:
        try:
            git(root, "worktree", "add", "--quiet", "--detach", str(place), commit)
        except GitError as error:
            raise UsageError(
                chosen(
                    f"The commit {commit[:8]} cannot be put into {place}: git says “{error}”. Make room there, or name another folder "
                    "by TMPDIR.",
                    f"提交{commit[:8]}无法放到{place}：git提示“{error}”。请腾出空间，或用TMPDIR另指文件夹。",
                )
            ) from None
        tree = place / inside
        if (root / PACKAGE).is_dir() and not (tree / PACKAGE / "__main__.py").is_file():
            raise UsageError(
                chosen(
                    f"The commit {commit[:8]} has no program in {PACKAGE.as_posix()}. Name a later one.",
                    f"提交{commit[:8]}里没有{PACKAGE.as_posix()}这个程序。请换一个更晚的提交。",
                )
            )
        for name in OFFICE:
            _lend(root / name, tree / name)
        yield Version(tree, commit[:8], git(root, "show", "--no-patch", "--format=%h %s（%cs）", commit).decode().strip())
    finally:
        with suppress(GitError):
            git(root, "worktree", "remove", "--force", "--force", str(place))


def _forget_lost(root: Path, parent: Path) -> None:
    """Have git forget the worktrees of this command whose folders are gone, since it was killed."""
    listed = git(root, "worktree", "list", "--porcelain", "-z").decode(errors="replace").split("\0")
    for line in listed:
        place = Path(line.removeprefix("worktree "))
        if line.startswith("worktree ") and place.is_relative_to(parent) and PLACE in str(place) and not place.exists():
            with suppress(GitError):
                git(root, "worktree", "remove", "--force", "--force", str(place))


def _lend(source: Path, target: Path) -> None:
    """Give a worktree what an office keeps beside the commits; files have a second name where the disk allows it."""
    if target.exists():
        return
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_linked)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        files.copy(source, target)


def _linked(source: str, target: str) -> None:
    files.link(source, target)


def _working_tree(root: Path) -> Version:
    """Return the working tree as it stands, with what is not committed."""
    changed = len(git(root, "status", "--porcelain").splitlines())
    head = git(root, "rev-parse", "--short=8", "HEAD").decode().strip()
    about = f"工作文件夹（在{head}上，未提交的文件{changed}个）" if changed else f"工作文件夹（与{head}相同）"
    return Version(root, chosen("the working tree", "工作文件夹"), about)


def _facts(root: Path, hashes: Sequence[str], first: Version, second: Version) -> list[Fact]:
    """Return what is said of the two versions, in both languages: which files differ, and whether their locks do."""
    changed = git(root, "diff", "--name-only", "-z", *hashes).decode(errors="replace").split("\0")
    names = [name for name in changed if name]
    more = len(names) - language.NAMED
    listed = "、".join(names[: language.NAMED]) + (f"等{len(names)}个" if more > 0 else "")
    english = ", ".join(names[: language.NAMED]) + (f" and {more} more" if more > 0 else "")
    facts = [(f"Files that differ: {english or 'none'}.", f"两个版本不同的文件：{listed or '无'}。")]
    locks = [version.root / paths.LOCK for version in (first, second)]
    if len({files.read_bytes(lock) if lock.is_file() else b"" for lock in locks}) > 1:
        facts.append(
            (
                f"Their {paths.LOCK} differ, and both are made with what is installed now: what other libraries would change is not seen.",
                f"两个版本的{paths.LOCK}不同，而两边都用现在安装的程序库编制：换程序库带来的不同，这里看不出。",
            )
        )
    return facts


def _build(version: Version, wanted: Wanted, into: Path) -> list[str]:
    """Make the packs with a version by its own code, and return what could not be made.

    Raises:
        PackError: nothing was made.
    """
    words = [*wanted.packs, *(word for city in wanted.cities for word in ("--city", city))]
    words += ["--year", str(wanted.year), "--through", str(wanted.through), "--data", str(wanted.data), "--out", str(into)]
    command = [sys.executable, "-P", "-m", "city_briefs", "build", *words, "--format", "html"]
    say_on_stderr(chosen(f"Making the packs with {version.name} …", f"正在用{version.name}编制……"))
    code, said = _run(command, version.root)
    if code == 0:
        return []
    last = "\n".join(said.strip().splitlines()[-LAST_LINES:]) or chosen(f"it ended with {code}.", f"以{code}结束。")
    sentence = chosen(f"With {version.name}: {last}", f"用{version.name}编制：{last}")
    if code == SOME_NOT_MADE:
        return [sentence]
    error = PackError(
        chosen(
            f"With {version.name} no pack was made, and nothing is compared:\n{last}",
            f"用{version.name}一份也没有编成，无法对照：\n{last}",
        )
    )
    error.exit_code = NONE_MADE
    raise error


def _run(command: Sequence[str], root: Path) -> tuple[int, str]:
    """Run a command in a version of the project; return its exit code and what it said on stderr. It ends when this command does."""
    hidden = {*OF_A_PROJECT, *secrets.variables(os.environ)}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    if (root / PACKAGE).is_dir():
        environment["PYTHONPATH"] = str((root / PACKAGE).parent)
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe)  # noqa: S603
    try:
        _, said = process.communicate()
    except BaseException:
        process.terminate()
        try:
            process.communicate(timeout=TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        raise
    return process.returncode, said.decode(errors="replace")


@contextmanager
def _stoppable() -> Iterator[None]:
    """Make an Interrupted of Ctrl-C and of SIGTERM, so that what was put somewhere is taken away."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Interrupted(chosen("Stopped. Nothing is left of the comparison.", "已停止，对照用的临时文件已清除。"))

    before = {kind: signal.signal(kind, stop) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
