"""Tables of many metrics of one region, a line each: value, the year before as then known, change with its verdict, share, places.

`overview` is for the metrics of a chapter, `all_metrics` for the catalogue, where what is only counted for a rate stands in the line of
that rate, and a neutral number under the table. A metric without a value has no line: it is named there with the reason, and so is what
was zero in both years.
What is zero, missing or rejected is never said in the same words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.blocks.metric_manual import entry_number
from city_briefs.analysis.blocks.publish import RIGHT, numbers, publish, publish_prose, sources
from city_briefs.analysis.figures import number_format, refusal_rules
from city_briefs.analysis.figures.changes import compared_amounts
from city_briefs.analysis.figures.figure import Answer, Figure, Question, Refusal
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import POINTS, compared, look
from city_briefs.common import read_log
from city_briefs.common.blocks import TableBlock
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric

MOST_NAMED = 12  # metrics that a note names; of more it gives the number
ADDS_UP = ("flow", "stock")
TONES = {"good": "好", "bad": "差", "": ""}
NOT_APART_SIGN = "≈"
LEVEL = "持平"
KEY = (  # what the cells of changes may hold, and what it means
    ("▲", "▲▼为超出随机波动的增减，好、差按指标方向"), ("▼", "▲▼为超出随机波动的增减，好、差按指标方向"),
    (NOT_APART_SIGN, f"{NOT_APART_SIGN}为未超出随机波动"), ("点", "“点”为个百分点"),
    (number_format.NOTHING, f"“{number_format.NOTHING}”为基数过小，只列两年的数"),
)  # fmt: skip
UNTESTED = "没有符号的不作检验"
BLANK = "占比为占上级地区的比重，空白为不作比较、不计占比或不排位次"
AS_KNOWN = "上年同期为当时同一时点已知的数"
IN_ITS_RATE = "只用于比率的分子、分母不另列"
SHORT = 3  # characters of a name in a head
SHARE_OR_PLACES = "占比或位次"
NEUTRAL = "不分优劣的数量："
NO_DATA = "{}本期均无数据。"


@dataclass(frozen=True)
class Line:
    """A metric with what stands beside it; `base` is the year before as it was known then, None where nothing is compared."""

    metric: Metric
    value: Figure
    base: Answer | None
    change: Figure
    beside: tuple[Figure, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures that it states or refuses."""
        return (self.value, self.change, *self.beside)

    @property
    def is_zero(self) -> bool:
        """Whether it is zero and was zero a year before."""
        return self.value.value == 0 and self.base is not None and not self.base.value


def overview(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show the table of some metrics; a sentence when none of them has a value."""
    lines = [line(scope, metric) for metric in metrics]
    given = [each for each in lines if each.value.value is not None]
    figures = [figure for each in lines for figure in each.figures]
    if not given:
        labels = "、".join(metric.label for metric in metrics)
        return publish_prose([NO_DATA.format(labels)], [each.value for each in lines], scope.results, metrics)
    shown = [each for each in given if not each.is_zero]
    notes = _unlisted(given)
    if not shown:
        return publish_prose([f"{notes[0]}。"], figures, scope.results, metrics)
    whole = scope.whole.whole
    block: TableBlock = {
        "kind": "table", "caption": f"{scope.region.name}主要指标（{scope.period.text}）", "unit": "",
        "dense": True, "close": True, "whole": True,
        "header": heads(whole), "align": ["left", *RIGHT * 5],
        "widths": [2.9, 1.5, 1.5, 1.5, 0.9, 1.2],
        "rows": [cells(each) for each in shown],
        "marked": [], "totals": [], "notes": notes, "sources": sources([each.metric for each in shown], scope.results),
        **numbers(figures, scope.results, metrics),
    }  # fmt: skip
    return publish(block)


def all_metrics(scope: Scope) -> None:
    """Show the table of all metrics of the catalogue that have a value, with the number of each in the manual; a sentence for none."""
    read_log.note(("manual",), lambda: CATALOGUE.content)
    lines = [line(scope, metric) for metric in CATALOGUE.values() if metric.form != "cited"]
    given = [each for each in lines if each.value.value is not None]
    figures = [figure for each in lines for figure in each.figures]
    if not given:
        return publish_prose([f"{scope.period.text}，{scope.region.whole}各项指标均没有数据。"], figures, scope.results)
    halves = {half.id for each in given for half in _counted_for(each)}
    listed = [each for each in given if not each.is_zero and each.metric.id not in halves]
    neutral = [each for each in listed if each.metric.better == "neutral" and each.metric.form != "ratio"]
    shown = [each for each in listed if each not in neutral]
    notes = [
        _key(shown),
        AS_KNOWN,
        *([IN_ITS_RATE] if halves else []),
        *_of_neutral(neutral),
        *_unlisted(given),
        *_missing(scope, lines),
    ]
    name, value, before, change, *_ = heads(scope.whole.whole)
    block: TableBlock = {
        "kind": "table", "caption": f"{scope.region.name}全部指标（{scope.period.text}）", "unit": "", "dense": True, "close": True,
        "header": [name, value, "分子/分母", before, change, SHARE_OR_PLACES, "口径号"],
        "align": ["left", *RIGHT * 6], "widths": [2.58, 1.4, 1.53, 1.4, 1.06, 1.04, 0.69],
        "rows": [_row(each) for each in shown],
        "manual": scope.snapshot.regions.province_of(scope.region).code,
        "marked": [], "totals": [], "notes": notes, "sources": sources([each.metric for each in shown], scope.results),
        **numbers(figures, scope.results),
    }  # fmt: skip
    return publish(block)


def _row(of: Line) -> list[str]:
    """Return the cells of a line of the table of all, with the halves of a rate that have no line, and the number in the manual."""
    name, value, before, change, share, places = cells(of)
    halves = ""
    if _counted_for(of) and of.value.numerator is not None and of.value.denominator is not None:
        first, second = of.metric.pair.first, of.metric.pair.second
        halves = f"{_plain(of.value.numerator, first)}/{_plain(of.value.denominator, second)}"
    return [name, value, halves, before, change, share or places, f"{entry_number(of.metric)}"]


def _of_neutral(lines: Sequence[Line]) -> list[str]:
    """Return the note on neutral numbers, with their values; empty for none."""
    return [NEUTRAL + "、".join(f"{each.metric.label}{each.value.text}" for each in lines)] if lines else []


def _plain(number: Decimal, half: Metric) -> str:
    """Return a half of a rate without its unit: all digits of a count, an amount of yuan as it is printed elsewhere, 5275.05万."""
    if half.unit != "元":
        return number_format.digits(number)
    return number_format.amount(number, half.unit, half.decimals).removesuffix("元")


def _counted_for(of: Line) -> list[Metric]:
    """Return the halves of a rate that have no line beside its own: the neutral ones, and the numerator of a percentage."""
    rate = of.metric
    if rate.form != "ratio" or not rate.is_pair or of.value.numerator is None or of.is_zero:
        return []
    first, second = rate.pair.first, rate.pair.second
    return [half for half in (first, second) if half.better == "neutral" or (rate.unit == "%" and half == first)]


def line(scope: Scope, metric: Metric) -> Line:
    """Return the line of a metric."""
    views = ["share"] if metric.form in ADDS_UP else ["rank"] if metric.better != "neutral" else []
    if scope.region == scope.whole:
        views = []
    beside = tuple(look(scope, metric, view) for view in views)
    return Line(metric, look(scope, metric, "value"), before(scope, metric), look(scope, metric, compared(metric)), beside)


def before(scope: Scope, metric: Metric) -> Answer | None:
    """Return the value a year before as it was known then; None where the two years are not compared."""
    ask, year_before = Question(scope, metric), scope.period.year_before
    try:
        _, amount = compared_amounts(ask, year_before, "上年同期")
        return refusal_rules.value(ask.over(year_before), amount)
    except Refusal:
        return None


def change_cell(change: Figure) -> str:
    """Return a change with its verdict: ▲3.5%好, ≈+0.17点, +1.6%, 持平; — for a small base, blank where nothing is compared."""
    if change.value is None:
        return change.text if change.text == number_format.NOTHING else ""
    size = change.printed
    unit = "点" if change.unit == POINTS else "%"
    if not size:
        return LEVEL
    if change.verdict in ("up", "down"):
        return f"{change.arrow}{number_format.number(abs(size), change.decimals)}{unit}{TONES[change.tone]}"
    sign = NOT_APART_SIGN if change.verdict == "same" else ""
    return f"{sign}{number_format.signed(size, '', change.decimals)}{unit}"


def heads(whole: str) -> list[str]:
    """Return the heads of the cells of a line; `whole` is what the province is called, which a narrow head names only when it is short."""
    return ["指标", "本期", "上年同期", "增减", f"占{whole}" if len(whole) <= SHORT else "占比", "可能位次"]


def cells(of: Line) -> list[str]:
    """Return the cells of a line: name, value, the year before, change, share and possible places; blank for none."""
    beside = {figure.view: figure for figure in of.beside if figure.value is not None}
    share, rank = beside.get("share"), beside.get("rank")
    return [
        of.metric.label, of.value.text, of.base.text if of.base else "", change_cell(of.change), share.text if share else "",
        _possible(rank) if rank else "",
    ]  # fmt: skip


def _possible(rank: Figure) -> str:
    """Return the places that are possible: 第5—14位."""
    assert rank.interval is not None
    first, last = (number_format.digits(Decimal(str(limit))) for limit in (rank.interval.low, rank.interval.high))
    return f"第{first}位" if first == last else f"第{first}—{last}位"


def _key(shown: Sequence[Line]) -> str:
    """Return what the signs in a table mean, of those that stand in it."""
    changes = [change_cell(each.change) for each in shown]
    said = [words for sign, words in KEY if any(sign in change for change in changes)]
    said += [UNTESTED] if any(change[:1] in ("+", "−") for change in changes) else []
    return "；".join(dict.fromkeys([*said, BLANK]))


def _unlisted(given: Sequence[Line]) -> list[str]:
    """Return the note on what was zero in both years; empty for none."""
    zero = [each.metric.label for each in given if each.is_zero]
    return [f"本期和上年同期均为零的：{_named(zero)}"] if zero else []


def _missing(scope: Scope, lines: Iterable[Line]) -> list[str]:
    """Return a note for each reason why metrics have no value."""
    by_reason: dict[str, list[str]] = {}
    for each in lines:
        if each.value.value is None and each.value.text != number_format.NOTHING:
            by_reason.setdefault(each.value.text, []).append(each.metric.label)
    return [f"{reason}的：{_named(labels)}" for reason, labels in by_reason.items()]


def _named(labels: Sequence[str]) -> str:
    """Return labels in words; of many their number."""
    return "、".join(labels) if len(labels) <= MOST_NAMED else f"{len(labels)}项"
