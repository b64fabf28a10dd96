"""Commands that answer with numbers and their definitions: value, figures, signals, explain, compare, metrics."""

from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from city_briefs.app.cli.app import NUMBERS, AsJson, City, Data, Engine, Span, Through, app, complete_metric, complete_pack
from city_briefs.app.selection import city_of, opened, packs_of, period_of, periods_of, scope_of
from city_briefs.common import paths
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import YTD
from city_briefs.common.terminal import say, say_as_json

if TYPE_CHECKING:
    from city_briefs.analysis.figures.scope import Scope
    from city_briefs.model.metric import Metric

MONTH = "month"  # after --by: no column, but the months of the year


@app.command(rich_help_panel=NUMBERS)
def value(
    metric: Annotated[
        str,
        typer.Argument(
            metavar="METRIC", autocompletion=complete_metric, help="Id or Chinese name of a metric; `briefs metrics` lists them."
        ),
    ],
    year: Annotated[int, typer.Option(help="Year.")],
    city: City = None,
    through: Through = 12,
    span: Span = YTD,
    view: Annotated[
        str,
        typer.Option(
            help="value, yoy, rank …; an unknown one is answered with the list. With --by also contribution, what each part adds to "
            "the growth, and structure and level, to the change of a rate."
        ),
    ] = "value",
    area: Annotated[str, typer.Option(help="Of a benchmark: 全国, 广东 …")] = "",
    by: Annotated[
        str,
        typer.Option(
            metavar="COLUMN",
            help="Broken down by a column, such as kind, or by month; for contribution, structure and level also by region.",
        ),
    ] = "",
    data: Data = None,
    engine: Engine = None,
    as_json: AsJson = False,
) -> None:
    """One number, or the reason why it may not be given; broken down, one for each part or month."""
    from city_briefs.analysis.figures import disclosure_control
    from city_briefs.analysis.figures.part_views import PART_VIEWS, look_at_parts
    from city_briefs.analysis.figures.parts import BY_REGION
    from city_briefs.analysis.figures.views import look
    from city_briefs.metrics import CATALOGUE

    wanted = CATALOGUE.find(metric)
    scope = scope_of([wanted], period_of(year, through, span), city, data, engine)
    snapshot, region, period = scope.snapshot, scope.region, scope.period
    if by == MONTH:
        _by_month(scope, wanted, view, area, as_json)
        return
    if view in PART_VIEWS:
        figures = look_at_parts(scope, wanted, view, by, area)
    else:
        figures = disclosure_control.parts(scope, wanted, view, by, area) if by else [look(scope, wanted, view, area=area)]
    if as_json:
        records = [{**figure.record(), "snapshot": snapshot.id} for figure in figures]
        say_as_json(
            [{"part": figure.part[1]} | record for figure, record in zip(figures, records, strict=True)] if by else records[0]
        )
        return
    for figure in figures:
        word = figure.part[1]
        part = snapshot.regions.by_code[word].name if by == BY_REGION and word else word
        name = f"{wanted.label}{f'·{part}' if part else ''}{f'·{area}' if area else ''}"
        say(f"{region.name} {period.text} {name}（{view}）：{figure.refused or figure.text}")
    sources = "；".join(snapshot.source(table) for table in scope.results.sources(wanted))
    say(f"from {scope.results.provenance(wanted) or 'nothing'}{f'：{sources}' if sources else ''}")
    notes = [figure.note for figure in figures if figure.note]
    notes += [
        caveat.text
        for caveat in snapshot.caveats
        if figures and figures[0].value is not None and caveat.concerns(wanted.id, view)
    ]
    for note in dict.fromkeys(notes):
        say(f"note：{note}")


def _by_month(scope: "Scope", metric: "Metric", view: str, area: str, as_json: bool) -> None:
    """Print the months of a metric with last year's, the usual range and the signals, and since when it has changed."""
    from city_briefs.analysis.assessments import monthly_course, monthly_values

    if view != "value" or area:
        raise UsageError(f"By month there is the value alone, no view '{view}' and no area. Take --view and --area away.")
    course = monthly_values.course(scope, metric)
    if as_json:
        say_as_json([{**record, "snapshot": scope.snapshot.id} for record in course.records()])
        return
    say(f"{scope.region.name} {scope.period.text} {metric.label}：{course.text}")
    for line in monthly_course.lines(course):
        say(line)


@app.command(rich_help_panel=NUMBERS)
def figures(
    year: Annotated[int, typer.Option(help="Year.")],
    city: City = None,
    through: Through = 12,
    span: Span = YTD,
    data: Data = None,
    engine: Engine = None,
    as_json: AsJson = False,
) -> None:
    """The figures of the yearly work report in the order of the speech, each with its text or the reason why it has none."""
    from city_briefs.analysis.assessments import speech_figures

    scope = scope_of(speech_figures.metrics(), period_of(year, through, span), city, data, engine)
    snapshot, region = scope.snapshot, scope.region
    lines = speech_figures.sheet(scope)
    if as_json:
        say_as_json([line.record() for line in lines])
        return
    say(f"{region.name} {scope.period.text}")
    for section, of_section in groupby(lines, key=lambda line: line.entry.section):
        say(f"\n{section}")
        for line in of_section:
            entry, note = line.entry, line.given.note if line.given else ""
            whose = line.region.name if line.region != region else ""
            label = f"{whose}{entry.metric.label}{f'·{entry.area}' if entry.area else ''}（{entry.view}）"
            say(f"{entry.figure:>5}  {label}：{line.refused or line.text}{f'（{note}）' if note else ''}")
    say()
    given = sum(line.refused is None for line in lines)
    say(f"{given} of {len(lines)} figures given{f'; {snapshot.notice}' if snapshot.notice else ''}.")


@app.command(rich_help_panel=NUMBERS)
def signals(
    year: Annotated[int, typer.Option(help="Year.")],
    city: City = None,
    through: Through = 12,
    span: Span = YTD,
    data: Data = None,
    engine: Engine = None,
    as_json: AsJson = False,
) -> None:
    """What should be looked at first: lights, missed targets, what got worse and lies below beyond chance; then what goes well."""
    from city_briefs.analysis.assessments import signals as assessed
    from city_briefs.metrics import CATALOGUE

    scope = scope_of(CATALOGUE.values(), period_of(year, through, span), city, data, engine)
    listed = assessed.signals(scope)
    if as_json:
        say_as_json([signal.record() for signal in listed])
        return
    say(f"{scope.region.name} {scope.period.text}" if listed else assessed.without_signals(scope))
    for kind, of_kind in groupby(listed, key=lambda signal: signal.kind):
        say(f"\n{assessed.KINDS[kind]}")
        for signal in of_kind:
            say(f"  {signal.text}{f'；{signal.takes}' if signal.takes else ''}（{signal.owner or signal.metric.owner}）")
    if scope.snapshot.notice:
        say(f"\n{scope.snapshot.notice}")


@app.command(rich_help_panel=NUMBERS)
def explain(
    pack: Annotated[str, typer.Argument(metavar="PACK", autocompletion=complete_pack, help="Id of a pack.")],
    figure: Annotated[str, typer.Option(help="Figure or table as the document names it, such as 图3 or 表2.")],
    year: Annotated[int, typer.Option(help="Year.")],
    city: Annotated[
        str | None, typer.Option(help="City or county by name, short name or code, for a pack made per city.")
    ] = None,
    through: Through = 12,
    data: Data = None,
    out: Annotated[Path | None, typer.Option(help="Where packs are. [default: briefs.toml]")] = None,
    as_json: AsJson = False,
) -> None:
    """What is behind a figure of a pack that was made: its numbers, the cell that shows it, definitions, queries and first records."""
    from city_briefs.analysis.explain import lines
    from city_briefs.app import build_packs, figure_origin
    from city_briefs.notebook.shown import Shown

    [wanted] = packs_of([pack])
    snapshot = opened(data)
    if city is None and wanted.per != "province":
        raise UsageError(f"{pack} is made for each {wanted.per}. Name one with --city.")
    cities = [city_of(snapshot, city)] if city is not None else []
    periods = periods_of(snapshot, [wanted], year, through)
    [request, *_] = build_packs.order(snapshot, [wanted], cities, periods, (out or paths.outputs()).absolute()).requests
    origin = figure_origin.find(request, figure)
    of_metrics = {metric: figure_origin.sections(request, snapshot, metric) for metric in origin.metrics}
    note = figure_origin.note(origin, snapshot)
    if as_json:
        say_as_json(
            {
                "figure": origin.name, "caption": origin.caption, "notebook": origin.notebook, "cell": origin.cell, "code": origin.code,
                "figures": origin.figures, "snapshot": snapshot.id, "note": note,
                "metrics": {metric: [asdict(section) for section in behind] for metric, behind in of_metrics.items()},
            }
        )  # fmt: skip
        return
    say(f"{origin.caption}\n{origin.at}")
    if note:
        say(note)
    for row in Shown([origin.block]).rows(snapshot.regions):
        words = filter(None, (row["region"], row["period"], row["label"], row["part"], row["area"], f"（{row['view']}）"))
        say(f"  {' '.join(words)}：{row['refused'] or row['text']}")
    say(f"\n{request.region.name} {request.period.text}：")
    for behind in of_metrics.values():
        for section in behind:
            say("\n".join(lines(section)))


@app.command(rich_help_panel=NUMBERS)
def compare(
    old: Annotated[Path, typer.Argument(help="Folder of a snapshot, or of packs.")],
    new: Annotated[Path, typer.Argument(help="Folder of the one after it.")],
    as_json: AsJson = False,
) -> None:
    """What moved between two snapshots, because of which tables; of two folders of packs, which figures and words differ."""
    from city_briefs.production.review import compare as comparing

    if comparing.holds_packs(old) or comparing.holds_packs(new):
        comparison = comparing.compare(old, new)
        say_as_json(comparison.record()) if as_json else say("\n".join(comparing.lines(comparison)))
        return
    from city_briefs.analysis.compute import snapshot_diff
    from city_briefs.metrics import CATALOGUE

    before, after = opened(old), opened(new)
    moved = snapshot_diff.movements(before, after, CATALOGUE.values())
    if as_json:
        say_as_json([movement.record() for movement in moved])
        return
    for line in snapshot_diff.lines(moved, before, after):
        say(line)


@app.command(rich_help_panel=NUMBERS)
def metrics(
    word: Annotated[
        str | None,
        typer.Argument(
            metavar="WORD", help="Only those that have it in their name, id or definition, such as 合作社. [default: all]"
        ),
    ] = None,
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page docs/metrics.md instead.")] = False,
) -> None:
    """The catalogue of metrics with their definitions."""
    from city_briefs.analysis import catalogue_page
    from city_briefs.metrics import CATALOGUE
    from city_briefs.model.metric import breakdowns, needed

    if markdown and word:
        raise UsageError("--markdown prints the page of all metrics. Leave out WORD.")
    wanted = CATALOGUE.search(word) if word else list(CATALOGUE.values())
    if not wanted:
        raise UsageError(f"No metric has '{word}' in its name or definition. `briefs metrics` lists them all.")
    names = ("id", "form", "label", "label_en", "unit", "decimals", "better", "owner", "definition", "hash")
    if as_json:
        say_as_json(
            [
                {name: getattr(metric, name) for name in names}
                | {"by": breakdowns(metric), "tables": [table.name for leaf in needed([metric]) for table in leaf.tables]}
                for metric in wanted
            ]
        )
        return
    if markdown:
        say(catalogue_page.markdown(), end="")
        return
    for metric in wanted:
        say(f"{metric.id}\n  {metric.label} · {metric.label_en} · {metric.unit} · {metric.form}")
        say("".join(f"  {line}\n" for line in metric.definition.splitlines() if line))
