"""Addresses: how one comes from a page of the outputs to another, by the names of files and of places in them.

A page of a pack lies in `<period>/<region>/`; the index, and the list of each pack, lie in the root. What else is built changes these
alone, and so a page that is signed is never written again. In the register a page lies two folders deeper, which its script knows.
"""

from collections.abc import Collection
from typing import TypedDict
from urllib.parse import quote

from city_briefs.production.packs.packs_toml import MANUAL, PROVINCE
from city_briefs.production.packs.plan import PackRequest

INDEX = "index.html"
FORMS = {"pdf": "PDF", "docx": "Word", "xlsx": "Excel"}  # of a document beside its page, as readers call them
UP = "../../"  # from the page of a pack to the root


class Link(TypedDict):
    """A link at the top of a page: its words, its address, and whether that is beside the page or in the root."""

    words: str
    address: str
    is_beside: bool


def pack_list(pack: str) -> str:
    """Return the name of the page that lists a pack, by its id, of all regions and periods."""
    return f"all-{pack}.html"


def place(period: str = "", region: str = "") -> str:
    """Return the id, on the index and on the list of a pack, of a period, of a region, or of a region in a period."""
    return "-".join([*(["p", period] if period else []), *(["r", region] if region else [])])


class Navigation(TypedDict):
    """What the top of a page has: the name of its file, by which a copy of it elsewhere is known, and its links."""

    file: str
    links: list[Link]


def navigation(request: PackRequest, formats: Collection[str]) -> Navigation:
    """Return the top of the page of a pack that stands in these formats."""
    slug, code, pack = request.period.slug, request.region.code, request.pack.id
    regions = INDEX if request.pack.levels == (PROVINCE,) else pack_list(pack)  # of one region there is no other to go to
    in_root = [
        ("目录", INDEX, place(slug, code)), ("换地区", regions, place(slug)), ("换报告期", pack_list(pack), place(region=code)),
        *([] if pack == MANUAL else [("指标口径", pack_list(MANUAL), place(request.period.to_date.slug))]),
    ]  # fmt: skip
    links = [Link(words=words, address=f"{UP}{page}#{quote(at)}", is_beside=False) for words, page, at in in_root]
    links += [
        Link(words=words, address=f"{pack}.{suffix}", is_beside=True) for suffix, words in FORMS.items() if suffix in formats
    ]
    return {"file": f"{pack}.html", "links": links}
