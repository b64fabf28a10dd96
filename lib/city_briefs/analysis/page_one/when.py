"""When: the months of the gravest matter that has any, beside those of the year before as they were known then, with the message as title.

What has a light or a target on its value is drawn from January to each month, as these are set; anything else by single months, as it is
judged. So is a percentage that rests on outcomes to come, of which January to each month would fall towards the end; it has its
projection, where there is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from city_briefs.analysis.assessments.monthly_values import course
from city_briefs.analysis.assessments.targets import Standing
from city_briefs.analysis.assessments.yellow_lights import Light
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.changes import is_dated_later
from city_briefs.analysis.figures.figure import Figure, Question
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import POINTS, compared, look
from city_briefs.analysis.page_one import months
from city_briefs.analysis.page_one.conclusion import fitting
from city_briefs.analysis.page_one.matters import Matter
from city_briefs.analysis.page_one.rows import shortfall
from city_briefs.analysis.page_one.why import LONGEST
from city_briefs.model.metric import TO_DATE, Metric

FEWEST = 2  # values that make a line
YEAR = 12
ALIKE = "与上年同期不可分"
NOT_COMPARED = "与上年同期不作比较"


@dataclass(frozen=True)
class Line:
    """A level that is drawn across the months: a target or the threshold of a light, in the metric's unit, and its words."""

    value: Decimal
    words: str


@dataclass(frozen=True)
class When:
    """The months of a metric: `now` of this year, `before` of the year before, each figure by its last month.

    `line` is the target or threshold, `projection` what is expected when all is closed; None where there is none.
    """

    metric: Metric
    title: str
    subtitle: str
    now: tuple[Figure, ...]
    before: tuple[Figure, ...]
    line: Line | None = None
    projection: Figure | None = None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All that the drawing states."""
        return (*self.now, *self.before, *([self.projection] if self.projection else []))


def when(scope: Scope, matters: Iterable[Matter], metrics: Iterable[Metric]) -> When | None:
    """Return the months of the first matter that has any, else of the first metric; None when none has."""
    of_matters = (_of(scope, matter.metric, matter.light, matter.standing) for matter in matters)
    made = next(filter(None, of_matters), None)
    return made or next(filter(None, (_of(scope, metric, None, None) for metric in metrics)), None)


def _of(scope: Scope, metric: Metric, light: Light | None, standing: Standing | None) -> When | None:
    """Return the months of a metric; None when it has too few."""
    line, year, is_later = _line(light, standing), scope.period.year, is_dated_later(Question(scope, metric))
    is_to_date = metric.at_month_end or metric.form in TO_DATE or (_is_on_value(light, standing) and not is_later)
    if is_to_date:
        now, before = (months.to_date(scope, metric, each) for each in (year, year - 1))
    else:
        drawn = months.single(scope, metric, scope.period.through + YEAR)
        now, before = (tuple(figure for figure in drawn if figure.period.year == each) for each in (year, year - 1))
    if sum(figure.value is not None for figure in now) < FEWEST or now[-1].value is None:
        return None
    expected = look(scope.to_date, metric, "projection") if line and is_later else None
    projection = expected if expected and expected.value is not None else None
    title = _title(scope, metric, light, standing)
    return When(metric, title, _subtitle(scope, metric, now, projection, is_to_date=is_to_date), now, before, line, projection)


def _is_on_value(light: Light | None, standing: Standing | None) -> bool:
    """Return whether a light or a target is set on the value since January, and not on its change."""
    return bool((light and light.rule.view == "value") or (standing and standing.base == "value"))


def _line(light: Light | None, standing: Standing | None) -> Line | None:
    """Return the level that the months are held against; None when a light or a target is on a change, or there is none."""
    if light and light.rule.view == "value":
        return Line(light.rule.on, f"界限{light.rule.threshold(light.rule.on)}") if light.rule.on else None
    if standing and standing.base == "value" and standing.aim.value is not None:
        return Line(standing.aim.value, f"目标{number_format.round_number(standing.aim.value, standing.metric.unit)}")
    return None


def _title(scope: Scope, metric: Metric, light: Light | None, standing: Standing | None) -> str:
    """Return the message: since when a light is on, or a change lasts; else how far a target is, or how it compares with a year before."""
    if light and light.since:
        return fitting([_of_light(light), f"{light.since.through}月起亮灯，未灭灯"], LONGEST)
    lasting = course(scope, metric).change
    turned = lasting.text.replace("此前两年", "前两年") if lasting else ""
    if standing:
        return fitting(filter(None, [turned, *_of_target(scope, standing), f"{standing.name}未达目标", "未达目标"]), LONGEST)
    change = look(scope, metric, compared(metric))
    return fitting(filter(None, [turned, _of_change(change), metric.label, "逐月走势"]), LONGEST)


def _of_light(light: Light) -> str:
    rule = light.rule
    assert light.since is not None
    if not rule.on:
        return f"{light.since.through}月起亮灯，年内不灭"
    since = light.since.through
    if not all(
        rule.passes(reading.figure.number) for reading in light.readings if reading.on and reading.figure.value is not None
    ):
        back = f"{rule.threshold(rule.off)}以{'下' if rule.side == 'above' else '上'}" if rule.view == "value" else "灭灯界限"
        return f"{since}月起亮灯，未回到{back}"
    if rule.view == "value":
        return f"{since}月起{'高于' if rule.side == 'above' else '低于'}{rule.threshold(rule.on)}，至今未灭灯"
    return f"{since}月起{rule.threshold(rule.on)}以上，未灭灯"


def _of_target(scope: Scope, standing: Standing) -> list[str]:
    if standing.is_over:
        return [f"到期未达目标，{shortfall(scope, standing)}"]
    if standing.done is not None and standing.pace:
        done, due = (number_format.amount(share, "%", 1) for share in (standing.done, standing.pace.share))
        return [f"完成{done}，按进度应达{due}"]
    return [f"比目标{standing.gap_text}"]


def _of_change(change: Figure) -> str:
    """Return how a period compares with that of a year before."""
    if change.value is None:
        return NOT_COMPARED
    if change.verdict == "same":
        return ALIKE
    return f"比上年同期{change.text.partition('（')[0]}"


def _subtitle(scope: Scope, metric: Metric, now: tuple[Figure, ...], projection: Figure | None, *, is_to_date: bool) -> str:
    """Return what is drawn, in which unit, and how the year before was taken."""
    kind = (
        "各月末"
        if metric.at_month_end
        else "年初至各月累计"
        if is_to_date
        else "各季"
        if now[-1].period.span == "quarter"
        else "各月"
    )
    unit = "" if metric.unit == POINTS else f"，{metric.unit}"
    late = "；上年为同一时点已知数" if is_dated_later(Question(scope, metric)) else ""
    expected = "；空圈为全部办结后的预计" if projection else ""
    return f"{metric.label}{kind}{unit}{late}{expected}"
