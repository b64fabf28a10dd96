"""An analyst's remark on a chapter, such as 原因分析 or 工作亮点: a file under `data/notes` whose numbers are named, never typed.

    ---
    标题: 原因分析
    作者: 特种设备处
    日期: 2022-01-10
    结论: 在用特种设备{{equipment_in_use yoy}}，安全形势平稳
    ---
    在用特种设备{{equipment_in_use}}，同比{{equipment_in_use yoy}}，主要是……

Blank lines part paragraphs; nothing else in the text has a meaning. 结论 may be left out; it stands in the place of the conclusion of page
one (`page_one()`), and there need not be a text under it. A fault in a file is a DataError that names the line.
"""

import os
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from city_briefs.analysis.blocks import remark_rules as rules
from city_briefs.analysis.blocks.publish import numbers, publish
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common import files, paths
from city_briefs.common.blocks import RemarkBlock
from city_briefs.common.periods import day_text
from city_briefs.model.metric import Metric


@dataclass(frozen=True)
class Note:
    """A remark as it was written. Its figures are still names in double braces.

    `lines` are pairs of the number of a line in the file and its text, none when there is only a `conclusion`, which may be empty.
    """

    title: str
    author: str
    date: date
    lines: tuple[tuple[int, str], ...]
    conclusion: str = ""


@dataclass(frozen=True)
class Remark:
    """A remark as it is printed, with the figures that it states."""

    title: str
    author: str
    date: date
    paragraphs: tuple[str, ...]
    figures: tuple[Figure, ...]


def remark(scope: Scope, chapter: str) -> None:
    """Show the remark on a chapter, with the notes of the figures that it cites; no block when there is none.

    Raises:
        DataError: the file breaks a rule, or it names a figure that is refused.
    """
    written = _filled(scope, chapter)
    if written is None:
        return
    block: RemarkBlock = {
        "kind": "remark", "title": written.title, "paragraphs": list(written.paragraphs), "author": written.author,
        "date": day_text(written.date), "sources": [],
        "notes": list(dict.fromkeys(figure.note for figure in written.figures if figure.note)),
        **numbers(written.figures, scope.results),
    }  # fmt: skip
    publish(block)


def conclusion(scope: Scope, chapter: str) -> tuple[str, tuple[Figure, ...]] | None:
    """Return the conclusion that the remark on a chapter gives page one, with its figures; None when it gives none.

    Raises:
        DataError: the file breaks a rule, the conclusion is too long, or it names a figure that is refused.
    """
    file, note = _written(scope, chapter)
    if note is None or not note.conclusion:
        return None
    where = _where(file, rules.CONCLUSION)
    words, figures = _fill(where, scope, note.conclusion)
    rules.check_length(where, words)
    return words, figures


def _written(scope: Scope, chapter: str) -> tuple[Path, Note | None]:
    """Return where the remark on a chapter of a region and period lies, and what it says; None when there is no file.

    Raises:
        DataError: the file breaks a rule, or it is the remark on another chapter than the one that runs.
    """
    file = paths.note(scope.period.slug, scope.region.code, chapter)
    handed = Path(os.environ.get(paths.REMARK_VARIABLE) or file)  # in a build, as it was hashed
    if handed.name != file.name:
        raise rules.fault(
            f"A remark is read on the chapter itself, {handed.stem}, and not on '{chapter}'. Name the chapter itself.",
            f"批注只能用于本章{handed.stem}，不能用于“{chapter}”。请写本章的名称。",
        )
    return file, read(file, handed) if handed.exists() else None


def _filled(scope: Scope, chapter: str) -> Remark | None:
    """Return the remark on a chapter of a region and period, with its figures filled in; None when there is no text.

    Raises:
        DataError: the file breaks a rule, or it names a figure that is refused: the sentence around it has to be written anew.
    """
    file, note = _written(scope, chapter)
    if note is None or not note.lines:
        return None
    written: list[str] = []
    figures: list[Figure] = []
    for number, line in note.lines:
        words, stated = _fill(_where(file, f"line {number}"), scope, line)
        written.append(words)
        figures += stated
    paragraphs = ["".join(lines) for printed, lines in groupby(written, bool) if printed]
    return Remark(note.title, note.author, note.date, tuple(paragraphs), tuple(figures))


def _fill(where: str, scope: Scope, line: str) -> tuple[str, tuple[Figure, ...]]:
    """Return a line with its figures filled in, and these.

    Raises:
        DataError: it names a figure that is refused.
    """
    stated = tuple(_figure(where, scope, *named) for named in rules.named(where, line))
    words = rules.NAMED.split(line)
    words[1::2] = [figure.text for figure in stated]
    return "".join(words).strip(), stated


def read(file: Path, handed: Path | None = None) -> Note:
    """Return a file of the notes as it was written, checked by every rule that needs no data; what was `handed` in its place.

    Raises:
        DataError: the file is not UTF-8, has no front matter or no text, or a line breaks a rule.
    """
    try:
        lines = files.read_text(handed or file, "utf-8-sig", files.BY_HAND).removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        raise rules.fault(
            f"{shown(file)} is not UTF-8. Save it again as UTF-8.", f"{shown(file)}不是UTF-8编码。请另存为UTF-8。"
        ) from None
    except OSError as error:
        raise rules.fault(
            f"{shown(file)} cannot be read: {error.strerror}. Put a file there, or nothing.",
            f"{shown(file)}无法读取：{files.reason_zh(error)}。请放一个文件，或什么也不放。",
        ) from None
    if lines[:1] != [rules.FENCE] or rules.FENCE not in lines[1:]:
        raise rules.fault(
            f"{shown(file)} has no front matter. {rules.SAY_FRONT}", f"{shown(file)}没有文件头。{rules.SAY_FRONT_ZH}"
        )
    end = lines.index(rules.FENCE, 1)
    for number, line in enumerate(lines, start=1):
        rules.check_characters(_where(file, f"line {number}"), line.replace("\t", " "))
    title, author, day, concluded = rules.front(shown(file), "\n".join(lines[1:end]))
    text = tuple(enumerate(lines[end + 1 :], start=end + 2))
    if not any(line.strip() for _, line in text):
        if not concluded:
            raise rules.fault(
                f"{shown(file)} has no text under its front matter. Write it, or remove the file.",
                f"{shown(file)}的文件头下面没有正文。请填写，或删去该文件。",
            )
        text = ()
    for where, line in [(rules.CONCLUSION, concluded), *((f"line {number}", line) for number, line in text)]:
        rules.check(_where(file, where), line)
        list(rules.named(_where(file, where), line))
    rules.check_length(_where(file, rules.CONCLUSION), rules.NAMED.sub("", concluded))
    return Note(title, author, day, text, concluded)


def shown(file: Path) -> str:
    """Return the path of a file of the notes for messages, relative to the folder of the project."""
    return file.relative_to(paths.notes().parents[1]).as_posix()


def _where(file: Path, place: str) -> str:
    """Return a place in a file for messages: a line, or a key of its front matter."""
    return f"{shown(file)}, {place}"


def _figure(where: str, scope: Scope, metric: Metric, view: str, area: str) -> Figure:
    """Return a figure that a line names.

    Raises:
        DataError: the figure is refused.
    """
    figure = look(scope, metric, view, area=area)
    if figure.refused:
        raise rules.fault(
            f"{where}: {metric.id} {view} is refused: {figure.refused}. Write the sentence without it.",
            f"{where}：{metric.id} {view}不予表述：{figure.refused}。请改写该句，不用这个数字。",
        )
    return figure
