"""“十分钟用上自己的数据” of docs/data.md, followed word by word: its commands, its files, and what it says they answer."""

import re
import shlex

import openpyxl
import pytest

from tests.helpers import ROOT
from tests.helpers.project import Project

SECTION = re.search(r"## 十分钟用上自己的数据\n(.*?)\n## ", (ROOT / "docs/data.md").read_text("utf-8"), re.DOTALL)[1]
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
NAME = re.compile(r"`(sent/[^`]+\.(?:xlsx|csv|toml))`")


def commands():
    """The commands, in their order."""
    blocks = (text for kind, text in BLOCK.findall(SECTION) if not kind)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines()]


def files():
    """The text of each file, by the name that stands last before it."""
    blocks = [block for block in BLOCK.finditer(SECTION) if block[1] in ("csv", "toml")]
    return {NAME.findall(SECTION[: block.start()])[-1]: block[2] for block in blocks}


def rows():
    """The rows to be filled into the form, under its headings."""
    table = re.search(r"(\| 编号 .*?)\n\n", SECTION, re.DOTALL)[1]
    head, _, *lines = ([cell.strip() or None for cell in line.split("|")[1:-1]] for line in table.splitlines())
    return head, lines


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """The project in which all was done, and how each command ended, by its first word."""
    project = Project(tmp_path_factory.mktemp("followed"))
    [settings] = [text for kind, text in BLOCK.findall(SECTION) if kind == "ini"]
    with (project.root / "briefs.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    first, *others = commands()
    done = {first[0]: project.briefs(*first)}
    form = openpyxl.load_workbook(project.root / "sent/complaints.xlsx")
    headings = [cell.value for cell in form.worksheets[0][1]]
    head, lines = rows()
    for number, line in enumerate(lines, start=2):
        for heading, cell in zip(head, line, strict=True):
            form.worksheets[0].cell(number, headings.index(heading) + 1).value = cell
    form.save(project.root / "sent/complaints.xlsx")
    for name, content in files().items():
        (project.root / name).write_text(content, "utf-8")
    return project, done | {words[0]: project.briefs(*words) for words in others}


def test_every_command_ends_as_the_page_says(followed):
    [of_rejected] = re.findall(r"有一行未采用，命令以(\d)结束", SECTION)
    assert {word: (done.returncode, done.stderr) for word, done in followed[1].items() if word != "build"} == {
        "templates": (0, ""), "ingest": (int(of_rejected), ""), "value": (0, ""),
    }  # fmt: skip


def test_the_ingest_says_what_the_page_says(followed):
    lines = followed[1]["ingest"].stdout.splitlines()
    cell, remedy = re.search(r"（`(文件《complaints\.xlsx》.*?)…(.*?)`）", SECTION).groups()
    [error] = [line for line in lines if line.startswith("错误")]
    assert error.removeprefix("错误").strip().startswith(cell)
    assert error.endswith(remedy)
    assert lines[-1].startswith(re.search(r"`(共读取\d+行：.*?)`", SECTION)[1])


def test_what_the_page_names_lies_where_it_says(followed):
    made = followed[0].root / "data/snapshots/own"
    assert (made / "report.json").is_file()
    page = (made / "report.html").read_text("utf-8")
    assert "各文件读取方式" in page and "法定代表人" not in page
    assert (made / "rejected/complaints.csv").is_file()
    assert [file.suffix for file in (made / "returned").iterdir()] == [".xlsx"]


def test_the_rejected_rows_are_mended_and_ingested_with_the_rest_as_it_says(followed):
    project, _ = followed
    file = project.root / "data/snapshots/own/rejected/complaints.csv"
    file.write_text(file.read_text("utf-8").replace('"兰洲"', '"兰州"'), "utf-8")
    words = shlex.split(re.search(r"`briefs (ingest sent [^`]*)`", SECTION)[1].replace("…", "mended"))
    assert project.briefs(*words).stdout.splitlines()[-1].startswith("共读取8行：采用7行，未采用1行。已写入mended，")


def test_the_number_is_that_of_the_page(followed):
    said = re.search(r"第一条答(\w+)，", SECTION)[1]
    assert followed[1]["value"].stdout.splitlines()[0].endswith(f"：{said}")


def test_the_pack_is_made(followed):
    project, done = followed
    assert done["build"].returncode == 0, done["build"].stderr
    assert (project.out / "2021/620100/city-brief.pdf").is_file()
    assert "市州报送数据" in (project.out / "2021/620100/city-brief.html").read_text("utf-8")
