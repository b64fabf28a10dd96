"""The status of an office as a page of the outputs: the words are those of the command, its lines a table."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from city_briefs.app import machine_state
from city_briefs.app.status import STATES, PackMatter
from city_briefs.common import clock, files, paths, theme
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen, is_chinese
from city_briefs.common.theme import screen_fonts
from city_briefs.production.editions.states import FAILED, LATE, OUTDATED, UNDELIVERED, word

FILE = "status.html"
URGENT = (FAILED, LATE, OUTDATED, UNDELIVERED)  # states of which a reader feels something


def write(out: Path, matters: Sequence[PackMatter] | str, day: date) -> Path:
    """Write the page of what needs attention on a day into a folder of outputs, and return it.

    `matters` is the sentence that says why, when no answer could be given.

    Raises:
        UsageError: it cannot be written.
    """
    file = out / FILE
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_whole(file, page(out, matters, day))
    except OSError as error:
        raise UsageError(
            chosen(
                f"{paths.shown(file)} cannot be written: {files.reason(error)}. Make room, or give this user the right to write there.",
                f"{paths.shown(file)}无法写入（{files.reason_zh(error)}），请腾出空间或授予写入权限。",
            )
        ) from None
    return file


def page(out: Path, matters: Sequence[PackMatter] | str, day: date) -> str:
    """Return the page; a pack that stands in the outputs is linked to its document there."""
    written, warnings = f"{clock.now():%Y-%m-%d %H:%M}", machine_state.warnings(out)
    fault, listed = (matters, []) if isinstance(matters, str) else ("", list(matters))
    rows = [{"cells": matter.cells, "urgent": matter.state in URGENT, "link": _link(out, matter)} for matter in listed]
    made = (
        theme.templates(theme.FOLDER)
        .get_template("status.html.j2")
        .render(
            language="zh-CN" if is_chinese() else "en",
            heading=chosen("What needs attention", "今天要处理什么"),
            as_of=chosen(f"On {day}; written at {written}.", f"{day}；本页写于{written}。"),
            fault=fault,
            counts=summary(listed, warnings),
            warnings=warnings,
            columns=chosen("Period,Region,Pack,State,Details", "期间,地区,简报,状态,说明").split(","),
            rows=rows,
            notes=machine_state.sentences(out, day.year),
            index=chosen("All documents", "全部文档"),
            palette=theme.PALETTE,
            sans=screen_fonts.stack(theme.SANS),
            font_place=screen_fonts.PLACE,
        )
    )
    return screen_fonts.embedded(made)


def summary(matters: Sequence[PackMatter], warnings: Sequence[str]) -> str:
    """Return how many matters there are, by their state; that there is nothing when no warning of the machine is there either."""
    counts = Counter(matter.state for matter in matters)
    if not counts:
        return "" if warnings else chosen("Nothing needs attention.", "没有要处理的事。")
    parts = [chosen(f"{state} {counts[state]}", f"{word(state)}{counts[state]}件") for state in STATES if counts[state]]
    return chosen("Needs attention: ", "要处理：") + chosen(", ", "，").join(parts) + chosen(".", "。")


def _link(out: Path, matter: PackMatter) -> str:
    """Return where the document of a matter lies, as seen from the page; empty when there is none."""
    name = f"{matter.period}/{matter.region}/{matter.pack}.html"
    return name if matter.pack and (out / name).is_file() else ""
