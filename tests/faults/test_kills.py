"""Whatever process of a build is killed, and whenever: the edition before or the new one stands, and the next build goes on."""

import re
import signal

import pytest

from tests.faults.harness import CITIES, drawn, rounds
from tests.helpers.size import in_full

STAGES = ("kernel 1 as it starts", "kernel 2 in a cell", "kernel 3 between cells")
DIED = re.compile(r"(\w+) 2021: (summary|safety) stopped: its kernel died\. Build it again\.")


@in_full
@rounds
def test_kernels_that_are_killed_at_each_stage_cost_their_own_packs_at_most(bureau, round):
    """Of three kernels each is killed at another stage; the one that is killed as it starts is started again."""
    done = bureau.struck(*STAGES, chance=drawn("kernels", round))
    bureau.see_whole()
    said = done.err.splitlines()
    stopped = [DIED.fullmatch(line) for line in said if "stopped" in line]
    assert stopped and all(stopped) and {found[1] for found in stopped} <= set(CITIES.values()), done.err
    assert done.process.returncode in (4, 5) and done.remains == []
    bureau.see_repaired()


@in_full
@rounds
@pytest.mark.parametrize("whom", ["worker", "zygote"])
def test_a_process_that_others_work_in_is_killed_and_no_number_is_another(bureau, whom, round):
    done = bureau.struck(whom, chance=drawn(whom, round))
    bureau.see_whole()
    assert done.process.returncode in (0, 4, 5) and "Traceback" not in done.err, done.err
    bureau.see_repaired(done.temporary)


@rounds
@pytest.mark.parametrize("when", [pytest.param("build", marks=in_full), "build as it puts a pack in its place"])
def test_a_build_that_is_killed_leaves_whole_editions_and_no_process(bureau, when, round):
    done = bureau.struck(when, chance=drawn(when, round))
    assert done.process.returncode == -signal.SIGKILL
    bureau.see_whole()
    bureau.see_repaired(done.temporary)
