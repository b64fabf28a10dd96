"""Where the province has to look: what is out of line in each city, and which cities stand out on each rate. Nobody else is shown them."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence

from city_briefs.analysis.assessments import targets, yellow_lights
from city_briefs.analysis.assessments.strengths import Spot, all_spots, is_compared
from city_briefs.analysis.blocks.publish import numbers, publish, publish_prose
from city_briefs.analysis.blocks.strengths import NONE, RULE
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.blocks import TableBlock
from city_briefs.common.characters import adjoined
from city_briefs.model.metric import Metric

UNJUDGED = "另有{}项未能判定"
BEHIND: targets.Light = "滞后"
NO_TARGETS = "未引用目标"
UNCOMPARED = "无可比数据"
IN_ORDER = "按行政区划代码排列，不分先后；过半数地区亮灯的事项和滞后的目标属共性问题，不逐一列出"


def where_to_look(scope: Scope) -> None:
    """Show a table with a row for each city: its lights, the targets that are behind, and the rates in which it stands out, weak first.

    A city in which nothing is out of line has 无 in each column. What could not be judged is said to be so.
    """
    rows, figures = [], []
    common = _common_targets(scope)
    for city in scope.peers:
        of_city = scope.at(city)
        lights, standings = yellow_lights.lights(of_city), targets.standings(of_city)
        strong, weak = all_spots(of_city)
        compared = is_compared(of_city)
        rows.append(
            [
                city.short,
                _lights(lights),
                _behind(standings, common),
                *(_rates(spots, is_compared=compared) for spots in (weak, strong)),
            ]
        )
        figures += [light.last.figure for light in lights if light.is_exception]
        figures += [standing.own for standing in standings if standing.light == BEHIND and standing.name not in common]
        figures += [spot.value for spot in (*weak, *strong)]
    parts, of = scope.results.regions.parts, len(scope.peers)
    shared = [f"{rule.label}：{each.text}" for rule, each in yellow_lights.spreads(scope).items() if each.is_common]
    shared += [f"{adjoined(scope.whole.whole, of)}个{parts}中{number}个滞后的目标：{name}" for name, number in common.items()]
    block: TableBlock = {
        "kind": "table", "caption": f"各{parts}需关注的事项（{scope.period.end_text}）", "unit": "", "dense": True, "ruled": True,
        "header": [parts, "亮灯", "滞后目标", f"弱于其他{parts}", f"强于其他{parts}"],
        "align": ["left"] * 5, "widths": [0.7, 2, 2, 2.4, 2.8], "rows": rows, "marked": [], "totals": [],
        "notes": [*shared, IN_ORDER, RULE.format(parts=parts)], "sources": [], **numbers(figures, scope.results),
    }  # fmt: skip
    publish(block)


def standing_out(scope: Scope, metrics: Sequence[Metric]) -> None:
    """Show a table of the cities that stand out from the others on each rate, the weak ones and the strong ones.

    A rate on which no city stands out, and one on which none is compared, is named under the table; when there is no other, a sentence
    stands in place of the table.
    """
    parts, whole = scope.results.regions.parts, scope.whole
    rows, figures = [], []
    within, uncompared = [], []
    for metric in metrics:
        by_city = [all_spots(scope.at(city), [metric]) for city in scope.peers]
        strong, weak = ([spot for spots in by_city for spot in spots[side]] for side in (0, 1))
        if strong or weak:
            of_whole = look(scope.at(whole), metric, "value")
            rows.append([metric.label, of_whole.text if of_whole.value is not None else "", _cities(weak), _cities(strong)])
            figures += [of_whole, *(spot.value for spot in (*weak, *strong))]
        elif any(is_compared(scope.at(city), [metric]) for city in scope.peers):
            within.append(metric.label)
        else:
            uncompared.append(metric.label)
    notes = [f"各{parts}均在正常离散范围之内的：{'、'.join(within)}"] if within else []
    notes += [f"没有可比数据的：{'、'.join(uncompared)}"] if uncompared else []
    if not rows:
        return publish_prose([f"{'；'.join(notes)}。"], [], scope.results, metrics)
    block: TableBlock = {
        "kind": "table", "caption": f"{scope.period.text}各项比率突出和薄弱的{parts}", "unit": "", "dense": True, "ruled": True,
        "header": ["指标", whole.whole, f"弱于其他{parts}", f"强于其他{parts}"], "align": ["left", "right", "left", "left"],
        "widths": [2.2, 1.3, 2.7, 2.7], "rows": rows, "marked": [], "totals": [], "notes": [RULE.format(parts=parts), *notes],
        "sources": [], **numbers(figures, scope.results, metrics),
    }  # fmt: skip
    return publish(block)


def _lights(lights: Sequence[yellow_lights.Light]) -> str:
    """Return the lights of a city that are on and its own, and how many rules could not be judged."""
    unjudged = sum(bool(light.refused) for light in lights)
    on = [light.rule.label for light in lights if light.is_exception]
    return "；".join(["、".join(on) or NONE, *([UNJUDGED.format(unjudged)] if unjudged else [])])


def _common_targets(scope: Scope) -> dict[str, int]:
    """Return the targets that are behind in more than half of the cities, each with in how many."""
    counts = Counter(
        standing.name
        for group in targets.of_cities(scope.results, scope.period).values()
        for standing in group
        if standing.light == BEHIND
    )
    return {name: number for name, number in counts.items() if 2 * number > len(scope.peers)}


def _behind(standings: Sequence[targets.Standing], common: Container[str]) -> str:
    """Return the targets of a city that are behind, without the `common` ones, and how many have no verdict."""
    if not standings:
        return NO_TARGETS
    unjudged = sum(standing.light is None for standing in standings)
    behind = [standing.name for standing in standings if standing.light == BEHIND and standing.name not in common]
    return "；".join(["、".join(behind) or NONE, *([UNJUDGED.format(unjudged)] if unjudged else [])])


def _rates(spots: Iterable[Spot], *, is_compared: bool) -> str:
    """Return the rates of a city that stand out with their values."""
    return "、".join(adjoined(spot.value.metric.label, spot.value.text) for spot in spots) or (
        NONE if is_compared else UNCOMPARED
    )


def _cities(spots: Iterable[Spot]) -> str:
    """Return the cities that stand out on a rate with their values, in the order of their codes."""
    return "、".join(adjoined(spot.value.region.short, spot.value.text) for spot in spots) or NONE
