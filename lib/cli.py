"""The command `briefs`. Errors are sentences on stderr; exit codes are those of `lib.errors`."""

import io
import json
import os
import sys
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lib import paths
from lib.errors import DONE, NONE_MADE, SOME_NOT_MADE, BriefError, UsageError
from lib.periods import Period, months_text

if TYPE_CHECKING:
    from lib.regions import Region
    from lib.snapshot import Snapshot

# Everything heavy is imported by the command that needs it, so that --help and a mistyped option answer at once.

app = typer.Typer(
    help="Briefing packs from a bureau's records, per city and per year.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

FORMATS = ("html", "pdf", "xlsx", "docx")

Data = Annotated[Path | None, typer.Option("--data", help="Folder of the snapshot. [default: BRIEFS_DATA, else briefs.toml]")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
City = Annotated[str | None, typer.Option(help="City by name, short name or code. [default: the province]")]
Through = Annotated[int, typer.Option("--through", metavar="MONTH", help="Cut-off month, 1 to 12.")]


@app.command()
def build(
    packs: Annotated[list[str] | None, typer.Argument(metavar="[PACK]...", help="Packs to make. [default: all]")] = None,
    city: Annotated[list[str] | None, typer.Option(help="City by name, short name or code. [default: all]")] = None,
    year: Annotated[list[int] | None, typer.Option(help="[default: the latest complete year]")] = None,
    through: Through = 12,
    data: Data = None,
    out: Annotated[Path | None, typer.Option(help="Where packs go. [default: briefs.toml]")] = None,
    formats: Annotated[list[str] | None, typer.Option("--format", help=f"{' or '.join(FORMATS)}. [default: all]")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes at once. [default: one per core]")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make again what already stands.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make packs: run their chapters, export them, and write the index page."""
    from lib import brief, run
    from lib.plan import plan
    from lib.summary import report, summary

    known = brief.packs()
    wanted = [brief.find(known, word) for word in packs or known]
    if unknown := [word for word in formats or () if word not in FORMATS]:
        raise UsageError(f"There is no format '{unknown[0]}'. The formats are {', '.join(FORMATS)}.")
    snapshot = _snapshot(data)
    cities = [_city(snapshot, word) for word in city or ()]
    periods = [_held(snapshot, Period(one, through), whole=True) for one in year or [_latest(snapshot)]]
    for pack in wanted:
        brief.check_chapters(pack)
    into = (out or paths.outputs()).absolute()
    tasks = plan(wanted, snapshot.regions, cities, periods, data=snapshot.path, out=into, formats=tuple(formats or FORMATS))
    if not tasks:
        raise UsageError(f"Nothing to make: {', '.join(pack.id for pack in wanted)} is not made for cities. Leave out --city.")
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{paths.shown(into)} cannot be written to: {error.strerror}. Name another folder with --out.") from None
    outcomes = run.outcomes(tasks, into, jobs or os.cpu_count() or 1, fresh=fresh)
    done = summary(outcomes)
    if as_json:
        _print(done)
    else:
        report(done, [outcome.task.name for outcome in outcomes], into / "index.html")
    raise typer.Exit(DONE if not done["failed"] else SOME_NOT_MADE if done["built"] + done["kept"] else NONE_MADE)


@app.command()
def check(
    notebooks: Annotated[list[str] | None, typer.Argument(metavar="[NOTEBOOK]...", help="Chapters. [default: all]")] = None,
    city: Annotated[str | None, typer.Option(help="City whose packs are made. [default: the first]")] = None,
    year: Annotated[int | None, typer.Option(help="[default: the latest complete year]")] = None,
    through: Through = 12,
    data: Data = None,
) -> None:
    """See that chapters and remarks keep the rules (else it ends with 2), then make the packs of one city (else with 4)."""
    from lib import check

    names = check.chapters(notebooks or ())
    snapshot = _snapshot(data)
    region = _city(snapshot, city) if city else snapshot.regions.cities[0]
    period = _held(snapshot, Period(year or _latest(snapshot), through), whole=True)
    found = check.findings(names, snapshot.regions)
    print("".join(f"{finding}\n" for finding in found), end="", file=sys.stderr)
    if found:
        raise UsageError(f"Breaches of the rules: {len(found)} (see above). No pack was made.")
    made = check.end_to_end(names, snapshot, region, period, FORMATS, os.cpu_count() or 1)
    regions = " and ".join(dict.fromkeys(task.region.name for task in made))
    print(f"The rules are kept. Chapters: {len(names)}; remarks: {len(check.notes())}; packs made of {regions}: {len(made)}.")


@app.command()
def value(
    metric: Annotated[str, typer.Argument(help="Id of a metric; `briefs metrics` lists them.")],
    year: Annotated[int, typer.Option(help="Year.")],
    city: City = None,
    through: Through = 12,
    view: Annotated[str, typer.Option(help="value, yoy, rank …; an unknown one is answered with the list.")] = "value",
    area: Annotated[str, typer.Option(help="Of a benchmark: 全国, 广东 …")] = "",
    by: Annotated[str, typer.Option(metavar="COLUMN", help="Broken down by a column, such as kind.")] = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """One number, or the reason why it may not be given; broken down, one for each part."""
    from lib.metrics import CATALOGUE
    from lib.results import Results
    from lib.views import look

    found = CATALOGUE.find(metric)
    snapshot = _snapshot(data)
    region = _region(snapshot, city)
    period = _held(snapshot, Period(year, through))
    results = Results(snapshot, [found])
    parts = results.parts(found, by) if by else [""]
    figures = [look(results, found, view, region, period, area=area, part=(by, part)) for part in parts]
    if as_json:
        records = [figure.record(snapshot.id) for figure in figures]
        _print([{"part": part} | record for part, record in zip(parts, records, strict=True)] if by else records[0])
        return
    for part, figure in zip(parts, figures, strict=True):
        name = f"{found.label}{f'·{part}' if part else ''}{f'·{area}' if area else ''}"
        print(f"{region.name} {period.text} {name}（{view}）：{figure.refused or figure.text}")
    sources = "；".join(snapshot.source(table) for table in results.sources(found))
    print(f"from {results.provenance(found) or 'nothing'}{f'：{sources}' if sources else ''}")
    notes = [figure.note for figure in figures if figure.note]
    notes += [
        caveat.text for caveat in snapshot.caveats if figures and figures[0].value is not None and caveat.concerns(found.id, view)
    ]
    for note in dict.fromkeys(notes):
        print(f"note：{note}")


@app.command()
def figures(
    year: Annotated[int, typer.Option(help="Year.")],
    city: City = None,
    through: Through = 12,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """The figures of the yearly work report in the order of the speech, each with its text or the reason why it has none."""
    from lib import work_report
    from lib.results import Results

    snapshot = _snapshot(data)
    region = _region(snapshot, city)
    period = _held(snapshot, Period(year, through))
    lines = work_report.sheet(Results(snapshot, work_report.metrics()), region, period)
    if as_json:
        _print([line.record() for line in lines])
        return
    print(f"{region.name} {period.text}")
    for section, those in groupby(lines, key=lambda line: line.entry.section):
        print(f"\n{section}")
        for line in those:
            entry, note = line.entry, line.given.note if line.given else ""
            label = f"{entry.metric.label}{f'·{entry.area}' if entry.area else ''}（{entry.view}）"
            print(f"{entry.figure:>5}  {label}：{line.refused or line.text}{f'（{note}）' if note else ''}")
    print()
    given = sum(line.refused is None for line in lines)
    print(f"{given} of {len(lines)} figures given{f'; {snapshot.notice}' if snapshot.notice else ''}.")


@app.command()
def ingest(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Files, folders, sources.toml or postgresql:// addresses.")
    ],
    into: Annotated[Path, typer.Option(help="Folder of the snapshot; an older one there is replaced.")],
    strict: Annotated[bool, typer.Option("--strict", help="Write nothing when a row is rejected.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read the files that bureaus send, say what is wrong and where, and write what can be trusted as a snapshot."""
    from lib.errors import DataError
    from lib.ingest import report
    from lib.ingest.ingestion import ingest

    made = ingest(sources, into.absolute(), strict=strict, day=date.today())
    if as_json:
        _print(made.record())
    else:
        report.shown(made)
    raise typer.Exit(DONE if made.snapshot else DataError.exit_code)


@app.command()
def templates(into: Annotated[Path, typer.Option(help="Folder of the workbooks.")]) -> None:
    """Write blank workbooks to fill in, one for each table."""
    from lib import regions
    from lib.ingest import templates

    made = templates.write(into.absolute(), regions.read(paths.REFERENCE / "regions.csv"))
    print(f"{paths.shown(into)}: {len(made)} workbooks.")


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(help="Folder of a snapshot.")],
    new: Annotated[Path, typer.Argument(help="Folder of the one after it.")],
    as_json: AsJson = False,
) -> None:
    """What moved between two snapshots: which metrics of which regions and months, by how much, because of which tables."""
    from lib import movements
    from lib.metrics import CATALOGUE

    before, after = _snapshot(old), _snapshot(new)
    moved = movements.movements(before, after, CATALOGUE.values())
    if as_json:
        _print([movement.record() for movement in moved])
        return
    for line in movements.lines(moved, before, after):
        print(line)


@app.command()
def demo(
    into: Annotated[Path | None, typer.Option(help="Folder of the snapshot. [default: data/snapshots/demo]")] = None,
    cities: Annotated[int | None, typer.Option(help="Number of cities. [default: those of Gansu]")] = None,
    entities: Annotated[
        int | None, typer.Option(help="Number of market entities, everything else in proportion. [default: two million]")
    ] = None,
    years: Annotated[str | None, typer.Option(metavar="A-B", help="First and last year, such as 2016-2022.")] = None,
) -> None:
    """Make a synthetic province to try everything on; every page made from it says 模拟."""
    from lib import demo

    asked: dict[str, Any] = {"cities": cities, "entities": entities}
    if years is not None:
        first, _, last = years.partition("-")
        if not (first.isdecimal() and last.isdecimal()):
            raise UsageError(f"There are no years '{years}'. Name the first and the last, such as 2016-2022.")
        asked["years"] = (int(first), int(last))
    made = demo.write((into or paths.DEMO).absolute(), **{name: said for name, said in asked.items() if said is not None})
    rows = sum(description.rows for description in made.descriptions.values())
    print(f"{paths.shown(made.path)}: {rows} rows of {len(made.regions.cities)} cities, id {made.id[:12]}. {made.notice}")


@app.command()
def metrics(as_json: AsJson = False) -> None:
    """The catalogue of metrics with their definitions."""
    from lib.metric import breakdowns, needed
    from lib.metrics import CATALOGUE

    names = ("id", "form", "label", "label_en", "unit", "decimals", "better", "owner", "definition", "hash")
    if as_json:
        _print(
            [
                {name: getattr(metric, name) for name in names}
                | {"by": breakdowns(metric), "tables": [table.name for one in needed([metric]) for table in one.tables]}
                for metric in CATALOGUE.values()
            ]
        )
        return
    for metric in CATALOGUE.values():
        print(f"{metric.id}\n  {metric.label} · {metric.label_en} · {metric.unit} · {metric.form}")
        print("".join(f"  {line}\n" for line in metric.definition.splitlines() if line))


@app.command()
def doctor(data: Data = None) -> None:
    """See what is installed and what is missing, with the remedy."""
    from lib.doctor import checks

    found = checks(data or paths.data())
    for check in found:
        print(f"{'ok     ' if check.remedy is None else 'missing'}  {check.what}{f' {check.remedy}' if check.remedy else ''}")
    raise typer.Exit(DONE if all(check.remedy is None for check in found) else NONE_MADE)


def _snapshot(data: Path | None) -> "Snapshot":
    from lib import snapshot

    return snapshot.load((data or paths.data()).absolute())


def _region(snapshot: "Snapshot", city: str | None) -> "Region":
    return snapshot.regions.find(city) if city is not None else snapshot.regions.province


def _city(snapshot: "Snapshot", word: str) -> "Region":
    """The region of this name, if it gets packs of its own."""
    region = snapshot.regions.find(word)
    if region.level != "city":
        raise UsageError(f"{region.name} ({region.code}) gets no city pack. Packs per city are made for regions of level city.")
    return region


def _held(snapshot: "Snapshot", period: Period, *, whole: bool = False) -> Period:
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


def _latest(snapshot: "Snapshot") -> int:
    if snapshot.latest_complete_year is None:
        raise UsageError(f"{paths.shown(snapshot.path)} holds no complete year. Name one with --year and --through.")
    return snapshot.latest_complete_year


def _print(said: Any) -> None:
    print(json.dumps(said, ensure_ascii=False, indent=2))


def main() -> None:
    """Run the command; a mistake is one sentence and its exit code, a bug keeps its traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an old console without Chinese is no reason to stop
    try:
        app()
    except BriefError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
