"""Builds of an invented province of three cities: by data alone, and when something goes wrong."""

import json
import os
import shutil
import signal

import pytest

from city_briefs.model.tables import RETURNS
from city_briefs.production.build import outputs
from tests.conftest import THREE_CITIES, covered, rows
from tests.helpers.project import Project, sentences

NAMES = {"9100": "Ashford", "9200": "Birchwood", "9300": "Cedarton"}
RETURNED = rows("""
    region  month    indicator        numerator  span
    9100    2020-01  new_entities     200        month
    9100    2021-01  new_entities     250        month
    9200    2020-01  new_entities     100        month
    9200    2021-01  new_entities     90         month
    9300    2021-01  new_entities     20000      month
    9900    2021-02  new_entities     3          month
    9100    2021-01  new_enterprises  30         month
""")


@pytest.fixture
def project(world, tmp_path):
    """A project whose data is that province."""
    snapshot = world.snapshot(regions=THREE_CITIES, coverage=covered(RETURNS, [*NAMES, "9900"], [2020, 2021]), returns=RETURNED)
    made = Project(tmp_path)
    shutil.rmtree(made.root / "data/real")
    shutil.copytree(snapshot.path, made.root / "data/real")
    return made


def statuses(said):
    return {pack["region"]: pack["status"] for pack in said["packs"]}


def test_another_province_is_only_data_and_a_failing_city_leaves_the_others(project):
    said = project.build()  # the latest complete year, every city
    assert statuses(said) == dict.fromkeys(NAMES, "built")
    assert {pack["year"] for pack in said["packs"]} == {2021}
    page = (project.out / "2021/9300/city-brief.html").read_text("utf-8")
    assert "Cedarton主要指标" in page and "2.00万户" in page and "98.3%" in page
    assert "甘肃" not in page and "兰州" not in page

    again = project.build()
    assert statuses(again) == dict.fromkeys(NAMES, "kept")

    before = project.files()
    project.edit("business-environment", "enterprises-statement", 'trend(new_enterprises) if city != "Birchwood" else 1 / 0')
    done = project.briefs("build", "--year", "2021")
    assert done.returncode == 4
    message = (
        "Birchwood 2021: business-environment stopped in the section “（三）企业培育”, cell 14: ZeroDivisionError. "
        "See outputs/2021/9200/incomplete/city-brief/business-environment.ipynb."
    )
    assert sentences(done.stderr) == [
        message,
        "2 of 3 packs written. Not written: Birchwood 2021 (see above).",
    ]
    assert "Traceback" not in done.stderr
    assert done.stdout == "Packs: outputs/2021 (regions: 2)\nIndex: outputs/index.html\n"
    after = project.files()
    kept = {name: content for name, content in before.items() if "/9200/" in name}
    assert {name: after[name] for name in kept} == kept  # the edition before stands whole
    assert "2021/9200/incomplete/city-brief/business-environment.ipynb" in after
    assert "incomplete" not in after["index.html"].decode()

    project.edit("business-environment", "enterprises-statement", "claim(doubled, new_enterprises)")
    mended = project.build()
    assert statuses(mended) == {"9100": "built", "9200": "kept", "9300": "built"}
    assert not [name for name in project.files() if "incomplete" in name]


def test_when_every_city_fails_none_is_made(project):
    project.edit("summary", "figures-statement", "say(new_entitys)")
    done = project.briefs("build", "--city", "Ashford")
    assert done.returncode == 5
    assert sentences(done.stderr) == [
        "Ashford 2021: summary stopped in the section “一页看懂”, cell 4: There is no metric or call 'new_entitys'. "
        "Did you mean new_entities? See outputs/2021/9100/incomplete/city-brief/summary.ipynb.",
        "0 of 1 packs written. Not written: Ashford 2021 (see above).",
    ]
    assert not (project.out / "2021/9100/city-brief.pdf").exists()


BREAKS = {
    "9100": (
        "os._exit(1)",
        "Ashford 2021: summary stopped: its kernel died. Build it again.",
    ),
    "9200": (
        "sys.exit()",
        "Birchwood 2021: summary stopped in the section “一页看懂”, cell 4: a cell ended the kernel. "
        "See outputs/2021/9200/incomplete/city-brief/summary.ipynb.",
    ),
    "9300": (
        'display({"image/png": "abc"}, raw=True)',
        "Cedarton 2021: A picture (image/png) that a cell shows cannot be read. Have the cell draw it again, or take it out.",
    ),
}


def test_whatever_breaks_a_city_is_a_sentence_and_no_pack(project):
    """A kernel that dies, a cell that ends it politely, an output that no exporter can take."""
    cases = "; ".join(f"city == {NAMES[code]!r} and {source}" for code, (source, _) in BREAKS.items())
    project.edit("summary", "figures-statement", f"import os, sys; {cases}")
    done = project.briefs("build")
    assert done.returncode == 5
    assert sorted(sentences(done.stderr)) == sorted(
        [
            *(sentence for _, sentence in BREAKS.values()),
            "0 of 3 packs written. Not written: Ashford 2021、Birchwood 2021、Cedarton 2021 (see above).",
        ]
    )
    assert {file.parent.parent.name for file in project.out.rglob("*.pdf")} == {outputs.INCOMPLETE}


def test_a_process_that_is_killed_costs_nobody_a_pack(project):
    """The first time, it takes the worker with it; the others' packs, and its own, are made by another."""
    killed = project.root / "killed"
    kill = f"import os, pathlib; p = pathlib.Path({str(killed)!r}); p.exists() or (p.touch(), os.kill(int(os.environ['JPY_PARENT_PID']), 9))"
    project.edit("summary", "figures-statement", kill)
    assert statuses(project.build("--jobs", "2")) == dict.fromkeys(NAMES, "built")
    assert killed.exists()
    assert not list(project.out.rglob(".making-*"))


def test_a_misspelt_parameter_is_refused_before_any_kernel_starts(project):
    project.edit("business-environment", "parameters", 'ctiy = "Ashford"\nyear = 2021\nthrough = 12')
    done = project.briefs("build")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "business-environment.ipynb takes city, year, through and span, not 'ctiy'. Did you mean city?\n"
    assert not project.out.exists()


OTHER_PACK = """
[[pack]]
id = "economy"
title = "营商环境简报"
per = "city"
addressee = "市（州）党委、政府分管领导"
chapters = ["business-environment"]
"""


@pytest.mark.parametrize("text", ["", "[]", '{"cells": null, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'])
def test_a_chapter_that_cannot_be_read_costs_its_own_packs_alone(project, text):
    packs = project.root / "notebooks/packs.toml"
    packs.write_text(packs.read_text("utf-8") + OTHER_PACK, "utf-8")
    (project.root / "notebooks/summary.ipynb").write_text(text, "utf-8")
    done = project.briefs("build", "--city", "Ashford", "--year", "2021")
    assert sentences(done.stderr) == [
        "Ashford 2021: summary.ipynb cannot be read as a notebook. Open it in JupyterLab and save it again.",
        "1 of 2 packs written. Not written: Ashford 2021 city-brief (see above).",
    ]
    assert done.returncode == 4
    assert (project.out / "2021/9100/economy.html").is_file() and not (project.out / "2021/9100/city-brief.html").exists()


@pytest.mark.parametrize("metadata", [{}, {"kernelspec": {"name": "ir", "display_name": "R"}}])
def test_a_chapter_runs_whatever_kernel_it_names(project, metadata):
    (project.root / "notebooks/packs.toml").write_text(OTHER_PACK, "utf-8")
    file = project.root / "notebooks/business-environment.ipynb"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"metadata": metadata}), "utf-8")
    project.build("--city", "Ashford", "--year", "2021")
    assert (project.out / "2021/9100/economy.html").is_file()


def test_an_interrupted_build_finishes_what_it_has_in_hand_and_leaves_nothing_half_done(project):
    started = project.start("build", "--jobs", "1")
    assert "[1/3]" in started.stderr.readline()  # the first pack is in its place, the second is being made
    os.killpg(started.pid, signal.SIGINT)  # as a terminal does: to the workers as well
    out, err = started.communicate()
    assert (started.returncode, out) == (130, "")
    assert sentences(err) == [
        "Stopping when what is in hand is finished. Once more to drop it.",
        "Stopped. What was finished stands; the same command goes on from there.",
    ]
    assert "Traceback" not in err
    assert (project.out / "index.html").exists()  # what stands can be found
    assert not list(project.out.rglob(".making-*"))
    assert all((manifest.parent / "city-brief.pdf").exists() for manifest in project.out.rglob("manifest.json"))
    assert statuses(project.build("--city", "Ashford")) == {"9100": "kept"}


def test_a_part_of_a_year_has_a_folder_of_its_own(project):
    said = project.build("--year", "2021", "--through", "1", "--city", "Birchwood", "--format", "pdf")
    assert said["packs"][0]["files"] == ["outputs/2021-01/9200/city-brief.pdf"]
    assert "2021-01/9200/city-brief.html" not in project.files()
