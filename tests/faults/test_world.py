"""What a build reads, or what it was kept, changes under it: no pack is made of two states, and nothing damaged is believed."""

import os

from tests.faults.harness import CITIES, Build, drawn, rounds
from tests.helpers.project import sentences
from tests.helpers.size import in_full

FAR = {"future": 4_000_000_000, "past": 100_000_000}  # seconds since 1970


@in_full
@rounds
def test_a_snapshot_that_is_replaced_during_a_build_gives_no_pack_of_two(bureau, round):
    """And none with the numbers of one and the name of the other."""
    done = bureau.struck("worker", chance=drawn("snapshot", round), do="replace")
    assert "Traceback" not in done.err
    bureau.see_whole()
    assert done.remains == []
    if done.process.returncode:
        assert done.process.returncode in (4, 5) and "Build it again." in done.err, done.err
    bureau.put("newer")
    bureau.see_repaired()


@in_full
@rounds
def test_a_chapter_that_is_saved_during_a_build_is_run_again_by_the_next(bureau, round):
    notebook = bureau.root / "notebooks/summary.ipynb"
    other = notebook.with_name("summary.ipynb.next")
    other.write_text(notebook.read_text("utf-8").replace("# summary", "# saved"), "utf-8")
    done = bureau.struck("worker", chance=drawn("saved", round), do="replace", place=notebook)
    assert done.process.returncode == 0, done.err
    again = Build(bureau)
    assert again.end() == 0, again.err
    assert all(">一、saved<" in (bureau.out / f"2021/{code}/city-brief.html").read_text("utf-8") for code in CITIES)


@in_full
@rounds
def test_a_clock_that_jumps_back_changes_nothing(bureau, round):
    chance = drawn("clock", round)
    done = bureau.struck("worker", "build", chance=chance, do="set back")
    assert (done.process.returncode, done.remains) == (0, []), done.err
    assert bureau.files() == bureau.newer
    for file in bureau.root.rglob("*"):
        os.utime(file, (FAR[when := chance.choice(sorted(FAR))], FAR[when]))
    bureau.see_repaired()


@rounds
def test_what_was_kept_and_is_damaged_is_not_believed(bureau, round):
    chance = drawn("damage", round)
    kept = sorted(file for folder in (".chapters", ".results") for file in (bureau.out / folder).rglob("*") if file.is_file())
    for file in chance.sample(kept, len(kept) // 2):
        content = bytearray(file.read_bytes())
        if content and chance.random() < 0.5:
            place = chance.randrange(len(content))
            content[place] ^= 1 << chance.randrange(8)
        else:
            del content[chance.randint(0, len(content)) :]
        file.write_bytes(content)
    bureau.see_repaired()


@in_full
def test_broken_templates_are_said_and_cost_no_edition(bureau):
    for template in (
        "lib/city_briefs/production/export/templates/brief/index.html.j2",
        "lib/city_briefs/common/theme/index.html.j2",
    ):
        (bureau.root / template).write_text((bureau.root / template).read_text("utf-8") + "{% if %}", "utf-8")
    done = Build(bureau)
    assert (done.end(), done.remains) == (4, []), done.err
    fault = "Expected an expression, got 'end of statement block'"
    *of_cities, of_all = sentences(done.err)
    assert sorted(of_cities) == [
        f"{city} 2021: city-brief could not be made: TemplateSyntaxError: {fault}. run.json has the particulars."
        for city in CITIES.values()
    ]
    assert of_all == f"outputs: run.json and index.html could not be written: {fault}. The packs stand. Mend it and build again."
    bureau.see_whole()
    bureau.undo()
    bureau.see_repaired()


def test_a_font_that_is_missing_is_named_and_costs_no_edition(bureau):
    bureau.replace("lib/city_briefs/common/theme/fonts.py", 'FOLDER / "NotoSerifSC-Regular.otf"', 'Path("/nowhere/serif.otf")')
    done = Build(bureau)
    said = "The font Noto Serif SC is not at /nowhere/serif.otf. Install the project again.\n"
    assert (done.end(), done.err, done.remains) == (2, said, [])
    assert bureau.files() == bureau.older
