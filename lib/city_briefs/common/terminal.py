"""What is said on a terminal: words of data, files and servers among ours, and none of them a command to the terminal.

Whatever a command prints goes through here, but for what rich draws (`production.build.progress`, `analysis.ingest.report_screen`).
"""

import json
import re
import sys
from typing import Any, TextIO

from city_briefs.common.characters import REFUSED, visible

_REFUSED = re.compile(f"[{REFUSED}]")


def say(text: object = "", *, end: str = "\n", file: TextIO | None = None) -> None:
    """Print a text on stdout, or on another stream; a character that no text may have stands as its code, such as [U+001B]."""
    print(visible(str(text)), end=end, file=file or sys.stdout, flush=True)


def say_on_stderr(text: object, *, end: str = "\n") -> None:
    """Print a text on stderr, as `say` does."""
    say(text, end=end, file=sys.stderr)


def say_as_json(content: Any, *, on_a_line: bool = False) -> None:
    r"""Print what a command says with --json: its words as they are, with such characters as JSON escapes them (`\u2028`)."""
    print(_REFUSED.sub(_escaped, json.dumps(content, ensure_ascii=False, indent=None if on_a_line else 2)), flush=True)


def _escaped(match: "re.Match[str]") -> str:
    """Return the escape of a character, of two halves when it has more than four digits."""
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))
