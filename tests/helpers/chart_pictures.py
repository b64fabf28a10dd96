"""The pictures of `docs/charts.md`, drawn of the demo province: python -m tests.helpers.chart_pictures."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst
from PIL import Image

from city_briefs.analysis import blocks
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.common.theme import FONT_FILES, SANS
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import new_entities
from city_briefs.metrics.consumer_rights import complaints_received, settlement_rate
from city_briefs.metrics.food_safety import food_pass_rate
from city_briefs.metrics.market_order import cases_total
from city_briefs.metrics.product_quality import product_pass_rate
from city_briefs.metrics.safety import hazard_overdue_share, hazards_found
from city_briefs.metrics.special_equipment import overdue_share
from city_briefs.notebook.parameters import read
from tests.helpers import ROOT

DATA = ROOT / "data/snapshots/demo"
FOLDER = ROOT / "docs/charts"
CITY, YEAR = "兰州", 2022
COLOURS = 32  # of a picture, which keeps it small
RESOLUTION = 110  # dots an inch
SPINE = 14  # rates
PICTURES: dict[str, Callable[[Scope], object]] = {
    "rates": lambda scope: blocks.rates(scope, [food_pass_rate, product_pass_rate, overdue_share, settlement_rate]),
    "spine": lambda scope: blocks.spine(scope, [metric for metric in CATALOGUE.values() if metric.form == "ratio"][:SPINE]),
    "funnel": lambda scope: blocks.funnel(scope, food_pass_rate),
    "ranking": lambda scope: blocks.ranking(scope, settlement_rate),
    "months": lambda scope: blocks.months(scope, [new_entities, complaints_received, food_pass_rate, hazards_found]),
    "slope": lambda scope: blocks.slope(scope, cases_total, "field"),
    "contribution": lambda scope: blocks.contribution(scope, new_entities, "industry"),
    "bullets": blocks.bullets,
    "hazard_ages": blocks.hazard_ages,
    "distribution": lambda scope: blocks.distribution(scope, [food_pass_rate, overdue_share, hazard_overdue_share]),
}  # the calls of docs/charts.md by their names
PAGE = """#set page(width: 166mm, height: auto, margin: 5mm)
#set text(font: "{font}", size: 8.5pt)
#image("chart.svg", width: 156mm)
#grid(columns: (1fr, auto), [{caption}], text(fill: luma(90), [{notice}]))"""


@contextmanager
def published() -> Iterator[list[dict[str, Any]]]:
    """Keep the blocks that are shown, in place of showing them."""
    shown: list[dict[str, Any]] = []
    show, publish.publish_display_data = publish.publish_display_data, lambda bundle: shown.append(next(iter(bundle.values())))
    try:
        yield shown
    finally:
        publish.publish_display_data = show


def charts(scope: Scope) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each picture by its name, as the first block of a chart that its call shows."""
    for name, call in PICTURES.items():
        with published() as shown:
            call(scope)
        yield name, next(block for block in shown if block["kind"] == "chart")


def draw(into: Path) -> None:
    """Draw all pictures into a folder, each with its caption and the word that its data are made up."""
    results = read(DATA)
    scope = Scope.of(results, results.regions.find(CITY), Period(YEAR))
    fonts = sorted({str(Path(file).parent) for file in FONT_FILES.values()})
    into.mkdir(exist_ok=True)
    for name, block in charts(scope):
        with TemporaryDirectory() as folder:
            (Path(folder) / "chart.svg").write_text(block["svg"], "utf-8")
            page = Path(folder) / "page.typ"
            page.write_text(PAGE.format(font=SANS, caption=block["caption"], notice=results.snapshot.notice), "utf-8")
            png = typst.compile(str(page), format="png", ppi=RESOLUTION, font_paths=fonts)
        Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(into / f"{name}.png", optimize=True)


if __name__ == "__main__":
    draw(FOLDER)
