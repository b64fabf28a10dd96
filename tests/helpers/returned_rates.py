"""A land whose regions return rates and counts for two years, for tests of what is said of one of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import RETURNS
from tests.conftest import World, covered

YEARS = (2020, 2021)
WHOLE = 1000  # of which a rate is
Given = tuple[tuple[int, int], int]  # what the first region returned in both years, and what each other one did in each


def land(many: int, name: str = "Ward {}") -> str:
    """The table of regions of a province with so many cities."""
    cities = "".join(f"91{place:02},{name.format(place)},{name.format(place)},city,9000\n" for place in range(1, many + 1))
    return f"code,name,short,level,parent\n9000,Norland,Norland,province,\n{cities}"


def of_rates(
    world: World, rates: Mapping[str, Given], *, many: int = 6, aims: Sequence[tuple[str, str]] = (), months: int = 12, **of: Any
) -> Scope:
    """The scope of the first of many cities in 2021, each of which returned so many of WHOLE; a count as it is.

    `aims` are targets of it, at least so much; `months` is the last month of the period.
    """
    codes = [f"91{place:02}" for place in range(1, many + 1)]
    rows = [
        {"region": code, "month": f"{year}-{month:02}", "indicator": metric, "span": CATALOGUE[metric].returned_span,
         "numerator": str(_share(metric, part, month, months)),
         **({"denominator": str(_share(metric, WHOLE, month, months))} if CATALOGUE[metric].form == "ratio" else {})}
        for metric, (own, others) in rates.items()
        for code in codes
        for year, part in zip(YEARS, own if code == codes[0] else (others, others), strict=True)
        for month in range(1, 13)
    ]  # fmt: skip
    targets = [
        {"region": codes[0], "metric": metric, "view": "value", "year": "2021", "value": aim, "source": "任务书", "comparison": "at_least"}
        for metric, aim in aims
    ]  # fmt: skip
    snapshot = world.snapshot(regions=land(many, **of), coverage=covered(RETURNS, codes, YEARS), returns=rows, targets=targets)
    return Scope.of(Results(snapshot, CATALOGUE.values()), snapshot.regions.by_code[codes[0]], Period(2021, months))


def _share(metric: str, number: int, month: int, months: int) -> int:
    """What is returned of a number in a month: all of a stock, of anything else a half in each of the last two months of the period."""
    if CATALOGUE[metric].returned_span == "as_of":
        return number
    return {months - 1: number // 2, months: number - number // 2}.get(month, 0)
