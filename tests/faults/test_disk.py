"""A disk that is full or may not be written to: the edition before stands, a sentence says so, the next build makes the new one."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from tests.faults.harness import CITIES, Build, drawn, rounds
from tests.helpers.size import in_full
from tests.ingest.test_kill import ENOUGH, small_disk

NEEDED = {"outputs": 110_000, "temporary": 40_000}  # bytes that a build writes there
UNPRIVILEGED = (
    ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
)  # root may write anywhere


@in_full
@rounds
@pytest.mark.parametrize("where", ["outputs", "temporary"])
def test_a_disk_that_fills_up_at_any_write_costs_no_edition(bureau, where, round):
    chance = drawn(where, round)
    place = bureau.out if where == "outputs" else bureau.begun()
    shutil.rmtree(place)
    with small_disk(place, ENOUGH) as resize:
        bureau.restore()
        used = ENOUGH - shutil.disk_usage(place).free
        assert resize(used + chance.randint(4096, NEEDED[where])) == 0
        done = Build(bureau, temporary=place if where == "temporary" else None)
        code = done.end()
        bureau.see_whole()
        assert "Traceback" not in done.err
        assert code == 0 or (code in (4, 5) and "No space left on device" in done.err), done.err
        assert done.remains == []
        resize(ENOUGH)
        bureau.see_repaired()


@in_full
@rounds
def test_outputs_that_may_not_be_written_to_are_named(bureau, round):
    def built(folder: Path) -> tuple[int, str]:
        before = stat.S_IMODE(folder.stat().st_mode)
        folder.chmod(0o555)
        done = Build(bureau, before=UNPRIVILEGED)
        code = done.end()
        folder.chmod(before)
        assert done.remains == []
        assert {name: bureau.files()[name] for name in bureau.older if name != "index.html"} == {
            name: content for name, content in bureau.older.items() if name != "index.html"
        }
        return code, done.err

    assert built(bureau.out) == (2, "outputs cannot be written to: Permission denied. Name another folder with --out.\n")
    code, said = built(bureau.out / "2021")
    assert code == 5 and "Traceback" not in said
    for city in CITIES.values():
        assert f"{city} 2021: city-brief could not be made: PermissionError: [Errno 13] Permission denied" in said
    bureau.see_repaired()
