"""How long Typst takes to set a document of some forty pages.

    python -m tests.benchmarks.documents [FOLDER]      a built folder, such as outputs/2021/620100; without one: the first of outputs

All chapters that lie in the folder are bound into one document. Every run is a process of its own; times are medians of three.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pypdfium2

from city_briefs.common import paths
from city_briefs.production.export.document import bind, document
from city_briefs.production.export.pdf import STANDARDS, BriefPDF, compiled

RUNS = 3
TARGET_SECONDS, TARGET_PAGES = 0.5, 40
METADATA = {"title": "样书", "running": "样书", "date": "2021-12-31"}


def measure(folder: Path) -> None:
    """Print seconds and pages of one run in this process."""
    chapters = [(file.stem, nbformat.read(file, as_version=4)) for file in sorted((folder / "notebooks").glob("*.ipynb"))]
    brief = document(bind(chapters, METADATA))
    files = BriefPDF().sources(brief)
    started = time.perf_counter()
    pdf = compiled(files, brief.title, STANDARDS)
    print(time.perf_counter() - started, len(pypdfium2.PdfDocument(pdf)))


def report(folder: Path) -> None:
    """Run three times and say the medians beside the target."""
    runs = []
    for _ in range(RUNS):
        done = subprocess.run([sys.executable, "-m", __spec__.name, "--once", folder], capture_output=True, text=True, check=True)
        runs.append([float(word) for word in done.stdout.split()])
    seconds, pages = (statistics.median(column) for column in zip(*runs, strict=True))
    target = TARGET_SECONDS * pages / TARGET_PAGES
    print(f"{folder}: {pages:.0f} pages set in {seconds:.2f} s (target {target:.2f} s)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        measure(Path(sys.argv[2]))
    else:
        folders = sys.argv[1:] or sorted(found.parent for found in paths.outputs().glob("*/*/notebooks"))[:1]
        if not folders:
            sys.exit("There is nothing built. Run: briefs build city-brief safety-assessment --city 兰州.")
        report(Path(folders[0]))
