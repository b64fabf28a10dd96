"""What several commands share: their options, and how JSON is printed."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

Data = Annotated[Path | None, typer.Option("--data", help="Folder of the snapshot. [default: BRIEFS_DATA, else briefs.toml]")]
Engine = Annotated[
    str | None, typer.Option("--engine", help="What counts the records: duckdb, postgres or pyspark. [default: briefs.toml]")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
City = Annotated[str | None, typer.Option(help="City by name, short name or code. [default: the province]")]
Through = Annotated[int, typer.Option("--through", metavar="MONTH", help="Cut-off month, 1 to 12.")]


def print_json(said: Any) -> None:
    """Print what a command says with --json."""
    print(json.dumps(said, ensure_ascii=False, indent=2))
