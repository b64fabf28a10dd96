"""Claims and praises of the yearly speech: each claim with its guard, each sentence of praise with the leading cities.

Both are data (`data/reference/claims.csv`, `praises.csv`). One that is not earned has the reason in `refused`.
"""

import csv
from collections.abc import Container, Iterator
from dataclasses import dataclass

from city_briefs.analysis.assessments.claims import GUARDS, RATES, Claim, leading
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import VIEWS, look
from city_briefs.common import paths
from city_briefs.common.errors import DataError
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric

CLAIMS, PRAISES = "claims.csv", "praises.csv"
HIGHEST = 3  # cities named for an amount; LEADING_SHARE is for rates
NO_METRIC = "没有对应的统计指标，不列市州"


@dataclass(frozen=True)
class Praise:
    """A sentence that praises cities: `note` has each leading city with value, rank and base, or `refused` is the reason.

    `metric` is None when no metric stands behind the sentence. `cities` and `figures` are empty when it is refused.
    """

    section: str
    quote: str
    metric: Metric | None
    view: str
    cities: str = ""
    note: str = ""
    refused: str | None = None
    figures: tuple[Figure, ...] = ()


def claims(scope: Scope) -> list[tuple[str, str, Claim | None]]:
    """Return every claim of the speech in its order: section, quote and claim; None for the claim when no metric stands behind it.

    Raises:
        DataError: a row of claims.csv names a guard that there is not.
        UsageError: a row names a metric that there is not.
    """
    return [
        (
            row["section"],
            row["quote"],
            GUARDS[row["guard"]](scope, CATALOGUE.find(row["metric"])) if row["guard"] else None,
        )
        for row in _rows(CLAIMS, "guard", ("", *GUARDS))
    ]


def praises(results: Results, period: Period) -> list[Praise]:
    """Return every sentence of the speech that praises cities, in its order.

    Raises:
        DataError: a row of praises.csv names a view that there is not.
        UsageError: a row names a metric that there is not.
    """
    praised = []
    for row in _rows(PRAISES, "view", ("", *VIEWS)):
        section, quote, view = row["section"], row["quote"], row["view"]
        if not row["metric"]:
            praised.append(Praise(section, quote, None, view, refused=NO_METRIC))
            continue
        metric = CATALOGUE.find(row["metric"])
        cities, note, refused, figures = (
            _by_rate(results, metric, view, period)
            if metric.form == "ratio" or view in RATES
            else _highest(results, metric, period)
        )
        praised.append(Praise(section, quote, metric, view, cities, note, refused, figures))
    return praised


def metrics() -> list[Metric]:
    """Return the metrics behind the claims and the praises, each once."""
    rows = [*_rows(CLAIMS, "guard", ("", *GUARDS)), *_rows(PRAISES, "view", ("", *VIEWS))]
    return list(dict.fromkeys(CATALOGUE.find(row["metric"]) for row in rows if row["metric"]))


Leaders = tuple[str, str, str | None, tuple[Figure, ...]]  # cities, note, refused and figures of a Praise


def _by_rate(results: Results, metric: Metric, view: str, period: Period) -> Leaders:
    """Return the leading cities by a rate or a growth, in the order of their codes."""
    made = leading(Scope.of(results, results.regions.province, period), metric, view=view)
    return made.subject, made.note, made.refused, made.figures if not made.refused else ()


def _highest(results: Results, metric: Metric, period: Period) -> Leaders:
    """Return the cities whose amounts have the ranks 1 to HIGHEST, the best first; cities with zero are left out."""
    cities = results.regions.cities
    figures = [look(Scope.of(results, city, period), metric, "value") for city in cities]
    places = {figure.region: look(Scope.of(results, figure.region, period), metric, "rank") for figure in figures}
    if metric.better == "neutral":
        return "", "", "该指标不分优劣", ()
    if unknown := [figure for figure in figures if figure.value is None]:
        if len(unknown) == len(figures):
            return "", "", unknown[0].prose, ()
        return "", "", f"部分地区没有可比数据（{'、'.join(figure.region.name for figure in unknown)}）", ()
    placed = [(figure, places[figure.region]) for figure in figures if figure.value and places[figure.region].value is not None]
    best = sorted(
        (pair for pair in placed if pair[1].value is not None and pair[1].value <= HIGHEST), key=lambda pair: pair[1].value or 0
    )
    if not best:
        return "", "", "各地区均为零", ()
    note = "；".join(f"{figure.region.name}{figure.text}（{place.text}{_base(results, figure)}）" for figure, place in best)
    return "、".join(figure.region.name for figure, _ in best), note, None, tuple(figure for pair in best for figure in pair)


def _base(results: Results, figure: Figure) -> str:
    """Return the base of an amount in words: its share of the province, and how many records are behind it; empty without both."""
    part = look(Scope.of(results, figure.region, figure.period), figure.metric, "share")
    records = results.amount(figure.metric, figure.region, figure.period).records
    text = f"，占{results.regions.province.whole}{part.text}" if part.value is not None else ""
    return text + (f"，{number_format.digits(records)}条记录" if records is not None else "")


def _rows(name: str, column: str, words: Container[str]) -> Iterator[dict[str, str]]:
    """Yield the rows of a file of `data/reference`; `words` are those that the column may hold.

    Raises:
        DataError: the column of a row holds another word.
    """
    with (paths.reference() / name).open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            if row[column] not in words:
                raise DataError(f"{name}, “{row['quote']}”: there is no {column} '{row[column]}'.")
            yield row
