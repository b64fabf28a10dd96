"""Claims and praises of the yearly speech: each claim with its guard, each sentence of praise with the leading cities.

Both are data (`data/reference/claims.csv`, `praises.csv`). One that is not earned has the reason in `refused`.
"""

import csv
from collections.abc import Container, Iterator
from dataclasses import dataclass

from city_briefs.analysis.assessments.claims import GUARDS, Claim, leading
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.praise import is_marked
from city_briefs.analysis.figures.ranking import NO_PLACE
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import VIEWS
from city_briefs.common import files, paths
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric

CLAIMS, PRAISES = "claims.csv", "praises.csv"
NO_METRIC = "没有对应的统计指标，不列市州"
NO_GROWTH = f"增速{NO_PLACE}"
MARKED = ("明显", "显著", "大幅")  # words of a sentence for which a place is not enough
NOT_MARKED = "居前的市州同比变化达不到“{word}”的标准"


@dataclass(frozen=True)
class Praise:
    """A sentence that praises cities: `note` has each leading city with value, base and places, or `refused` is the reason.

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
        made = leading(Scope.of(results, results.regions.province, period), metric)
        refused = made.refused or (NO_GROWTH if view != "value" else _unmarked(results, made, quote))
        if refused:
            praised.append(Praise(section, quote, metric, view, refused=refused))
        else:
            praised.append(Praise(section, quote, metric, view, made.subject, made.note, None, made.figures))
    return praised


def metrics() -> list[Metric]:
    """Return the metrics behind the claims and the praises, each once."""
    rows = [*_rows(CLAIMS, "guard", ("", *GUARDS)), *_rows(PRAISES, "view", ("", *VIEWS))]
    return list(dict.fromkeys(CATALOGUE.find(row["metric"]) for row in rows if row["metric"]))


def _unmarked(results: Results, made: Claim, quote: str) -> str | None:
    """Return why a sentence with such a word as 明显 is not said of the leading cities: one of them changed too little; else None."""
    cities = {figure.region for figure in made.figures}
    enough = all(is_marked(Question(Scope.of(results, city, made.period), made.metric)) for city in cities)
    return None if enough else next((NOT_MARKED.format(word=word) for word in MARKED if word in quote), None)


def _rows(name: str, column: str, words: Container[str]) -> Iterator[dict[str, str]]:
    """Yield the rows of a file of `data/reference`; `words` are those that the column may hold.

    Raises:
        DataError: the column of a row holds another word.
    """
    with files.opened_text(paths.reference() / name) as opened:
        for row in csv.DictReader(opened):
            if row[column] not in words:
                raise DataError(
                    chosen(
                        f"{name}, “{row['quote']}”: there is no {column} '{row[column]}'.",
                        f"{name}，“{row['quote']}”：{column}栏的“{row[column]}”不存在。",
                    )
                )
            yield row
