"""What would be made again and because of what: for a build, and for the person who asks."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from city_briefs.analysis.snapshot import Snapshot, checked
from city_briefs.common import paths
from city_briefs.common.read_log import Question
from city_briefs.production.build import chapter_store, outputs
from city_briefs.production.build.chapter_store import Changed
from city_briefs.production.packs.plan import Source, Task

if TYPE_CHECKING:
    from city_briefs.analysis.compute.results import Results

OF_DOCUMENTS = (
    "its documents are not there, or of another snapshot, title, version, look or set of fonts, or unsigned by the key in use"
)


def source(snapshot: Snapshot) -> Source:
    """A snapshot as the processes of a build read it."""
    found: dict[str, dict[str, int]] = {}
    for finding in snapshot.findings:
        of_table = found.setdefault(finding.table, {})
        of_table[finding.rule] = of_table.get(finding.rule, 0) + 1 + finding.more
    tables = {name: table.hash for name, table in snapshot.descriptions.items()}
    return Source(snapshot.path, snapshot.stamp, checked(snapshot.path), {"tables": tables, "findings": found})


def changed(snapshot: Snapshot) -> Changed:
    """What tells which of a chapter's reads have another answer in this snapshot."""

    @cache
    def answers() -> Changed:
        from city_briefs.analysis.recheck_reads import Answers

        return Answers(results(snapshot)).changed

    def differing(asked: Mapping[Question, str]) -> list[str]:
        return list(answers()(asked))

    return differing


def compute(snapshot: Snapshot) -> None:
    """Have what chapters may read computed by the engine of the snapshot and kept; where that is DuckDB, they do it themselves."""
    if snapshot.engine != "duckdb":
        results(snapshot).compute()


def results(snapshot: Snapshot) -> "Results":
    """What its metrics come to, each computed once and kept with the outputs."""
    from city_briefs.analysis.compute.cube_store import (
        Cache,  # only when it is asked: a build that has nothing to do does not need the metrics
    )
    from city_briefs.analysis.compute.results import Results
    from city_briefs.metrics import CATALOGUE

    return Results(snapshot, CATALOGUE.values(), Cache(paths.results()))


def why(task: Task, changed: Changed) -> Iterator[str]:
    """What a build would do of a pack, a line for each chapter that it would run with the reasons, and one for the documents."""
    found = {chapter: chapter_store.find(chapter) for chapter in task.chapters}
    due = {chapter.name: chapter_store.reasons(chapter, record, changed) for chapter, record in found.items()}
    for name, reasons in due.items():
        if reasons:
            yield f"{name} would run: {'; '.join(reasons)}."
    if any(due.values()):
        yield f"{task.pack.id} would be made of what they then say."
    elif outputs.kept(keyed := chapter_store.keyed(task, [record for record in found.values() if record]), keyed.key):
        yield f"{task.pack.id} stands as it would be made."
    else:
        yield f"{task.pack.id} would be made again from its chapters, which stand: {OF_DOCUMENTS}."
