"""An analyst's remark: its numbers are filled in, nothing in it is anything but text, and what is wrong with it is said."""

import io
from dataclasses import replace

import nbformat
import openpyxl
import pypdfium2
import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.blocks import publish, remarks
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common import paths
from city_briefs.common.errors import DataError
from city_briefs.common.periods import Period
from city_briefs.common.theme import MIME
from city_briefs.metrics.business_environment import entity_stock, new_entities
from city_briefs.model.tables import RETURNS
from city_briefs.production.build import fingerprints, make_pack
from city_briefs.production.export.document import document
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.plan import PackRequest, SnapshotRef
from city_briefs.production.packs.sources import Sources
from tests.conftest import THREE_CITIES, covered, rows

FRONT = "---\n标题: 原因分析\n作者: 12315指挥中心\n日期: 2022-01-10\n---\n"
NAME = "data/notes/2021/9100/safety.md"
BEGINS = "It begins with a line ---, a line each for 标题, 作者 and 日期 such as “日期: 2022-01-10”, and a line ---."
NUMBER = "Write a number as {{metric}} or {{metric view}}, such as {{new_entities yoy}}, and a year as 本年 or 上年."
HOSTILE = "<script>alert(一)</script> & **粗** $x$ #标题 =SUM(A) [链](http://x) “引”"
RETURNED = rows("""
    region  month    indicator     numerator  span
    9100    2020-12  new_entities  100        month
    9100    2021-12  new_entities  150        month
    9100    2021-12  entity_stock  250000     as_of
""")


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes the remark on the chapter safety of Ashford."""
    monkeypatch.setattr(paths, "notes", lambda: tmp_path / "data/notes")
    file = paths.note("2021", "9100", "safety")
    file.parent.mkdir(parents=True)

    def write(text):
        file.write_text(text, "utf-8")
        return file

    return write


@pytest.fixture
def shown(monkeypatch):
    """The bundles that were shown."""
    bundles = []
    monkeypatch.setattr(publish, "publish_display_data", bundles.append)
    return bundles


@pytest.fixture
def ashford(world):
    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, ["9100", "9200", "9300"], [2020, 2021]),
        returns=RETURNED,
        benchmarks=rows("""
            area  metric        view   year  value      source
            全国  entity_stock  value  2021  154000000  公报
        """),
    )
    return Results(snapshot, [new_entities, entity_stock]), snapshot.regions.find("Ashford"), Period(2021)


def test_numbers_are_filled_in_and_known_to_the_block(written, shown, ashford):
    written(
        FRONT
        + "新设{{new_entities}}，\n同比{{ new_entities yoy }}。\n\n\n全国{{entity_stock benchmark 全国}}，12315平台运行平稳。\n"
    )
    results, region, period = ashford
    blocks.remark(Scope.of(results, region, period), "safety")
    [bundle] = shown
    part = bundle[MIME]
    assert {name: part[name] for name in ("kind", "title", "paragraphs", "author", "date", "notes")} == {
        "kind": "remark", "title": "原因分析", "author": "12315指挥中心", "date": "2022年1月10日", "notes": ["公报"],
        "paragraphs": ["新设150户，同比增长50.0%。", "全国1.54亿户，12315平台运行平稳。"],
    }  # fmt: skip
    assert [(figure["metric"], figure["view"], figure["text"]) for figure in part["figures"]] == [
        ("new_entities", "value", "150户"), ("new_entities", "yoy", "增长50.0%"), ("entity_stock", "benchmark", "1.54亿户"),
    ]  # fmt: skip
    assert [metric["id"] for metric in part["metrics"]] == ["new_entities", "entity_stock"]
    assert (
        bundle["text/plain"]
        == "原因分析\n新设150户，同比增长50.0%。\n全国1.54亿户，12315平台运行平稳。\n12315指挥中心　2022年1月10日"
    )


CONCLUDED = FRONT.replace("---\n", "", 1).join(["---\n结论: 新设主体{{new_entities yoy}}，12315平台平稳\n", ""])


def test_a_conclusion_is_filled_in_and_needs_no_text_under_it(written, shown, ashford):
    written(CONCLUDED)
    results, region, period = ashford
    scope = Scope.of(results, region, period)
    words, figures = remarks.conclusion(scope, "safety")
    assert (words, [figure.view for figure in figures]) == ("新设主体增长50.0%，12315平台平稳", ["yoy"])
    blocks.remark(scope, "safety")
    assert shown == []
    written(FRONT + "平稳。")
    assert remarks.conclusion(scope, "safety") is None
    assert remarks.conclusion(scope, "quality") is None


@pytest.mark.parametrize(
    ("conclusion", "message"),
    [
        ("新设5户", f"{NAME}, 结论: the number '5' is typed. {NUMBER}"),
        ("新设{{new_entites}}", f"{NAME}, 结论: There is no metric 'new_entites'. Did you mean new_entities?"),
        ("一" * 27, f"{NAME}, 结论 has 27 characters, and page one has room for 26. Shorten it."),
        ("5", f"{NAME}: 结论 is text, not '5'. Put it in quotes."),
        ("{new: 1}", f"{NAME}: 结论 is text, not '{{'new': 1}}'. Put it in quotes."),
    ],
)
def test_what_is_wrong_with_a_conclusion_is_said_before_there_are_data(written, conclusion, message):
    with pytest.raises(DataError) as error:
        remarks.read(written(FRONT.replace("日期", f"结论: {conclusion}\n日期") + "平稳。"))
    assert str(error.value) == message


def test_a_conclusion_that_is_too_long_once_it_is_filled_in_stops_the_chapter(written, ashford):
    written(FRONT.replace("日期", f"结论: {'一' * 20}{{{{new_entities yoy}}}}\n日期"))
    results, region, period = ashford
    with pytest.raises(DataError) as error:
        remarks.conclusion(Scope.of(results, region, period), "safety")
    assert str(error.value) == f"{NAME}, 结论 has 27 characters, and page one has room for 26. Shorten it."


def test_where_none_was_written_nothing_is_shown(written, shown, ashford):
    results, region, period = ashford
    for other in ("quality", "safety"):
        blocks.remark(Scope.of(results, region, period), other)
    written(FRONT + "平稳。")
    blocks.remark(Scope.of(results, results.regions.find("Birchwood"), period), "safety")
    blocks.remark(Scope.of(results, region, Period(2021, 6)), "safety")
    assert shown == []


def test_a_remark_is_text_in_every_document(written, shown, ashford):
    written(FRONT.replace("原因分析", "'<b>原因</b> & #一'") + HOSTILE + "\n新设{{new_entities}}。")
    results, region, period = ashford
    blocks.remark(Scope.of(results, region, period), "safety")
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", shown[0])])
    bound = nbformat.v4.new_notebook(
        cells=[cell], metadata={"city_briefs": {"title": "简报", "running": "简报", "date": "2021-12-31"}}
    )
    brief = document(bound)
    page = make_pack.export(brief, "html").decode()
    assert '<p class="brief-prose">&lt;script&gt;alert(一)&lt;/script&gt; &amp; **粗** $x$ #标题 =SUM(A) [链](http://x)' in page
    assert 'role="note" aria-label="&lt;b&gt;原因&lt;/b&gt; &amp; #一"' in page
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(make_pack.export(brief, "pdf")))
    text = "".join(text.split())
    assert "<b>原因</b>&#一" in text
    assert "".join(HOSTILE.split()) + "新设150户。" in text
    assert "12315指挥中心2022年1月10日" in text
    sheet = openpyxl.load_workbook(io.BytesIO(make_pack.export(brief, "xlsx"))).active
    row = dict(zip((cell.value for cell in sheet[3]), (cell.value for cell in sheet[4]), strict=True))
    assert (row["指标编号"], row["数值"], row["表述"]) == ("new_entities", 150, "150户")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("平稳。", f"{NAME} has no front matter. {BEGINS}"),
        ("---\n标题: 甲\n", f"{NAME} has no front matter. {BEGINS}"),
        (FRONT.replace(": ", "："), f"{NAME}: its front matter cannot be read. {BEGINS}"),
        (FRONT.replace("标题: ", "标题: ["), f"{NAME}: its front matter cannot be read. {BEGINS}"),
        (
            FRONT.replace("作者", "著者"),
            f"{NAME}: its front matter takes 标题, 作者, 日期 and 结论, not '著者'. Did you mean 作者?",
        ),
        (FRONT.replace("作者: 12315指挥中心\n", ""), f"{NAME}: its front matter has no 作者. {BEGINS}"),
        (FRONT.replace("原因分析", ""), f"{NAME}: its front matter has no 标题. {BEGINS}"),
        (FRONT.replace("原因分析", "2021"), f"{NAME}: 标题 is text, not '2021'."),
        (FRONT.replace("原因分析", "2021年亮点"), f"{NAME}: 标题 holds no number and no brace, not '2021'."),
        (FRONT.replace("原因分析", "'{{new_entities}}'"), f"{NAME}: 标题 holds no number and no brace, not '{{'."),
        (FRONT.replace("2022-01-10", "2022年1月10日"), f"{NAME}: 日期 is a day such as 2022-01-10, not '2022年1月10日'."),
        (FRONT + "\n \n", f"{NAME} has no text under its front matter. Write it, or remove the file."),
        (FRONT + "平稳。\n增长12.5%。", f"{NAME}, line 7: the number '12.5' is typed. {NUMBER}"),
        (FRONT + "增长１２．５％。", f"{NAME}, line 6: the number '１２．５' is typed. {NUMBER}"),
        (FRONT + "2021年，{{new_entities}}。", f"{NAME}, line 6: the number '2021' is typed. {NUMBER}"),
        (FRONT + "{{new_entities}}3户。", f"{NAME}, line 6: the number '3' is typed. {NUMBER}"),
        (FRONT + "12315件。", f"{NAME}, line 6: the number '12315' is typed. {NUMBER}"),
        (FRONT + "912315平台。", f"{NAME}, line 6: the number '912315' is typed. {NUMBER}"),
        (FRONT + "{{new_entities\nyoy}}。", f"{NAME}, line 6: braces are not in pairs of two. {NUMBER}"),
        (FRONT + "｛｛new_entities｝｝。", f"{NAME}, line 6: braces are not in pairs of two. {NUMBER}"),
        (FRONT + "{{}}。", f"{NAME}, line 6: '{{{{}}}}' names no figure. {NUMBER}"),
        (FRONT + "{{a b c d}}。", f"{NAME}, line 6: '{{{{a b c d}}}}' names no figure. {NUMBER}"),
        (FRONT + "{{new_entites}}。", f"{NAME}, line 6: There is no metric 'new_entites'. Did you mean new_entities?"),
        (FRONT + "{{new_entities rang}}。", f"{NAME}, line 6: There is no view 'rang'. Did you mean rank?"),
    ],
)
def test_what_is_wrong_with_a_remark_is_said_with_its_remedy(written, text, message):
    with pytest.raises(DataError) as error:
        remarks.read(written(text))
    assert str(error.value) == message


def test_a_remark_that_is_not_utf_8_is_refused(written):
    file = written("")
    file.write_bytes((FRONT + "平稳。").encode("gbk"))
    with pytest.raises(DataError) as error:
        remarks.read(file)
    assert str(error.value) == f"{NAME} is not UTF-8. Save it again as UTF-8."


def test_a_remark_saved_on_windows_reads_the_same(written):
    file = written(FRONT + "平稳。\n\n向好。\n")
    plain = remarks.read(file)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert remarks.read(file) == plain


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (
            "entity_stock yoy",
            f"{NAME}, line 6: entity_stock yoy is refused: 上年同期数据不全，不作比较（2020年12月未报送）. Write the sentence without it.",
        ),
        (
            "new_entities value 全国",
            f"{NAME}, line 6: The view value takes no area '全国'. "
            "benchmark and vs_benchmark take one, share two such as 广东/全国.",
        ),
    ],
)
def test_a_number_that_may_not_be_given_stops_the_chapter(written, shown, ashford, named, message):
    written(FRONT + f"实有{{{{{named}}}}}。")
    results, region, period = ashford
    with pytest.raises(DataError) as error:
        blocks.remark(Scope.of(results, region, period), "safety")
    assert str(error.value) == message
    assert shown == []


def test_a_chapter_runs_again_when_the_remark_on_it_changes(written, ashford, tmp_path):
    results, region, period = ashford

    def hashes(request):
        return fingerprints.chapter_inputs(request.chapters[0])["the remark"], fingerprints.pack_quick(request, [])

    pack = packs_toml.Pack(id="one", title="一", per="city", addressee="局", chapters=("safety",))
    asked = PackRequest(pack, region, period, SnapshotRef(results.snapshot.path), tmp_path, ("html",))
    others = [
        replace(asked, region=results.regions.find("Birchwood")),
        replace(asked, period=Period(2021, 6)),
        replace(asked, pack=pack.model_copy(update={"chapters": ("quality",)})),
    ]

    def every():
        """The hashes of each, read anew."""
        return [hashes(replace(request, sources=Sources())) for request in (asked, *others)]

    before = every()
    written(FRONT + "平稳。")
    first = every()
    written(FRONT + "向好。")
    second = every()
    assert len({*before[0], *first[0], *second[0]}) == 6  # of the chapter, and of the whole pack
    assert before[1:] == first[1:] == second[1:]
