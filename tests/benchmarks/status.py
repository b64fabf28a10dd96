"""How long `briefs status` takes over 14 cities, 36 months and seven packs, each issued, delivered and standing in the outputs.

    python -m tests.benchmarks.status [SNAPSHOT]      without one: the demo province

The editions are fabricated: manifests as long as real ones, signed, and a notebook that states figures of its period. Seconds are of the
processor (user and system), so that whatever else the machine does is not counted.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from city_briefs.analysis import snapshot
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.app import outdated
from city_briefs.common import paths
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.metrics import CATALOGUE
from city_briefs.production.delivery import journal, recipients, round
from city_briefs.production.delivery.documents import Document
from city_briefs.production.editions import manifest
from tests.delivery.conftest import Office
from tests.helpers import ROOT, blocks
from tests.helpers.project import COMMAND

PACKS, YEARS, MONTHS = 7, (2020, 2021, 2022), range(1, 13)
ON = "2023-01-10"
FIGURES = 40  # that an edition states of its period
INPUTS = 220  # files that a manifest names as read
TARGET = 2  # seconds
PACK = """
[[pack]]
id = "pack-{number}"
title = "简报{number}"
per = "city"
addressee = "市（州）党委、政府分管领导"
chapters = ["summary"]
"""


class LargeOffice(Office):
    """An office of a province after three years: seven packs of each city and month, of two readers each."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.data = data
        super().__init__(folder)
        (folder / "data").mkdir()
        (folder / "data/reference").symlink_to(ROOT / "data/reference")
        (folder / "notebooks").mkdir()
        for file in (ROOT / "notebooks").glob("*.ipynb"):
            (folder / "notebooks" / file.name).symlink_to(file)
        packs = "".join(PACK.format(number=number) for number in range(1, PACKS + 1))
        (folder / "notebooks/packs.toml").write_text(f'page_one = ["new_entities"]\n{packs}', "utf-8")
        self.recipients("bureau@office.test,*,*,pdf,", "archive@office.test,*,*,pdf;docx,")

    def settings(self, port: int = 1, **said: object) -> None:
        """Write briefs.toml; the snapshot is the one that is given."""
        super().settings(port, **said)
        file = self.folder / "briefs.toml"
        file.write_text(file.read_text("utf-8").replace('data = "none"', f"data = {json.dumps(str(self.data))}"), "utf-8")

    def fill(self) -> int:
        """Write the editions, what stands in the outputs, and the journal; return how many editions there are."""
        opened = snapshot.load(self.data)
        results = Results(opened, CATALOGUE.values())
        inputs = {f"city_briefs/module_{number}.py": f"{number:064x}" for number in range(INPUTS)}
        stamp = {"id": "0" * 64, "synthetic": bool(opened.stamp["synthetic"]), "notice": "", "ingested_at": "2023-01-05"}
        documents = []
        for region in opened.regions.cities:
            for period in (Period(year, month) for year in YEARS for month in MONTHS):
                stated = list(_stated(results, region, period))
                for number in range(1, PACKS + 1):
                    said = {"snapshot": stamp, "inputs": inputs, "name": region.name, "until": period.end.isoformat()}
                    asked = (region.code, f"pack-{number}")
                    place = self.edition(*asked, period=period.slug, blocks=stated, **said)
                    documents.append(Document(place, (), manifest.read(place)[asked[1]]))
                    self._stands(documents[-1])
        self._journal(documents)
        return len(documents)

    def _stands(self, document: Document) -> None:
        """Let the outputs hold an edition too."""
        folder = self.out / document.entry["period"] / document.entry["region"]
        folder.mkdir(parents=True, exist_ok=True)
        known = manifest.read(folder) | {document.entry["pack"]: document.entry}
        (folder / manifest.MANIFEST).write_text(manifest.text(known), "utf-8")

    def _journal(self, documents: list[Document]) -> None:
        """Write that everybody has everything."""
        due = round.deliveries(documents, recipients.listed(), recipients.READER)
        lines = [replace(delivery.line, event=journal.SENT, at="2023-01-09T09:00:00+08:00") for delivery in due]
        self.deliveries.mkdir()
        self.journal.write_text("".join(f"{json.dumps(asdict(line), ensure_ascii=False)}\n" for line in lines), "utf-8")


def _stated(results: Results, region: Region, period: Period) -> Iterator[dict[str, Any]]:
    """Yield a block that states the values of a period."""
    figures, cards = [], []
    for metric in CATALOGUE.values():
        now = look(Scope.of(results, region, period), metric, "value")
        if now.value is not None and len(figures) < FIGURES:
            asked = {"metric": metric.id, "region": region.code, "year": period.year, "through": period.through}
            figures.append(blocks.figure(**asked, value=float(now.value), text=now.text))
            cards.append(blocks.metric(id=metric.id, hash=metric.hash))
    yield blocks.block("prose", figures=figures, metrics=cards)


def seconds(folder: Path) -> tuple[float, list[dict[str, Any]]]:
    """Run `briefs status --json` there; the seconds of its processor, and what it says."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {name: value for name, value in os.environ.items() if name != paths.DATA_VARIABLE}
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "status", "--json", "--on", ON],
        cwd=folder, env=environment | {"PYTHONPATH": str(ROOT / "lib")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, json.loads(done.stdout)


def main() -> None:
    """Measure, and say it beside the target."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else "data/snapshots/demo").absolute()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        office = LargeOffice(Path(folder), data)
        os.chdir(folder)
        paths.root.cache_clear()
        editions = office.fill()
        print(f"{editions} editions made in {time.perf_counter() - begun:.0f} s", flush=True)
        for what, forgotten in (("nothing kept", ""), ("as on any day", ""), ("after new data", outdated.CACHE)):
            if forgotten:
                (paths.results() / forgotten).unlink()
            taken, said = seconds(Path(folder))
            print(f"status, {what}: {taken:.2f} s (on any day: {TARGET} s), matters: {len(said)}", flush=True)


if __name__ == "__main__":
    main()
