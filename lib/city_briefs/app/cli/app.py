"""The command `briefs` itself, to which its commands are added, each in one of the groups of its help; and what several commands share."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from city_briefs import __version__
from city_briefs.common import paths
from city_briefs.common.errors import BriefError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say, say_on_stderr

GROUPS = PACKS, DATA, NUMBERS, EDITIONS, INSTALLATION = "Packs", "Data", "Numbers", "Editions and delivery", "Installation"

Data = Annotated[Path | None, typer.Option("--data", help="Folder of the snapshot. [default: BRIEFS_DATA, else briefs.toml]")]
Engine = Annotated[
    str | None, typer.Option("--engine", help="What counts the records: duckdb, postgres or pyspark. [default: briefs.toml]")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
City = Annotated[str | None, typer.Option(help="City by name, short name or code. [default: the province]")]
Through = Annotated[int, typer.Option("--through", metavar="MONTH", help="Cut-off month, 1 to 12.")]

SPANS = "ytd (January to the month), month, quarter or half"
Span = Annotated[str, typer.Option("--span", help=f"{SPANS}.")]
PackSpan = Annotated[str | None, typer.Option("--span", help=f"{SPANS}. [default: that of the pack]")]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",  # the other mode takes “[default: all]” for a colour, and leaves it out
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        say(f"briefs {__version__}")
        raise typer.Exit


@app.callback()
def briefs(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Briefing packs from a bureau's records, per city and per year."""


def say_unknown(packs: Iterable[tuple[str, str, str]]) -> None:
    """Say which packs, by id, region and period, are left out since they are made for that region no more."""
    for pack, code, slug in packs:
        say_on_stderr(
            chosen(
                f"{slug} {code}: {pack} is left out, since packs.toml or the regions know it no more.",
                f"{slug} {code}：{pack}未处理，packs.toml或地区表中已没有。",
            )
        )


def complete_pack(incomplete: str) -> Iterable[tuple[str, str]]:
    """The packs whose id begins so, each with its title."""
    from city_briefs.production.packs import packs_toml

    with suppress(BriefError):  # a faulty packs.toml is said by the command, not while somebody types
        yield from ((pack.id, pack.title) for pack in packs_toml.packs().values() if pack.id.startswith(incomplete))


def complete_metric(incomplete: str) -> Iterable[tuple[str, str]]:
    """The metrics whose id or Chinese name begins so, each as it was begun, with its other name."""
    from city_briefs.metrics import CATALOGUE

    for metric in CATALOGUE.values():
        if metric.id.startswith(incomplete):
            yield metric.id, metric.label
        elif metric.label.startswith(incomplete):
            yield metric.label, metric.id


def complete_chapter(incomplete: str) -> Iterable[str]:
    """The chapters whose name begins so."""
    return sorted(notebook.stem for notebook in paths.notebooks().glob(f"{incomplete}*.ipynb"))
