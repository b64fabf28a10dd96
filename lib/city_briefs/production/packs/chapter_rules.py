"""The rules that every chapter keeps, so that anyone can read, review and run it. A breach is a sentence with its remedy.

They are about the notebook as it is written: outputs and execution counts, as JupyterLab saves them, are no concern of theirs.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.production.packs import old_imports, parameter_cell, text_rules
from city_briefs.production.packs.chapter_notebook import TAG, Cell, ChapterNotebook, read
from city_briefs.production.packs.packs_toml import Pack, check_chapter

NAME = re.compile(r"[a-z]+(-[a-z]+)*")
TOPIC = re.compile(r"# \S+")
LIBRARY = "from city_briefs.notebook import *"
MOST_CODE_CELLS = 15
KINDS = ("markdown", "code")
PYTHON = "python3"
KERNELS = (PYTHON, "warm")
Faults = Callable[[str, str], Iterable[tuple[int, str]]]  # of the code of a cell and the level: line, and what follows the place
OwnFaults = Callable[
    [Sequence[str], Path], Iterable[tuple[int, int, str]]
]  # of all code of an analysis chapter: cell, line, words
Advice = Callable[[str], Iterable[tuple[int, str]]]  # of the code of a cell


def findings(notebook: Path, packs: Mapping[str, Pack], faults: Faults, own_faults: OwnFaults | None = None) -> list[str]:
    """Return what a notebook has that a chapter may not have, in the order of the rules; empty when it keeps them all.

    `faults` looks at the code of a cell in a chapter of a level, and `own_faults` at all code of an analysis chapter, which may have
    comments; without it that is held to the rules of any other. How a chapter fits its packs is asked of one that keeps the other rules.
    """
    try:
        chapter = read(notebook)
        chapter = replace(chapter, cells=tuple(cell for cell in chapter.cells if not cell.is_preview))
    except UsageError as error:
        return [str(error)]
    is_own = own_faults is not None and any(notebook.stem in pack.analysis for pack in packs.values())
    rules = [rule for rule in RULES if not (is_own and rule is _uncommented)]
    breaches = [finding for rule in rules for finding in rule(chapter)]
    level = parameter_cell.level(chapter.cells[1]) if len(chapter.cells) > 1 else ""
    calling = _calling(chapter)
    if is_own and own_faults:
        found = own_faults([cell.source for cell in calling], notebook.with_suffix(""))
        breaches += [f"{calling[at].at(line)}{fault}" for at, line, fault in found]
    else:
        breaches += [f"{cell.at(line)}{fault}" for cell in calling for line, fault in faults(cell.source, level)]
    return breaches or list(_in_packs(notebook, packs.values()))


def advice(notebook: Path, better: Advice) -> list[str]:
    """Return what may be written better in a notebook that breaks no rule; `better` looks at the code of a cell."""
    return [f"{cell.at(line)}{words}" for cell in _calling(read(notebook)) for line, words in better(cell.source)]


def _named(chapter: ChapterNotebook) -> Iterator[str]:
    name = f"{chapter.name}.ipynb"
    if not NAME.fullmatch(chapter.name):
        yield chosen(
            f"{name} is not named by its topic in small letters and hyphens, such as market-order.ipynb.",
            f"{name}的文件名应为主题，用小写字母和连字符，如market-order.ipynb。",
        )


def _of_kernel(chapter: ChapterNotebook) -> Iterator[str]:
    name, language = chapter.kernel.get("name", PYTHON), chapter.kernel.get("language", "python")
    if name not in KERNELS or language != "python":  # one that names none, as other editors save it, runs as Python all the same
        yield f"{chapter.name}.ipynb" + chosen(
            f" is set to the kernel '{name}'. Choose Kernel → Change Kernel → Python 3 (ipykernel) in JupyterLab, and save it.",
            f"所用内核是“{name}”。请在JupyterLab里选Kernel → Change Kernel → Python 3 (ipykernel)，再保存。",
        )


def _identified(chapter: ChapterNotebook) -> Iterator[str]:
    count = Counter(cell.id for cell in chapter.cells)
    for cell in chapter.cells:
        if not cell.id or count[cell.id] > 1:
            held = (
                chosen(f" shares the id '{cell.id}' with another cell", f"的编号“{cell.id}”与另一个单元格相同")
                if cell.id
                else chosen(" has no id", "没有编号")
            )
            yield f"{cell.at()}{held}" + chosen(". Give it one of its own, such as cases-trend.", "。请另给一个，如cases-trend。")


def _of_kinds(chapter: ChapterNotebook) -> Iterator[str]:
    """Every cell is Markdown or code, and something stands in it."""
    for cell in chapter.cells:
        if cell.kind not in KINDS:
            yield cell.at() + chosen(
                f" is a {cell.kind} cell, which no document prints. Make it Markdown or Code, or take it out.",
                f"是{cell.kind}单元格，简报里不会印出来。请改为Markdown或Code，或去掉。",
            )
        elif cell.is_empty:
            yield cell.at() + chosen(" is empty. Click beside it and press D twice.", "是空的。请点它的左侧，按两次D键去掉。")


def _once(chapter: ChapterNotebook) -> Iterator[str]:
    """No cell says what another has said, and only one has the parameters."""
    first: dict[str, Cell] = {}
    for cell in chapter.cells:
        if cell.kind in KINDS and not cell.is_empty and not _is_remark(cell):
            content = f"{cell.kind} {_layout_apart(cell)}"
            if before := first.get(content):
                yield cell.at() + chosen(
                    f" is the same as cell {before.place}. Take one of them out.", f"与cell {before.place}相同。请去掉一个。"
                )
            first.setdefault(content, cell)
        if TAG in cell.tags and cell not in chapter.cells[:2]:
            yield cell.at() + chosen(
                f" has the tag {TAG}, which is for cell 2 alone. Take the tag off.",
                f"有标签{TAG}，只有cell 2可以有。请去掉标签。",
            )


def _layout_apart(cell: Cell) -> str:
    """Return the source of a cell without what is layout."""
    if cell.kind == "code":
        try:
            return ast.unparse(ast.parse(cell.source))
        except (SyntaxError, ValueError):
            pass
    return cell.source.strip()


def _begun(chapter: ChapterNotebook) -> Iterator[str]:
    """The topic, the parameters and the library are the first three cells, and are just that."""
    topic, parameters, library = (*chapter.cells, None, None, None)[:3]
    name = f"{chapter.name}.ipynb"
    if not (topic and topic.kind == "markdown" and TOPIC.fullmatch(topic.source)):
        yield chosen(
            f"{name}, cell 1 is not its topic. The first cell is one heading, such as “# 市场秩序”.",
            f"{name}, cell 1不是标题。第一个单元格只写一行标题，如“# 市场秩序”。",
        )
    if not (parameters and parameters.kind == "code" and parameters.tags == (TAG,)):
        yield chosen(
            f"{name}, cell 2 is not its parameters. They stand there, and the cell has the tag parameters.",
            f"{name}, cell 2不是参数。参数写在这里，单元格加标签parameters。",
        )
    else:
        yield from parameter_cell.faults(parameters)
    if any(old_imports.OLD.search(cell.source) for cell in chapter.of("code")):
        yield old_imports.remedy(Path(name))
    elif not (library and library.kind == "code" and library.source.strip() == LIBRARY):
        yield chosen(
            f"{name}, cell 3 does not import the library. The cell is: {LIBRARY}.",
            f"{name}, cell 3没有导入。这个单元格写：{LIBRARY}。",
        )


def _uncommented(chapter: ChapterNotebook) -> Iterator[str]:
    for cell in _calling(chapter):
        for line, code in cell.lines:
            if "#" in code:
                yield cell.at(line) + chosen(
                    " has a comment. What has to be said stands in the question; what is not used goes.",
                    "有注释。要说明的写在问题里，不用的去掉。",
                )


def _calling(chapter: ChapterNotebook) -> list[Cell]:
    """Return the cells of code after those that begin a chapter, up to the remark."""
    return [cell for cell in chapter.of("code") if cell not in chapter.cells[:3] and not _is_remark(cell)]


def _short(chapter: ChapterNotebook) -> Iterator[str]:
    for cell in chapter.of("code")[MOST_CODE_CELLS : MOST_CODE_CELLS + 1]:
        yield cell.at() + chosen(
            f" is one cell of code too many. A chapter has at most {MOST_CODE_CELLS}: part it in two.",
            f"超出了一章的代码单元格数。一章至多{MOST_CODE_CELLS}个，请分成两章。",
        )


def _is_remark(cell: Cell) -> bool:
    return cell.source.startswith("remark(")


def _remarked(chapter: ChapterNotebook) -> Iterator[str]:
    call = f'remark("{chapter.name}")'
    cells = [cell for cell in chapter.cells if not cell.is_empty]
    for cell in cells[-1:]:
        if cell.source.strip() != call:
            yield cell.at(1) + chosen(
                f" is not the analyst's remark. The last cell is: {call}.", f"不是分析说明。最后一个单元格写：{call}。"
            )
    for cell in cells[:-1]:
        if _is_remark(cell):
            yield cell.at(1) + chosen(
                f" is a remark before the end. Only the last cell is one: {call}.",
                f"分析说明没有放在最后。只有最后一个单元格写：{call}。",
            )


def _in_packs(notebook: Path, packs: Iterable[Pack]) -> Iterator[str]:
    """A chapter is in a pack and takes the parameters of each that it is in."""
    of_chapter = [pack for pack in packs if notebook.stem in pack.all_chapters]
    if not of_chapter:
        yield chosen(
            f"{notebook.name} is in no pack. Add '{notebook.stem}' to the chapters of one in packs.toml.",
            f"{notebook.name}没有排进任何简报。请在packs.toml里把“{notebook.stem}”加进一份简报的chapters。",
        )
    for pack in of_chapter:
        try:
            check_chapter(pack, notebook)
        except UsageError as error:
            yield str(error)


RULES = (
    _named, _of_kernel, _identified, _of_kinds, _once, _begun, text_rules.headed, text_rules.computed, text_rules.pictured, _uncommented,
    _short, _remarked,
)  # fmt: skip
