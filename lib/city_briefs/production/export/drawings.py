"""Drawings as a page for the screen has them: with ids of their own, and what matplotlib writes said in a third of its characters."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import count

DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
BY_MATPLOTLIB = re.compile(
    r"<defs>\s*<style type=\"text/css\">\*\{stroke-linejoin: round; stroke-linecap: butt\}</style>\s*</defs>"
)
STYLE = "svg { stroke-linejoin: round; stroke-linecap: butt; }"  # of a page, in the place of that style of each drawing
ID = re.compile(r' id="([^"]+)"')
REFERENCE = re.compile(r'( id="|url\(#|href="#)([^")]+)')
COORDINATES = re.compile(r'( (?:d|x|y|width|height|transform|points)=")([^"]*)')
NUMBER = re.compile(r"-?[0-9]*\.[0-9]+(?:e-?[0-9]+)?|-?[0-9]+")
FINE, COARSE = 2, 1  # decimals of a coordinate, in points: under TEN, where markers are drawn, and from there on
TEN = 10
SHORTER = [
    (re.compile(r' xmlns(?::xlink)?="[^"]*"| version="1\.1"'), ""),  # HTML knows both
    (re.compile(r" xlink:href="), " href="),
    (re.compile(r' transform="rotate\(-?0 [^)]*\)"'), ""),
    (re.compile(r'<path d="[^"]*"(?: clip-path="[^"]*")? style="fill: none"\s*/>'), ""),  # a ground without colour
    (re.compile(r"font-family: [^;\"]*;? ?"), ""),  # the page sets the words of all drawings
    (re.compile(r"(?<=[;:]) (?=[a-z0-9#-])(?=[^<>]*>)"), ""),
    (re.compile(r"text-anchor:start;?"), ""),
    (re.compile(r">\s+<"), "><"),
]
GROUP = re.compile(r"<g>|<g [^>]*[^/]>|</g>|<g/>")


def distinct(html: str, numbers: "Iterator[int] | None" = None) -> str:
    """Return HTML whose drawings are short, each with ids that no other drawing of the page has; `numbers` counts those of a page."""
    numbers = numbers or count(1)
    return DRAWING.sub(lambda drawing: _with_own_ids(shortened(drawing[0]), next(numbers)), html)


def shortened(svg: str) -> str:
    """Return a drawing of matplotlib in fewer characters, which looks the same; another one as it is."""
    if not BY_MATPLOTLIB.search(svg):
        return svg
    svg = BY_MATPLOTLIB.sub("", svg)
    for pattern, shorter in SHORTER:
        svg = pattern.sub(shorter, svg)
    return _without_bare_groups(COORDINATES.sub(lambda found: found[1] + _rounded(found[2]), svg))


def _with_own_ids(svg: str, number: int) -> str:
    """Return a drawing whose ids begin with its number; those that refer to them follow."""
    names = {name: f"d{number}-{place}" for place, name in enumerate(dict.fromkeys(ID.findall(svg)))}
    return REFERENCE.sub(lambda found: found[1] + names.get(found[2], found[2]), svg)


def _rounded(coordinates: str) -> str:
    """Return coordinates with as many decimals as the eye can tell, without spaces that a path does not need."""
    words = " ".join(NUMBER.sub(lambda found: _number(found[0]), coordinates).split())
    return re.sub(r" ?([MLCQzZ]) ?", r"\1", words)


@lru_cache(maxsize=1 << 14)  # charts have the same places again and again
def _number(written: str) -> str:
    value = float(written)
    text = f"{value:.{COARSE if abs(value) >= TEN else FINE}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _without_bare_groups(svg: str) -> str:
    """Return a drawing without groups that say nothing of what is in them."""
    is_bare: list[bool] = []

    def kept(found: re.Match[str]) -> str:
        if found[0] == "<g/>":
            return ""
        if found[0] == "</g>":
            return "" if is_bare.pop() else found[0]
        is_bare.append(found[0] == "<g>")
        return "" if is_bare[-1] else found[0]

    return GROUP.sub(kept, svg)
