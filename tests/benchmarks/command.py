"""The command as a user runs it: briefs of all cities anew, all packs with nothing changed, one city's record changed, one number."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from city_briefs.analysis import snapshot
from city_briefs.analysis.snapshot.snapshot_json import file_name
from city_briefs.analysis.snapshot.storage import stored
from city_briefs.model.tables import IP_PLEDGES, REGIONS, TABLES
from city_briefs.production.engine import kernel_server
from city_briefs.production.packs.plan import CHAPTERS
from tests.benchmarks.memory import Peak
from tests.benchmarks.work import FORMATS, PACK, YEAR, Work, program
from tests.helpers.project import Project

UNCHANGED_RUNS = 3
SHORT_RUNS = 3
METRIC = "entity_stock"
STARTS = 5
CHAPTER, HEADING, WORDS = "safety", "topic", ("安全", "安全监管", "安全底线", "安全生产")
TWICE = 2  # times the amount that the changed record had


@dataclass(frozen=True)
class Built:
    """One command: its seconds, from the start of the interpreter to its end, its peak of memory, and what it and its files say."""

    seconds: float
    mib: float
    said: dict[str, Any]
    failures: list[str]


def start() -> float:
    """Seconds of all that the command imports before any of its commands begins; the median of several."""
    seconds = []
    for _ in range(STARTS):
        line = [sys.executable, "-P", "-X", "importtime", "-c", "import city_briefs.app.cli"]
        said = subprocess.run(line, capture_output=True, text=True, check=True).stderr
        own = [row.removeprefix("import time:").split("|")[0].strip() for row in said.splitlines()]
        seconds.append(sum(int(time) for time in own if time.isdecimal()) / 1e6)
    return statistics.median(seconds)


def built(work: Work, out: Path, *options: str, variables: Mapping[str, str] | None = None) -> Built:
    """Build the documents of all cities into `out`; with an environment of its own, where `variables` are given."""
    named = [word for city in work.cities for word in ("--city", city.code)]
    made = _ran(work, out, PACK, *named, *options, variables=variables)
    return replace(
        made, failures=[*(f"There is no {file}." for file in documents(work, out) if not file.is_file()), *made.failures]
    )


def every_pack(work: Work, out: Path) -> Built:
    """Build all packs of the year into `out`: of the cities, and of the province when they are all of its cities."""
    whole = len(work.cities) == len(snapshot.load(work.data).regions.cities)
    return _ran(work, out, *(word for city in work.cities for word in ("--city", city.code) if not whole))


def _ran(work: Work, out: Path, *words: str, variables: Mapping[str, str] | None = None) -> Built:
    """One `briefs build` of the year."""
    formats = [word for suffix in FORMATS for word in ("--format", suffix)]
    where = ["--year", str(YEAR), "--data", str(work.data), "--out", str(out), "--jobs", str(work.jobs)]
    command = [program("briefs"), "build", *words, *formats, *where, "--json"]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables)
    with Peak(process.pid) as peak:
        said, complaint = process.communicate()
    seconds = time.perf_counter() - begun
    failed = f"briefs build ended with {process.returncode}: {complaint.strip().splitlines()[-1:]}."
    return Built(seconds, peak.mib, json.loads(said or "{}"), [failed] if process.returncode else [])


def documents(work: Work, out: Path) -> Iterator[Path]:
    """Where the documents of all cities lie."""
    for city in work.cities:
        yield from (out / str(YEAR) / city.code / f"{PACK}.{suffix}" for suffix in FORMATS)


def unchanged(work: Work, out: Path) -> tuple[float, int, list[str]]:
    """Seconds when all packs of the year stand already, how many they are, and what failed; the median of several."""
    first = every_pack(work, out)
    runs = [every_pack(work, out) for _ in range(UNCHANGED_RUNS)]
    packs = len(first.said.get("packs", ()))
    failures = [said for run in (first, *runs) for said in run.failures]
    failures += [said for run in runs for said in not_kept(run.said, packs)]
    return statistics.median(run.seconds for run in runs), packs, failures


def not_kept(said: Mapping[str, Any], packs: int) -> list[str]:
    """What is wrong when a build says that it kept other than so many packs: the manual, which is made along, is one of them."""
    return [] if said.get("kept") == packs else [f"{said.get('kept')} of {packs} packs were kept."]


def cold(work: Work, folder: Path) -> tuple[float, list[str]]:
    """Seconds for the brief of one city into an empty folder, by the results that stand, and what failed; the median of several."""
    one = Work(work.data, work.cities[:1], work.jobs)
    runs = [built(one, folder / f"cold-{number}") for number in range(SHORT_RUNS)]
    return statistics.median(run.seconds for run in runs), [said for run in runs for said in run.failures]


def warm(work: Work, folder: Path) -> tuple[float, list[str]]:
    """The same where a kernel server is there, one of this benchmark's own; each run is of another city, as that of an analyst is."""
    variables = {name: value for name, value in os.environ.items() if name != kernel_server.VARIABLE} | {"TMPDIR": str(folder)}
    serve = [program("briefs"), "serve-kernels"]
    subprocess.run(serve, env=variables, capture_output=True, check=True)
    try:
        ones = [Work(work.data, [city], work.jobs) for city in (*work.cities, *work.cities[:1] * SHORT_RUNS)[:SHORT_RUNS]]
        runs = [built(one, folder / f"warm-{number}", variables=variables) for number, one in enumerate(ones)]
    finally:
        subprocess.run([*serve, "--stop"], env=variables, capture_output=True, check=True)
    return statistics.median(run.seconds for run in runs), [said for run in runs for said in run.failures]


def checked(work: Work, folder: Path) -> tuple[float, float, list[str]]:
    """Seconds of `briefs check` of a chapter of which a sentence was changed, by a kernel server and without, and what failed; medians.

    The chapter is one of a copy of the project, whose packs of the first city were checked before.
    """
    project = Project(folder)
    project.take_packs()
    seconds, failures = {}, []
    for server in ("on", kernel_server.OFF):
        variables = {kernel_server.VARIABLE: server, "TMPDIR": str(folder)}
        runs = []
        for word in WORDS:
            project.edit(CHAPTER, HEADING, f"# {word}")
            begun = time.perf_counter()
            done = project.command("check", CHAPTER, "--year", str(YEAR), "--data", str(work.data), **variables)
            runs.append(time.perf_counter() - begun)
            failures += [f"briefs check ended with {done.returncode}: {done.stderr.strip()}"] if done.returncode else []
        seconds[server] = statistics.median(runs[1:])  # the first makes all that the others need not make
        project.command("serve-kernels", "--stop", **variables)
    return seconds["on"], seconds[kernel_server.OFF], failures


def value(work: Work) -> float:
    """Seconds for one number, as `briefs value` gives it; the median of several."""
    seconds = []
    for _ in range(SHORT_RUNS):
        line = [program("briefs"), "value", METRIC, "--city", work.cities[0].code, "--year", str(YEAR), "--data", str(work.data)]
        begun = time.perf_counter()
        subprocess.run(line, capture_output=True, check=True)
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


def one_city(work: Work, out: Path, folder: Path) -> tuple[Built, int]:
    """The same when one record of the first city was corrected, and how many chapters were run for it."""
    changed = Work(_corrected(work, folder / "corrected"), work.cities, work.jobs)
    begun = time.time_ns()
    made = built(changed, out)
    return made, sum(file.stat().st_mtime_ns >= begun for file in out.glob(f"{CHAPTERS}/*/*/*.ipynb"))


def _corrected(work: Work, into: Path) -> Path:
    """A snapshot like that of the work, but for the amount of one pledge of the first city in the year."""
    opened = snapshot.load(work.data)
    held = {TABLES[name]: work.data / file_name(TABLES[name]) for name in opened.descriptions if name != REGIONS.name}
    pledges = stored(held[IP_PLEDGES], IP_PLEDGES).to_pylist()
    record = next(row for row in pledges if row["region"] == work.cities[0].code and row["pledged_on"].year == YEAR)
    record["amount_yuan"] *= TWICE
    said = opened.descriptions[IP_PLEDGES.name]
    snapshot.write(
        into, {**held, IP_PLEDGES: pa.Table.from_pylist(pledges, schema=IP_PLEDGES.schema)},
        regions_file=work.data / file_name(REGIONS), source=said.source, ingested_at=said.ingested_at,
        synthetic=opened.synthetic, caveats=opened.caveats, checked_findings=opened.findings,
    )  # fmt: skip
    return into
