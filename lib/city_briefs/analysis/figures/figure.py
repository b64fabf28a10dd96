"""Figures: a number that a brief may state, the question that it answers, and the refusal when it may not be given."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, cast

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.statistics.intervals import Interval
from city_briefs.common.blocks import Asked, FigureRecord, Verdict
from city_briefs.common.periods import YTD, Period
from city_briefs.common.regions import Region
from city_briefs.model.metric import Metric

GROWTHS = ("yoy", "since_year_end", "previous", "cagr", "first_time")  # views that are a growth in %, which may be over 100
CITED = ("target", "benchmark", "parameter")  # views of a number that is not ours
Base = Literal["value", "yoy"]  # what a target or a benchmark is set on
Tone = Literal["good", "bad", ""]


@dataclass(frozen=True)
class Question:
    """The arguments of a view: a metric in a scope, and what is asked of it besides.

    `area` names another area, of which a number is cited; empty for the region itself. `base` says whether the cited number is on
    the value or on its growth; empty takes the value, else the growth. `part` is a dimension and a member of it, to count only its
    rows; two empty texts for all rows.
    """

    scope: Scope
    metric: Metric
    area: str = ""
    base: Base | Literal[""] = ""
    part: tuple[str, str] = ("", "")

    def over(self, period: Period) -> "Question":
        """Return the same question over another period."""
        return replace(self, scope=self.scope.over(period))

    def at(self, region: Region) -> "Question":
        """Return the same question for another region."""
        return replace(self, scope=self.scope.at(region))

    @property
    def results(self) -> Results:
        """The results of its scope."""
        return self.scope.results

    @property
    def region(self) -> Region:
        """The region of its scope."""
        return self.scope.region

    @property
    def period(self) -> Period:
        """The period of its scope."""
        return self.scope.period


@dataclass(frozen=True)
class Answer:
    """The result of a view: an unrounded value, its text in prose, and its halves, None where there are none.

    `note` is a footnote such as the source of a cited number. `unit` is empty when it is the usual one of the view. `comparison` is
    at_least or at_most for a target, else empty. `interval` has the limits of the value with 95 %, in its unit; of a rank the first and
    the last place that are possible; None where there is none. `verdict` says whether a change is told apart from chance. `pending` is
    the share of cases, 0 to 1, whose outcome is not known yet; None when outcomes do not come later. `unusual_base` says that the base
    of a growth had itself changed much in the other direction.
    """

    value: Decimal
    text: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    note: str = ""
    unit: str = ""
    comparison: str = ""
    interval: Interval | None = None
    verdict: Verdict = "untested"
    pending: Decimal | None = None
    unusual_base: bool = False


class Refusal(Exception):
    """Raised by a view that may not be given; the message is the reason, a sentence for readers.

    `text` stands in the place of the number, `prose` in a sentence. Both are the reason unless a shorter text is named; `prose` is
    never a bare dash. `verdict` is that of a test that holds although no number is given, such as one of two small counts.
    """

    def __init__(self, reason: str, text: str = "", prose: str = "", verdict: Verdict = "untested") -> None:
        super().__init__(reason)
        self.verdict = verdict
        self.text = text or reason
        self.prose = prose or (reason if self.text == number_format.NOTHING else self.text)


@dataclass(frozen=True)
class Figure:
    """One number that a brief may state.

    `value` is unrounded and in `unit`; it is None exactly when `refused`, the reason, is set. `numerator` and `denominator` are None
    where the view has no halves. `text` is the number as prose says it, or what stands in its place; `instead` is what a sentence
    says in its place, empty when it is not refused. `note` is a footnote, such as the source of a cited number. `area`, `base` and
    `part` are those of its question; `interval`, `verdict`, `pending` and `unusual_base` those of its answer.
    """

    metric: Metric
    view: str
    region: Region
    period: Period
    unit: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    text: str
    refused: str | None = None
    note: str = ""
    instead: str = ""
    area: str = ""
    base: str = ""
    part: tuple[str, str] = ("", "")
    interval: Interval | None = None
    verdict: Verdict = "untested"
    pending: Decimal | None = None
    unusual_base: bool = False

    @property
    def tone(self) -> Tone:
        """Return whether a change is good or bad; empty where it is not told apart from chance, neutral, or over an unusual base."""
        if self.verdict not in ("up", "down") or self.metric.better == "neutral" or self.unusual_base:
            return ""
        return "good" if (self.verdict == "up") == (self.metric.better == "higher") else "bad"

    @property
    def arrow(self) -> str:
        """Return the arrow of a change that is told apart from chance; empty for any other."""
        return {"up": "▲", "down": "▼"}.get(self.verdict, "")

    @property
    def number(self) -> Decimal:
        """The value, of a figure that is not refused."""
        assert self.value is not None
        return self.value

    @property
    def decimals(self) -> int:
        """The decimals at which a value, a change, a growth or a share is printed where it is not scaled."""
        of_metric = self.view in ("value", "change_pp", "projection") or (self.view in CITED and self.unit == self.metric.unit)
        return self.metric.decimals if of_metric else number_format.PERCENT_DECIMALS

    @property
    def printed(self) -> Decimal:
        """The value as its text has it, unscaled; of a change in 个百分点 the difference of the two percentages as printed."""
        if self.view == "change_pp" and self.numerator is not None and self.denominator is not None:
            return number_format.difference_as_printed(self.numerator, self.denominator, self.decimals)
        is_growth = self.view in GROWTHS or (self.view in CITED and self.unit != self.metric.unit)
        is_part = self.unit == "%" and not is_growth
        return number_format.rounded(
            self.number, self.decimals, number_format.short_of_whole(self.number, self.decimals) if is_part else "nearest"
        )

    @property
    def prose(self) -> str:
        """The number as a sentence says it, or what the sentence says in its place."""
        return self.instead or self.text

    def record(self) -> FigureRecord:
        """Return the figure as a JSON object, the contract of `briefs value --json` without the snapshot."""
        record: FigureRecord = {
            "metric": self.metric.id,
            "view": self.view,
            "region": self.region.code,
            "year": self.period.year,
            "through": self.period.through,
            "value": plain(self.value),
            "unit": self.unit,
            "numerator": plain(self.numerator),
            "denominator": plain(self.denominator),
            "text": self.text,
            "refused": self.refused,
            "interval": None if self.interval is None else [_rounded(self.interval.low), _rounded(self.interval.high)],
            "verdict": self.verdict,
            "pending": plain(self.pending),
        }
        if self.period.span != YTD:
            record["span"] = self.period.span
        return record

    @property
    def asked(self) -> Asked:
        """What its question named besides metric, view, region and period: area, base, dimension and member; only what is not empty."""
        by, part = self.part
        words = {"area": self.area, "base": self.base, "by": by, "part": part}
        return cast(Asked, {name: word for name, word in words.items() if word})


def _rounded(limit: float) -> float:
    """Return a limit with the digits that are the same on every machine."""
    return float(f"{limit:.9g}")


def plain(value: Decimal | None) -> int | float | None:
    """Return a value as JSON holds it: an integer when it is integral, else an unrounded float; None for None."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
