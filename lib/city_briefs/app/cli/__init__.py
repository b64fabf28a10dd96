"""The command `briefs`. Errors are sentences on stderr; exit codes are those of `city_briefs.common.errors`.

Everything heavy is imported by the command that needs it, so that --help and a mistyped option answer at once.
"""

import io
import sys

from city_briefs.app.cli import approval, data, delivery, installation, numbers, packs, verification  # noqa: F401  # each adds its commands
from city_briefs.app.cli.app import GROUPS, app
from city_briefs.common.errors import BriefError

__all__ = ["main"]

app.registered_commands.sort(key=lambda command: GROUPS.index(command.rich_help_panel))


def main() -> None:
    """Run the command; a mistake is one sentence and its exit code, a bug keeps its traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an old console without Chinese is no reason to stop
    try:
        app()
    except BriefError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
