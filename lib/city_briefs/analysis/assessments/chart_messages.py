"""Messages of charts: what a title says, in at most MOST characters, and only what the verdicts, intervals and lights show.

Where nothing is told apart from chance the title says so. What is drawn stands in the chart and under it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from city_briefs.analysis.assessments.funnels import Funnel
from city_briefs.analysis.assessments.monthly_course import Course, months_label
from city_briefs.analysis.assessments.open_hazards import OLD, AgeClass
from city_briefs.analysis.assessments.part_changes import PartChange
from city_briefs.analysis.assessments.rate_positions import RatePosition, Side, positions
from city_briefs.analysis.assessments.targets import Standing
from city_briefs.analysis.figures.contributions import Growth, pull
from city_briefs.analysis.figures.rate_changes import RateSplit
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import compared, look
from city_briefs.common.characters import adjoined
from city_briefs.common.regions import Region
from city_briefs.model.metric import Metric

MOST = 20  # characters of a title
WITHIN = "各月均在正常范围内"
SIDES: dict[Side, str] = {"better": "好于", "worse": "差于", "above": "高于", "below": "低于"}


def fitting(*titles: str) -> str:
    """Return the first of some titles that has at most MOST characters; the last has, whatever the names in it."""
    return next((title for title in titles if len(title) <= MOST), titles[-1])


def of_rates(positions: Sequence[RatePosition]) -> str:
    """Return on which side of the median how many rates lie, and how many miss their target."""
    compared = [position for position in positions if position.side != "untested"]
    missed = sum(position.is_missed for position in positions)
    short = f"，{missed}项未达标" if missed else ""
    if not compared:
        return fitting(f"{len(positions)}项比率均不作比较{short}")
    counts = Counter(position.side for position in compared)
    told = [(side, word) for side, word in SIDES.items() if counts[side]]
    if not told:
        return fitting(
            *([f"{positions[0].metric.label}与中位数分不出高低{short}"] if len(positions) == 1 else []),
            f"{len(compared)}项比率与中位数均分不出高低{short}",
            f"与中位数均分不出高低{short}",
        )
    if len(positions) == 1:
        [(_, word)] = told
        return fitting(f"{positions[0].metric.label}{word}中位数{short}", f"{word}其余地区中位数{short}")
    if len(told) == 1 and counts[told[0][0]] == 1:
        [(side, word)] = told
        [only] = [position for position in compared if position.side == side]
        return fitting(f"{only.metric.label}{word}中位数{short}", f"1项{word}中位数{short}")
    words = "、".join(f"{counts[side]}项{word}" for side, word in told) + "中位数"
    apart = f"{sum(counts[side] for side, _ in told)}项比率与中位数有差别"
    return fitting(f"{len(positions)}项比率中{words}{short}", f"{words}{short}", words, apart)


def of_ranking(scope: Scope, metric: Metric, view: str) -> str:
    """Return how a rate of the region is beside the others, or how a metric has grown; empty of what no message is made of."""
    if scope.region not in scope.peers:
        return ""
    if view == "value":
        [position] = positions(scope, [metric])
        return of_rates([position]) if position.side != "untested" else ""
    change = look(scope, metric, view)
    if change.value is None:
        return ""
    change_text = "变化未超出随机波动" if change.verdict == "same" else change.text
    return fitting(f"{metric.label}{change_text}", change_text, "")


def of_course(course: Course) -> str:
    """Return since when a metric is unusual, which months are, or that none is; of one that is not judged how it is beside last year."""
    if not course.is_judged:
        return fitting(*_beside_last_year(course), "各月不作异动判断")
    return fitting(*_unusual(course))


def _beside_last_year(course: Course) -> Iterator[str]:
    """Yield how the value to date is beside that of the year before, the longer words first; nothing where they are not compared."""
    change = look(course.scope.to_date, course.metric, compared(course.metric))
    if change.value is None:
        return
    comparison = "与上年同期分不出高低" if change.verdict == "same" else f"比上年同期{change.text}"
    yield f"{course.metric.label}{comparison}"
    yield comparison


def _unusual(course: Course) -> Iterator[str]:
    """Yield what is unusual in a course, the longer words first."""
    with_months, short = _signals(course)
    yield f"{course.metric.label}{with_months}"
    yield with_months
    yield short


def _signals(course: Course) -> tuple[str, str]:
    """Return what is unusual in a course, with its months and without."""
    if change := course.change:
        year = "" if change.since[-1][:4] == str(course.scope.period.year) else f"{change.since[0][:4]}年"
        side = f"{'高于' if change.is_above else '低于'}平常水平"
        return f"{year}{months_label(change.since)}起{side}", side
    outside = [point for point in course.points if point.signal.kind == "outside"]
    if outside:
        sides = {point.side for point in outside}
        position = f"{'超出' if len(sides) > 1 else '高于' if sides == {1} else '低于'}正常范围"
        return f"{'、'.join(point.label for point in outside)}{position}", f"{len(outside)}期{position}"
    runs = [point for point in course.points if point.signal.kind == "run"]
    if runs:
        side = f"持续{'高于' if runs[-1].side > 0 else '低于'}平常水平"
        return f"截至{runs[-1].label}{side}", side
    within = WITHIN if all(point.signal.usual for point in course.points) else "可判断的月份均在正常范围内"
    return within, within


def of_courses(courses: Sequence[Course]) -> str:
    """Return how many of several metrics have unusual months; of one alone its own message."""
    if len(courses) == 1:
        return of_course(courses[0])
    judged = [course for course in courses if course.is_judged]
    unusual = sum(course.change is not None or any(point.signal.kind for point in course.points) for course in judged)
    if not judged:
        return f"{len(courses)}项指标不作异动判断"
    if not unusual:
        return f"{len(judged)}项指标各月均在正常范围内"
    return f"{len(judged)}项指标中{unusual}项有异常月份"


def of_parts(changes: Sequence[PartChange], dimension: str) -> str:
    """Return which parts of a metric are more than a year before and which less, beyond chance; by number where names are too long."""
    up, down = ([change.name for change in changes if change.is_told_apart and change.is_up == side] for side in (True, False))
    if not up and not down:
        return fitting(f"各{dimension}变化均未超出随机波动", "各类变化均未超出随机波动")
    is_rate = changes[0].metric.form == "ratio"
    words = [(up, "提高" if is_rate else "增加"), (down, "下降" if is_rate else "减少")]
    named = "，".join(f"{'、'.join(names)}{word}" for names, word in words if names)
    counted = "、".join(f"{len(names)}类{word}" for names, word in words if names)
    return fitting(named, f"{counted}，其余未超出随机波动", counted)


def of_contributions(growth: Growth) -> str:
    """Return the part that adds most to a growth, or takes most away from one that is a fall; how many do where its name is too long."""
    largest = max(growth.terms, key=lambda term: (not term.part.is_last, term.printed * (1 if growth.printed >= 0 else -1)))
    up, down = (sum(sign * term.printed > 0 for term in growth.terms) for sign in (1, -1))
    return fitting(f"{largest.part.name}{pull(largest.printed)}", f"{up}项拉动、{down}项拉低")


def of_split(split: RateSplit) -> str:
    """Return both terms of the change of a rate, or the greater one."""
    structure, level = (
        f"{'拉高' if term > 0 else '拉低'}{abs(term)}" if term else "无影响" for term in (split.structure, split.level)
    )
    greater = f"结构变化{structure}" if abs(split.structure) > abs(split.level) else f"比率本身{level}"
    return fitting(f"结构{structure}、比率本身{level}", greater)


def of_targets(standings: Sequence[Standing]) -> str:
    """Return how many targets have which light, the missed ones first."""
    counts = Counter(standing.light for standing in standings)
    words = [f"{counts[light]}项{light}" for light in ("滞后", "正常", "达标") if counts[light]]
    if not words:
        return f"{len(standings)}项目标均不作评价"
    if counts[None] == 0 and len(words) == 1:
        return f"{len(standings)}项目标均{words[0].split('项')[1]}"
    return fitting(f"{len(standings)}项目标：{'、'.join(words)}", "、".join(words))


def of_funnel(made: Funnel, region: Region) -> str:
    """Return whether the region is outside the limits of a funnel, or that none is; of other regions only how many are."""
    own_point = next((point for point in made.points if point.figure.region == region), None)
    if own_point is not None and own_point.outside:
        side = "高于" if own_point.outside > 0 else "低于"
        return fitting(f"{adjoined(region.short, made.metric.label)}{side}控制限", f"本地{side}控制限", f"{side}控制限")
    if not made.outside:
        return fitting(f"{made.metric.label}各地均在控制限内", "各地均在控制限内")
    return fitting(f"{len(made.outside)}地超出控制限" + ("，本地在限内" if own_point is not None else ""))


def of_hazards(hazards: Sequence[AgeClass]) -> str:
    """Return how many open hazards are overdue, and how many of these were found more than OLD days ago."""
    total, overdue = sum(each.number for each in hazards), sum(each.overdue for each in hazards)
    if not overdue:
        return f"未销号隐患{total}项，均未逾期"
    old = sum(each.overdue for each in hazards if each.is_old)
    return fitting(
        *([f"逾期{overdue}项，{old}项已超过{OLD}天"] if old else []), f"未销号{total}项，逾期{overdue}项", f"逾期{overdue}项"
    )
