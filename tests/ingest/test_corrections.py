"""A city sends corrected records of an earlier month: the next edition says so, number by number."""

import errno
import io
import json
import re
import shutil
from datetime import date

import docx
import pyarrow.parquet as pq
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from city_briefs.analysis import blocks
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.ingest.pipeline import ingest
from city_briefs.analysis.snapshot import load
from city_briefs.common import theme
from city_briefs.common.errors import DataError
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.production.export.document import METADATA, document
from city_briefs.production.export.docx import BriefDOCX
from city_briefs.production.export.html import BriefHTML
from city_briefs.production.export.pdf import BriefPDF
from tests.documents.export.test_export import BOUND, pdf_text
from tests.helpers.printed import unjoined
from tests.ingest.sent import complaints, text

RECEIVED, RATE, MEDIAN = (CATALOGUE[name] for name in ("complaints_received", "settlement_rate", "median_days_to_close"))
HEADS = (*complaints()[0], "是否受理", "是否和解", "办结日期")
SENT = [
    ("C1", "兰州市", "投诉", "2021-02-01", "价格", "是", "是", ""),
    ("C2", "兰州市", "投诉", "2021-03-01", "价格", "是", "否", ""),
    ("C3", "嘉峪关市", "举报", "2021-03-02", "食品", "", "", ""),
]
LATE = ("C4", "兰州市", "投诉", "2021-03-09", "价格", "是", "是", "")


@pytest.fixture
def ingested(briefs, tmp_path):
    """Ingests rows of complaints as a snapshot of a name, perhaps after another; of each period every month is reported."""

    def taken_in(name, rows, after=None, periods=("2021-01/2021-04",)):
        shutil.rmtree(tmp_path / "sent", ignore_errors=True)
        for number, period in enumerate(periods):  # the rows are of the last, and the others are reports of nothing
            text(tmp_path / f"sent/complaints_{number}.csv", [HEADS, *(rows if period == periods[-1] else ())])
            with (tmp_path / "sent/sources.toml").open("a", encoding="utf-8") as declared:
                declared.write(f'[[source]]\nfile = "complaints_{number}.csv"\nperiod = "{period}"\n')
        words = ("--after", tmp_path / after) if after else ()
        code, _, err = briefs("ingest", tmp_path / "sent", "--into", tmp_path / name, *words)
        assert (code, err) == (0, "")
        return load(tmp_path / name)

    return taken_in


@pytest.fixture
def shown(monkeypatch):
    """The blocks that were shown."""
    published = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: published.append(bundle[theme.MIME]))
    return published


@pytest.fixture
def lines(shown):
    """What the appendix of a region's pack lists as corrected of some metrics."""

    def listed(snapshot, *metrics, region="兰州", year=2021, through=4):
        results, place = Results(snapshot, metrics), snapshot.regions.find(region)
        shown.clear()
        for metric in metrics:
            blocks.prose(Scope.of(results, place, Period(year, through)), [metric])
        return document(pack(shown, region=place.code, year=year)).appendix.corrections

    return listed


def pack(shown, **bound):
    """Blocks that were shown, bound as the pack of a region and year."""
    cells = [new_code_cell("", outputs=[new_output("display_data", {theme.MIME: one})]) for one in shown]
    return new_notebook(cells=cells, metadata={METADATA: BOUND | bound})


def test_a_corrected_month_is_listed_metric_by_metric(ingested, lines):
    ingested("old", SENT)
    new = ingested("new", [*SENT, LATE], after="old")
    assert lines(new, RECEIVED, RATE) == [
        "12315平台接收群众诉求：兰州市2021年3月由1件更正为2件（+1件）",
        "消费投诉和解率：兰州市2021年3月由0.0%更正为50.0%（+50.0个百分点）",
    ]
    assert lines(new, RECEIVED, region="嘉峪关") == []


def test_the_province_lists_all_its_regions_each_named_once(ingested, lines):
    ingested("old", SENT)
    new = ingested("new", [*SENT[1:], LATE, ("C5", "嘉峪关", "投诉", "2021-03-09", "价格", "是", "是", "")], after="old")
    assert lines(new, RECEIVED, region="620000") == [
        "12315平台接收群众诉求：兰州市2021年2月由1件更正为0件（−1件）；2021年3月由1件更正为2件（+1件）；嘉峪关市2021年3月由1件更正为2件（+1件）"
    ]


def test_the_first_few_are_listed_and_the_others_counted(ingested, lines):
    ingested("old", SENT)
    late = [(f"L{month}", "兰州市", "投诉", f"2021-0{month}-09", "价格", "是", "是", "") for month in range(1, 5)]
    new = ingested("new", [*SENT, *late], after="old")
    [said] = lines(new, RECEIVED)
    assert said.endswith("；2021年3月由1件更正为2件（+1件）；另有1项")
    [until_march] = lines(new, RECEIVED, through=3)
    assert until_march.endswith("；2021年3月由1件更正为2件（+1件）")


def test_what_the_next_year_shows_is_the_year_before_too(ingested, lines):
    ingested("old", SENT)
    new = ingested("new", [*SENT, LATE], after="old")
    assert len(lines(new, RECEIVED, year=2022)) == 1
    assert lines(new, RECEIVED, year=2023) == []


def test_a_month_that_is_merely_new_is_no_correction(ingested, lines):
    ingested("old", SENT, periods=("2021-01/2021-03",))
    new = ingested("new", SENT, after="old")
    assert new.since == load(new.path.parent / "old").id
    assert lines(new, RECEIVED) == []


def test_a_month_that_was_known_and_is_not_or_was_a_gap_and_is_known_is_said(ingested, lines):
    march = SENT[1:]
    gap, whole = ("2021-01", "2021-03/2021-04"), ("2021-01/2021-04",)
    ingested("gap", march, periods=gap)
    filled = ingested("filled", march, periods=whole, after="gap")
    assert lines(filled, RECEIVED) == ["12315平台接收群众诉求：兰州市2021年2月上版无此数，本版0件"]
    again = ingested("again", march, periods=gap, after="filled")
    assert lines(again, RECEIVED) == ["12315平台接收群众诉求：兰州市2021年2月上版0件，本版无此数"]


def closed(row, day):
    return (*row[:-1], day)


def test_what_does_not_add_up_is_said_of_january_to_the_month(ingested, lines):
    known = closed(SENT[0], "2021-02-11")
    ingested("old", [known])
    new = ingested("new", [known, closed(LATE, "2021-03-29")], after="old")
    changed = "由10.0天更正为15.0天（+5.0天）"
    assert lines(new, MEDIAN) == [f"消费投诉办结用时中位数：兰州市2021年1—3月{changed}；2021年1—4月{changed}"]


def test_what_prints_the_same_as_before_is_not_listed(ingested, lines):
    known = [closed(SENT[0], "2021-02-11"), closed(SENT[1], "2021-03-11")]
    ingested("old", known)
    new = ingested("new", [*known, closed(LATE, "2021-03-19")], after="old")
    assert lines(new, MEDIAN) == []
    assert len(lines(new, RECEIVED)) == 1


def test_the_appendix_says_it_in_every_format(ingested, lines, shown):
    ingested("old", SENT)
    lines(ingested("new", [*SENT, LATE], after="old"), RECEIVED)
    heading, line = "数据更正（与上版快照相比）", "12315平台接收群众诉求：兰州市2021年3月由1件更正为2件（+1件）。"
    html, pdf, word = (exporter().from_notebook_node(pack(shown))[0] for exporter in (BriefHTML, BriefPDF, BriefDOCX))
    assert f"<h3>{heading}</h3>\n<ol><li>{line}</li></ol>" in html
    assert f"{heading}1.{line}" in re.sub(r"\s", "", pdf_text(pdf))
    words = [unjoined(paragraph.text) for paragraph in docx.Document(io.BytesIO(word)).paragraphs]
    assert words[words.index(heading) + 1] == line


def test_without_corrections_the_appendix_has_no_section(ingested, lines, shown):
    lines(ingested("old", SENT), RECEIVED)
    assert "数据更正" not in BriefHTML().from_notebook_node(pack(shown))[0]


def test_the_same_rows_correct_nothing(ingested, lines):
    old = ingested("old", SENT)
    new = ingested("new", SENT, after="old")
    assert (new.id, new.since, lines(new, RECEIVED, RATE)) == (old.id, old.id, [])


def test_the_id_is_of_the_tables_and_the_bytes_are_the_same_each_time(ingested):
    ingested("old", SENT)
    alone, one, other = (
        ingested(name, [*SENT, LATE], after) for name, after in (("alone", None), ("one", "old"), ("other", "old"))
    )
    assert alone.id == one.id and alone.since == ""
    assert [
        (one.path / name).read_bytes() == (other.path / name).read_bytes() for name in ("snapshot.json", "corrections.parquet")
    ] == [True, True]
    assert (alone.path / "snapshot.json").read_bytes() != (one.path / "snapshot.json").read_bytes()


def test_a_snapshot_may_come_after_the_one_that_it_replaces(ingested, lines):
    old = ingested("own", SENT)
    new = ingested("own", [*SENT, LATE], after="own")
    assert (new.since, len(lines(new, RECEIVED))) == (old.id, 1)


def test_when_they_cannot_be_written_the_snapshot_before_stands_alone(ingested, tmp_path):
    old = ingested("own", SENT)

    def full(new):
        raise OSError(errno.ENOSPC, "No space left on device", str(new.path))

    with pytest.raises(DataError) as error:
        ingest([str(tmp_path / "sent")], old.path, strict=False, day=date(2022, 1, 5), corrected=full)
    assert str(error.value) == f"{old.path} could not be written: the disk is full. What was there before stands."
    assert load(old.path).since == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own", "sent"]


@pytest.mark.parametrize(("damage", "said"), [
    ("altered", "is not what snapshot.json says: its hash differs."),
    ("missing", "is missing."),
])  # fmt: skip
def test_corrections_are_not_changed_unseen(ingested, damage, said):
    ingested("old", SENT)
    file = ingested("new", [*SENT, LATE], after="old").path / "corrections.parquet"
    if damage == "altered":
        pq.write_table(pq.read_table(file).slice(1), file)
    else:
        file.unlink()
    with pytest.raises(DataError) as error:
        load(file.parent)
    assert str(error.value) == f"{file} {said} Make the snapshot anew, or bring back the one that was there."


def test_corrections_are_not_left_out_unseen(ingested):
    ingested("old", SENT)
    file = ingested("new", [*SENT, LATE], after="old").path / "snapshot.json"
    said = json.loads(file.read_text("utf-8"))
    del said["corrections"]
    file.write_text(json.dumps(said), "utf-8")
    with pytest.raises(DataError, match="its seal differs"):
        load(file.parent)


def test_one_before_that_is_no_snapshot_is_refused_and_nothing_is_written(briefs, tmp_path):
    text(tmp_path / "sent/complaints.csv", [HEADS, *SENT])
    answer = briefs("ingest", tmp_path / "sent", "--into", tmp_path / "new", "--after", tmp_path / "sent")
    said = f"There is no snapshot in {tmp_path}/sent. Name a folder that holds one, such as --data data/real.\n"
    assert answer == (3, "", said)
    assert [path.name for path in tmp_path.iterdir()] == ["sent"]
