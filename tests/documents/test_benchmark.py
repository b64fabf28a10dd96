"""The benchmark tells the truth: its floor makes the documents of the build, and all packs that a build makes are counted."""

from pathlib import Path

import nbformat
import pytest

from tests.benchmarks import baselines, command, floor
from tests.benchmarks.work import CHAPTERS, FORMATS, PACK, YEAR
from tests.conftest import CITIES


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_floor_sets_the_documents_of_the_build(packs_built, demo_province, data_variable, suffix):
    data_variable(demo_province.path)
    folder = packs_built / str(YEAR) / CITIES[YEAR]
    chapters = [(name, nbformat.v4.reads_json((folder / f"notebooks/{name}.ipynb").read_text("utf-8"))) for name in CHAPTERS]
    stand = [file.suffix[1:] for file in folder.glob(f"{PACK}.*")]
    made = dict(floor.exported(chapters, demo_province.regions.find(CITIES[YEAR]), stand))
    assert made[suffix] == (folder / f"{PACK}.{suffix}").read_bytes()


@pytest.mark.parametrize(
    "said, packs, wrong",
    [
        ({"built": 0, "kept": 15}, 15, []),  # the manual is made along with the briefs of 14 cities
        ({"built": 1, "kept": 14}, 15, ["14 of 15 packs were kept."]),
        ({"built": 0, "kept": 15}, 14, ["15 of 14 packs were kept."]),
        ({}, 0, ["None of 0 packs were kept."]),  # a command that ended before it said anything
    ],
)
def test_a_build_that_does_not_keep_all_packs_is_told(said, packs, wrong):
    assert command.not_kept(said, packs) == wrong


@pytest.mark.parametrize(
    ("lacking", "sentences"),
    [
        ([], {}),
        (["quarto"], {"quarto": "quarto is left out: quarto cannot be found here."}),
        (
            ["papermill", "jupyter"],
            {way: f"{way} is left out: papermill and jupyter cannot be found here." for way in ("a", "b")},
        ),
        (["ploomber_engine"], {"ploomber": "ploomber is left out: ploomber-engine cannot be found here."}),
    ],
)
def test_a_rival_that_cannot_be_run_here_is_a_sentence_before_the_clock_starts(monkeypatch, lacking, sentences):
    monkeypatch.setattr(baselines.shutil, "which", lambda program: None if Path(program).name in lacking else program)
    monkeypatch.setattr(baselines, "find_spec", lambda module: None if module in lacking else module)
    assert baselines.missing() == sentences
