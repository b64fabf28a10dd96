"""Regions, the dimension of place. They are data (`regions.csv`): their number and country are not fixed here."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

from city_briefs.common import files, paths
from city_briefs.common.characters import is_plain, refused
from city_briefs.common.errors import DataError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.region_names import RegionNames

WHOLES = {
    "省": "全省",
    "自治区": "全区",
    "市": "全市",
    "州": "全州",
    "县": "全县",
    "区": "全区",
}  # how prose speaks of a whole region
CODE = re.compile("[0-9A-Za-z]+")
Level = Literal["province", "city", "county", "other"]


@dataclass(frozen=True)
class Region:
    """One region. Cities and counties get packs; an `other` counts in its parent and gets none. `parent` is a code, or empty."""

    code: str
    name: str
    short: str
    level: Level = field(repr=False)
    parent: str = ""

    def __str__(self) -> str:
        return self.name

    @property
    def whole(self) -> str:
        """The phrase for the region in its brief: 全省, 全市, 全州; its name when that has another ending."""
        return next((phrase for ending, phrase in WHOLES.items() if self.name.endswith(ending)), self.name)


@dataclass(frozen=True)
class Regions:
    """Regions, the provinces first, then by code. A region is compared with those that `within` returns.

    A city with counties is to these what a province is to its cities.
    """

    all: tuple[Region, ...]
    parts: str = "市州"  # as prose calls those that have places in a ranking

    @cached_property
    def provinces(self) -> tuple[Region, ...]:
        """The regions of level province, one or more."""
        return tuple(region for region in self.all if region.level == "province")

    @property
    def province(self) -> Region:
        """The only province; an error of the program where there are several."""
        [province] = self.provinces
        return province

    def within(self, region: Region) -> "Regions":
        """Return the province of a region with its cities; for a county its city as a province, with its counties as cities."""
        code = region.code if region.level == "province" else region.parent
        return self._with_parts.get(code) or self._with_parts[self.province.code]

    def province_of(self, region: Region) -> Region:
        """Return the province that a region lies in, at any depth; the only one where there is one."""
        while region.level != "province":
            region = self.by_code.get(region.parent) or self.province
        return region

    def made_of(self, region: Region) -> "Regions | None":
        """Return a province, or a city with counties, with its parts; None for a region without parts."""
        return self._with_parts.get(region.code)

    def below(self, region: Region) -> list[str]:
        """Return the codes of a region and of all regions in it, at any depth."""
        inside = self.made_of(region)
        return [region.code, *(code for part in (inside.all[1:] if inside else ()) for code in self.below(part))]

    @cached_property
    def units(self) -> tuple[Region, ...]:
        """The regions without parts, which report."""
        return tuple(region for region in self.all if region.code not in self._with_parts)

    @cached_property
    def _with_parts(self) -> dict[str, "Regions"]:
        """The regions that have parts, by code, each with its parts."""
        if len(self.provinces) == 1 and not self.counties:
            return {self.province.code: self}
        parents = {county.parent for county in self.counties}
        with_parts = {city.code: _as_province(city, self.all) for city in self.cities if city.code in parents}
        for province in self.provinces:
            members = (region for region in self.all if region.level in ("city", "other") and region.parent not in with_parts)
            inside = (region for region in members if len(self.provinces) == 1 or region.parent == province.code)
            with_parts[province.code] = Regions((province, *inside))
        return with_parts

    @cached_property
    def counties(self) -> tuple[Region, ...]:
        """The regions that get packs and are ranked within their city."""
        return tuple(region for region in self.all if region.level == "county")

    @cached_property
    def cities(self) -> tuple[Region, ...]:
        """The regions that get packs and are ranked."""
        return tuple(region for region in self.all if region.level == "city")

    @cached_property
    def others(self) -> tuple[Region, ...]:
        """The regions that count in their parent and get no pack."""
        return tuple(region for region in self.all if region.level == "other")

    @cached_property
    def by_code(self) -> dict[str, Region]:
        """Every region under its code."""
        return {region.code: region for region in self.all}

    @cached_property
    def names(self) -> RegionNames:
        """The names of all regions, as people write them."""
        return RegionNames(self.all)

    def find(self, word: str) -> Region:
        """Return the region that `word` names by its code, name or short name, or as people write it (`RegionNames.named`).

        Raises:
            UsageError: there is none, and the message names the nearest; or there are several, and it names all.
        """
        match self.names.named(word) if is_plain(word) else ():
            case (region,):
                return region
            case ():
                near = self.names.nearest(word)
                hint = f" Did you mean {near.name} ({near.code})?" if near else " `regions.csv` lists the regions."
                hint_zh = f"是否指{near.name}（{near.code}）？" if near else "可用的地区见regions.csv。"
                raise UsageError(chosen(f"There is no city '{word}'.{hint}", f"没有“{word}”这个地区。{hint_zh}"))
            case several:
                english, chinese = several_meant(word, several)
                raise UsageError(chosen(english, chinese))


def several_meant(word: str, regions: Sequence[Region]) -> tuple[str, str]:
    """Return the sentence on a word that may name several regions, in English and in Chinese."""
    listed = [f"{region.name} ({region.code})" for region in regions]
    listed_zh = "、".join(f"{region.name}（{region.code}）" for region in regions)
    return (
        f"'{word}' may be {', '.join(listed[:-1])} or {listed[-1]}. Write the code, or the name with its city before it.",
        f"“{word}”可能指{listed_zh}。请写代码，或在名称前加上所属城市。",
    )


def _as_province(city: Region, among: Iterable[Region]) -> Regions:
    """Return a city with its counties as a province with its cities."""
    parts = (region for region in among if region.parent == city.code)
    raised = (replace(region, level="city" if region.level == "county" else region.level) for region in parts)
    return Regions((replace(city, level="province"), *raised), "县区")


def known(snapshot: Path) -> Regions:
    """Return the regions of the snapshot in a folder; where there is no snapshot, those of the reference data.

    Raises:
        DataError: the file cannot be read, or a row is faulty.
    """
    file = snapshot / "regions.csv"
    return read(file if file.is_file() else paths.reference() / file.name)


def read(path: Path) -> Regions:
    """Return the regions of a `regions.csv`, which has the columns code, name, short, level and parent, in UTF-8.

    Raises:
        DataError: the file cannot be read, has no province, or a row is faulty; the message names the row.
    """
    try:
        with files.opened_text(path, "utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except UnicodeDecodeError:
        raise DataError(
            chosen(
                f"{path.name} is not UTF-8. Save it again as CSV in UTF-8.", f"{path.name}不是UTF-8编码。请另存为UTF-8编码的CSV。"
            )
        ) from None
    except OSError as error:
        raise DataError(
            chosen(
                f"{path} cannot be read: {files.reason(error)}. Put the file back; `briefs init` in an empty folder makes one of Gansu.",
                f"{path}无法读取：{files.reason_zh(error)}。请放回原处；在空文件夹里运行`briefs init`可得到甘肃的一份。",
            )
        ) from None
    listed: list[Region] = []
    words: set[str] = set()
    for number, row in enumerate(rows, start=2):
        region = _region(row, chosen(f"{path.name}, row {number}", f"{path.name}第{number}行"))
        names = {region.code, region.name, region.short}
        if again := sorted(names & words):
            raise DataError(
                chosen(
                    f"{path.name}, row {number}: '{again[0]}' stands twice. A code or a name means one region.",
                    f"{path.name}第{number}行：“{again[0]}”重复。一个代码或名称只能指一个地区。",
                )
            )
        words |= names
        listed.append(region)
    provinces = [region.code for region in listed if region.level == "province"]
    if not provinces:
        raise DataError(
            chosen(
                f"{path.name} has no region of level province. It must have one.",
                f"{path.name}没有级别为province的地区。请补上。",
            )
        )
    cities = [region.code for region in listed if region.level == "city"]
    for region in listed:
        if region.level == "county" and region.parent not in cities:
            raise DataError(
                chosen(
                    f"{path.name}: {region.name} ({region.code}) is a county, and its parent '{region.parent}' is no city. "
                    "Each county names its city.",
                    f"{path.name}：{region.name}（{region.code}）是县区，其上级“{region.parent}”却不是市州。每个县区要写明所属市州。",
                )
            )
    divided = {region.parent for region in listed if region.level == "county"}
    for region in listed if len(provinces) > 1 else ():
        parents = {"city": provinces, "other": [*provinces, *divided]}.get(region.level)
        if parents is not None and region.parent not in parents:
            raise DataError(
                chosen(
                    f"{path.name}: {region.name} ({region.code}) has the parent '{region.parent}', which is no province. "
                    "Where there are several provinces, each region names its own.",
                    f"{path.name}：{region.name}（{region.code}）的上级“{region.parent}”不是省。有几个省的，每个地区要写明所属的省。",
                )
            )
    return Regions(tuple(sorted(listed, key=lambda region: (region.level != "province", region.level == "other", region.code))))


def _region(row: dict[str, str], where: str) -> Region:
    """Return the region of a row; `where` names the row.

    Raises:
        DataError: a cell is empty, holds what it may not, or names no level.
    """
    for column in ("code", "name", "short", "level"):
        if not row.get(column):
            raise DataError(
                chosen(
                    f"{where}: {column} is empty. Every region has a code, name, short name and level.",
                    f"{where}：{column}没有填写。每个地区都要有代码、名称、简称和级别。",
                )
            )
    if row["level"] not in get_args(Level):
        raise DataError(
            chosen(
                f"{where}: there is no level '{row['level']}'. A level is one of {', '.join(get_args(Level))}.",
                f"{where}：没有“{row['level']}”这个级别。级别为{'、'.join(get_args(Level))}之一。",
            )
        )
    if not CODE.fullmatch(row["code"]):
        raise DataError(
            chosen(
                f"{where}: '{row['code']}' is no code. A code has only letters and digits, since folders are named by it.",
                f"{where}：“{row['code']}”不能作代码。代码要用来命名文件夹，只能有字母和数字。",
            )
        )
    for column in ("name", "short"):
        if refused(row[column]):
            raise DataError(
                chosen(
                    f"{where}: {column} has a control character, which a terminal would obey. Write it anew.",
                    f"{where}：{column}含有控制字符，会干扰终端显示。请重新填写。",
                )
            )
    level: Level = row["level"]  # type: ignore[assignment]  # checked above
    return Region(row["code"], row["name"], row["short"], level, row.get("parent") or "")
