"""Commands that make snapshots and what one is made from: ingest, templates, demo."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from city_briefs.app.cli.app import DATA, command
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import AsJson, Data
from city_briefs.app.selection import opened
from city_briefs.common import clock, paths
from city_briefs.common.errors import DONE, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say, say_as_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from city_briefs.analysis.snapshot import Corrections, Snapshot


@command(DATA)
def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help=both(
                "Files, folders, sources.toml or postgresql:// addresses.", "文件、文件夹、sources.toml或postgresql://地址。"
            ),
        ),
    ],
    into: Annotated[
        Path,
        typer.Option(
            help=both(
                "Folder of the snapshot; an older one there is replaced, or kept as FOLDER.ID when editions were made from it.",
                "快照写入的文件夹。原有快照会被替换；已有版次据以编制的，保留为“文件夹.编号”。",
            )
        ),
    ],
    strict: Annotated[
        bool, typer.Option("--strict", help=both("Write nothing when a row is rejected.", "有一行未采用，就什么也不写入。"))
    ] = False,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help=both(
                "Count months with rejected rows without these; packs say how many are open.",
                "有未采用行的月份照常统计，不计这些行；简报注明待核行数。",
            ),
        ),
    ] = False,
    after: Annotated[
        Path | None,
        typer.Option(
            help=both(
                "Snapshot of the edition before; the next says in its appendix what was corrected since.",
                "上一版所用的快照；下一版在附录中说明此后更正了什么。",
            )
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help=both("Show how each file was read: its heading, columns and units.", "显示每个文件怎样读取：表头、栏目和单位。"),
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read the files that bureaus send, say what is wrong and where, and write what can be trusted as a snapshot.

    A region and month with rejected rows has no figures, and the command ends with 3.

    \f
    读取报送的文件，指出错在哪里、错在什么，把可信的数据写成快照。

    有未采用行的地区和月份不出数，退出码为3。
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


@command(DATA)
def templates(into: Annotated[Path, typer.Option(help=both("Folder of the workbooks.", "空白表写入的文件夹。"))]) -> None:
    """Write blank workbooks to fill in, one for each table.

    \f
    生成空白表供填报，每种数据表一个。
    """
    from city_briefs.analysis.ingest import templates
    from city_briefs.common import regions

    made = templates.write(into.absolute(), regions.read(paths.reference() / "regions.csv"))
    say(chosen(f"{paths.shown(into)}: {len(made)} workbooks.", f"已在{paths.shown(into)}生成{len(made)}个空白表。"))


@command(DATA)
def demo(
    into: Annotated[
        Path | None,
        typer.Option(
            help=both("Folder of the snapshot. [default: data/snapshots/demo]", "快照写入的文件夹。[默认：data/snapshots/demo]")
        ),
    ] = None,
    cities: Annotated[
        int | None, typer.Option(help=both("Number of cities. [default: those of Gansu]", "市州个数。[默认：与甘肃相同]"))
    ] = None,
    entities: Annotated[
        int | None,
        typer.Option(
            help=both(
                "Number of market entities, everything else in proportion. [default: two million]",
                "市场主体户数，其余按比例。[默认：二百万户]",
            )
        ),
    ] = None,
    years: Annotated[
        str | None, typer.Option(metavar="A-B", help=both("First and last year, such as 2016-2022.", "起止年份，如2016-2022。"))
    ] = None,
) -> None:
    """Make a synthetic province to try everything on; every page made from it says 模拟.

    \f
    造一个模拟省，供试用全部功能；由它编制的每一页都印“模拟”。
    """
    from city_briefs import demo
    from city_briefs.app import issued_snapshots

    asked: dict[str, Any] = {"cities": cities, "entities": entities}
    if years is not None:
        first, _, last = years.partition("-")
        if not (first.isdecimal() and last.isdecimal()):
            raise UsageError(
                chosen(
                    f"There are no years '{years}'. Name the first and the last, such as 2016-2022.",
                    f"“{years}”不是起止年份。请写起止两年，如2016-2022。",
                )
            )
        asked["years"] = (int(first), int(last))
    place = (into or paths.demo()).absolute()
    with issued_snapshots.kept(place):
        made = demo.write(place, **{name: value for name, value in asked.items() if value is not None})
    rows = sum(description.rows for description in made.descriptions.values())
    say(
        chosen(
            f"{paths.shown(made.path)}: {rows} rows of {len(made.regions.cities)} cities, id {made.id[:12]}. {made.notice}",
            f"{paths.shown(made.path)}：{len(made.regions.cities)}个市州，{rows}行，编号{made.id[:12]}。{made.notice}",
        )
    )


@command(DATA)
def load(data: Data = None) -> None:
    """Copy the records of a snapshot into the PostgreSQL that BRIEFS_POSTGRES names, for the engine postgres.

    \f
    把快照的记录装入BRIEFS_POSTGRES所指的PostgreSQL，供postgres引擎使用。
    """
    from city_briefs.analysis.snapshot.postgres_load import load

    snapshot = opened(data, "duckdb")
    rows = [count for table, count in load(snapshot)]
    say(
        chosen(
            f"{paths.shown(snapshot.path)}: {sum(rows)} rows of {len(rows)} tables loaded. The others were there.",
            f"{paths.shown(snapshot.path)}：装入{len(rows)}张表，共{sum(rows)}行。其余各表库中已有。",
        )
    )


def _corrections_since(older: Path) -> "Callable[[Snapshot], Corrections]":
    """What tells the corrections of a newer snapshot; one that cannot be read is refused before it is asked."""
    from city_briefs.analysis.compute.snapshot_diff import corrections
    from city_briefs.metrics import CATALOGUE

    return partial(corrections, opened(older), metrics=CATALOGUE.values())
