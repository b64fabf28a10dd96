"""Imports: from where a process imports, and the seal, by which every file that a build imports or reads is the one that was hashed.

A command imports from the installation alone (`clean_path`). A build seals the package and the reference data before it starts its first
process: a file of hashes, which BRIEFS_SEAL names. In each of its processes (`begin`) a module of the package is then read once, compared
with its hash and compiled from the bytes that were compared; no compiled file is read, since nobody has hashed it. Five files are run
before there is anybody to compare them, the first of `FIRST`, and are compared right after. What else is sealed is compared by
`common.files` whenever it is read.
"""

import hashlib
import json
import linecache
import os
import site
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import decode_source
from pathlib import Path
from types import CodeType, ModuleType

from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

VARIABLE = "BRIEFS_SEAL"
ARROW = {
    "ARROW_DEFAULT_MEMORY_POOL": "system"
}  # read at the import of pyarrow, whose own pool keeps 20 to 40 MiB of what was freed
PYDANTIC = {"PYDANTIC_DISABLE_PLUGINS": "__all__"}  # read at its import: none is for us, and to look for one takes a while
PACKAGE = Path(__file__).resolve().parents[1]
FIRST = (
    "city_briefs", "city_briefs.common", "city_briefs.common.errors", "city_briefs.common.language", "city_briefs.common.imports",
)  # fmt: skip
_sealed: dict[str, str] = {}  # hash by path; empty where nothing is sealed
_closed: list[str] = []  # the folder of the reference data: what is not sealed in it came after the build began


def clean_path() -> None:
    """Take from the path of a command what is not of the installation: the working directory, PYTHONPATH and the folder of the user.

    The package stays where it was imported from. What was imported before cannot be taken back.
    """
    kept, lib = own_path(), str(PACKAGE.parent)
    sys.path[:] = kept if lib in kept else [lib, *kept]
    sys.path_importer_cache.clear()


def own_path() -> list[str]:
    """Return the path of the installation: without the working directory, the folder of the script, PYTHONPATH and that of the user."""
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep) if not sys.flags.ignore_environment else []
    started = sys.path[:1] if not sys.flags.safe_path and sys.path[:1] == [_started_in()] else []
    here = _here()
    strange = {os.path.normpath(os.path.join(here, entry)) for entry in (*given, *started, site.getusersitepackages())}  # noqa: PTH118
    return [entry for entry in sys.path if os.path.isabs(entry) and os.path.normpath(entry) not in strange]  # noqa: PTH117


def _here() -> str:
    """Return the working directory; a folder that is none where it is gone."""
    try:
        return os.getcwd()  # noqa: PTH109
    except FileNotFoundError:
        return os.devnull


def _started_in() -> str:
    """Return what Python has put first on the path: the folder of the script, or of the module that is run; empty for a line of Python."""
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    if not file or sys.path[:1] == [""]:
        return ""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return _here() if spec else os.path.dirname(os.path.realpath(file))  # noqa: PTH120


def seal(hashes: Mapping[Path, str], closed: Path, file: Path) -> None:
    """Write the hashes of files for the processes of a build, which read no other in the folder that is `closed`."""
    file.write_text(json.dumps([{str(path): made for path, made in hashes.items()}, str(closed)]), "utf-8", newline="\n")


def begin() -> None:
    """From here on import and read what is as it was sealed alone, where BRIEFS_SEAL names a seal.

    Raises:
        DataError: a module that is here already is not as it was sealed.
    """
    file = os.environ.get(VARIABLE)
    if not file or _sealed:
        return
    hashes, closed = json.loads(Path(file).read_text("utf-8"))
    _sealed.update(hashes)
    _closed.append(closed)
    sys.meta_path.insert(0, _Finder())
    for name in FIRST:
        if (module := sys.modules.get(name)) and module.__file__:
            compared(module.__file__, Path(module.__file__).read_bytes())


def sealed_hash(file: Path | str) -> str | None:
    """Return the hash that a file had when the build began; None where nothing is sealed, and for a file that is not."""
    return _sealed.get(str(file))


def is_sealed(path: Path | str) -> bool:
    """Return whether a file is compared before it is used: it was sealed, or lies in the folder that is closed."""
    return str(path) in _sealed or any(Path(path).is_relative_to(folder) for folder in _closed)


def compared(path: Path | str, content: bytes | None) -> bytes:
    """Return the content of a file that is sealed, as it was when the build began; None is that of a file that is not there.

    Raises:
        DataError: it is another, or the file came or went since.
    """
    if content is None or hashlib.sha256(content).hexdigest() != _sealed.get(str(path)):
        closed = next((folder for folder in _closed if Path(path).is_relative_to(folder)), None)
        inside = f"data/reference/{Path(path).relative_to(closed).as_posix()}" if closed else None
        of_program = os.path.relpath(path, PACKAGE.parent)
        name, shown_zh = (inside, inside) if inside else (f"{of_program} of the program", f"程序文件{of_program}")
        raise DataError(
            chosen(
                f"{name} is not as it was when the build began. Build it again.", f"编制开始以后{shown_zh}有改动。请重新编制。"
            )
        )
    return content


class _Loader(SourceFileLoader):
    """Loads a module from the bytes that are as they were sealed."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        source = compared(path, self.get_data(path))
        lines = decode_source(source).splitlines(keepends=True)
        linecache.cache[path] = (len(source), None, lines, path)  # what `inspect` says of it, such as of a metric: not read again
        return self.source_to_code(source, path)


class _Finder:
    """Finds the modules of the package, for that loader."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.partition(".")[0] != FIRST[0]:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None:
            return None
        if type(spec.loader) is not SourceFileLoader:  # compiled by somebody, or a folder without a file
            raise DataError(
                chosen(
                    f"{name} of the program is no Python file. Install the program again.",
                    f"程序的{name}不是Python文件。请重新安装程序。",
                )
            )
        spec.loader = _Loader(spec.loader.name, spec.loader.path)
        spec.cached = None
        return spec
