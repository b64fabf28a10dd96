"""The canvas of every chart, and the axes of a drawing without scales: matplotlib's, without work that leaves no trace.

matplotlib takes the canvas by the name of this module (`BACKEND`). To measure words is a tenth of the work of a chapter, and most of them
stand on a chart twice: as wide as the page, and for a narrow screen. Ticks are half of the work of axes, also where there are none.
"""

from codecs import getwriter
from collections.abc import Sequence
from functools import lru_cache
from typing import IO, Any

from matplotlib import cbook
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, YAxis
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.textpath import text_to_path

BACKEND = f"module://{__name__}"
MEASURED = 1 << 14  # lines of words whose measures are kept: those of some chapters
Measures = tuple[float, float, float]  # width, height and descent


class Renderer(RendererSVG):
    """Draws SVG."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> Measures:
        """Return width, height and descent of words in points."""
        return super().get_text_width_height_descent(s, prop, ismath) if ismath else measures(s, prop)


class FigureCanvas(FigureCanvasSVG):
    """Shows a figure as SVG. Nothing on our charts is drawn as pixels."""

    def print_svg(self, filename: IO[Any], *, metadata: dict[str, Any] | None = None, **_: Any) -> None:
        """Write the figure into a file; into one of bytes when matplotlib wants to see how large its parts are."""
        figure, file = self.figure, filename if cbook.file_requires_unicode(filename) else getwriter("utf-8")(filename)
        dots, figure.dpi = figure.dpi, self.fixed_dpi
        width, height = figure.get_size_inches() * figure.dpi
        renderer = Renderer(width, height, file, image_dpi=dots, metadata=metadata)
        figure.draw(renderer)
        renderer.finalize()


def measures(words: str, face: FontProperties) -> Measures:
    """Return width, height and descent of a line of words in points."""
    scale = face.get_size_in_points() / text_to_path.FONT_SCALE
    look = face.get_style(), face.get_variant(), face.get_weight(), face.get_stretch()
    width, height, descent = _measures(words, tuple(face.get_family()), look, face.get_file())
    return width * scale, height * scale, descent * scale


@lru_cache(maxsize=MEASURED)
def _measures(words: str, family: tuple[str, ...], look: tuple[Any, ...], file: str | None) -> Measures:
    """Return what `measures` does, of words in the size in which matplotlib measures."""
    named = dict(zip(("style", "variant", "weight", "stretch"), look, strict=True))
    face = FontProperties(family=list(family), size=text_to_path.FONT_SCALE, fname=file, **named)
    return text_to_path.get_text_width_height_descent(words, face, ismath=False)


class _WithoutTicks(Axis):
    """An axis that has no ticks until it is told where they are; matplotlib's has one of each kind, of which it makes the others."""

    @property
    def majorTicks(self) -> list[Any]:  # type: ignore[override]  # matplotlib has a descriptor for it, too
        """Return the large ticks."""
        made: list[Any] = vars(self).setdefault("_made_major", [])
        return made

    @property
    def minorTicks(self) -> list[Any]:  # type: ignore[override]  # as above
        """Return the small ticks."""
        made: list[Any] = vars(self).setdefault("_made_minor", [])
        return made


class _Across(_WithoutTicks, XAxis):
    pass


class _Down(_WithoutTicks, YAxis):
    pass


class PlainAxes(Axes):
    """Axes whose units are those of a drawing: without scales, ticks or a grid."""

    def _init_axis(self) -> None:
        self.xaxis, self.yaxis = _Across(self, clear=False), _Down(self, clear=False)
        for side, spine in self.spines.items():
            spine.register_axis(self.xaxis if side in ("bottom", "top") else self.yaxis)

    def plot(self, x: Sequence[float], y: Sequence[float], **look: Any) -> list[Line2D]:  # type: ignore[override]  # one line, in any look
        """Draw one line through points; the scales stay as they are."""
        line = Line2D(x, y, **cbook.normalize_kwargs(look, Line2D))
        self.add_artist(line)
        return [line]
