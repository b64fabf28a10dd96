"""A disk that fills up under whatever command of a year: a sentence says so, nothing is lost, and the next run goes on."""

import shutil

import pytest

from tests.faults.harness import drawn
from tests.faults.office import COMMANDS, Office
from tests.helpers.size import FULL
from tests.ingest.test_kill import small_disk

ROUNDS = 4 if FULL else 1  # of each command
LARGE = 20_000_000_000  # bytes, of which status does not warn
ROOM = {
    "approve": 1_000_000,
    "deliver": 200_000,
    "status": 80_000,
    "prune": 40_000,
    "upgrade": 40_000,
}  # bytes that a command may write
FULL_DISK = ("No space left on device", "The disk is full", "the disk is full", "no room", "Less than 2 GiB are free")


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    """An office whose every file lies on a small disk, and what changes the size of that."""
    place = tmp_path_factory.mktemp("full") / "disk"
    with small_disk(place, LARGE) as resize:
        made = Office(place)
        yield made, resize
        made.bureau.server.stop()


@pytest.mark.parametrize("round", range(ROUNDS))
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_whose_disk_fills_up_is_gone_on_with(disk, command, round):
    office, resize = disk
    state, words, expected, see = COMMANDS[command]
    _, undisturbed = office.undisturbed(command)
    office.put(state)
    used = shutil.disk_usage(office.folder).used
    room = drawn(command, round).randint(0, ROOM[command])
    assert resize(used + room) == 0
    code, said = office.run(*words)
    assert resize(LARGE) == 0
    print(f"{room} bytes left, ended with {code}: {said}")
    assert code == expected or any(words in said for words in FULL_DISK), said
    see(office)
    assert office.files() == undisturbed
