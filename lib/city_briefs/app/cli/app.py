"""The command `briefs` itself, to which its commands are added."""

import typer

app = typer.Typer(
    help="Briefing packs from a bureau's records, per city and per year.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
