"""Corrections since the snapshot that the edition before was made from, in words of the appendix."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.snapshot import Correction
from city_briefs.common.blocks import CorrectionRecord
from city_briefs.common.periods import Period, months_text
from city_briefs.common.regions import Regions
from city_briefs.model.metric import Metric

FEW = 3  # corrections of a metric, region and year that are printed; the others are counted


def corrections(figures: Sequence[Figure], results: Results) -> list[CorrectionRecord]:
    """Return the corrections of one metric, a record for each region and year of its figures and for the years before these.

    `said` are the first few in words, `more` is how many there are besides. A correction that prints the same before and after is left
    out, and so is a region and year without any.
    """
    periods = {figure.period for figure in figures}
    months = {month for period in periods for over in (Period(period.year - 1), period) for month in over.months}
    records: list[CorrectionRecord] = []
    for code, year in sorted({(figure.region.code, int(month[:4])) for figure in figures for month in months}):
        held = results.snapshot.corrections(figures[0].metric.id, code, year)
        rows = [correction for correction in held if correction.month in months]
        if sentences := list(_sentences(figures[0].metric, rows, results.regions)):
            records.append({"region": code, "year": year, "said": sentences[:FEW], "more": len(sentences[FEW:])})
    return records


def _sentences(metric: Metric, corrected: Sequence[Correction], regions: Regions) -> Iterator[str]:
    """Yield corrections in words, each region named with the first of its own: 兰州市2021年3月由1234户更正为1250户（+16户）."""
    named = ""
    for correction in corrected:
        if words := _in_words(metric, correction):
            yield words if correction.region == named else regions.by_code[correction.region].name + words
            named = correction.region


def _in_words(metric: Metric, correction: Correction) -> str:
    """Return a correction in words; empty when both numbers print the same."""
    months = Period(int(correction.month[:4]), int(correction.month[5:])).months
    when = months_text(months if correction.window == "to_date" else months[-1:]) + ("末" if metric.at_month_end else "")
    before, after = (None if number is None else _rounded(number, metric) for number in (correction.before, correction.after))
    if before == after:
        return ""
    if before is None or after is None:
        return f"{when}上版{_number(before, metric)}，本版{_number(after, metric)}"
    sign, unit = "+" if after > before else "", "个百分点" if metric.unit == "%" else metric.unit
    change = number_format.in_unit(after - before, unit, metric.decimals)
    return f"{when}由{_number(before, metric)}更正为{_number(after, metric)}（{sign}{change}）"


def _rounded(number: Decimal, metric: Metric) -> Decimal:
    """Return a number as it is printed, so that readers can subtract."""
    return number_format.rounded(
        number, metric.decimals, number_format.short_of_whole(number, metric.decimals) if metric.unit == "%" else "nearest"
    )


def _number(number: Decimal | None, metric: Metric) -> str:
    """Return a number with its unit, unscaled, so that a small correction of a big one is seen; 无此数 for None."""
    return "无此数" if number is None else number_format.in_unit(number, metric.unit, metric.decimals)
