"""How quickly documents are made, beside how they are made without this project and beside what is possible at all.

    python -m tests.benchmarks.build [--stage NAME]… [--rounds N] [--cities N]      without stages: all but `scale`

The chapters of one pack, of the demo province, in HTML and PDF; seconds are those for the chapters of one city, with as many
processes at a time as there are cores:

    a        papermill, `jupyter nbconvert --to html` and `chromium --print-to-pdf`, three commands for a chapter
    a_prime  papermill's API, one exporter and one browser that stays, in processes that are there before the clock starts
    b        as a, with `papermill --engine warm`
    ploomber as a_prime, with ploomber-engine, whose cells run in the process itself
    quarto   `quarto render --execute` and the browser, two commands for a chapter
    c        `briefs build` of all cities, with its start and its end, divided by their number
    d        the floor: the same cells by `exec` in processes that have imported all, and the same exporters, of the first cities
    start    the start of a warm kernel
    short    one city's brief into an empty folder, by results that stand (`cold_s`), the same by a kernel server (`warm_s`),
             `briefs value`, and `briefs check` of a changed sentence by a server (`check_s`) and without; all other builds are without a server, so that their start and their memory are wholly theirs
    again    `briefs build` once more: all packs of the year with nothing changed (`unchanged_s`), the briefs of c with nothing changed,
             and those with one record of one city changed, by which its snapshot is a new one and all is counted anew (`one_city_s`)
    profile  where the time between d and c goes
    scale    `briefs build` of 14, 100 and 333 cities: minutes, and so not without being named

The rivals make a document for each chapter, c and d one of all chapters. In every round each makes its own, one after the
other, and a ratio is of the medians of all rounds; a rival that has taken longer than LONG is not run again. One that cannot be run
here, since a program is missing, is said and left out before the clock starts. All read the same results, computed once before the clock starts. The table goes
to stdout, how it goes to stderr, and all numbers to `outputs/bench.json`.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from city_briefs import demo
from city_briefs.analysis import snapshot
from city_briefs.common import paths
from city_briefs.production.engine import kernel_server
from tests.benchmarks import baselines, command, engine, floor
from tests.benchmarks.work import CHAPTERS, FORMATS, PACK, YEAR, Run, Work
from tests.helpers import ROOT

WAYS = ("a", "a_prime", "b", "ploomber", "quarto", "c", "d")
STAGES = (*WAYS, "start", "short", "again", "profile", "scale")
ROUNDS = 3
FLOOR_ROUNDS = 3  # cities that each process of the floor makes: its clock starts when all is imported, and more tell nothing more
LONG = 60.0  # seconds of one round of a rival
SIZES = (14, 100, 333)  # cities
TARGETS = {
    "c_over_a": "at least 20", "c_over_a_prime": "at least 9", "c_over_d": "at most 1.5", "start_s": "at most 0.2",
    "unchanged_s": "at most 0.8", "cold_s": "at most 4", "warm_s": "at most 2", "value_s": "at most 0.8", "check_s": "at most 5", "pss_mib": "at most 900, of two processes",
    "cost_growth": "at most 1.15", "command_start_s": "at most 0.3",
}  # fmt: skip


class Benchmark:
    """A run of some stages in one folder; `found` is what is written, `failures` what went wrong, as sentences."""

    def __init__(self, work: Work, folder: Path) -> None:
        self.work, self.folder = work, folder
        self.found: dict[str, Any] = {"jobs": work.jobs, "cities": len(work.cities), "chapters": len(CHAPTERS)}
        self.failures: list[str] = []
        self.seconds: dict[str, list[float]] = {}
        self.parts: list[floor.Parts] = []
        self.out = folder / "c"

    def run(self, stages: list[str], rounds: int) -> None:
        """Run them in an order in which each has what it needs."""
        missing = {way: said for way, said in baselines.missing().items() if way in stages}
        for said in missing.values():
            _say(said)
        self.found |= {"missing": missing} if missing else {}
        self._ready(self.work)
        ways = [way for way in WAYS if way in stages and way not in missing]
        for number in range(rounds):
            for way in list(ways):
                begun = time.monotonic()
                self._tried(way, self._timed, way, number)
                if way in baselines.NEEDS and time.monotonic() - begun > LONG:
                    ways.remove(way)
        self._compare()
        for stage in (stage for stage in STAGES if stage in stages and stage not in WAYS):
            self._tried(stage, getattr(self, f"_{stage}"))
        self.found |= {"seconds_per_city": self.seconds, "failures": len(self.failures)}

    def _tried(self, name: str, stage: Callable[..., None], *given: Any) -> None:
        """Run a stage; one that breaks is a failure, and does not take the numbers of the others with it."""
        _say(name)
        try:
            stage(*given)
        except Exception as error:
            self._note([f"{name}: {type(error).__name__}: {error}"])

    def _ready(self, work: Work) -> None:
        """Have the results computed, which all ways read."""
        _say("results are made ready")
        self._note(command.built(Work(work.data, work.cities[:1], work.jobs), self._new("ready")).failures)

    def _timed(self, way: str, number: int) -> None:
        """One way in one round; the rivals make one city, which another is in every round."""
        folder, city = self._new(way), self.work.cities[number % len(self.work.cities)]
        match way:
            case "a" | "b":
                run = baselines.scripted(self.work, city, folder, baselines.WARM if way == "b" else baselines.STOCK)
            case "a_prime":
                run = baselines.in_process(self.work, city, folder)
            case "ploomber":
                run = baselines.in_process(self.work, city, folder, baselines.PLOOMBER)
            case "quarto":
                run = baselines.rendered(self.work, city, folder)
            case "c":
                made = command.built(self.work, folder, "--fresh")
                self.found["pss_mib"] = max(round(made.mib), self.found.get("pss_mib", 0))
                run = Run(made.seconds / len(self.work.cities), made.failures)
            case _:
                some = replace(self.work, cities=self.work.cities[: FLOOR_ROUNDS * self.work.jobs])
                run, self.parts = floor.documents(some, folder)
                self._note(self._unlike(some, folder))
        self._note(run.failures)
        if run.failures and way in baselines.NEEDS:
            return  # a rival that did not make all is compared with nothing
        self.seconds.setdefault(way, []).append(round(run.seconds, 3))
        _say(f"  round {number + 1}: {run.seconds:.2f} s for a city")

    def _unlike(self, work: Work, folder: Path) -> Iterable[str]:
        """The documents of the floor that are not those of the build, byte by byte."""
        if "c" in self.seconds:
            for file in command.documents(work, self.out):
                if not file.is_file() or file.read_bytes() != (folder / file.parent.name / file.name).read_bytes():
                    yield f"{file.parent.name}/{file.name} of the floor is not that of the build."

    def _compare(self) -> None:
        """The ratios of the ways that were run: how many times as many packs c makes in a minute, and how many times d's time."""
        median = {way: statistics.median(seconds) for way, seconds in self.seconds.items()}
        if "c" in median:
            self.found |= {
                f"c_over_{way}": round(median[way] / median["c"], 2) if way in median else None for way in baselines.NEEDS
            }
            self.found |= {"c_over_d": round(median["c"] / median["d"], 2)} if "d" in median else {}

    def _start(self) -> None:
        begin, end = asyncio.run(engine.starts())
        self.found |= {"start_s": round(begin, 3), "end_s": round(end, 3), "command_start_s": round(command.start(), 3)}

    def _short(self) -> None:
        seconds, failures = command.cold(self.work, self.folder)
        warm, failures_of_warm = command.warm(self.work, self.folder)
        check, check_cold, failures_of_check = command.checked(self.work, self._new("check"))
        self._note([*failures, *failures_of_warm, *failures_of_check])
        self.found |= {
            "cold_s": round(seconds, 2), "warm_s": round(warm, 2), "value_s": round(command.value(self.work), 2),
            "check_s": round(check, 2), "check_cold_s": round(check_cold, 2),
        }  # fmt: skip

    def _again(self) -> None:
        if "c" not in self.seconds:
            self._note(command.built(self.work, self._new("c"), "--fresh").failures)
        kept = command.built(self.work, self.out)
        seconds, packs, failures = command.unchanged(self.work, self.out)
        made, chapters = command.one_city(self.work, self.out, self.folder)
        self._note([*kept.failures, *command.not_kept(kept.said, len(kept.said.get("packs", ()))), *failures, *made.failures])
        self.found |= {
            "briefs_unchanged_s": round(kept.seconds, 2), "unchanged_s": round(seconds, 2), "unchanged_packs": packs,
            "one_city_s": round(made.seconds, 2), "one_city_chapters": chapters,
        }  # fmt: skip

    def _profile(self) -> None:
        """Seconds per city: those of d in its two parts, then what c has and d has not, by what it goes to.

        `papermill` is all that a chapter takes there beside its kernel's start and end and its cells: messages, the notebook on
        disk, and what each kernel reads anew.
        """
        if not {"c", "d"} <= self.seconds.keys() or not {"briefs_unchanged_s", "start_s"} <= self.found.keys():
            _say("  needs c, d, start and again")
            return
        work, found = self.work, self.found
        build, least = (statistics.median(self.seconds[way]) for way in "cd")
        cells, exporters = (statistics.mean(seconds) / work.jobs for seconds in zip(*map(astuple, self.parts), strict=True))
        begin, chapters = floor.through_papermill(work, work.cities[0])
        kernels = (found["start_s"] + found["end_s"]) * len(CHAPTERS) / work.jobs
        beyond = {
            "command": found["briefs_unchanged_s"] / len(work.cities),
            "processes": begin / len(work.cities),
            "kernels": kernels,
            "papermill": chapters - kernels - cells,
        }
        parts = {"cells": cells, "exporters": exporters, **beyond, "rest": build - least - sum(beyond.values())}
        found["profile_s"] = {name: round(seconds, 3) for name, seconds in parts.items()}

    def _scale(self) -> None:
        """Seconds per city and peak memory by the number of cities."""
        sizes = {}
        for size in SIZES:
            path = demo.write(self.folder / f"{size}-cities", cities=size).path
            work = Work(path, snapshot.load(path).regions.cities, self.work.jobs)
            self._ready(work)
            made = command.built(work, self._new("scale"), "--fresh")
            self._note(made.failures)
            sizes[str(size)] = {"seconds_per_city": round(made.seconds / size, 3), "pss_mib": round(made.mib)}
            _say(f"{size} cities: {sizes[str(size)]}")
            shutil.rmtree(path)
        first, last = (sizes[str(size)]["seconds_per_city"] for size in (SIZES[0], SIZES[-1]))
        self.found |= {"scale": sizes, "cost_growth": round(last / first, 2)}

    def _new(self, name: str) -> Path:
        shutil.rmtree(self.folder / name, ignore_errors=True)
        (self.folder / name).mkdir()
        return self.folder / name

    def _note(self, failures: Iterable[str]) -> None:
        for said in failures:
            self.failures.append(said)
            _say(said)


def table(found: dict[str, Any]) -> str:
    """What was found, for a person."""
    lines = [
        f"{PACK} of {found['cities']} cities in {YEAR}, {found['chapters']} chapters as {' and '.join(FORMATS)}, {found['jobs']} processes"
    ]
    for way, seconds in found["seconds_per_city"].items():
        median = statistics.median(seconds)
        lines.append(f"{way:16}{median:8.2f} s for a city{60 / median:8.1f} cities a minute   of {seconds}")
    for name, number in found.items():
        if isinstance(number, dict):
            lines += [f"{name}: {key:12}  {said}" for key, said in number.items() if name != "seconds_per_city"]
        elif number is None:
            lines.append(f"{name:16} not measured")
        else:
            lines.append(f"{name:16}{number:8}{f'   (target {TARGETS[name]})' if name in TARGETS else ''}")
    return "\n".join(lines)


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def main() -> None:
    """Run the stages that are named."""
    parser = argparse.ArgumentParser(description="How quickly documents are made.")
    parser.add_argument("--stage", action="append", choices=STAGES, help="May be given several times.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--cities", type=int, help="Only the first so many, for a quick look.")
    parser.add_argument("--into", type=Path, default=ROOT / "outputs/bench.json")
    asked = parser.parse_args()
    if not paths.demo().exists():
        demo.write(paths.demo())
    cities = snapshot.load(paths.demo()).regions.cities[: asked.cities]
    os.environ[kernel_server.VARIABLE] = kernel_server.OFF
    with tempfile.TemporaryDirectory() as folder:
        benchmark = Benchmark(Work(paths.demo(), cities, os.cpu_count() or 1), Path(folder))
        benchmark.run(asked.stage or [stage for stage in STAGES if stage != "scale"], asked.rounds)
    print(table(benchmark.found))
    asked.into.parent.mkdir(parents=True, exist_ok=True)
    asked.into.write_text(json.dumps(benchmark.found, ensure_ascii=False, indent=2) + "\n", "utf-8")
    sys.exit(bool(benchmark.failures))


if __name__ == "__main__":
    main()
