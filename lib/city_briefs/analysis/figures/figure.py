"""A figure: one number that a brief may state, what it answers, and the reason when it may not be given."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, cast

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.blocks import Asked, FigureRecord
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.model.metric import Metric

Base = Literal["value", "yoy"]  # what a target or a benchmark is set on


@dataclass(frozen=True)
class Question:
    """What a view is asked: a metric in a scope; of another `area`, for what is cited from elsewhere.

    `base` says whether the cited row is of the value or of its growth; empty: whichever there is, the value first. `part` is a
    column and a value of it, to count only such rows.
    """

    scope: Scope
    metric: Metric
    area: str = ""
    base: Base | Literal[""] = ""
    part: tuple[str, str] = ("", "")

    def over(self, period: Period) -> "Question":
        """The same of another period."""
        return replace(self, scope=self.scope.over(period))

    def at(self, region: Region) -> "Question":
        """The same of another region."""
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
    """What a view computed: the value, how it is said, its two halves, and a note such as the source of a cited number.

    `unit` is set when it is not the one that the view always has, `comparison` by a target: at_least or at_most.
    """

    value: Decimal
    text: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    note: str = ""
    unit: str = ""
    comparison: str = ""


class Refusal(Exception):
    """A view that may not be given: the reason, what stands in the number's place, and what a sentence says instead.

    Both are the reason itself unless they are shorter.
    """

    def __init__(self, reason: str, text: str = "", prose: str = "") -> None:
        super().__init__(reason)
        self.text = text or reason
        self.prose = prose or (reason if self.text == number_format.NOTHING else self.text)


@dataclass(frozen=True)
class Figure:
    """One number that a brief may state.

    `value` is unrounded and in `unit`; it is None exactly when `refused` is a sentence. `text` is the number as prose says it, or
    what stands in its place; `prose` what a sentence says, never a bare dash. `note` is what stands in a
    footnote, such as the source of a cited number. `area`, `base` and `part` are those of its question.
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

    @property
    def prose(self) -> str:
        """The number as a sentence says it, or what the sentence says instead."""
        return self.instead or self.text

    def record(self) -> FigureRecord:
        """The figure as a JSON object, the contract of `briefs value --json` but for the snapshot."""
        return {
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
        }

    @property
    def asked(self) -> Asked:
        """What else its question named: area, base, and the column and word of a part; only what it did name."""
        by, part = self.part
        words = {"area": self.area, "base": self.base, "by": by, "part": part}
        return cast(Asked, {name: word for name, word in words.items() if word})


def plain(value: Decimal | None) -> int | float | None:
    """A value as JSON holds it: whole numbers as integers, others unrounded."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
