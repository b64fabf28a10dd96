"""The command `briefs` itself, to which its commands are added, each in one of these groups of its help."""

from typing import Annotated

import typer

from city_briefs import __version__

GROUPS = PACKS, DATA, NUMBERS, EDITIONS, INSTALLATION = "Packs", "Data", "Numbers", "Editions and delivery", "Installation"

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",  # the other mode takes “[default: all]” for a colour, and leaves it out
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        print(f"briefs {__version__}")
        raise typer.Exit


@app.callback()
def briefs(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Briefing packs from a bureau's records, per city and per year."""
