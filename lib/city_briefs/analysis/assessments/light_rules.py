"""The rules of the yellow lights, `data/reference/rules.toml`: on which figure, past which threshold, and to which step each leads."""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from city_briefs.analysis.assessments import thresholds
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.views import VIEWS
from city_briefs.common import paths, toml_file
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.toml_file import STRICT
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric

RULES = "rules.toml"
Side = Literal["above", "below"]
Window = Literal["year", "month_end"]
Step = Literal["guidance", "interview", "conditional"]
STEPS: dict[Step, str] = {"guidance": "行政指导", "interview": "约谈警示", "conditional": "附条件批准"}  # the mildest first


def _number(given: object) -> Decimal:
    """Return a threshold as a number.

    Raises:
        ValueError: it is a text, such as "20%", or no number.
    """
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError(
            chosen(
                f"is a number without quotes and without %, such as 20, not '{given}'",
                f"应为不带引号和百分号的数字，如20，不能是“{given}”",
            )
        )
    return Decimal(str(given))


Threshold = Annotated[Decimal, BeforeValidator(_number)]


class Rule(BaseModel):
    """One rule; `on` and `off` are in the unit of the view. `sentence` has {figure} where the figure goes.

    `owner` is the office that sees to it, that of the metric when it is empty (`office`).
    """

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
    owner: str = ""

    @model_validator(mode="after")
    def _is_steady(self) -> Self:
        if (self.off > self.on) if self.side == "above" else (self.off < self.on):
            beside, beside_zh = ("under", "高于") if self.side == "above" else ("over", "低于")
            raise ValueError(
                chosen(
                    f"has off ({self.off}), which is at or {beside} on ({self.on}), or the light would flicker",
                    f"的off（{self.off}）不得{beside_zh}on（{self.on}），否则灯会时亮时灭",
                )
            )
        if self.metric.at_month_end != (self.window == "month_end"):
            right = "month_end" if self.metric.at_month_end else "year"
            raise ValueError(
                chosen(
                    f"has the window '{self.window}', and that of {self.metric.id} is {right}",
                    f"的window为“{self.window}”，而{self.metric.id}应为{right}",
                )
            )
        return self

    @field_validator("sentence")
    @classmethod
    def _has_figure(cls, sentence: str) -> str:
        if "{figure}" not in sentence or re.search(r"\d", sentence.replace("12315", "")):
            raise ValueError(chosen("has {figure} in it and no number of its own", "要含有{figure}，且不得另写数字"))
        return sentence

    @property
    def office(self) -> str:
        """The office that sees to it."""
        return self.owner or self.metric.owner

    def passes(self, value: Decimal) -> bool:
        """Return whether a value is past the threshold at which the light goes on."""
        return value > self.on if self.side == "above" else value < self.on

    def switches_on(self, figure: Figure) -> bool:
        """Return whether a figure passes that threshold beyond chance."""
        if not self.passes(figure.number):
            return False
        if self.view != "value":
            return figure.verdict == ("up" if self.side == "above" else "down")
        limits = thresholds.limits(figure)
        return self.passes(Decimal(limits.low if self.side == "above" else limits.high))

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

    def text(self, figure: Figure) -> str:
        """Return a figure in words, with more decimals where it would print like the threshold that it is past: 下降3.04个百分点."""
        decimals = number_format.PERCENT_DECIMALS if self.view == "yoy" else self.metric.decimals
        value = figure.number
        if value == self.on or figure.text != self._worded(self.on, decimals):
            return figure.text
        return self._worded(value, number_format.told_apart(value, self.on, decimals))

    def _worded(self, value: Decimal, decimals: int) -> str:
        """Return a value of the view in words."""
        if self.view == "value":
            return number_format.amount(value, self.metric.unit, decimals)
        return (number_format.growth if self.view == "yoy" else number_format.points)(value, decimals)


class Rules(BaseModel):
    """The file `rules.toml`."""

    model_config = STRICT

    rule: list[Rule] = []


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
            raise DataError(
                chosen(
                    f"{file.name}, rule {rule.id}: it stands twice. An id names one rule.",
                    f"{file.name}的rule {rule.id}：编号重复。一个编号只能指一条规则。",
                )
            )
    return tuple(made)
