"""Where the lines of a printed document part what belongs together: a number, a number and its unit, a date, a range."""

import ctypes
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from city_briefs.common import theme

NUMBER = r"(?<![A-Za-z_\d])[+−-]?\d[\d.,/]*(?<![.,/])%?"
WHOLE = re.compile(  # what stands on one line
    rf"\d+年(?:\d+(?:—\d+)?月(?:\d+日)?)?|\d+月\d+日|\d+(?:-\d+)+|〔\d+〕\d+号"
    rf"|第?{NUMBER}(?:—{NUMBER})?(?:个百分点|(?<!%)[百千万亿]*[一-鿿])?"
)
UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]")
PHRASE = re.compile("[^、，。；：]+")
MARGINS = 96, 742  # pt above the lower edge, between which the text of a page stands
SAME_LINE = 4  # pt, by which letters of a line may stand higher or lower


@dataclass(frozen=True)
class Letter:
    """A letter on paper: its page, and how high it stands, in pt."""

    sign: str
    page: int
    height: float

    def is_beside(self, other: "Letter") -> bool:
        """Whether both stand on one line."""
        return self.page == other.page and abs(self.height - other.height) < SAME_LINE


def printed_by_libreoffice(files: Sequence[Path], folder: Path) -> None:
    """Print Word documents and workbooks as PDF into a folder, with the fonts that come with the package."""
    fonts = "".join(f"<dir>{each}</dir>" for each in sorted({file.parent for file in theme.FONT_FILES.values()}))
    (folder / "fonts.conf").write_text(f"<fontconfig>{fonts}<cachedir>{folder}/cache</cachedir></fontconfig>", "utf-8")
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    surroundings = os.environ | {"HOME": str(folder), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    done = subprocess.run([*command, "--outdir", folder, *files], capture_output=True, check=False, env=surroundings)
    missing = [file.name for file in files if not (folder / f"{file.stem}.pdf").exists()]
    assert not missing, (missing, done.stderr)


def parted(file: Path, paragraphs: Iterable[str]) -> tuple[list[str], list[str]]:
    """What lines of a PDF part in these paragraphs, each with the line's end as ⏎; and what of the paragraphs was not found there.

    A paragraph is looked for after the one before it; where not all of its signs can be read, each of its phrases is.
    """
    letters = list(_letters(file))
    text = "".join(letter.sign for letter in letters)
    place, broken, lost = 0, [], []
    for words in (UNSEEN.sub("", paragraph) for paragraph in paragraphs):
        first = max(text.find(words, place), text.find(words) if text.find(words, place) < 0 else -1)
        if first >= 0:
            place = first
        for phrase in [words] if first >= 0 else PHRASE.findall(words):
            found = text.find(phrase, place)
            if found < 0:
                lost.append(phrase)
                continue
            place = found + len(phrase)
            broken += [
                shown
                for whole in WHOLE.finditer(phrase)
                if "⏎" in (shown := _shown(letters[found + whole.start() : found + whole.end()]))
            ]
    return broken, lost


def _shown(letters: Sequence[Letter]) -> str:
    """Letters as text, with ⏎ where a line ends."""
    ends = ["" if one.is_beside(other) else "⏎" for one, other in pairwise(letters)]
    return "".join(letter.sign + end for letter, end in zip(letters, [*ends, ""], strict=True))


def _letters(file: Path) -> Iterator[Letter]:
    """The letters of a PDF in the order in which they are drawn, without heads and feet, spaces and what has no shape."""
    for number, page in enumerate(pypdfium2.PdfDocument(file)):
        words = page.get_textpage()
        for place in range(words.count_chars()):
            sign = chr(raw.FPDFText_GetUnicode(words, place))
            if raw.FPDFText_IsGenerated(words, place) == 1 or UNSEEN.match(sign):
                continue
            across, up = ctypes.c_double(), ctypes.c_double()
            raw.FPDFText_GetCharOrigin(words, place, across, up)
            if MARGINS[0] <= up.value <= MARGINS[1]:
                yield Letter(sign, number, up.value)
