"""Files are opened in one module: whatever else reads a file whole, or opens one to write, is found here by its line."""

import ast

import pytest

from tests.helpers import ROOT

PACKAGE = ROOT / "lib/city_briefs"
ALLOWED = {
    "common/files.py": "it is that module",
    "common/atomic_files.py": "it flushes what lies there to the disk, and gives a folder its mode",
    "common/read_log.py": "a kernel appends to a file of the folder that its build has made for it",
    "common/imports.py": "it runs before anything else of the package, and on its own files alone",
    "app/bundle/install.py": "it runs where nothing of the package is installed yet",
    "production/export/pictures.py": "Pillow reads pictures from bytes there",
    "production/engine/processes.py": "it reads what the system says of processes",
    "production/engine/zygote.py": "it has a kernel read nothing",
    "production/engine/kernel_server.py": "it hands on its working folder, and nothing in the place of a stream that is closed",
}
METHODS = {"read_text", "read_bytes", "write_text", "write_bytes", "touch", "symlink_to", "hardlink_to", "link_to"}
OF_MODULES = {
    "shutil": {"copy", "copy2", "copyfile", "move"},
    "os": {"open", "fdopen", "link", "symlink", "mkfifo", "mknod", "truncate"},
    "io": {"open", "FileIO"},
    "codecs": {"open"},
    "tempfile": {"NamedTemporaryFile", "TemporaryFile", "mkstemp", "mktemp", "SpooledTemporaryFile"},
}
NOT_FILES = {"archive", "tarfile"}  # what is opened in an archive lies in it


def opening(source):
    """Return the calls of some source that open a file by themselves, as line and words."""
    found = []
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        match call.func:
            case ast.Name("open"):
                found.append(call)
            case ast.Attribute(ast.Name(module), name) if module in OF_MODULES:
                found += [call] if name in OF_MODULES[module] else []
            case ast.Attribute(ast.Name("files"), _):
                pass  # the module
            case ast.Attribute(ast.Name(name), "open") if name in NOT_FILES:
                pass
            case ast.Attribute(_, "open") if call.args and isinstance(call.args[0], ast.Name) and call.args[0].id == "unlimited":
                pass  # a part of an archive
            case ast.Attribute(_, name) if name in METHODS | {"open"}:
                found.append(call)
    return [(call.lineno, ast.unparse(call.func)) for call in found]


def test_no_other_module_opens_a_file():
    elsewhere = {
        f"{name}: {words}"
        for file in PACKAGE.rglob("*.py")
        for name in (file.relative_to(PACKAGE).as_posix(),)
        if name not in ALLOWED
        for _, words in opening(file.read_text("utf-8"))
    }
    assert elsewhere == {"production/build/dask_pool.py: tempfile.NamedTemporaryFile"}  # a mark that the workers must see


@pytest.mark.parametrize(
    "line",
    [
        "open('x')", "open(file, 'w')", "Path('x').open('wb')", "file.write_text('x')", "(a / b).write_bytes(b'')", "file.touch()",
        "shutil.copyfile(a, b)", "shutil.move(a, b)", "os.open(a, os.O_WRONLY)", "io.open(a)", "tempfile.mktemp()", "file.read_text()",
        "file.symlink_to(other)",
    ],
)  # fmt: skip
def test_each_way_of_opening_one_is_found(line):
    assert opening(f"def late():\n    {line}") != []


def test_what_opens_none_is_not():
    assert opening("files.read_text(a)\nfiles.created(b)\narchive.open(c)\nos.replace(a, b)\nshutil.rmtree(a)") == []
