"""The command that writes charts and tables of packs as files for slides: export."""

from pathlib import Path
from typing import Annotated

import typer

from city_briefs.app.cli.app import PACKS, command, complete_pack
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import Data, Made, PackSpan, Through, Year
from city_briefs.app.selection import city_of, opened, packs_of, periods_of
from city_briefs.common import paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say


@command(PACKS)
def export(
    packs: Annotated[
        list[str],
        typer.Argument(
            metavar="PACK", autocompletion=complete_pack, help=both("Ids of packs that were made.", "已编制的简报的编号。")
        ),
    ],
    year: Year,
    figures: Annotated[
        bool,
        typer.Option(
            "--figures",
            help=both(
                "Charts as SVG and PNG (300 dpi), tables as CSV, named by number and title.",
                "图为SVG和PNG（300 dpi），表为CSV，按编号和题名命名。",
            ),
        ),
    ] = False,
    city: Annotated[
        list[str] | None,
        typer.Option(
            help=both(
                "City or county by name, short name or code. [default: all for which the packs are made]",
                "市州或县区的全称、简称或代码。[默认：编制该简报的全部地区]",
            )
        ),
    ] = None,
    through: Through = 12,
    span: PackSpan = None,
    edition: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="NUMBER",
            help=both("An edition that was issued. [default: what stands in --out]", "已签发的版次。[默认：--out里的那一份]"),
        ),
    ] = None,
    data: Data = None,
    out: Made = None,
    into: Annotated[
        Path,
        typer.Option(
            help=both(
                "Where the files go, in a folder for each period, region and pack. [default: figures]",
                "文件存放的文件夹，按期间、地区和简报分开。[默认：figures]",
            ),
            show_default=False,
        ),
    ] = Path("figures"),
) -> None:
    """Write the charts and tables of packs that were made as files, for slides; no number is counted anew.

    \f
    把已编制简报的图和表存成文件，供演示文稿使用；不重新计数。
    """
    from city_briefs.app import build_packs, figure_export

    if not figures:
        raise UsageError(
            chosen("Say what is to be exported: add --figures for charts and tables.", "请写明导出什么：图和表请加--figures。")
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
