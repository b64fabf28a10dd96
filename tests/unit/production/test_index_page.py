"""The index page: every pack that stands or was tried, and its state, from what lies in the outputs alone."""

import re
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
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.edition import Edition
from city_briefs.production.packs.plan import PackInputs, PackRequest, SnapshotRef
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

    def made(self, *words, day="2022-01-05", synthetic=False, notice="", **named):
        """A pack that was made of a snapshot which came in on that day."""
        inputs = self.inputs(*words, **named)
        request = inputs.request
        folder = begun(request)
        for document in request.documents:
            (folder / document.name).write_text("document")
        snapshot = {"id": "fedcba9876543210", "synthetic": synthetic, "notice": notice, "ingested_at": day}
        done = finish(BuiltPack(inputs, folder, {"snapshot": snapshot}, 1.0))
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
        return [re.sub("<[^>]*>|[●▲○◇]", "", line).strip() for line in re.findall('<p class="state.*', self.page)]


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
        if tag == "a":
            self.found[dict(attrs)["aria-label"]] = dict(attrs)["href"]


def test_a_document_has_its_links_its_data_date_its_edition_and_its_snapshot(outputs):
    outputs.made()
    assert Links(outputs.page).found == {
        "兰州市市场监管工作简报（2021年）": "2021/620100/city-brief.html",
        "PDF，兰州市市场监管工作简报（2021年）": "2021/620100/city-brief.pdf",
    }
    for words in (
        "数据截至2021-12-31",
        "第1版　送审稿　编号01234567　快照fedcba987654",
        "共1份文档",
        'data-words="兰州市 兰州 620100 ',
    ):
        assert words in outputs.page
    assert outputs.states == ["完整"]


def test_the_newest_data_comes_first_and_is_the_period_that_stands_open(outputs):
    for year in (2020, 2022, 2021):
        outputs.made(year=year)
    assert re.findall("<details( open)?>\n<summary><h2>(.*?)</h2>", outputs.page) == [
        (" open", "2022年"), ("", "2021年"), ("", "2020年")
    ]  # fmt: skip


def test_what_could_not_be_made_is_listed_without_a_link_until_it_is(outputs):
    outputs.failed()
    assert outputs.states == ["未完成（尚无成稿）"]
    assert Links(outputs.page).found == {}
    outputs.made()
    assert outputs.states == ["完整"]
    assert not list(outputs.out.rglob(publish.INCOMPLETE))


def test_an_edition_that_could_not_be_made_again_stays_and_is_said_to_be_the_one_before(outputs):
    outputs.made()
    stands = {file: file.read_bytes() for file in outputs.out.rglob("*") if file.is_file()}
    outputs.failed()
    assert outputs.states == ["未更新（编制未成，仍为原稿）"]
    assert len(Links(outputs.page).found) == 2 and publish.INCOMPLETE not in outputs.page
    assert {file: file.read_bytes() for file in stands} == stands


def test_an_edition_from_older_data_than_another_of_its_period_is_not_up_to_date(outputs):
    outputs.made(day="2022-01-05")
    outputs.made(region=JINCHANG, day="2022-02-01")
    outputs.made("safety-assessment", region=JINCHANG, day="2022-02-01")
    outputs.made(year=2020, day="2021-01-05")
    assert outputs.states == ["未更新（本期已有更新的数据）", "完整", "完整", "完整"]


def test_synthetic_data_is_compared_with_synthetic_data_and_marked(outputs):
    outputs.made(day="2022-01-05")
    outputs.made(region=JINCHANG, day="2023-01-05", synthetic=True, notice="模拟数据，仅供演示")
    assert outputs.states == ["完整", "完整 模拟"]
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
