"""An explanation, and how JupyterLab and a terminal show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.explain import comparison, sections
from city_briefs.analysis.explain.evidence import Evidence, evidence
from city_briefs.analysis.explain.sections import Section
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look as looked
from city_briefs.common import theme
from city_briefs.common.characters import adjoined
from city_briefs.common.errors import UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric


@dataclass(frozen=True, repr=False)
class Explanation:
    """The explanation of a figure.

    `evidence` has the records of each metric that it is computed from, by id; None of a metric without data.
    """

    figure: Figure
    evidence: dict[str, Evidence | None]
    sections: tuple[Section, ...]

    @property
    def value(self) -> Decimal | None:
        """The number that a pack states, unrounded; None when it is refused."""
        return self.figure.value

    @property
    def title(self) -> str:
        """The question, with its answer."""
        figure = self.figure
        return f"{adjoined(figure.region.name, figure.period.text)}{figure.metric.label}：{figure.refused or figure.text}"

    def __repr__(self) -> str:
        """Return it in plain words, for a terminal."""
        return "\n".join([self.title, *(line for section in self.sections for line in lines(section))])

    def _repr_html_(self) -> str:
        """Return it as a page of JupyterLab; everything in it is escaped as text."""
        return (
            theme.templates(Path(__file__).parent)
            .get_template("explanation.html.j2")
            .render(explanation=self, palette=theme.PALETTE, sans=theme.SANS)
        )


def explanation(scope: Scope, metric: Metric) -> Explanation:
    """Return the explanation of a metric of one region over a period; of a metric that a document fixes, of the number cited.

    Raises:
        UsageError: what is asked for is no metric; the message names the nearest.
    """
    if not isinstance(metric, Metric):
        raise UsageError(
            chosen(
                f"explain takes a metric without quotes, such as new_entities, not '{metric}'.{suggestion(str(metric), CATALOGUE)}",
                f"explain里写指标，不加引号，如new_entities，不能是“{metric}”。{suggestion_zh(str(metric), CATALOGUE)}",
            )
        )
    figure = looked(scope, metric, "parameter" if metric.form == "cited" else "value")
    leaves = list(_leaves(scope.results, metric))
    evidence_of = {leaf.id: evidence(scope, leaf) for _, leaf in leaves}
    return Explanation(
        figure,
        evidence_of,
        (
            sections.definition(scope.results, metric),
            sections.number(scope.results, metric, figure),
            *comparison.section(scope, metric),
            *comparison.of_parts(scope, metric),
            *sections.months(scope, metric),
            *(part for role, leaf in leaves for part in sections.behind(role, leaf, evidence_of[leaf.id], scope.results)),
            sections.coverage(leaves, scope),
            sections.sources(scope.results, metric, [figure]),
            *sections.aims(scope, metric),
            *sections.lit(scope, metric),
            sections.guards(scope, metric),
        ),
    )


def origin(scope: Scope, metric: Metric) -> list[Section]:
    """Return the sections on where the numbers of a metric come from: its definition, then the query and the first records."""
    results = scope.results
    of_leaves = (
        part for role, leaf in _leaves(results, metric) for part in sections.behind(role, leaf, evidence(scope, leaf), results)
    )
    return [sections.definition(results, metric), *of_leaves]


def _leaves(results: Results, metric: Metric, role: str = "") -> Iterator[tuple[str, Metric]]:
    """Yield the metrics that a metric is computed from in the end, each with its role; the metric itself when it is no pair."""
    halves = sections.halves(results, metric)
    if not halves:
        yield role, metric
    for half_role, half in halves:
        yield from _leaves(results, half, f"{role}{half_role}")


def lines(section: Section) -> Iterator[str]:
    """Yield the lines of a section, for a terminal."""
    yield f"\n【{section.title}】"
    yield from (f"{name}：{words}" for name, words in section.facts)
    yield from section.code.splitlines()
    yield from (" | ".join(row).replace("\n", " ") for row in (section.header, *section.rows) if row and section.rows)
    if section.note:
        yield f"注：{section.note}"
