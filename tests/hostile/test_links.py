"""Links that others plant where a build, an approval or a delivery writes and reads: what they lead to stays as it is, and is not read."""

import json
import os
from pathlib import Path

import pytest

from city_briefs.common import atomic_files, files, paths
from city_briefs.common.errors import DataError
from city_briefs.production.build import outputs
from city_briefs.production.delivery import journal, round
from city_briefs.production.editions import manifest, register

PRECIOUS = b"precious"


@pytest.fixture
def victim(tmp_path):
    file = tmp_path / "victim"
    file.write_bytes(PRECIOUS)
    yield file
    assert file.read_bytes() == PRECIOUS


@pytest.fixture
def share(tmp_path):
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


def deliver(file):
    round._write_folder(file.parent, {file.name: b"written"})


def index(file):
    atomic_files.write_whole(file, "written")


def new(file):
    files.write_new(file, b"written")


def copied(file):
    source = file.parent / "source"
    source.write_bytes(b"written")
    files.copy(source, file)


WRITERS = {"a delivery": deliver, "a page": index}
NEW = {"a new file": new, "a copy": copied}
LINKS = {
    "to a file": lambda victim: victim, "that dangles": lambda victim: victim.with_name("nowhere"),
    "to a folder": lambda victim: victim.parent, "to a device": lambda victim: Path("/dev/full"),
}  # fmt: skip


@pytest.mark.parametrize("leads", LINKS)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_link_at_the_name_itself_gives_way(share, victim, writer, leads):
    place = share / "简报.pdf"
    place.symlink_to(LINKS[leads](victim))
    WRITERS[writer](place)
    assert not place.is_symlink() and place.read_bytes() == b"written"
    assert [file.name for file in share.iterdir()] == [place.name] and not victim.with_name("nowhere").exists()


@pytest.mark.parametrize("leads", LINKS)
@pytest.mark.parametrize("writer", NEW)
def test_what_is_made_anew_is_not_made_through_a_link(share, victim, writer, leads):
    (share / "x").symlink_to(LINKS[leads](victim))
    with pytest.raises(FileExistsError):
        NEW[writer](share / "x")
    assert not victim.with_name("nowhere").exists()


@pytest.mark.parametrize("writer", WRITERS)
def test_no_name_on_the_way_can_be_guessed(share, victim, monkeypatch, writer):
    """Whoever knows machine, process and name of the file still guesses one of 2⁶⁴."""
    names = []
    created = files.created
    monkeypatch.setattr(files, "created", lambda path, folder=None: names.append(str(path)) or created(path, folder))
    for _ in range(2):
        WRITERS[writer](share / "简报.pdf")
    assert len(set(names)) == 2 and all(len(name.rpartition("-")[2]) == 16 for name in names)
    for name in (f".简报.pdf.{atomic_files.MACHINE}-{os.getpid()}", ".简报.pdf"):
        (share / name).symlink_to(victim)
    WRITERS[writer](share / "简报.pdf")


def test_a_file_that_is_exchanged_on_the_way_is_told(share, victim):
    with pytest.raises(OSError, match="another file was put in its place meanwhile"), atomic_files.whole(share / "x") as file:
        [made] = share.iterdir()
        made.unlink()
        made.symlink_to(victim)
        file.write(b"written")


def test_a_folder_that_is_exchanged_on_the_way_keeps_the_file_in_its_own(share, victim):
    """The writer holds the folder itself, and not its name."""
    with atomic_files.whole(share / "x") as file:
        share.rename(share.with_name("moved"))
        share.symlink_to(victim.parent)
        file.write(b"written")
    assert (share.with_name("moved") / "x").read_bytes() == b"written" and not (victim.parent / "x").exists()


def test_the_journal_is_not_written_through_a_link(share, victim):
    (share / "journal.jsonl").symlink_to(victim)
    with pytest.raises(DataError, match=r"journal\.jsonl cannot be read: "), journal.opened(share):
        pass


@pytest.mark.parametrize("name", ["2021", "2021/620100"])
def test_no_pack_is_put_through_a_link_that_came_while_it_was_made(tmp_path, share, name):
    elsewhere = tmp_path / "elsewhere"
    out, folder = share, share / "2021/620100"
    folder.parent.mkdir(parents=True)
    made = atomic_files.begun(folder.parent, outputs.WORKPLACE)
    (elsewhere / made.name).mkdir(parents=True)
    (elsewhere / "620100").mkdir()
    if name == "2021":
        folder.parent.rename(tmp_path / "moved")
        folder.parent.symlink_to(elsewhere)
        with pytest.raises(OSError, match="2021 is a link or no folder, and what is made stays in "):
            atomic_files.put(made, folder, out)
    else:
        folder.symlink_to(elsewhere)
        atomic_files.put(made, folder, out)  # takes the place of the link
        assert not folder.is_symlink() and folder.is_dir()
    assert sorted(file.name for file in elsewhere.iterdir()) == sorted([made.name, "620100"])


@pytest.mark.parametrize("name", ["2021", "2021/620100", "2021/620100/city-brief", "2021/620100/city-brief/1"])
def test_the_register_is_read_through_no_link(tmp_path, share, monkeypatch, name):
    monkeypatch.setattr(paths, "register", lambda: share)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (share / name).parent.mkdir(parents=True, exist_ok=True)
    (share / name).symlink_to(elsewhere)
    with pytest.raises(DataError, match=rf"{name} (is a link, and what is made stays in|is no folder of editions\.) "):
        register.editions("city-brief", "620100", "2021")


def test_no_manifest_is_read_through_a_link(tmp_path, share):
    real = tmp_path / "manifest.json"
    real.write_text(json.dumps({"packs": {}}), "utf-8")
    assert manifest.read(tmp_path) == {}
    (share / "manifest.json").symlink_to(real)
    with pytest.raises(OSError, match="it is a link"):
        files.read_text(share / "manifest.json", links=False)
