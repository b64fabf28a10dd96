"""An answer is kept under what it rests on, and one that is damaged or rests on something else is none."""

import json

import pytest

from city_briefs.common import kept_answers

ANSWER = {"2021-01": ["620100", "620200"]}


def other_words(file):
    file.write_text(file.read_text("utf-8").replace("620200", "620300"), "utf-8")


SPOILT = {
    "nothing": lambda file: file.unlink(),
    "no JSON": lambda file: file.write_text(file.read_text("utf-8")[:-1], "utf-8"),
    "no UTF-8": lambda file: file.write_bytes(b"\xff"),
    "other words": other_words,
    "another form": lambda file: file.write_text("[]", "utf-8"),
    "no hash": lambda file: file.write_text(json.dumps({"answer": ANSWER}), "utf-8"),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
}


def test_an_answer_is_found_by_its_question_and_what_it_rests_on(tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    assert kept_answers.find(folder, "reported", ["a", 1]) is None
    kept_answers.keep(folder, "reported", ["a", 1], ANSWER)
    assert kept_answers.find(folder, "reported", ["a", 1]) == ANSWER
    assert kept_answers.find(folder, "reported", ["a", 2]) is None
    assert kept_answers.find(folder, "unsent", ["a", 1]) is None


def test_of_each_question_the_last_answer_alone_is_kept(tmp_path):
    for number in range(3):
        kept_answers.keep(tmp_path, "reported", number, number)
        kept_answers.keep(tmp_path, "unsent", number, -number)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["reported.json", "unsent.json"]
    assert [kept_answers.find(tmp_path, "reported", number) for number in range(3)] == [None, None, 2]


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_an_answer_that_is_damaged_is_none_and_can_be_kept_anew(tmp_path, spoil):
    kept_answers.keep(tmp_path, "reported", "a", ANSWER)
    [file] = tmp_path.iterdir()
    spoil(file)
    assert kept_answers.find(tmp_path, "reported", "a") is None
    if file.is_dir():
        file.rmdir()
    kept_answers.keep(tmp_path, "reported", "a", ANSWER)
    assert kept_answers.find(tmp_path, "reported", "a") == ANSWER


def test_no_folder_is_made_for_an_answer(tmp_path):
    kept_answers.keep(tmp_path / "results", "reported", "a", ANSWER)
    assert not list(tmp_path.iterdir())


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path):
    (tmp_path / "file").write_text("")
    kept_answers.keep(tmp_path / "file", "reported", "a", ANSWER)
    assert kept_answers.find(tmp_path / "file", "reported", "a") is None
