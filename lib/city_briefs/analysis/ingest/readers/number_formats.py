"""Number formats of cells: what a person reads of a number, such as 12% of 0.12, or 1.5万元 of 1.5."""

import re
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

PRECISION = 15  # significant digits that a spreadsheet keeps
LARGEST = 10.0**PRECISION  # a whole number from here on has lost digits
TYPED = 6  # decimals that somebody types; more are the noise of a formula
# By number, as far as they say which digits are shown; ¥ or another sign of those of money depends on the machine.
BUILT_IN = {1: "0", 2: "0.00", 3: "0", 4: "0.00", 5: "0", 6: "0", 7: "0.00", 8: "0.00", 9: "0%", 10: "0.00%"} | {
    37: "0", 38: "0", 39: "0.00", 40: "0.00", 41: "0", 42: "0", 43: "0.00", 44: "0.00",
}  # fmt: skip
PLACES = frozenset("0#?")  # what stands for a digit
LITERAL = "\0"  # before each character of literal text between digits
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|(?P<space>_.|\*.)|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)'
    r"|(?P<power>[eE][+-])|(?P<mark>[0#?.,%/@])|(?P<literal>.)",
    re.DOTALL | re.IGNORECASE,
)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
HOLDS = {
    "<": Decimal.__lt__, "<=": Decimal.__le__, ">": Decimal.__gt__, ">=": Decimal.__ge__, "=": Decimal.__eq__, "<>": Decimal.__ne__,
}  # fmt: skip
DATE, TIME = re.compile("[ymdhs]", re.IGNORECASE), re.compile("h+|m+|s+", re.IGNORECASE)
SIGNS = re.compile(r"[()（）+\-−△▲\s]")  # of literal text; the sign of a number is written before it


@dataclass(frozen=True)
class ShownNumber:
    """The text of a number as it is read.

    `is_rounded` where the cell shows fewer digits than it holds, the rest being noise; `is_hidden` where it shows nothing.
    """

    text: str
    is_rounded: bool = False
    is_hidden: bool = False


@dataclass(frozen=True)
class Section:
    """One section of a number format, for the numbers of a condition.

    `prefix` and `suffix` are its literal text. The number is shown times 10 to the power of `shift`. `decimals` is None where
    all digits are shown. `zeros` are the digits that a whole number has at least. `pattern` is what stands for the digits,
    with other text between them, such as 000-0000; empty for the usual form. A section without digits shows its literal text
    alone.
    """

    condition: tuple[str, Decimal] | None = None
    prefix: str = ""
    suffix: str = ""
    shift: int = 0
    decimals: int | None = None
    zeros: int = 1
    pattern: tuple[str, ...] = ()
    has_digits: bool = True

    @property
    def is_plain(self) -> bool:
        """Return whether the number is read as it is."""
        return not (self.prefix or self.suffix or self.shift or self.pattern) and self.zeros <= 1 and self.has_digits

    def holds(self, number: Decimal) -> bool:
        """Return whether the section is for this number, as far as a condition says."""
        return self.condition is not None and HOLDS[self.condition[0]](number, self.condition[1])

    def shown(self, number: Decimal) -> ShownNumber:
        """Return what is read of a number."""
        if not self.has_digits:
            literal = self.prefix.strip()
            return ShownNumber(literal if SIGNS.sub("", literal) else plain(number), is_hidden=not literal)
        exact = number.scaleb(self.shift)
        value, is_rounded = exact, False
        if self.decimals is not None and _decimals(number) > TYPED and _decimals(exact) > self.decimals:
            value, is_rounded = exact.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP), True
        sign, digits = "-" if value < 0 else "", plain(abs(value))
        if self.pattern:
            digits = _patterned(self.pattern, digits.partition(".")[0])
        elif self.zeros > 1:
            whole, point, rest = digits.partition(".")
            digits = whole.zfill(self.zeros) + point + rest
        return ShownNumber(f"{sign}{self.prefix}{digits}{self.suffix}", is_rounded)


@dataclass(frozen=True)
class NumberFormat:
    """A number format, by its code such as 0.00%."""

    code: str
    sections: tuple[Section, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sections", tuple(_section(tokens) for tokens in _split(self.code)[:3]))

    @cached_property
    def is_date(self) -> bool:
        """Return whether it is a format of dates or times, which no number is read by."""
        tokens = [token for section in _split(self.code)[:1] for token in section]
        return any(DATE.fullmatch(token["literal"] or "") or TIME.fullmatch(token["bracket"] or "") for token in tokens)

    @cached_property
    def is_duration(self) -> bool:
        """Return whether it shows more than 24 hours, or 60 minutes or seconds, such as [h]:mm."""
        return any(TIME.fullmatch(token["bracket"] or "") for section in _split(self.code)[:1] for token in section)

    @cached_property
    def is_plain(self) -> bool:
        """Return whether a number is read as it is, so that only its noise may be cut."""
        return all(section.is_plain for section in self.sections)

    @property
    def shift(self) -> int:
        """Return the power of ten by which numbers are shown smaller, without a word that says so; 0 for most formats."""
        return max((-section.shift for section in self.sections if not section.prefix and not section.suffix), default=0)

    def shown(self, value: float) -> ShownNumber:
        """Return what is read of the number in a cell."""
        if abs(value) >= LARGEST:
            return ShownNumber(plain_text(value))
        number = exact(value)
        return self._section(number).shown(number)

    def _section(self, number: Decimal) -> Section:
        """Return the section that is used for a number."""
        if any(section.condition for section in self.sections):
            matching = (section for section in self.sections if section.condition is None or section.holds(number))
            return next(matching, Section())
        at = 0 if len(self.sections) == 1 or number > 0 or (not number and len(self.sections) < 3) else 1 if number < 0 else 2
        return self.sections[at]


def exact(value: float) -> Decimal:
    """Return a number with the digits that a spreadsheet keeps, so without binary noise."""
    return Decimal(f"{value:.{PRECISION}g}")


def plain(number: Decimal) -> str:
    """Return a number without exponent, as short as is exact."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain_text(value: float) -> str:
    """Return the number of a cell without a number format; one with more than 15 digits as a spreadsheet shows it, 6.20123E+17."""
    if abs(value) >= LARGEST:
        mantissa, _, power = f"{value:.{PRECISION - 1}E}".partition("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{power}"
    if value.is_integer():
        return f"{value:.0f}"
    text = repr(value)
    return text if len(text) <= PRECISION + 1 else f"{value:.{PRECISION}g}"


def time_text(value: time | timedelta) -> str:
    """Return a time as hours, minutes and seconds, 0:12:30; hours may be more than 24."""
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    milliseconds = round(value / timedelta(milliseconds=1))
    seconds, rest = divmod(abs(milliseconds), 1000)
    fraction = f".{rest:03}".rstrip("0") if rest else ""
    return f"{'-' if milliseconds < 0 else ''}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"


def _decimals(number: Decimal) -> int:
    """Return how many decimals a number has."""
    return len(plain(number).partition(".")[2])


def _patterned(pattern: tuple[str, ...], digits: str) -> str:
    """Return digits in a pattern, from the right; each 0, # or ? stands for one, and those that are left come first."""
    left, result = list(digits), ""
    for part in reversed(pattern):
        if part not in PLACES:
            result = part.removeprefix(LITERAL) + result
        elif left or part == "0":
            result = (left.pop() if left else part) + result
    return "".join(left) + result


def _split(code: str) -> list[list[re.Match[str]]]:
    """Return the tokens of a format by sections."""
    sections: list[list[re.Match[str]]] = [[]]
    for token in TOKEN.finditer(code):
        if token["literal"] == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    return sections


def _section(tokens: list[re.Match[str]]) -> Section:
    """Return a section by its tokens."""
    parts: list[str] = []  # the marks from the first digit to the last, and the literal text between them
    before, after = "", ""
    condition, percents, shows_all = None, 0, False
    for token in tokens:
        mark, literal = token["mark"] or "", token["quoted"] or token["escaped"] or token["literal"] or ""
        if match := CONDITION.fullmatch(token["bracket"] or ""):
            condition = match[1], Decimal(match[2])
        elif (token["bracket"] or "").startswith("$"):
            literal = token["bracket"][1:].partition("-")[0]
        if mark == "%":
            percents, literal = percents + 1, mark
        shows_all = shows_all or bool(token["general"] or token["power"]) or mark in ("@", "/")
        if mark in PLACES or mark in (".", ","):
            parts += [LITERAL + character for character in after] if parts else []
            after = ""
            parts.append(mark)
        elif parts or shows_all:
            after += literal
        else:
            before += literal
    section = Section(condition, SIGNS.sub("", before), SIGNS.sub("", after), 2 * percents)
    if shows_all:
        return section
    return _with_digits(parts, section) if PLACES & set(parts) else replace(section, prefix=before + after, has_digits=False)


def _with_digits(parts: list[str], section: Section) -> Section:
    """Return a section with what its digits say: decimals, leading zeros, thousands that are left out, text between digits."""
    first = next(at for at, part in enumerate(parts) if part in PLACES)
    last = max(at for at, part in enumerate(parts) if part in PLACES)
    point = parts.index(".") if "." in parts else len(parts)
    end = max((at for at in range(min(point, last + 1)) if parts[at] in PLACES), default=-1)  # of the whole number
    thousands = parts[last + 1 :].count(",") + parts[end + 1 : point if point < last else end + 1].count(",")
    decimals = sum(part in PLACES for part in parts[point:])
    shift = section.shift - 3 * thousands
    between = [part for part in parts[first:last] if part.startswith(LITERAL)]
    if between == [LITERAL + "."] and "." not in parts:  # 0!.0, shows 15000 as 1.5
        decimals = sum(part in PLACES for part in parts[parts.index(LITERAL + ".") :])
        return replace(section, shift=shift - decimals, decimals=decimals)
    if between:
        return replace(section, shift=shift, decimals=0, pattern=tuple(part for part in parts[: last + 1] if part != ","))
    return replace(section, shift=shift, decimals=decimals, zeros=parts[:point].count("0"))
