"""The index page: every pack that stands or was tried, and its state, from what lies in the outputs alone."""

import re
import shutil
from html.parser import HTMLParser

import pytest

from city_briefs.common import theme
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.production.build import index_page
from city_briefs.production.build import outputs as publish
from city_briefs.production.build.make_pack import begun
from city_briefs.production.build.outcome import BuiltPack, FailedPack
from city_briefs.production.build.scheduler import finish
from city_briefs.production.packs import addresses, packs_toml
from city_briefs.production.packs.edition import Edition
from city_briefs.production.packs.plan import CHAPTERS, PackInputs, PackRequest, SnapshotRef
from tests.conftest import REAL

PACKS = packs_toml.packs()
SOURCE = SnapshotRef(REAL)
LANZHOU = Region("620100", "兰州市", "兰州", "city", "620000")
JINCHANG = Region("620300", "金昌市", "金昌", "city", "620000")


class Outputs:
    """A folder of outputs, and packs that are put there."""

    def __init__(self, folder):
        self.out = folder

    def request(self, pack="city-brief", region=LANZHOU, year=2021):
        return PackRequest(PACKS[pack], region, Period(year), SOURCE, self.out, ("html", "pdf"))

    def inputs(self, *words, key="0123456789ab", **named):
        return PackInputs(self.request(*words, **named), (), "abcdef", {}, Edition(), key)

    def made(self, *words, day="2022-01-05", synthetic=False, notice="", counts=None, documents=2, **named):
        """A pack that was made of a snapshot which came in on that day."""
        (self.out / CHAPTERS).mkdir(parents=True, exist_ok=True)  # as a build has it
        inputs = self.inputs(*words, **named)
        request = inputs.request
        folder = begun(request)
        for document in request.documents[:documents]:
            (folder / document.name).write_text("document")
        snapshot = {"id": "fedcba9876543210", "synthetic": synthetic, "notice": notice, "ingested_at": day}
        done = finish(BuiltPack(inputs, folder, {"snapshot": snapshot, **(counts or {})}, 1.0))
        assert done.status == "built"

    def failed(self, *words, **named):
        """A pack that could not be made."""
        assert finish(FailedPack(self.request(*words, **named), "It stopped.")).status == "failed"

    @property
    def page(self):
        return index_page.write(self.out).read_text("utf-8")

    @property
    def states(self):
        """The state in words of each document, with its reason, in the order of the page."""
        return [re.sub("<[^>]*>|[●▲○◇■□◎—]", "", line).strip() for line in re.findall('<p class="state.*?</p>', self.page)]


@pytest.fixture
def outputs(tmp_path):
    return Outputs(tmp_path / "outputs")


class Links(HTMLParser):
    """The addresses of a page, by the name a reader hears."""

    def __init__(self, page):
        super().__init__()
        self.found = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "a" and "aria-label" in dict(attrs):
            self.found[dict(attrs)["aria-label"]] = dict(attrs)["href"]


def test_a_document_has_its_links_its_data_date_its_edition_and_its_snapshot(outputs):
    outputs.made()
    assert Links(outputs.page).found == {
        "兰州市市场监管工作简报（2021年）": "2021/620100/city-brief.html",
        "PDF，兰州市市场监管工作简报（2021年）": "2021/620100/city-brief.pdf",
    }
    for words in (
        "数据截至2021-12-31",
        "<td>第1版　送审稿</td><td>01234567</td><td>fedcba987654</td>",
        "共1份文档",
        'data-words="兰州市 兰州 620100 ',
    ):
        assert words in outputs.page
    assert outputs.states == ["待签发"]


def test_the_newest_data_comes_first_and_is_the_period_that_stands_open(outputs):
    for year in (2020, 2022, 2021):
        outputs.made(year=year)
    assert re.findall('<details class="period" id="[^"]*"( open)?>\n<summary><h2>(.*?)</h2>', outputs.page) == [
        (" open", "2022年"), ("", "2021年"), ("", "2020年")
    ]  # fmt: skip


def test_what_could_not_be_made_is_listed_without_a_link_until_it_is(outputs):
    outputs.failed()
    assert outputs.states == ["编制未成（尚无成稿）"]
    assert Links(outputs.page).found == {}
    outputs.made()
    assert outputs.states == ["待签发"]
    assert not list(outputs.out.rglob(publish.INCOMPLETE))


def test_an_edition_that_could_not_be_made_again_stays_and_is_said_to_be_the_one_before(outputs):
    outputs.made()
    stands = {file: file.read_bytes() for file in outputs.out.rglob("*") if file.is_file()}
    outputs.failed()
    assert outputs.states == ["编制未成（仍为原稿）"]
    assert len(Links(outputs.page).found) == 2 and publish.INCOMPLETE not in outputs.page
    assert {file: file.read_bytes() for file in stands} == stands


def test_an_edition_from_older_data_than_another_of_its_period_is_not_up_to_date(outputs):
    outputs.made(day="2022-01-05")
    outputs.made(region=JINCHANG, day="2022-02-01")
    outputs.made("safety-assessment", region=JINCHANG, day="2022-02-01")
    outputs.made(year=2020, day="2021-01-05")
    assert outputs.states == ["数据已更正（本期已有更新的数据）", "待签发", "待签发", "待签发"]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"lights": 2, "behind": 1}, ["黄灯2项", "目标滞后1项"]),
        ({"lights": 0, "behind": 0}, ["黄灯无", "目标无滞后"]),
        ({"behind": 3}, ["目标滞后3项"]),  # no light could be judged
        ({}, []),
    ],
)
def test_lights_and_targets_of_a_region_are_seen_at_a_glance(outputs, counts, said):
    outputs.made("page-one", counts=counts)
    outputs.made("safety-assessment")
    [counted] = re.findall('<p class="counts">(.*?)</p>', outputs.page)
    assert re.findall(">([^<> ]+)</span>", counted) == said


def test_a_pack_of_which_there_is_nothing_is_said_to_be_none_and_is_in_no_list(outputs):
    outputs.made("yellow-light-notice")
    outputs.made("yellow-light-notice", region=JINCHANG, counts={"nothing": "没有亮灯的警示事项"}, documents=0)
    assert outputs.states == ["待签发", "无（没有亮灯的警示事项）"]
    assert "金昌" not in (outputs.out / "all-yellow-light-notice.html").read_text("utf-8")


def test_a_pack_has_a_list_by_period_and_by_region_whose_places_its_pages_lead_to(outputs):
    outputs.made(year=2020)
    outputs.made(year=2021)
    outputs.made(year=2021, region=JINCHANG)
    assert outputs.page
    page = (outputs.out / "all-city-brief.html").read_text("utf-8")
    places = re.findall('<div id="([^"]*)">(.*?)</div>', page, re.DOTALL)
    assert [(place, re.findall('href="([^"]*html)"', words)) for place, words in places] == [
        ("p-2021", ["2021/620100/city-brief.html", "2021/620300/city-brief.html"]),
        ("p-2020", ["2020/620100/city-brief.html"]),
        ("r-620100", ["2021/620100/city-brief.html", "2020/620100/city-brief.html"]),
        ("r-620300", ["2021/620300/city-brief.html"]),
    ]
    links = addresses.navigation(outputs.request(), ("html", "pdf"))["links"]
    assert [(link["words"], link["address"]) for link in links] == [
        ("目录", "../../index.html#p-2021-r-620100"),
        ("换地区", "../../all-city-brief.html#p-2021"),
        ("换报告期", "../../all-city-brief.html#r-620100"),
        ("指标口径", "../../all-metric-manual.html#p-2021"),
        ("PDF", "city-brief.pdf"),
    ]
    assert 'id="p-2021-r-620100"' in outputs.page


def test_a_list_goes_with_the_last_pack_in_it_and_the_manual_has_one_from_the_beginning(outputs):
    outputs.made()
    assert outputs.page
    assert sorted(file.name for file in outputs.out.glob("all-*.html")) == ["all-city-brief.html", "all-metric-manual.html"]
    assert "尚未编制。" in (outputs.out / "all-metric-manual.html").read_text("utf-8")
    shutil.rmtree(outputs.out / "2021")
    assert outputs.page
    assert [file.name for file in outputs.out.glob("all-*.html")] == ["all-metric-manual.html"]


def test_synthetic_data_is_compared_with_synthetic_data_and_marked(outputs):
    outputs.made(day="2022-01-05")
    outputs.made(region=JINCHANG, day="2023-01-05", synthetic=True, notice="模拟数据，仅供演示")
    assert outputs.states == ["待签发", "待签发"]
    assert [words.count("模拟</span>") for words in outputs.page.split('<li class="region"')[1:]] == [0, 1]
    assert outputs.page.count('<p class="notice">模拟数据，仅供演示</p>') == 1


def test_the_page_follows_from_what_lies_there_alone(outputs, tmp_path):
    outputs.made()
    outputs.failed("safety-assessment")
    page = outputs.page
    assert page == outputs.page
    moved = outputs.out.rename(tmp_path / "elsewhere")
    assert index_page.write(moved).read_text("utf-8") == page
    assert str(tmp_path) not in page


def test_names_from_data_are_text(outputs):
    outputs.made(region=Region("9100", '"><script>x</script>', "{{ 1 }}", "city", "9000"))
    page = outputs.page
    assert page.count("<script>") == 1
    assert "&lt;script&gt;x&lt;/script&gt;" in page and "{{ 1 }}" in page


def test_the_policy_allows_the_script_of_the_page_and_nothing_from_elsewhere(outputs):
    outputs.made()
    policy = re.search('Content-Security-Policy" content="([^"]*)"', outputs.page)[1]
    assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none';")
    assert policy.endswith(f"script-src {theme.script_source('index')}")
    assert f"<script>{theme.script('index')}</script>" in outputs.page


def test_before_anything_was_made_the_page_says_so(tmp_path):
    assert "尚未生成任何简报。" in index_page.write(tmp_path).read_text("utf-8")


SPOILT = {
    "a page with another word": lambda outputs: page_of(outputs).write_text(page_of(outputs).read_text("utf-8") + " "),
    "a page of another font": lambda outputs: page_of(outputs).write_text(page_of(outputs).read_text("utf-8").replace("base64,", "base64,A")),
    "a page that is no text": lambda outputs: page_of(outputs).write_bytes(b"\xff"),
    "a page that is a link": lambda outputs: page_of(outputs).rename(outputs.out / "another") and page_of(outputs).symlink_to("another"),
    "no page": lambda outputs: page_of(outputs).unlink(),
}  # fmt: skip


def page_of(outputs):
    return outputs.out / index_page.FILE


def written(outputs):
    """Write the pages, and return which of them were."""
    pages = list(outputs.out.glob("*.html"))
    before = {page.name: page.stat().st_ino for page in pages}
    links = [page.with_suffix(".before") for page in pages]
    for page, link in zip(pages, links, strict=True):
        link.unlink(missing_ok=True)
        link.hardlink_to(page)  # so that its number goes to no new file
    index_page.write(outputs.out)
    return {page.name for page in outputs.out.glob("*.html") if page.stat().st_ino != before.get(page.name)}


def test_a_page_that_would_come_out_the_same_is_not_written_again(outputs):
    outputs.made()
    index_page.write(outputs.out)
    assert written(outputs) == set()
    assert {file.name: file.read_text("utf-8") for file in outputs.out.glob("*.html")} == index_page.pages(outputs.out)


def test_only_the_pages_of_which_the_words_change_are_written_again(outputs):
    outputs.made()
    index_page.write(outputs.out)
    outputs.made("page-one")
    assert written(outputs) == {index_page.FILE, "all-page-one.html"}
    assert {file.name: file.read_text("utf-8") for file in outputs.out.glob("*.html")} == index_page.pages(outputs.out)


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_page_that_is_spoilt_is_made_again(outputs, spoil):
    outputs.made()
    index_page.write(outputs.out)
    spoil(outputs)
    assert index_page.FILE in written(outputs)
    assert page_of(outputs).read_text("utf-8") == index_page.pages(outputs.out)[index_page.FILE]
    assert written(outputs) == set()


def test_a_list_of_a_pack_that_is_no_more_is_taken_away_though_nothing_else_has_changed(outputs):
    outputs.made()
    index_page.write(outputs.out)
    (outputs.out / "all-gone.html").write_text("")
    index_page.write(outputs.out)
    assert not (outputs.out / "all-gone.html").exists()
    assert written(outputs) == set()


def test_outputs_that_no_build_has_made_here_are_given_no_other_folder(outputs):
    outputs.failed()
    index_page.write(outputs.out)
    assert not (outputs.out / CHAPTERS).exists()
