"""What the yearly speech claims and whom it praises: each claim with its guard, each sentence of praise with the leading cities.

Both are data (`data/reference/claims.csv`, `praises.csv`). A claim or a praise that is not earned comes back with the reason.
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
HIGHEST = 3  # cities named for an amount, on which no share of the cities is “前列”
NO_METRIC = "没有对应的统计指标，不列市州"


@dataclass(frozen=True)
class Praise:
    """A sentence that praises cities: `note` has each leading city with value, place and base; else `refused` is the reason.

    `metric` is None when nothing that is counted stands behind the sentence.
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
    """Every claim of the speech in its order: section, quote, and what its guard says; None when nothing counted stands behind it."""
    return [
        (
            row["section"],
            row["quote"],
            GUARDS[row["guard"]](scope, CATALOGUE.find(row["metric"])) if row["guard"] else None,
        )
        for row in _rows(CLAIMS, "guard", ("", *GUARDS))
    ]


def praises(results: Results, period: Period) -> list[Praise]:
    """Every sentence of the speech that praises cities, in its order."""
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
    """The metrics behind the claims and the praises, each once."""
    rows = [*_rows(CLAIMS, "guard", ("", *GUARDS)), *_rows(PRAISES, "view", ("", *VIEWS))]
    return list(dict.fromkeys(CATALOGUE.find(row["metric"]) for row in rows if row["metric"]))


Leaders = tuple[str, str, str | None, tuple[Figure, ...]]


def _by_rate(results: Results, metric: Metric, view: str, period: Period) -> Leaders:
    """The leading cities on a rate or a growth, in the order of their codes."""
    made = leading(Scope.of(results, results.regions.province, period), metric, view=view)
    return made.subject, made.note, made.refused, made.figures if not made.refused else ()


def _highest(results: Results, metric: Metric, period: Period) -> Leaders:
    """The cities with the best amounts, those that share a place with the last of them too."""
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
    """What an amount rests on: its share of the province, and how many records are behind it."""
    part = look(Scope.of(results, figure.region, figure.period), figure.metric, "share")
    records = results.amount(figure.metric, figure.region, figure.period).records
    text = f"，占{results.regions.province.whole}{part.text}" if part.value is not None else ""
    return text + (f"，{number_format.digits(records)}条记录" if records is not None else "")


def _rows(name: str, column: str, words: Container[str]) -> Iterator[dict[str, str]]:
    """The rows of a file of `data/reference`; a word of a closed column that does not exist is a DataError that names it."""
    with (paths.reference() / name).open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            if row[column] not in words:
                raise DataError(f"{name}, “{row['quote']}”: there is no {column} '{row[column]}'.")
            yield row
