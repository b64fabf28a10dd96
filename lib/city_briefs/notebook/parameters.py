"""The parameters of a chapter, read from its notebook, and the scope that they name."""

import ast
import sys
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from city_briefs import metrics
from city_briefs.analysis import snapshot
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common import paths
from city_briefs.common.errors import UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.periods import YTD, Period
from city_briefs.notebook.names import check_sources

MISSPELT = 0.75  # difflib ratio of a name that was meant to be a parameter, such as yaer
ORDINARY = {"count", "counts", "years", "yearly"}  # names that look so, and are meant
_results: dict[Path, Results] = {}  # that were read, by the folder of their snapshot
_begun: list[bool] = []  # filled once a call has read parameters
OURS = "city_briefs.notebook"
PARAMETERS = ("city", "province", "county", "year", "through", "span")


def check_period(names: dict[str, object]) -> None:
    """Check that year and month are whole numbers and the span is a text, where they are named.

    Raises:
        UsageError: one is not.
    """
    for name in ("year", "through"):
        if type(names.get(name, 12)) is not int:
            raise UsageError(
                chosen(
                    f"The parameter {name} is a whole number, not '{names[name]}'.",
                    f"参数{name}应为整数，不能是“{names[name]}”。",
                )
            )
    if not isinstance(names.get("span", YTD), str):
        raise UsageError(
            chosen(
                f"The parameter span is a text such as \"month\", not '{names['span']}'.",
                f'参数span应为文字，如"month"，不能是“{names["span"]}”。',
            )
        )


def scope() -> Scope:
    """Return the scope that the parameters of the notebook name; without a region, that of the province.

    Raises:
        UsageError: a parameter is missing, not known or wrong, or there is no such region or period.
    """
    names = vars(sys.modules["__main__"])
    check_period(names)
    if "year" not in names:
        raise UsageError(
            chosen(
                "This chapter has no parameter year. Run its cell of parameters first.",
                "本章没有参数year。请先运行参数单元格。",
            )
        )
    if "get_ipython" in names:
        _check_names(names)
    check_sources()
    results = read(paths.data())
    named = [str(names[level]) for level in ("county", "city", "province") if level in names]
    region = results.regions.find(named[0]) if named else results.regions.province
    return Scope.of(results, region, Period(names["year"], names.get("through", 12), names.get("span", YTD)))


def _check_names(names: Mapping[str, object]) -> None:
    """Check that a notebook has only parameters that a chapter takes; after the import of our calls an analyst may set other names.

    Raises:
        UsageError: it has another one, or one that is all but the name of a parameter.
    """
    cells = names.get("In")
    known = set(names) if _begun else _set_later(cells) if isinstance(cells, list) else set()
    for name, value in names.items():
        if name in PARAMETERS or name.startswith("_") or not isinstance(value, str | int | float):
            continue
        if name not in known or is_misspelt(name):
            raise UsageError(
                chosen(
                    f"This chapter takes {', '.join(PARAMETERS)}, not '{name}'.{suggestion(name, PARAMETERS)}",
                    f"本章的参数有{'、'.join(PARAMETERS)}，没有“{name}”。{suggestion_zh(name, PARAMETERS)}",
                )
            )
    _begun.append(True)


def is_misspelt(name: str) -> bool:
    """Return whether a name is none of a parameter, and all but one, such as yaer."""
    return name not in {*PARAMETERS, *ORDINARY} and bool(get_close_matches(name, PARAMETERS, n=1, cutoff=MISSPELT))


def _set_later(sources: list[str]) -> set[str]:
    """Return the names that cells set after the one that imports our calls, as an analysis chapter may."""
    imports = next((place for place, source in enumerate(sources) if OURS in source), len(sources))
    found = set()
    for source in sources[imports + 1 :]:
        with suppress(SyntaxError, ValueError):
            found |= {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    return found


def read(data: Path) -> Results:
    """Return the results of the snapshot in the folder `data`, read once for all chapters of this process."""
    if data not in _results:
        from city_briefs.analysis.compute.cube_store import Cache  # with Arrow, which the rules of chapters do without

        _results[data] = Results(snapshot.load(data), metrics.CATALOGUE.values(), Cache(paths.results()))
    return _results[data]


def begin() -> None:
    """Let another chapter begin in this process: its reads are noted anew, and its parameters are its own."""
    _begun.clear()
    _results.update({data: results.noted_anew() for data, results in _results.items()})
