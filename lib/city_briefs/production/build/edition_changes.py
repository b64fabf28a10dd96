"""本版与上版的变化: what an edition says otherwise than the one issued before it, and because of what."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from city_briefs.common import files, paths
from city_briefs.common.block_schema import printed_fields
from city_briefs.common.blocks import Block
from city_briefs.production.editions import content, register
from city_briefs.production.editions.figure_diff import Moved, moved
from city_briefs.production.packs.edition import Edition, day
from city_briefs.production.packs.plan import PackInputs, PackRequest

REFERENCE = "data/reference/"  # where inputs lie that are data
NO_DATA = tuple(f"{REFERENCE}{name}" for name in ("reported.csv", "rules.toml", "figures.csv"))  # definitions and rules
NOTES = "data/notes/"
DATA, DEFINITION, TEXT, PROGRAM = "数据更新", "口径调整", "文字修改", "程序调整"
Notebooks = Mapping[str, content.Notebook]  # executed chapters by name
NOTHING = "各项数据和文字均无变化，仅版式或程序有调整"


def lines(inputs: PackInputs, before: Edition, bound: NotebookNode, titles: Mapping[str, str]) -> list[str]:
    """A line on the edition before, one for each metric of the region that moved, and one on the chapters that were written anew.

    `titles` are those of the chapters by name. What the register does not hold as it was issued is a DataError.
    """
    request, now = inputs.request, inputs.lineage
    blocks = content.blocks(bound)
    issued = _issued(before)
    executed = {chapter.name: json.loads(files.read_text(chapter.executed)) for chapter in request.chapters}
    rewritten = {
        name for name in issued.keys() & executed.keys() if content.source(issued[name]) != content.source(executed[name])
    }
    older = [block for notebook in issued.values() for block in content.blocks(notebook)]
    figures = moved(older, blocks)
    of_region = [figure for figure in figures if figure.region == request.region.code]
    names = {view: name for block in (*older, *blocks) for view, name in block["views"].items()}
    tables = _changed(before.entry.get("tables", {}), now["tables"])
    cited = any(
        name.startswith(REFERENCE) and name not in NO_DATA for name in _changed(before.entry.get("inputs", {}), now["inputs"])
    )
    of_data = {
        card["id"] for block in (*older, *blocks) for card in block["metrics"] if cited or tables & set(card.get("tables", ()))
    }
    changed = [*_of_metrics(of_region, request, names, of_data), *_of_text(before.entry, now, rewritten, titles)]
    if listed := [titles[name] for name in _listed(inputs, before, issued, executed) if name not in rewritten]:
        changed.append(f"清单、表格或文字有变动的章节：{'、'.join(listed)}（{DATA if tables or cited else PROGRAM}）")
    if others := sum(bool(_moved(figure, request, names)) for figure in figures if figure.region != request.region.code):
        changed.append(f"其他地区的数据另有{others}项变动")
    last = f"上版为{before.name}，{day(before.entry['approval']['issued_on'])}签发"
    return [last, *(changed or [NOTHING])]


def _issued(edition: Edition) -> Notebooks:
    """The chapters of an edition in the register, as they were executed."""
    try:
        return content.issued_notebooks(Path(str(edition.folder)), edition.entry)
    except (OSError, ValueError) as error:
        raise register.damaged(Path(error.filename if isinstance(error, OSError) else error.args[-1])) from None


def _listed(inputs: PackInputs, before: Edition, issued: Notebooks, executed: Notebooks) -> Iterator[str]:
    """The chapters that print something else, though the remark is as it was and none of their figures moved."""
    request, now = inputs.request, inputs.lineage
    for name in (name for name in executed if name in issued):
        remark = paths.note(request.period.slug, request.region.code, name).relative_to(paths.root()).as_posix()
        if before.entry.get("inputs", {}).get(remark) == now["inputs"].get(remark):
            old, new = content.blocks(issued[name]), content.blocks(executed[name])
            if _printed(old) != _printed(new) and all(figure.before == figure.after for figure in moved(old, new)):
                yield name


def _printed(shown: Iterable[Block]) -> list[dict[str, Any]]:
    return [printed_fields(block) for block in shown]


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    """The names that stand for something else now."""
    return {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}


def _of(inputs: Mapping[str, str], folder: str) -> dict[str, str]:
    return {name: made for name, made in inputs.items() if name.startswith(folder)}


def _of_metrics(figures: Iterable[Moved], request: PackRequest, names: Mapping[str, str], of_data: set[str]) -> Iterator[str]:
    """A line for each metric with all that moved of it; `of_data` are those whose data changed."""
    by_label = sorted(figures, key=lambda figure: figure.metric)  # stable: in the order in which they are printed
    order = {figure.metric: place for place, figure in reversed(list(enumerate(figures)))}
    groups = {metric: list(of_metric) for metric, of_metric in groupby(by_label, key=lambda figure: figure.metric)}
    for of_metric in (groups[metric] for metric in sorted(groups, key=lambda metric: order[metric])):
        phrases = [words for figure in of_metric if (words := _moved(figure, request, names))]
        if phrases:
            yield f"{of_metric[0].label}：{'；'.join(phrases)}（{_cause(of_metric, of_metric[0].metric in of_data)}）"


def _cause(figures: list[Moved], data: bool) -> str:
    """Because of what the figures of a metric moved: one that is only said now, or no more, is a matter of text."""
    stated = [figure for figure in figures if figure.before is not None and figure.after is not None]
    causes = [DEFINITION] if any(figure.redefined for figure in stated) else []
    causes += [DATA] if data and stated else []
    causes += [TEXT] if len(stated) < len(figures) else []
    return "、".join(causes or [PROGRAM])


def _moved(figure: Moved, request: PackRequest, names: Mapping[str, str]) -> str:
    """What moved: 本期数35.33万户→35.35万户（+200户）; empty when nothing that is printed did."""
    where = "".join(filter(None, [f"{figure.year}年" if figure.year != request.period.year else "", figure.area, figure.part]))
    what = f"{where}{names.get(figure.view, figure.view)}"
    if figure.value_before is None and figure.value_after is None:
        return ""  # neither has a number, for whatever reasons
    if figure.value_before is None:
        return f"{what}本版新列，为{figure.after}"
    if figure.value_after is None:
        return f"{what}不再列，上版为{figure.before}{f'（{figure.after}）' if figure.after else ''}"
    if figure.before != figure.after:
        return f"{what}{figure.before}→{figure.after}{_difference(figure)}"
    difference = _difference(figure)
    return f"{what}{figure.after}，按所列位数不变{difference}" if difference else ""


def _difference(figure: Moved) -> str:
    """By how much a value moved, in brackets; nothing of other views, whose words say it."""
    if figure.view != "value" or figure.value_before is None or figure.value_after is None:
        return ""
    amount = f"{figure.value_after - figure.value_before:+,.2f}".rstrip("0").rstrip(".")
    return f"（{amount}{'个百分点' if figure.unit == '%' else figure.unit}）" if amount not in ("+0", "-0") else ""


def _of_text(before: Mapping[str, Any], now: Mapping[str, Any], rewritten: set[str], titles: Mapping[str, str]) -> Iterator[str]:
    """The chapters that were written anew, came or went, and whether a remark was."""
    old, new = before["chapters"], now["chapters"]
    written = [titles[name] for name in new if name in rewritten]
    for heading, named in (("正文有修改的章节", written), ("新增的章节", [titles[name] for name in new if name not in old])):
        if named:
            yield f"{heading}：{'、'.join(named)}"
    if gone := [name for name in old if name not in new]:
        yield f"不再编入的章节：{len(gone)}个"
    if _of(before["inputs"], NOTES) != _of(now["inputs"], NOTES):
        yield "分析说明有修改"
    if content.ENTRY in _changed(before["inputs"], now["inputs"]):
        yield "文档名称、密级、报送对象、版面或章节编排有调整"
