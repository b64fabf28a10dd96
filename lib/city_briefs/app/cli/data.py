"""Commands that make snapshots and what one is made from: ingest, templates, demo."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from city_briefs.app.cli.app import DATA, AsJson, Data, app
from city_briefs.app.selection import opened
from city_briefs.common import clock, paths
from city_briefs.common.errors import DONE, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say, say_as_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from city_briefs.analysis.snapshot import Corrections, Snapshot


@app.command(rich_help_panel=DATA)
def ingest(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE", help="Files, folders, sources.toml or postgresql:// addresses.")
    ],
    into: Annotated[
        Path,
        typer.Option(
            help="Folder of the snapshot; an older one there is replaced, or kept as FOLDER.ID when editions were made from it."
        ),
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Write nothing when a row is rejected.")] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Count months with rejected rows without these; packs say how many are open.")
    ] = False,
    after: Annotated[
        Path | None, typer.Option(help="Snapshot of the edition before; the next says in its appendix what was corrected since.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how each file was read: its heading, columns and units.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read the files that bureaus send, say what is wrong and where, and write what can be trusted as a snapshot.

    A region and month with rejected rows has no figures, and the command ends with 3.
    """
    from city_briefs.analysis.ingest import report_screen
    from city_briefs.analysis.ingest.pipeline import ingest
    from city_briefs.app import issued_snapshots
    from city_briefs.common.errors import DataError

    corrected = _corrections_since(after) if after else None
    with issued_snapshots.kept(into.absolute()):
        made = ingest(sources, into.absolute(), strict=strict, day=clock.today(), accept=accept, corrected=corrected)
    if as_json:
        say_as_json(made.record())
    else:
        report_screen.show(made, explain=explain)
    is_done = made.snapshot and (accept or not made.rejected)
    raise typer.Exit(DONE if is_done else DataError.exit_code)


@app.command(rich_help_panel=DATA)
def templates(into: Annotated[Path, typer.Option(help="Folder of the workbooks.")]) -> None:
    """Write blank workbooks to fill in, one for each table."""
    from city_briefs.analysis.ingest import templates
    from city_briefs.common import regions

    made = templates.write(into.absolute(), regions.read(paths.reference() / "regions.csv"))
    say(chosen(f"{paths.shown(into)}: {len(made)} workbooks.", f"已在{paths.shown(into)}生成{len(made)}个空白表。"))


@app.command(rich_help_panel=DATA)
def demo(
    into: Annotated[Path | None, typer.Option(help="Folder of the snapshot. [default: data/snapshots/demo]")] = None,
    cities: Annotated[int | None, typer.Option(help="Number of cities. [default: those of Gansu]")] = None,
    entities: Annotated[
        int | None, typer.Option(help="Number of market entities, everything else in proportion. [default: two million]")
    ] = None,
    years: Annotated[str | None, typer.Option(metavar="A-B", help="First and last year, such as 2016-2022.")] = None,
) -> None:
    """Make a synthetic province to try everything on; every page made from it says 模拟."""
    from city_briefs import demo
    from city_briefs.app import issued_snapshots

    asked: dict[str, Any] = {"cities": cities, "entities": entities}
    if years is not None:
        first, _, last = years.partition("-")
        if not (first.isdecimal() and last.isdecimal()):
            raise UsageError(f"There are no years '{years}'. Name the first and the last, such as 2016-2022.")
        asked["years"] = (int(first), int(last))
    place = (into or paths.demo()).absolute()
    with issued_snapshots.kept(place):
        made = demo.write(place, **{name: value for name, value in asked.items() if value is not None})
    rows = sum(description.rows for description in made.descriptions.values())
    say(f"{paths.shown(made.path)}: {rows} rows of {len(made.regions.cities)} cities, id {made.id[:12]}. {made.notice}")


@app.command(rich_help_panel=DATA)
def load(data: Data = None) -> None:
    """Copy the records of a snapshot into the PostgreSQL that BRIEFS_POSTGRES names, for the engine postgres."""
    from city_briefs.analysis.snapshot.postgres_load import load

    snapshot = opened(data, "duckdb")
    rows = [count for table, count in load(snapshot)]
    say(f"{paths.shown(snapshot.path)}: {sum(rows)} rows of {len(rows)} tables loaded. The others were there.")


def _corrections_since(older: Path) -> "Callable[[Snapshot], Corrections]":
    """What tells the corrections of a newer snapshot; one that cannot be read is refused before it is asked."""
    from city_briefs.analysis.compute.snapshot_diff import corrections
    from city_briefs.metrics import CATALOGUE

    return partial(corrections, opened(older), metrics=CATALOGUE.values())
