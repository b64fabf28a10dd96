"""Source hashes: the files of the package that a module rests on, found from its imports without running it, and their hash."""

import ast
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from city_briefs.common import imports, paths
from city_briefs.common.errors import DataError
from city_briefs.common.files import read_text, reason, reason_zh
from city_briefs.common.hashing import file_hash
from city_briefs.common.language import chosen

METRICS = "city_briefs.metrics"  # metrics are hashed by their definitions, not by their files
# An import that stands on lines of its own, in brackets or not; to parse each file whole takes ten times as long.
STATEMENT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b[ \t]*(\((?:[^)#]|#[^\n]*)*\)|[^\n(]*)|import\b[ \t]*([^\n]*))", re.MULTILINE
)
COMMENT = re.compile(r"#[^\n]*")
# Where an import may stand that STATEMENT does not find, or with spaces in a name.
ELSEWHERE = re.compile(
    r"\\[\r\n]|[;:\f][ \t\f]*(?:import|from)\b|\r(?!\n)|^[ \t]*(?:import|from)\b.*(?:\w[ \t]+\.|\.[ \t]+\w)", re.MULTILINE
)


@cache
def cached_hash(file: Path) -> str:
    """Return the hash of a file as it was when this process first asked; in a process of a build as the build has sealed it.

    Raises:
        DataError: it cannot be read.
    """
    try:
        return imports.sealed_hash(file) or file_hash(file)
    except OSError as error:
        raise DataError(
            chosen(
                f"{_name(file)} cannot be read: {reason(error)}. Put a file there that this user may read.",
                f"{_name(file)}无法读取：{reason_zh(error)}。请放好文件，并授予当前用户读取权限。",
            )
        ) from None


def imported(source: str) -> Iterator[str]:
    """Yield the full names of what a source imports anywhere in it: modules, and names that may be modules."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


@cache
def files(name: str) -> frozenset[Path]:
    """Return the files of a module of the package and of all that it imports from the package, with the data files beside them.

    Of the metrics only the list of their modules is among them.
    """
    collected: set[Path] = set()
    seen, waiting = {name}, [name]
    while waiting:
        for file in _module_files(waiting.pop()) - collected:
            collected.add(file)
            if file.suffix == ".py":
                waiting += _imports(file) - seen
                seen |= _imports(file)
    return frozenset(collected)


@cache
def _imports(file: Path) -> frozenset[str]:
    """Return the full names of what a file imports from the package."""
    source = read_text(file)
    names = imported(source) if ELSEWHERE.search(source) else imported_by_lines(source)
    return frozenset(name for name in names if name.partition(".")[0] == "city_briefs")


def imported_by_lines(source: str) -> Iterator[str]:
    """Yield what `imported` does, without parsing, for a source whose imports stand on lines of their own.

    What a docstring shows as such a line is yielded too: it can only add a file to a hash.
    """
    for module, names, modules in STATEMENT.findall(source):
        listed = [words.split() for words in COMMENT.sub("", names or modules).strip("() \t\n").split(",")]
        if module:
            yield module
        yield from (f"{module}.{words[0]}" if module else words[0] for words in listed if words)


@cache
def _module_files(name: str) -> frozenset[Path]:
    """Return the file of a module, or the files of a package, with those of the packages around it; only these for a name of no module."""
    around = name.rpartition(".")[0]
    of_parents = _around(around) if around else frozenset[Path]()
    if name.startswith(f"{METRICS}."):
        return of_parents
    module = paths.PACKAGE.parent.joinpath(*name.split("."))
    if module.is_dir():
        return of_parents | _package(module)
    return of_parents | {file for file in (module.with_suffix(".py"),) if file.is_file()}


@cache
def _around(name: str) -> frozenset[Path]:
    """Return the files that come with a package and with the packages around it."""
    around = name.rpartition(".")[0]
    return _package(paths.PACKAGE.parent.joinpath(*name.split("."))) | (_around(around) if around else frozenset())


@cache
def _package(folder: Path) -> frozenset[Path]:
    """Return the files that come with a package: its `__init__.py`, and all files in its folder that are no Python.

    The files beside the metrics are left out, as the metrics are; they define some of them.
    """
    files = (file for file in folder.iterdir() if file.is_file()) if folder.is_dir() else ()
    beside = folder.relative_to(paths.PACKAGE.parent).parts != tuple(METRICS.split("."))
    return frozenset(file for file in files if file.name == "__init__.py" or (beside and file.suffix != ".py"))


def hashes(listed: frozenset[Path]) -> dict[str, str]:
    """Return the hash of each file by its name: its path in the project, or for a file of the package its path in a checkout."""
    return {_name(file): cached_hash(file) for file in sorted(listed)}


def _name(file: Path) -> str:
    """Return the name of a file, the same wherever the package is installed."""
    inside = file.is_relative_to(paths.PACKAGE)
    return f"lib/{file.relative_to(paths.PACKAGE.parent).as_posix()}" if inside else file.relative_to(paths.root()).as_posix()


def package() -> Iterator[Path]:
    """Return every file of the package, without compiled files and the standard notebooks and data of a wheel."""
    carried = {"__pycache__", "standard"}
    return (
        file for file in paths.PACKAGE.rglob("*") if file.is_file() and not carried & {*file.relative_to(paths.PACKAGE).parts}
    )


@cache
def below(folder: Path) -> frozenset[Path]:
    """Return every file in a folder of the project and in its folders, as it was when this process first asked."""
    return frozenset(file for file in folder.rglob("*") if file.is_file())


def sealed() -> dict[Path, str]:
    """Return the hash of every file of the package and of the reference data."""
    files = [*package(), *sorted(below(paths.reference()))]  # before one is hashed: what is put there meanwhile is not among them
    return {file: cached_hash(file) for file in files}


@cache
def digest(name: str) -> str:
    """Return one hash of the files of a module and of all that it imports."""
    return hashlib.sha256("".join(f"{file} {content}\n" for file, content in hashes(files(name)).items()).encode()).hexdigest()


@cache
def state() -> str:
    """Return a hash of the sizes and times of all files of the package: what tells, without reading one, that none was changed."""
    stats = [(str(file), file.stat()) for file in sorted(package())]
    return hashlib.sha256("".join(f"{name} {stat.st_size} {stat.st_mtime_ns}\n" for name, stat in stats).encode()).hexdigest()


def program_stamp() -> str:
    """Return what differs when a source of the package, the lock or the settings have been written since: a hash of times and sizes."""
    files = (*package(), paths.lock(), paths.root() / paths.SETTINGS)
    stats = ((str(file), file.stat()) for file in files if file.exists())
    return hashlib.sha256(repr(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)).encode()).hexdigest()


def lock() -> str:
    """Return the hash of the lock file; empty when there is none."""
    return cached_hash(paths.lock()) if paths.lock().exists() else ""
