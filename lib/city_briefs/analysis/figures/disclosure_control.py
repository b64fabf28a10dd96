"""Disclosure control: small members of a breakdown are merged into 其他, so that no person is recognized by a small number.

It covers records of persons, broken down by a column of free words such as the category of a request. A closed list, such as 投诉 and
举报, has coarse members that are metrics themselves, and is not covered. Primary suppression: a member with fewer than `smallest`
records is merged. Secondary suppression: the next smallest members are merged with it until those merged have `smallest` records
together and not all the same number, so that none can be computed from the rest. A province merges every member that any of its cities
merges, since its table could otherwise be subtracted from theirs. Tables of different metrics, or of earlier months, are not compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, Field

from city_briefs.analysis.compute.aggregate import ZERO, Amount
from city_briefs.analysis.figures.figure import Figure, Question, Refusal
from city_briefs.analysis.figures.refusal_rules import value
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common import paths, toml_file
from city_briefs.common.errors import DataError, UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.regions import Region
from city_briefs.common.toml_file import STRICT
from city_briefs.model.metric import TO_DATE, Metric
from city_briefs.model.table import STR
from city_briefs.model.tables import COMPLAINTS, ELEVATOR_RESCUES, REGION

SETTINGS = "privacy.toml"
# Entities, their ratings and penalties are published by law, and so are accidents with their deaths: these are not concealed.
PERSONAL = (COMPLAINTS, ELEVATOR_RESCUES)
OTHER = "其他"
VIEWS = ("value", "yoy", "change_pp")  # of a part
Audience = Literal["public", "internal"]


class PrivacySettings(BaseModel):
    """The file `privacy.toml`: the least number of records with which a member is shown."""

    model_config = STRICT

    smallest: Annotated[int, Field(ge=1)]


def merged(scope: Scope, metrics: Sequence[Metric], by: str, audience: str = "public") -> frozenset[str]:
    """Return the members of the dimension `by` that are merged in a table of some metrics of a region; none for internal readers.

    Raises:
        UsageError: there is no such audience.
    """
    if audience not in get_args(Audience):
        raise UsageError(
            chosen(
                f"There is no audience '{audience}'.{suggestion(audience, get_args(Audience)) or ' It is internal.'}",
                f"没有“{audience}”这类读者。{suggestion_zh(audience, get_args(Audience)) or '应为internal。'}",
            )
        )
    personal = [part for metric in metrics for part in _personal(metric, by)]
    counted = [metric for metric in personal if scope.results.provenance(metric) == "records"]
    if audience == "internal" or not counted:
        return frozenset()
    words = sorted({word for metric in counted for word in scope.results.parts(metric, by)})

    def sizes(of: Region) -> dict[str, list[int]]:
        return {word: [_size(scope.results.amount(metric, of, scope.period, (by, word))) for metric in counted] for word in words}

    inside = scope.snapshot.regions.made_of(scope.region)
    if inside is None:
        return merged_of(sizes(scope.region), smallest())
    return merged_of_province([sizes(city) for city in inside.cities], sizes(scope.region), smallest())


def merged_in_both_years(scope: Scope, metric: Metric, by: str, audience: str = "public") -> frozenset[str]:
    """Return the members that are merged in a table of this period beside the year before, and beside the province.

    One that is merged in either year, of the region or of its province, is merged in both: so each column has coarser parts than the
    table of its own year, and tells nothing that is not there.

    Raises:
        UsageError: there is no such audience.
    """
    scopes = [at.over(period) for at in (scope, scope.at(scope.whole)) for period in (scope.period, scope.period.year_before)]
    return frozenset[str]().union(*(merged(each, [metric], by, audience) for each in scopes))


def merged_of(sizes: Mapping[str, Sequence[int]], smallest: int) -> frozenset[str]:
    """Return the members to merge; all of them when the merged ones cannot be concealed otherwise.

    `sizes` has for each member the number of records of each metric of the table. Members of the same sizes are merged together, so
    that no name decides.
    """
    small = {word for word, counts in sizes.items() if any(0 < count < smallest for count in counts)}
    if not small:
        return frozenset()
    concealed = small
    others = sorted((word for word in sizes if any(sizes[word]) and word not in small), key=lambda word: list(sizes[word]))
    following = [set(words) for _, words in groupby(others, key=lambda word: list(sizes[word]))]
    while not all(_concealing(counts, smallest) for counts in zip(*(sizes[word] for word in concealed), strict=True)):
        if not following:
            return frozenset(sizes)
        concealed |= following.pop(0)
    return frozenset(concealed | (sizes.keys() & {OTHER}))


def merged_of_province(
    cities: Sequence[Mapping[str, Sequence[int]]], province: Mapping[str, Sequence[int]], smallest: int
) -> frozenset[str]:
    """Return the members that a province merges: those of any of its cities, and those of what the cities leave of its total."""
    rest = {
        word: [total - sum(counts) for total, *counts in zip(totals, *(city[word] for city in cities), strict=True)]
        for word, totals in province.items()
    }
    return frozenset[str]().union(*(merged_of(sizes, smallest) for sizes in (*cities, rest)))


def other(scope: Scope, metric: Metric, by: str, parts: frozenset[str]) -> Figure | None:
    """Return the figure of the merged members together; None for a metric that is not additive, without members, or when refused."""
    amounts = [scope.amount(metric, (by, word)) for word in sorted(parts)]
    if metric.form in TO_DATE or not amounts:
        return None
    shared = metric.is_pair and by not in metric.pair.second.by  # every part over the same denominator
    numerator = sum((amount.numerator for amount in amounts), ZERO)
    denominators = [amount.denominator for amount in amounts[: 1 if shared else None] if amount.denominator is not None]
    total, part = look(scope, metric, "value"), (by, OTHER)
    try:
        answer = value(
            Question(scope, metric, part=part),
            Amount(numerator, sum(denominators, ZERO) if denominators else None),
        )
    except Refusal:
        return None
    return replace(
        total, value=answer.value, numerator=answer.numerator, denominator=answer.denominator, text=answer.text, part=part
    )


def parts(scope: Scope, metric: Metric, view: str, by: str, area: str = "") -> list[Figure]:
    """Return a view of each member that is not merged and, for the view `value`, the figure of the merged ones last.

    Raises:
        UsageError: the metric has no such dimension or was only returned; or it counts records of persons, and the view compares more
            than the year before.
    """
    if _personal(metric, by) and view not in VIEWS:
        raise UsageError(
            chosen(
                f"{metric.id} by {by} is given as {', '.join(VIEWS)}, not as '{view}'. It is of records of persons, and other "
                "views could tell small numbers of them.",
                f"{metric.id}按{by}分时只提供{'、'.join(VIEWS)}，不提供“{view}”。该指标来自个人记录，其他视图可能透露人数很少的情形。",
            )
        )
    apart = merged(scope, [metric], by)
    before = merged(scope.year_before, [metric], by) if view != "value" else frozenset()
    words = [word for word in scope.results.parts(metric, by) if word not in apart | before]
    shown = [look(scope, metric, view, area=area, part=(by, word)) for word in words]
    together = other(scope, metric, by, apart) if view == "value" else None
    return [*shown, *([together] if together else [])]


def notice(by: str, *, in_both_years: bool = False) -> str:
    """Return the note under a table in which members are merged: this year, and so without growth, or in both years alike."""
    merged_so = f"两年均并入“{OTHER}”" if in_both_years else f"并入“{OTHER}”，不作同比"
    return f"为保护个人信息，不足{smallest()}件的{by}（为防止推算，连同次少的{by}）{merged_so}"


def free_words(metric: Metric) -> list[str]:
    """Return the columns of free words in the records of persons of a metric, which no list of records may show; empty without such.

    A list of records would tell what a table merges.
    """
    return [
        column.name
        for table in metric.tables
        if table in PERSONAL
        for column in table.columns
        if column.type == STR and column.name not in {REGION.name, *table.key, *table.references}
    ]


@cache
def smallest() -> int:
    """Return the least number of records with which a member is shown.

    Raises:
        DataError: privacy.toml cannot be read, or does not say it.
    """
    return toml_file.read(paths.reference() / SETTINGS, PrivacySettings, DataError).smallest


def _personal(metric: Metric, by: str) -> list[Metric]:
    """Return the metric, or the halves of a pair, that count records of persons and have the dimension `by` of free words."""
    if metric.is_pair:
        return [part for half in (metric.pair.first, metric.pair.second) for part in _personal(half, by)]
    columns = [column for table in metric.tables if table in PERSONAL for column in table.columns]
    return [metric] if by in metric.by and any(column.name == by and not column.words for column in columns) else []


def _size(amount: Amount) -> int:
    """Return how many records are behind an amount."""
    return int(amount.numerator if amount.records is None else amount.records)


def _concealing(counts: Sequence[int], smallest: int) -> bool:
    """Return whether members of these sizes, merged into one number, cannot be computed; also when none of them is small."""
    if not any(0 < count < smallest for count in counts):
        return True
    return sum(counts) >= smallest and len(set(counts)) > 1
