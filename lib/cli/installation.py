"""The command that looks at what is installed: doctor."""

from typing import TYPE_CHECKING

import typer

from lib import paths
from lib.cli.app import app
from lib.cli.options import Data
from lib.errors import DONE, NONE_MADE

if TYPE_CHECKING:
    pass


@app.command()
def doctor(data: Data = None) -> None:
    """See what is installed and what is missing, with the remedy."""
    from lib.doctor import checks

    found = checks(data or paths.data())
    for check in found:
        print(f"{'ok     ' if check.remedy is None else 'missing'}  {check.what}{f' {check.remedy}' if check.remedy else ''}")
    raise typer.Exit(DONE if all(check.remedy is None for check in found) else NONE_MADE)
