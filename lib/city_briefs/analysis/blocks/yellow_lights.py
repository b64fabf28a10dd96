"""黄灯警示: the rules that are on, since when and on what evidence; those that could not be judged; and the rules themselves.

A rule that is on in most regions is listed, but is no exception of one of them: no step is due there, and the parent lists it as its own.
"""

from collections.abc import Sequence

from city_briefs.analysis.assessments import actions
from city_briefs.analysis.assessments.light_rules import STEPS, Rule, rules
from city_briefs.analysis.assessments.month_points import FEW_MONTHS
from city_briefs.analysis.assessments.month_signals import MonthSignal, month_signal
from city_briefs.analysis.assessments.thresholds import WITHIN_CHANCE
from city_briefs.analysis.assessments.what_it_takes import of_light
from city_briefs.analysis.assessments.yellow_lights import Light, Spread, is_judged, spreads
from city_briefs.analysis.assessments.yellow_lights import lights as judged
from city_briefs.analysis.blocks.measures import Measure, measures
from city_briefs.analysis.blocks.publish import numbers, publish, publish_prose, sources
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.number_format import digits
from city_briefs.analysis.figures.refusal_rules import SMALL_BASE
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import POINTS
from city_briefs.common.blocks import ProseBlock, TableBlock
from city_briefs.common.characters import adjoined
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region

SIDES = {"above": ("高于", "低于"), "below": ("低于", "高于")}
WINDOWS = {"year": "年初累计", "month_end": "月末时点"}
BEYOND_CHANCE = (
    f"比率须其95%单侧界限也超过亮灯界限，同比变动须超出随机波动，方可亮灯；基数不足{SMALL_BASE}的不判定；"
    "单位数等数量按实有数判定；过半数地区亮灯的为共性问题，由上一级统筹"
)
YEARLY = "黄灯按月判定，每年一月起重新计算；达到亮灯界限后，回落到灭灯界限以内方可解除"


def lights(scope: Scope) -> None:
    """Show how many lights are on, what is watched, unusual months; tables of lights that are on, and of what puts them out."""
    all_lights = judged(scope)
    on, unjudged = [light for light in all_lights if light.on], [light for light in all_lights if light.refused]
    metrics = [light.rule.metric for light in all_lights]
    figures = [light.last.figure for light in all_lights]
    paragraphs = [_overview(all_lights, on, unjudged, scope.region, scope.period), *_for_parent(scope, all_lights)]
    overview: ProseBlock = {
        "kind": "prose", "paragraphs": [*paragraphs, *_watch(all_lights), *_months(scope, all_lights)],
        **numbers(figures, scope.results, metrics),
    }  # fmt: skip
    if not on:
        overview["nothing"] = "没有亮灯的事项" + (f"，{len(unjudged)}项未能判定" if unjudged else "")
    publish(overview)
    if not on:
        return
    shown = sorted(on, key=lambda light: (not light.is_exception, -list(STEPS).index(light.rule.step)))
    block: TableBlock = {
        "kind": "table", "caption": f"{scope.region.name}黄灯警示事项（{scope.period.end_text}）", "unit": "",
        "header": ["警示事项", "亮灯时间", "情形", "应采取的措施"], "align": ["left"] * 4, "widths": [2, 1.3, 3.4, 1.6], "ruled": True,
        "rows": [[light.rule.label, _month(light.since), _evidence(light), _step(light)] for light in shown],
        "marked": [], "totals": [], "notes": [YEARLY], "sources": sources([light.rule.metric for light in shown], scope.results),
        **numbers([light.first for light in shown if light.first], scope.results, metrics),
    }  # fmt: skip
    publish(block)
    caption = f"{scope.region.name}黄灯熄灯条件和交办情况（{scope.period.end_text}）"
    measures(scope, [_measure(scope, light) for light in shown], caption, "警示事项", "怎样熄灯")


def remarks_on_lights(scope: Scope, all_lights: Sequence[Light]) -> list[str]:
    """Return lines on the lights that are off and watched, on unusual months, and on the rules that could not be judged; none for none."""
    refused = [light for light in all_lights if light.refused]
    by_reason: dict[str, list[str]] = {}
    for light in refused:
        by_reason.setdefault(light.refused or "", []).append(f"{light.rule.label}{_before(light)}")
    unjudged_lines = [f"未能判定的警示规则：{'、'.join(labels)}（{reason}）。" for reason, labels in by_reason.items()]
    signals = [signal.text for signal in _signals(scope, all_lights) if signal.is_signal]
    unusual = [f"月度异动：{'；'.join(signals)}。"] if signals else []
    return [*_watch(all_lights), *unusual, *unjudged_lines]


def _watch(all_lights: Sequence[Light]) -> list[str]:
    """Return a line for each light that is off, and whose figure is past the threshold by no more than chance explains."""
    return [f"{light.rule.label}：{_said(light)}，{_watched(light)}。" for light in all_lights if light.is_watched]


def lights_by_city(scope: Scope) -> None:
    """Show the table of the rules that are on in any city: in how many, nobody named, and whose matter each is; a sentence for none.

    Rules that are on in most cities come first, as a matter of the province.
    """
    results, parts = scope.results, scope.results.regions.parts
    by_rule = spreads(scope)
    on = sorted((rule for rule in by_rule if by_rule[rule].on), key=lambda rule: -by_rule[rule].on)
    if not on:
        none = any(is_judged(scope, rule) for rule in by_rule)
        sentence = f"各{parts}均没有亮灯的警示事项" if none else f"各{parts}的黄灯警示规则均因数据原因未能判定"
        return publish_prose([f"{scope.period.end_text}，{sentence}。"], [], results, [rule.metric for rule in by_rule])
    block: TableBlock = {
        "kind": "table", "caption": f"各{parts}黄灯警示情况（{scope.period.end_text}）", "unit": "",
        "header": ["警示事项", f"亮灯{parts}（个）", "处置"], "align": ["left", "right", "left"],
        "widths": [2.4, 1.2, 3], "ruled": True, "dense": True,
        "rows": [[rule.label, f"{by_rule[rule].on}", _matter(rule, by_rule[rule])] for rule in on],
        "marked": [], "totals": [], "notes": [f"过半数{parts}亮灯的为{scope.whole.whole}共性问题；未列的警示事项没有{parts}亮灯", YEARLY],
        "sources": sources([rule.metric for rule in on], results), **numbers([], results, [rule.metric for rule in on]),
    }  # fmt: skip
    return publish(block)


def steps(scope: Scope) -> None:
    """Show the lights that are on for each step, the gravest first; a sentence when none is on or none could be judged."""
    all_lights = judged(scope)
    on = [light for light in all_lights if light.on]
    lines = [
        f"{STEPS[step]}：{'、'.join(light.rule.label for light in on if light.rule.step == step and light.is_exception)}。"
        for step in reversed(STEPS)
        if any(light.rule.step == step and light.is_exception for light in on)
    ]
    order = f"处置按{'、'.join(STEPS.values())}三个步骤递进。"
    common = [light for light in on if not light.is_exception]
    by_parent = [f"{_step(common[0])}：{'、'.join(light.rule.label for light in common)}。"] if common else []
    unjudged = all(light.refused for light in all_lights)
    nothing = "各项规则均未能判定，暂不提出措施。" if unjudged else "没有需要采取措施的警示事项。"
    lines = [*([order, *lines] if lines else [nothing]), *by_parent]
    publish_prose(lines, [light.last.figure for light in on], scope.results)


def unjudged(scope: Scope) -> None:
    """Show the rules that could not be judged, and why, and the metrics whose months are too few; a sentence when all were judged."""
    all_lights = judged(scope)
    refused = [light for light in all_lights if light.refused]
    lines = [f"{light.rule.label}：{light.refused}{_before(light)}。" for light in refused] or ["各项规则均已判定。"]
    short = [signal.metric.label for signal in _signals(scope, all_lights) if signal.refused == FEW_MONTHS]
    lines += [f"{'、'.join(short)}：{FEW_MONTHS}。"] if short else []
    publish_prose(lines, [light.last.figure for light in refused], scope.results)


def light_rules(results: Results) -> None:
    """Show the table of the rules, with the reason of each threshold under it."""
    listed = rules()
    block: TableBlock = {
        "kind": "table", "caption": "黄灯警示判定规则", "unit": "", "header": ["警示事项", "判定指标", "亮灯", "灭灯", "应采取的措施"],
        "align": ["left"] * 5, "widths": [2, 2.4, 1.8, 1.7, 1.6], "ruled": True,
        "rows": [[rule.label, f"{rule.metric.label}（{WINDOWS[rule.window]}）", *_limits(rule), STEPS[rule.step]] for rule in listed],
        "marked": [], "totals": [], "notes": [BEYOND_CHANCE, *(f"{rule.label}：{rule.reason}" for rule in listed)], "sources": [],
        **numbers([], results, [rule.metric for rule in listed]),
    }  # fmt: skip
    publish(block)


def _overview(all_lights: Sequence[Light], on: Sequence[Light], unjudged: Sequence[Light], region: Region, period: Period) -> str:
    """Return a sentence on how many rules were judged and how many are on, by the step that each leads to."""
    judged_now = len(all_lights) - len(unjudged)
    own = [light for light in on if light.is_exception]
    rest = f"；{len(unjudged)}项因数据原因未能判定" if unjudged else ""
    if not judged_now:
        return f"{period.end_text}，{adjoined(region.whole, len(all_lights))}项黄灯警示规则均因数据原因未能判定。"
    start = f"{period.end_text}，{region.whole}判定黄灯警示规则{judged_now}项"
    common = next((light.spread for light in on if not light.is_exception), None)
    if common:
        rest = f"，另有{len(on) - len(own)}项属{common.whole.whole}共性问题，由{common.level}统筹{rest}"
    if not own:
        return f"{start}，{'没有本地区特有的亮灯事项' if common else '均未亮灯'}{rest}。"
    by_step = [f"{name}{number}项" for step, name in STEPS.items() if (number := sum(light.rule.step == step for light in own))]
    return (
        f"{period.end_text}，{region.whole}判定黄灯警示规则{judged_now}项，亮灯{len(own)}项，应采取{'、'.join(by_step)}{rest}。"
    )


def _for_parent(scope: Scope, all_lights: Sequence[Light]) -> list[str]:
    """Return a line for each rule that is on in most of the parts of a region, and so a matter of its own; none for other regions."""
    if scope.region != scope.whole:
        return []
    return [f"{light.rule.label}：{light.spread.text}。" for light in all_lights if light.spread and light.is_common]


def _months(scope: Scope, all_lights: Sequence[Light]) -> list[str]:
    """Return a line on the last month of the metrics of the rules: those that are unusual, then those that are not; none for none."""
    signals = _signals(scope, all_lights)
    usual = [signal.metric.label for signal in signals if signal.usual and not signal.is_signal]
    parts = [signal.text for signal in signals if signal.is_signal]
    parts += [f"{'、'.join(usual)}在近两年正常波动范围之内"] if usual else []
    return [f"月度异动：{'；'.join(parts)}。"] if parts else []


def _signals(scope: Scope, all_lights: Sequence[Light]) -> list[MonthSignal]:
    """Return the month signal of the metric of each rule, each metric once."""
    return [month_signal(scope, metric) for metric in dict.fromkeys(light.rule.metric for light in all_lights)]


def _measure(scope: Scope, light: Light) -> Measure:
    """Return what puts a light out, whose it is, and what was asked because of it."""
    rule = light.rule
    asked = actions.of(scope, rule.id, rule.metric.id)
    return Measure(rule.label, rule.metric, of_light(scope, light), rule.office, asked, (light.last.figure,))


def _said(light: Light) -> str:
    """Return the sentence of a rule with its figure of now."""
    return light.rule.sentence.format(figure=light.rule.text(light.last.figure))


def _watched(light: Light) -> str:
    """Return why a light is off although its figure is past the threshold; a change has said itself that it is not beyond chance."""
    return WITHIN_CHANCE if light.rule.view == "value" else "继续观察"


def _step(light: Light) -> str:
    """Return the step that is due; of a matter of the parent, that it sees to it."""
    return STEPS[light.rule.step] if light.is_exception or not light.spread else f"由{light.spread.level}统筹"


def _matter(rule: Rule, spread: Spread) -> str:
    """Return who sees to a rule that is on in some cities: the province where it is on in most, else each of them by the step due."""
    return spread.matter if spread.is_common else f"由亮灯{spread.parts}处置：{STEPS[rule.step]}"


def _evidence(light: Light) -> str:
    """Return the figure now, the threshold, and the figure that switched the light on, if that was in another month."""
    rule, figure = light.rule, light.last.figure
    between = figure.value is not None and not rule.passes(figure.value)
    state = f"已回到亮灯界限（{rule.threshold(rule.on)}）以内，但未达到灭灯界限（{rule.threshold(rule.off)}）" if between else ""
    first = light.first
    began = f"亮灯当月为{rule.text(first)}" if first and first.period != figure.period else ""
    common = light.spread.text if light.spread and not light.is_exception else ""
    return "；".join(part for part in (_said(light), state, began, common) if part)


def _limits(rule: Rule) -> tuple[str, str]:
    """Return the two thresholds in words: the one that switches a light on, and the one that switches it off."""
    if rule.view == "value":
        over, under = SIDES[rule.side]
        lit = f"{over}{rule.threshold(rule.on)}" if rule.on else "出现即亮灯"
        return lit, f"{under}{rule.threshold(rule.off)}" if rule.off else "年内不灭灯"
    unit = "%" if rule.view == "yoy" else POINTS
    rise, wide, narrow = (
        ("增长" if rule.view == "yoy" else "提高", "增幅", "低于") if rule.side == "above" else ("下降", "降幅", "小于")
    )
    return f"同比{rise}超过{digits(abs(rule.on))}{unit}", f"{wide}{narrow}{digits(abs(rule.off))}{unit}"


def _before(light: Light) -> str:
    """Return since when a light was on before it could not be judged; empty when it was off."""
    return f"，此前自{_month(light.since)}起亮灯" if light.since else ""


def _month(period: Period | None) -> str:
    """Return the last month of a period, in words; empty for None."""
    return f"{period.year}年{period.through}月" if period else ""
