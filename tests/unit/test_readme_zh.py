"""The two READMEs say the same: section by section, the same code, names, links and tables; only the prose is of each language."""

import re

import pytest

from tests.helpers import ROOT

NAMES = ("README.md", "README.zh-CN.md")
ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in NAMES)
MODULES = {
    file.stem for file in (ROOT / "lib/city_briefs").iterdir() if file.suffix == ".py" or (file / "__init__.py").is_file()
} - {"__init__"}
BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r" *(?<!\S)# .*$", re.MULTILINE)
DRAWING = "►"
LINK = re.compile(r"\]\(([^)]+)\)")


def code(block):
    """A block without its comments; the words of a drawing are explanations, and the modules in it have a test of their own."""
    return "a drawing" if DRAWING in block else COMMENT.sub("", block)


def sections(text):
    """Heading and text of each section; the first is what stands above all of them."""
    return [part.partition("\n")[::2] for part in re.split(r"^(?=## )", text, flags=re.MULTILINE)]


def held(section):
    """All of a section that is the same in every language."""
    prose = BLOCK.sub("", section)
    rows = [line for line in prose.splitlines() if line.startswith("|")]
    records = [row for row in rows if re.search(r"\d", row) and not re.search("[a-z]{2}", row)]
    return {
        *(f"code block {number}:\n{code(block)}" for number, block in enumerate(BLOCK.findall(section), start=1)),
        *(f"`{' '.join(name.split())}`" for name in re.findall(r"`([^`]+)`", prose)),
        *(f"the link to {target}" for target in LINK.findall(prose) if target not in NAMES),
        *(f"the row {row}" for row in records),
        f"rows of tables: {len(rows)}",
    }


def differences(english, chinese):
    """A sentence for each section that one README has and the other has not, or has otherwise."""
    ours, theirs = sections(english), sections(chinese)
    if len(ours) != len(theirs):
        return [
            f"README.md has {len(ours) - 1} sections and README.zh-CN.md {len(theirs) - 1}. Give both the same, in the order of README.md: "
            + ", ".join(heading.removeprefix("## ") for heading, _ in ours[1:])
        ]
    found = []
    for (heading, said), (named, repeated) in zip(ours, theirs, strict=True):
        lacking, alone = held(said) - held(repeated), held(repeated) - held(said)
        if lacking:
            found.append(
                f"README.zh-CN.md, “{named.strip('# ')}”, lacks what README.md, “{heading.strip('# ')}”, has. Add "
                + _list(lacking)
            )
        if alone:
            found.append(f"README.zh-CN.md, “{named.strip('# ')}”, has what README.md does not. Take out or mend " + _list(alone))
    return found


def _list(things):
    return ", ".join(sorted(things)) + "."


def test_the_chinese_readme_has_every_section_command_block_link_and_table_of_the_english():
    assert not (found := differences(ENGLISH, CHINESE)), "\n".join(found)


def test_each_readme_links_to_the_other_before_anything_else():
    for text, other in ((ENGLISH, "README.zh-CN.md"), (CHINESE, "README.md")):
        assert LINK.search(text)[1] == other


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_leads_to_a_file(name):
    targets = [target for target in LINK.findall((ROOT / name).read_text("utf-8")) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).is_file()] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_drawing_names_every_module(name):
    drawings = [block for block in BLOCK.findall((ROOT / name).read_text("utf-8")) if DRAWING in block]
    assert MODULES - set(re.findall(r"\w+", " ".join(drawings), re.ASCII)) == set(), (
        f"Add these modules to the drawing of {name}."
    )


@pytest.mark.parametrize(
    ("english", "sentence"),
    [
        (
            "## A\n## New\n",
            "README.md has 2 sections and README.zh-CN.md 1. Give both the same, in the order of README.md: A, New",
        ),
        ("## A\n`briefs new`\n", "README.zh-CN.md, “甲”, lacks what README.md, “A”, has. Add `briefs new`."),
        ("## A\n[here](docs/new.md)\n", "README.zh-CN.md, “甲”, lacks what README.md, “A”, has. Add the link to docs/new.md."),
        (
            "## A\n```\nmake new  # at once\n```\n",
            "README.zh-CN.md, “甲”, lacks what README.md, “A”, has. Add code block 1:\n```\nmake new\n```.",
        ),
    ],
)
def test_what_the_english_readme_gains_is_asked_of_the_chinese(english, sentence):
    assert differences(english, "## 甲\n") == [sentence]


def test_only_comments_may_differ_in_code():
    english, chinese = "## A\n```\nid = '2021-#'  # the row\n```\n", "## 甲\n```\nid = '2021-#'  # 行号\n```\n"
    assert differences(english, chinese) == []
    assert len(differences(english, chinese.replace("2021", "2022"))) == 2
