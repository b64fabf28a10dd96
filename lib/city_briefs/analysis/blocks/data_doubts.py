"""Doubts about the rows behind a metric, found when they were ingested, in words of the appendix."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.validation import Finding
from city_briefs.common import read_log
from city_briefs.model.metric import Metric
from city_briefs.model.tables import TABLES


def doubts(metric: Metric, results: Results) -> list[str]:
    """Return a sentence for each rule that rows of the metric's tables are likely to break: the first case, and how many there are."""
    sentences = _doubts(metric, results)
    read_log.note(("doubts", metric.id), lambda: sentences)
    return sentences


def _doubts(metric: Metric, results: Results) -> list[str]:
    names = {table.name for table in results.sources(metric)}
    cases: dict[tuple[str, str], list[Finding]] = {}
    for finding in results.snapshot.findings:
        if finding.table in names:
            cases.setdefault((finding.table, finding.rule), []).append(finding)
    names_of = {region.code: region.name for region in results.snapshot.regions.all}
    words = names_of | {entry.id: entry.label for entry in results.metrics.values()}
    return [f"{TABLES[table].label}：{_first_in_words(findings, words)}" for (table, _), findings in cases.items()]


def _first_in_words(findings: Sequence[Finding], words: Mapping[str, str]) -> str:
    """Return the first of findings that are alike, with codes and ids in words, and how many there are."""
    from city_briefs.analysis.ingest.messages_zh import (
        problem_and_remedy,  # only here: few snapshots have findings, and every kernel imports this module
    )

    first = findings[0]
    count = sum(1 + finding.more for finding in findings)
    value = "、".join(words.get(part, part) for part in first.value.split(", "))
    problem = problem_and_remedy(replace(first, value=value))[0].rstrip("。")
    return f"{problem}（共{count}处）" if count > 1 else problem
