"""A small project to build again and again: two cities and two packs of short chapters, with the data that a test gives it."""

import copy
import shutil
from collections import Counter

import nbformat

from city_briefs.model.tables import ENTITIES, HAZARDS
from tests.conftest import THREE_CITIES, World, covered, rows
from tests.helpers.project import Project

CITIES = ("Ashford", "Birchwood")
CODES = ("9100", "9200")
REGIONS = "".join(line for line in THREE_CITIES.splitlines(keepends=True) if "Cedarton" not in line)
TWO_PACKS = """
[[pack]]
id = "city-brief"
title = "市场监管工作简报"
per = "city"
addressee = "市（州）党委、政府分管领导"
chapters = ["summary", "safety"]

[[pack]]
id = "short-brief"
title = "市场主体简报"
per = "city"
addressee = "市（州）党委、政府分管领导"
chapters = ["summary"]
"""
ENTITY = """
    entity_id  region  registered_on
    a          9100    2021-03-02
    b          9200    2021-04-02
"""
HAZARD = """
    hazard_id  region  domain  level  found_on    due_on      measure
    a          9100    food    major  2021-06-01  2021-08-01  sealed
    b          9200    food    major  2021-06-01  2021-08-01  sealed
"""
SUMMARY, SAFETY = {(city, "summary") for city in CITIES}, {(city, "safety") for city in CITIES}
ALL = SUMMARY | SAFETY
SMALL = ("--year", "2021", "--format", "html", "--jobs", "1")


def chapter(name, call):
    """A chapter of one call, which notes beside the notebooks that it runs."""
    notes = f'with open("../ran", "a") as ran:\n    _ = ran.write(f"{{city}} {name}\\n")'
    library = nbformat.v4.new_code_cell("from city_briefs.notebook import *", id="library")
    parameters = nbformat.v4.new_code_cell('city = "Ashford"\nyear = 2021\nthrough = 12', id="parameters")
    parameters.metadata["tags"] = ["parameters"]
    cells = [
        nbformat.v4.new_markdown_cell(f"# {name}", id="topic"), parameters, library,
        nbformat.v4.new_markdown_cell("## The figures", id="figures"), nbformat.v4.new_code_cell(notes, id="notes"),
        nbformat.v4.new_code_cell(call, id="call"), nbformat.v4.new_code_cell(f'remark("{name}")', id="remark"),
    ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


class Province(Project):
    """A project of two cities and two packs, with the data that a test gives it."""

    def __init__(self, folder):
        super().__init__(folder)
        (self.root / "notebooks/packs.toml").write_text(TWO_PACKS, "utf-8")
        nbformat.write(chapter("summary", "say(new_entities)"), self.root / "notebooks/summary.ipynb")
        nbformat.write(chapter("safety", "hazard_list()"), self.root / "notebooks/safety.ipynb")

    def copied(self, folder):
        """The same project elsewhere, with all that it has made."""
        other = copy.copy(self)
        other.root = folder / "project"
        other.out = other.root / "outputs"
        shutil.copytree(self.root, other.root)
        return other

    def data(self, folder, *, entities=ENTITY, hazards=HAZARD, regions=REGIONS):
        """Put the data of a snapshot in the place of what was there."""
        coverage = [row for table in (ENTITIES, HAZARDS) for row in covered(table, CODES, [2021])]
        folder.mkdir()
        made = World(folder).snapshot(regions=regions, coverage=coverage, entities=rows(entities), hazards=rows(hazards))
        shutil.rmtree(self.root / "data/real")
        shutil.copytree(made.path, self.root / "data/real")

    def notes(self):
        """How often each chapter ran since the notes were thrown away."""
        file = self.root / "ran"
        return Counter(tuple(line.split()) for line in file.read_text("utf-8").splitlines()) if file.exists() else Counter()

    def ran(self, *words, code=0):
        """What a build says became of the packs, and how often each chapter ran."""
        (self.root / "ran").unlink(missing_ok=True)
        said = self.build(*SMALL, *words, code=code)
        return Counter(pack["status"] for pack in said["packs"]), self.notes()

    def why(self, pack="city-brief", code="9100"):
        """What `briefs why` says, its lines without the name that they begin with."""
        done = self.briefs("why", pack, "--year", "2021", "--city", code)
        assert (done.returncode, done.stderr) == (0, "")
        return [line.partition(" 2021: ")[2] for line in done.stdout.splitlines()]

    def replace(self, file, old, new):
        """Change some words of a file of the project."""
        content = (self.root / file).read_text("utf-8")
        assert old in content
        (self.root / file).write_text(content.replace(old, new, 1), "utf-8")
