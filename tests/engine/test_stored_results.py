"""Chapters whose results are stored wait for no engine of queries: neither Ibis nor DuckDB is imported in their kernels."""

import os
import subprocess
import sys

from city_briefs.app import incremental
from city_briefs.common.paths import RESULTS_VARIABLE
from tests.helpers import NOTEBOOKS, ROOT
from tests.helpers.size import FULL

SOME = ["period-summary", "province-page", "safety-hazards", "summary"]  # of all chapters, when not in full size

CHAPTERS = """
import json, sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from city_briefs.production.engine import warm_imports
for name in (*warm_imports.SHARED, *warm_imports.WARM): import_module(name)
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from city_briefs.common.periods import Period
from city_briefs.production.packs import packs_toml

InteractiveShell.instance().display_pub = CapturingDisplayPublisher()
waiting = set(sys.argv[2:])
for pack in packs_toml.packs().values():
    for chapter in [] if pack.analysis else [chapter for chapter in pack.chapters if chapter in waiting]:
        waiting.remove(chapter)
        main = ModuleType("__main__")
        for cell in json.loads((Path(sys.argv[1]) / f"{chapter}.ipynb").read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                sys.modules["__main__"] = main  # IPython puts its own there when something is displayed
                exec("".join(cell["source"]), vars(main))
                if "parameters" in cell["metadata"].get("tags", []):
                    where = {"city": "620100"} if pack.per == "city" else {"province": "620000"}
                    vars(main).update(where, year=2021, through=12, span=pack.span)
        print(chapter, *sorted({"ibis", "duckdb", "sqlglot"} & set(sys.modules)))
"""


def test_no_chapter_imports_what_queries_once_its_results_are_stored(demo_province, cubes):
    environment = {
        **os.environ, **incremental.source(demo_province).variables, "PYTHONPATH": str(ROOT / "lib"), RESULTS_VARIABLE: str(cubes.folder),
    }  # fmt: skip
    chapters = sorted(file.stem for file in NOTEBOOKS.glob("*.ipynb")) if FULL else SOME
    run = [sys.executable, "-c", CHAPTERS, str(NOTEBOOKS), *chapters]
    first, again = (subprocess.run(run, env=environment, cwd=ROOT, capture_output=True, text=True, check=False) for _ in range(2))
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert sorted(again.stdout.splitlines()) == sorted(chapters)
