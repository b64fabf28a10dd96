"""What `briefs compare` means by --city, --year and --through, of which one is named twice: two scopes of one snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from city_briefs.app.selection import held, latest, opened, period_of, region_of
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen

if TYPE_CHECKING:
    from city_briefs.analysis.assessments.side_by_side import Pair
    from city_briefs.common.regions import Region

NAMES = {"--city": ("cities", "地区"), "--year": ("years", "年份"), "--through": ("months", "月份")}
HOW = "Name two folders, or --city, --year or --through twice, or --commit."
HOW_ZH = "请写明两个文件夹，或把--city、--year、--through之一写两次，或写--commit。"


@dataclass(frozen=True)
class Sides:
    """What two scopes are called where they stand side by side, what both are of, what is said of the data, and their metrics."""

    names: tuple[str, str]
    common: str
    notice: str
    pairs: "list[Pair]"


def sides(
    cities: Sequence[str], years: Sequence[int], months: Sequence[int], span: str, metrics: Sequence[str],
    data: Path | None, engine: str | None,
) -> Sides:  # fmt: skip
    """Return the two sides that the options name, and what is said of each metric.

    Raises:
        UsageError: not exactly one option is named twice, the two are one or not alike, or the snapshot does not hold them.
    """
    _check({"--city": cities, "--year": years, "--through": months})
    from city_briefs.analysis.assessments import side_by_side
    from city_briefs.analysis.compute.results import Results
    from city_briefs.analysis.figures.scope import Scope
    from city_briefs.metrics import CATALOGUE

    wanted = [CATALOGUE.find(word) for word in metrics] or list(CATALOGUE.values())
    snapshot = opened(data, engine)
    regions = [region_of(snapshot, word) for word in cities] or [region_of(snapshot, None)]
    periods = sorted(
        held(snapshot, period_of(year, month, span)) for year in years or [latest(snapshot)] for month in months or [12]
    )
    _check_regions(regions)
    results = Results(snapshot, wanted)
    scopes = [Scope.of(results, region, period) for region in regions for period in periods]
    first, second = scopes
    of_regions = len(regions) == 2
    names = (regions[0].name, regions[1].name) if of_regions else (periods[0].text, periods[1].text)
    common = periods[0].text if of_regions else regions[0].name
    return Sides(names, common, snapshot.notice, side_by_side.pairs(first, second, wanted))


def _check(given: dict[str, Sequence[object]]) -> None:
    """See that one option is named twice and the others once at most.

    Raises:
        UsageError: nothing, or more than one, is named twice; or something three times, or twice the same.
    """
    several = [name for name, words in given.items() if len(words) > 1]
    if not several:
        raise UsageError(chosen(f"There is nothing to compare with. {HOW}", f"没有写与什么对照。{HOW_ZH}"))
    if len(several) > 1:
        english, chinese = zip(*(NAMES[name] for name in several), strict=True)
        raise UsageError(
            chosen(
                f"Two {' and two '.join(english)} can be compared in several ways. Name {several[-1]} once.",
                f"两个{'、两个'.join(chinese)}有几种比法。{several[-1]}请只写一次。",
            )
        )
    [name] = several
    words = given[name]
    if len(words) > 2:
        raise UsageError(
            chosen(
                f"{name} is named {len(words)} times. Two are compared: name two.",
                f"{name}写了{len(words)}次。只对照两个，请写两次。",
            )
        )
    if words[0] == words[1]:
        raise UsageError(chosen(f"{name} {words[0]} is named twice. Name another.", f"{name} {words[0]}写了两次。请换一个。"))


def _check_regions(regions: "Sequence[Region]") -> None:
    """See that two regions are not one, and of one level, so that none is a part of the other.

    Raises:
        UsageError: they are.
    """
    if len(regions) < 2:
        return
    one, other = regions
    if one.code == other.code:
        raise UsageError(
            chosen(f"Both cities are {one.name} ({one.code}). Name another.", f"两个都是{one.name}（{one.code}）。请换一个。")
        )
    if one.level != other.level:
        raise UsageError(
            chosen(
                f"{one.name} is a {one.level} and {other.name} a {other.level}; they are not alike. Name two of one level. How a city "
                "stands beside the rest is in its brief.",
                f"{one.name}和{other.name}不是同一级地区，不能这样比。请写两个同级的地区；一个市州与全省其余地区的比较，见其简报。",
            )
        )
