"""Pictures as paper has them: of a kind that Typst and Word know, the first frame alone, with no more pixels than are printed."""

import base64
import binascii
import io
import re
import warnings
from functools import cache
from typing import Literal, NamedTuple
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import typst
from PIL import Image

from city_briefs.production.export import compiler
from city_briefs.production.export.compiler_fonts import folder, fonts

KEPT = {"PNG": "png", "JPEG": "jpg"}  # formats that are printed as they are
TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}
ADDRESS = re.compile(r"data:image/[a-z.+-]+(;[^,;]*)*?(?P<base64>;base64)?,(?P<data>.*)", re.DOTALL)
DOT = 0.75  # pt, of a pixel of CSS
NAMESPACE = "http://www.w3.org/2000/svg"
SVG = re.compile(r"<svg\b.*?</svg\s*>", re.DOTALL | re.IGNORECASE)
ENOUGH = 1.1  # times the pixels that are printed: to draw fewer would save nothing
NOT_SCALED = ("P", "1", "I", "I;16", "F")  # kinds of pixels between which there is no mean
SCREEN = 96  # pixels of an inch
Suffix = Literal["svg", "png", "jpg"]


class Picture(NamedTuple):
    """A picture as paper has it, and its width in pixels; that of a drawing is 0."""

    suffix: Suffix
    content: bytes
    width: int = 0


@cache
def printed(content: bytes) -> Picture | None:
    """Return a picture as paper has it; None when it cannot be read."""
    if b"<svg" in content[:4096].lower():
        return Picture("svg", content) if is_drawn(content) else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                image.load()
                if kept := KEPT.get(image.format or ""):
                    return Picture("jpg" if kept == "jpg" else "png", content, image.width)
                return Picture("png", _png(image), image.width)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None


def pixels(picture: Picture) -> tuple[int, int]:
    """Return the width and height of a picture of pixels."""
    with Image.open(io.BytesIO(picture.content)) as image:
        return image.width, image.height


def asked(words: str, room: float) -> float:
    """Return the pt of a width or height of HTML, in pixels or as a share of the room; 0 for one that is neither."""
    if share := re.fullmatch(r"(\d{1,3}(?:\.\d+)?)%", words):
        return room * min(float(share[1]), 100) / 100
    given = re.fullmatch(r"(\d{1,5}(?:\.\d+)?)(px)?", words)
    return float(given[1]) * DOT if given else 0


def scaled(picture: Picture, most: int) -> bytes:
    """Return a picture of pixels with so many side by side; one with hardly more as it is, in a form that Word knows."""
    if picture.width <= most * ENOUGH:
        if picture.suffix == "png" or picture.content[6:10] in (b"JFIF", b"Exif"):
            return picture.content
        with Image.open(io.BytesIO(picture.content)) as image:
            return _jpeg(image.convert("RGB"))
    with Image.open(io.BytesIO(picture.content)) as image:
        image.draft("RGB", (most, most))
        full = image.convert("RGBA" if "transparency" in image.info else "RGB") if image.mode in NOT_SCALED else image
        small = full.resize((most, max(1, round(image.height * most / image.width))), Image.Resampling.LANCZOS)
        return _png(small) if picture.suffix == "png" else _jpeg(small.convert("RGB"))


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    (image if image.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else image.convert("RGBA")).save(file, "PNG")
    return file.getvalue()


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()


@cache
def rastered(svg: bytes, ppi: int) -> Picture | None:
    """Return an SVG as PNG of its own size, drawn by Typst, which reaches nothing of this machine; None when it cannot be drawn."""
    main = b'#set page(width: auto, height: auto, margin: 0pt)\n#image("drawn.svg")'
    files = {"main.typ": main, "drawn.svg": svg}
    try:
        drawn = compiler.typeset(files, format="png", ppi=ppi, root=folder().name, font_paths=fonts())
    except typst.TypstError:
        return None
    content = drawn[0] if isinstance(drawn, list) else drawn
    return Picture("png", content, int.from_bytes(content[16:20], "big"))


def is_drawn(svg: bytes) -> bool:
    """Whether an SVG can be drawn."""
    return rastered(svg, SCREEN) is not None


def of_address(address: str) -> bytes | None:
    """Return the bytes of a picture that stands in its address (data:); None when none does."""
    found = ADDRESS.fullmatch(address.strip())
    if not found:
        return None
    if not found["base64"]:
        return unquote_to_bytes(found["data"])
    try:
        return base64.b64decode(unquote_to_bytes(found["data"]), validate=False)
    except (binascii.Error, ValueError):
        return None


def address(content: bytes, kind: str) -> str:
    """Return a picture as an address (data:) of its type."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def with_drawings_as_pictures(html: str) -> str:
    """Return HTML whose drawings (svg) are pictures; those that cannot be drawn are left as they are."""
    return SVG.sub(_pictured, html)


def _pictured(found: re.Match[str]) -> str:
    """Return a drawing within HTML as a picture with its words."""
    drawing = found[0] if "xmlns=" in found[0] else found[0].replace("<svg", f'<svg xmlns="{NAMESPACE}"', 1)
    if "xlink:" in drawing and "xmlns:xlink" not in drawing:
        drawing = drawing.replace("<svg", '<svg xmlns:xlink="http://www.w3.org/1999/xlink"', 1)
    try:
        root = ElementTree.fromstring(drawing)  # noqa: S314  # drawn by a cell of the notebook that is being set
    except ElementTree.ParseError:
        return found[0]
    if not is_drawn(drawing.encode("utf-8", "replace")):
        return found[0]
    words = " ".join(
        "".join(
            text for element in root.iter() if element.tag.endswith(("text", "tspan", "title")) for text in element.itertext()
        ).split()
    )
    alt = (words or "图").replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<img src="{address(drawing.encode("utf-8", "replace"), TYPES["svg"])}" alt="{alt}">'
