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
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from city_briefs.analysis.blocks.publish import numbers, publish
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import check, look
from city_briefs.analysis.page_one.conclusion import LONGEST
from city_briefs.common import files, paths
from city_briefs.common.blocks import RemarkBlock
from city_briefs.common.characters import refused
from city_briefs.common.errors import DataError, UsageError, suggestion
from city_briefs.common.periods import day_text
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric

FENCE = "---"
KEYS = ("标题", "作者", "日期")
CONCLUSION = "结论"
NAMED = re.compile(r"\{\{(.*?)\}\}")
BRACES = re.compile("[{}｛｝]")
HOTLINE = re.compile(r"(?<!\d)12315(?=平台|热线|指挥中心|投诉|工作)")  # a name, and not a number
TYPED = re.compile(r"\d+(?:[.．]\d+)?")  # in ASCII or full-width digits
SAY_FRONT = "It begins with a line ---, a line each for 标题, 作者 and 日期 such as “日期: 2022-01-10”, and a line ---."
SAY_NUMBER = "Write a number as {{metric}} or {{metric view}}, such as {{new_entities yoy}}, and a year as 本年 or 上年."


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
    where = _where(file, CONCLUSION)
    words, figures = _fill(where, scope, note.conclusion)
    _check_length(where, words)
    return words, figures


def _written(scope: Scope, chapter: str) -> tuple[Path, Note | None]:
    """Return where the remark on a chapter of a region and period lies, and what it says; None when there is no file.

    Raises:
        DataError: the file breaks a rule, or it is the remark on another chapter than the one that runs.
    """
    file = paths.note(scope.period.slug, scope.region.code, chapter)
    handed = Path(os.environ.get(paths.REMARK_VARIABLE) or file)  # in a build, as it was hashed
    if handed.name != file.name:
        raise DataError(
            f"A remark is read on the chapter itself, {handed.stem}, and not on '{chapter}'. Name the chapter itself."
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
    stated = tuple(_figure(where, scope, *named) for named in _named(where, line))
    words = NAMED.split(line)
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
        raise DataError(f"{shown(file)} is not UTF-8. Save it again as UTF-8.") from None
    except OSError as error:
        raise DataError(f"{shown(file)} cannot be read: {error.strerror}. Put a file there, or nothing.") from None
    if lines[:1] != [FENCE] or FENCE not in lines[1:]:
        raise DataError(f"{shown(file)} has no front matter. {SAY_FRONT}")
    end = lines.index(FENCE, 1)
    for number, line in enumerate(lines, start=1):
        _check_characters(_where(file, f"line {number}"), line.replace("\t", " "))
    title, author, day, concluded = _front(shown(file), "\n".join(lines[1:end]))
    text = tuple(enumerate(lines[end + 1 :], start=end + 2))
    if not any(line.strip() for _, line in text):
        if not concluded:
            raise DataError(f"{shown(file)} has no text under its front matter. Write it, or remove the file.")
        text = ()
    for where, line in [(CONCLUSION, concluded), *((f"line {number}", line) for number, line in text)]:
        _check(_where(file, where), line)
        list(_named(_where(file, where), line))
    _check_length(_where(file, CONCLUSION), NAMED.sub("", concluded))
    return Note(title, author, day, text, concluded)


def shown(file: Path) -> str:
    """Return the path of a file of the notes for messages, relative to the folder of the project."""
    return file.relative_to(paths.notes().parents[1]).as_posix()


def _where(file: Path, place: str) -> str:
    """Return a place in a file for messages: a line, or a key of its front matter."""
    return f"{shown(file)}, {place}"


def _front(name: str, source: str) -> tuple[str, str, date, str]:
    """Return title, author, day and conclusion of a front matter, which has no other keys; the conclusion is empty when it has none.

    Raises:
        DataError: a key is missing, is not known or has a wrong value.
    """
    try:
        front: Any = yaml.safe_load(source)
    except yaml.YAMLError:
        front = None
    if not isinstance(front, dict):
        raise DataError(f"{name}: its front matter cannot be read. {SAY_FRONT}")
    for key in front:
        if key not in (*KEYS, CONCLUSION):
            hint = suggestion(str(key), (*KEYS, CONCLUSION))
            raise DataError(f"{name}: its front matter takes 标题, 作者, 日期 and 结论, not '{key}'.{hint}")
    for key in KEYS:
        if not front.get(key):
            raise DataError(f"{name}: its front matter has no {key}. {SAY_FRONT}")
    for key in KEYS[:2]:
        if not isinstance(front[key], str):
            raise DataError(f"{name}: {key} is text, not '{front[key]}'.")
        _check_characters(f"{name}: {key}", front[key].strip())
        if typed := BRACES.search(front[key]) or TYPED.search(HOTLINE.sub("", front[key])):
            raise DataError(f"{name}: {key} holds no number and no brace, not '{typed[0]}'.")
    day = front["日期"]
    if not isinstance(day, date) or isinstance(day, datetime):
        raise DataError(f"{name}: 日期 is a day such as 2022-01-10, not '{day}'.")
    concluded = front.get(CONCLUSION) or ""
    if not isinstance(concluded, str):
        raise DataError(f"{name}: {CONCLUSION} is text, not '{concluded}'. Put it in quotes.")
    return front["标题"].strip(), front["作者"].strip(), day, concluded.strip()


def _check_length(where: str, words: str) -> None:
    """Check that a conclusion has room on page one.

    Raises:
        DataError: it has not.
    """
    if len(words) > LONGEST:
        raise DataError(f"{where} has {len(words)} characters, and page one has room for {LONGEST}. Shorten it.")


def _check_characters(where: str, line: str) -> None:
    """Check that a line has no character that nobody sees; YAML can write one as its code.

    Raises:
        DataError: it has one.
    """
    if code := refused(line):
        raise DataError(f"{where} has the control character {code}, which nobody sees: take it out.")


def _check(where: str, line: str) -> None:
    """Check that a line states no number of its own, and that its braces are in pairs.

    Raises:
        DataError: it does, or they are not.
    """
    rest = HOTLINE.sub("", NAMED.sub("", line))
    if BRACES.search(rest):
        raise DataError(f"{where}: braces are not in pairs of two. {SAY_NUMBER}")
    if typed := TYPED.search(rest):
        raise DataError(f"{where}: the number '{typed[0]}' is typed. {SAY_NUMBER}")


def _named(where: str, line: str) -> Iterator[tuple[Metric, str, str]]:
    """Yield metric, view and area of every figure that a line names; area is empty when none is named.

    Raises:
        DataError: there is no such metric, view or area.
    """
    for name in NAMED.findall(line):
        words = name.split()
        if not 1 <= len(words) <= 3:
            raise DataError(f"{where}: '{{{{{name}}}}}' names no figure. {SAY_NUMBER}")
        word, view, area = words + ["", "value", ""][len(words) :]
        try:
            yield CATALOGUE.find(word), check(view, area), area
        except UsageError as error:
            raise DataError(f"{where}: {error}") from None


def _figure(where: str, scope: Scope, metric: Metric, view: str, area: str) -> Figure:
    """Return a figure that a line names.

    Raises:
        DataError: the figure is refused.
    """
    figure = look(scope, metric, view, area=area)
    if figure.refused:
        raise DataError(f"{where}: {metric.id} {view} is refused: {figure.refused}. Write the sentence without it.")
    return figure
