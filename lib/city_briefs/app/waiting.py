"""What waits for a person: drafts that nobody has approved, and editions that a correction has overtaken."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from city_briefs.analysis.snapshot import Snapshot
from city_briefs.app import build_packs, outdated
from city_briefs.app.build_packs import Order
from city_briefs.app.outdated import Moved
from city_briefs.common import paths
from city_briefs.common.periods import Period
from city_briefs.production.editions.standing import Standing, Stands
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.formats import FORMATS
from city_briefs.production.packs.plan import PackRequest

Id = tuple[str, str, str]  # pack, code of the region, slug of the period


def drafted(editions: Mapping[Id, Standing], packs: Mapping[Id, Standing]) -> dict[Id, Standing]:
    """Return the drafts that are newer than the newest edition, of the packs that lie in the outputs."""
    return {
        id_: one for id_, one in packs.items() if one.is_draft and (id_ not in editions or editions[id_].edition < one.edition)
    }


def drafts(out: Path) -> dict[Id, Standing]:
    """Return the drafts in a folder of outputs that wait to be approved, by period, region and pack."""
    stands = Stands(paths.register(), out)
    editions = {one.id: one for one in stands.newest_editions() if isinstance(one, Standing)}
    found = drafted(editions, {one.id: one for one in stands.packs() if isinstance(one, Standing)})
    stands.keep()
    return dict(sorted(found.items(), key=lambda item: (item[0][2], item[0][1], item[0][0])))


def overtaken(snapshot: Snapshot, out: Path) -> dict[Id, list[Moved]]:
    """Return the figures that a correction has moved, by the edition that states them: the newest of each pack, region and period."""
    stands = Stands(paths.register(), out)
    found = outdated.moved(snapshot, [one for one in stands.newest_editions() if isinstance(one, Standing)])
    stands.keep()
    return found


def id_of(request: PackRequest) -> Id:
    """Return the id of what a pack is requested for."""
    return request.pack.id, request.region.code, request.period.slug


def order(snapshot: Snapshot, ids: Iterable[Id], into: Path, formats: tuple[str, ...] = FORMATS) -> tuple[Order, list[Id]]:
    """Return the order of these packs, whatever their regions and periods, and those of which packs.toml or the regions know no more."""
    packs = packs_toml.packs()
    requests: list[PackRequest] = []
    unknown: list[Id] = []
    for pack, code, slug in ids:
        region = snapshot.regions.by_code.get(code)
        if pack not in packs or region is None or region.level not in packs[pack].levels:
            unknown.append((pack, code, slug))
        else:
            one = build_packs.order(snapshot, [packs[pack]], [region], [Period.of_slug(slug)], into, formats=formats)
            requests += one.requests
    return Order(snapshot, requests, into), unknown
