"""Paths: the package, wherever it is installed, and the project root, the folder of the files of an office.

A process has one root, which is found when it is first needed (`root`).
"""

import os
import stat
from functools import cache
from pathlib import Path

from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.settings import Settings, read

PACKAGE = Path(__file__).resolve().parents[1]
PACKS, LOCK, SETTINGS = "notebooks/packs.toml", "requirements.lock", "briefs.toml"  # by their paths in a project
WORD_STYLES = "data/reference/reference.docx"
ABOVE = PACKAGE.parents[1]
CHECKOUT = ABOVE if PACKAGE.parent.name == "lib" and (ABOVE / PACKS).is_file() else None  # None when the package came in a wheel
STANDARD = CHECKOUT or PACKAGE / "standard"  # where the notebooks, the reference data and the lock lie that come with the package
HOME_VARIABLE = "BRIEFS_HOME"  # names the project root for whoever works outside of it
ROOT_VARIABLE = "BRIEFS_ROOT"  # names the root that a command has found for its own processes, which look for none
CHECKED_VARIABLE = "BRIEFS_CHECKED"  # by which a kernel knows that the build has compared the hashes of these very files
DATA_VARIABLE = "BRIEFS_DATA"  # names the snapshot for every notebook of a build; not a parameter: a path would enter its bytes
REMARK_VARIABLE = "BRIEFS_REMARK"  # names to a kernel of a build the file of its chapter's remark, which need not be there
RESULTS, RESULTS_VARIABLE = ".results", "BRIEFS_RESULTS"  # the folder of computed results in that of the outputs; names another


def find_root() -> tuple[Path, str]:
    """Return the project root, and a sentence on how it was found.

    It is the nearest folder with a `briefs.toml`, from the working directory upwards; else what BRIEFS_HOME names; else the checkout
    that the package is imported from. A root that BRIEFS_ROOT names goes before all of these.

    Raises:
        UsageError: there is no root, or BRIEFS_HOME names a folder without a `briefs.toml`.
    """
    if given := os.environ.get(ROOT_VARIABLE):
        return Path(given), chosen(f"{ROOT_VARIABLE} names it.", f"由{ROOT_VARIABLE}指定。")
    here = Path.cwd()
    for folder in (here, *here.parents):
        if os.path.isfile(folder / SETTINGS) and not _is_for_all(folder):  # noqa: PTH113  # no error where we may not look
            if folder == here:
                return folder, chosen(f"The working directory has {SETTINGS}.", f"当前文件夹里有{SETTINGS}。")
            return folder, chosen("The working directory lies in it.", "当前文件夹在其中。")
    if home := os.environ.get(HOME_VARIABLE):
        folder = Path(home).resolve()
        if not (folder / SETTINGS).is_file():
            raise UsageError(
                chosen(
                    f"{HOME_VARIABLE} names '{home}', which has no {SETTINGS}. Name the folder of a project.",
                    f"{HOME_VARIABLE}所指的“{home}”没有{SETTINGS}。请指定项目文件夹。",
                )
            )
        return folder, chosen(f"{HOME_VARIABLE} names it.", f"由{HOME_VARIABLE}指定。")
    if CHECKOUT:
        return CHECKOUT, chosen("It is the checkout that the program comes from.", "即程序所在的源码文件夹。")
    raise UsageError(
        chosen(
            f"There is no project here: neither this folder nor one above has a {SETTINGS}. Make one with `briefs init DIR` and "
            f"work in it, or name one by {HOME_VARIABLE}.",
            f"这里没有项目：本文件夹和各上级文件夹都没有{SETTINGS}。请用`briefs init DIR`新建项目并进入，或用{HOME_VARIABLE}指定。",
        )
    )


def _is_for_all(folder: Path) -> bool:
    """Return whether anybody may put a file in a folder, as in /tmp; a `briefs.toml` there is not used."""
    mode = folder.stat().st_mode
    return bool(mode & stat.S_ISVTX and mode & stat.S_IWOTH)


@cache
def root() -> Path:
    """Return the project root, as it was found at the first call.

    Raises:
        UsageError: there is none.
    """
    return find_root()[0]


def notebooks() -> Path:
    """Return the folder of the chapters, and of `packs.toml`."""
    return root() / "notebooks"


def reference() -> Path:
    """Return the folder of reference data: regions, population, rules."""
    return root() / "data/reference"


def reported() -> Path | None:
    """Return the file of the reported metrics that an office adds, which need not be there; None outside of any project."""
    return _in_project("data/reference/reported.csv")


def word_styles() -> Path | None:
    """Return the Word file whose styles an office has given its packs, which need not be there; None outside of any project."""
    return _in_project(WORD_STYLES)


def notes() -> Path:
    """Return the folder of the analysts' remarks."""
    return root() / "data/notes"


def actions() -> Path:
    """Return the file of what was asked because of lights and targets, which an office keeps; it need not be there."""
    return root() / "data/actions.csv"


def demo() -> Path:
    """Return the folder of the demo snapshot."""
    return root() / "data/snapshots/demo"


def lock() -> Path:
    """Return the lock file, the versions of all that is installed: the project's, else that of the package."""
    file = _in_project(LOCK)
    return file if file and file.is_file() else STANDARD / LOCK


def settings_file() -> Path | None:
    """Return the path of `briefs.toml`; None outside of any project."""
    return _in_project(SETTINGS)


def _in_project(name: str) -> Path | None:
    """Return the path of a file of the project; None outside of any project."""
    try:
        return _place(root(), name)
    except UsageError:
        return None


@cache
def _place(folder: Path, name: str) -> Path:
    """Return a path in a folder; the settings are asked for whenever a message is made."""
    return folder / name


def settings() -> Settings:
    """Return the settings: what `briefs.toml` says, and defaults for the rest.

    Raises:
        UsageError: the file cannot be read, or a setting is not valid.
    """
    return read(settings_file())


def inside(root: Path, *names: str) -> Path:
    """Return the folder below a root that these names lead to.

    Raises:
        UsageError: a name is no plain name of a folder, or there is a link to a folder on the way or in the folder.
    """
    for name in names:
        if not name or name == ".." or "\0" in name or Path(name).name != name:
            raise UsageError(
                chosen(
                    f"'{name}' names no folder in {shown(root)}. Name one by letters, digits and hyphens.",
                    f"“{name}”不能作{shown(root)}里的文件夹名。请只用字母、数字和连字符。",
                )
            )
    place = root.joinpath(*names)
    way = [root.joinpath(*names[: end + 1]) for end in range(len(names))]
    for folder in (*way, *(place.iterdir() if place.is_dir() else ())):
        if folder.is_symlink() and folder.is_dir():
            raise UsageError(
                chosen(
                    f"{shown(folder)} is a link, and what is made stays in {shown(root)}. Take the link away.",
                    f"{shown(folder)}是链接，而成品只能放在{shown(root)}里。请去掉链接。",
                )
            )
    return place


def note(period: str, region: str, chapter: str) -> Path:
    """Return the path of an analyst's remark on a chapter, by the slug of the period and the code of the region; it need not be there."""
    return notes() / period / region / f"{chapter}.md"


def data() -> Path:
    """Return the folder of the snapshot: BRIEFS_DATA, from the working directory; else `data` of `briefs.toml`, from the root."""
    named = os.environ.get(DATA_VARIABLE)
    return Path(named).absolute() if named else root() / settings().data


def outputs() -> Path:
    """Return the folder of the outputs."""
    return root() / settings().outputs


def register() -> Path:
    """Return the folder of the editions that were issued."""
    return root() / settings().editions


def recipients() -> Path:
    """Return the file that says who gets which pack."""
    return root() / settings().recipients


def deliveries() -> Path:
    """Return the folder of the records of deliveries."""
    return root() / settings().deliveries


def results() -> Path:
    """Return the folder of the cache of results."""
    named = os.environ.get(RESULTS_VARIABLE)
    return Path(named) if named else outputs() / RESULTS


def kept_results() -> Path | None:
    """Return the folder of the cache of results; None outside of any project, and where its settings are wrong."""
    try:
        return results()
    except UsageError:
        return None


def shown(path: Path) -> str:
    """Return a path as a user would type it: relative when it is inside the working directory."""
    path = path.absolute()
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)
