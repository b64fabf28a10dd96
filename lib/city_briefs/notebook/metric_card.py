"""A metric as a card: what is shown of one that stands alone in a cell or at a prompt, and of one that is pointed at.

It is for looking: a build makes none.
"""

from pathlib import Path

from city_briefs import metrics
from city_briefs.analysis import charts
from city_briefs.analysis.blocks.chart_blocks import last_years
from city_briefs.analysis.charts.chart import Chart
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look, look_as_known
from city_briefs.common import paths, theme
from city_briefs.common.characters import adjoined
from city_briefs.common.errors import BriefError
from city_briefs.common.periods import Period
from city_briefs.model.labels import DIRECTIONS, FORMS, VIEW_NAMES
from city_briefs.model.metric import Metric
from city_briefs.notebook import parameters

Facts = list[tuple[str, str]]  # a name and words each
NO_SNAPSHOT = "没有可读的数据"


def definition(metric: Metric) -> Facts:
    """Return what a metric means, without any number."""
    places = f"，{metric.decimals}位小数" if metric.decimals else ""
    return [
        ("口径", "".join(metric.definition.split("\n"))),
        ("编号", metric.id),
        ("单位", f"{metric.unit}{places}（{FORMS[metric.form]}，{DIRECTIONS[metric.better]}）"),
        ("责任处室", metric.owner),
    ]


def text(metric: Metric) -> str:
    """Return the card as lines, for a prompt."""
    listed, _ = facts(metric)
    return "\n".join([metric.label, *(f"  {name}：{words}" for name, words in listed)])


def html(metric: Metric) -> str:
    """Return the card as HTML, everything in it escaped as text."""
    listed, spark = facts(metric)
    return _drawn(metric, listed, spark)


def figure_text(figure: Figure) -> str:
    """Return a figure as one line, such as what `per_day` gives back."""
    name = f"{figure.metric.label}（{VIEW_NAMES[figure.view]}）"
    return f"{figure.region.name} {figure.period.text} {name}：{figure.refused or figure.text}"


def facts(metric: Metric) -> tuple[Facts, Chart | None]:
    """Return the facts of a card with the last value, and the small trend that ends with it; None when there is none."""
    try:
        scope = _scope()
        figure = look(scope, metric, "parameter" if metric.form == "cited" else "value")
        years = [] if metric.form == "cited" else [look_as_known(scope, metric, each) for each in last_years(scope.period)]
        spark = charts.spark(years)
    except BriefError as error:  # what a person has to mend is no reason to show no definition
        return [*definition(metric), (NO_SNAPSHOT, str(error))], None
    return [*definition(metric), (adjoined(scope.region.name, scope.period.text), figure.refused or figure.text)], spark


def _scope() -> Scope:
    """Return the scope of the notebook; where it has no parameters, the province over the latest complete year.

    Raises:
        BriefError: there is no snapshot, or the parameters are wrong.
    """
    import __main__

    if "year" in vars(__main__):
        return parameters.scope()
    results = parameters.read(paths.data())
    year = results.snapshot.latest_complete_year or max(results.snapshot.years)
    return Scope.of(results, results.regions.province, Period(year))


def _drawn(metric: Metric, listed: Facts, spark: Chart | None) -> str:
    template = theme.templates(Path(__file__).parent).get_template("metric_card.html.j2")
    return template.render(metric=metric, facts=listed, spark=spark, palette=theme.PALETTE, sans=theme.SANS)


def completions(word: str) -> list[str]:
    """Return the ids of the metrics whose Chinese label has a word that is typed; none for a word of English letters."""
    if not word or word.isascii():
        return []
    return [metric.id for metric in metrics.CATALOGUE.values() if word in metric.label]
