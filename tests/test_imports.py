"""The drawing of the two columns is true: analysis and production meet only in the notebook."""

import ast

import pytest

from lib.paths import ROOT

ANYONE = {"errors", "paths", "regions", "periods", "look", "workplace", "reads", "modules", "credentials", "extras"}
# Lowest first; a module imports only what stands before it in its own column, or what anyone may import.
ANALYSIS = [
    "tables", "findings", "databases", "snapshot", "metric", "metrics", "demo", "words", "grid", "scan", "returns", "ingest", "cache", "computed", "loading", "amount", "population", "results", "movements", "text", "figure", "grounds", "views", "privacy",
    "guards", "hazards", "judgement", "lights", "strengths", "praise", "targets", "work_report", "sentences", "remarks", "charts", "display", "explanation", "glossary", "answers", "notebook", "rehearsal",
]  # fmt: skip
PRODUCTION = [
    "edition",
    "trust",
    "imports",
    "brief",
    "rules",
    "moved",
    "plan",
    "engine",
    "outcome",
    "export",
    "signature",
    "manifest",
    "register",
    "publish",
    "index",
    "verification",
    "records",
    "collation",
    "execution",
    "revision",
    "assembly",
    "preloaded",
    "worker",
    "build",
    "cluster",
    "summary",
    "progress",
    "run",
    "approval",
    "delivery",
]
ABOVE_BOTH = {"cli", "check", "changes", "rebuild", "doctor", "bundle", "order", "alarm", "schedule"}
OF_PRODUCTION = {"papermill", "nbclient", "nbconvert", "nbformat", "jupyter_client", "typst", "pypandoc"}
OF_ANALYSIS = {"pandas", "ibis", "duckdb", "pyarrow", "matplotlib", "seaborn"}
MODULES = sorted((ROOT / "lib").rglob("*.py"))


def imported(file):
    """Full names of all modules that a file imports."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"lib.{name.name}" for name in node.names) if node.module == "lib" else (node.module,)


def part(file):
    """The module or package directly under `lib` that a file belongs to."""
    return file.relative_to(ROOT / "lib").parts[0].removesuffix(".py")


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_module_imports_only_what_its_column_may(file):
    own = part(file)
    if own in ABOVE_BOTH or own == "__init__":
        return
    column = next((column for column in (ANALYSIS, PRODUCTION) if own in column), None)
    allowed = ANYONE | {own} | (set(column[: column.index(own)]) if column else set())
    ours = {name.split(".")[1] for name in imported(file) if name.startswith("lib.")} - {"__version__"}
    assert ours <= allowed
    if column is not PRODUCTION:
        assert not {name.split(".")[0] for name in imported(file)} & OF_PRODUCTION
    if column is not ANALYSIS:
        assert not {name.split(".")[0] for name in imported(file)} & OF_ANALYSIS


def test_every_module_has_its_place_in_the_drawing():
    known = ANYONE | set(ANALYSIS) | set(PRODUCTION) | ABOVE_BOTH | {"__init__"}
    assert {part(file) for file in MODULES} == known
