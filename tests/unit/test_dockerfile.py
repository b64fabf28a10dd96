"""The image is made of files that are there, and is no administrator's. There is no Docker engine where the tests run."""

import re
import tomllib

from city_briefs.app.services import METRICS
from tests.helpers import ROOT

LINES = re.findall(r"^([A-Z]+) (.+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)


def copied(lines):
    """What is copied from the checkout."""
    words = [rest.split() for word, rest in lines if word == "COPY" and not rest.startswith("--from")]
    return [source for line in words for source in line[:-1]]


def test_what_is_copied_is_there_and_reaches_the_engine():
    let_through = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    assert [name for name in copied(LINES) if not (ROOT / name).exists()] == []
    assert sorted(let_through) == sorted(set(copied(LINES)))


def test_every_file_that_a_step_reads_was_copied_before_it():
    locks = [
        (name, copied(LINES[:place]))
        for place, (word, rest) in enumerate(LINES) if word == "RUN"
        for name in re.findall(r"-r (\S+)", rest)
    ]  # fmt: skip
    assert locks and all(name in before for name, before in locks)
    [install] = [place for place, (word, rest) in enumerate(LINES) if word == "RUN" and rest.endswith(" .")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    carried = re.findall(
        r'"([^"]+)"', re.search(r"^CARRIED = \((.+)\)$", (ROOT / "hatch_build.py").read_text("utf-8"), re.MULTILINE)[1]
    )
    licences = {name for name in project["license-files"] if not name.startswith("lib/")}
    needed = {"pyproject.toml", "hatch_build.py", "lib", project["readme"], *licences, *carried}
    assert needed == set(copied(LINES[:install]))


def test_packages_have_the_hashes_of_the_lock_and_the_command_is_no_administrators():
    runs = [rest for word, rest in LINES if word == "RUN"]
    assert all("--require-hashes" in run or "--no-deps" in run for run in runs if "pip install" in run)
    assert [rest for word, rest in LINES if word == "USER"] == ["briefs"]


def test_the_services_of_the_image_are_the_commands_of_the_units():
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    named = {line.split(" # ")[0].lstrip("# ").strip() for line in lines if line.startswith("#     ") and "docker" not in line}
    units = [file.read_text("utf-8") for file in (ROOT / "lib/city_briefs/app/units").glob("*.service")]
    started = {line.partition('"{{ briefs }}" ')[2].replace("{{ metrics }}", METRICS) for unit in units for line in unit.splitlines() if line.startswith("Exec")}  # fmt: skip
    assert named == {line for line in started if not line.startswith("schedule")}  # Dagster is not in the image
