"""The command `briefs` itself, to which its commands are added, each in a group of its help; and what several say and complete."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Annotated, TypeVar

import typer

from city_briefs import __version__
from city_briefs.app.cli.bilingual import Command, Group, both, of_docstring
from city_briefs.app.selection import LEVELS_ZH
from city_briefs.common import paths
from city_briefs.common.errors import BriefError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say, say_on_stderr

GROUPS = PACKS, DATA, NUMBERS, EDITIONS, INSTALLATION = (
    both("Packs", "简报"),
    both("Data", "数据"),
    both("Numbers", "查数"),
    both("Editions and delivery", "版次和分送"),
    both("Installation", "安装"),
)

Added = TypeVar("Added", bound=Callable[..., object])

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode="markdown",  # the other mode takes “[default: all]” for a colour, and leaves it out
    pretty_exceptions_enable=False,
)


def command(panel: str) -> Callable[[Added], Added]:
    r"""Return what makes a function a command, in a panel of the help. Its docstring is its help: English, a line with `\f`, Chinese."""

    def add(function: Added) -> Added:
        return app.command(cls=Command, rich_help_panel=panel, help=of_docstring(function))(function)

    return add


def _version(asked: bool) -> None:
    if asked:
        say(f"briefs {__version__}")
        raise typer.Exit


def briefs(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=both("Print the version.", "显示版本。"))
    ] = False,
) -> None:
    """Briefing packs from a bureau's records, per city and per year.

    \f
    由业务记录编制各市州、各年度的简报。
    """


app.callback(help=of_docstring(briefs))(briefs)


def say_unknown(packs: Iterable[tuple[str, str, str]]) -> None:
    """Say which packs, by id, region and period, are left out since they are made for that region no more."""
    for pack, code, slug in packs:
        say_on_stderr(
            chosen(
                f"{slug} {code}: {pack} is left out, since packs.toml or the regions know it no more.",
                f"{slug} {code}：{pack}未处理，packs.toml或地区表中已没有。",
            )
        )


def unnamed(pack: str, per: str) -> UsageError:
    """Return the error of a pack that is made per city or county, when none is named."""
    return UsageError(
        chosen(f"{pack} is made for each {per}. Name one with --city.", f"{pack}按{LEVELS_ZH[per]}编制。请用--city写明一个。")
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
