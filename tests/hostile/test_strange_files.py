"""What lies where a file should: pipes, sockets, devices, folders, links that go round, files without end. Each is one sentence, at once."""

import os
import signal
import socket

import pytest

from city_briefs.analysis.assessments import actions
from city_briefs.analysis.blocks import remarks
from city_briefs.analysis.ingest import pipeline, sources_toml
from city_briefs.analysis.snapshot import reader
from city_briefs.common import files, paths, regions, settings
from city_briefs.common.errors import BriefError, DataError, UsageError
from city_briefs.metrics import reported
from city_briefs.production.delivery import journal, recipients, unconfirmed
from city_briefs.production.editions import manifest, signature
from city_briefs.production.packs import chapter_rules, packs_toml
from tests.helpers import REFERENCE
from tests.ingest.sent import TODAY, complaints, text

ENDLESS = 5 << 30  # bytes of a file that takes none on the disk
AT_ONCE = 20  # seconds, after which a read hangs
PIPE, SOCKET, DEVICE, FOLDER, ROUND, LARGE = "a pipe", "a socket", "a device", "a folder", "links that go round", "5 GB"
SAID = {
    PIPE: "it is a named pipe, and no file", SOCKET: "it is a socket, and no file", DEVICE: "it is a device, and no file",
    FOLDER: "it is a folder, and no file", LARGE: "it has more than",
}  # fmt: skip
ODD = [PIPE, SOCKET, DEVICE, FOLDER, ROUND, LARGE]


def put(kind, path, monkeypatch):
    """Put it at a path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == PIPE:
        os.mkfifo(path)
    elif kind == SOCKET:
        monkeypatch.chdir(path.parent)  # the address of a socket is short
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    elif kind == DEVICE:
        path.symlink_to("/dev/zero")
    elif kind == FOLDER:
        path.mkdir()
    elif kind == ROUND:
        path.symlink_to(path.name)
    else:
        with path.open("wb") as file:
            file.truncate(ENDLESS)


@pytest.fixture(autouse=True)
def at_once():
    """Fail a test that waits for a pipe."""

    def late(number, frame):
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(AT_ONCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def signing(file):
    """Read a key by which packs are signed."""
    os.environ[signature.VARIABLE] = str(file)
    try:
        signature.key()
    finally:
        del os.environ[signature.VARIABLE]


READ = {
    "briefs.toml": (settings.read.__wrapped__, UsageError),
    "packs.toml": (lambda file: packs_toml.packs(file.parent), UsageError),
    "recipients.csv": (lambda file: recipients.read(file, regions.read(REFERENCE / "regions.csv"), {}), UsageError),
    "regions.csv": (regions.read, DataError),
    "reported.csv": (reported.read, DataError),
    "key.pem": (signing, UsageError),
    "public.pem": (signature.public, UsageError),
    "journal.jsonl": (lambda file: journal.read(file.parent), DataError),
    "unconfirmed.csv": (lambda file: unconfirmed.decisions(file.parent), DataError),
    "snapshot.json": (lambda file: reader.load(file.parent), DataError),
}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("name", READ)
def test_it_is_refused_in_a_sentence(tmp_path, monkeypatch, name, kind):
    read, error = READ[name]
    put(kind, tmp_path / name, monkeypatch)
    if kind == ROUND and name in ("journal.jsonl", "unconfirmed.csv", "briefs.toml"):
        assert not (tmp_path / name).exists()  # such a link is no file, and these need not be there
        return
    with pytest.raises(error) as refused:
        read(tmp_path / name)
    words = str(refused.value)
    assert "\n" not in words and words.endswith((".", "?")), words
    assert name in words or name == "snapshot.json"
    if name == "snapshot.json":
        assert words.startswith("There is no snapshot in ")
    elif kind in SAID and not (name == "key.pem" and kind == LARGE):
        assert SAID[kind] in words


@pytest.mark.parametrize("kind", ODD)
def test_the_journal_is_neither_written_to(tmp_path, monkeypatch, kind):
    put(kind, tmp_path / "journal.jsonl", monkeypatch)
    if kind == LARGE:
        return  # it is read as any
    with (
        pytest.raises(BriefError, match=r"journal\.jsonl cannot be read: .*\. So it is not known who was sent what\."),
        journal.opened(tmp_path),
    ):
        pass


@pytest.mark.parametrize("kind", ODD)
def test_a_manifest_costs_its_own_pack(tmp_path, monkeypatch, kind):
    put(kind, tmp_path / "manifest.json", monkeypatch)
    assert manifest.read(tmp_path) == {}


@pytest.mark.parametrize("kind", [kind for kind in ODD if kind != ROUND])
def test_a_remark_and_the_list_of_actions_are_named(tmp_path, monkeypatch, kind):
    put(kind, tmp_path / "data/notes/x.md", monkeypatch)
    put(kind, tmp_path / "data/actions.csv", monkeypatch)
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    with pytest.raises(DataError, match=r"^data/notes/x\.md cannot be read: it (is|has) .*\. Put a file there, or nothing\.$"):
        remarks.read(tmp_path / "data/notes/x.md")
    with pytest.raises(
        DataError, match=r"actions\.csv cannot be read: it (is|has) .*\. Put a file there that this user may read\.$"
    ):
        actions.listed(regions.read(REFERENCE / "regions.csv"))


@pytest.mark.parametrize("kind", ODD)
def test_a_notebook_is_named(tmp_path, monkeypatch, kind):
    put(kind, tmp_path / "chapter.ipynb", monkeypatch)
    [finding] = chapter_rules.findings(tmp_path / "chapter.ipynb", {}, lambda *_: [])
    assert finding.startswith("chapter.ipynb cannot be read")


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("named", [True, False], ids=["named itself", "in the folder"])
def test_a_declaration_is_told_beside_the_files(tmp_path, monkeypatch, kind, named):
    sent = tmp_path / "sent"
    put(kind, sent / "sources.toml", monkeypatch)
    text(sent / "complaints.csv", complaints(("C1", "兰州市", "投诉", "2021-03-01", "价格")))
    if named and kind in (FOLDER, ROUND):
        return  # a folder is one of files, and a link that leads nowhere is not there
    made = pipeline.ingest([str(sent / "sources.toml" if named else sent)], tmp_path / "made", strict=False, day=TODAY)
    sentences = [finding.text for finding in made.findings if finding.rule == "unreadable"]
    if kind == FOLDER:
        assert made.snapshot
    else:
        said = "sources.toml is a link that leads out" if kind == DEVICE and not named else "sources.toml cannot be read: "
        assert said in sentences[0] and sentences[0].endswith("."), sentences


@pytest.mark.parametrize("kind", [PIPE, SOCKET, DEVICE, ROUND])
@pytest.mark.parametrize(
    "name", ["complaints.csv", "complaints.tsv", "complaints.xlsx", "complaints.xls", "sent.xlsx", "sent.ods", "complaints.parquet", "sent.zip"]
)  # fmt: skip
@pytest.mark.parametrize("declared", [False, True], ids=["found", "declared"])
def test_a_source_is_refused_beside_the_others(tmp_path, monkeypatch, name, kind, declared):
    sent = tmp_path / "sent"
    put(kind, sent / name, monkeypatch)
    text(
        sent / "cases.csv",
        [("案件编号", "地区", "领域", "结案日期", "罚款", "没收"), ("1", "兰州", "食品", "2021-01-01", "1", "1")],
    )
    if declared:
        (sent / "sources.toml").write_text(f'[[source]]\nfile = "{name}"\ntable = "complaints"\n', "utf-8")
    made = pipeline.ingest([str(sent)], tmp_path / "made", strict=False, day=TODAY)
    told = [finding.text for finding in made.findings if finding.rule == "unreadable"]
    assert told and all(name in sentence and sentence.endswith((".", "?")) for sentence in told), told
    assert made.snapshot is None and made.accepted == 1


DECLARED = {
    "NUL in a name": ('[[source]]\nfile = "entities.csv\\u0000"', "file has the character U+0000, which no name of a file has."),
    "a long name": (f'[[source]]\nfile = "{"x" * 5000}"', "file has a name of more than 255 bytes, and no file has a longer one."),
    "a long Chinese name": (f'[[source]]\nfile = "{"长" * 86}.csv"', "file has a name of more than 255 bytes, and no file has a longer one."),
    "a long folder": (f'[[source]]\nfile = "{"长" * 86}/a.csv"', "file has a name of more than 255 bytes, and no file has a longer one."),
    "a long path": (f'[[source]]\nfile = "{"x/" * 3000}a.csv"', "there is no file 'x/"),
    "links that go round": ('[[source]]\nfile = "loop/entities.csv"\ntable = "entities"', "loop/entities.csv is a link to itself. Send a file."),
    "out of the folder": ('[[source]]\nfile = "../entities.csv"', "'../entities.csv' lies outside of the folder."),
    "a device": ('[[source]]\nfile = "/dev/zero"', "'/dev/zero' lies outside of the folder."),
    "a long label": (f'label = "{"长" * 101}"', "label has 101 characters and may have 100: shorten it."),
    "a long label of a source": (f'[[source]]\nfile = "a.csv"\nlabel = "{"x" * 9999}"', "label has 9999 characters and may have 100: shorten it."),
    "a nest": ("a = " + "[" * 9000, "cannot be read: "),
}  # fmt: skip


@pytest.mark.parametrize("case", DECLARED)
def test_what_a_declaration_says_is_bounded(tmp_path, case):
    written, said = DECLARED[case]
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "sources.toml").write_text(written, "utf-8")
    made = pipeline.ingest([str(tmp_path)], tmp_path / "made", strict=False, day=TODAY)
    told = [finding.text for finding in made.findings if "sources.toml" in finding.text]
    assert len(told) == 1 and said in told[0], told


def test_settings_that_are_a_nest_are_refused(tmp_path):
    (tmp_path / "briefs.toml").write_text("a = " + "[" * 9000, "utf-8")
    with pytest.raises(UsageError, match=r"^briefs\.toml cannot be read: .*\.$"):
        settings.read(tmp_path / "briefs.toml")


def test_of_the_largest_by_hand_all_is_read(tmp_path):
    (tmp_path / "full").write_bytes(b"x" * files.BY_HAND)
    (tmp_path / "more").write_bytes(b"x" * (files.BY_HAND + 1))
    assert len(files.read_bytes(tmp_path / "full", files.BY_HAND)) == files.BY_HAND
    with pytest.raises(files.NotReadable, match=r"^it has more than 4 MB$"):
        files.read_bytes(tmp_path / "more", files.BY_HAND)


def test_sources_toml_in_chinese(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    os.mkfifo(tmp_path / "sources.toml")
    [mistake] = sources_toml.read(tmp_path / "sources.toml").mistakes
    assert mistake == f"{tmp_path}/sources.toml无法读取：它是命名管道，不是文件。"
