"""What a line may not part: a number with its unit, a date, a range, the number of a document.

Programs part digits from the Chinese that follows them, since a line may end between any two Chinese characters. WHOLE is also given to
the compiler of PDF, whose expressions look neither ahead nor behind.
"""

import re
from collections.abc import Iterator

JOINER = "\u2060"  # of no width: a line is not parted there
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
NUMBER = r"[≈±≤≥<>▲▼↑↓]?[+−]?\d+(?:[.,/:]\d+)*"
UNIT = rf"%|[A-Za-z]+|个百分点|[百千万亿]*[{HAN}]"
WHOLE = re.compile(
    rf"\d+年(?:\d+(?:—\d+)?月(?:\d+日)?)?|\d+月\d+日|〔\d+〕\d+号|\d+(?:-\d+)+|第?(?:{NUMBER}%?—)?{NUMBER}(?:{UNIT})?"
)
SEAM = re.compile(rf"(?<=[\d%])(?=[—{HAN}])|(?<=[{HAN}—〕-])(?=[\d+−{HAN}])|(?<=\d)(?=-)")


def pieces(words: str) -> Iterator[tuple[str, bool]]:
    """Yield words in pieces, each with whether it is what a line may not part; such a one has joiners at its seams."""
    end = 0
    for whole in WHOLE.finditer(words):
        joined = SEAM.sub(JOINER, whole[0])
        if joined != whole[0]:
            yield words[end : whole.start()], False
            yield joined, True
            end = whole.end()
    yield words[end:], False
