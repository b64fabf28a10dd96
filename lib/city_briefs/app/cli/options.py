"""The options and arguments that several commands have."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from city_briefs.app.cli.app import complete_pack
from city_briefs.app.cli.bilingual import both

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help=both(
            "Folder of the snapshot. [default: BRIEFS_DATA, else briefs.toml]",
            "快照所在文件夹。[默认：BRIEFS_DATA，未设则按briefs.toml]",
        ),
    ),
]
Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        help=both(
            "What counts the records: duckdb, postgres or pyspark. [default: briefs.toml]",
            "统计引擎：duckdb、postgres或pyspark。[默认：按briefs.toml]",
        ),
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help=both("Print JSON instead of text.", "输出JSON，不输出文字。"))]
City = Annotated[
    str | None,
    typer.Option(help=both("City by name, short name or code. [default: the province]", "市州的全称、简称或代码。[默认：全省]")),
]
Through = Annotated[int, typer.Option("--through", metavar="MONTH", help=both("Cut-off month, 1 to 12.", "截止月份，1至12。"))]

SPANS, SPANS_ZH = (
    "ytd (January to the month), month, quarter or half",
    "ytd（年初至该月）、month（当月）、quarter（当季）或half（半年）",
)
Span = Annotated[str, typer.Option("--span", help=both(f"{SPANS}.", f"{SPANS_ZH}。"))]
PackSpan = Annotated[
    str | None,
    typer.Option("--span", help=both(f"{SPANS}. [default: that of the pack]", f"{SPANS_ZH}。[默认：该简报的期间]")),
]

Pack = Annotated[str, typer.Argument(metavar="PACK", autocompletion=complete_pack, help=both("Id of a pack.", "简报的编号。"))]
Year = Annotated[int, typer.Option(help=both("Year.", "年份。"))]
LATEST = both("[default: the latest complete year]", "年份。[默认：数据完整的最近一年]")
LatestYear = Annotated[int | None, typer.Option(help=LATEST)]
LastMonth = Annotated[
    int | None,
    typer.Option("--through", metavar="MONTH", help=both("Cut-off month, 1 to 12. [default: 12]", "截止月份，1至12。[默认：12]")),
]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=both("[default: today]", "日期。[默认：今天]"))]
Out = Annotated[
    Path | None, typer.Option(help=both("Where packs go. [default: briefs.toml]", "简报存放的文件夹。[默认：按briefs.toml]"))
]
Made = Annotated[
    Path | None,
    typer.Option("--out", help=both("Where packs lie. [default: briefs.toml]", "简报所在的文件夹。[默认：按briefs.toml]")),
]
