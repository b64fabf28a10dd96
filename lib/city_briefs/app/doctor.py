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

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# Everything else is imported by the look that needs it, so that what is missing is an answer and not a traceback.

OLDEST_PYTHON = (3, 11)
INSTALL = f"Install what {paths.LOCK} names: pip install --require-hashes -r {paths.LOCK}."


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


class _MissingRequirement(Exception):
    """What is missing, and its remedy."""


def _look(look: Callable[[], str]) -> Check:
    try:
        return Check(look())
    except _MissingRequirement as missing:
        what, remedy = missing.args
        return Check(what, remedy)
    except (ImportError, OSError) as error:
        return Check(f"{type(error).__name__}: {error}.", INSTALL)


def _python() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        raise _MissingRequirement(
            f"Python {version} is too old.", f"Install Python {'.'.join(map(str, OLDEST_PYTHON))} or newer."
        )
    return f"Python {version}."


def _project() -> str:
    try:
        folder, how = paths.find_root()
        paths.settings()
    except UsageError as error:
        raise _MissingRequirement("The project.", str(error)) from None
    return f"Project {folder}. {how}"


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
                wrong.append(f"{requirement.name} {metadata.version(requirement.name)} instead of {requirement.specifier}")
        except metadata.PackageNotFoundError:
            wrong.append(requirement.name)
    if wrong:
        raise _MissingRequirement(f"{len(wrong)} of {len(locked)} packages: {', '.join(wrong)}.", INSTALL)
    return f"{len(locked)} packages as locked."


def _fonts() -> str:
    from city_briefs.common import theme

    for name, file in (*theme.FONT_FILES.items(), *theme.BOLD_FILES.items()):
        if not Path(file).is_file():
            raise _MissingRequirement(f"The font {name}.", INSTALL)
    absent = "; ".join(f"{', '.join(names)} ({use})" for use, names in theme.fonts.not_installed().items())
    missing = f" Not installed: {absent} of briefs.toml; the fonts that come along stand in." if absent else ""
    return f"Fonts {', '.join(theme.FONT_FILES)}.{missing}"


def _typst() -> str:
    from city_briefs.production.export.pdf import sample

    try:
        sample()
    except BriefError as error:
        raise _MissingRequirement(str(error), INSTALL) from None
    return f"Typst {metadata.version('typst')} sets Chinese text."


def _kernel() -> str:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        raise _MissingRequirement("The Jupyter kernel python3.", "Run: python -m ipykernel install --sys-prefix.") from None
    from city_briefs.production.engine.launcher import POSSIBLE

    how = "forked" if POSSIBLE else "started anew, which takes seconds: this system has no safe fork"
    return f"Jupyter kernel python3; for each chapter one is {how}."


def _snapshot(data: Path) -> str:
    from city_briefs.analysis import snapshot

    try:
        loaded = snapshot.load(data.absolute())
    except BriefError as error:
        raise _MissingRequirement("The snapshot.", str(error)) from None
    return f"Snapshot {paths.shown(loaded.path)}, id {loaded.id[:12]}, {len(loaded.regions.cities)} cities."


def _actions(data: Path) -> str:
    file = paths.actions()
    if not file.exists():
        return f"No {paths.shown(file)}, so that no deadlines of lights and targets are printed."
    from city_briefs.analysis.assessments import actions
    from city_briefs.common import regions

    try:
        return f"{paths.shown(file)}, {len(actions.listed(regions.known(data)))} rows."
    except BriefError as error:
        raise _MissingRequirement("What was asked because of lights and targets.", str(error)) from None


def _outputs() -> str:
    folder = next(parent for parent in (paths.outputs(), *paths.outputs().parents) if parent.exists())
    if not os.access(folder, os.W_OK):
        raise _MissingRequirement(
            f"{paths.shown(folder)} cannot be written to.",
            f"Give this user the right to write there, or name another folder with --out ({paths.root().name}).",
        )
    if (disk := room(folder)).is_short:
        raise _MissingRequirement(
            f"Less than {disk.wanted:g} GiB are free on the disk of {paths.shown(folder)}.",
            "Make room; `briefs prune` says what may go.",
        )
    return f"{paths.shown(paths.outputs())} can be written to."
