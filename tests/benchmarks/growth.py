"""How results grow with records and with regions, and packs with the workers of a cluster.

    python -m tests.benchmarks.growth [--stage NAME]… [--scratch FOLDER]      without stages: all

    records     the metrics of market entities, of all regions and months, of 2, 20 and 150 million entities of 333 cities
    regions     the same of 20 million entities of 14, 333 and 2,800 regions
    workers     a pack of 14 cities by 1, 2 and 4 workers of a Dask cluster on this machine

Entities are invented, and lie as Parquet files by year and province. Each size is counted in a process of its own, three times, and
the median is told: seconds, peak memory, bytes that were read. All numbers go to `outputs/bench-growth.json`, and to stdout; what
is there from other stages stays.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import ibis.expr.types as ir
import matplotlib.pyplot as plt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import seaborn as sns

from city_briefs import demo
from city_briefs.analysis import snapshot
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.snapshot import engines
from city_briefs.common import paths
from city_briefs.demo import entities
from city_briefs.demo.province import WHOLE, Province, coverage, gansu, invented, write_regions
from city_briefs.metrics import CATALOGUE
from city_briefs.model.table import Table
from city_briefs.model.tables import COVERAGE, ENTITIES
from tests.benchmarks import command
from tests.benchmarks.work import Work, program
from tests.helpers import ROOT

RUNS = 3
YEARS, SEED = range(2016, 2023), 2021
RECORDS, CITIES = (2_000_000, 20_000_000, 150_000_000), 333
REGIONS, OF_REGIONS = (14, 333, 2_800), 20_000_000
WORKERS = (1, 2, 4)
INTO = ROOT / "outputs/bench-growth.json"
PARTS = "parts"
METRICS = [metric for metric in CATALOGUE.values() if metric.tables == (ENTITIES,)]


class Partitioned(engines.DuckDB):
    """DuckDB over the files of a folder."""

    def table(self, table: Table, file: Path, content: str) -> ir.Table:
        """The rows of all files, for the entities."""
        if table is ENTITIES:
            return self.connection.read_parquet(f"{file.parent / PARTS}/**/*.parquet", table_name=table.name)
        return super().table(table, file, content)


engines.DATABASES[PARTS] = Partitioned


def generate(into: Path, count: int, cities: int) -> Path:
    """A snapshot of so many entities of so many cities; the entities lie in the folder PARTS of it."""
    known = [gansu(cities)] if cities <= demo.REAL_CITIES else invented(cities, SEED)
    shares = [count // len(known) + (place < count % len(known)) for place in range(len(known))]
    regions_file = into.with_suffix(".csv")
    write_regions([region for inside, _ in known for region in inside.all], regions_file)
    provinces = [
        Province(inside, census, YEARS, share / WHOLE, SEED + place)
        for place, ((inside, census), share) in enumerate(zip(known, shares, strict=True))
    ]
    covered = pa.concat_tables([coverage(province) for province in provinces])
    snapshot.write(
        into, {ENTITIES: ENTITIES.schema.empty_table(), COVERAGE: covered.filter(pc.field("table") == ENTITIES.name)},
        regions_file=regions_file, source=demo.SOURCE, ingested_at="2023-01-05", synthetic=True, checked_findings=(),
    )  # fmt: skip
    for province, share in zip(provinces, shares, strict=True):
        _, rows = entities.register(province, share)
        table = pa.concat_tables(rows)
        whole = province.regions.province.code
        parts = table.append_column("year", pc.year(table["registered_on"])).append_column("province", pa.repeat(whole, share))
        folders = ds.partitioning(pa.schema([("year", pa.int64()), ("province", pa.string())]), flavor="hive")
        ds.write_dataset(
            parts, into / PARTS, format="parquet", partitioning=folders, existing_data_behavior="overwrite_or_ignore",
            file_options=ds.ParquetFileFormat().make_write_options(compression="zstd"), basename_template=f"{whole}-{{i}}.parquet",
        )  # fmt: skip
    return into


def measure(path: Path) -> None:
    """One run: print seconds, peak memory in GiB, bytes read in GiB, and the results there are."""
    results = Results(replace(snapshot.load(path), engine=PARTS), METRICS)
    begun, before = time.perf_counter(), _read()
    count = len(results.table)
    seconds, read = time.perf_counter() - begun, _read() - before
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, read / 2**30, count)


def _read() -> int:
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("rchar")).split()[1])


def counted(scratch: Path, count: int, cities: int) -> dict[str, float]:
    """The medians of three runs over so many entities of so many cities."""
    path = scratch / f"{count}-{cities}"
    if not path.exists():
        generate(path, count, cities)
    words = [sys.executable, "-m", "tests.benchmarks.growth", "--once", str(path)]
    runs = [list(map(float, subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout.split())) for _ in range(RUNS)]
    seconds, memory, read, results = (statistics.median(column) for column in zip(*runs, strict=True))
    stored = sum(file.stat().st_size for file in path.rglob("*.parquet")) / 2**30
    found = {"seconds": seconds, "peak_gib": memory, "read_gib": read, "stored_gib": stored, "results": results}
    return {name: round(number, 3) for name, number in found.items()}


def spread(scratch: Path, workers: int) -> dict[str, float]:
    """Seconds for a pack of each of 14 cities by so many workers, once all have made one."""
    work = Work(paths.demo(), snapshot.load(paths.demo()).regions.cities, workers)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": scratch}
    file = scratch / "scheduler.json"
    file.unlink(missing_ok=True)
    about = ("--no-dashboard", "--scheduler-file", str(file))
    started = [subprocess.Popen([program("dask"), "scheduler", "--host", "127.0.0.1", "--port", "0", *about], **quiet)]
    try:
        while not file.exists():
            time.sleep(0.1)
        started += [
            subprocess.Popen([program("dask"), "worker", "--nthreads", "1", "--no-nanny", *about], **quiet)
            for _ in range(workers)
        ]
        address = json.loads(file.read_text())["address"]
        from distributed import Client

        with Client(address) as client:
            client.wait_for_workers(workers)
        runs = []
        for _ in range(2):  # the first time each worker imports what it needs
            made = command.built(work, scratch / "packs", "--fresh", "--cluster", address)
            assert not made.failures, made.failures
            runs.append(made.seconds / len(work.cities))
    finally:
        for process in started:
            process.kill()
            process.wait()
        shutil.rmtree(scratch / "packs", ignore_errors=True)
    return {"seconds_per_pack": round(runs[-1], 3)}


def draw(found: dict[str, dict[str, dict[str, float]]], into: Path) -> None:
    """The three stages side by side, for docs/operations.md."""
    with sns.axes_style("whitegrid"):
        figure, (records, regions, workers) = plt.subplots(1, 3, figsize=(9.6, 2.9), layout="constrained")
    for axes, stage, unit in ((records, "records", "entities"), (regions, "regions", "regions")):
        sizes = list(map(int, found[stage]))
        measured = ("seconds", "peak_gib", "read_gib")
        seconds, memory, read = ([step[name] for step in found[stage].values()] for name in measured)
        sns.lineplot(x=sizes, y=seconds, marker="o", color="#1f5fa8", ax=axes)
        axes.set(
            xscale="log",
            xticks=sizes,
            xlabel=f"{unit}, and what was read",
            ylabel="seconds, and peak memory",
            ylim=(0, max(seconds) * 1.25),
        )
        names = [f"{size / 1e6:.0f} M" if size >= 1e6 else f"{size:,}" for size in sizes]
        axes.set_xticks(sizes, [f"{name}\n{gib:.2f} GiB" for name, gib in zip(names, read, strict=True)], size=8)
        axes.minorticks_off()
        for size, time_taken, gib in zip(sizes, seconds, memory, strict=True):
            said = f"{time_taken:.1f} s\n{gib:.1f} GiB"
            axes.annotate(said, (size, time_taken), (-6, 4), textcoords="offset points", ha="right", size=8)
        axes.margins(x=0.3)
    records.set_title(f"Results of {CITIES} cities, all months", size=10)
    regions.set_title(f"Results of {OF_REGIONS / 1e6:.0f} M entities", size=10)
    sizes = list(found["workers"])
    per_pack = [step["seconds_per_pack"] for step in found["workers"].values()]
    sns.barplot(x=sizes, y=per_pack, color="#9fb4cc", ax=workers)
    workers.bar_label(workers.containers[0], fmt="%.1f s", size=8)
    workers.set(xlabel=f"Dask workers on {found['cores']} cores", ylabel="seconds a pack", ylim=(0, max(per_pack) * 1.2))
    workers.set_title("Packs of 14 cities", size=10)
    figure.savefig(into, dpi=150)


def main() -> None:
    """Run the stages that are named."""
    parser = argparse.ArgumentParser(description="How results and packs grow.")
    parser.add_argument("--stage", action="append", choices=("records", "regions", "workers"), help="May be given several times.")
    parser.add_argument(
        "--scratch", type=Path, help="Where the entities lie, some 8 GiB; kept for the next run when it is named."
    )
    parser.add_argument("--draw", type=Path, help="Draw what was found, of all stages, into this file.")
    parser.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.once:
        measure(asked.once)
        return
    if asked.draw:
        draw(json.loads(INTO.read_text("utf-8")), asked.draw)
        return
    found = json.loads(INTO.read_text("utf-8")) if INTO.exists() else {}
    stages = asked.stage or ["records", "regions", "workers"]
    if "workers" in stages and not paths.demo().exists():
        demo.write(paths.demo())
    with tempfile.TemporaryDirectory() as own:
        scratch = asked.scratch or Path(own)
        scratch.mkdir(parents=True, exist_ok=True)
        steps = {
            "records": {count: lambda count=count: counted(scratch, count, CITIES) for count in RECORDS},
            "regions": {cities: lambda cities=cities: counted(scratch, OF_REGIONS, cities) for cities in REGIONS},
            "workers": {workers: lambda workers=workers: spread(scratch, workers) for workers in WORKERS},
        }
        for stage in stages:
            found[stage] = {}
            for size, step in steps[stage].items():
                found[stage][str(size)] = step()
                print(f"{stage} {size:,}: {found[stage][str(size)]}", flush=True)
                INTO.parent.mkdir(exist_ok=True)
                INTO.write_text(json.dumps(found | {"cores": os.cpu_count()}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
