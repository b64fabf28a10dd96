"""Names of regions as people write them: 兰州市, 甘肃省兰州市, 兰 州 市, 甘南州, 620100000000."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

from city_briefs.common.characters import folded

if TYPE_CHECKING:
    from city_briefs.common.regions import Region

LIKENESS = 0.6  # difflib ratio from which a name is taken for a slip of another
SAME_BUT_ONE = 0.9  # from which a code is taken for a slip of another: one digit of six is left out or too many
NEAR = 12  # places in GB 2312 within which two characters sound alike: its first level is in the order of sounds
LONGEST = 40  # characters of the longest name, with those of the regions above it
SEPARATORS = re.compile(r"[-/\\_·,，、:：>()（）\[\]]")
CODE_DIGITS = (6, 9, 12)  # of a county, a town and a village in GB/T 2260 and what statistics add to it
COUNTY = re.compile("[\u4e00-\u9fff]+[区县市旗]")
# What ends like a county and is another thing, which reports by itself or belongs to none.
ZONE = re.compile(
    "(新|开发|矿|场|林|辖|园|景|校|地|示范|保税|高新|经开|实验|试验|管理|合作|功能|自治|聚集|集聚|产业)区$|自治[县旗市]$"
)
GENERIC = set("省市州区县盟旗新地自治族")  # that many names have


class RegionNames:
    """The names, short names and codes of regions, and what people write for them."""

    def __init__(self, regions: Sequence["Region"]) -> None:
        self._regions = regions
        self._by_code = {region.code: region for region in regions}

    def named(self, word: str) -> tuple["Region", ...]:
        """Return the regions that a word may name: one, several when it is ambiguous, none when there is no such region.

        Case, width and blanks do not matter. The names of the regions above it may stand before it, and its code beside it.
        """
        name = folded(word)
        if len(name) > LONGEST:
            return ()
        if plain := self._named(name):
            return plain
        parts = [part for part in map(folded, SEPARATORS.split(name)) if part]
        by_part = [self._named(part) for part in parts]
        if by_part and all(len(regions) == 1 and regions == by_part[0] for regions in by_part):
            return by_part[0]
        return self._named("".join(parts)) if len(parts) > 1 else ()

    def city_around(self, word: str) -> "Region | None":
        """Return the city of a county that is no region here, by its code, or by its name after that of the city; else None."""
        name = "".join(SEPARATORS.split(folded(word)))
        if len(name) > LONGEST or self.named(word):
            return None
        if name.isascii() and name.isdigit() and len(name) in CODE_DIGITS:
            return self._by_code.get(name[:6]) or self._undivided(self._by_code.get(f"{name[:4]}00"))
        for end in range(len(name) - 2, 1, -1):
            if regions := self._named(name[:end]):
                return self._undivided(*regions) if self._is_county(name[end:]) else None
        return None

    def nearest(self, word: str) -> "Region | None":
        """Return the region whose name is most like a word that names none; None when none is so like it that it may be meant."""
        name = folded(word)
        number = name.removesuffix(".0").lstrip("0")
        if region := next((region for code, region in self._by_code.items() if number and code.lstrip("0") == number), None):
            return region
        if number.isdigit():
            return self.city_around(name) or next(
                map(self._by_code.get, get_close_matches(name, self._by_code, 1, SAME_BUT_ONE)), None
            )
        near = [
            *(other for other in self._exact if _sounds_alike(name, other)),
            *get_close_matches(name, self._exact, 1, LIKENESS),
        ]
        # That the name of a region stands in the word says only that something else stands there, too.
        return next((self._exact[other] for other in near if set(name) & set(other) - GENERIC and other not in name), None)

    @cached_property
    def _exact(self) -> dict[str, "Region"]:
        """The regions by their codes, names and short names."""
        return {folded(name): region for region in self._regions for name in (region.code, region.name, region.short)}

    @cached_property
    def _aliases(self) -> dict[str, list["Region"]]:
        """The regions by other names, which several may have."""
        aliases: dict[str, list[Region]] = {}
        for region in self._regions:
            for alias in self._other_names(region):
                aliases.setdefault(folded(alias), []).append(region)
        return aliases

    def _other_names(self, region: "Region") -> Iterator[str]:
        """Yield what a region is called besides its name."""
        if "自治" in region.name and not region.short.endswith(region.name[-1]):
            yield region.short + region.name[-1]  # 甘南州
        if len(region.code) == CODE_DIGITS[0] and region.code.isdigit():
            yield from (region.code.ljust(digits, "0") for digits in CODE_DIGITS[1:])
        yield f"{region.code}.0"  # that was taken for a number
        if (parent := self._by_code.get(region.parent)) and region.name.startswith(parent.name):
            yield region.name.removeprefix(parent.name)

    def _named(self, name: str) -> tuple["Region", ...]:
        """Return the regions that a folded name may name."""
        if region := self._exact.get(name):
            return (region,)
        if aliased := self._aliases.get(name):
            return tuple(aliased)
        below = (
            region
            for upper, region_above in self._above.items()
            if name.startswith(upper)
            for region in self._named(name.removeprefix(upper))
            if self._is_in(region, region_above) or (region == region_above and name in self._with_code(region))
        )
        return tuple(dict.fromkeys(below))

    @cached_property
    def _above(self) -> dict[str, "Region"]:
        """The provinces and cities by the names that may stand before that of a region in them."""
        names = {**{name: regions[0] for name, regions in self._aliases.items() if len(regions) == 1}, **self._exact}
        return {name: region for name, region in names.items() if name and region.level in ("province", "city")}

    @staticmethod
    def _with_code(region: "Region") -> tuple[str, str]:
        """Return a region's code and name in both orders."""
        return folded(f"{region.code}{region.name}"), folded(f"{region.name}{region.code}")

    def _is_in(self, region: "Region", above: "Region") -> bool:
        """Return whether a region lies in another, by its parents, or by its name, as 兰州新区 does in 兰州."""
        if region == above:
            return False
        provinces = [other for other in self._regions if other.level == "province"]
        if provinces == [above] or region.name.startswith(above.short):
            return True
        parent = self._by_code.get(region.parent)
        return parent is not None and (parent == above or self._is_in(parent, above))

    def _undivided(self, *regions: "Region | None") -> "Region | None":
        """Return the only one of some regions, if it is a city whose counties are no regions here."""
        match regions:
            case (city,) if city and city.level == "city" and all(region.parent != city.code for region in self._regions):
                return city
        return None

    def _is_county(self, name: str) -> bool:
        """Return whether a name is that of a county, and of no region here."""
        other = self._named(name) or any(name.startswith(folded(region.name)) for region in self._regions)
        return bool(COUNTY.fullmatch(name)) and not ZONE.search(name) and not other


def _sounds_alike(name: str, other: str) -> bool:
    """Return whether two names differ in one character, and its two forms sound alike, as 兰洲 and 兰州."""
    pairs = [(one, two) for one, two in zip(name, other, strict=False) if one != two]
    if len(name) != len(other) or len(pairs) != 1 or len(name) < 2:
        return False
    places = [_place(character) for character in pairs[0]]
    return all(places) and abs(places[0] - places[1]) <= NEAR


def _place(character: str) -> int:
    """Return the place of a character among those of GB 2312; 0 when it is not one of them, or no Chinese one."""
    encoded = character.encode("gb2312", "ignore")
    return (encoded[0] - 0xA1) * 94 + encoded[1] - 0xA1 if len(encoded) == 2 else 0
