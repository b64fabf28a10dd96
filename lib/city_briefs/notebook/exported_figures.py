"""Figures of Plotly and Altair as pictures, by their own exporters where these are installed: paper has no interactive figure.

Plotly has kaleido, and Altair has vl-convert. Without it the figure is shown as ever, and a document has a line in its place that names
what is missing. Nothing of this is imported unless a cell names the library.
"""

import atexit
import html
import os
import shutil
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from city_briefs.common import files
from city_briefs.common.theme import ACCENT, FONT_FILES, INK, LINE, MARK, SANS

COLOURS = [INK, LINE, ACCENT, MARK]  # of series, in this order; the first two differ most in grey print
WIDTH, HEIGHT = 6.14, 3.4  # inches of a figure that asks for no other size: the text width of a page
DPI, POINTS = 96, 72  # dots of an inch of a screen; points of an inch
SHARPNESS = 3  # how many times the dots of a screen a picture has, for print
LIBRARIES = {"plotly": "kaleido", "altair": "vl_convert"}  # each with the module of its exporter
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>{folders}<cachedir>{cache}</cachedir></fontconfig>
"""
_ready: set[str] = set()  # libraries that have been seen to


def install() -> None:
    """See to it before each cell of this kernel that names one of the libraries."""
    shell = sys.modules["IPython"].get_ipython()
    shell.events.register("pre_run_cell", lambda info: _see_to(str(getattr(info, "raw_cell", "") or "")))


def _see_to(source: str) -> None:
    for library, exporter in LIBRARIES.items():
        if library not in _ready and library in source and find_spec(library):
            _ready.add(library)
            {"plotly": _plotly, "altair": _altair}[library](find_spec(exporter) is not None)


def _plotly(has_exporter: bool) -> None:
    """Let Plotly draw in our face and colours, and show a picture beside its figure where kaleido can draw one."""
    pio: Any = import_module("plotly.io")
    look = {"font": {"family": SANS, "color": INK}, "colorway": COLOURS, "width": WIDTH * DPI, "height": HEIGHT * DPI}
    pio.templates["house"] = {"layout": look}
    pio.templates.default = "plotly_white+house"
    if has_exporter:
        _name_fonts()
        pio.renderers["picture"] = _picture_of_plotly()
    pio.renderers.default = "plotly_mimetype+picture" if has_exporter else "plotly_mimetype"


def _picture_of_plotly() -> Any:
    """Return what shows a figure of Plotly as a picture; it shows none where kaleido finds no browser."""
    base: Any = import_module("plotly.io.base_renderers")

    class Picture(base.PngRenderer):  # type: ignore[misc]
        def to_mimebundle(self, figure: Any) -> dict[str, Any]:
            try:
                return dict(super().to_mimebundle(figure))
            except Exception:  # kaleido has errors of many kinds, and the line in place of the picture names kaleido
                return {}

    return Picture(scale=SHARPNESS)


def _name_fonts() -> None:
    """Let the browser with which kaleido draws find our faces, and no other of the machine."""
    folder = Path(tempfile.mkdtemp(prefix="briefs-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folders = "".join(f"<dir>{html.escape(str(place))}</dir>" for place in _folders())
    files.write_new(folder / "fonts.conf", FONTS.format(folders=folders, cache=html.escape(str(folder / "cache"))).encode())
    os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")


def _altair(has_exporter: bool) -> None:
    """Let Altair draw in our face, and show a picture where vl-convert is there."""
    altair: Any = import_module("altair")

    @altair.theme.register("house", enable=True)  # type: ignore[untyped-decorator]
    def house() -> Any:
        return altair.theme.ThemeConfig({"config": {"font": SANS, "mark": {"color": INK}, "range": {"category": COLOURS}}})

    if has_exporter:
        converter: Any = import_module("vl_convert")
        for folder in _folders():
            converter.register_font_directory(str(folder))
        altair.renderers.enable("png", ppi=POINTS * SHARPNESS)
    else:
        altair.renderers.enable("mimetype")


def _folders() -> list[Path]:
    """Return the folders in which our faces lie."""
    return sorted({file.parent for file in FONT_FILES.values()})
