"""The parameters of a chapter, read from its notebook, and the scope that they name."""

import sys
from functools import cache
from pathlib import Path

from city_briefs import metrics
from city_briefs.analysis import snapshot
from city_briefs.analysis.compute.cube_store import Cache
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common import paths
from city_briefs.common.errors import UsageError, suggestion
from city_briefs.common.periods import YTD, Period

PARAMETERS = ("city", "province", "county", "year", "through", "span")


def check_period(names: dict[str, object]) -> None:
    """Check that year and month are whole numbers and the span is a text, where they are named.

    Raises:
        UsageError: one is not.
    """
    for name in ("year", "through"):
        if type(names.get(name, 12)) is not int:
            raise UsageError(f"The parameter {name} is a whole number, not '{names[name]}'.")
    if not isinstance(names.get("span", YTD), str):
        raise UsageError(f"The parameter span is a text such as \"month\", not '{names['span']}'.")


def scope() -> Scope:
    """Return the scope that the parameters of the notebook name; without a region, that of the province.

    Raises:
        UsageError: a parameter is missing, not known or wrong, or there is no such region or period.
    """
    names = vars(sys.modules["__main__"])
    check_period(names)
    if "year" not in names:
        raise UsageError("This chapter has no parameter year. Run its cell of parameters first.")
    _check_names()
    results = read(paths.data())
    named = [str(names[level]) for level in ("county", "city", "province") if level in names]
    region = results.regions.find(named[0]) if named else results.regions.province
    return Scope.of(results, region, Period(names["year"], names.get("through", 12), names.get("span", YTD)))


@cache
def _check_names() -> None:
    """Check that the notebook has only parameters that a chapter takes, once, before an analyst adds names of their own.

    Raises:
        UsageError: it has another one.
    """
    names = vars(sys.modules["__main__"])
    if "get_ipython" not in names:
        return
    for name, value in names.items():
        if name not in PARAMETERS and not name.startswith("_") and isinstance(value, str | int | float):
            raise UsageError(f"This chapter takes {', '.join(PARAMETERS)}, not '{name}'.{suggestion(name, PARAMETERS)}")


@cache
def read(data: Path) -> Results:
    """Return the results of the snapshot in the folder `data`, read once for all chapters of this process."""
    return Results(snapshot.load(data), metrics.CATALOGUE.values(), Cache(paths.results()))
