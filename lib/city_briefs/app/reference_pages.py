"""The pages of docs that are made from the code: docs/cli.md, docs/metrics.md, docs/chapter-calls.md and docs/blocks.md.

`make docs` writes them all, by `python -m city_briefs.app.reference_pages`.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

import typer
from typer.cli import get_docs_for_click

from city_briefs import notebook
from city_briefs.analysis import catalogue_page
from city_briefs.analysis.assessments.claims import GUARDS
from city_briefs.app.cli.app import app
from city_briefs.common import atomic_files, block_schema, blocks, paths, theme
from city_briefs.common.terminal import say
from city_briefs.production.export import docx, html, pdf, xlsx

REMEDY = "This page is made from the code by `make docs`; do not edit it."
CLI = f"""# The command `briefs`

{REMEDY} `python -m city_briefs` is the same command.

A mistake is a sentence on stderr. The exit code says of which kind it is: 2 asked for wrongly, 3 data rejected, 4 some packs not made or
not delivered, 5 none, 6 packs that are not as they were made, 130 stopped."""
CALLS = f"""# 章节里的调用 · The calls of a chapter

{REMEDY}

`from city_briefs.notebook import *` gives a chapter every metric under its id ([metrics.md](metrics.md)) and these calls. A call reads the
parameters of the notebook and shows one block; `per_day`, `share` and `projection` give a figure to `headlines`. `*metrics` stands for
one metric or several."""
SCHEMA = f"""# Blocks

{REMEDY} The schema is `lib/city_briefs/common/blocks.py`.

A block is what a cell of a chapter shows: plain JSON of one of these kinds, in an output of type `{theme.MIME}`.
A field that may be absent is left out where it does not apply. A block that has a field too many or too few, or of another type, is
refused where it is written and where it is read.

*Printed* says whether a document has the words of a field: *yes*, as words of its chapter; *elsewhere*, in the appendix, the workbook,
the head or the colophon; or *never*. A field of a part is printed where the part is. What is printed as words of a chapter and is
another in the next edition is listed there as a change. *Not said* is what makes no new edition. *Not in* are the formats that do not
show a field that is printed; the reasons stand at the end."""
NOT_SHOWN = {"HTML": html.NOT_SHOWN, "PDF": pdf.NOT_SHOWN, "DOCX": docx.NOT_SHOWN, "XLSX": xlsx.NOT_SHOWN}
CLAIMS = "结论性表述 Claims"
GROUPS: Mapping[str, tuple[str, ...]] = {
    "一页看懂 Page one": ("page_one",),
    "数字和句子 Numbers and sentences": ("headlines", "per_day", "share", "projection", "say", "remark"),
    "图 Charts": (
        "rates",
        "spine",
        "funnel",
        "months",
        "slope",
        "bullets",
        "hazard_ages",
        "trend",
        "monthly",
        "ranking",
        "distribution",
        "tiles",
    ),
    "表 Tables": (
        "overview",
        "exceptions",
        "all_metrics",
        "places",
        "breakdown",
        "matrix",
        "against",
        "compare",
        "heat",
        "leaders",
        "where_to_look",
        "standing_out",
        "strengths",
        "signals",
    ),
    "变动的原因 Why it moved": ("why", "reason", "contribution", "decompose"),
    CLAIMS: ("claim",),
    "安全形势 The safety situation": ("judgement", "judgement_rule", "hazard_list"),
    "黄灯警示 Yellow lights": ("lights", "light_steps", "lights_by_city", "unjudged_lights", "light_rules"),
    "目标进度 Targets": ("target_lights", "targets", "target_bars", "targets_by_city", "targets_ahead"),
    "年度工作报告 The yearly work report": ("report_figures", "report_claims", "report_praises"),
    "指标手册 The manual of metrics": ("comparison_guide", "metric_manual"),
    "专题分析 Own analysis": ("chart", "table"),
    "查找和查看依据 Finding, and looking behind a number": ("find", "preview", "explain"),
}


def cli() -> str:
    """The page of the command: its options, and each command by groups, as typer describes them."""
    command = typer.main.get_command(app)
    assert isinstance(command, typer.core.TyperGroup)
    context = typer.Context(command, info_name="briefs")
    alone = typer.core.TyperCommand("briefs", params=command.params)
    parts = [CLI, get_docs_for_click(obj=alone, ctx=context, name="briefs").partition("\n\n")[2]]
    for group, commands in groupby(command.commands.values(), key=lambda each: getattr(each, "rich_help_panel", "")):
        parts.append(f"## {group}")
        parts += [get_docs_for_click(obj=each, ctx=context, indent=2, call_prefix="briefs") for each in commands]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def chapter_calls() -> str:
    """The page of the calls: each with its signature and docstring, by what they are for."""
    return "\n\n".join([CALLS, *_calls()]) + "\n"


def _calls() -> Iterator[str]:
    for heading, names in GROUPS.items():
        yield f"## {heading}"
        for name in names:
            call = getattr(notebook, name)
            yield f"### `{name}{_signature(call)}`"
            yield inspect.getdoc(call) or ""
        if heading == CLAIMS:
            for name, guard in GUARDS.items():
                yield f"### `claim({name}, metric)`"
                yield inspect.getdoc(guard) or ""


def _signature(call: Callable[..., object]) -> str:
    """The parameters as somebody writes them, without types."""
    signature = inspect.signature(call)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def blocks_of_chapters() -> str:
    """The page of the schema: the fields of every kind of block, and of the parts that they are made of."""
    shared = [f"## Every kind\n\n{inspect.getdoc(blocks.Stated)}\n\n{_table(blocks.Stated)}"]
    kinds = [f"## {name}\n\n{inspect.getdoc(kind)}\n\n{_table(kind)}" for name, kind in block_schema.KINDS.items()]
    parts = [f"### {part.__name__}\n\n{inspect.getdoc(part)}\n\n{_table(part)}".strip() for part in block_schema.parts()]
    reasons = [f"- {form}: {reason}." for form, left_out in NOT_SHOWN.items() for reason in dict.fromkeys(left_out.values())]
    why = "## Why a format leaves something out\n\n" + "\n".join(reasons)
    return "\n\n".join([SCHEMA, *shared, *kinds, "## Parts", *parts, why]) + "\n"


def _table(shape: type) -> str:
    """The fields of a kind or part as a table of Markdown; those that every kind has stand in a table of their own."""
    shared = set() if shape is blocks.Stated else {*block_schema.fields(blocks.Stated)}
    rows = [_row(shape, name, field) for name, field in block_schema.fields(shape).items() if name not in shared]
    return "\n".join(rows and ["| field | type | printed | not in | meaning |", "|---|---|---|---|---|", *rows])


def _row(shape: type, name: str, field: block_schema.Field) -> str:
    printed = {blocks.NOT_PRINTED: "never", blocks.PRINTED_ELSEWHERE: "elsewhere"}
    where = next((words for trait, words in printed.items() if trait in field.traits), "yes")
    left_out = [form for form, names in NOT_SHOWN.items() if f"{shape.__name__}.{name}" in names]
    kind = block_schema.type_text(field.type) + ("" if field.required else "; may be absent")
    mark = "; not said" if blocks.NOT_SAID in field.traits else ""
    return f"| `{name}` | {kind} | {where}{mark} | {', '.join(left_out)} | {field.meaning} |"


PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli,
    "metrics.md": catalogue_page.markdown,
    "chapter-calls.md": chapter_calls,
    "blocks.md": blocks_of_chapters,
}


def write(docs: Path) -> list[Path]:
    """Write every page into the folder of the documents, and return where they lie."""
    for name, page in PAGES.items():
        atomic_files.write_whole(docs / name, page())
    return [docs / name for name in PAGES]


if __name__ == "__main__":
    for page in write(paths.root() / "docs"):
        say(paths.shown(page))
