"""Yellow lights: the rules of `data/reference/rules.toml`, judged month by month over the year so far, with hysteresis.

A light goes on when the figure passes `on` beyond chance and off again when it comes back past `off`; between the two it stays as it
was. A rate passes beyond chance when its one-sided limit passes too, a change when it is told apart from chance; a count is a fact.
Every year begins with all lights off. A month whose figure is refused, rests on a small base or has no test leaves the light as it
was; when that is the last month, the rule could not be judged, and the reason stands in its place.
A rule that is on in more than half of the regions that are compared is no exception of any of them, but a matter of their parent.
"""

from dataclasses import dataclass

from city_briefs.analysis.assessments import thresholds
from city_briefs.analysis.assessments.light_rules import Rule, rules
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common import read_log
from city_briefs.common.characters import adjoined
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region


@dataclass(frozen=True)
class Reading:
    """One month of a rule: its figure, the reason when it was not judged (else None), and whether the light is on after it."""

    period: Period
    figure: Figure
    refused: str | None
    on: bool


@dataclass(frozen=True)
class Spread:
    """In how many of the regions that are compared, `of`, a rule is on; `whole` is their parent, `parts` what prose calls them."""

    whole: Region
    parts: str
    on: int
    of: int

    @property
    def is_common(self) -> bool:
        """Whether it is on in more than half of them."""
        return 2 * self.on > self.of

    @property
    def level(self) -> str:
        """The level of the parent in words: 省级, 市级."""
        return f"{self.whole.whole.removeprefix('全')}级"

    @property
    def matter(self) -> str:
        """Whose matter a rule is that is on in most: 全省共性问题，由省级统筹."""
        return f"{self.whole.whole}共性问题，由{self.level}统筹"

    @property
    def text(self) -> str:
        """What is said of a rule that is on in most: 全省14个市州中13个亮灯，属全省共性问题，由省级统筹."""
        return f"{adjoined(self.whole.whole, self.of)}个{self.parts}中{self.on}个亮灯，属{self.matter}"


@dataclass(frozen=True)
class Light:
    """A rule over the year so far, a reading for each month. `since` is the month in which it went on, None while it is off.

    `spread` is that among the regions that are compared; None for a region among them in which the rule is off.
    """

    rule: Rule
    readings: tuple[Reading, ...]
    since: Period | None
    spread: Spread | None

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
    def is_watched(self) -> bool:
        """Whether it is off, and its figure is past the threshold by no more than chance explains."""
        return self.refused is None and not self.last.on and self.rule.passes(self.last.figure.number)

    @property
    def is_common(self) -> bool:
        """Whether the rule is on in most of the regions that are compared."""
        return self.spread is not None and self.spread.is_common

    @property
    def is_exception(self) -> bool:
        """Whether it is on, and a matter of this region: not on in most of the regions that it is compared with."""
        return self.on and not (self.spread and self.is_common and self.last.figure.region != self.spread.whole)

    @property
    def first(self) -> Figure | None:
        """The figure that switched it on; None while it is off."""
        return next((reading.figure for reading in self.readings if reading.period == self.since), None)


def lights(scope: Scope) -> list[Light]:
    """Return the light of every rule for a region over the year so far."""
    return [light(scope, rule) for rule in rules()]


def light(scope: Scope, rule: Rule) -> Light:
    """Return the light of one rule for a region over the year so far."""
    scope = scope.to_date
    readings: list[Reading] = []
    since: Period | None = None
    for through in range(1, scope.period.through + 1):
        month = scope.over(Period(scope.period.year, through))
        figure = look(month, rule.metric, rule.view)
        refused = _unjudged(month, rule, figure)
        if refused is None:
            if since is None and rule.switches_on(figure):
                since = month.period
            elif since is not None and rule.returns(figure.number):
                since = None
        readings.append(Reading(month.period, figure, refused, since is not None))
    is_shown = since is not None or scope.region == scope.whole
    return Light(rule, tuple(readings), since, spread(scope, rule) if is_shown else None)


def spreads(scope: Scope) -> dict[Rule, Spread]:
    """Return in how many of the regions that are compared each rule is on."""
    return {rule: spread(scope, rule) for rule in rules()}


def spread(scope: Scope, rule: Rule) -> Spread:
    """Return in how many of the regions that are compared a rule is on."""
    question = (read_log.SPREAD, scope.whole.code, rule.id, scope.period.slug)
    return scope.results.once(question, lambda: read_log.answered(question, lambda: _spread(scope, rule)))


def _spread(scope: Scope, rule: Rule) -> Spread:
    """Return what `spread` returns, without a note in the read log."""
    on = sum(is_on(scope.to_date.at(region), rule) for region in scope.peers)
    return Spread(scope.whole, scope.results.regions.parts, on, len(scope.peers))


def is_judged(scope: Scope, rule: Rule) -> bool:
    """Return whether a rule could be judged at the cut-off in any of the regions that are compared."""

    def found() -> bool:
        cities = map(scope.to_date.at, scope.peers)
        return any(_unjudged(city, rule, look(city, rule.metric, rule.view)) is None for city in cities)

    return read_log.answered((read_log.JUDGED, scope.whole.code, rule.id, scope.period.slug), found)


def is_on(scope: Scope, rule: Rule) -> bool:
    """Return whether a rule was judged at the cut-off, and is on: by the last month that switched it, so that few are looked at."""
    scope = scope.to_date
    for through in range(scope.period.through, 0, -1):
        month = scope.over(Period(scope.period.year, through))
        figure = look(month, rule.metric, rule.view)
        if _unjudged(month, rule, figure) is not None:
            if month.period == scope.period:
                return False
        elif rule.switches_on(figure):
            return True
        elif rule.returns(figure.number):
            return False
    return False


def _unjudged(scope: Scope, rule: Rule, figure: Figure) -> str | None:
    """Return why a month is not judged: too early, refused, a small base, or without a test; None when it is judged."""
    if figure.period.through < rule.first_month:
        return f"自每年{rule.first_month}月末起判定"
    if figure.refused:
        return figure.refused if scope.results.provenance(rule.metric) else figure.text
    if rule.metric.form != "ratio" and rule.view == "value":  # a count is judged as it is
        return None
    amount = scope.amount(rule.metric)
    if (size := thresholds.small_base(rule.metric, amount)) is not None:
        return f"本期基数过小（{number_format.digits(size)}），不作判定"
    if untested := thresholds.why_untested(scope, figure, amount):
        return untested
    return "变动不作检验，不作判定" if rule.view != "value" and figure.verdict == "untested" else None
