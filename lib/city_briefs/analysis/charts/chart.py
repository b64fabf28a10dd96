"""The parts of every chart: the style, the canvas, and the SVG, which keeps its text as text."""

import hashlib
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager
from matplotlib import style as mpl_style
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from city_briefs.common.theme import FONT_FILES, INK, LINE, MUTED, SANS

WIDTH = 6.14  # inches, the text width of a page: 156 mm
SIZE = 8.5  # points
STYLE: Any = {
    "font.family": SANS,
    "font.size": SIZE,
    "axes.edgecolor": LINE,
    "axes.linewidth": 0.6,
    "axes.unicode_minus": True,
    "text.parse_math": False,  # a $ in a name is a $
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "axes.labelcolor": MUTED,
    "svg.fonttype": "none",
    "svg.hashsalt": "city-briefs",
}

for family, file in FONT_FILES.items():
    font_manager.fontManager.addfont(str(file))
    if (entry := font_manager.fontManager.ttflist[-1]).name != family:  # a name in Chinese alone is lost on matplotlib
        font_manager.fontManager.ttflist.append(replace(entry, name=family))
FACE = font_manager.get_font(str(FONT_FILES[SANS]))
DRAWN = FACE.family_name  # what the SVG calls the face


@dataclass(frozen=True)
class Chart:
    """A drawn chart: its SVG, what it shows in words, and its caption."""

    svg: str
    alt: str
    caption: str


@contextmanager
def any_character() -> Iterator[None]:
    """Silence the warning of matplotlib about a character that the face lacks: the SVG keeps it, and the exporters set it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from", UserWarning)
        yield


@contextmanager
def style() -> Iterator[None]:
    """Set the look of all charts while one is drawn, whatever a `matplotlibrc` says."""
    with mpl_style.context("default"), sns.axes_style("white", rc=STYLE), any_character():
        mpl.rcParams.update(STYLE)
        yield


def canvas(height: float) -> Canvas:
    """Return an empty figure as wide as the page, `height` inches high, without a window or the state of pyplot."""
    return Canvas(figsize=(WIDTH, height), layout="constrained")


def sheet(height: float) -> tuple[Canvas, Axes]:
    """Return an empty figure as wide as the page, with axes over all of it: their units are inches, from the upper left corner."""
    figure = Canvas(figsize=(WIDTH, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(height, 0), xticks=[], yticks=[], autoscale_on=False)
    bare(axes)
    return figure, axes


def bare(axes: Axes, *keep: str) -> None:
    """Take away every side of the frame but those in `keep`."""
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(side in keep)


def svg(figure: Canvas) -> str:
    """Return the figure as one SVG element without date and prologue. It keeps only the ids that it uses, with a prefix of its own."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None}, transparent=True)
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", file.getvalue(), flags=re.DOTALL).replace(f"'{DRAWN}'", f"'{SANS}'")
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', text))
    text = re.sub(r' id="([^"]*)"', lambda match: match[0] if match[1] in used else "", text)
    drawn = text[text.index("<svg") :].strip()
    prefix = f"c{hashlib.sha256(drawn.encode()).hexdigest()[:8]}-"
    return re.sub(r'( id="|url\(#|href="#)', rf"\g<1>{prefix}", drawn)
