"""Suspicious returns: another unit, a figure of the year before sent again, a month left out."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from statistics import median
from typing import Any

from city_briefs.analysis.ingest.cumulative import HALVES
from city_briefs.analysis.ingest.raw_table import ROW
from city_briefs.analysis.ingest.rules import quoted
from city_briefs.analysis.ingest.staging import StagingArea
from city_briefs.analysis.validation.finding import LIMIT, Finding, RuleFindings, finding
from city_briefs.common.periods import month_name, month_number
from city_briefs.model.tables import RETURNS

NEAR = 3  # months before, with which a figure is compared; at the start of a series, months after
MYRIAD = (5_000, 20_000)  # times: what a figure in 万 that was sent in units is, or the other way round
TEN = (8, 12.5)  # times: a digit too many or too few
STEADY = 2  # the months measured against are no further apart than this many times, or tenfold is ordinary
SMALL_BASE = 30  # below it tenfold is ordinary
FOUR_DIGITS, TWO_DIGITS = 1_000, 10  # such a figure is not by chance that of a year before: alone, and each month of a quarter
QUARTER = 3  # months
MONTHS_SHOWN = 6
YEAR = 12


Series = dict[int, dict[str, Any]]  # the returns of one region and indicator, by the number of their month, in order


def suspicious_return_findings(staging: StagingArea) -> list[RuleFindings]:
    """Return the findings on the figures of each region and indicator, month after month."""
    rows = staging.rows(RETURNS)
    text_columns = {_text_column(half): quoted(rows[half]) for half in HALVES}
    key = ("region", "indicator")
    by_rule: dict[str, RuleFindings] = {}
    returned = staging.fetch(rows.mutate(**text_columns).order_by(*key, "month"))
    for _, group in groupby(returned, key=lambda row: [row[name] for name in key]):
        series = {month_number(row["month"]): row for row in group}
        for warning in (
            *_jump_findings(staging, series),
            *_repeated_year_findings(staging, series),
            *_missing_month_findings(series),
        ):
            earlier = by_rule.setdefault(warning.rule, RuleFindings([], 0))
            by_rule[warning.rule] = RuleFindings([*earlier.findings, warning][:LIMIT], earlier.total + 1)
    return list(by_rule.values())


def _jump_findings(staging: StagingArea, series: Series) -> Iterator[Finding]:
    """Yield a finding for each figure that is about ten thousand or ten times the figures near it, or as many times smaller."""
    rows = list(series.values())
    for half in HALVES:
        values = [abs(row[half] or Decimal(0)) for row in rows]
        for index, row in enumerate(rows):
            near_values = _near_values(values, index)
            usual = median(near_values) if near_values else Decimal(0)
            if not usual or not values[index]:
                continue
            times = max(values[index], usual) / min(values[index], usual)
            more = "more" if values[index] > usual else "less"
            says = (
                f"{half} is '{row[_text_column(half)]}', some {{}} times {more} "
                f"than in the months near it (about {usual.normalize():f})."
            )
            if MYRIAD[0] <= times <= MYRIAD[1]:
                says = f"{says.format('10,000')} See whether it is in 万: write it in the unit of {row['indicator']}."
                yield _row_finding(staging, row, "ten thousand times", half, says)
            elif (
                TEN[0] <= times <= TEN[1]
                and min(*near_values, values[index]) >= SMALL_BASE
                and max(near_values) <= STEADY * min(near_values)
            ):
                says = f"{says.format('10')} See whether it has a digit too many or too few."
                yield _row_finding(staging, row, "ten times", half, says)


def _near_values(values: list[Decimal], index: int) -> list[Decimal]:
    """Return the figures just before one; at the start of a series, those around it. So a wrong figure flags no neighbour."""
    start = max(index - NEAR, 0)
    return [value for other, value in enumerate(values[start : start + NEAR + 1], start) if other != index]


def _repeated_year_findings(staging: StagingArea, series: Series) -> Iterator[Finding]:
    """Yield a finding for each figure of a month that equals that of the year before: large ones, or three months and more."""
    for half in HALVES:
        repeated = [
            number
            for number, row in series.items()
            if row["span"] == "month"
            and abs(row[half] or 0) >= TWO_DIGITS
            and series.get(number - YEAR, {}).get(half) == row[half]
        ]
        for number in (
            number for run in _runs(repeated) for number in run if len(run) >= QUARTER or series[number][half] >= FOUR_DIGITS
        ):
            row, before = series[number], month_name(number - YEAR)
            sentence = (
                f"{half} is '{row[_text_column(half)]}', as it was in {before}. See whether last year's figure was sent again."
            )
            yield _row_finding(staging, row, "last year's figure", half, sentence)


def _runs(numbers: list[int]) -> list[list[int]]:
    """Return the numbers in runs of consecutive ones."""
    runs = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    return [[number for _, number in run] for _, run in runs]


def _missing_month_findings(series: Series) -> Iterator[Finding]:
    """Yield one finding on the months without a figure, for an indicator that is returned in most months."""
    absent = [month_name(number) for number in range(min(series), max(series) + 1) if number not in series]
    if not 0 < len(absent) < len(series):
        return
    row = series[min(series)]
    shown = ", ".join(absent[:MONTHS_SHOWN]) + (f" and {len(absent) - MONTHS_SHOWN} more" if len(absent) > MONTHS_SHOWN else "")
    sentence = f"{row['indicator']} of {row['region']} was not returned for {shown}. Send it; a zero is a figure too."
    yield finding("warning", "month left out", RETURNS, None, "month", absent[0], sentence)


def _row_finding(staging: StagingArea, row: dict[str, Any], rule: str, column: str, says: str) -> Finding:
    """Return a finding on one return."""
    says = f"{row['indicator']} of {row['region']} for {row['month']}: {says}"
    return staging.sheet_of(row).finding("warning", rule, row[ROW], column, row[_text_column(column)], says)


def _text_column(half: str) -> str:
    """Return the name of the query column with the figure as text."""
    return f"{half}_said"
