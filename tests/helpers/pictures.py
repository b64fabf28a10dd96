"""The pictures of `docs/analyst.md`, taken while it is followed: python -m tests.helpers.pictures."""

import json
import os
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from city_briefs.common.theme import fonts
from tests.helpers import ROOT
from tests.helpers.walkthrough import SAID, SHELL, Clone, steps

DOCS = ROOT / "docs"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1200, "height": 760}
COLOURS = 64  # of a picture, which keeps it small
CHAPTER, NEW = "business-environment.ipynb", "cooperatives"
NEEDED = ("briefs demo", "briefs check")  # commands without which there is nothing to see
TRACKER = "lab/user-settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"  # of how notebooks are shown
CONNECTED = """async () => (await (await fetch("/api/kernels")).json())
    .some((kernel) => kernel.connections && kernel.execution_state === "idle")"""
SETTLING = 5_000  # milliseconds until JupyterLab has changed to the kernel
PATIENCE = 90_000  # milliseconds until a chapter has run


def take() -> None:
    """Follow the document up to its first check, and take a picture of each state that it shows."""
    document = (DOCS / "analyst.md").read_text("utf-8")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        clone = Clone(Path(folder))
        show_all(clone)
        program = next(filter(None, map(shutil.which, BROWSERS)))
        home = with_fonts(Path(folder) / "home")
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"], env={**os.environ, "XDG_DATA_HOME": str(home)}
        )
        page = browser.new_page(viewport=SIZE)
        for step in steps(document):
            if step.words == ("lab",):
                lab = step.text
                with clone.lab(lab) as address:
                    picture(run(page, address, "overview(", ".brief-table"), "lab")
                    picture(previewed(page), "preview")
            elif step.language not in (SHELL, SAID) or any(command in step.text for command in NEEDED):
                clone.follow(step, "")
            if step.words == (f"notebooks/{CHAPTER}", "to"):
                with clone.lab(lab) as address:
                    picture(run(page, address, step.text.split()[0]), "sentence", height=500)
            if step.language == SHELL and "briefs check" in step.text:
                break
        page.goto(next((clone.root / "outputs/.check").rglob("city-brief.html")).as_uri())
        page.get_by_role("heading", name="农民专业合作社").evaluate("heading => heading.scrollIntoView()")
        picture(page, "pack")


def with_fonts(home: Path) -> Path:
    """A folder of data of a user who has the fonts of a brief, for a machine that has no Chinese ones."""
    shutil.copytree(fonts.FOLDER, home / "fonts")
    return home


def show_all(clone: Clone) -> None:
    """Have JupyterLab draw cells that are out of sight, so that they can be found."""
    file = clone.settings / TRACKER
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"windowingMode": "none"}))


def run(page: Page, address: str, call: str, shown: str = ".brief-prose") -> Page:
    """A chapter in JupyterLab, run, at the cell that makes this call."""
    page.goto(f"{address}/lab/tree/{CHAPTER}?reset")
    page.wait_for_function(CONNECTED, timeout=PATIENCE)
    page.locator(".jp-Toolbar-kernelName").click()
    page.get_by_role("button", name="Select Kernel").click()
    page.wait_for_timeout(SETTLING)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    cell = page.locator(".jp-CodeCell", has_text=call).first
    expect(cell.locator(shown).first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".jp-CodeCell", has_text="months(new_entities").locator("svg").first).to_be_visible(timeout=PATIENCE)
    cell.scroll_into_view_if_needed()
    return page


def previewed(page: Page) -> Page:
    """The same, with the preview under a cell that shows it."""
    cell = page.locator(".jp-CodeCell").nth(2)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("preview()")
    page.keyboard.press("Control+Enter")
    inside = cell.frame_locator("iframe")
    expect(inside.locator("main img").first).to_be_visible(timeout=PATIENCE)
    inside.get_by_label("地区").select_option(index=1)
    expect(inside.get_by_role("status")).to_have_text(re.compile("^共"), timeout=PATIENCE)
    cell.evaluate("cell => cell.scrollIntoView()")
    return page


def picture(page: Page, name: str, height: int = SIZE["height"]) -> None:
    """Keep what the page shows, in few colours."""
    file = DOCS / f"analyst_{name}.png"
    page.screenshot(path=file, clip={"x": 0, "y": 0, "width": SIZE["width"], "height": height})
    Image.open(file).convert("RGB").quantize(COLOURS).save(file, optimize=True)


if __name__ == "__main__":
    take()
