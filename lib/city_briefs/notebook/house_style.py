"""The house style of an analyst's own figures: what matplotlib and seaborn draw in a kernel has our faces, colours and size.

It is there from the import of `city_briefs.notebook` on, and a kernel of a build has it from its start. Whatever else is set, as by
`sns.set_theme()` or by the name of a font that this machine lacks, our faces stay, so that Chinese words are words on every machine.
A picture says in words what it shows, since no document prints one without.
"""

import base64
import io
import logging
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import matplotlib as mpl
import seaborn as sns
from cycler import cycler
from matplotlib.figure import Figure

from city_briefs.analysis.charts.chart import STYLE
from city_briefs.common import read_log
from city_briefs.common.theme import OTHERS, SANS, SERIF
from city_briefs.notebook import exported_figures, own_values, same_draws
from city_briefs.notebook.exported_figures import COLOURS, DPI, HEIGHT, SHARPNESS, WIDTH

FACES = {"sans-serif": SANS, "serif": SERIF, "monospace": SANS, "cursive": SERIF, "fantasy": SANS}  # by the words of matplotlib
OTHER_SIGNS = "DejaVu Sans"  # comes with matplotlib, and has signs that our faces lack
LOOK: Any = {
    **STYLE,
    "font.family": ["sans-serif", OTHER_SIGNS],
    "figure.figsize": (WIDTH, HEIGHT),
    "figure.dpi": DPI,
    "savefig.dpi": DPI * SHARPNESS,
    "axes.prop_cycle": cycler(color=COLOURS) + cycler(linestyle=["-", "--", "-.", ":"]),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": STYLE["font.size"] + 1.5,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "patch.edgecolor": "white",
    "hatch.color": OTHERS,
}
MOST_DOTS = 4000  # of the longer side of a picture: two pages at the dots of print
UNTITLED = "未写标题的图"
_settings = ExitStack()  # gives matplotlib back those of the house style


def _with_our_faces() -> None:
    """See to it that no setting of matplotlib leaves our faces out: they stand first in every list of faces."""
    for kind, face in FACES.items():
        mpl.RcParams.validate[f"font.{kind}"] = _first(mpl.RcParams.validate[f"font.{kind}"], face)
    mpl.RcParams.validate["font.family"] = _of_ours(mpl.RcParams.validate["font.family"])
    manager = mpl.font_manager.fontManager
    manager.defaultFamily["ttf"] = SANS  # in the place of a face that is asked for and not there
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # which need not be said


def _first(validate: Callable[[Any], list[str]], face: str) -> Callable[[Any], list[str]]:
    def validated(given: Any) -> list[str]:
        names = validate(given)
        return [face, *(name for name in names if name != face)]

    return validated


def _of_ours(validate: Callable[[Any], list[str]]) -> Callable[[Any], list[str]]:
    """Return what takes the families of faces; one that is not ours follows our face, and one of other signs is the last."""

    def validated(given: Any) -> list[str]:
        names = validate(given)
        if names == [SANS]:  # as our charts set it
            return names
        ours = names if names[0] in (*FACES, SANS, SERIF) else [SANS, *names]
        return [*ours, *([] if OTHER_SIGNS in ours else [OTHER_SIGNS])]

    return validated


def described(figure: Figure) -> str:
    """Return in words what a figure of matplotlib shows: its titles, and what its axes are called."""
    named = [figure.get_suptitle(), *(title for axes in figure.axes for title in _titles(axes))]
    titles = list(dict.fromkeys(filter(None, (" ".join(str(words).split()) for words in named)))) or [UNTITLED]
    axes_named = [
        f"{axis}为{words}"
        for axes in figure.axes[:1]
        for axis, words in (("横轴", axes.get_xlabel()), ("纵轴", axes.get_ylabel()))
        if words
    ]
    return "，".join(["；".join(titles), *axes_named])


def _titles(axes: Any) -> list[str]:
    return [axes.get_title(loc=place) for place in ("left", "center", "right")]


def _png(figure: Figure) -> tuple[str, dict[str, Any]] | None:
    """Return a figure as a picture in Base64, and the size in which it is shown, with its words; None of one that has nothing."""
    if not figure.axes and not figure.lines:
        return None
    file = io.BytesIO()
    dpi = min(DPI * SHARPNESS, MOST_DOTS / max(figure.get_size_inches()))
    figure.savefig(file, format="png", dpi=dpi, bbox_inches="tight", metadata={"Software": None})
    width, height = (int.from_bytes(file.getvalue()[at : at + 4]) for at in (16, 20))
    size = {"width": round(width * DPI / dpi), "height": round(height * DPI / dpi), "alt": described(figure)}
    return base64.b64encode(file.getvalue()).decode(), size


def dress() -> None:
    """Give the kernel of this process the house style; a second time changes nothing."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None or getattr(shell, "has_house_style", False):
        return
    shell.has_house_style = True
    _with_our_faces()
    sns.set_theme(style="white", rc=LOOK)
    mpl.rcParams.update(LOOK)
    if "inline" in (mpl.get_backend(auto_select=False) or ""):
        _show_pictures(shell)
    exported_figures.install()
    _settings.enter_context(mpl.rc_context())


def begin() -> None:
    """Give matplotlib back the settings of the house style, and let go of its open figures, when another chapter begins."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    _settings.close()
    _settings.enter_context(mpl.rc_context())


def _show_pictures(shell: Any) -> None:
    """Let a shell show figures of matplotlib as our pictures, also after `%matplotlib inline`."""
    from matplotlib_inline import backend_inline
    from matplotlib_inline.config import InlineBackend

    if getattr(backend_inline.configure_inline_support, "current_backend", "unset") != "inline":
        backend_inline.configure_inline_support(shell, "inline")
    InlineBackend.instance(parent=shell).figure_formats = set()
    Figure._repr_png_ = _png  # type: ignore[attr-defined]


def install() -> None:
    """Give this kernel the house style: now if it is of a build, else as soon as a cell has imported our calls."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return
    if os.environ.get(read_log.VARIABLE):  # the kernel of a build
        dress()
        own_values.install()
        same_draws.install()
        shell.enable_tip = False  # a tip is drawn at random whenever a client asks what kernel this is
        return

    def see(*_: Any) -> None:
        if getattr(shell.user_ns.get("say"), "__module__", "").startswith("city_briefs."):
            dress()
            shell.events.unregister("post_run_cell", see)

    shell.events.register("post_run_cell", see)
