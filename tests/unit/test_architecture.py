"""The drawing of docs/architecture.md says in words what it shows, and a module is neither a scrap nor too long to read."""

from xml.etree import ElementTree

from tests.helpers import ROOT

DRAWING = ROOT / "docs/architecture.svg"
PACKAGE = ROOT / "lib/city_briefs"
FEWEST, MOST = 40, 350  # lines of a module
BOTH_COLUMNS = "production and analysis use it, which may not import each other"
WHY_SMALL = {
    "common/clock.py": BOTH_COLUMNS,
    "common/working_days.py": "the only module that asks the calendar",
    "__main__.py": "`python -m city_briefs` runs it",
    "analysis/assessments/accident_reports.py": "claims and the judgement of safety share it",
    "analysis/compute/dimensions.py": "names of theirs are asked for without what counts by them",
    "analysis/compute/parameters.py": "two views ask it, and the results are long enough without",
    "analysis/ingest/control_characters.py": "four modules that write reports and workbooks share it",
    "analysis/ingest/refusals.py": "the search for sources and the pipeline share it",
    "analysis/ingest/scaled_numbers.py": "numbers shown smaller than they are, asked by its name",
    "analysis/ingest/misfit.py": "every parser of values raises it",
    "analysis/ingest/unsent_columns.py": "the pipeline asks it beside rejected_months",
    "analysis/ingest/set_aside.py": "the parser and the report share it",
    "analysis/statistics/pending.py": "a question of statistics, and each has its module",
    "common/file_lock.py": BOTH_COLUMNS,
    "common/hashing.py": BOTH_COLUMNS,
    "common/kept_answers.py": BOTH_COLUMNS,
    "common/page_one_line.py": BOTH_COLUMNS,
    "common/secrets.py": BOTH_COLUMNS,
    "common/shown_blocks.py": "blocks note in it what a call of a chapter gives back, without what draws",
    "common/terminal.py": "every command prints through it",
    "metrics/cold_chain.py": "a subject of metrics",
    "metrics/population.py": "a subject of metrics",
    "common/disk_space.py": "status and doctor share it",
    "metrics/spot_checks.py": "three subjects of metrics share it",
    "model/ibis_on_demand.py": "every subject of metrics takes Ibis from it",
    "production/packs/formats.py": "the command line says the formats before anything of packs is imported",
    "production/engine/streams.py": "ipykernel takes it by its name",
    "notebook/strict_streams.py": "it is imported for what its import does",
    "notebook/new_chapter.py": "a build asks for it by its name between two chapters",
    "notebook/same_draws.py": "nothing else changes what numpy draws",
    "production/export/unbroken.py": "Word, the page of PDF and the tests ask it what a line may not part",
    "production/editions/states.py": "the index and the status of the office share its words",
}  # of modules alone: an `__init__.py` says what its package is


def test_the_drawing_says_in_words_what_it_shows():
    drawing = ElementTree.parse(DRAWING).getroot()
    words = {child.get("id"): child.text for child in drawing if child.get("id")}
    assert drawing.get("role") == "img"
    assert all(words[name] for name in drawing.get("aria-labelledby").split())


def lines_of_modules():
    """Return the number of lines of each module of the package, by its path in it."""
    return {
        file.relative_to(PACKAGE).as_posix(): len(file.read_text("utf-8").splitlines())
        for file in PACKAGE.rglob("*.py")
        if file.name != "__init__.py"
    }


def test_a_small_module_has_a_reason_or_joins_its_neighbour():
    assert {name for name, lines in lines_of_modules().items() if lines < FEWEST} == set(WHY_SMALL)


def test_no_module_is_too_long_to_read():
    assert [name for name, lines in lines_of_modules().items() if lines > MOST] == []
