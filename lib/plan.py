"""The plan: every pack of every region that is to be made, as one list."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lib.brief import Pack, Parameters, parameters
from lib.periods import Period
from lib.regions import Region, Regions


@dataclass(frozen=True)
class Task:
    """One pack of one region and period; all that a process needs to make it."""

    pack: Pack
    region: Region
    period: Period
    data: Path
    out: Path
    formats: tuple[str, ...]
    key: str = ""

    @property
    def id(self) -> tuple[str, str, str]:
        """What tells it from every other task of a build."""
        return self.pack.id, self.region.code, self.period.slug

    @property
    def name(self) -> str:
        """As messages name it: 兰州市 2021, with the month when cut off before December."""
        return f"{self.region.name} {self.period.slug}"

    @property
    def title(self) -> str:
        """The title of the document."""
        return f"{self.region.name}{self.pack.title}（{self.period.text}）"

    @property
    def folder(self) -> Path:
        """Where the pack goes. Only codes and numbers make this path."""
        return self.out / self.period.slug / self.region.code

    @property
    def parameters(self) -> Parameters:
        """What its chapters are run with."""
        city = {"city": self.region.name} if self.pack.per == "city" else {}
        return parameters(self.pack, year=self.period.year, through=self.period.through, **city)


def plan(
    packs: Iterable[Pack], regions: Regions, cities: Iterable[Region], periods: Iterable[Period],
    *, data: Path, out: Path, formats: tuple[str, ...],
) -> list[Task]:  # fmt: skip
    """City packs for `cities` (all of them when none is named), and packs of the province when none is named."""
    named = list(dict.fromkeys(cities))
    return [
        Task(pack, region, period, data, out, formats)
        for period in dict.fromkeys(periods)
        for pack in {pack.id: pack for pack in packs}.values()
        for region in (named or regions.cities if pack.per == "city" else [] if named else [regions.province])
    ]
