"""What several commands share: options, and the snapshot, regions and periods that their words mean."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from city_briefs.common import paths
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import Period, months_text

if TYPE_CHECKING:
    from city_briefs.analysis.snapshot import Snapshot
    from city_briefs.common.regions import Region

FORMATS = ("html", "pdf", "xlsx", "docx")

Data = Annotated[Path | None, typer.Option("--data", help="Folder of the snapshot. [default: BRIEFS_DATA, else briefs.toml]")]
Engine = Annotated[
    str | None, typer.Option("--engine", help="What counts the records: duckdb, postgres or pyspark. [default: briefs.toml]")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
City = Annotated[str | None, typer.Option(help="City by name, short name or code. [default: the province]")]
Through = Annotated[int, typer.Option("--through", metavar="MONTH", help="Cut-off month, 1 to 12.")]


def opened(data: Path | None, engine: str | None = None) -> "Snapshot":
    """The snapshot that a command reads, to be asked by an engine; by that of `briefs.toml` when none is named."""
    from city_briefs.analysis import snapshot

    return snapshot.load((data or paths.data()).absolute(), engine or paths.settings()["engine"])


def region_of(snapshot: "Snapshot", city: str | None) -> "Region":
    """The region of this name; without one, the province. Where there are several, one must be named."""
    if city is None and len(snapshot.regions.provinces) > 1:
        raise UsageError(f"{paths.shown(snapshot.path)} has several provinces. Name a region with --city.")
    return snapshot.regions.find(city) if city is not None else snapshot.regions.province


def city_of(snapshot: "Snapshot", word: str) -> "Region":
    """The region of this name, if it gets packs of its own."""
    region = snapshot.regions.find(word)
    if region.level not in ("city", "county"):
        raise UsageError(
            f"{region.name} ({region.code}) gets no city pack. Packs per city or county are made for regions of these levels."
        )
    return region


def held(snapshot: "Snapshot", period: Period, *, whole: bool = False) -> Period:
    """The period, if the snapshot holds its year; to build on it, it must hold it up to the cut-off month."""
    held = snapshot.held(period.year)
    if not held:
        nearest = min(snapshot.years, key=lambda year: abs(year - period.year), default=None)
        hint = f" The nearest year it holds is {nearest}." if nearest else ""
        raise UsageError(f"{paths.shown(snapshot.path)} does not hold the year {period.year}.{hint}")
    if whole and held[-1] < period.months[-1]:
        raise UsageError(
            f"{paths.shown(snapshot.path)} holds {months_text(held)}, not the whole of {period.text}. "
            f"Add --through {int(held[-1][5:])}."
        )
    return period


def latest(snapshot: "Snapshot") -> int:
    """The year that is meant when none is said; a snapshot without a complete one is a UsageError."""
    if snapshot.latest_complete_year is None:
        raise UsageError(f"{paths.shown(snapshot.path)} holds no complete year. Name one with --year and --through.")
    return snapshot.latest_complete_year


def print_json(said: Any) -> None:
    """Print what a command says with --json."""
    print(json.dumps(said, ensure_ascii=False, indent=2))
