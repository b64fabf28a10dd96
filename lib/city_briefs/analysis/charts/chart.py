"""The parts of every chart: the style, the canvas, and the SVG, which keeps its text as text."""

import hashlib
import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache, wraps
from typing import Any, ParamSpec, cast

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager
from matplotlib import style as mpl_style
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from city_briefs.analysis.charts.svg_canvas import BACKEND, PlainAxes
from city_briefs.common.theme import FONT_FILES, INK, LINE, MUTED, SANS

WIDTH = 6.14  # inches, the text width of a page: 156 mm
NARROW = 3.8  # inches: a phone shows so much with its words at three quarters of their size on a desk
Given = ParamSpec("Given")
_in_hand: ContextVar[float] = ContextVar("width", default=WIDTH)
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

_with_matplotlib = mpl.get_data_path()  # of no other font of the machine is ever a drawing
font_manager.fontManager.ttflist[:] = [
    font for font in font_manager.fontManager.ttflist if font.fname.startswith(_with_matplotlib)
]
for family, file in FONT_FILES.items():
    font_manager.fontManager.addfont(str(file))
    if (entry := font_manager.fontManager.ttflist[-1]).name != family:  # a name in Chinese alone is lost on matplotlib
        font_manager.fontManager.ttflist.append(replace(entry, name=family))
FACE = font_manager.get_font(str(FONT_FILES[SANS]))
DRAWN = FACE.family_name  # what the SVG calls the face


@dataclass(frozen=True)
class Chart:
    """A drawn chart: its SVG, what it shows in words, and its caption; `narrow` is its SVG for a narrow screen, where it has one."""

    svg: str
    alt: str
    caption: str
    narrow: str = ""


def width_in_hand() -> float:
    """Return the inches of the chart that is being drawn: WIDTH, or NARROW."""
    return _in_hand.get()


def is_narrow() -> bool:
    """Return whether the chart that is being drawn is for a narrow screen."""
    return width_in_hand() < WIDTH


def drawn_twice(draw: Callable[Given, Chart]) -> Callable[Given, Chart]:
    """Let a chart be drawn as wide as the page, and once more for a narrow screen."""

    @wraps(draw)
    def both(*given: Given.args, **named: Given.kwargs) -> Chart:
        chart = draw(*given, **named)
        before = _in_hand.set(NARROW)
        try:
            return replace(chart, narrow=draw(*given, **named).svg)
        finally:
            _in_hand.reset(before)

    return both


@contextmanager
def any_character() -> Iterator[None]:
    """Silence the warning of matplotlib about a character that the face lacks: the SVG keeps it, and the exporters set it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from", UserWarning)
        yield


@contextmanager
def style() -> Iterator[None]:
    """Set the look of all charts while one is drawn, whatever a `matplotlibrc` says."""
    with mpl.rc_context(), any_character():
        dict.update(cast(dict[str, Any], mpl.rcParams), _look())
        yield


@cache
def _look() -> dict[str, Any]:
    """Return the settings of that look, which matplotlib has checked, without the backend; to check them takes as long as a small chart."""
    with mpl_style.context("default"), sns.axes_style("white", rc=STYLE):
        mpl.rcParams.update(STYLE)
        return {name: value for name, value in dict.items(mpl.rcParams) if name != "backend"}


def canvas(height: float) -> Canvas:
    """Return an empty figure of the width in hand, `height` inches high, without a window or the state of pyplot."""
    return Canvas(figsize=(width_in_hand(), height), layout="constrained")


def sheet(height: float) -> tuple[Canvas, Axes]:
    """Return an empty figure of the width in hand, with axes over all of it: their units are inches, from the upper left corner."""
    figure = Canvas(figsize=(width_in_hand(), height))
    axes = figure.add_axes((0, 0, 1, 1), axes_class=PlainAxes)
    axes.set(xlim=(0, width_in_hand()), ylim=(height, 0), xticks=[], yticks=[], autoscale_on=False)
    bare(axes)
    return figure, axes


def bare(axes: Axes, *keep: str) -> None:
    """Take away every side of the frame but those in `keep`."""
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(side in keep)


def svg(figure: Canvas) -> str:
    """Return the figure as one SVG element without date and prologue. It keeps only the ids that it uses, with a prefix of its own."""
    file = io.StringIO()
    figure.savefig(file, format="svg", backend=BACKEND, metadata={"Date": None}, transparent=True)
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", file.getvalue(), flags=re.DOTALL).replace(f"'{DRAWN}'", f"'{SANS}'")
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', text))
    text = re.sub(r' id="([^"]*)"', lambda match: match[0] if match[1] in used else "", text)
    drawn = text[text.index("<svg") :].strip()
    prefix = f"c{hashlib.sha256(drawn.encode()).hexdigest()[:8]}-"
    return re.sub(r'( id="|url\(#|href="#)', rf"\g<1>{prefix}", drawn)
