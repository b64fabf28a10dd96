"""Revisions between two snapshots (vintages): which numbers of which regions and months moved, and in which tables rows differ."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.snapshot import Correction, Corrections, Snapshot
from city_briefs.common.language import chosen
from city_briefs.model.metric import Metric
from city_briefs.model.tables import COVERAGE

FEW = 8  # numbers of a metric that a person is shown
SINCE_JANUARY = " since January"
Place = tuple[str, str, str]  # region, month, window


@dataclass(frozen=True)
class Movement:
    """One number of one region and month that differs. `window` is `month`, or `to_date` for January to that month.

    `before` and `after` are in the metric's unit; None where the month was not reported, or a rate has the denominator zero. `tables`
    are those of the metric whose rows differ. `is_new` is true of a month outside of the span that the older snapshot has of this
    metric and region: such a month is no revision.
    """

    metric: Metric
    region: str
    month: str
    window: str
    before: Decimal | None
    after: Decimal | None
    tables: tuple[str, ...]
    is_new: bool

    @property
    def difference(self) -> Decimal | None:
        """How much it moved by, in the metric's unit; None unless both numbers are known."""
        return None if self.before is None or self.after is None else self.after - self.before

    def record(self) -> dict[str, Any]:
        """Return the movement as a JSON object, the contract of `briefs compare --json`."""
        numbers = {"before": self.before, "after": self.after, "difference": self.difference}
        return {
            "metric": self.metric.id, "region": self.region, "month": self.month, "window": self.window, "unit": self.metric.unit,
            **{name: None if number is None else float(number) for name, number in numbers.items()},
            "tables": list(self.tables),
        }  # fmt: skip


def movements(old: Snapshot, new: Snapshot, metrics: Iterable[Metric]) -> list[Movement]:
    """Return every number that differs, by metric, region and month; empty when the tables hold the same rows.

    An additive metric has a movement for each month of each region and none for the province, which is their sum.
    """
    changed = differing(old, new)
    if not changed:
        return []
    before, after = Results(old, metrics), Results(new, metrics)
    return [movement for metric in after.metrics.values() for movement in _of_metric(metric, before, after, changed)]


def corrections(old: Snapshot, new: Snapshot, metrics: Iterable[Metric]) -> Corrections:
    """Return the revisions of the older snapshot, as the newer keeps them; a month that is only new is none."""
    corrected = (movement for movement in movements(old, new, metrics) if not movement.is_new)
    return Corrections(
        old.id,
        tuple(
            Correction(moved.metric.id, moved.region, moved.month, moved.window, moved.before, moved.after) for moved in corrected
        ),
    )


def lines(moved: Sequence[Movement], old: Snapshot, new: Snapshot) -> Iterator[str]:
    """Yield the movements in words: the tables that differ, then for each metric the first FEW numbers and how many more."""
    rows = [{name: table.rows for name, table in snapshot.descriptions.items()} for snapshot in (old, new)]
    for name in sorted(differing(old, new)):
        earlier, later = (of.get(name, 0) for of in rows)
        yield chosen(f"{name}: {earlier:,} rows before, {later:,} after", f"{name}：原有{earlier:,}行，现有{later:,}行")
    if not moved:
        yield chosen("No number moved.", "数字没有变动。")
    for metric, group in groupby(moved, key=lambda movement: movement.metric):
        some = list(group)
        tables = "、".join(some[0].tables)
        yield f"\n{metric.label}（{metric.unit}），{chosen(f'because of {tables}', f'因{tables}有改动')}"
        for movement in some[:FEW]:
            region = new.regions.by_code.get(movement.region)
            name = region.name if region else movement.region
            yield f"  {name} {movement.month}{SINCE_JANUARY if movement.window == 'to_date' else ''}: {_numbers_text(movement)}"
        if (more := len(some) - FEW) > 0:
            yield chosen(f"  {more:,} more; --json lists all.", f"  另有{more:,}处，--json列出全部。")


def _numbers_text(moved: Movement) -> str:
    """Return the numbers before and after in words, with the difference when both are known."""
    decimals = moved.metric.decimals
    unknown = chosen("not known", "未知")
    before, after = (unknown if number is None else f"{number:,.{decimals}f}" for number in (moved.before, moved.after))
    return f"{before} → {after}" + ("" if moved.difference is None else f" ({moved.difference:+,.{decimals}f})")


def differing(old: Snapshot, new: Snapshot) -> set[str]:
    """Return the names of the tables whose rows differ, or that one of the snapshots lacks."""
    hashes = [{name: table.hash for name, table in snapshot.descriptions.items()} for snapshot in (old, new)]
    return {name for name in hashes[0].keys() | hashes[1].keys() if hashes[0].get(name) != hashes[1].get(name)}


def _of_metric(metric: Metric, before: Results, after: Results, changed: set[str]) -> list[Movement]:
    """Return the movements of one metric; none when neither its tables nor the coverage differ."""
    tables = {table.name for results in (before, after) for table in results.sources(metric)}
    blamed = tuple(sorted(tables & changed)) or tuple(sorted({COVERAGE.name} & changed))
    if not blamed or not tables:
        return []
    old, new = _values(before, metric), _values(after, metric)
    held: dict[str, list[str]] = {}
    for region, month, _ in old:
        held.setdefault(region, []).append(month)
    spans = {region: (min(months), max(months)) for region, months in held.items()}
    return [
        Movement(metric, *place, old.get(place), new.get(place), blamed, not _within(spans.get(place[0]), place[1]))
        for place in sorted(old.keys() | new.keys())
        if old.get(place) != new.get(place)
    ]


def _within(span: tuple[str, str] | None, month: str) -> bool:
    """Return whether a month lies in a span of months, ends included; False of no span."""
    return span is not None and span[0] <= month <= span[1]


def _values(results: Results, metric: Metric) -> dict[Place, Decimal | None]:
    """Return the known numbers of a metric in its unit; of a pair, those where both halves are known."""
    if not results.is_pair(metric):
        return {place: _value(metric, *halves) for place, halves in _halves(results, metric).items()}
    first, second = (_halves(results, half) for half in (metric.pair.first, metric.pair.second))
    return {place: _value(metric, first[place][0], second[place][0]) for place in first.keys() & second.keys()}


def _halves(results: Results, metric: Metric) -> dict[Place, tuple[Decimal, Decimal | None]]:
    """Return numerator and denominator of each row of a metric; the denominator is None but for a returned ratio."""
    rows = results.rows(metric)
    places = zip(rows["region"], rows["month"], rows["window"], strict=True)
    return dict(zip(places, zip(rows["numerator"], rows["denominator"], strict=True), strict=True))


def _value(metric: Metric, first: Decimal, second: Decimal | None) -> Decimal | None:
    """Return the number in the metric's unit; None for a ratio with the denominator zero or none."""
    if metric.form == "ratio":
        return first / second * metric.per if second else None
    return first if second is None else first - second
