"""Chinese in the help of the command: rich breaks lines at spaces alone, which Chinese has none of. Importing it takes rich."""

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown

OPENING, CLOSING = r"“‘（《<\[", r"，。；：、？！”’）》>\]…"
PIECE = re.compile(rf"\s+|[{OPENING}]*(?:`[^`]*`|[!-;=?-Z\\^-~]+|.)[{CLOSING}]*")  # what stays on one line
MARKS = tuple("#>+-*=")  # which mean something else at the beginning of a line


def lines(text: str, width: int) -> Iterator[str]:
    """Yield the lines of a paragraph of Markdown. No word, number or piece of code is parted; closing punctuation begins no line."""
    line = ""
    for piece in PIECE.findall(text):
        if line and cell_len(f"{line}{piece}".replace("`", "").rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    yield line.rstrip()


class ChineseMarkdown(Markdown):
    """Markdown whose paragraphs are broken into lines as Chinese is."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what is printed in this width."""
        paragraphs = [
            "  \n".join(
                f"\\{line}" if line.startswith(MARKS) else line for line in lines(text.replace("\n", ""), options.max_width)
            )
            for text in self.markup.split("\n\n")
        ]
        yield from Markdown("\n\n".join(paragraphs), style=self.style).__rich_console__(console, options.update(overflow="fold"))


MARKDOWN = {False: Markdown, True: ChineseMarkdown}  # by whether messages are in Chinese
