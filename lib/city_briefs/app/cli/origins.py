"""Commands on what stands behind numbers: explain, metrics."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from city_briefs.app.cli.app import NUMBERS, command, unnamed
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import AsJson, Data, Pack, Through, Year
from city_briefs.app.selection import city_of, opened, packs_of, periods_of
from city_briefs.common import paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say, say_as_json


@command(NUMBERS)
def explain(
    pack: Pack,
    figure: Annotated[
        str,
        typer.Option(
            help=both("Figure or table as the document names it, such as 图3 or 表2.", "文中的图号或表号，如图3、表2。")
        ),
    ],
    year: Year,
    city: Annotated[
        str | None,
        typer.Option(
            help=both(
                "City or county by name, short name or code, for a pack made per city.",
                "市州或县区的全称、简称或代码，用于按市州编制的简报。",
            )
        ),
    ] = None,
    through: Through = 12,
    data: Data = None,
    out: Annotated[
        Path | None, typer.Option(help=both("Where packs are. [default: briefs.toml]", "简报所在的文件夹。[默认：按briefs.toml]"))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What is behind a figure of a pack that was made: its numbers, the cell that shows it, definitions, queries and first records.

    \f
    已编制简报中一个图表的出处：数值、所在单元格、口径、查询和前几条记录。
    """
    from city_briefs.analysis.explain import lines
    from city_briefs.app import build_packs, figure_origin
    from city_briefs.notebook.shown import Shown

    [wanted] = packs_of([pack])
    snapshot = opened(data)
    if city is None and wanted.per != "province":
        raise unnamed(pack, wanted.per)
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


@command(NUMBERS)
def metrics(
    word: Annotated[
        str | None,
        typer.Argument(
            metavar="WORD",
            help=both(
                "Only those that have it in their name, id or definition, such as 合作社. [default: all]",
                "只列名称、编号或口径中含有此词的，如合作社。[默认：全部]",
            ),
        ),
    ] = None,
    as_json: AsJson = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help=both("Print the page docs/metrics.md instead.", "改为输出docs/metrics.md的全文。"))
    ] = False,
) -> None:
    """The catalogue of metrics with their definitions.

    \f
    指标目录和口径。
    """
    from city_briefs.analysis import catalogue_page
    from city_briefs.metrics import CATALOGUE
    from city_briefs.model.metric import breakdowns, needed

    if markdown and word:
        raise UsageError(
            chosen("--markdown prints the page of all metrics. Leave out WORD.", "--markdown输出全部指标。请去掉WORD。")
        )
    wanted = CATALOGUE.search(word) if word else list(CATALOGUE.values())
    if not wanted:
        raise UsageError(
            chosen(
                f"No metric has '{word}' in its name or definition. `briefs metrics` lists them all.",
                f"没有名称或口径中含有“{word}”的指标。`briefs metrics`列出全部指标。",
            )
        )
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
