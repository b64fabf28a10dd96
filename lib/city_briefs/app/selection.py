"""What a request means: the snapshot, regions, periods, packs and formats that its words name; an unknown one is a UsageError.

Everything heavy is imported where it is needed, since the command line imports this module whenever it starts.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from city_briefs.common import paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import FIRST_YEAR, Period, Span, months_text
from city_briefs.production.packs.formats import FORMATS

if TYPE_CHECKING:
    from city_briefs.analysis.figures.scope import Scope
    from city_briefs.analysis.snapshot import Snapshot
    from city_briefs.common.regions import Region
    from city_briefs.model.metric import Metric
    from city_briefs.production.packs.packs_toml import Pack

CITY_LEVELS = ("city", "county")
LEVELS_ZH = {"province": "省", "city": "市州", "county": "县区"}


def opened(data: Path | None = None, engine: str | None = None) -> "Snapshot":
    """The snapshot in a folder, or that of `briefs.toml`, to be asked by an engine; by that of `briefs.toml` when none is named."""
    from city_briefs.analysis import snapshot

    return snapshot.load((data or paths.data()).absolute(), engine or paths.settings().engine)


def packs_of(words: Iterable[str] = (), span: str | None = None) -> "list[Pack]":
    """The packs of these ids; without ids, all that are made over a span, or all of every span when none is said.

    Raises:
        UsageError: there is no such pack or span, or a pack is made over another span.
    """
    from city_briefs.production.packs import packs_toml

    packs = packs_toml.packs()
    named = [packs_toml.find(packs, word) for word in words]
    if span is None:
        return named or list(packs.values())
    Period(FIRST_YEAR, span=cast(Span, span))  # which says when there is no such span
    for pack in named:
        if pack.span != span:
            raise UsageError(
                chosen(
                    f"{pack.id} is made over the span {pack.span}, not {span}. Leave out --span.",
                    f"{pack.id}的期间是{pack.span}，不是{span}。请去掉--span。",
                )
            )
    if wanted := named or [pack for pack in packs.values() if pack.span == span]:
        return wanted
    raise UsageError(
        chosen(
            f'No pack is made over the span {span}. Set span = "{span}" of one in packs.toml.',
            f'没有一种简报的期间是{span}。请在packs.toml里为某一种写span = "{span}"。',
        )
    )


def period_of(year: int, through: int, span: str) -> Period:
    """The period that a command on numbers asks for.

    Raises:
        UsageError: there is no such period.
    """
    return Period(year, through, cast(Span, span))


def periods_of(snapshot: "Snapshot", packs: "Iterable[Pack]", year: int, through: int) -> list[Period]:
    """The periods that end with a month, one for each span that the packs are made over; the snapshot holds them.

    Raises:
        UsageError: there is no such period, or the snapshot does not hold it.
    """
    spans = dict.fromkeys(pack.span for pack in packs)
    return [held(snapshot, Period(year, through, span), complete=True) for span in spans]


def formats_of(words: Sequence[str]) -> tuple[str, ...]:
    """The formats of these names; all formats when there is none."""
    for word in words:
        if word not in FORMATS:
            raise UsageError(
                chosen(
                    f"There is no format '{word}'. The formats are {', '.join(FORMATS)}.",
                    f"没有“{word}”这种格式，可选{'、'.join(FORMATS)}。",
                )
            )
    return tuple(words) or FORMATS


def region_of(snapshot: "Snapshot", city: str | None) -> "Region":
    """The region of this name; without one, the province. Where there are several, one must be named."""
    if city is None and len(snapshot.regions.provinces) > 1:
        raise UsageError(
            chosen(
                f"{paths.shown(snapshot.path)} has several provinces. Name a region with --city.",
                f"{paths.shown(snapshot.path)}里有几个省。请用--city指定地区。",
            )
        )
    return snapshot.regions.find(city) if city is not None else snapshot.regions.province


def city_of(snapshot: "Snapshot", word: str, packs: "Iterable[Pack]" = ()) -> "Region":
    """The region of this name, if it gets packs of its own, or one of `packs` is made for the cities and for it too."""
    region = snapshot.regions.find(word)
    made_for = {level for pack in packs if pack.per in CITY_LEVELS for level in pack.levels}
    if region.level not in {*CITY_LEVELS, *made_for}:
        raise UsageError(
            chosen(
                f"{region.name} ({region.code}) gets no city pack. Packs per city or county are made for regions of these levels.",
                f"{region.name}（{region.code}）没有市州简报。按市州或县区编制的简报只给这两级地区。",
            )
        )
    return region


def held(snapshot: "Snapshot", period: Period, *, complete: bool = False) -> Period:
    """The period, if the snapshot holds its year; to build on it, it must hold it up to the cut-off month."""
    held = snapshot.held(period.year)
    if not held:
        nearest = min(snapshot.years, key=lambda year: abs(year - period.year), default=None)
        hint, hint_zh = (f" The nearest year it holds is {nearest}.", f"最近的有{nearest}年。") if nearest else ("", "")
        raise UsageError(
            chosen(
                f"{paths.shown(snapshot.path)} does not hold the year {period.year}.{hint}",
                f"{paths.shown(snapshot.path)}没有{period.year}年的数据。{hint_zh}",
            )
        )
    if complete and held[-1] < period.months[-1]:
        raise UsageError(
            chosen(
                f"{paths.shown(snapshot.path)} holds {months_text(held)}, not the whole of {period.text}. "
                f"Add --through {int(held[-1][5:])}.",
                f"{paths.shown(snapshot.path)}有{months_text(held)}的数据，{period.text}不全。请加--through {int(held[-1][5:])}。",
            )
        )
    return period


def latest(snapshot: "Snapshot") -> int:
    """The year that is meant when none is said; a snapshot without a complete one is a UsageError."""
    if snapshot.latest_complete_year is None:
        raise UsageError(
            chosen(
                f"{paths.shown(snapshot.path)} holds no complete year. Name one with --year and --through.",
                f"{paths.shown(snapshot.path)}没有一个完整的年份。请用--year和--through指定。",
            )
        )
    return snapshot.latest_complete_year


def regions_for(snapshot: "Snapshot", pack: "Pack", words: Iterable[str]) -> "list[Region]":
    """The regions of these names, if the pack is made for each of them."""
    regions = [snapshot.regions.find(word) for word in words]
    for region in regions:
        if region.level not in pack.levels:
            raise UsageError(
                chosen(
                    f"{pack.id} is made for each {' and '.join(pack.levels)}, and {region.name} ({region.code}) is a {region.level}.",
                    f"{pack.id}按{'、'.join(map(LEVELS_ZH.__getitem__, pack.levels))}编制，{region.name}（{region.code}）"
                    f"是{LEVELS_ZH[region.level]}。",
                )
            )
    return regions


def scope_of(metrics: "Iterable[Metric]", period: Period, city: str | None, data: Path | None, engine: str | None) -> "Scope":
    """Return the scope that a command on numbers asks for: a city, or the province, over a period that the snapshot holds.

    Raises:
        UsageError: there is no such snapshot or city, or the year is not held.
    """
    from city_briefs.analysis.compute.cube_store import Cache
    from city_briefs.analysis.compute.results import Results
    from city_briefs.analysis.figures.scope import Scope

    snapshot = opened(data, engine)
    return Scope.of(Results(snapshot, metrics, Cache(paths.results())), region_of(snapshot, city), held(snapshot, period))
