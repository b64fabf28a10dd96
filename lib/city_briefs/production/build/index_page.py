"""The pages on which a person finds a document: the index of the outputs, and that of the register of editions."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from city_briefs.common import theme
from city_briefs.common.atomic_files import write_whole
from city_briefs.production.build import up_to_date
from city_briefs.production.build.outputs import INCOMPLETE
from city_briefs.production.editions import manifest, register_folders
from city_briefs.production.editions.manifest import MANIFEST
from city_briefs.production.packs.edition import DRAFT, day

FILE = "index.html"
NOTHING = "无"  # a pack that is made only of something, and there is nothing
COMPLETE, STALE, MISSING = "完整", "未更新", "未完成"  # a pack that is as new as it can be; one that is not; none
CURRENT, REPLACED = "现行", "已有新版"  # an edition that was issued last; one that was issued before
STATES = {COMPLETE: "●", STALE: "▲", MISSING: "○", NOTHING: "－"}
NOTES = (
    "完整：本期文档已编制，所用数据为本期最新。未更新：仍为原稿，再次编制未成，或本期已有更新的数据。未完成：尚无成稿。无：本期没有应列的事项，不编文档。模拟：依据模拟数据编制。",
    "送审稿：尚未签发，不作为正式文档使用。编号：内容或数据有变动，编号随之变动。快照：编制所用数据的编号，同一编号即同一批数据。",
)
NOTES_OF_EDITIONS = (
    "现行：最近一次签发的版次。已有新版：此后又签发了新的版次，与上版的变化见新版附录。模拟：依据模拟数据编制。",
)


def write(out: Path) -> Path:
    """Write the index page of everything that lies in `out`."""
    write_whole(out / FILE, page(out))
    return out / FILE


def page(out: Path) -> str:
    """The index page of everything that lies in `out`, newest period first; it knows no clock and no run."""
    return _page("市场监管文档目录", _listed(out), STATES, NOTES)


def _page(heading: str, packs: list[dict[str, Any]], states: Mapping[str, str], notes: Sequence[str]) -> str:
    """A page of packs; `states` are those that a pack may be in, each with a shape."""
    return (
        theme.templates(theme.FOLDER)
        .get_template("index.html.j2")
        .render(
            heading=heading,
            packs=packs,
            states=states,
            notes=notes,
            palette=theme.PALETTE,
            sans=theme.SANS,
            script=theme.script("index"),
            allowed=theme.script_source("index"),
        )
    )


def _listed(out: Path) -> list[dict[str, Any]]:
    """A row for every pack that stands or was tried, by period, region and pack."""
    stands, failed = _packs(out, "*/*"), _packs(out, f"*/*/{INCOMPLETE}/*")
    newest: dict[tuple[str, bool], str] = {}
    for entry in stands.values():
        newest[_peers(entry)] = max(newest.get(_peers(entry), ""), manifest.ingested(entry))
    rows = []
    for place, entry in sorted((failed | stands).items()):
        if place in stands and entry.get("nothing"):
            state: dict[str, Any] = {"state": NOTHING, "reason": entry["nothing"], "links": {}}
        elif place in stands:
            freshness = up_to_date.of_listed(entry, newest[_peers(entry)], attempted=place in failed)
            state = {"state": COMPLETE if freshness.up_to_date else STALE, "reason": "；".join(freshness.because)}
        else:
            state = {"state": MISSING, "reason": "尚无成稿", "links": {}}
        rows.append({**entry, **state, "stage": _stage(entry)})
    return rows


def _stage(entry: dict[str, Any]) -> str:
    """Which edition a pack is, and how far it has come."""
    number = f"第{entry.get('edition', 1)}版"
    return f"{number}　{day(entry['approval']['issued_on'])}签发" if "approval" in entry else f"{number}　{DRAFT}"


def write_of_editions(root: Path) -> Path:
    """Write the index page of the register."""
    write_whole(root / FILE, page_of_editions(root))
    return root / FILE


def page_of_editions(root: Path) -> str:
    """The index page of the register, the newest edition of a pack first; a folder of it that cannot be read is a DataError."""
    editions = [
        entry | {"links": _links(file, entry, root), "stage": _stage(entry), "reason": ""}
        for file in register_folders.manifests(root, register_folders.refuse)
        for entry in manifest.read(file.parent).values()
    ]
    editions.sort(key=lambda entry: (entry["period"], entry["region"], entry["pack"], -entry.get("edition", 1)))
    last: tuple[str, ...] = ()
    for entry in editions:
        place = (entry["period"], entry["region"], entry["pack"])
        entry["state"], last = REPLACED if place == last else CURRENT, place
    return _page("已签发文档目录", editions, {CURRENT: "●", REPLACED: "○"}, NOTES_OF_EDITIONS)


def _links(file: Path, entry: dict[str, Any], root: Path) -> dict[str, str]:
    """The documents of a pack by their suffix, as a page in `root` leads to them."""
    return {
        Path(name).suffix[1:]: (file.parent / name).relative_to(root).as_posix() for name in entry["outputs"] if "/" not in name
    }


def _packs(out: Path, folders: str) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What the manifests of some folders say of their packs, by period, region and pack, with the links to their documents."""
    return {
        (entry["period"], entry["region"], pack): entry | {"links": _links(file, entry, out)}
        for file in sorted(out.glob(f"{folders}/{MANIFEST}"))
        for pack, entry in manifest.read(file.parent).items()
    }


def _peers(pack: dict[str, Any]) -> tuple[str, bool]:
    """With which packs a pack is compared: those of its period, synthetic ones among themselves."""
    return pack["period"], pack["snapshot"].get("synthetic", False)
