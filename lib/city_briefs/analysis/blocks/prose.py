"""Sentences: on metrics, on claims that were earned, and in place of a chart or table that cannot be made."""

from collections.abc import Sequence

from city_briefs.analysis.assessments.claims import Claim
from city_briefs.analysis.blocks.publish import numbers, publish, publish_prose
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.sentences import statement, unknown
from city_briefs.common.blocks import ProseBlock
from city_briefs.model.metric import Metric


def prose(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show a paragraph of one sentence on the metrics."""
    sentence, figures = statement(scope, metrics)
    publish_prose([sentence], figures, scope.results)


def claim(results: Results, made: Claim) -> None:
    """Show a claim that was earned, with its grounds under it; one that was refused shows no text, and the appendix gives the reason."""
    when = made.period.end_text if made.metric.at_month_end else made.period.text
    paragraphs = [f"{when}，{made.subject or made.region.whole}{made.text}。"] if made.text else []
    block: ProseBlock = {
        "kind": "prose", "paragraphs": paragraphs, "notes": [made.note] if paragraphs and made.note else [], "sources": [],
        "claims": [{"name": made.name, "metric": made.metric.id, "said": made.text, "refused": made.refused}],
        **numbers([figure for figure in made.figures if figure.value is not None], results, [made.metric]),
    }  # fmt: skip
    publish(block)


def missing(figure: Figure, results: Results) -> None:
    """Show the sentence that stands in place of a chart or table that cannot be made."""
    publish_prose([f"{unknown(results, figure)}。"], [figure], results)
