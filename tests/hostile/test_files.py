"""Files that are sent, by any name and with anything in them: what comes of it is text, and lies where it was asked for."""

import csv
import json

import openpyxl
import pyarrow.parquet as pq
import pytest

from tests.hostile.corpus import FILE_NAMES, VALUES, WORDS

HEADS = ["entity_id", "region", "kind", "registered_on", "industry"]
RUN = tuple("=+-@\t\r＝＋－＠")


@pytest.fixture(scope="module")
def ingested(tmp_path_factory):
    """What lies there after a folder of such files was read: the folder, and what the command said."""
    from tests.helpers.project import Project  # its own process: what it prints is looked at

    folder = tmp_path_factory.mktemp("files")
    sent = folder / "sent"
    sent.mkdir()
    for number, name in enumerate(FILE_NAMES):
        write(
            sent / name,
            [[f"F{number}", "620100", "enterprise", "2021-03-01", ""], [f"B{number}", "=1+1", "enterprise", "2021-03-01", ""]],
        )
    words = [word for word in (*WORDS, *VALUES) if "\x00" not in word]
    write(
        sent / "entities.csv", [[f"W{number}", "620100", "enterprise", "2021-03-01", word] for number, word in enumerate(words)]
    )
    write(sent / "entities_bad.csv", [[f"X{number}", word, word, word, word] for number, word in enumerate(words)])
    (sent / "$(touch pwned).md").touch()
    done = Project(folder).briefs("ingest", str(sent), "--into", str(folder / "snapshot"))
    assert done.returncode == 3, done.stderr  # rows were rejected
    return folder, done.stdout + done.stderr


def write(file, rows):
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows([HEADS, *rows])


def test_nothing_is_written_but_the_snapshot(ingested):
    folder, _ = ingested
    assert sorted(file.name for file in folder.iterdir()) == ["project", "sent", "snapshot"]
    assert not list(folder.rglob("pwned"))
    assert all(file.resolve().is_relative_to(folder / "snapshot") for file in (folder / "snapshot").rglob("*"))


def test_every_word_that_was_accepted_is_the_same(ingested):
    folder, _ = ingested
    kept = set(pq.read_table(folder / "snapshot/entities.parquet")["industry"].to_pylist())
    assert len(kept & {*WORDS, *VALUES}) > 80  # the others have white space around them, or are refused


def test_no_cell_of_what_is_sent_back_is_a_formula_or_a_link(ingested):
    folder, _ = ingested
    books = sorted((folder / "snapshot/returned").glob("*.xlsx"))
    assert len(books) >= len(FILE_NAMES)
    for book in books:
        cells = [
            cell for sheet in openpyxl.load_workbook(book) for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        assert cells and {cell.data_type for cell in cells} <= {"s", "n", "d"} and not any(cell.hyperlink for cell in cells)


def test_a_spreadsheet_runs_no_cell_of_the_rejected_rows(ingested):
    folder, _ = ingested
    with (folder / "snapshot/rejected/entities.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert len(cells) > 4 * len(VALUES)
    assert [
        cell for cell in cells if cell.lstrip(" \n").startswith(RUN) and not cell.lstrip("+-").replace(".", "").isdigit()
    ] == []
    assert "'=1+1" in cells


def test_a_terminal_is_told_nothing_but_words(ingested):
    _, said = ingested
    assert said and not [one for one in said if (ord(one) < 32 and one != "\n") or one in "\x7f\u202e\u200f"]


def test_the_report_is_plain_data(ingested):
    folder, _ = ingested
    said = json.loads((folder / "snapshot/report.json").read_text("utf-8"))
    assert {source["source"] for source in said["sources"]} >= set(FILE_NAMES) and said["left_aside"] == ["$(touch pwned).md"]
