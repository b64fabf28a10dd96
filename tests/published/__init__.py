"""The figures of one edition of the demo province and of the real counts, as they were published: a back-test of every definition.

A figure that is another now is either a fault or a change of a definition. A change is accepted with the line of CHANGELOG.md that
tells it to the reader of the numbers, and no line tells two:

    python -m tests.published                     # the files again; says what moved
    python -m tests.published "words of the line" # and accepts what moved with that line
"""

import csv
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import compared, look
from city_briefs.analysis.snapshot import Snapshot
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric
from tests.helpers import ROOT

FOLDER = Path(__file__).parent
ACCEPTED = FOLDER / "accepted.toml"
CHANGELOG = ROOT / "CHANGELOG.md"
COLUMNS = ("metric", "view", "region", "numerator", "denominator", "text")
DEMO, REAL = FOLDER / "demo-2021.csv", FOLDER / "real-2011.csv"
DEMO_ENTITIES = 20_000  # a hundredth of the demo
DEMO_REGIONS = ("甘肃省", "兰州市", "金昌市")
REMEDY = (
    "If a definition was meant to change, say so in CHANGELOG.md for the reader of the numbers and accept it: "
    'python -m tests.published "words of that line".'
)
Row = dict[str, str]


def of_demo(snapshot: Snapshot) -> list[Row]:
    """The figures of the demo's edition of 2021."""
    return _figures(snapshot, [snapshot.regions.find(name) for name in DEMO_REGIONS], Period(2021))


def of_real(snapshot: Snapshot) -> list[Row]:
    """The figures of the real counts of 2011, of all regions."""
    return _figures(snapshot, snapshot.regions.all, Period(2011))


def _figures(snapshot: Snapshot, regions: Sequence[Region], period: Period) -> list[Row]:
    """Value and growth of every metric that the snapshot has anything of, by metric, view and region."""
    results = Results(snapshot, CATALOGUE.values())
    return [
        _row(results, metric, view, region, period)
        for _, metric in sorted(CATALOGUE.items())
        if results.provenance(metric)
        for view in (["parameter"] if metric.form == "cited" else ["value", compared(metric)])
        for region in regions
    ]


def _row(results: Results, metric: Metric, view: str, region: Region, period: Period) -> Row:
    figure = look(Scope.of(results, region, period), metric, view)
    halves = ["" if half is None else f"{half.normalize():f}" for half in (figure.numerator, figure.denominator)]
    return dict(zip(COLUMNS, [metric.id, view, region.name, *halves, figure.refused or figure.text], strict=True))


def written(rows: Sequence[Row], file: Path) -> None:
    """Write the figures of an edition."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def published(file: Path) -> list[Row]:
    """The figures of an edition as they were published; none when there is no file."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def moved(before: Sequence[Row], now: Sequence[Row]) -> Iterator[str]:
    """Which figures are other ones than before, each as a line."""
    old, new = ({(row["metric"], row["view"], row["region"]): _said(row) for row in rows} for rows in (before, now))
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            metric, view, region = key
            yield f"{metric} ({view}) of {region}: {old.get(key, 'not published')} → {new.get(key, 'no longer there')}"


def _said(row: Row) -> str:
    """A figure with what it rests on."""
    halves = "/".join(half for half in (row["numerator"], row["denominator"]) if half)
    return f"{row['text']} [{halves}]" if halves else row["text"]


def changes() -> list[str]:
    """The lines of the change log, each without its breaks."""
    return [" ".join(line.split()) for line in re.findall(r"^- (.*(?:\n  .*)*)", CHANGELOG.read_text("utf-8"), re.MULTILINE)]


def accepted() -> list[Mapping[str, str]]:
    """What was accepted, in its order: the words of a line of the change log, and the hash of each file that changed with it."""
    said: list[Mapping[str, str]] = tomllib.loads(ACCEPTED.read_text("utf-8"))["accepted"] if ACCEPTED.exists() else []
    return said


def content(file: Path) -> str:
    """The hash of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def unaccepted(files: Sequence[Path], known: Sequence[Mapping[str, str]], lines: Sequence[str]) -> list[str]:
    """What is wrong with the acceptance of these files, as sentences."""
    told = [[line for line in lines if " ".join(one["change"].split()) in line] for one in known]
    found = [
        f"accepted.toml: '{one['change']}' is in {len(those)} lines of CHANGELOG.md. It quotes words of just one."
        for one, those in zip(known, told, strict=True)
        if len(those) != 1
    ]
    first = [those[0] for those in told if len(those) == 1]
    twice = [line for place, line in enumerate(first) if line in first[:place]]
    found += [
        f"accepted.toml: the line '{line}' of CHANGELOG.md accepts twice. Each change has a line of its own." for line in twice
    ]
    for file in files:
        hashes = [one[file.name] for one in known if file.name in one]
        if not hashes or hashes[-1] != content(file):
            found.append(f"tests/published/{file.name} is not as it was accepted. {REMEDY}")
    return found


def accept(quoted: str, files: Sequence[Path]) -> None:
    """Add to what was accepted these files as they are, with words of a line of the change log."""
    known = accepted()
    last = {name: value for one in known for name, value in one.items() if name != "change"}
    hashes = {file.name: content(file) for file in files if last.get(file.name) != content(file)}
    lines = [f"change = {json.dumps(quoted, ensure_ascii=False)}", *(f'"{name}" = "{value}"' for name, value in hashes.items())]
    with ACCEPTED.open("a", encoding="utf-8") as stream:
        stream.write("\n[[accepted]]\n" + "".join(f"{line}\n" for line in lines))
