"""形势研判, its rule, and the list of hazards with their risk, measure and responsibility."""

from collections.abc import Sequence

from city_briefs.analysis import charts
from city_briefs.analysis.assessments import chart_messages
from city_briefs.analysis.assessments import safety_situation as judged
from city_briefs.analysis.assessments.open_hazards import LISTED, Hazard, by_age, pressing
from city_briefs.analysis.assessments.safety_situation import Judgement, Sign
from city_briefs.analysis.blocks.chart_blocks import chart_block
from city_briefs.analysis.blocks.publish import missing, numbers, publish, publish_prose, sources
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.blocks import TableBlock
from city_briefs.common.characters import adjoined
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.metrics.safety import hazards_open, hazards_overdue
from city_briefs.model.labels import chinese
from city_briefs.model.tables import HAZARDS

CALM = "各项均未达到需关注的界限"


def judgement(scope: Scope) -> None:
    """Show the judgements of the four domains in a sentence, then a paragraph for each with its grounds."""
    judgements = judged.judgements(scope)
    figures = [figure for judgement in judgements for figure in judgement.figures]
    publish_prose([_overview(judgements, scope.region, scope.period)], figures, scope.results)
    publish_prose([_grounds(judgement) for judgement in judgements], figures, scope.results)


def judgement_rule(results: Results) -> None:
    """Show the rule that the judgements follow."""
    publish_prose([f"{line}。" for line in judged.rule_text()], [], results)


def hazard_list(scope: Scope) -> None:
    """Show a sentence and the table of the open hazards that are major or overdue: the risk, the measure, who answers for it, and by when.

    Without such hazards, without the list of hazards or without their number, only a sentence is shown.
    """
    total, late = (look(scope, metric, "value") for metric in (hazards_open, hazards_overdue))
    if total.value is None or not scope.snapshot.has(HAZARDS):
        if total.value is None:
            return missing(total, scope.results)
        sentence = f"{scope.region.whole}未销号隐患{total.text}，未报送隐患清单，不列风险、措施、责任。"
        return publish_prose([sentence], [total], scope.results)
    hazards = pressing(scope)
    if not hazards:
        sentence = f"{scope.period.end_text}，{scope.region.whole}没有重大或逾期的未销号隐患。"
        return publish_prose([sentence], [total, late], scope.results)
    major, both = (sum(hazard.level == "major" and hazard.overdue >= least for hazard in hazards) for least in (0, 1))
    sentence = (
        f"{scope.period.end_text}，{scope.region.whole}未销号隐患{total.text}，其中重大或逾期的{_items(len(hazards))}"
        f"（重大{_items(major)}，逾期{late.text}，既重大又逾期{_items(both)}）"
        f"{'，列表如下' if len(hazards) <= LISTED else f'，列出前{_items(LISTED)}'}。"
    )
    publish_prose([sentence], [total, late], scope.results)
    rest = len(hazards) - LISTED
    notes = ["按重大在前、逾期天数由多到少排列"]
    notes += [f"另有{_items(rest)}逾期或重大隐患未列出"] if rest > 0 else []
    shown = hazards[:LISTED]
    notes += ["空白表示未填写"] if not all(hazard.measure and hazard.owner for hazard in shown) else []
    block: TableBlock = {
        "kind": "table", "caption": f"{scope.region.name}重大和逾期未销号隐患清单（{scope.period.end_text}）", "unit": "",
        "header": ["序号", "领域", "等级", "发现日期", "整改措施", "责任单位", "整改期限", "逾期天数"],
        "align": ["left", "left", "left", "left", "left", "left", "left", "right"],
        "widths": [0.8, 1.7, 1.0, 1.9, 2.4, 2.8, 1.9, 1.3], "ruled": True, "dense": True,
        "rows": [_row(place, hazard) for place, hazard in enumerate(shown, start=1)], "marked": [], "totals": [],
        "notes": notes, "sources": sources([hazards_open], scope.results),
        **numbers([], scope.results, [hazards_open, hazards_overdue]),
    }  # fmt: skip
    return publish(block)


def hazard_ages(scope: Scope) -> None:
    """Show the open hazards by the time since they were found; a sentence without the list of hazards, or when none is open."""
    figures = [look(scope, metric, "value") for metric in (hazards_open, hazards_overdue)]
    total = figures[0]
    if total.value is None:
        return missing(total, scope.results)
    classes = by_age(scope)
    if not classes or not total.value:
        said = "没有未销号隐患" if not total.value else f"未销号隐患{total.text}，未报送隐患清单，不列账龄"
        return publish_prose([f"{scope.period.end_text}，{adjoined(scope.region.whole, said)}。"], figures, scope.results)
    whose = f"{scope.period.end_text}{scope.region.whole}未销号隐患，按发现后的天数分"
    chart = charts.hazard_ages(classes, whose, chart_messages.of_hazards(classes))
    return chart_block(chart, figures, [], scope.results)


def _overview(judgements: Sequence[Judgement], region: Region, period: Period) -> str:
    """Return the four judgements as a sentence, equal ones together; a domain that was not judged is named."""
    parts = [
        f"{'、'.join(judgement.name for judgement in judgements if judgement.said == word)}{word}"
        for word in reversed(judged.JUDGEMENTS)
        if any(judgement.said == word for judgement in judgements)
    ]
    unjudged = [judgement.name for judgement in judgements if judgement.refused]
    parts += [f"{'、'.join(unjudged)}数据不足，不作研判"] if unjudged else []
    return f"{period.text}，{region.whole}“三品一特”安全形势研判：{'；'.join(parts)}。"


def _grounds(judgement: Judgement) -> str:
    """Return a domain as a paragraph: the judgement, what decided it, and the rest."""
    if judgement.refused:
        return f"{judgement.name}安全：{judgement.refused}，不作研判。"
    rest = _joined(judgement.others)
    if not judgement.degree:
        return f"{judgement.name}安全形势{judgement.said}。{CALM}：{_joined(judgement.deciding)}{f'；{rest}' if rest else ''}。"
    return f"{judgement.name}安全形势{judgement.said}。主要依据：{_joined(judgement.deciding)}。{f'其他情况：{rest}。' if rest else ''}"


def _joined(signs: Sequence[Sign]) -> str:
    """Return what signs say, in one sentence."""
    return "；".join(sign.said for sign in signs)


def _row(place: int, hazard: Hazard) -> list[str]:
    """Return a hazard as a row, with its number in the list; days overdue are blank when it is not late."""
    late = str(hazard.overdue) if hazard.overdue else ""
    words = [chinese("domain", hazard.domain), chinese("level", hazard.level)]
    return [str(place), *words, str(hazard.found), hazard.measure, hazard.owner, str(hazard.due), late]


def _items(number: int) -> str:
    return f"{number}项"
