"""What a build has hashed is what runs: notebook, remark, metrics and reference data, whatever lies in their place once they are needed."""

import compileall
import marshal
import shutil
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path

import nbformat
import pytest

from tests.helpers.project import Project, city_brief
from tests.helpers.size import FULL, in_full

PACK = city_brief("market-order")
WORDS = ("build", "--city", "兰州", "--year", "2011", "--format", "html", "--jobs", "1")
CHANGED = "is not as it was when the build began. Build it again."
REMARK = "---\n标题: 原因分析\n作者: 处室\n日期: 2012-01-10\n---\n{}\n"
# Imported first by each process of a build: when one of these files is opened for the so-manieth time, by whichever, others are put in
# their places before it is.
WATCH = """
import os, sys
from pathlib import Path
opened = Path(__file__).resolve().parents[2] / "opened"
busy = False
def see(event, given):
    global busy
    if event == "open" and not busy and given[0] in {watched}:
        busy = True
        with opened.open("a") as file:
            file.write(given[0] + "\\n")
        if opened.read_text().splitlines().count(given[0]) == {at}:
            for place, other in {others}.items():
                os.replace(other, place)
        busy = False
sys.addaudithook(see)
"""


@pytest.fixture
def project(tmp_path):
    made = Project(tmp_path)
    (made.root / "notebooks/packs.toml").write_text(PACK, "utf-8")
    return made


def watch(project, *files, at, others):
    """Watch for files that are opened; `others` are files or folders by the places in which they are put."""
    module = WATCH
    for name, value in {
        "watched": [str(file) for file in files],
        "at": at,
        "others": {str(k): str(v) for k, v in others.items()},
    }.items():
        module = module.replace(f"{{{name}}}", repr(value))
    (project.root / "lib/city_briefs/watch.py").write_text(module, "utf-8")
    program = project.root / "lib/city_briefs/__init__.py"
    program.write_text(f"import city_briefs.watch\n{program.read_text('utf-8')}", "utf-8")


def test_a_notebook_and_a_remark_are_opened_once(project):
    """So that nothing which is put in their place once a build has begun is run or printed, and nothing else is compared."""
    notebook, remark = project.root / "notebooks/market-order.ipynb", project.root / "data/notes/2011/620100/market-order.md"
    remark.parent.mkdir(parents=True, exist_ok=True)
    remark.write_text(REMARK.format("查处力度加大。"), "utf-8")
    (project.root / "other.md").write_text(REMARK.format("另一说明。"), "utf-8")
    other = nbformat.read(notebook, as_version=4)
    other.cells[0].source = "# 另一章"
    nbformat.write(other, project.root / "other.ipynb")
    watch(project, notebook, remark, at=2, others={notebook: project.root / "other.ipynb", remark: project.root / "other.md"})
    done = project.command(*WORDS)
    assert done.returncode == 0, done.stderr
    opened = (project.root / "opened").read_text("utf-8").splitlines()
    assert sorted(opened) == sorted([str(notebook), str(remark)])
    page = (project.out / "2011/620100/city-brief.html").read_text("utf-8")
    assert "查处力度加大" in page and "市场秩序" in page and "另一" not in page


@pytest.mark.parametrize("change", ["source", "compiled", "beside"])
def test_a_metric_that_is_exchanged_after_it_was_hashed_is_not_run(project, change):
    """Neither another source, nor what somebody has compiled, nor a module that goes before it."""
    file, ran = project.root / "lib/city_briefs/metrics/market_order.py", project.root / "ran"
    source = f"{file.read_text('utf-8')}\nopen({str(ran)!r}, 'w')\n"
    other = project.root / "other"
    if change == "beside":
        shutil.copytree(file.parent, other)
        (other / "__init__.py").write_text(source, "utf-8")
        place = file.with_suffix("")
    elif change == "compiled":
        other.write_bytes(compiled(file, source))
        place = Path(cache_from_source(file))
    else:
        other.write_text(source, "utf-8")
        place = file
    compileall.compile_file(
        file, quiet=1
    )  # so that the command does not open the source to import it: it does so for the text of a definition, and then to hash it
    watch(project, file, at=3 if change == "source" else 2, others={place: other})
    done = project.command(*WORDS)
    assert not other.exists() and not ran.exists()
    if change == "compiled":
        assert done.returncode == 0, done.stderr
        return
    changed = "metrics/market_order/__init__.py" if change == "beside" else "metrics/market_order.py"
    assert done.returncode == 5
    assert (
        f"market-order stopped in the section “市场秩序”, cell 3: city_briefs/{changed} of the program is not as it was when the build "
        "began. Build it again."
    ) in done.stderr


@pytest.mark.parametrize("change", ["another", *(["new", "gone"] if FULL else [])])
def test_metrics_in_reference_data_that_are_exchanged_after_they_were_hashed_are_not_used(project, change):
    file, other = project.root / "data/reference/reported.csv", project.root / "other"
    head = (project.root / "lib/city_briefs/metrics/reported.csv").read_text("utf-8").splitlines()[0]
    file.write_text(f"{head}\n", "utf-8")
    if change == "new":
        file.rename(other)
    elif change == "another":
        other.write_text(f"{head}\n\n", "utf-8")
    exchange(project, {other: file} if change == "gone" else {file: other})
    done = project.command(*WORDS)
    assert (done.returncode, file.exists()) == (5, change != "gone")
    assert f"market-order stopped in the section “市场秩序”, cell 3: data/reference/reported.csv {CHANGED}" in done.stderr


@in_full
@pytest.mark.parametrize(
    ("chapter", "per", "name"), [("yellow-light", "city", "rules.toml"), ("work-report-figures", "province", "figures.csv")]
)
def test_rules_that_are_exchanged_after_they_were_hashed_are_not_used(project, chapter, per, name):
    file, other = project.root / "data/reference" / name, project.root / "other"
    packs = PACK.replace("market-order", chapter).replace('"city"', f'"{per}"')
    (project.root / "notebooks/packs.toml").write_text(packs, "utf-8")
    other.write_bytes(file.read_bytes() + b"\n")
    exchange(project, {file: other})
    done = project.command(*WORDS[:1], *(WORDS[1:3] if per == "city" else ()), *WORDS[3:])
    assert (done.returncode, other.exists()) == (5, False)
    assert f": data/reference/{name} {CHANGED}" in done.stderr


@in_full
def test_word_styles_that_come_after_others_were_hashed_are_not_used(project):
    file, other = project.root / "data/reference/reference.docx", project.root / "other"
    shutil.copyfile(project.root / "lib/city_briefs/production/export/reference.docx", other)
    exchange(project, {file: other})
    done = project.command(*WORDS[:-4], "--format", "docx", "--jobs", "1")
    assert (done.returncode, other.exists()) == (5, False)
    assert f": data/reference/reference.docx {CHANGED}" in done.stderr


def exchange(project, others):
    """Put others in the places of reference data once the command has hashed what comes before the last of them."""
    watch(project, max((project.root / "data/reference").iterdir()), at=1, others=others)


def compiled(file, source):
    """Return a compiled module that Python takes for that of a file, by its time and size."""
    stat = file.stat()
    head = MAGIC_NUMBER + bytes(4) + int(stat.st_mtime).to_bytes(4, "little") + stat.st_size.to_bytes(4, "little")
    return head + marshal.dumps(compile(source, str(file), "exec"))
