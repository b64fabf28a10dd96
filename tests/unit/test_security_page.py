"""SECURITY.md says only what holds: each test that it names is there, and no class of tries has fewer than it states."""

import re

import pytest

from tests.helpers import ROOT, tries
from tests.helpers.size import in_full

PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
ROWS = re.findall(r"^\| ([^|]*) \| ([^|]*) \| ([^|]*`[^|]*) \|$", PAGE, re.MULTILINE)  # promise, how it is held, tests


def test_it_is_a_table_of_promises():
    assert len(ROWS) > 20
    assert len(re.findall(r"^\| promise \| how it is held \| test \|$", PAGE, re.MULTILINE)) == 3


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_each_promise_names_tests_that_are_there(row):
    _, _, tests = row
    named = re.findall(r"`(tests/[^`]+)`", tests)
    assert named and ", ".join(f"`{one}`" for one in named) == tests.strip()
    for one in named:
        file, _, name = one.partition("::")
        place = ROOT / file
        assert place.is_dir() or place.is_file(), one
        assert not name or re.search(rf"^def {re.escape(name)}\(", place.read_text("utf-8"), re.MULTILINE), one


def test_each_file_that_it_names_is_there():
    for name in re.findall(r"`((?:lib|tests|data|docs)/[^`:*]+)`", PAGE):
        assert (ROOT / name).exists(), name


def test_it_states_enough_tries():
    sums = {kind: sum(number for of, _, number in tries.stated() if of == kind) for kind in (tries.HOSTILE, tries.FAULTS)}
    assert sums[tries.HOSTILE] >= 600 and sums[tries.FAULTS] >= 300
    for kind, number in sums.items():
        assert f"| **{kind}** | | **{number:,}** |" in PAGE


def test_each_module_of_tries_has_a_class():
    names = {file.name for folder in ("hostile", "faults") for file in (ROOT / "tests" / folder).glob("test_*.py")}
    assert names == set(tries.CLASSES) | tries.OF_CORPUS


@in_full
def test_no_class_has_fewer_tries_than_it_states():
    there = {(kind, name): number for kind, name, number in tries.counted()}
    assert [row for row in tries.stated() if there.get(row[:2], 0) < row[2]] == []
    assert {row[:2] for row in tries.stated()} == set(there)
