"""Which files of the package a piece of Python rests on: found by reading its imports, without running it."""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from city_briefs.common import paths
from city_briefs.common.hashing import file_hash

_cached_hash = cache(file_hash)
METRICS = "city_briefs.metrics"  # what a chapter takes from there is known by definition, not by file


def imported(source: str) -> Iterator[str]:
    """Full names of what a source imports, wherever in it: modules, and names that may be modules."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


@cache
def files(name: str) -> frozenset[Path]:
    """The files of a module of the package and of all that it imports from there, with what lies beside a package's modules.

    The metrics are left out, all but the list of their modules.
    """
    collected: set[Path] = set()
    waiting = [name]
    while waiting:
        for file in _module_files(waiting.pop()) - collected:
            collected.add(file)
            if file.suffix == ".py":
                waiting += _imports(file)
    return frozenset(collected)


@cache
def _imports(file: Path) -> frozenset[str]:
    """What of the package a file imports."""
    return frozenset(name for name in imported(file.read_text("utf-8")) if name.partition(".")[0] == "city_briefs")


def _module_files(name: str) -> set[Path]:
    """The file of a module, or the files of a package; none for a name that is no module."""
    parts = name.split(".")
    of_parents = {file for last in range(1, len(parts)) for file in _package(paths.PACKAGE.parent.joinpath(*parts[:last]))}
    module = paths.PACKAGE.parent.joinpath(*parts)
    if name.startswith(f"{METRICS}."):
        return of_parents
    if module.is_dir():
        return of_parents | _package(module)
    return of_parents | {file for file in (module.with_suffix(".py"),) if file.is_file()}


@cache
def _package(folder: Path) -> frozenset[Path]:
    """What is imported, or may be opened, with a package: the file that makes it one, and all in it that is no module.

    What lies beside the metrics defines some of them, and is left out as they are.
    """
    files = (file for file in folder.iterdir() if file.is_file()) if folder.is_dir() else ()
    beside = folder.relative_to(paths.PACKAGE.parent).parts != tuple(METRICS.split("."))
    return frozenset(file for file in files if file.name == "__init__.py" or (beside and file.suffix != ".py"))


def hashes(listed: frozenset[Path]) -> dict[str, str]:
    """The hash of each file by its name: its path in the project, and for a file of the package its path in a checkout."""
    return {_name(file): _cached_hash(file) for file in sorted(listed)}


def _name(file: Path) -> str:
    """The name of a file, the same wherever the package is installed."""
    inside = file.is_relative_to(paths.PACKAGE)
    return f"lib/{file.relative_to(paths.PACKAGE.parent).as_posix()}" if inside else file.relative_to(paths.root()).as_posix()


def package() -> Iterator[Path]:
    """Every file of the package, but for what is compiled and for the standard notebooks and data that a wheel carries."""
    carried = {"__pycache__", "standard"}
    return (
        file for file in paths.PACKAGE.rglob("*") if file.is_file() and not carried & {*file.relative_to(paths.PACKAGE).parts}
    )


@cache
def digest(name: str) -> str:
    """One hash of the files of a module and of all that it imports."""
    return hashlib.sha256("".join(f"{file} {content}\n" for file, content in hashes(files(name)).items()).encode()).hexdigest()


def lock() -> str:
    """The hash of the versions of everything that is installed; empty without the lock file."""
    return _cached_hash(paths.lock()) if paths.lock().exists() else ""
