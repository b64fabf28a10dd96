"""Doubts about the rows behind a metric, found when they were ingested, and what was not reported, in words of the appendix."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from city_briefs.analysis.compute.rejected import open_rows
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.provisional import completeness
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.validation import Finding
from city_briefs.common import read_log
from city_briefs.common.characters import adjoined
from city_briefs.common.periods import months_text
from city_briefs.model.metric import Metric
from city_briefs.model.tables import TABLES

PLACES = 4  # regions with their month that a sentence names


def doubts(metric: Metric, results: Results) -> list[str]:
    """Return a sentence for each rule that rows of the metric's tables are likely to break: the first case, and how many there are.

    For each table of which rows were rejected where the others count, one more says how many.
    """
    question = "doubts", results.regions.province.code, metric.id
    return results.once((doubts, metric), lambda: read_log.answered(question, lambda: _doubts(metric, results)))


def unreported(figures: Sequence[Figure], results: Results) -> list[str]:
    """Return a sentence for each region whose data for the figures of one metric are incomplete, in the last period of these.

    None of a region that reported nothing, of which figures are refused, and of numbers that nobody reports.
    """
    last: dict[str, Scope] = {}
    for figure in figures:
        scope = last.get(figure.region.code)
        if scope is None or scope.period < figure.period:
            last[figure.region.code] = Scope.of(results, figure.region, figure.period)
    sentences = []
    for scope in last.values() if figures and results.provenance(figures[0].metric) else ():
        reported = completeness(scope, figures[0].metric)
        if 0 < reported.reported < reported.due:
            tables = "、".join(table.label for table in results.sources(figures[0].metric))
            gap = f"应报{reported.due}个月次，缺报{reported.due - reported.reported}个月次"
            sentences.append(f"{tables}：{adjoined(scope.region.name, scope.period.text)}{reported.text}（{gap}）")
    return sentences


def _doubts(metric: Metric, results: Results) -> list[str]:
    names = {table.name for table in results.sources(metric)}
    cases: dict[tuple[str, str], list[Finding]] = {}
    for finding in results.snapshot.findings:
        if finding.table in names:
            cases.setdefault((finding.table, finding.rule), []).append(finding)
    names_of = {region.code: region.name for region in results.snapshot.regions.all}
    words = names_of | {entry.id: entry.label for entry in results.metrics.values()}
    found = [f"{TABLES[table].label}：{_first_in_words(findings, words)}" for (table, _), findings in cases.items()]
    return [*found, *_open(metric, results)]


def _open(metric: Metric, results: Results) -> Iterator[str]:
    """Yield for each table of a metric how many rows were rejected where others count, with the first regions and months."""
    by_table: dict[str, dict[str, int]] = {}
    for (table, region, month), rows in open_rows(results, metric).items():
        by_table.setdefault(table.label, {})[adjoined(region.name, months_text([month]) if month else "月份不详")] = rows
    for label, places in by_table.items():
        first = "、".join(f"{place}{rows}条" for place, rows in list(places.items())[:PLACES])
        yield f"{label}：另有{sum(places.values())}条待核（{first}{'等' if len(places) > PLACES else ''}）"


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
