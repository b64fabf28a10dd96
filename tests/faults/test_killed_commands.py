"""Whatever command of a year is killed, and whenever: the next run goes on, no edition is lost, and none is sent twice.

What may have arrived or not stands in `unconfirmed.csv`, and a person who looks finds each there at most once in a mailbox.
"""

import signal

import pytest

from tests.faults.harness import drawn
from tests.faults.office import COMMANDS, Office
from tests.helpers import warm
from tests.helpers.size import FULL

ROUNDS = 40 if FULL else 1  # of each command


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = Office(tmp_path_factory.mktemp("killed"))
    yield made
    made.bureau.server.stop()


@pytest.mark.skipif(not warm.POSSIBLE, reason="a fork is not to be had")
@pytest.mark.parametrize("round", range(ROUNDS))
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_killed_at_any_moment_is_gone_on_with(office, command, round):
    state, words, _, see = COMMANDS[command]
    moments, undisturbed = office.undisturbed(command)
    moment = drawn(command, round).randint(1, moments)
    print(f"killed at {moment} of {moments}")
    office.put(state)
    assert office.killed(words, moment) == -signal.SIGKILL
    see(office)
    assert office.files() == undisturbed
