"""The data sheet of the yearly work report: its figures by section, its claims, and the leading cities behind its praise."""

from decimal import Decimal
from itertools import groupby

from city_briefs.analysis.assessments.claims import LEADING_SHARE, Claim
from city_briefs.analysis.assessments.speech_claims import claims, metrics, praises
from city_briefs.analysis.assessments.speech_figures import LEADING, Entry, Line, sheet
from city_briefs.analysis.blocks.publish import numbers, publish, sources
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.blocks import TableBlock
from city_briefs.model.labels import FORMS, VIEW_NAMES
from city_briefs.model.metric import Metric

SECTIONS = {
    "开头": "开头", "一·综述": "第一部分综述", "一(一)": "第一部分（一）党史学习教育", "一(二)": "第一部分（二）营商环境",
    "一(三)": "第一部分（三）安全底线", "一(四)": "第一部分（四）质量强省", "一(五)": "第一部分（五）知识产权",
    "一(六)": "第一部分（六）市场秩序", "一(七)": "第一部分（七）疫情防控", "一·结尾": "第一部分结尾", "二": "第二部分",
    "三(二)": "第三部分（二）服务提质行动", "三(三)": "第三部分（三）安全守护行动",
}  # fmt: skip
HALVES = {
    "yoy": ("本期", "上年同期"), "change_pp": ("本期", "上年同期"), "milestone": ("本期", "上年同期"), "share": ("部分", "总体"),
    "vs_benchmark": ("对方", "本地区"),
}  # fmt: skip
PRAISE_NOTES = (
    "指标为与该句最接近的统计指标，供起草时核对",
    f"列前{number_format.digits(LEADING_SHARE * 100)}%（至少一个）且可能的位次都在前一半的市州，按行政区划代码排列，不分先后",
    "数量指标和增速不排位次；用“明显”等词的，同比增减须在10%或1个百分点以上，且远超出随机波动",
)
EARNED, NOT_EARNED = "可以表述", "不作表述"
NO_GROUNDS = "没有对应的统计指标，须另附通报等依据"


def report_figures(scope: Scope) -> None:
    """Show tables of the figures in the order of the speech, one for each section; one that may not be given has its reason."""
    notes = ["序号为讲话中各处数字和名称的统一编号，只列数字，故不连续", "数值的小数位数与讲话稿预留位置一致"]
    for number, (section, group) in enumerate(groupby(sheet(scope), key=lambda line: line.entry.section)):
        lines = list(group)
        rows = [_row(line, scope) for line in lines]
        shown = list(dict.fromkeys(line.entry.metric for line in lines))
        block: TableBlock = {
            "kind": "table", "caption": f"{SECTIONS.get(section, section)}数据（{scope.period.text}）", "unit": "", "dense": True,
            "header": ["序号", "讲话表述", "地区", "指标", "数值", "口径", "基数与依据", "资料来源"],
            "align": ["right", "left", "left", "left", "right", "left", "left", "left"],
            "widths": [0.5, 1.6, 0.75, 1.4, 1.2, 0.95, 1.6, 1.1],
            "rows": rows, "marked": [], "totals": [], "notes": notes if not number else [], "sources": [],
            **numbers([line.given for line in lines if line.given is not None], scope.results, shown),
        }  # fmt: skip
        publish(block)


def report_claims(scope: Scope) -> None:
    """Show the table of the claims of the speech: whether each may be said, and its grounds or the reason why not."""
    checked = claims(scope)
    rows = [
        [SECTIONS.get(section, section), quote, *([EARNED, made.text, made.note] if made and made.text else _unsaid(made))]
        for section, quote, made in checked
    ]
    given = [made for *_, made in checked if made]
    figures = [figure for made in given for figure in made.figures if figure.value is not None]
    block: TableBlock = {
        "kind": "table", "caption": f"须经核验的表述（{scope.period.text}）", "unit": "", "dense": True,
        "header": ["位置", "讲话表述", "结论", "核验结果", "依据"], "align": ["left"] * 5, "widths": [1.1, 1.5, 0.7, 1.8, 1.7],
        "rows": rows, "marked": [], "totals": [], "notes": [f"结论为“{NOT_EARNED}”的，核验结果栏为理由"], "sources": [],
        **numbers(figures, scope.results, [made.metric for made in given]),
    }  # fmt: skip
    publish(block)


def report_praises(scope: Scope) -> None:
    """Show the table of the sentences that praise cities, each with the leading cities on the metric behind it."""
    listed = praises(scope.results, scope.period)
    rows = [
        [SECTIONS.get(praise.section, praise.section), praise.quote,
         _what(praise.metric, praise.view) if praise.metric else number_format.NOTHING,
         praise.cities, praise.note or praise.refused or ""]
        for praise in listed
    ]  # fmt: skip
    block: TableBlock = {
        "kind": "table", "caption": f"受肯定工作与居前市州（{scope.period.text}）", "unit": "", "dense": True,
        "header": ["位置", "讲话表述", "指标", "居前的市州", "数值、基数和位次，或不列的理由"], "align": ["left"] * 5,
        "widths": [1.1, 1.5, 1.2, 1, 2.2], "rows": rows, "marked": [], "totals": [],
        "notes": list(PRAISE_NOTES),
        "sources": sources([praise.metric for praise in listed if praise.metric], scope.results),
        **numbers([figure for praise in listed for figure in praise.figures], scope.results, metrics()),
    }  # fmt: skip
    publish(block)


def _row(line: Line, scope: Scope) -> list[str]:
    """Return a figure of the speech as a row: number, quote, region, metric, value, view, base and grounds, source."""
    entry = line.entry
    return [
        str(entry.figure), entry.quote, line.region.name, entry.metric.label, line.text if not line.refused else number_format.NOTHING,
        _view(entry), line.refused or _beside(line), _source(line, scope.results),
    ]  # fmt: skip


def _unsaid(made: Claim | None) -> list[str]:
    """Return the cells beside a claim that may not be made; None is a claim that no metric stands behind."""
    return [NOT_EARNED, made.refused or "" if made else NO_GROUNDS, ""]


def _beside(line: Line) -> str:
    """Return the grounds of a figure; empty when they are the same as the figure."""
    grounds = _grounds(line.given, line.entry) if line.given is not None else ""
    return "" if grounds == line.text else grounds


def _view(entry: Entry) -> str:
    """Return what the number is, in words: of a value, how the metric is counted."""
    words = FORMS[entry.metric.form] if entry.view == "value" else VIEW_NAMES[entry.view]
    if entry.region == LEADING:
        return f"{words}，居首的地区"
    if entry.area and entry.view != "share":
        return f"{entry.area}{words}" if entry.view != "benchmark" else f"{entry.area}同期数"
    if entry.area:
        return f"{entry.area.replace('/', '占')}的比重"
    return f"{words}（下一年度）" if entry.years_ahead else words


def _grounds(figure: Figure, entry: Entry) -> str:
    """Return the numbers that a figure rests on, unrounded, and the remark on it; empty for a cited number, which has a source."""
    if entry.view in ("target", "benchmark", "parameter"):
        return ""
    metric, upper, lower = figure.metric, figure.numerator, figure.denominator
    unit = metric.unit
    remark = figure.note if entry.view == "value" or entry.region == LEADING else ""
    if entry.view == "per_day" and upper is not None and lower is not None:
        basis = f"累计{_plain(upper, unit)}，{number_format.digits(lower)}天"
    elif entry.view in HALVES and upper is not None and lower is not None:
        first, second = HALVES[entry.view]
        if entry.area:
            first, second = entry.area.split("/") if "/" in entry.area else (entry.area, figure.region.whole)
        basis = f"{first}{_plain(upper, unit)}，{second}{_plain(lower, unit)}"
    elif lower is not None and upper is not None:
        basis = f"{number_format.digits(upper)}/{number_format.digits(lower)}"
    else:
        basis = _plain(upper, unit) if upper is not None else ""
    return "；".join(filter(None, (basis, remark)))


def _plain(value: Decimal, unit: str) -> str:
    """Return a number with its unit, unscaled, with at most two decimals."""
    return f"{number_format.digits(number_format.rounded(value, number_format.SCALED_DECIMALS))}{unit}"


def _source(line: Line, results: Results) -> str:
    """Return the source of a cited number, else those that the metric is counted from."""
    figure = line.given
    if figure is not None and figure.note and line.entry.view in ("target", "benchmark", "parameter"):
        return figure.note
    return "；".join(sources([line.entry.metric], results))


def _what(metric: Metric, view: str) -> str:
    """Return the label of a metric behind a praise: with its view, and with a note when the lower is the better."""
    label = metric.label if view == "value" else f"{metric.label}（{VIEW_NAMES[view]}）"
    return f"{label}（低者居前）" if metric.better == "lower" else label
