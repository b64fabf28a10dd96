"""The page while a chapter is written, in a browser and in JupyterLab: real saves, real clicks."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import expect, sync_playwright

from city_briefs.common.paths import DATA_VARIABLE, RESULTS_VARIABLE
from tests.helpers.pictures import BROWSERS, CONNECTED, PATIENCE, SETTLING, show_all, with_fonts
from tests.helpers.project import Project
from tests.helpers.walkthrough import Clone

CHAPTER = "business-environment"
BEFORE = "claim(milestone, entity_stock)"
SOON = 120_000  # milliseconds; other tests may have the processors


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """The browser of the system, with the fonts of a brief."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        pytest.skip("chromium is not installed")
    home = with_fonts(tmp_path_factory.mktemp("fonts") / "home")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"], env={**os.environ, "XDG_DATA_HOME": str(home)}
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project."""
    return Project(tmp_path_factory.mktemp("preview"))


@pytest.fixture(scope="module")
def address(project, demo_province, cubes):
    """The address of a running preview of the chapter; it ends when its standard input does."""
    environment = project._environment({DATA_VARIABLE: str(demo_province.path), RESULTS_VARIABLE: str(cubes.folder)})
    words = ["preview", CHAPTER, "--city", "兰州", "--year", "2021", "--tied"]
    command = [sys.executable, "-m", "city_briefs", *words]
    with subprocess.Popen(
        command, cwd=project.root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        line = running.stdout.readline()
        assert re.fullmatch(rf"{CHAPTER} is shown at http://127\.0\.0\.1:\d+/[\w-]+/\n", line)
        yield line.split()[-1]
        running.stdin.close()
        assert running.wait(60) == 0


@pytest.fixture
def page(browser, address):
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^共\d页，保存后自动更新$"), timeout=SOON)
    yield page
    page.close()
    assert complaints == []


@pytest.fixture
def written(project):
    """Saves another source of the cell, as JupyterLab does; in the end the chapter is as it was."""
    file = project.root / "notebooks" / f"{CHAPTER}.ipynb"
    before = file.read_bytes()
    [place] = [at for at, cell in enumerate(json.loads(before)["cells"]) if "".join(cell["source"]) == BEFORE]

    def save(source):
        notebook = nbformat.reads(before.decode(), as_version=4)
        notebook.cells[place]["source"] = source
        nbformat.write(notebook, file)

    yield save
    file.write_bytes(before)


def pictures(page):
    return page.locator("main img").evaluate_all("all => all.map((one) => one.src)")


def test_a_save_is_on_the_page_without_reloading_it(page, written):
    before = pictures(page)
    assert before
    written("say(entity_stock, enterprise_stock)")
    page.wait_for_function("before => document.querySelector('main img').src !== before", arg=before[0], timeout=SOON)
    assert page.locator("main img").first.evaluate("image => image.naturalWidth") > 1000
    assert page.locator("#sentences li").count() == 0


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("say(entity_stok)", "There is no metric or call 'entity_stok'. Did you mean entity_stock?"),
        ("say(entity_stock", " is not plain Python."),
        ("entity_stock", ": the metric entity_stock says nothing by itself. Write say(entity_stock)."),
    ],
)
def test_what_is_wrong_stands_over_the_pages_in_one_sentence_and_goes_when_it_is_mended(page, written, source, sentence):
    written(source)
    shown = page.locator("#sentences li")
    expect(shown).to_contain_text(f"{CHAPTER}.ipynb, cell 7, line 1", timeout=SOON)
    expect(shown).to_contain_text(sentence)
    assert pictures(page)
    written(BEFORE)
    expect(shown).to_have_count(0, timeout=SOON)


def test_another_city_and_month_are_chosen_without_touching_the_chapter(page, project):
    before = pictures(page)[0]
    page.get_by_label("地区").select_option("金昌市")
    page.wait_for_function("before => document.querySelector('main img').src !== before", arg=before, timeout=SOON)
    expect(page.get_by_role("status")).to_have_text(re.compile("^共"), timeout=SOON)
    page.get_by_label("年份").select_option("2016")
    expect(page.get_by_role("status")).to_have_text(re.compile("^共"), timeout=SOON)
    assert page.get_by_label("年份").input_value() == "2016"
    page.get_by_label("地区").select_option("兰州市")
    page.get_by_label("年份").select_option("2021")
    expect(page.get_by_role("status")).to_have_text(re.compile("^共"), timeout=SOON)


@pytest.mark.parametrize(
    ("path", "host"),
    [("/", None), ("/x/", None), ("/x/state", None), ("{}..", None), ("{}", "example.org"), ("{}state?after=0", "example.org:80")],
)  # fmt: skip
def test_who_does_not_know_the_address_or_comes_by_another_name_sees_nothing(address, path, host):
    parts = urlsplit(address)
    with closing(HTTPConnection(parts.netloc)) as asked:
        asked.request("GET", path.format(parts.path), headers={"Host": host} if host else {})
        answer = asked.getresponse()
        assert (answer.status, answer.read()) == (404, b"")


def test_in_jupyterlab_a_metric_is_a_card_and_the_preview_stands_under_its_cell(tmp_path, browser, demo_province):
    clone = Clone(tmp_path)
    show_all(clone)
    clone.shell(f"export {DATA_VARIABLE}={demo_province.path}")
    with clone.lab(".venv/bin/jupyter lab notebooks") as lab:
        page = browser.new_page(viewport={"width": 1200, "height": 1000})
        page.goto(f"{lab}/lab/tree/{CHAPTER}.ipynb?reset")
        page.wait_for_function(CONNECTED, timeout=PATIENCE)
        page.locator(".jp-Toolbar-kernelName").click()
        page.get_by_role("button", name="Select Kernel").click()
        page.wait_for_timeout(SETTLING)

        def run(at, source):
            cell = page.locator(".jp-CodeCell").nth(at)
            cell.locator(".cm-content").click()
            page.keyboard.press("Control+A")
            page.keyboard.type(source)
            page.keyboard.press("Control+Enter")
            return cell

        for at in (0, 1):
            page.locator(".jp-CodeCell").nth(at).locator(".cm-content").click()
            page.keyboard.press("Control+Enter")
        card = run(2, "entity_stock").locator(".brief-metric")
        expect(card).to_contain_text("期末登记在册的市场主体户数", timeout=PATIENCE)
        expect(card).to_contain_text("兰州市2021年")
        cell = run(3, "new_entities")
        cell.locator(".cm-content").click()
        page.keyboard.press("Shift+Tab")
        expect(page.locator(".jp-Tooltip")).to_contain_text("报告期内登记成立的市场主体户数", timeout=PATIENCE)
        page.keyboard.press("Escape")
        inside = run(4, "preview()").frame_locator("iframe")
        expect(inside.locator("main img").first).to_be_visible(timeout=PATIENCE)
        expect(inside.get_by_role("status")).to_be_visible()
        if into := os.environ.get("PICTURES"):
            page.screenshot(path=f"{into}/lab.png", full_page=True)
        page.close()
