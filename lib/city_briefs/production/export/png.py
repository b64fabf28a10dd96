"""Pictures as PNG, drawn from their SVG by Typst with the faces of a brief: older Word and WPS leave an SVG blank."""

from collections.abc import Sequence

import typst

from city_briefs.common.errors import PackError
from city_briefs.production.export.characters import Printer
from city_briefs.production.export.pdf import folder, fonts

PPI = 200  # sharp in print; twice as many make a file four times as large


def png(drawings: Sequence[str]) -> list[bytes]:
    """Each SVG as a PNG of its own size at PPI, all in one call of the compiler; its words as paper has them.

    What Typst refuses is a PackError.
    """
    if not drawings:
        return []
    pages = "\n#pagebreak()\n".join(f'#image("{number}.svg")' for number in range(len(drawings)))
    files = {"main.typ": f"#set page(width: auto, height: auto, margin: 0pt)\n{pages}".encode()}
    files |= {f"{number}.svg": Printer().drawing(drawing).encode() for number, drawing in enumerate(drawings)}
    try:
        drawn = typst.compile(files, format="png", ppi=PPI, root=folder().name, font_paths=fonts())  # type: ignore[call-overload]  # its stub knows no dict of files
    except typst.TypstError as error:
        raise PackError(f"A figure could not be drawn as PNG: {' '.join(str(error).split())}.") from None
    return drawn if isinstance(drawn, list) else [drawn]


def width(picture: bytes) -> float:
    """The width of such a PNG on paper, in inches."""
    return int.from_bytes(picture[16:20], "big") / PPI
