"""Documents whose definitions stand in the manual: short chapters, and what is said once at the end."""

import pytest

from city_briefs.common.blocks import ROUNDING
from city_briefs.production.export.appendix import Appendix
from city_briefs.production.export.chapter_parts import drawn_once, with_content
from city_briefs.production.export.data_notes import at_the_end, data_notes
from tests.helpers.blocks import block, figure, metric

SAID = {"kind": "block", "block": block("prose", paragraphs=["甲。"], figures=[figure(value=1, refused=None)]), "ordinal": 1}
SILENT = {"kind": "block", "block": block("prose", paragraphs=[]), "ordinal": 2}
REFUSED = {
    "kind": "block",
    "block": block("prose", paragraphs=["乙未报送。"], figures=[figure(refused="本期未报送")]),
    "ordinal": 3,
}
TABLE = {"kind": "block", "block": block("table", rows=[["1"]]), "ordinal": 1}


def heading(source):
    return {"kind": "markdown", "source": source, "html": ""}


def words(parts):
    return [part["source"] if part["kind"] == "markdown" else part["block"].get("paragraphs", "表") for part in parts]


@pytest.mark.parametrize(
    ("parts", "left"),
    [
        ([heading("# 一、甲"), heading("## （一）乙"), SAID, heading("## （二）丙"), TABLE], ["# 一、甲", "## （一）乙", ["甲。"], "## （二）丙", "表"]),
        ([heading("# 一、甲"), heading("## （一）乙"), SAID, heading("## （二）丙"), SILENT], ["# 一、甲", ["甲。"], []]),
        ([heading("# 一、甲"), heading("## （一）乙"), SAID, heading("## （二）丙"), SILENT, heading("## （三）丁"), TABLE, heading("# 二、戊"), heading("## （一）己"), SAID, heading("## （二）庚"), TABLE], ["# 一、甲", "## （一）乙", ["甲。"], [], "## （二）丁", "表", "# 二、戊", "## （一）己", ["甲。"], "## （二）庚", "表"]),
        ([heading("# 一、甲"), heading("## （一）乙"), SILENT, heading("# 二、丁"), SAID], ["# 一、甲", [], "# 二、丁", ["甲。"]]),
        ([heading("# 一、甲"), heading("## （一）乙"), REFUSED, SILENT], ["# 一、甲", ["乙未报送。"], []]),
        ([heading("# 一、甲"), heading("## （一）乙"), REFUSED, REFUSED], [["一、甲：本章各项指标（指标）本期均无数据。"]]),
        ([heading("# 一、甲"), REFUSED, TABLE], ["# 一、甲", ["乙未报送。"], "表"]),
        ([heading("# 一、甲"), REFUSED, {"kind": "text", "source": "x"}], ["# 一、甲", ["乙未报送。"], "x"]),
    ],
    ids=["two sections", "an empty section", "an empty section between others", "nothing but a topic", "a figure not refused", "no data", "a table", "text of a cell"],
)  # fmt: skip
def test_headings_without_content_go_and_a_chapter_without_data_is_one_line(parts, left):
    assert [part.get("source") or part["block"].get("paragraphs", "表") for part in with_content(parts)] == left


def by_part(kind, *parts, **given):
    """A block that states what some lines of business add to a growth."""
    stated = [figure(value=1, refused=None, view="contribution", by="industry", part=part) for part in parts]
    return {"kind": "block", "block": block(kind, figures=stated, **given), "ordinal": 1}


@pytest.mark.parametrize(
    ("on_page_one", "in_chart", "is_drawn"),
    [("ABC", "ABC", False), ("ABC", "AB", False), ("AB", "ABC", True), ("", "AB", True), ("ABC", "", True)],
)
def test_what_page_one_draws_of_the_parts_of_a_number_is_not_drawn_again(on_page_one, in_chart, is_drawn):
    first, chart = by_part("page-one", *on_page_one), by_part("chart", *in_chart)
    [_, then] = drawn_once([first, chart])
    assert (then == chart) == is_drawn
    assert is_drawn or then["block"]["paragraphs"] == ["各部分的作用见第1页。"]
    assert then["block"]["figures"] == chart["block"]["figures"]
    assert list(drawn_once([chart, chart])) == [chart, chart]  # in a document without page one


def test_what_stood_under_every_table_is_said_once():
    noted = metric(caveats=["样本有误差。"])
    parts = [
        {"kind": "block", "block": block("table", sources=["甲", "乙"], notes=[ROUNDING, "样本有误差", "其他"], metrics=[noted]), "ordinal": 1},
        {"kind": "block", "block": block("chart", sources=["甲"], notes=[]), "ordinal": 1},
        {"kind": "block", "block": block("prose", paragraphs=["丙。"]), "ordinal": 1},
    ]  # fmt: skip
    assert at_the_end(parts) == ["资料来源：甲；乙", ROUNDING]
    assert [(part["block"].get("sources"), part["block"].get("notes")) for part in parts] == [
        ([], ["其他"]),
        ([], []),
        (None, None),
    ]


def test_warnings_about_data_stay_and_refusals_are_left_to_the_screen():
    made = Appendix(doubts=["甲有疑问。", "乙有疑问"], corrections=["丙：更正。"], refusals=["丁：未报送"])
    notes = data_notes(made, ["资料来源：戊"])
    assert notes.listed == [
        ("数据说明", ["数据核验提示：甲有疑问；乙有疑问", "数据更正（与上版快照相比）：丙：更正", "资料来源：戊"]),
    ]
    assert notes.refusals == ["丁：未报送"]
