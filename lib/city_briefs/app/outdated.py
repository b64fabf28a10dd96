"""Editions that a correction has overtaken: what they state of their own period is another number in the snapshot of now."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING, Any

from city_briefs.analysis.snapshot import Snapshot
from city_briefs.app import incremental
from city_briefs.common import files, paths, source_hash
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.issued_figures import IssuedFigure
from city_briefs.common.language import some
from city_briefs.common.periods import Period
from city_briefs.production.editions import first_issued
from city_briefs.production.editions.manifest import MANIFEST
from city_briefs.production.editions.standing import Standing

if TYPE_CHECKING:
    from city_briefs.analysis.compute.results import Results
    from city_briefs.analysis.figures.figure import Figure

CACHE = "outdated.json"
SAME = 1e-9  # relative difference of two numbers that are the same, one of which was written as text
Moved = dict[str, Any]  # `metric` (id), `label`, `before` and `after` (texts), of one figure


def moved(snapshot: Snapshot, editions: Iterable[Standing]) -> dict[tuple[str, str, str], list[Moved]]:
    """Return the figures that moved, by the id of the edition; editions of which none moved are left out.

    An edition from this very snapshot, or from synthetic data where the snapshot has none (and the other way about), is passed over.
    A figure whose metric is defined anew is not compared. The answers are kept with the results.
    """
    rules = [snapshot.id, source_hash.state(), *sorted(paths.settings().signers)]
    kept = _kept(rules)
    answers: dict[str, list[Moved]] = {}
    now: _Now | None = None
    overtaken: dict[tuple[str, str, str], list[Moved]] = {}
    for edition in editions:
        stamp = edition.entry["snapshot"]
        if stamp["id"] == snapshot.id or bool(stamp.get("synthetic")) != bool(snapshot.stamp["synthetic"]):
            continue
        key = str(edition.entry["hash"])
        if key in kept:
            answers[key] = kept[key]
        else:
            now = now or _Now(incremental.results(snapshot))
            answers[key] = list(_moved(now, edition))
        if answers[key]:
            overtaken[edition.id] = answers[key]
    if answers != kept:
        _keep(rules, answers)
    return overtaken


def text(figures: Iterable[Moved]) -> str:
    """Return how figures moved: the first, each with its metric, what was said of it and what it is now, and how many more there are."""
    return some([f"{one['label']} {one['before']} → {one['after']}" for one in figures])


class _Now:
    """The numbers of now, each asked for once: the packs of a region and period state many of the same."""

    def __init__(self, results: "Results") -> None:
        from city_briefs.analysis.figures.scope import Scope
        from city_briefs.analysis.figures.views import look
        from city_briefs.metrics import CATALOGUE

        self._regions = results.snapshot.regions.by_code
        self._metrics = {metric.id: (metric, metric.hash) for metric in CATALOGUE.values()}
        self._look = lambda metric, region, period: look(Scope.of(results, region, period), metric, "value")
        self._figures: dict[tuple[str, str, Period], Figure | None] = {}

    def figure(self, issued: IssuedFigure) -> "Figure | None":
        """Return the value of now of what was issued; None when it is defined anew, or its metric or region is known no more."""
        metric, definition = self._metrics.get(issued.metric, (None, ""))
        region = self._regions.get(issued.region)
        if metric is None or region is None or definition != issued.definition:
            return None
        asked = issued.metric, issued.region, issued.period
        if asked not in self._figures:
            self._figures[asked] = self._look(metric, region, issued.period)
        return self._figures[asked]


def _moved(now: _Now, edition: Standing) -> Iterator[Moved]:
    """Yield the figures of one edition that moved."""
    file = Path(edition.place) / str(edition.edition) / MANIFEST
    for issued in dict.fromkeys(first_issued.of_edition(file)):
        if moved := _compared(now.figure(issued), issued):
            yield moved


def _compared(now: "Figure | None", issued: IssuedFigure) -> Moved | None:
    """Return how a figure moved; None when it did not, or there is nothing to compare it with."""
    from city_briefs.analysis.figures import number_format

    if now is None or (now.value is not None and isclose(now.value, float(issued.value), rel_tol=SAME, abs_tol=SAME)):
        return None
    metric = now.metric
    before = number_format.amount(Decimal(issued.value), metric.unit, metric.decimals)
    return {"metric": metric.id, "label": metric.label, "before": before, "after": now.text}


def _kept(rules: list[str]) -> dict[str, list[Moved]]:
    """Return the answers that were kept by these rules, by the hash of the edition; none when they cannot be read."""
    try:
        noted = json.loads(files.read_text(paths.results() / CACHE))
        return dict(noted["answers"]) if noted["rules"] == rules else {}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _keep(rules: list[str], answers: dict[str, list[Moved]]) -> None:
    """Keep the answers for the next time."""
    with suppress(OSError):
        paths.results().mkdir(parents=True, exist_ok=True)
        write_whole(paths.results() / CACHE, json.dumps({"rules": rules, "answers": answers}, ensure_ascii=False))
