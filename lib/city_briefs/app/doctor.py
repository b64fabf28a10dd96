"""What a machine needs to make packs, each with the remedy when it is missing."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from city_briefs.common import files, paths
from city_briefs.common.disk_space import room
from city_briefs.common.errors import BriefError, UsageError
from city_briefs.common.language import chosen

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# Everything else is imported by the look that needs it, so that what is missing is an answer and not a traceback.

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Check:
    """One thing looked at; `remedy` is None when it is as it should be."""

    what: str
    remedy: str | None = None


def checks(data: Path | None) -> list[Check]:
    """Everything looked at, in the order in which a new machine needs it; outside of a project, what needs none."""
    project = _look(_project)
    looks: list[Callable[[], str]] = [_packages, _fonts, _typst, _kernel]
    looks += (
        [lambda: _snapshot(data or paths.data()), lambda: _actions(data or paths.data()), _outputs]
        if project.remedy is None
        else []
    )
    return [_look(_python), project, *(_look(look) for look in looks)]


def _install() -> str:
    """Return the remedy for what is not installed."""
    command = f"pip install --require-hashes -r {paths.LOCK}"
    return chosen(f"Install what {paths.LOCK} names: {command}.", f"请安装{paths.LOCK}所列的软件包：{command}。")


class _MissingRequirement(Exception):
    """What is missing, and its remedy."""


def _look(look: Callable[[], str]) -> Check:
    try:
        return Check(look())
    except _MissingRequirement as missing:
        what, remedy = missing.args
        return Check(what, remedy)
    except (ImportError, OSError) as error:
        return Check(f"{type(error).__name__}: {error}{chosen('.', '。')}", _install())


def _python() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        raise _MissingRequirement(
            chosen(f"Python {version} is too old.", f"Python {version}版本过低。"),
            chosen(f"Install Python {oldest} or newer.", f"请安装Python {oldest}或更新的版本。"),
        )
    return chosen(f"Python {version}.", f"Python {version}。")


def _project() -> str:
    try:
        folder, how = paths.find_root()
        paths.settings()
    except UsageError as error:
        raise _MissingRequirement(chosen("The project.", "项目。"), str(error)) from None
    return chosen(f"Project {folder}. {how}", f"项目{folder}，{how}")


def _locked() -> "Iterator[Requirement]":
    """What the lock names for this machine."""
    from packaging.requirements import Requirement

    for line in files.read_text(paths.lock()).split("\n"):
        if line and line[0].isalpha():
            requirement = Requirement(line.removesuffix("\\").strip())
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement


def _packages() -> str:
    wrong = []
    locked = list(_locked())
    for requirement in locked:
        try:
            if not requirement.specifier.contains(metadata.version(requirement.name), prereleases=True):
                installed = metadata.version(requirement.name)
                wrong.append(
                    chosen(
                        f"{requirement.name} {installed} instead of {requirement.specifier}",
                        f"{requirement.name} {installed}（应为{requirement.specifier}）",
                    )
                )
        except metadata.PackageNotFoundError:
            wrong.append(requirement.name)
    if wrong:
        what = chosen(
            f"{len(wrong)} of {len(locked)} packages: {', '.join(wrong)}.",
            f"{len(locked)}个软件包中有{len(wrong)}个不符：{'、'.join(wrong)}。",
        )
        raise _MissingRequirement(what, _install())
    return chosen(f"{len(locked)} packages as locked.", f"{len(locked)}个软件包与锁定版本一致。")


def _fonts() -> str:
    from city_briefs.common import theme

    for name, file in (*theme.FONT_FILES.items(), *theme.BOLD_FILES.items()):
        if not Path(file).is_file():
            raise _MissingRequirement(chosen(f"The font {name}.", f"字体{name}。"), _install())
    absent = theme.fonts.not_installed()
    english = "; ".join(f"{', '.join(names)} ({use})" for use, names in absent.items())
    chinese = "；".join(f"{'、'.join(names)}（{use}）" for use, names in absent.items())
    missing = f" Not installed: {english} of briefs.toml; the fonts that come along stand in." if absent else ""
    missing_zh = f"briefs.toml中的{chinese}没有安装，以自带字体代替。" if absent else ""
    return chosen(f"Fonts {', '.join(theme.FONT_FILES)}.{missing}", f"字体{'、'.join(theme.FONT_FILES)}。{missing_zh}")


def _typst() -> str:
    from city_briefs.production.export.pdf import sample

    try:
        sample()
    except BriefError as error:
        raise _MissingRequirement(str(error), _install()) from None
    version = metadata.version("typst")
    return chosen(f"Typst {version} sets Chinese text.", f"Typst {version}可以排中文。")


def _kernel() -> str:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        command = "python -m ipykernel install --sys-prefix"
        raise _MissingRequirement(
            chosen("The Jupyter kernel python3.", "Jupyter内核python3。"), chosen(f"Run: {command}.", f"请运行：{command}。")
        ) from None
    from city_briefs.production.engine.launcher import POSSIBLE

    how, how_zh = (
        ("forked", "由现成的内核分出（fork）")
        if POSSIBLE
        else ("started anew, which takes seconds: this system has no safe fork", "重新启动，要几秒：本系统不能安全地fork")
    )
    return chosen(f"Jupyter kernel python3; for each chapter one is {how}.", f"Jupyter内核python3；每章用的内核{how_zh}。")


def _snapshot(data: Path) -> str:
    from city_briefs.analysis import snapshot

    try:
        loaded = snapshot.load(data.absolute())
    except BriefError as error:
        raise _MissingRequirement(chosen("The snapshot.", "快照。"), str(error)) from None
    place, id_, cities = paths.shown(loaded.path), loaded.id[:12], len(loaded.regions.cities)
    return chosen(f"Snapshot {place}, id {id_}, {cities} cities.", f"快照{place}，编号{id_}，{cities}个市州。")


def _actions(data: Path) -> str:
    file = paths.actions()
    if not file.exists():
        return chosen(
            f"No {paths.shown(file)}, so that no deadlines of lights and targets are printed.",
            f"没有{paths.shown(file)}，黄灯和目标任务不印办理期限。",
        )
    from city_briefs.analysis.assessments import actions
    from city_briefs.common import regions

    try:
        rows = len(actions.listed(regions.known(data)))
        return chosen(f"{paths.shown(file)}, {rows} rows.", f"{paths.shown(file)}，{rows}行。")
    except BriefError as error:
        raise _MissingRequirement(
            chosen("What was asked because of lights and targets.", "黄灯和目标任务的交办事项。"), str(error)
        ) from None


def _outputs() -> str:
    folder = next(parent for parent in (paths.outputs(), *paths.outputs().parents) if parent.exists())
    if not os.access(folder, os.W_OK):
        raise _MissingRequirement(
            chosen(f"{paths.shown(folder)} cannot be written to.", f"{paths.shown(folder)}无法写入。"),
            chosen(
                f"Give this user the right to write there, or name another folder with --out ({paths.root().name}).",
                f"请授予写入权限，或用--out另指文件夹（{paths.root().name}）。",
            ),
        )
    if (disk := room(folder)).is_short:
        raise _MissingRequirement(
            chosen(
                f"Less than {disk.wanted:g} GiB are free on the disk of {paths.shown(folder)}.",
                f"{paths.shown(folder)}所在磁盘可用空间不足{disk.wanted:g} GiB。",
            ),
            chosen("Make room; `briefs prune` says what may go.", "请腾出空间；`briefs prune`列出可以删除的内容。"),
        )
    return chosen(f"{paths.shown(paths.outputs())} can be written to.", f"{paths.shown(paths.outputs())}可以写入。")
