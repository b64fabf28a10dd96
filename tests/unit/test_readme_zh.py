"""The two READMEs are one: the same sections in the same order, the same code blocks, tables and links; and both are short."""

import re

import pytest

from tests.helpers import ROOT

MOST_LINES = {"README.md": 120, "README.zh-CN.md": 150}
ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in MOST_LINES)
BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r" *(?<!\S)# .*$", re.MULTILINE)
DRAWING = "►"
SAID = "outputs/"  # in a block that shows what a command says
LINK = re.compile(r"\]\(([^)]+)\)")


def code(block):
    """Return a block without comments; of a drawing only its arrows, and of what a command says only paths and counts."""
    if SAID in block:
        return re.findall(r"[a-z0-9./]*[a-z0-9]/[a-z0-9./]*[a-z0-9]|[0-9]+", block)
    return re.sub(r"[^►─]+", " ", block) if DRAWING in block else COMMENT.sub("", block)


def sections(text):
    """Return the heading and the text of each section; the first is what stands above all of them."""
    return [part.partition("\n")[::2] for part in re.split(r"^(?=## )", text, flags=re.MULTILINE)]


def shape(section):
    """Return all of a section that is the same in every language; a page that is in both may be linked in either."""
    prose = BLOCK.sub("", section)
    return {
        "code blocks": [code(block) for block in BLOCK.findall(section)],
        "names": sorted({" ".join(name.split()) for name in re.findall(r"`([^`]+)`", prose)}),
        "links": sorted({target.replace(".en.md", ".md") for target in LINK.findall(prose) if target not in MOST_LINES}),
        "rows of tables": sum(line.startswith("|") for line in prose.splitlines()),
    }


def differences(english, chinese):
    """Return a sentence for each section that one README has and the other has not, or has otherwise."""
    ours, theirs = sections(english), sections(chinese)
    if len(ours) != len(theirs):
        headings = ", ".join(heading.removeprefix("## ") for heading, _ in ours[1:])
        return [
            f"README.md has {len(ours) - 1} sections and README.zh-CN.md {len(theirs) - 1}. Give both the same, in the order of README.md: {headings}."
        ]
    return [
        f"“{heading.strip('# ')}” of README.md and “{title.strip('# ')}” of README.zh-CN.md have other {what}: {before} and {after}."
        for (heading, text), (title, translated) in zip(ours, theirs, strict=True)
        for what, before in shape(text).items()
        if before != (after := shape(translated)[what])
    ]


def test_the_two_readmes_have_the_same_sections_code_names_links_and_tables():
    assert not (found := differences(ENGLISH, CHINESE)), "\n".join(found)


def test_each_readme_links_to_the_other_before_anything_else():
    for text, other in ((ENGLISH, "README.zh-CN.md"), (CHINESE, "README.md")):
        assert LINK.search(text)[1] == other


@pytest.mark.parametrize(("name", "most"), MOST_LINES.items())
def test_a_readme_is_short(name, most):
    assert len((ROOT / name).read_text("utf-8").splitlines()) <= most


def test_no_line_of_the_english_readme_is_longer_than_130_characters():
    assert [line for line in ENGLISH.splitlines() if len(line) > 130] == []


@pytest.mark.parametrize(
    ("english", "sentence"),
    [
        (
            "## A\n## New\n",
            "README.md has 2 sections and README.zh-CN.md 1. Give both the same, in the order of README.md: A, New.",
        ),
        ("## A\n`briefs new`\n", "“A” of README.md and “甲” of README.zh-CN.md have other names: ['briefs new'] and []."),
        ("## A\n[here](docs/new.md)\n", "“A” of README.md and “甲” of README.zh-CN.md have other links: ['docs/new.md'] and []."),
        (
            "## A\n```\nmake new  # at once\n```\n",
            "“A” of README.md and “甲” of README.zh-CN.md have other code blocks: ['```\\nmake new\\n```'] and [].",
        ),
        ("## A\n| a |\n", "“A” of README.md and “甲” of README.zh-CN.md have other rows of tables: 1 and 0."),
    ],
)
def test_what_the_english_readme_gains_is_asked_of_the_chinese(english, sentence):
    assert differences(english, "## 甲\n") == [sentence]


def test_only_comments_may_differ_in_code():
    english, chinese = "## A\n```\nid = '2021-#'  # the row\n```\n", "## 甲\n```\nid = '2021-#'  # 行号\n```\n"
    assert differences(english, chinese) == []
    assert len(differences(english, chinese.replace("2021", "2022"))) == 1
