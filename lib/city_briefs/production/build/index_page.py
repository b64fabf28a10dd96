"""The pages on which a person finds a document: the index of the outputs, that of the register of editions, and a list of each pack."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from city_briefs.common import files, kept_answers, paths, theme
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.hashing import verified_bytes
from city_briefs.common.theme import screen_fonts
from city_briefs.production.build import fingerprints, up_to_date
from city_briefs.production.build.outputs import INCOMPLETE
from city_briefs.production.editions import manifest, register_folders, states, witnesses
from city_briefs.production.editions.manifest import MANIFEST
from city_briefs.production.packs import addresses
from city_briefs.production.packs.edition import DRAFT, day
from city_briefs.production.packs.packs_toml import MANUAL

FILE = addresses.INDEX
ARRIVALS = "delivered.json"  # in the outputs: what of the journal of deliveries the index says
LISTS = addresses.pack_list("*")
QUESTION = "index"  # of the hashes of all pages, which are kept with the results
SHAPES = {
    states.FAILED: "■", states.OUTDATED: "▲", states.UNDELIVERED: "□", states.DRAFTED: "○", states.APPROVED: "●",
    states.DELIVERED: "◎", states.NONE: "—", states.CURRENT: "●", states.REPLACED: "○",
}  # fmt: skip
PRESSING = {states.FAILED, states.OUTDATED, states.UNDELIVERED}
HEADING, HEADING_OF_EDITIONS = "市场监管文档目录", "已签发文档目录"
NO_DRAFT = "尚无成稿"
NOTES = (
    "待签发：送审稿，不作为正式文档使用。已送达：所有收件人均已送到。编制未成：最近一次编制没有成功。数据已更正：本期已有更新的数据，须重新编制。",
    "无：本期没有应列的事项，不编文档。黄灯、目标按简报首页计。模拟：依据模拟数据编制。",
)
NOTES_OF_EDITIONS = (
    "现行：最近一次签发的版次。已有新版：此后又签发了新的版次，与上版的变化见新版附录。模拟：依据模拟数据编制。",
)


class BrokenTemplate(Exception):
    """A template of the pages is broken; the words are those of jinja2."""


def write(out: Path) -> Path:
    """Write the index page of everything that lies in `out`, and the lists of packs; what has arrived is noted beside them first."""
    if arrivals := witnesses.arrivals():
        write_whole(out / ARRIVALS, json.dumps(arrivals, indent=1) + "\n")
    listed = _listed(out)
    rests_on = [fingerprints.program(), theme.SANS, json.dumps(listed)]
    if _stand(out, kept_answers.find(paths.results(), QUESTION, rests_on)):
        return out / FILE
    made = _pages(listed)
    kept_answers.keep(paths.results(), QUESTION, rests_on, {name: _hash(page) for name, page in made.items()})
    return _write(out, made)


def _stand(out: Path, made: Mapping[str, str] | None) -> bool:
    """Return whether these pages, by their hashes, and no list of another pack stand in the outputs."""
    if not made or any(file.name not in made for file in out.glob(LISTS)):
        return False
    return all(verified_bytes(out / name, page) is not None for name, page in made.items())


def _hash(page: str) -> str:
    return hashlib.sha256(page.encode()).hexdigest()


def write_of_editions(root: Path) -> Path:
    """Write the index page of the register, and the lists of packs."""
    return _write(root, pages_of_editions(root))


def _write(folder: Path, made: Mapping[str, str]) -> Path:
    """Write pages into a folder, but for those that stand as they are; a list of a pack that is no more is taken away."""
    for name, page in made.items():
        if verified_bytes(folder / name, _hash(page)) is None:
            write_whole(folder / name, page)
    for file in folder.glob(LISTS):
        if file.name not in made and file.is_file() and not file.is_symlink():
            file.unlink()
    return folder / FILE


def pages(out: Path) -> dict[str, str]:
    """The pages of everything that lies in `out`, by their names, newest period first; they know no clock and no run."""
    return _pages(_listed(out))


def _pages(listed: list[dict[str, Any]]) -> dict[str, str]:
    """The pages of these rows."""
    return {FILE: _index(HEADING, listed, NOTES), **_lists(listed)}


def pages_of_editions(root: Path) -> dict[str, str]:
    """The pages of the register, the newest edition of a pack first; a folder of it that cannot be read is a DataError."""
    editions = [
        entry | {"links": _links(file, entry, root), "stage": _stage(entry), "reason": ""}
        for file in register_folders.manifests(root, register_folders.refuse)
        for entry in manifest.read(file.parent).values()
    ]
    editions.sort(key=lambda entry: (entry["period"], entry["region"], entry["pack"], -entry.get("edition", 1)))
    last: tuple[str, ...] = ()
    for entry in editions:
        place = (entry["period"], entry["region"], entry["pack"])
        entry["state"], last = states.REPLACED if place == last else states.CURRENT, place
    current = [entry for entry in editions if entry["state"] == states.CURRENT]
    return {FILE: _index(HEADING_OF_EDITIONS, editions, NOTES_OF_EDITIONS), **_lists(current)}


def _index(heading: str, packs: list[dict[str, Any]], notes: Sequence[str]) -> str:
    """An index page of packs."""
    periods = [_period(list(of_period)) for _, of_period in _grouped(packs, "period")]
    periods.sort(key=lambda period: period["until"], reverse=True)
    shown = [pack for period in periods for region in period["regions"] for pack in region["packs"]]
    return _page(
        "index", heading, periods=periods, number=len(packs), notes=notes,
        states=[states.WORDS[state] for state in SHAPES if any(pack["state"] == state for pack in shown)],
        documents=list({pack["pack"]: pack["document"] for pack in packs if pack["links"]}.items()),
    )  # fmt: skip


def _period(packs: list[dict[str, Any]]) -> dict[str, Any]:
    """What the index says of a period: its regions, each with lights, targets and packs."""
    regions = [_region(list(of_region)) for _, of_region in _grouped(packs, "region")]
    notices = dict.fromkeys(pack["snapshot"].get("notice", "") for pack in packs)
    return {
        "slug": packs[0]["period"], "text": packs[0]["period_text"], "until": packs[0]["until"], "regions": regions, "packs": packs,
        "notices": [notice for notice in notices if notice],
    }  # fmt: skip


def _region(packs: list[dict[str, Any]]) -> dict[str, Any]:
    """What the index says of a region in a period."""
    return {**packs[0], "packs": packs, "lights": _counted(packs, "lights"), "behind": _counted(packs, "behind")}


def _counted(packs: Iterable[Mapping[str, Any]], name: str) -> int | None:
    """How many lights or targets page one of some packs of a region counts; None where none does."""
    return next((pack[name] for pack in packs if isinstance(pack.get(name), int)), None)


def _lists(packs: Sequence[dict[str, Any]]) -> dict[str, str]:
    """A page for each pack, by its name, that lists it by period and by region; the manual has one before any was made."""
    documents = {MANUAL: "指标口径手册"} | {pack["pack"]: pack["document"] for pack in packs}
    made = {}
    for pack_id, document in documents.items():
        standing = [pack | {"address": _address(pack)} for pack in packs if pack["pack"] == pack_id and pack["links"]]
        by_period = [list(group) for _, group in _grouped(standing, "period")]
        by_period.sort(key=lambda group: group[0]["until"], reverse=True)
        newest_first = sorted(standing, key=lambda pack: pack["until"], reverse=True)
        by_region = [list(group) for _, group in _grouped(newest_first, "region")]
        made[addresses.pack_list(pack_id)] = _page("pack-list", document, by_period=by_period, by_region=by_region)
    return made


def _address(pack: Mapping[str, Any]) -> str:
    """The page of a pack; where it was not made, another form of it."""
    return str(pack["links"].get("html") or next(iter(pack["links"].values())))


def _page(template: str, heading: str, **shown: Any) -> str:
    """A page, with the fonts that its words need.

    Raises:
        BrokenTemplate: it cannot be made.
    """
    import jinja2  # a build that changes no page does not wait for it

    words = {
        "heading": heading, "forms": addresses.FORMS, "place": addresses.place, "pack_list": addresses.pack_list,
        "words": states.WORDS, "shapes": SHAPES, "pressing": PRESSING, "nothing": states.NONE, "index": FILE,
        "palette": theme.PALETTE, "sans": screen_fonts.stack(theme.SANS), "font_place": screen_fonts.PLACE,
        "script": theme.script("index"), "allowed": theme.script_source("index"),
    }  # fmt: skip
    try:
        page = theme.templates(theme.FOLDER).get_template(f"{template}.html.j2").render(words | shown)
    except jinja2.TemplateError as error:
        raise BrokenTemplate(str(error)) from error
    return screen_fonts.embedded(page)


def _grouped(packs: Iterable[dict[str, Any]], name: str) -> Iterable[tuple[str, Iterable[dict[str, Any]]]]:
    """Packs by what they have under a name, in the order of that."""
    return groupby(sorted(packs, key=lambda pack: str(pack[name])), key=lambda pack: str(pack[name]))


def _listed(out: Path) -> list[dict[str, Any]]:
    """A row for every pack that stands or was tried, by period, region and pack."""
    stands, failed = _packs(out, "*/*"), _packs(out, f"*/*/{INCOMPLETE}/*")
    newest: dict[tuple[str, bool], str] = {}
    for entry in stands.values():
        newest[_peers(entry)] = max(newest.get(_peers(entry), ""), manifest.ingested(entry))
    arrivals = _arrivals(out)
    rows = []
    for place, entry in sorted((failed | stands).items()):
        if place in stands and entry.get("nothing"):
            row: dict[str, Any] = {"state": states.NONE, "reason": entry["nothing"], "links": {}}
        elif place in stands:
            freshness = up_to_date.of_listed(entry, newest[_peers(entry)], attempted=place in failed)
            arrived = arrivals.get("/".join([*place, str(entry.get("edition", 1))]))
            state = _state(entry, attempted=place in failed, outdated=not freshness.up_to_date, arrived=arrived)
            row = {"state": state, "reason": "；".join(freshness.because)}
        else:
            row = {"state": states.FAILED, "reason": NO_DRAFT, "links": {}}
        rows.append({**entry, **row, "stage": _stage(entry)})
    return rows


def _arrivals(out: Path) -> dict[str, bool]:
    """Whether editions have arrived, by their places, as it was noted; none when there is no note that can be read."""
    try:
        noted = json.loads(files.read_text(out / ARRIVALS))
    except (OSError, ValueError):
        return {}
    return {place: arrived is True for place, arrived in noted.items()} if isinstance(noted, dict) else {}


def _state(entry: Mapping[str, Any], *, attempted: bool, outdated: bool, arrived: bool | None) -> str:
    """The state of a pack that stands; `arrived` is None of an edition that was not sent."""
    if attempted:
        return states.FAILED
    if outdated:
        return states.OUTDATED
    if "approval" not in entry:
        return states.DRAFTED
    return states.APPROVED if arrived is None else states.DELIVERED if arrived else states.UNDELIVERED


def _stage(entry: dict[str, Any]) -> str:
    """Which edition a pack is, and how far it has come."""
    number = f"第{entry.get('edition', 1)}版"
    return f"{number}　{day(entry['approval']['issued_on'])}签发" if "approval" in entry else f"{number}　{DRAFT}"


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
