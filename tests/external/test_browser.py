"""The pages as a reader has them: in a browser, from a folder, on a desk and on a phone, by mouse and by keyboard."""

import re
import shutil
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_notebook
from playwright.sync_api import expect, sync_playwright

from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.production.build import index_page
from city_briefs.production.export.html import BriefHTML
from city_briefs.production.export.parts import METADATA
from city_briefs.production.packs import addresses, packs_toml
from city_briefs.production.packs.plan import PackRequest, SnapshotRef
from tests.documents.export import test_page, test_page_one
from tests.documents.export.test_export import BOUND
from tests.documents.export.test_export import block as shown
from tests.helpers import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAGES = [
    "index.html",
    "all-city-brief.html",
    "all-metric-manual.html",
    *(
        f"{Period(2021, 12, pack.span).slug}/{'620100' if level == 'city' else '620000'}/{pack.id}.html"
        for pack in packs_toml.packs().values()
        for level in pack.levels
    ),
]
BRIEF = "2021/620100/city-brief.html"  # its definitions are in the manual
COMPARISON = "2021/620000/province-overview.html"  # with tables of the cities
FEW = 40  # times that Tab is pressed until a name of a metric must have the focus
DESK, PHONE = {"width": 1400, "height": 900}, {"width": 375, "height": 667}
OLD_REGISTER = ROOT / "tests/builds/registers/before_city_briefs/editions"
WIDTHS = (375, 768, 1280)
OFF_THE_SCREEN = """() => [...document.querySelectorAll("main *, nav *, header *")].filter((one) => {
  const box = one.getBoundingClientRect(), kept = one.closest(".brief-table .brief-scroll, .scroll, .table, pre");
  return box.width > 1 && box.right > innerWidth + 1 && !(kept && kept.getBoundingClientRect().right <= innerWidth + 1);
}).map((one) => one.outerHTML.slice(0, 99))"""
SMALLEST_WORDS = """() => Math.min(99, ...[...document.querySelectorAll(".brief-chart svg text")].map((text) => {
  const drawn = text.getCTM(), size = parseFloat(getComputedStyle(text).fontSize);
  return text.closest("svg").getBoundingClientRect().width ? size * drawn.a : 99;
}))"""
LEAST_WORDS = 9.5  # pixels, of the words of a chart
HEARD = "兰州市市场监管工作简报（2021年）"  # the name of the link to it


@pytest.fixture(scope="module")
def browser():
    """The browser of the system."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, packs_built):
    """Opens a page of the outputs; in the end none has asked for anything but pages of this folder, and none has complained."""
    context = browser.new_context(viewport=DESK)
    asked, complaints = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: complaints.append(message.text))
    context.on("weberror", lambda error: complaints.append(str(error.error)))

    def open_(address, viewport=DESK):
        page = context.new_page()
        page.set_viewport_size(viewport)
        page.goto((packs_built / address).as_uri())
        return page

    yield open_
    context.close()
    folder = packs_built.as_uri()
    assert [url for url in asked if not url.startswith((f"{folder}/", "data:"))] == []
    assert asked and complaints == []


def below(page, selector):
    """How far below the upper edge of the window something stands, in pixels."""
    return page.locator(selector).bounding_box()["y"]


def shown_beside(page):
    """What the page shows beside the term in focus."""
    return page.evaluate("getComputedStyle(document.activeElement, '::after').content")


def test_the_index_is_searched_by_name_and_leads_to_the_document(opened):
    page = opened("index.html")
    documents = page.locator(".packs > li:visible")
    expect(page.get_by_role("status")).to_have_text("共11份文档")
    page.get_by_label("查找").fill("兰州")
    expect(page.get_by_role("status")).to_have_text("找到6份文档")
    assert all("兰州" in words for words in documents.evaluate_all("all => all.map((one) => one.dataset.words)"))
    page.get_by_label("查找").fill("620100 工作简报")
    expect(documents).to_have_count(1)
    page.get_by_role("link", name=HEARD, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("兰州市市场监管工作简报")
    expect(page).to_have_title(HEARD)


def test_the_index_is_narrowed_by_document_and_state_and_says_when_nothing_is_left(opened):
    page = opened("index.html")
    page.get_by_role("combobox", name="文档").select_option("目标任务进度")
    expect(page.locator(".packs > li:visible .title")).to_have_text("目标任务进度")
    page.get_by_role("combobox", name="状态").select_option("待签发")
    expect(page.get_by_role("status")).to_have_text("找到1份文档")
    page.get_by_label("查找").fill("金昌")
    expect(page.get_by_role("status")).to_have_text("没有符合条件的文档")
    expect(page.locator("details:visible")).to_have_count(0)


def test_the_contents_lead_to_their_chapter_and_stay_beside_it(opened):
    page = opened(BRIEF)
    link = page.locator(".contents > details > ol > li > a").nth(3)
    target = link.get_attribute("href")
    assert below(page, target) > DESK["height"]
    link.click()
    assert 0 <= below(page, target) < DESK["height"] / 4
    assert link.is_visible() and link.inner_text() == page.locator(target).inner_text()


def test_a_table_is_sorted_by_click_and_by_keyboard(opened):
    page = opened(COMPARISON)
    table = page.locator(".brief-table:has(th.right button)").first
    head = table.locator("th.right:has(button)").first
    cells = table.locator("tbody tr:not(.total) td:nth-child(2)")

    def numbers():
        return [float(words.replace(",", "")) for words in cells.all_inner_texts() if words != "—"]

    before = numbers()
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert numbers() == sorted(before, reverse=True)
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert numbers() == sorted(before) != sorted(before, reverse=True)
    page.keyboard.press("Enter")
    assert numbers() == before


@pytest.mark.parametrize(
    ("cells", "falling"),
    [
        (["≈+0.9%", "▲9.5%好", "▼8.3点好", "持平", "—", "−2.1%", "+12.0%", ""], ["+12.0%", "▲9.5%好", "≈+0.9%", "持平", "−2.1%", "▼8.3点好", "—", ""]),
        (["第2—14位", "第1位", "第10—12位"], ["第10—12位", "第2—14位", "第1位"]),
    ],
    ids=["changes", "possible places"],
)  # fmt: skip
def test_changes_and_places_are_sorted_by_their_size_whatever_sign_stands_before_them(browser, tmp_path, cells, falling):
    table = {"caption": "表", "unit": "", "header": ["指标", "增减"], "align": ["left", "right"], "marked": [], "totals": []}
    rows = [[f"指标{number}", cell] for number, cell in enumerate(cells)]
    notebook = new_notebook(cells=[shown("table", **table, rows=rows, notes=[], sources=[])])
    (tmp_path / "made.html").write_text(BriefHTML().from_notebook_node(notebook)[0], "utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "made.html").as_uri())
    page.get_by_role("button", name="增减").click()
    sorted_cells = page.locator(".brief-table tbody td").all_inner_texts()
    page.close()
    assert sorted_cells == falling


def focused_term(page):
    """The first name of a metric that Tab comes to behind the contents."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the contents
    term = page.locator(".brief-term:focus")
    for _ in range(FEW):
        page.keyboard.press("Tab")
        if term.count():
            return term
    raise AssertionError(f"no name of a metric has the focus after {FEW} times Tab")


def test_a_definition_in_the_appendix_is_reached_by_tab_and_put_away_by_escape(browser, tmp_path):
    notebook = new_notebook(cells=[shown("table", **test_page.TABLE, metrics=[test_page.METRIC])])
    (tmp_path / "made.html").write_text(BriefHTML().from_notebook_node(notebook)[0], "utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "made.html").as_uri())
    term = focused_term(page)
    definition = term.get_attribute("data-definition")
    assert definition.startswith(f"{term.inner_text()}：") and definition.splitlines()[0] in shown_beside(page)
    described = page.locator(f"#{term.get_attribute('aria-describedby')}")
    assert definition.endswith(described.inner_text())
    page.keyboard.press("Escape")
    assert shown_beside(page) == "none"
    page.close()


def test_a_definition_of_the_brief_is_shown_the_same_way_and_enter_leads_to_its_line_of_the_manual(opened):
    page = opened(BRIEF)
    term = focused_term(page)
    name, definition = term.inner_text(), term.get_attribute("data-definition")
    assert definition.startswith(f"{name}：") and definition.splitlines()[0] in shown_beside(page)
    page.keyboard.press("Escape")
    assert shown_beside(page) == "none"
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("指标口径手册"))
    line = page.locator(f"#{urlsplit(page.url).fragment}")
    assert 0 <= below(page, f"#{urlsplit(page.url).fragment}") < DESK["height"]
    assert line.get_by_role("rowheader").inner_text().splitlines()[0] == name
    assert definition.removeprefix(f"{name}：").replace("\n", "") in line.inner_text()


def test_every_name_of_a_metric_in_the_briefs_leads_to_a_line_of_the_manual(opened):
    addresses = [
        address
        for brief in (
            BRIEF,
            "2021/620100/safety-assessment.html",
            COMPARISON,
            "2021-M12/620100/monthly-brief.html",
            "2021-Q4/620100/quarterly-brief.html",
        )
        for address in opened(brief).locator("a.brief-term").evaluate_all("all => all.map((one) => one.href)")
    ]
    pages = {address.partition("#")[0] for address in addresses}
    assert len(pages) == 1
    page = opened(BRIEF)
    page.goto(pages.pop())
    ids = set(page.locator("tr[id]").evaluate_all("all => all.map((one) => one.id)"))
    assert {urlsplit(address).fragment for address in addresses} <= ids


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_of_a_page_is_off_the_screen_and_charts_can_be_read(opened, address, width):
    page = opened(address, {"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("(scrollTo(999, 0), scrollX)") == 0
    assert page.evaluate(OFF_THE_SCREEN) == []
    assert page.evaluate(SMALLEST_WORDS) >= LEAST_WORDS


@pytest.mark.parametrize("name", test_page_one.EXTREMES)
def test_page_one_is_read_on_a_phone_without_scrolling_sideways_whatever_stands_in_it(browser, tmp_path, name):
    (tmp_path / "made.html").write_text(
        BriefHTML().from_notebook_node(test_page_one.pack(test_page_one.EXTREMES[name]))[0], "utf-8"
    )
    page = browser.new_page(viewport=PHONE)
    page.goto((tmp_path / "made.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    cells = page.locator(".brief-page-one :is(th, td, figure, p)")
    assert (
        cells.evaluate_all("all => all.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.offsetWidth > 1).length") == 0
    )
    faults = Axe().run(page).response["violations"]
    page.close()
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == []


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_fault_and_every_id_is_one(opened, address, width):
    page = opened(address, {"width": width, "height": 900})
    for details in page.locator("details").all():
        details.evaluate("one => (one.open = true)")
    found = Axe().run(page).response
    assert [(fault["id"], fault["impact"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
    assert len(found["passes"]) > 10
    ids = page.locator("[id]").evaluate_all("all => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))


def test_on_paper_a_document_is_without_contents_buttons_and_its_boxes(opened):
    page = opened(BRIEF)
    page.emulate_media(media="print")
    expect(page.locator(".contents")).to_be_hidden()
    page.locator(".brief-term").first.focus()
    assert page.evaluate("getComputedStyle(document.activeElement, '::after').display") == "none"
    marks = page.locator(".brief-sort").evaluate_all("all => all.map((one) => getComputedStyle(one, '::before').display)")
    assert set(marks) == {"none"}


def test_every_link_of_the_index_leads_to_a_document(opened, packs_built):
    addresses = opened("index.html").locator("a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert len(addresses) >= 3 * len(packs_toml.packs())  # HTML, PDF and XLSX at the least
    addresses = [one for one in addresses if not one.startswith("all-")]
    assert all(re.fullmatch(r"2021(-M12|-Q4)?/\d+/[a-z-]+\.[a-z]+", one) and (packs_built / one).is_file() for one in addresses)


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    """A register of one edition, with its page as a build makes it, and a copy of the page elsewhere."""
    root = tmp_path_factory.mktemp("register")
    shutil.copytree(OLD_REGISTER, root, dirs_exist_ok=True)
    region = Region("9100", "Ashford", "Ashford", "city", "9000")
    request = PackRequest(packs_toml.packs()["city-brief"], region, Period(2021), SnapshotRef(root), root, ("html", "pdf"))
    notebook = new_notebook(
        cells=[shown("prose", paragraphs=["正文。"], figures=[], views={}, metrics=[])],
        metadata={METADATA: BOUND | {"navigation": addresses.navigation(request, ("html", "pdf"))}},
    )
    page = BriefHTML().from_notebook_node(notebook)[0]
    for name in ("2021/9100/city-brief/1/city-brief.html", "delivered/Ashford市场监管工作简报（2021年）.html"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(page, "utf-8")
    index_page.write_of_editions(root)
    return root


def test_an_edition_in_the_register_leads_to_the_pages_of_the_register(browser, register):
    page = browser.new_page()
    page.goto((register / "2021/9100/city-brief/1/city-brief.html").as_uri())
    links = page.locator(".bar a").evaluate_all("all => all.map((one) => [one.textContent, one.href.split('#')[0]])")
    assert {words: address for words, address in links if words != "PDF"} == {
        "目录": (register / "index.html").as_uri(),
        "换地区": (register / "all-city-brief.html").as_uri(),
        "换报告期": (register / "all-city-brief.html").as_uri(),
        "指标口径": (register / "all-metric-manual.html").as_uri(),
    }
    assert all((register / name).is_file() for name in ("index.html", "all-city-brief.html", "all-metric-manual.html"))
    page.close()


def test_a_copy_beside_which_nothing_lies_leads_nowhere(browser, register):
    page = browser.new_page()
    page.goto((register / "delivered/Ashford市场监管工作简报（2021年）.html").as_uri())
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("正文。")
    page.close()


@pytest.mark.parametrize("address", ["index.html", "all-city-brief.html", "2021/9100/city-brief/1/city-brief.html"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_fault_in_the_pages_of_the_register(browser, register, address, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((register / address).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in Axe().run(page).response["violations"]] == []
    page.close()
