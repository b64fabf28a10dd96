"""The command that writes charts and tables of packs as files for slides: export."""

from pathlib import Path
from typing import Annotated

import typer

from city_briefs.app.cli.app import PACKS, Data, PackSpan, Through, app, complete_pack
from city_briefs.app.selection import city_of, opened, packs_of, periods_of
from city_briefs.common import paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say


@app.command(rich_help_panel=PACKS)
def export(
    packs: Annotated[
        list[str], typer.Argument(metavar="PACK", autocompletion=complete_pack, help="Ids of packs that were made.")
    ],
    year: Annotated[int, typer.Option(help="Year.")],
    figures: Annotated[
        bool, typer.Option("--figures", help="Charts as SVG and PNG (300 dpi), tables as CSV, named by number and title.")
    ] = False,
    city: Annotated[
        list[str] | None,
        typer.Option(help="City or county by name, short name or code. [default: all for which the packs are made]"),
    ] = None,
    through: Through = 12,
    span: PackSpan = None,
    edition: Annotated[
        int | None, typer.Option(min=1, metavar="NUMBER", help="An edition that was issued. [default: what stands in --out]")
    ] = None,
    data: Data = None,
    out: Annotated[Path | None, typer.Option(help="Where packs are. [default: briefs.toml]")] = None,
    into: Annotated[Path, typer.Option(help="Where the files go, in a folder for each period, region and pack.")] = Path(
        "figures"
    ),
) -> None:
    """Write the charts and tables of packs that were made as files, for slides; no number is counted anew."""
    from city_briefs.app import build_packs, figure_export

    if not figures:
        raise UsageError(
            chosen(
                "Say what is to be exported: add --figures for charts and tables.",
                "请写明导出什么：图和表请加--figures。",
            )
        )
    wanted = packs_of(packs, span)
    snapshot = opened(data)
    cities = [city_of(snapshot, word, wanted) for word in city or ()]
    periods = periods_of(snapshot, wanted, year, through)
    order = build_packs.order(snapshot, wanted, cities, periods, (out or paths.outputs()).absolute())
    for request in order.requests:
        folder, many = figure_export.export(request, into.absolute(), edition)
        say(
            chosen(
                f"{request.pack.id} of {request.name}: {many} files in {paths.shown(folder)}",
                f"{request.name}的{request.pack.title}：{many}个文件，在{paths.shown(folder)}",
            )
        )
