"""The data notes of a document whose definitions stand in the manual: what is said once at its end, and not under each table.

Sources and roundings move there from under every chart and table. What was refused stands in the workbook and on the page for screens.
"""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from city_briefs.common.blocks import ROUNDING, Block
from city_briefs.production.export.appendix import Appendix
from city_briefs.production.export.parts import Part


def at_the_end(parts: Iterable[Part]) -> list[str]:
    """Take sources, caveats and the note on rounding from under blocks; return those that the appendix does not have, each once."""
    sources: dict[str, None] = {}
    is_rounded = False
    for part in parts:
        if part["kind"] != "block":
            continue
        block: dict[str, Any] = dict(part["block"])
        sources |= dict.fromkeys(block.get("sources", []))
        notes = block.get("notes", [])
        is_rounded |= ROUNDING in notes
        said_below = {ROUNDING, *(caveat.rstrip("。") for metric in block["metrics"] for caveat in metric["caveats"])}
        emptied = {"sources": [], "notes": [note for note in notes if note not in said_below]}
        part["block"] = cast(Block, block | {name: emptied[name] for name in emptied if name in block})
    return [*([f"资料来源：{'；'.join(sources)}"] if sources else []), *([ROUNDING] if is_rounded else [])]


def data_notes(made: Appendix, said: Sequence[str]) -> Appendix:
    """Return an appendix as data notes: a line for each of its kinds, then what `at_the_end` returned."""
    kinds = [
        ("数据核验提示", made.doubts), ("数据更正（与上版快照相比）", made.corrections),
        ("以往各期修订（与首次签发数相比）", made.revisions),
        ("本版与上版的变化", made.changes), ("使用说明", made.caveats), ("怎样看比较", made.comparisons),
    ]  # fmt: skip
    notes = [f"{name}：{'；'.join(item.rstrip('。') for item in items)}" for name, items in kinds if items]
    return Appendix(notes=[*notes, *said], refusals=made.refusals)


def code_of_manual(blocks: Iterable[Block]) -> str:
    """Return the code of the province whose manual has the definitions; empty where no table says so."""
    return next((block["manual"] for block in blocks if block["kind"] == "table" and "manual" in block), "")
