"""The status as a page has the words of the command, opens what it names, and is shown by `briefs serve`."""

import re

import pytest
from bs4 import BeautifulSoup

from city_briefs.app import serve, status_page
from city_briefs.app.status import PackMatter
from city_briefs.common import clock, paths

LATE = PackMatter("late", "city-brief", "620100", "2021", "兰州市", {"deadline": "2022-01-17"})
DRAFTED = PackMatter("drafted", "city-brief", "620200", "2021", "嘉峪关市", {"edition": 2})
DAY = "2022-01-18"


@pytest.fixture
def said(briefs, office, monkeypatch):
    """What the command says of these matters, and the page that it writes, in the language of messages."""

    def ask(matters, language="en", *, fault=""):
        file = office.folder / "briefs.toml"
        file.write_text(f'language = "{language}"\n{file.read_text("utf-8")}', "utf-8")

        def found(*_):
            if fault:
                raise status_page.UsageError(fault)
            return matters

        monkeypatch.setattr("city_briefs.app.status.matters", found)
        monkeypatch.setattr("city_briefs.app.cli.monitoring.opened", lambda data: data)
        monkeypatch.setattr(clock, "now", lambda: clock.datetime(2022, 1, 18, 8, 30))
        code, out, _ = briefs("status", "--on", DAY, "--page")
        return code, out.splitlines(), BeautifulSoup((office.out / status_page.FILE).read_text("utf-8"), "html.parser")

    return ask


def words(page, name):
    """The texts of the elements that a selector finds."""
    return [element.get_text(" ", strip=True) for element in page.select(name)]


@pytest.mark.parametrize(
    ("language", "rows", "counts", "moment"),
    [
        (
            "en",
            ["2021 兰州市 city-brief ▲ late by 2022-01-17", "2021 嘉峪关市 city-brief drafted edition 2"],
            "Needs attention: late 1, drafted 1.",
            "On 2022-01-18; written at 2022-01-18 08:30.",
        ),
        (
            "zh",
            ["2021 兰州市 city-brief ▲ 逾期未编 应于2022-01-17前", "2021 嘉峪关市 city-brief 待签发 第2版"],
            "要处理：逾期未编1件，待签发1件。",
            "2022-01-18；本页写于2022-01-18 08:30。",
        ),
    ],
)
def test_the_page_has_the_words_of_the_command(said, language, rows, counts, moment):
    code, lines, page = said([LATE, DRAFTED], language)
    assert code == 1 and words(page, "tbody tr") == rows
    assert [re.sub("[()（）]", "", line) for line in lines[:2]] == [row.replace("▲ ", "") for row in rows]
    assert lines[2] == counts and words(page, ".counts") == [counts]
    assert words(page, ".moment") == [moment]
    assert words(page, "footer p")[:-1] == lines[3:]  # the last build and the disk


def test_nothing_is_said_to_need_attention_when_nothing_does(said):
    code, lines, page = said([])
    assert (code, lines[0], words(page, ".counts")) == (0, "Nothing needs attention.", ["Nothing needs attention."])
    assert not page.select("table")


def test_a_disk_that_is_short_is_on_the_page_and_no_page_says_that_all_is_well(said, monkeypatch, office):
    office.settings()
    file = office.folder / "briefs.toml"
    file.write_text(f"{file.read_text('utf-8')}[retention]\nfree = 1000000\n", "utf-8")
    code, lines, page = said([])
    assert code == 1 and words(page, ".fault") == [f"▲ {lines[0]}"] and not page.select(".counts")


def test_a_page_that_was_written_before_is_not_left_standing_when_no_answer_can_be_given(said):
    said([LATE])
    code, lines, page = said([], fault="There is no snapshot in data. <Name> one.")
    assert (code, lines) == (2, [])
    assert words(page, ".fault") == ["▲ There is no snapshot in data. <Name> one."] and not page.select("table, .counts")


def test_a_row_leads_to_the_document_that_stands(said, office):
    office.edition("620200", number=2, draft=True)
    _, _, page = said([LATE, DRAFTED])
    assert [link["href"] for link in page.select("tbody a")] == ["2021/620200/city-brief.html"]
    assert serve.served_file("/outputs/status.html", {"outputs": paths.outputs()}) == office.out / "status.html"
    assert serve.served_file("/outputs/2021/620200/city-brief.html", {"outputs": paths.outputs()})


def test_words_of_a_fault_are_no_markup(said):
    _, _, page = said([PackMatter("failed", "city-brief", "620100", "2021", "兰州市", {"reason": "<script>alert(1)</script>"})])
    assert not page.select("script") and "<script>alert(1)</script>" in words(page, "tbody tr")[0]


def test_a_page_that_cannot_be_written_is_a_sentence(briefs, office, monkeypatch):
    monkeypatch.setattr("city_briefs.app.status.matters", lambda *_: [])
    monkeypatch.setattr("city_briefs.app.cli.monitoring.opened", lambda data: data)
    office.out.mkdir()
    (office.out / status_page.FILE).mkdir()
    code, _, err = briefs("status", "--page")
    assert code == 2 and err == (
        "outputs/status.html cannot be written: Is a directory. Make room, or give this user the right to write there.\n"
    )
