"""Writes the published figures again and says which moved; accepts them when words of a line of CHANGELOG.md are given."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from city_briefs import demo
from city_briefs.analysis import snapshot
from tests import published
from tests.helpers import ROOT

FILES = (published.DEMO, published.REAL)


def main(words: list[str]) -> int:
    """Write, say, accept; how many faults the acceptance has."""
    with TemporaryDirectory() as folder:
        made = demo.write(Path(folder) / "demo", entities=published.DEMO_ENTITIES)
        editions = (published.of_demo(made), published.of_real(snapshot.load(ROOT / "data/real")))
    for file, rows in zip(FILES, editions, strict=True):
        for line in published.moved(published.published(file), rows):
            print(line)
        published.written(rows, file)
    known = [
        *published.accepted(),
        *({"change": word} | {file.name: published.content(file) for file in FILES} for word in words),
    ]
    faults = published.unaccepted(FILES, known, published.changes())
    print("".join(f"{fault}\n" for fault in faults), end="")
    if words and not faults:
        published.accept(words[0], FILES)
    return len(faults)


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:2])))
