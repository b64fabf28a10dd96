"""The status of an office: which packs need attention, and why. What is in order is not in it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from city_briefs.analysis.snapshot import Snapshot
from city_briefs.app import outdated, waiting
from city_briefs.app.waiting import Id
from city_briefs.common import paths
from city_briefs.common.language import chosen, some
from city_briefs.common.periods import Period, ended, ending_with, month_name, month_number
from city_briefs.common.regions import Region
from city_briefs.common.working_days import working_day
from city_briefs.model.tables import REJECTED, SILENT, TABLES
from city_briefs.production.build.outputs import INCOMPLETE, reason_of
from city_briefs.production.editions.standing import Fault, Standing, Stands
from city_briefs.production.editions.states import (
    DRAFTED,
    DUE,
    FAILED,
    LATE,
    OUTDATED,
    UNDELIVERED,
    UNREPORTED,
    WITH_REJECTED,
    WORDS,
    word,
)
from city_briefs.production.packs import packs_toml

STATES = {
    state: WORDS[state] for state in (FAILED, LATE, OUTDATED, UNDELIVERED, DRAFTED, DUE, UNREPORTED, WITH_REJECTED)
}  # the most pressing first, each in Chinese


class Cells(NamedTuple):
    """The words of a matter."""

    period: str
    region: str
    pack: str
    state: str
    details: str


@dataclass(frozen=True)
class PackMatter:
    """One thing that needs attention: a pack of a region and period, its state, and what belongs to that state.

    `details` are `edition`, `deadline`, `reason`, `to` (addresses), `moved` (figures), `table` and `rows`, as the state has them.
    """

    state: str
    pack: str
    region: str
    period: str
    name: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def record(self) -> dict[str, Any]:
        """It as JSON has it."""
        return {"pack": self.pack, "region": self.region, "period": self.period, "state": self.state, **self.details}

    @property
    def cells(self) -> Cells:
        """Its words, in the language of messages: a line of the command, of a mail and of Dagster, and a row of the page."""
        return Cells(self.period, self.name or self.region, self.pack, word(self.state), self._details_text)

    @property
    def text(self) -> str:
        """It as a line."""
        *first, details = self.cells
        return " ".join(filter(None, [*first, chosen(f"({details})", f"（{details}）") if details else ""]))

    @property
    def _details_text(self) -> str:
        parts = []
        if number := self.details.get("edition"):
            parts.append(chosen(f"edition {number}", f"第{number}版"))
        if day := self.details.get("deadline"):
            parts.append(chosen(f"by {day}", f"应于{day}前"))
        if table := self.details.get("table"):
            parts.append(chosen(table, TABLES[table].label))
        if rows := self.details.get("rows"):
            parts.append(chosen(f"rows: {rows}", f"{rows}行"))
        if to := self.details.get("to"):
            parts.append(some(to))
        if moved := self.details.get("moved"):
            parts.append(outdated.text(moved))
        if reason := self.details.get("reason"):
            parts.append(reason)
        return chosen(", ", "，").join(parts)


def matters(snapshot: Snapshot, out: Path, day: date) -> list[PackMatter]:
    """Return what needs attention on a day, by period, state and region: the newest period first.

    `snapshot` is the one that packs are made from, `out` the folder where they lie.
    """
    stands = Stands(paths.register(), out)
    listed = [*stands.newest_editions()], [*stands.packs()]
    editions = {one.id: one for one in listed[0] if isinstance(one, Standing)}
    packs = {one.id: one for one in listed[1] if isinstance(one, Standing)}
    tried = {one.id: one for one in stands.packs(f"[!.]*/*/{INCOMPLETE}/*") if isinstance(one, Standing)}
    moved = outdated.moved(snapshot, editions.values())
    stands.keep()
    all_matters = [
        *_faults([*listed[0], *listed[1]]),
        *_failed(tried),
        *_not_made(snapshot, editions.keys() | packs.keys(), tried.keys(), day),
        *_drafted(editions, packs),
        *(
            PackMatter(OUTDATED, *id_, editions[id_].entry["name"], {"edition": editions[id_].edition, "moved": figures})
            for id_, figures in moved.items()
        ),
        *_undelivered(editions),
        *_data(snapshot, day),
    ]
    order = list(STATES)
    all_matters.sort(key=lambda matter: (order.index(matter.state), matter.region, matter.pack))
    return sorted(all_matters, key=_end, reverse=True)


def _end(matter: PackMatter) -> date:
    """Return the last day of the period of a matter; what names no period, as a folder of the register may, comes first."""
    try:
        return Period.of_slug(matter.period).end
    except ValueError:
        return date.max


def asked_for(day: date) -> Period:
    """Return the period to the last month that the calendar has asked for by a day, by the day of the month in `cron`."""
    on = paths.settings().schedule.cron.split()[2]
    last = ended(day)
    if on.isdecimal() and day.day < int(on):
        number = month_number(last.months[-1]) - 1
        last = Period(number // 12, number % 12 + 1)
    return last


def deadline(period: Period) -> date:
    """Return the day by which the packs of a period are to stand."""
    return working_day(paths.settings().schedule.deadline, period.end)


def _faults(listed: Iterable[Standing | Fault]) -> Iterator[PackMatter]:
    """Yield what of the register or the outputs cannot be read, or is not as it was made."""
    for one in listed:
        if isinstance(one, Fault):
            yield PackMatter(FAILED, *one.id, details={"reason": one.reason})


def _failed(tried: Mapping[Id, Standing]) -> Iterator[PackMatter]:
    """Yield the packs whose last attempt failed."""
    for id_, one in tried.items():
        yield PackMatter(FAILED, *id_, one.entry["name"], {"reason": reason_of(Path(one.place))})


def _not_made(snapshot: Snapshot, stand: Iterable[Id], tried: Iterable[Id], day: date) -> Iterator[PackMatter]:
    """Yield the packs that the calendar has asked for and of which nothing stands, and no attempt failed, which is told.

    The calendar has asked for the last period that ended, and for all before it since the first of which any of that pack stands.
    """
    last, there = asked_for(day), {*stand, *tried}
    for pack in packs_toml.packs().values():
        of_pack = [Period.of_slug(slug) for id_, _, slug in stand if id_ == pack.id]
        first = min((period.end for period in of_pack), default=last.end)
        regions = [region for region in snapshot.regions.all if region.level in pack.levels]
        for period in _periods(first, last):
            if period.span != pack.span:
                continue
            by = deadline(period)
            for region in regions:
                if (pack.id, region.code, period.slug) not in there:
                    yield _missing(snapshot, (pack.id, region.code, period.slug), region, period, LATE if day > by else DUE, by)


def _missing(snapshot: Snapshot, id_: Id, region: Region, period: Period, state: str, by: date) -> PackMatter:
    """Return what is said of a pack of which nothing stands, by when it is to."""
    details = {"deadline": by.isoformat()}
    if region.code not in snapshot.reported.get(period.months[-1], set()) and region.level != "province":
        details["reason"] = chosen(f"no data for {period.months[-1]}", f"没有{period.months[-1]}的数据")
    return PackMatter(state, *id_, region.name, details)


def _periods(first: date, last: Period) -> Iterator[Period]:
    """Yield the periods of every span that end from the month of a day to the last one, the newest first."""
    for number in range(month_number(last.months[-1]), month_number(month_name(first.year * 12 + first.month - 1)) - 1, -1):
        yield from ending_with(Period(number // 12, number % 12 + 1))


def _drafted(editions: Mapping[Id, Standing], packs: Mapping[Id, Standing]) -> Iterator[PackMatter]:
    """Yield the drafts that wait for approval."""
    for id_, one in waiting.drafted(editions, packs).items():
        yield PackMatter(DRAFTED, *id_, one.entry["name"], {"edition": one.edition})


def _undelivered(editions: Mapping[Id, Standing]) -> Iterator[PackMatter]:
    """Yield the newest editions that somebody who may have them has not got, or is not known to have got."""
    if not paths.recipients().exists():
        return
    from city_briefs.production.delivery import backlog, journal, recipients, round, unconfirmed  # with what sends mail
    from city_briefs.production.delivery.documents import Document

    last = journal.read(paths.deliveries())
    documents = [Document(Path(one.place), (), dict(one.entry)) for one in editions.values()]
    going, _ = backlog.part(round.deliveries(documents, recipients.listed(), recipients.READER), last)
    missing: dict[Id, list[str]] = {}
    for outcome in round.known(going, last, unconfirmed.decisions(paths.deliveries())):
        if outcome.status != round.BEFORE:
            line = outcome.delivery.line
            missing.setdefault((line.pack, line.region, line.period), []).append(outcome.delivery.address)
    for id_, addresses in missing.items():
        edition = editions[id_]
        yield PackMatter(UNDELIVERED, *id_, edition.entry["name"], {"edition": edition.edition, "to": addresses})


def _data(snapshot: Snapshot, day: date) -> Iterator[PackMatter]:
    """Yield what regions did not send of the months that packs are made of, and rows that wait to be mended."""
    since = paths.settings().schedule.since
    for state, table in ((UNREPORTED, SILENT), (WITH_REJECTED, REJECTED)):
        rows: dict[tuple[str, str, str], int] = {}
        for row in snapshot.listed(table):
            if row["month"] and since <= int(row["month"][:4]) and row["month"] <= f"{day:%Y-%m}":
                place = row["region"], row["month"], row["table"]
                rows[place] = rows.get(place, 0) + row.get("rows", 0)
        for (code, month, name), number in rows.items():
            region = snapshot.regions.by_code[code]
            details = {"table": name} | ({"rows": number} if number else {})
            for pack in packs_toml.packs().values():
                for period in ending_with(Period(int(month[:4]), int(month[5:]))):
                    if period.span == pack.span and region.level in pack.levels:
                        yield PackMatter(state, pack.id, code, period.slug, region.name, details)
