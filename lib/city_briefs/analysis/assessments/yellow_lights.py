"""Yellow lights: the rules of `data/reference/rules.toml`, judged month by month over the year so far, with hysteresis.

A light goes on when the figure passes `on` and off again when it comes back past `off`; between the two it stays as it was. Every
year begins with all lights off. A month whose figure is refused, or rests on a small base, leaves the light as it was; when that is
the last month, the rule could not be judged, and the reason stands in its place.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.refusal_rules import SMALL_BASE, base_size
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import VIEWS, look
from city_briefs.common import paths, toml_file
from city_briefs.common.errors import DataError
from city_briefs.common.periods import Period
from city_briefs.common.toml_file import STRICT
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric

RULES = "rules.toml"
Side = Literal["above", "below"]
Window = Literal["year", "month_end"]
Step = Literal["guidance", "interview", "conditional"]
STEPS: dict[Step, str] = {"guidance": "行政指导", "interview": "约谈警示", "conditional": "附条件批准"}  # the mildest first
Threshold = Annotated[Decimal, BeforeValidator(lambda number: Decimal(str(number)))]


class Rule(BaseModel):
    """One rule; `on` and `off` are in the unit of the view. `sentence` has {figure} where the figure goes."""

    model_config = STRICT | ConfigDict(arbitrary_types_allowed=True)

    id: str
    label: str
    metric: Annotated[Metric, BeforeValidator(CATALOGUE.find)]
    view: Literal["value", "yoy", "change_pp"]
    side: Side
    on: Threshold
    off: Threshold
    window: Window
    first_month: Annotated[int, Field(ge=1, le=12)]
    step: Step
    sentence: str
    reason: str

    @model_validator(mode="after")
    def _is_steady(self) -> Self:
        if (self.off > self.on) if self.side == "above" else (self.off < self.on):
            beside = "under" if self.side == "above" else "over"
            raise ValueError(f"has off ({self.off}), which is at or {beside} on ({self.on}), or the light would flicker")
        if self.metric.at_month_end != (self.window == "month_end"):
            right = "month_end" if self.metric.at_month_end else "year"
            raise ValueError(f"has the window '{self.window}', and that of {self.metric.id} is {right}")
        return self

    @field_validator("sentence")
    @classmethod
    def _has_figure(cls, sentence: str) -> str:
        if "{figure}" not in sentence or re.search(r"\d", sentence.replace("12315", "")):
            raise ValueError("has {figure} in it and no number of its own")
        return sentence

    def passes(self, value: Decimal) -> bool:
        """Return whether a value switches the light on."""
        return value > self.on if self.side == "above" else value < self.on

    def returns(self, value: Decimal) -> bool:
        """Return whether a value switches the light off."""
        return value < self.off if self.side == "above" else value > self.off

    def threshold(self, value: Decimal) -> str:
        """Return a threshold in words: 20%, 下降3个百分点, 0家."""
        unit = VIEWS[self.view][1](self.metric)
        if self.view in ("yoy", "change_pp"):
            word = "下降" if value < 0 else "增长" if self.view == "yoy" else "提高"
            return f"{word}{number_format.digits(abs(value))}{unit}"
        return f"{number_format.digits(value)}{unit}"


class Rules(BaseModel):
    """The file `rules.toml`."""

    model_config = STRICT

    rule: list[Rule] = []


@dataclass(frozen=True)
class Reading:
    """One month of a rule: its figure, the reason when it was not judged (else None), and whether the light is on after it."""

    period: Period
    figure: Figure
    refused: str | None
    on: bool


@dataclass(frozen=True)
class Light:
    """A rule over the year so far, a reading for each month. `since` is the month in which it went on, None while it is off."""

    rule: Rule
    readings: tuple[Reading, ...]
    since: Period | None

    @property
    def last(self) -> Reading:
        """The reading of the cut-off month."""
        return self.readings[-1]

    @property
    def refused(self) -> str | None:
        """Why it could not be judged at the cut-off; None when it was."""
        return self.last.refused

    @property
    def on(self) -> bool:
        """Whether it was judged at the cut-off, and is on."""
        return self.refused is None and self.last.on

    @property
    def first(self) -> Figure | None:
        """The figure that switched it on; None while it is off."""
        return next((reading.figure for reading in self.readings if reading.period == self.since), None)


def rules() -> tuple[Rule, ...]:
    """Return all rules in the order of their file.

    Raises:
        DataError: the file cannot be read, or a rule is not valid; the message names it.
    """
    return rules_of(paths.reference() / RULES)


@cache
def rules_of(file: Path) -> tuple[Rule, ...]:
    """Return the rules of a file in its order.

    Raises:
        DataError: the file cannot be read, a rule is not valid, or an id stands twice.
    """
    made = toml_file.read(file, Rules, DataError).rule
    for place, rule in enumerate(made):
        if rule.id in {earlier.id for earlier in made[:place]}:
            raise DataError(f"{file.name}, rule {rule.id}: it stands twice. An id names one rule.")
    return tuple(made)


def lights(scope: Scope) -> list[Light]:
    """Return the light of every rule for a region over the year so far."""
    return [light(scope, rule) for rule in rules()]


def light(scope: Scope, rule: Rule) -> Light:
    """Return the light of one rule for a region over the year so far."""
    readings: list[Reading] = []
    since: Period | None = None
    for through in range(1, scope.period.through + 1):
        month = Period(scope.period.year, through)
        figure = look(scope.over(month), rule.metric, rule.view)
        refused = _unjudged(scope.results, rule, figure)
        if refused is None and figure.value is not None:
            if since is None and rule.passes(figure.value):
                since = month
            elif since is not None and rule.returns(figure.value):
                since = None
        readings.append(Reading(month, figure, refused, since is not None))
    return Light(rule, tuple(readings), since)


def _unjudged(results: Results, rule: Rule, figure: Figure) -> str | None:
    """Return why a month is not judged: too early, refused, or a small base; None when it is judged."""
    if figure.period.through < rule.first_month:
        return f"自每年{rule.first_month}月末起判定"
    if figure.refused:
        return figure.refused if results.provenance(rule.metric) else figure.text
    if rule.metric.unit != "%" and rule.view == "value":  # a count is judged as it is
        return None
    size = base_size(rule.metric, results.amount(rule.metric, figure.region, figure.period))
    if size is not None and size < SMALL_BASE:
        return f"本期基数过小（{number_format.digits(size)}），不作判定"
    return None
