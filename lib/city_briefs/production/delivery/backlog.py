"""Which editions of earlier periods still go to whom: what nobody has had, and what is new to those who were served at the time.

A period is earlier when the register has a newer one of the same pack and region. A recipient is served since the first period of the
pack and region of which the journal has a line. Whoever came later is not sent what the others had before; it is said how much that is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from city_briefs.common.language import chosen
from city_briefs.common.periods import Period
from city_briefs.production.delivery.journal import JournalLine
from city_briefs.production.delivery.round import Delivery

NEVER = date.max


def part(deliveries: Sequence[Delivery], last: Mapping[str, JournalLine]) -> tuple[list[Delivery], dict[str, int]]:
    """Return the deliveries that go, and by address how many of earlier periods are left out.

    `last` is the last line of the journal on each document and recipient, by its id.
    """
    newest = _newest(deliveries)
    since = _served_since(last.values())
    had = {(*_kind(line), line.period) for line in last.values()}
    go, left_out = [], Counter[str]()
    for delivery in deliveries:
        line, until = delivery.line, delivery.document.entry["until"]
        is_served = since.get((line.address.casefold(), *_kind(line)), NEVER) <= Period.of_slug(line.period).end
        if until == newest[_kind(line)] or is_served or (*_kind(line), line.period) not in had:
            go.append(delivery)
        else:
            left_out[line.address] += 1
    return go, dict(left_out)


def sentences(left_out: Mapping[str, int]) -> list[str]:
    """Return what is left out, a sentence for each address."""
    return [
        chosen(
            f"{address}: earlier editions, which others have had, are left out: {number}. Name their period with --year and --through "
            "to send them.",
            f"{address}：其他人收过的以前各期有{number}份没有补发。要发请用--year和--through指定期间。",
        )
        for address, number in left_out.items()
    ]


def _newest(deliveries: Sequence[Delivery]) -> dict[tuple[str, str], str]:
    """The day until which the newest document of each pack and region is."""
    newest: dict[tuple[str, str], str] = {}
    for delivery in deliveries:
        kind = _kind(delivery.line)
        newest[kind] = max(newest.get(kind, ""), delivery.document.entry["until"])
    return newest


def _served_since(lines: Iterable[JournalLine]) -> dict[tuple[str, str, str], date]:
    """The last day of the first period of which the journal has a line, by address, pack and region."""
    since: dict[tuple[str, str, str], date] = {}
    for line in lines:
        served = (line.address.casefold(), *_kind(line))
        since[served] = min(since.get(served, NEVER), Period.of_slug(line.period).end)
    return since


def _kind(line: JournalLine) -> tuple[str, str]:
    return line.pack, line.region
