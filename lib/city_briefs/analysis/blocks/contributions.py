"""Why it moved: the parts of a growth, and the two terms of the change of a rate, each as a sentence, a table and bars."""

from dataclasses import replace
from decimal import Decimal

from city_briefs.analysis import charts
from city_briefs.analysis.assessments import chart_messages
from city_briefs.analysis.assessments.monthly_values import course as course_of
from city_briefs.analysis.blocks.chart_blocks import chart_block, unsaid
from city_briefs.analysis.blocks.publish import RIGHT, caveats, numbers, publish, publish_prose, sources
from city_briefs.analysis.charts.region_rows import MOST
from city_briefs.analysis.charts.signed_bars import Bar
from city_briefs.analysis.figures import contributions, disclosure_control, number_format, rate_changes
from city_briefs.analysis.figures.changes import NOT_APART
from city_briefs.analysis.figures.contributions import Contribution, Growth
from city_briefs.analysis.figures.figure import Figure, Refusal
from city_briefs.analysis.figures.parts import BY_REGION, name_of
from city_briefs.analysis.figures.rate_changes import RateSplit
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import POINTS, compared, look
from city_briefs.analysis.statistics import SMALL
from city_briefs.common.blocks import TableBlock
from city_briefs.common.characters import adjoined
from city_briefs.model.metric import Metric

Audience = disclosure_control.Audience
WITHOUT_BASE = f"“{number_format.NOTHING}”表示上年同期未报送，本期数全部计入增长"
WITH_ZERO = "上年同期为零的，本期数全部计入增长"
TOTAL = "合计"
MOST_BARS = 4  # of `why`, and one for the sum of the others


def contribution(scope: Scope, metric: Metric, by: str, audience: Audience = "public") -> None:
    """Show what each part adds to the growth of a metric, beside the province: a sentence, a table and bars.

    A growth that chance explains has no bars, since its parts are no reasons. Where it may not be given a sentence says why; a metric
    without a value shows no text, since the sentence before has said so.
    """
    value = look(scope, metric, "value")
    if value.value is None:
        return unsaid(value, scope.results)
    try:
        growth = contributions.contributions(scope, metric, by, audience)
    except Refusal as refusal:
        return _refused(scope, value, str(refusal), [look(scope, metric, "yoy")])
    figures = [value, growth.growth, *(term.figure for term in growth.terms)]
    figures += [growth.whole.growth, *(term.figure for term in growth.whole.terms)] if growth.whole else []
    publish_prose([contributions.sentence(growth, scope)], figures[:2], scope.results, [metric])
    publish(_growth_table(scope, growth, figures, audience))
    return None if growth.growth.verdict == "same" else _growth_bars(scope, growth, value, figures[1:])


def decompose(scope: Scope, metric: Metric, by: str, audience: Audience = "public") -> None:
    """Show how the change of a rate is made of structure and level: a sentence, a table and bars.

    Where it may not be given a sentence says why; a rate without a value shows no text, since the sentence before has said so.
    """
    value = look(scope, metric, "value")
    if value.value is None:
        return unsaid(value, scope.results)
    try:
        split = rate_changes.split(scope, metric, by, audience)
    except Refusal as refusal:
        return _refused(scope, value, str(refusal), [look(scope, metric, compared(metric))])
    figures = [value, split.figure, *([split.whole.figure] if split.whole else [])]
    publish_prose([rate_changes.sentence(split)], figures, scope.results, [metric])
    publish(_rate_table(scope, split, figures))
    return _rate_bars(scope, split, value, figures)


def why(scope: Scope, metric: Metric, by: str, audience: Audience = "public", *, drawn: bool = True) -> None:
    """Show why and when a metric changed: a sentence, and if `drawn` bars of what each part adds; no text for a metric without a value.

    Of a rate they are its structure and level. Where the parts may not be given there is no text either.
    """
    value = look(scope, metric, "value")
    if value.value is None:
        return unsaid(value, scope.results)
    when = _when(scope, metric)
    try:
        if metric.form == "ratio":
            return _why_of_rate(scope, value, rate_changes.split(scope, metric, by, audience), when, drawn=drawn)
        growth = contributions.contributions(scope, metric, by, audience)
    except Refusal:
        return publish_prose([], [value], scope.results, [metric])  # its months say when, and nothing says why
    has_bars = drawn and growth.growth.verdict != "same" and len(growth.terms) > contributions.MOST_SAID
    said = contributions.sentence(growth, scope, with_parts=not has_bars)
    publish_prose([said + when], [value, growth.growth], scope.results, [metric])
    return (
        _growth_bars(scope, growth, value, [growth.growth, *(term.figure for term in growth.terms)], MOST_BARS)
        if has_bars
        else None
    )


def _why_of_rate(scope: Scope, value: Figure, split: RateSplit, when: str, *, drawn: bool) -> None:
    """Show the sentence on the change of a rate, and bars of its structure and level where there are more than it says."""
    figures = [value, split.figure]
    publish_prose([rate_changes.sentence(split) + when], figures, scope.results, [value.metric])
    if drawn and len(split.parts) > contributions.MOST_SAID:
        _rate_bars(scope, split, value, figures)


def _when(scope: Scope, metric: Metric) -> str:
    """Return the sentence on since when a metric has changed, or which months are unusual; empty where the months are not judged."""
    course = course_of(scope, metric)
    return f"{metric.label}{course.text}。" if course.is_judged else ""


def _growth_bars(scope: Scope, growth: Growth, value: Figure, figures: list[Figure], most: int = 0) -> None:
    """Show what each part adds to a growth as bars, beside the province; with `most` the largest, and one bar of the sum of the others."""
    by_size = sorted(growth.terms, key=lambda term: -abs(term.printed))
    rest = by_size[most:] if most else []
    bars = [Bar(term.part.name, term.printed, term.of_whole) for term in growth.terms if term not in rest]
    if rest:
        beside = [term.of_whole for term in rest if term.of_whole is not None]
        whole = sum(beside, Decimal(0)) if len(beside) == len(rest) else None
        bars.append(Bar(f"其余{len(rest)}类", sum((term.printed for term in rest), Decimal(0)), whole))
    chart = charts.signed_bars(
        bars,
        ("拉动", "拉低"),
        scope.whole.whole,
        _caption(value, growth.by, "同比增长的拉动") + f"，单位：{POINTS}",
        is_told_apart=growth.growth.verdict in ("up", "down"),
    )
    title = chart_messages.of_contributions(growth)
    chart_block(replace(chart, caption=title), figures, [chart.caption, *_by_chance(growth.growth)], scope.results)


def _rate_bars(scope: Scope, split: RateSplit, value: Figure, figures: list[Figure]) -> None:
    """Show the structure and the level of a change as bars, those parts that make most of it."""
    bars = [Bar(f"{name_of(split.by)}结构变化", split.structure)]
    shown = sorted(split.parts, key=lambda part: -abs(part.printed_level))[:MOST]
    bars += [Bar(f"{part.part.name}比率本身", part.printed_level) for part in sorted(shown, key=lambda part: -part.printed_level)]
    caption = _caption(value, split.by, "变动的结构和水平") + f"，单位：{split.unit}"
    chart = charts.signed_bars(bars, ("拉高", "拉低"), "", caption)
    rest = len(split.parts) - len(shown)
    notes = [caption, *([f"另有{rest}项影响较小，图中未列入"] if rest else [])]
    chart_block(replace(chart, caption=chart_messages.of_split(split)), figures, notes, scope.results)


def _refused(scope: Scope, value: Figure, reason: str, changes: list[Figure]) -> None:
    """Show the sentence in place of what may not be given: the value, and why; of a small base so both numbers stand in it.

    `changes` are the figures of the change, of which the refused ones are stated.
    """
    metric = value.metric
    when = scope.period.end_text if metric.at_month_end else scope.period.text
    figures = [value, *(change for change in changes if change.refused)]
    publish_prose(
        [f"{when}，{adjoined(scope.region.whole, metric.label)}{value.text}；{reason}。"], figures, scope.results, [metric]
    )


def _growth_table(scope: Scope, growth: Growth, figures: list[Figure], audience: Audience) -> TableBlock:
    """Return the table of the parts of a growth, the sum last; beside the province with its contributions and the difference."""
    value = figures[0]
    metric, whole = value.metric, scope.whole.whole
    beside = growth.whole
    rows = [[term.part.name, *_amounts(metric, term), _points(term.printed), *_beside(term)] for term in growth.terms]
    added = [sum((getattr(term.part, year).numerator for term in growth.terms), Decimal(0)) for year in ("now", "base")]
    rows.append(
        [
            TOTAL,
            *(number_format.number(amount, metric.decimals) for amount in added),
            _points(growth.printed),
            *([_points(beside.printed), _points(growth.beyond)] if beside else []),
        ]
    )
    heads = [f"{whole}拉动", f"与{whole}之差"] if beside else []
    notes = _by_chance(growth.growth)
    notes += [WITHOUT_BASE] if any(term.part.is_new for term in growth.terms) else []
    notes += (
        [WITH_ZERO]
        if any(not term.part.is_new and not term.part.base.numerator and term.part.now.numerator for term in growth.terms)
        else []
    )
    notes += [f"其余变化较小的{name_of(growth.by)}并入“{disclosure_control.OTHER}”"] if growth.is_crowded else []
    notes += _merged(scope, metric, growth.by, audience)
    return {
        "kind": "table", "caption": _caption(value, growth.by, "同比增长的拉动"), "unit": f"{metric.unit}、{POINTS}",
        "header": [name_of(growth.by), "本期", "上年同期", "拉动", *heads],
        "align": ["left", *RIGHT * (len(rows[0]) - 1)], "rows": rows, "marked": [], "totals": [len(rows) - 1],
        "notes": [*caveats(figures, scope.results), *notes], "sources": sources([metric], scope.results),
        **numbers(figures, scope.results, [metric]),
    }  # fmt: skip


def _rate_table(scope: Scope, split: RateSplit, figures: list[Figure]) -> TableBlock:
    """Return the table of the parts of a rate: shares and rates of both years, and what each adds to both terms.

    The sum stands last, and after it the province.
    """
    value = figures[0]
    metric = value.metric
    rows = [
        [
            part.part.name, *(number_format.number(share, number_format.PERCENT_DECIMALS) for share in (part.share, part.base_share)),
            *(_points(rate_changes.printed(rate, metric)) for rate in (part.rate, part.base_rate)),
            _points(part.printed_structure), _points(part.printed_level),
        ]
        for part in split.parts
    ]  # fmt: skip
    has_pooled = any(part.part.word == disclosure_control.OTHER for part in split.parts)
    pooled = (
        f"“{disclosure_control.OTHER}”合并了有一年不足{SMALL}的{name_of(split.by)}，合并后仍不足的连同次少的"
        if has_pooled
        else ""
    )
    rows.append(_total(TOTAL, split))
    rows += [_total(split.whole.figure.region.whole, split.whole)] if split.whole else []
    return {
        "kind": "table", "caption": _caption(value, split.by, "变动的结构和水平"), "unit": f"%、{split.unit}",
        "header": [name_of(split.by), "本期占比", "上年同期占比", "本期", "上年同期", "结构变化", "比率本身"],
        "align": ["left", *RIGHT * 6], "rows": rows, "marked": [], "totals": [len(split.parts)],
        "notes": [*caveats(figures, scope.results), *filter(None, [split.figure.note, pooled])],
        "sources": sources([metric], scope.results), **numbers(figures, scope.results, [metric]),
    }  # fmt: skip


def _total(name: str, split: RateSplit) -> list[str]:
    """Return the row of a rate as a whole: both rates, and the two terms of its change."""
    rates = [number_format.number(rate, contributions.DECIMALS) for rate in (split.now, split.base)]
    return [name, "100.0", "100.0", *rates, _points(split.structure), _points(split.level)]


def _caption(value: Figure, by: str, what: str) -> str:
    return f"{adjoined(value.region.name, value.metric.label)}{what}，按{name_of(by)}分（{value.period.text}）"


def _amounts(metric: Metric, term: Contribution) -> list[str]:
    """Return the two amounts of a part; the base of a region that did not report is a dash."""
    now, base = (number_format.number(amount.numerator, metric.decimals) for amount in (term.part.now, term.part.base))
    return [now, number_format.NOTHING if term.part.is_new else base]


def _beside(term: Contribution) -> list[str]:
    """Return what a part adds in the province, and how much more it adds here; empty where they are not compared."""
    return [] if term.of_whole is None else [_points(term.of_whole), _points(term.beyond)]


def _points(size: Decimal) -> str:
    return number_format.number(size, contributions.DECIMALS)


def _by_chance(growth: Figure) -> list[str]:
    """Return the note that a growth is not told apart from chance; empty for any other."""
    return [f"{growth.metric.label}的变化{NOT_APART}，{contributions.BY_CHANCE}"] if growth.verdict == "same" else []


def _merged(scope: Scope, metric: Metric, by: str, audience: Audience) -> list[str]:
    """Return the note on what is merged for privacy; empty when nothing is."""
    if by == BY_REGION or not disclosure_control.merged_in_both_years(scope, metric, by, audience):
        return []
    return [disclosure_control.notice(name_of(by), in_both_years=True)]
