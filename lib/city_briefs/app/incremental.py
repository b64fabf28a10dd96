"""What would be made again and because of what: for a build, and for the person who asks."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from city_briefs.analysis.snapshot import Snapshot, checked
from city_briefs.common import paths
from city_briefs.common.language import chosen
from city_briefs.common.periods import Span
from city_briefs.common.read_log import Question
from city_briefs.common.regions import Regions
from city_briefs.production.build import up_to_date
from city_briefs.production.build.up_to_date import Changed
from city_briefs.production.packs.plan import PackRequest, SnapshotRef

if TYPE_CHECKING:
    from city_briefs.analysis.compute.results import Results


def source(snapshot: Snapshot) -> SnapshotRef:
    """A snapshot as the processes of a build read it."""
    findings: dict[str, dict[str, int]] = {}
    for finding in snapshot.findings:
        of_table = findings.setdefault(finding.table, {})
        of_table[finding.rule] = of_table.get(finding.rule, 0) + 1 + finding.more
    tables = {name: table.hash for name, table in snapshot.descriptions.items()}
    return SnapshotRef(snapshot.path, snapshot.stamp, checked(snapshot.path), {"tables": tables, "findings": findings})


def changed(snapshot: Snapshot) -> Changed:
    """What tells which of a chapter's reads have another answer in this snapshot."""

    @cache
    def answers() -> Changed:
        from city_briefs.analysis.recheck_reads import Answers

        return Answers(results(snapshot)).changed

    def differing(asked: Mapping[Question, str]) -> list[str]:
        return list(answers()(asked))

    return differing


def check_metrics() -> None:
    """See that metrics can be read and computed, once and before any chapter does.

    Raises:
        DataError: a row of what an office reports is faulty.
        DefinitionError: a metric cannot be computed as it is defined.
    """
    from city_briefs.analysis.compute import definitions
    from city_briefs.metrics import CATALOGUE

    definitions.check([*CATALOGUE.values()], paths.results())


def check_actions(regions: Regions) -> int:
    """See that what was asked because of lights and targets can be read, before any chapter does; return how many rows there are.

    Raises:
        DataError: a row is faulty; the message has a line for each fault.
    """
    if not paths.actions().exists():
        return 0
    from city_briefs.analysis.assessments import actions

    return len(actions.listed(regions))


def compute(snapshot: Snapshot, spans: Iterable[Span]) -> None:
    """Have what chapters may read over these spans computed by the engine of the snapshot and kept; DuckDB does it when they run."""
    if snapshot.engine != "duckdb":
        results(snapshot).compute(spans)


def results(snapshot: Snapshot) -> "Results":
    """What its metrics come to, each computed once and kept with the outputs."""
    from city_briefs.analysis.compute.cube_store import (
        Cache,  # only when it is asked: a build that has nothing to do does not need the metrics
    )
    from city_briefs.analysis.compute.results import Results
    from city_briefs.metrics import CATALOGUE

    return Results(snapshot, CATALOGUE.values(), Cache(paths.results()))


def why(request: PackRequest, changed: Changed) -> Iterator[str]:
    """What a build would do of a pack, a line for each chapter that it would run with the reasons, and one for the documents."""
    freshness = up_to_date.of_request(request, changed)
    for name, reasons in freshness.due.items():
        yield chosen(f"{name} would run: {'; '.join(reasons)}.", f"{name}要重新运行：{'；'.join(reasons)}。")
    if freshness.due:
        yield chosen(f"{request.pack.id} would be made of what they then say.", f"{request.pack.id}用运行后的各章编制。")
    elif freshness.up_to_date:
        yield chosen(f"{request.pack.id} stands as it would be made.", f"{request.pack.id}已是最新，不必重做。")
    else:
        yield chosen(
            f"{request.pack.id} would be made again from its chapters, which stand: {'; '.join(freshness.because)}.",
            f"{request.pack.id}各章不动，文档要重做：{'；'.join(freshness.because)}。",
        )
