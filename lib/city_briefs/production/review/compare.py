"""What differs between two folders of packs: the figures and the words of every pack that both hold, and the packs of only one."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from city_briefs.common import files, paths
from city_briefs.common.block_schema import printed_fields
from city_briefs.common.blocks import Block
from city_briefs.common.errors import DataError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import YTD, Period, Span
from city_briefs.common.regions import read
from city_briefs.common.theme import definition
from city_briefs.production.build import outputs
from city_briefs.production.editions import content, manifest
from city_briefs.production.editions.figure_diff import Moved, moved
from city_briefs.production.review.rewording import Rewritten, rewritten

FEW = 8  # figures of a pack, and lines of a chapter, that a person is shown
SENTENCE = re.compile(r"(?<=[。；])(?!$)")
APPENDIX = "附录"
NOT_COMPARED = {  # of the schema of blocks, what is printed and told by another field, or is not of the chapters
    "FigureRecord.unit": "its text has it",
    "FigureRecord.numerator": "its value moves with it",
    "FigureRecord.denominator": "its value moves with it",
    **dict.fromkeys((f"FigureRecord.{name}" for name in ("interval", "verdict", "pending")), "its text says what it means"),
    "SnapshotStamp.id": "that of another snapshot is always another",
    "SnapshotStamp.notice": "of the snapshot, which the manifest names",
    **dict.fromkeys(
        (f"MetricCard.{name}" for name in ("unit", "owner", "sources", "caveats", "doubts", "comparisons", "revisions")),
        "of the catalogue and the data",
    ),
    **dict.fromkeys(
        (f"CorrectionRecord.{name}" for name in ("said", "more")), "of the snapshot before, not of the edition before"
    ),
}
Pack = tuple[str, str, str]  # period, region, pack
Notebook = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """How a pack differs from the one of the same region and period in the other folder; `title` is that of its documents."""

    pack: Pack
    name: str
    title: str
    figures: list[Moved]
    words: list[Rewritten]

    def record(self) -> dict[str, Any]:
        """As `briefs compare --json` prints it."""
        period, region, pack = self.pack
        return {
            "pack": pack, "region": region, "period": period, "name": self.name,
            "figures": [item.record() for item in self.figures],
            "words": [
                {"chapter": item.chapter, "before": item.before, "after": item.after, "reordered": item.reordered} for item in self.words
            ],
        }  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """The packs that differ, how many were compared, those of only one folder, and the names of regions by their codes.

    `notices` are what the documents say of their data, such as that they are synthetic, each once.
    """

    differing: list[Difference]
    compared: int
    only_before: list[Pack]
    only_after: list[Pack]
    names: Mapping[str, str]
    notices: list[str]

    def record(self) -> dict[str, Any]:
        """As `briefs compare --json` prints it."""
        only = {
            name: [dict(zip(("period", "region", "pack"), item, strict=True)) for item in packs]
            for name, packs in (("only_old", self.only_before), ("only_new", self.only_after))
        }
        return {"compared": self.compared, "differing": [item.record() for item in self.differing], **only}


def holds_packs(folder: Path) -> bool:
    """Whether a folder is one of packs."""
    return any(_manifests(folder))


def compare(old: Path, new: Path) -> Comparison:
    """The packs of one folder of outputs beside those of another. A folder without packs is a UsageError."""
    before, after = _packs(old), _packs(new)
    names = {region.code: region.name for region in read(paths.reference() / "regions.csv").all}
    names |= {region: entry["name"] for packs in (before, after) for (_, region, _), (_, entry) in packs.items()}
    both = [pack for pack in after if pack in before]
    entries = [entry for packs in (before, after) for _, entry in packs.values()]
    notices = dict.fromkeys(filter(None, (entry["snapshot"].get("notice", "") for entry in entries)))
    differences = (_difference(pack, before[pack], after[pack]) for pack in both)
    return Comparison(
        [difference for difference in differences if difference], len(both),
        [pack for pack in before if pack not in after], [pack for pack in after if pack not in before], names,
        list(notices),
    )  # fmt: skip


def _manifests(folder: Path) -> Iterator[Path]:
    """The manifests of the packs below a folder; not those of drafts, or of what a build keeps or is making."""
    for file in sorted(folder.rglob(manifest.MANIFEST)):
        parts = file.relative_to(folder).parts
        if outputs.INCOMPLETE not in parts and not any(part.startswith(".") for part in parts):
            yield file


def _packs(folder: Path) -> dict[Pack, tuple[Path, dict[str, Any]]]:
    """Where each pack lies, and what its manifest says of it."""
    packs = {
        (entry["period"], entry["region"], pack): (file.parent, entry)
        for file in _manifests(folder)
        for pack, entry in manifest.read(file.parent).items()
    }
    if not packs:
        raise UsageError(
            chosen(
                f"{paths.shown(folder)} holds no packs. Name a folder that `briefs build` has made, such as outputs.",
                f"{paths.shown(folder)}里没有简报。请指定`briefs build`编制的文件夹，如outputs。",
            )
        )
    return dict(sorted(packs.items()))


def _difference(pack: Pack, before: tuple[Path, dict[str, Any]], after: tuple[Path, dict[str, Any]]) -> Difference | None:
    """How two editions of a pack differ; None when they say the same."""
    old, new = ({name: _notebook(folder, name) for name in entry["chapters"]} for folder, entry in (before, after))
    blocks = [[block for notebook in notebooks.values() for block in content.blocks(notebook)] for notebooks in (old, new)]
    figures = moved(*blocks)
    printed = [{name: list(_lines(notebook)) for name, notebook in notebooks.items()} for notebooks in (old, new)]
    for of_chapters, of_edition in zip(printed, blocks, strict=True):
        of_chapters[APPENDIX] = _definitions(of_edition)
    chapters = dict.fromkeys([*printed[1], *printed[0]])
    words = [found for name in chapters if (found := rewritten(name, printed[0].get(name, []), printed[1].get(name, [])))]
    name = f"{after[1]['name']} {pack[0]} {pack[2]}"
    return Difference(pack, name, after[1].get("document", pack[2]), figures, words) if figures or words else None


def _notebook(folder: Path, chapter: str) -> Notebook:
    """An executed chapter; one that cannot be read is a DataError."""
    file = folder / outputs.NOTEBOOKS_MADE / f"{chapter}.ipynb"
    try:
        notebook: Notebook = json.loads(files.read_text(file))
        content.blocks(notebook)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise DataError(
            chosen(
                f"{paths.shown(file)} cannot be read as an executed chapter. Build the pack again.",
                f"{paths.shown(file)}不能作为运行后的章读取。请重新编制这份简报。",
            )
        ) from None
    return notebook


def _lines(notebook: Notebook) -> Iterator[str]:
    """What a chapter prints, sentence by sentence and row by row, without its drawings."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            yield from filter(None, map(str.strip, content.markdown(cell).split("\n")))
        for block in content.blocks({"cells": [cell]}):
            yield from _said(printed_fields(block))


def _said(part: Any) -> Iterator[str]:
    """The words of what is printed; a row of a table is one line."""
    if isinstance(part, dict):
        for name, inner in part.items():
            is_table = name == "rows" and all(isinstance(row, list) for row in inner)
            yield from (" | ".join(row) for row in inner) if is_table else _said(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _said(inner)
    elif isinstance(part, str) and part:
        yield from SENTENCE.split(part)


def _definitions(blocks: Iterable[Block]) -> list[str]:
    """What the appendix says of metrics."""
    cards = {card["id"]: card for block in blocks for card in block["metrics"]}
    return [f"{card['label']}：{definition(card)}" for _, card in sorted(cards.items())]


def lines(comparison: Comparison, sides: tuple[str, str] = ("OLD", "NEW")) -> Iterator[str]:
    """The comparison for a person: pack by pack the first few figures and lines, then the packs of only one side, and the count."""
    for difference in comparison.differing:
        yield difference.name
        region_first = sorted(difference.figures, key=lambda figure: figure.region != difference.pack[1])
        yield from _first([_figure(figure, comparison.names) for figure in region_first])
        for words in difference.words:
            yield f"  {words.chapter}"
            yield from _first([*(f"  − {line}" for line in words.before), *(f"  + {line}" for line in words.after)])
            if count := len(words.reordered):
                yield chosen(f"    Lines that stand elsewhere: {count}.", f"    只是换了位置的有{count}行。")
    old, new = sides
    for folder, packs in ((old, comparison.only_before), (new, comparison.only_after)):
        for period, region, pack in packs:
            name = f"{comparison.names[region]} {period} {pack}"
            yield chosen(f"Only in {folder}: {name}", f"只在{folder}里：{name}")
    figures = {figure.question for difference in comparison.differing for figure in difference.figures}
    compared, differing = comparison.compared, len(comparison.differing)
    before, after = len(comparison.only_before), len(comparison.only_after)
    yield chosen(
        f"Packs compared: {compared}; differing: {differing}; only in {old}: {before}; only in {new}: {after}. "
        f"Figures that differ: {len(figures)}.",
        f"对照{compared}份，{differing}份不同；只在{old}里{before}份，只在{new}里{after}份。不同的数字{len(figures)}个。",
    )


def _first(lines: list[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[:FEW])
    if (more := len(lines) - FEW) > 0:
        yield chosen(f"    {more:,} more; --json lists all.", f"    另有{more:,}项；--json列出全部。")


def _figure(figure: Moved, names: Mapping[str, str]) -> str:
    """A figure that moved, with what both say of it."""
    period = Period(figure.year, figure.through, cast(Span, figure.span or YTD)).slug
    asked = " ".join(filter(None, [figure.by, figure.part, figure.area, figure.base]))
    before, after = (figure.before, figure.after) if figure.before != figure.after else (figure.value_before, figure.value_after)
    absent = chosen("not stated", "未列")
    change = f"{absent if before is None else before} → {absent if after is None else after}"
    because, because_zh = (" (redefined)", "（口径已调整）") if figure.redefined else ("", "")
    where, what = (
        f"{names.get(figure.region, figure.region)} {period}",
        " ".join(filter(None, [figure.metric, figure.view, asked])),
    )
    return chosen(f"{figure.label} ({what}) {where}: {change}{because}", f"{figure.label}（{what}）{where}：{change}{because_zh}")
