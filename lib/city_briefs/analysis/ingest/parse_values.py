"""Values of single cells, parsed to the words, numbers and dates of the tables, or refused with a reason."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from city_briefs.analysis.ingest import dates, ids, numbers, units, words
from city_briefs.analysis.ingest.misfit import Misfit
from city_briefs.analysis.ingest.text_scan import LONGEST
from city_briefs.analysis.ingest.units import ONE, Unit, is_number
from city_briefs.analysis.validation.column_checks import KINDS
from city_briefs.analysis.validation.finding import Severity
from city_briefs.common.characters import BLANKS, REFUSED, folded, without_ignored
from city_briefs.common.errors import suggestion
from city_briefs.common.regions import Regions, several_meant
from city_briefs.metrics import CATALOGUE
from city_briefs.model.labels import chinese
from city_briefs.model.table import BOOL, DATE, DECIMAL, STR, Column

UNSAFE = re.compile(f"[{REFUSED}]")
BLANK = re.compile(f"[{BLANKS}]")
LINE_END = re.compile("\r\n?")
EXPORTED = re.compile(r'="((?:[^"]|"")*)"', re.DOTALL)  # how programs write a text that a spreadsheet must not take for a number
ESCAPED = re.compile("_x(00[01][0-9A-Fa-f])_")  # a control character as workbooks write it
FORMULA = re.compile(r"[=+\-@](?!(?:[\d.,]|[eE]\d)*$)", re.DOTALL)  # what a spreadsheet would run: no number, no dash alone
METRICS = ("indicator", "metric")  # columns that hold the id of a metric
Parse = Callable[[str], Any]


def is_text(column: Column) -> bool:
    """Return whether a column takes any text."""
    return column.type == STR and column.name not in ("region", "month", *METRICS)


def clean(text: str) -> str:
    """Return a cell as a person reads it: without what nobody sees and the blanks around it, its lines ended by \\n."""
    if exported := EXPORTED.fullmatch(text.strip()):
        text = exported[1].replace('""', '"')
    shown = BLANK.sub(" ", without_ignored(ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text)))
    return LINE_END.sub("\n", shown.strip())


def parser(column: Column, regions: Regions, unit: Unit = ONE, base: str = "") -> Parse:
    """Return the function that parses one clean cell of a column; None for one that says that there is nothing.

    It raises a Misfit. `base` is the unit of the column in the tables, where the column itself does not tell it.
    """
    if is_number(column):
        return partial(_parse_number, column, unit, base or units.base(column))
    return partial(_parse_filled, column, _parser_of_filled(column, regions))


def _parser_of_filled(column: Column, regions: Regions) -> Parse:
    """Return the function that parses a cell of a column that does not hold numbers, and that is not empty."""
    if is_text(column):
        return _parse_id if column in ids.ids() else safe_text
    if column.name == "region":
        return partial(_parse_region, regions)
    if column.name in METRICS:
        return partial(
            _parse_metric, {folded(name): metric.id for metric in CATALOGUE.values() for name in (metric.id, metric.label)}
        )
    if column.name == "month":
        return _parse_month
    if column.words:
        return partial(_parse_word, words.words_by_name(column), column)
    return partial(_parse_bool, words.bools_by_name(column)) if column.type == BOOL else _parse_day


def _parse_filled(column: Column, parse: Parse, text: str) -> Any:
    """Return the value of a cell, None for nothing.

    Raises:
        Misfit: it does not fit, or says nothing where every row says something.
    """
    if words.is_error(text):
        severity: Severity = "warning" if is_text(column) and not column.required and column not in ids.ids() else "error"
        says = "It is left empty: write what it should show." if severity == "warning" else "Write what it should show."
        raise Misfit("failed formula", f"That is what a spreadsheet shows for a formula that failed. {says}", severity)
    if words.is_nothing(text, column):
        if not column.required:
            return None
        if is_text(column):
            raise Misfit("required", "That says nothing, and every row has one.")
    return parse(text)


def mapping_parser(values: Mapping[str, str], parse: Parse) -> Parse:
    """Return a parser that first maps values of the source to those of the table; the first pattern that matches is used."""
    patterns = [(_pattern(key), value) for key, value in values.items()]

    def read(text: str) -> Any:
        return parse(next((value for pattern, value in patterns if pattern.fullmatch(text)), text))

    return read


def _pattern(key: str) -> re.Pattern[str]:
    """Return the regular expression of a key, in which * stands for any text and ? for one character.

    What stands between two * is taken where it comes first and never sought again (an atomic group): however many * there are, no
    text takes longer than its length times that of the key.
    """
    first, *rest = (re.escape(part).replace(r"\?", ".") for part in re.split(r"\*+", key))
    between = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(first + between + "".join(f".*{part}" for part in rest[-1:]), re.DOTALL)


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
    if match := UNSAFE.search(text):
        raise Misfit("control character", f"It has the control character U+{ord(match[0]):04X}, which nobody sees: take it out.")
    if FORMULA.match(text):
        raise Misfit("formula", f"A spreadsheet would run what begins with {text[0]}: write it without, or as the value itself.")
    return text


def _parse_id(text: str) -> str:
    """Return the id."""
    return safe_text(ids.clean(safe_text(text.lstrip("'"))))


def _parse_region(regions: Regions, text: str) -> str:
    """Return the code of a region, or of the city of a county that is no region here."""
    named = regions.names.named(text)
    if len(named) > 1:
        raise Misfit("one region", several_meant(text, named)[0])
    if region := named[0] if named else regions.names.city_around(text):
        return region.code
    near = regions.names.nearest(text)
    hint = f" Did you mean {near.name} ({near.code})?" if near else ""
    raise Misfit("known region", f"It is not in regions.csv: add it there, or count the row under a region that is.{hint}")


def _parse_metric(names: Mapping[str, str], text: str) -> str:
    """Return the id of a metric."""
    if metric := names.get(folded(text)):
        return metric
    raise Misfit(
        "known metric", f"It must be the id or the name of a metric; `briefs metrics` lists them.{suggestion(text, names)}"
    )


def _parse_word(names: dict[str, str], column: Column, text: str) -> str:
    """Return the word of a closed list."""
    if word := words.word(text, names):
        return word
    chinese_names, all_words = [chinese(column.name, word) for word in column.words], ", ".join(column.words)
    wanted = all_words if chinese_names == list(column.words) else f"{', '.join(chinese_names)} ({all_words})"
    raise Misfit("closed list", f"It must be one of {wanted}.{suggestion(text, [*chinese_names, *names])}")


def _parse_bool(names: Mapping[str, bool], text: str) -> bool:
    """Return true or false."""
    if (value := names.get(folded(text))) is not None:
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
    if folded(text) in numbers.NONE:
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
