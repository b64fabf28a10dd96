"""Values of single cells, parsed to the words, numbers and dates of the tables, or refused with a reason."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from unicodedata import normalize

from city_briefs.analysis.ingest import dates, numbers, units
from city_briefs.analysis.ingest.units import ONE, Unit
from city_briefs.analysis.validation.column_checks import KINDS
from city_briefs.common.errors import nearest, suggestion
from city_briefs.common.regions import Regions
from city_briefs.metrics import CATALOGUE
from city_briefs.model.labels import chinese
from city_briefs.model.tables import BOOL, DATE, DECIMAL, STR, Column

LONGEST = 4_000  # characters of a text cell; a longer one is a document, or a quote that was never closed
BLANKS = "\ufeff\u200b"  # that str.strip leaves
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
FORMULA = re.compile(r"[=+\-@](?!(?:[\d.,]|[eE]\d)*$)", re.DOTALL)  # what a spreadsheet would run: no number, no dash alone
TRUE = {"是", "有", "true", "t", "yes", "y", "1", "√", "✓", "✔"}
FALSE = {"否", "无", "false", "f", "no", "n", "0", "×", "✗", "✘"}
PASSED = ({"合格"}, {"不合格"})  # in the column of this name
METRICS = ("indicator", "metric")  # columns that hold the id of a metric
# What offices write for a word of a closed list, besides its name in city_briefs.model.labels.
SYNONYMS = {
    "个体户": "self_employed", "个体": "self_employed", "合作社": "cooperative", "农民合作社": "cooperative",
    "双随机": "double_random", "双随机、一公开": "double_random", "专项": "special", "投诉举报": "complaint", "日常": "routine",
    "产品": "product", "客运索道": "ropeway", "索道": "ropeway", "游乐设施": "amusement", "场车": "vehicle", "起重机": "crane",
    "发明专利": "invention", "实用新型专利": "utility", "外观设计专利": "design", "学校食堂": "school_canteen", "餐饮": "catering",
    "当月": "month", "本月": "month", "累计": "year_to_date", "期末": "as_of", "入库": "in", "出库": "out", "期初": "opening",
}  # fmt: skip

Parse = Callable[[str], Any]


class Misfit(Exception):
    """A value that does not fit: the rule that it breaks, and the remedy as a sentence."""

    def __init__(self, rule: str, remedy: str) -> None:
        super().__init__(remedy)
        self.rule, self.remedy = rule, remedy


def is_text(column: Column) -> bool:
    """Return whether a column takes any text."""
    return column.type == STR and column.name not in ("region", "month", *METRICS)


def stripped(text: str) -> str:
    """Return a cell without the blanks around it, of any width."""
    return text.strip().strip(BLANKS).strip()


def parser(column: Column, regions: Regions, unit: Unit = ONE, base: str = "") -> Parse:
    """Return the function that parses one stripped cell of a column. It raises a Misfit.

    `base` is the unit of the column in the tables, where the column itself does not tell it.
    """
    if is_text(column):
        return safe_text
    if column.name == "region":
        return partial(
            _parse_region,
            {_case_folded(name): region.code for region in regions.all for name in (region.code, region.name, region.short)},
            regions,
        )
    if column.name in METRICS:
        return partial(
            _parse_metric, {_case_folded(name): metric.id for metric in CATALOGUE.values() for name in (metric.id, metric.label)}
        )
    if column.name == "month":
        return _parse_month
    if column.words:
        return partial(_parse_word, _words_by_name(column), column)
    if column.type == BOOL:
        true_words, false_words = PASSED if column.name == "passed" else (set(), set())
        return partial(_parse_bool, dict.fromkeys(TRUE | true_words, True) | dict.fromkeys(FALSE | false_words, False))
    return _parse_day if column.type == DATE else partial(_parse_number, column, unit, base or units.base(column))


def mapping_parser(values: Mapping[str, str], parse: Parse) -> Parse:
    """Return a parser that first maps values of the source to those of the table; the first pattern that matches is used."""
    patterns = [
        (re.compile(re.escape(key).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL), value) for key, value in values.items()
    ]

    def read(text: str) -> Any:
        return parse(next((value for pattern, value in patterns if pattern.fullmatch(text)), text))

    return read


def without_numbers_of_days(parse: Parse) -> Parse:
    """Return a parser that refuses the number of a day, since the workbook counts its days from 1904 and others from 1900."""

    def read(text: str) -> Any:
        if dates.SERIAL.fullmatch(text):
            raise Misfit(
                "number of a day",
                "The workbook counts its days from 1904, so that the number may be two days: format it as a date.",
            )
        return parse(text)

    return read


def safe_text(text: str) -> str:
    """Return the text unchanged when it is safe to show and open anywhere.

    Raises:
        Misfit: it is too long, has a control character, or a spreadsheet would run it as a formula.
    """
    if len(text) > LONGEST:
        raise Misfit("text", f"It has {len(text):,} characters and may have {LONGEST:,}: shorten it.")
    if match := CONTROL.search(text):
        raise Misfit("text", f"It has the control character U+{ord(match[0]):04X}, which nobody sees: take it out.")
    if FORMULA.match(text):
        raise Misfit("formula", f"A spreadsheet would run what begins with {text[0]}: write it without, or as the value itself.")
    return text


def _parse_region(names: Mapping[str, str], regions: Regions, text: str) -> str:
    """Return the code of a region."""
    if code := names.get(_case_folded(text)):
        return code
    # A code that a spreadsheet took for a number.
    number = text.removesuffix(".0").lstrip("0")
    similar = next((code for code in regions.by_code if number and code.lstrip("0") == number), None) or names.get(
        nearest(text, names) or ""
    )
    hint = f" Did you mean {regions.by_code[similar].name} ({similar})?" if similar else ""
    raise Misfit("known region", f"It is not in regions.csv: add it there, or count the row under a region that is.{hint}")


def _parse_metric(names: Mapping[str, str], text: str) -> str:
    """Return the id of a metric."""
    if metric := names.get(_case_folded(text)):
        return metric
    raise Misfit(
        "known metric", f"It must be the id or the name of a metric; `briefs metrics` lists them.{suggestion(text, names)}"
    )


def _words_by_name(column: Column) -> dict[str, str]:
    """Return the words of a closed list by every name that they may have (case-folded)."""
    synonyms = {name: word for name, word in SYNONYMS.items() if word in column.words}
    names = {name: word for word in column.words for name in (chinese(column.name, word), word)}
    return {_case_folded(name): word for name, word in (synonyms | names).items()}


def _parse_word(names: Mapping[str, str], column: Column, text: str) -> str:
    """Return the word of a closed list."""
    if word := names.get(_case_folded(text)):
        return word
    chinese_names, words = [chinese(column.name, word) for word in column.words], ", ".join(column.words)
    wanted = words if chinese_names == list(column.words) else f"{', '.join(chinese_names)} ({words})"
    raise Misfit("closed list", f"It must be one of {wanted}.{suggestion(text, [*chinese_names, *names])}")


def _parse_bool(names: Mapping[str, bool], text: str) -> bool:
    """Return true or false."""
    if (value := names.get(_case_folded(text))) is not None:
        return value
    wanted = "合格 or 不合格" if "合格" in names else "是 or 否"
    raise Misfit("type", f"It must be {wanted} ({KINDS[BOOL]}).")


def _parse_month(text: str) -> str:
    """Return the month as YYYY-MM."""
    if month := dates.month(text):
        return month
    raise Misfit("month", f"Write it as YYYY-MM, such as 2021-02, of {dates.YEARS}.")


def _parse_day(text: str) -> Any:
    """Return the date."""
    if day := dates.day(text):
        return day
    raise Misfit("type", f"It must be {KINDS[DATE]}, of {dates.YEARS}; one that is not known is left empty.")


def _parse_number(column: Column, unit: Unit, base: str, text: str) -> Any:
    """Return the number in `base`, the unit of the column; None where it is written that there is none."""
    if normalize("NFKC", text).casefold() in numbers.NONE:
        if column.required:
            raise Misfit("required", "It must be a number, and 0 where there was none.")
        return None
    if (number := numbers.number(text, column, unit, base)) is not None:
        return number
    kind = DECIMAL.fullmatch(column.type)
    wanted = f"a number with at most {kind[2]} decimals" if kind else KINDS[column.type]
    counted = f" of {base}" if base else ""
    sent = f" The column is in {unit.name}." if unit.factor != 1 else ""
    if column.name == "year":
        wanted, counted = dates.YEARS, ""
    elif base == numbers.MINUTES and numbers.is_time_of_two_readings(text):
        sent = " It may be minutes and seconds, or hours and minutes: write 12.5 or 0:12:30."
    elif numbers.is_glued(text):
        sent = " It has a blank or a line break between digits and may be two numbers: write one."
    raise Misfit("type", f"It must be {wanted}{counted}.{sent}")


def _case_folded(text: str) -> str:
    """Return the text in normal width and lower case."""
    return normalize("NFKC", text).casefold()
