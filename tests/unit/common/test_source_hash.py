"""What a source imports: found line by line as by parsing it, since a build asks it of every file of the package."""

import pytest

from city_briefs.common import paths, source_hash

SOURCES = {
    "plain": "import city_briefs.a\nfrom city_briefs.b import c, d as e\n",
    "in brackets": "from city_briefs.a import (\n    b,  # of (that)\n    c as d,\n)\n",
    "bracket and comment": "from city_briefs.a import (b, c)  # d, e\nx = (1)\n",
    "several": "import os, city_briefs.a as b, city_briefs.c\n",
    "in a function": "def f():\n    from city_briefs.a import b\n    import city_briefs.c\n",
    "after a comment": "from city_briefs.a import b  # , city_briefs.c\n",
    "all": "from city_briefs.a import *\n",
    "relative": "from .b import c\n",
    "no import": "imported = 1\nfrom_ = import_ = 2\n",
}
ELSEWHERE = (
    "x = 1; import city_briefs.a\n",
    "if x: from city_briefs.a import b\n",
    "from city_briefs.a \\\n    import b\n",
    "from city_briefs.a import b, \\\n    c\n",
    "x = 1\rimport city_briefs.a\r",
    "x = 1\n\fimport city_briefs.a\n",
    "from city_briefs . a import b\n",
    "import city_briefs. a\n",
)


def names(found):
    return {name for name in found if name.startswith("city_briefs")}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_imports_are_found_by_lines_as_by_parsing(source):
    assert not source_hash.ELSEWHERE.search(source)
    assert names(source_hash.imported_by_lines(source)) == names(source_hash.imported(source))


@pytest.mark.parametrize("source", ELSEWHERE)
def test_an_import_that_does_not_stand_on_lines_of_its_own_has_its_file_parsed(source, tmp_path):
    file = tmp_path / "module.py"
    file.write_bytes(source.encode())
    assert source_hash._imports(file) == names(source_hash.imported(source)) != set()


def test_every_file_of_the_package_imports_what_parsing_finds():
    files = [file for file in source_hash.package() if file.suffix == ".py"]
    assert len(files) > 400
    assert [file for file in files if source_hash._imports(file) != names(source_hash.imported(file.read_text("utf-8")))] == []


def test_a_module_rests_on_what_it_imports_and_on_the_packages_around_it():
    files = {file.relative_to(paths.PACKAGE).as_posix() for file in source_hash.files("city_briefs.common.regions")}
    assert {"__init__.py", "common/__init__.py", "common/regions.py", "common/errors.py"} <= files
    assert not {file for file in files if file.startswith("metrics/")}
