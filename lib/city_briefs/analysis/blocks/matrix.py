"""Matrix: some metrics side by side for each word of a column, such as the hazards of each domain."""

from collections.abc import Sequence

from city_briefs.analysis.blocks.publish import RIGHT, caveats, numbers, publish, publish_prose, sources
from city_briefs.analysis.blocks.region_table import TINY, TINY_NOTE, cell
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import disclosure_control, number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.blocks import TableBlock
from city_briefs.common.characters import adjoined
from city_briefs.model.labels import COLUMNS, DOMAINS, UNSAID, chinese
from city_briefs.model.metric import Metric

NO_BASE = "“—”表示没有可以计算的记录"


def matrix(scope: Scope, metrics: Sequence[Metric], by: str, audience: disclosure_control.Audience = "public") -> None:
    """Show a table with a row for each word of the column, the four domains always, and one for the total.

    Metrics whose value is refused are named in a sentence before it. Without a metric that is counted from records there is no table.
    """
    totals = {metric: look(scope, metric, "value") for metric in metrics}
    counted = [metric for metric in metrics if totals[metric].value is not None and scope.results.provenance(metric) == "records"]
    _missing([figure for figure in totals.values() if figure.refused and figure.text != number_format.NOTHING], scope.results)
    if not counted:
        return None
    merged = disclosure_control.merged(scope, counted, by, audience)
    words = {part for metric in counted for part in scope.results.parts(metric, by)} - merged
    first = list(DOMAINS) if by == "domain" else []
    rest = sorted(words - {*first, UNSAID}) + [UNSAID] * (UNSAID in words)
    figures: list[Figure] = []
    rows = []
    for word in [*first, *rest]:
        of_word = [look(scope, metric, "value", part=(by, word)) for metric in counted]
        if word in first or any(figure.value for figure in of_word):
            figures += of_word
            rows.append([chinese(by, word), *map(cell, of_word)])
    if not rows:
        listed = "、".join(f"{metric.label}{totals[metric].text}" for metric in counted)
        return publish_prose([f"{listed}，不再按{COLUMNS[by]}分列。"], list(totals.values()), scope.results, counted)
    if merged:
        others = [disclosure_control.other(scope, metric, by, merged) for metric in counted]
        rows.append([disclosure_control.OTHER, *(cell(figure) if figure else "" for figure in others)])
    rows.append(["合计", *(cell(totals[metric]) for metric in counted)])
    remarks = [NO_BASE] if any(number_format.NOTHING in row for row in rows) else []
    remarks += [disclosure_control.notice(COLUMNS[by])] if merged else []
    remarks += [TINY_NOTE] if any(TINY in row for row in rows) else []
    units = list(dict.fromkeys(metric.unit for metric in counted))
    unit = units[0] if len(units) == 1 else ""
    subject = counted[0].label + "等" * (len(counted) > 1)
    block: TableBlock = {
        "kind": "table", "caption": f"{adjoined(scope.region.name, subject)}分{COLUMNS[by]}情况（{scope.period.text}）", "unit": unit,
        "header": [COLUMNS[by], *(metric.label + (f"（{metric.unit}）" if len(units) > 1 else "") for metric in counted)],
        "align": ["left", *RIGHT * len(counted)], "rows": rows, "marked": [], "totals": [len(rows) - 1],
        "notes": [*caveats(figures, scope.results), *remarks], "sources": sources(counted, scope.results),
        **numbers(list(totals.values()), scope.results, counted),
    }  # fmt: skip
    return publish(block)


def _missing(figures: Sequence[Figure], results: Results) -> None:
    """Show one sentence on the metrics that are refused, those with the same reason together; no block when there are none."""
    reasons: dict[str, list[str]] = {}
    for figure in figures:
        why = figure.refused if results.provenance(figure.metric) else figure.text
        reasons.setdefault(why or "", []).append(figure.metric.label)
    if figures:
        sentence = "；".join(f"{'、'.join(labels)}{why}" for why, labels in reasons.items())
        publish_prose([f"{sentence}。"], figures, results)
