"""Analysis chapters: what an analyst has computed, labelled 专题分析 in a pack, with every figure in words and none lost."""

import copy
import json
import re
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

from city_briefs.common.block_schema import is_block
from city_briefs.common.errors import PackError
from city_briefs.common.language import chosen
from city_briefs.common.theme import MIME
from city_briefs.production.export import parts, pictures
from city_briefs.production.packs.chapter_notebook import INJECTED

LABEL = "专题分析"
SAID = "本章为专题分析，由分析人员自行计算，口径不在指标口径手册内。"
HEADING = re.compile(r"#+ +(\S.*)")
RETURNED = re.compile(
    r"<(?:matplotlib|seaborn)\.|<Axes|<Figure|<\w+Container|\bText\("
)  # what drawing gives back, as Python writes it
PYTHON = re.compile(  # what print writes of an object that has no words of its own
    r"<[\w.]+(?: object)? at 0x|"
    r"<(?:class|function|module|bound method|generator) |\bnp\.\w+\(|\bdtype: |<Metric |\b(?:Timestamp|Decimal)\('"
)
LONGEST = 24  # characters of it in a sentence
PICTURE = "image/"  # the beginning of its types


def labelled(chapter: str, notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells of an analysis chapter as a pack has them: its topic labelled, and words for each picture.

    What Python writes of an object that a call of drawing gave back is left out; what it drew stays.

    Raises:
        PackError: a cell shows an object as Python writes it, or a picture that cannot be read.
    """
    for place, cell in enumerate(_written(notebook), start=1):
        for output in cell.get("outputs", []):
            _check(f"{chapter}.ipynb", place, output)
    cells: list[NotebookNode] = []
    section = ""
    for original in notebook.cells:
        cell = copy.deepcopy(original)
        if cell.cell_type == "markdown" and (heading := HEADING.match(cell.source)):
            section = heading[1]
        if cell.cell_type == "code":
            cell.outputs = [_in_words(output, section) for output in cell.outputs if not _is_returned(output)]
        cells.append(cell)
        if len(cells) == 1 and cell.cell_type == "markdown":
            cell.source = re.sub(r"\A# +", f"# {LABEL}：", cell.source)
            cells.append(nbformat.v4.new_markdown_cell(SAID))
    return cells


def check_none(chapter: str, notebook: NotebookNode) -> None:
    """See that a chapter that is no analysis chapter shows nothing that an analyst computed.

    Raises:
        PackError: it does.
    """
    for place, cell in enumerate(_written(notebook), start=1):
        for output in cell.get("outputs", []):
            block = output.get("data", {}).get(MIME)
            if is_block(block) and block.get("own"):
                raise PackError(
                    chosen(
                        f"{chapter}.ipynb, cell {place} shows a {block['kind']} of its own, and is no analysis chapter. "
                        "Add the chapter to analysis = […] of its pack in packs.toml, or take the cell out.",
                        f"{chapter}.ipynb, cell {place}里有自行计算的图表，而本章不是专题分析。"
                        "请在packs.toml里把本章加进简报的analysis = […]，或去掉这个单元格。",
                    )
                )


def _written(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells as their author counts them."""
    return [cell for cell in notebook.cells if INJECTED not in cell.metadata.get("tags", ())]


def _check(name: str, place: int, output: Mapping[str, Any]) -> None:
    """See that an output is one that a reader can read.

    Raises:
        PackError: it is none.
    """
    data = output.get("data", {})
    said = data.get("text/plain", "") if set(data) == {"text/plain"} and not _is_returned(output) else ""
    if output.get("name") == "stdout" and (found := PYTHON.search(output["text"])):
        said = output["text"][found.start() :]
    if said:
        words = " ".join(said.split())
        words = words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
        raise PackError(
            chosen(
                f"{name}, cell {place} shows '{words}', as Python writes it. Write table(df, …) of a table and print(f\"…\") of a number, "
                "or end the line with ; to show nothing.",
                f"{name}第{place}个单元格显示的是“{words}”，是Python的写法，读者看不懂。"
                '表请用table(df, …)，数请用print(f"…")；不用显示的，在行末加;。',
            )
        )
    for kind in parts.PICTURES:
        if kind in data and kind != "image/svg+xml" and not pictures.printed(parts.picture_bytes(kind, data[kind])):
            raise PackError(
                chosen(
                    f"{name}, cell {place} shows a picture ({kind}) that cannot be read. Have the cell draw it again, or take it out.",
                    f"{name}第{place}个单元格显示的图片（{kind}）无法读取。请重新绘制，或删去。",
                )
            )


def _is_returned(output: Mapping[str, Any]) -> bool:
    """Return whether an output is what Python writes of an object such as an axis, and nothing else."""
    data = output.get("data", {})
    return output["output_type"] == "execute_result" and set(data) == {"text/plain"} and bool(RETURNED.search(data["text/plain"]))


def _in_words(output: NotebookNode, section: str) -> NotebookNode:
    """Return an output with words for its picture: its own, the title of its figure, or those of its section."""
    data = output.get("data", {})
    if any(kind.startswith(PICTURE) for kind in data):
        metadata = output.setdefault("metadata", {})
        alt = metadata.get("alt") or _said_of_picture(metadata) or _title(data) or f"“{section}”一节的图"
        metadata["alt"] = alt
    elif any(kind.startswith(start) for kind in data for start, _ in parts.UNPRINTED):
        data.pop("text/plain", None)  # which says that there is nothing to see
    return output


def _said_of_picture(metadata: Mapping[str, Any]) -> str:
    """Return the words that come with a picture, as our kernels give them by its type."""
    return next((kind["alt"] for kind in metadata.values() if isinstance(kind, Mapping) and kind.get("alt")), "")


def _title(data: Mapping[str, Any]) -> str:
    """Return the title of a figure of Plotly or Altair; empty without one."""
    for kind, figure in data.items():
        figure = json.loads(figure) if isinstance(figure, str) and kind.endswith("json") else figure
        if isinstance(figure, Mapping):
            title = figure.get("layout", figure).get("title")
            title = title.get("text") if isinstance(title, Mapping) else title
            if isinstance(title, str) and title.strip():
                return re.sub(r"<[^>]+>", "", title).strip()
    return ""
