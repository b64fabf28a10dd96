"""Two builds of the same outputs: the second begins when the first has ended, however that ends, and who only reads does not wait."""

import signal

from tests.faults.harness import Build, drawn, rounds
from tests.helpers.size import in_full

WAITS = "Another build is at work in outputs. This one begins when it has ended.\n"


@in_full
@rounds
def test_of_two_builds_of_the_same_outputs_one_waits(bureau, round):
    chance = drawn("together", round)
    first, second = Build(bureau), None
    for _ in range(chance.randint(0, 1)):
        first.err += first.process.stderr.readline()
    second = Build(bureau)
    assert (first.end(), second.end()) == (0, 0), first.err + second.err
    assert [first.err, second.err].count(WAITS) <= 1
    assert sum("[3/3]" in one.err for one in (first, second)) == 1  # the other found it made
    assert bureau.files() == bureau.newer


@in_full
@rounds
def test_who_waits_can_be_stopped_or_goes_on_when_the_other_is_killed_and_who_reads_does_not_wait(bureau, round):
    first = Build(bureau)
    first.err += first.process.stderr.readline()
    first.process.send_signal(signal.SIGSTOP)
    stopped, second = Build(bureau), Build(bureau)
    assert [stopped.process.stderr.readline(), second.process.stderr.readline()] == [WAITS, WAITS]
    stopped.process.send_signal(signal.SIGINT)
    assert (stopped.end(), "Traceback" in stopped.err) == (130, False)
    reading = bureau.briefs("why", "city-brief", "--year", "2021", "--city", "Ashford")
    assert (reading.returncode, reading.stderr) == (0, "")
    first.process.kill()
    first.end()
    assert second.end() == 0, second.err
    assert bureau.files() == bureau.newer
    bureau.see_repaired()
