"""Actions: what was asked because of a light or a target, of whom, until when, and what came of it; the rows of `data/actions.csv`.

The office keeps the file. Where it is absent, or has no row of a light or a target, nothing is said: nothing is made up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from city_briefs.analysis.assessments.light_rules import rules
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.ingest import dates
from city_briefs.common import csv_rows, files, paths, read_log
from city_briefs.common.characters import UNSEEN
from city_briefs.common.errors import DataError, UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.periods import day_text
from city_briefs.common.regions import Regions
from city_briefs.metrics import CATALOGUE

HEADINGS = {  # each column with what it may be called in Chinese
    "region": "地区", "about": "事项", "asked_on": "交办日期", "asked": "交办内容", "of_whom": "承办单位", "due_on": "时限",
    "outcome": "办理结果", "closed_on": "办结日期",
}  # fmt: skip
NEEDED = ("region", "about", "asked_on", "asked")
DAYS = ("asked_on", "due_on", "closed_on")
OVERDUE = "已逾期"
REMEDY = "Put a text with a comma in quotes.", "含逗号的文字请加引号。"


@dataclass(frozen=True)
class Action:
    """One row. `region` is a code, `about` the id of a rule or a metric; `of_whom` and `outcome` may be empty, the last days None."""

    region: str
    about: str
    asked_on: date
    asked: str
    of_whom: str
    due_on: date | None
    outcome: str
    closed_on: date | None

    def is_overdue(self, on: date) -> bool:
        """Return whether it was due before a day, and was not closed on it."""
        return self.due_on is not None and self.due_on < on and (self.closed_on is None or self.closed_on > on)

    def progress(self, on: date) -> str:
        """Return that it is overdue on a day, and what came of it even later, in words; empty for neither."""
        closed = f"{self.outcome}（{day_text(self.closed_on)}办结）" if self.closed_on else ""
        return "，".join(filter(None, [OVERDUE if self.is_overdue(on) else "", closed]))

    def record(self, on: date) -> dict[str, Any]:
        """Return the action as a JSON object; days are YYYY-MM-DD."""
        due, closed = (day and day.isoformat() for day in (self.due_on, self.closed_on))
        return {
            "asked_on": self.asked_on.isoformat(), "asked": self.asked, "of_whom": self.of_whom, "due_on": due, "outcome": self.outcome,
            "closed_on": closed, "overdue": self.is_overdue(on),
        }  # fmt: skip


def of(scope: Scope, *about: str) -> tuple[Action, ...]:
    """Return the actions of a region on rules or metrics, by their ids; the newest first.

    They were asked by the end of the period, and closed in its year or after, or not yet.

    Raises:
        DataError: the file cannot be read, or a row is faulty; the message has a line for each fault.
    """
    code, end = scope.region.code, scope.period.end
    regions = scope.snapshot.regions
    read_log.note(("actions", code), lambda: answer(regions, code))
    begun = date(scope.period.year, 1, 1)
    chosen_rows = [
        action
        for action in listed(regions)
        if action.region == code and action.about in about and action.asked_on <= end and (action.closed_on or end) >= begun
    ]
    return tuple(sorted(chosen_rows, key=lambda action: action.asked_on, reverse=True))


def answer(regions: Regions, code: str) -> list[list[str]]:
    """Return the rows of a region as JSON holds them, to be hashed."""
    return [[str(cell) for cell in vars(action).values()] for action in listed(regions) if action.region == code]


def listed(regions: Regions) -> tuple[Action, ...]:
    """Return the rows of the file in its order; none when it is absent.

    Raises:
        DataError: the file cannot be read, or a row is faulty; the message has a line for each fault.
    """
    file = paths.actions()
    try:
        content = files.read_bytes(file, files.BY_HAND)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise DataError(
            chosen(
                f"{paths.shown(file)} cannot be read: {error.strerror}. Put a file there that this user may read.",
                f"{paths.shown(file)}无法读取：{files.reason_zh(error)}。请放好文件，并授予当前用户读取权限。",
            )
        ) from None
    return read(content, paths.shown(file), regions)


@lru_cache(maxsize=4)
def read(content: bytes, name: str, regions: Regions) -> tuple[Action, ...]:
    """Return the rows of a file, which messages call `name`.

    Raises:
        DataError: it is no such file, or a row is faulty; the message has a line for each fault.
    """
    rows_of: dict[Action, int] = {}  # the number of the row of each, from 1
    faults: list[str] = []
    aliases = {chinese: column for column, chinese in HEADINGS.items()}
    for number, row in csv_rows.read(content, name, tuple(HEADINGS), chosen(*REMEDY), aliases):
        wrong = list(_faults(row, regions))
        faults += [
            chosen(f"{name}, row {number}, column {column}: {what}", f"{name}第{number}行“{HEADINGS[column]}”栏：{what_zh}")
            for column, what, what_zh in wrong
        ]
        if not wrong:
            days = {column: dates.day(row[column]) if row[column] else None for column in DAYS}
            region = regions.find(row["region"]).code
            action = Action(**{**row, **days, "region": region})  # type: ignore[arg-type]
            first = rows_of.setdefault(action, number)
            if first != number:
                faults.append(
                    chosen(
                        f"{name}, row {number} says the same as row {first}. Delete one of them.",
                        f"{name}第{number}行与第{first}行相同，请删去其一。",
                    )
                )
    if faults:
        raise DataError("\n".join(faults))
    return tuple(rows_of)


def _faults(row: Mapping[str, str], regions: Regions) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with a row: the column, and a sentence in English and in Chinese."""
    for column in NEEDED:
        if not row[column]:
            yield (
                column,
                "it is empty. Only of_whom, due_on, outcome and closed_on may be.",
                "没有填写。只有承办单位、时限、办理结果、办结日期可以空着。",
            )
    for column, cell in row.items():
        if UNSEEN.search(cell):
            yield (
                column,
                "it has a line break or another control character. Write it in one line.",
                "有换行或其他控制字符，请写成一行。",
            )
    if row["region"]:
        try:
            regions.find(row["region"])
        except UsageError as error:
            sentence = str(error).replace("There is no city", "there is no region")
            yield "region", sentence, sentence
    ids = [*(rule.id for rule in rules()), *CATALOGUE]
    if row["about"] and row["about"] not in ids:
        about = row["about"]
        yield (
            "about",
            f"'{about}' is no rule of rules.toml and no metric.{suggestion(about, ids) or ' `briefs metrics` lists them.'}",
            f"“{about}”不是rules.toml中的规则，也不是指标。{suggestion_zh(about, ids) or '`briefs metrics`列出指标。'}",
        )
    days = {column: dates.day(row[column]) for column in DAYS}
    for column, day in days.items():
        if row[column] and day is None:
            yield column, f"'{row[column]}' is no day. Write it as 2021-03-05.", f"“{row[column]}”不是日期。请写成2021-03-05。"
    yield from _faults_of_order(row, days)


def _faults_of_order(row: Mapping[str, str], days: Mapping[str, date | None]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with days that are known: one before the asking, or an outcome without its day, or a day without one."""
    for column in ("due_on", "closed_on"):
        day, asked_on = days[column], days["asked_on"]
        if day and asked_on and day < asked_on:
            yield (
                column,
                f"{day} is before asked_on, {asked_on}. Correct one of them.",
                f"{day}早于交办日期{asked_on}，请改正其一。",
            )
    if row["outcome"] and not row["closed_on"]:
        yield (
            "closed_on",
            "it is empty, and there is an outcome. Write the day of it.",
            "没有填写，而办理结果已填写。请填写办结日期。",
        )
    if row["closed_on"] and not row["outcome"]:
        yield (
            "outcome",
            "it is empty, and closed_on is not. Write what came of it.",
            "没有填写，而办结日期已填写。请填写办理结果。",
        )
