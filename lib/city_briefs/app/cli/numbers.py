"""Commands that answer with numbers: value, figures, signals."""

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from city_briefs.app.cli.app import NUMBERS, command, complete_metric
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import AsJson, City, Data, Engine, Span, Through, Year
from city_briefs.app.selection import period_of, scope_of
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import YTD
from city_briefs.common.terminal import say, say_as_json

if TYPE_CHECKING:
    from city_briefs.analysis.figures.scope import Scope
    from city_briefs.model.metric import Metric

MONTH = "month"  # after --by: no column, but the months of the year


@command(NUMBERS)
def value(
    metric: Annotated[
        str,
        typer.Argument(
            metavar="METRIC",
            autocompletion=complete_metric,
            help=both(
                "Id or Chinese name of a metric; `briefs metrics` lists them.", "指标的编号或中文名，用`briefs metrics`查看。"
            ),
        ),
    ],
    year: Year,
    city: City = None,
    through: Through = 12,
    span: Span = YTD,
    view: Annotated[
        str,
        typer.Option(
            help=both(
                "value, yoy, rank …; an unknown one is answered with the list. With --by also contribution, what each part adds to "
                "the growth, and structure and level, to the change of a rate.",
                "value（数值）、yoy（同比）、rank（位次）……，写错时会列出全部。与--by同用时，还有contribution（各部分的拉动）、"
                "structure（结构）和level（水平），后两项用于比率的变动。",
            )
        ),
    ] = "value",
    area: Annotated[str, typer.Option(help=both("Of a benchmark: 全国, 广东 …", "对标地区：全国、广东……"))] = "",
    by: Annotated[
        str,
        typer.Option(
            metavar="COLUMN",
            help=both(
                "Broken down by a column, such as kind, or by month; for contribution, structure and level also by region.",
                "按栏目（如kind）或按月（month）细分；contribution、structure、level还可按地区（region）。",
            ),
        ),
    ] = "",
    data: Data = None,
    engine: Engine = None,
    as_json: AsJson = False,
) -> None:
    """One number, or the reason why it may not be given; broken down, one for each part or month.

    \f
    查一个数；不能给出的，说明原因。细分时，每个部分或每个月一个数。
    """
    from city_briefs.analysis.figures import disclosure_control
    from city_briefs.analysis.figures.part_views import PART_VIEWS, look_at_parts
    from city_briefs.analysis.figures.parts import BY_REGION
    from city_briefs.analysis.figures.views import look
    from city_briefs.metrics import CATALOGUE

    wanted = CATALOGUE.find(metric)
    scope = scope_of([wanted], period_of(year, through, span), city, data, engine)
    snapshot, region, period = scope.snapshot, scope.region, scope.period
    if by == MONTH:
        _by_month(scope, wanted, view, area, as_json)
        return
    if view in PART_VIEWS:
        figures = look_at_parts(scope, wanted, view, by, area)
    else:
        figures = disclosure_control.parts(scope, wanted, view, by, area) if by else [look(scope, wanted, view, area=area)]
    if as_json:
        records = [{**figure.record(), "snapshot": snapshot.id} for figure in figures]
        say_as_json(
            [{"part": figure.part[1]} | record for figure, record in zip(figures, records, strict=True)] if by else records[0]
        )
        return
    for figure in figures:
        word = figure.part[1]
        part = snapshot.regions.by_code[word].name if by == BY_REGION and word else word
        name = f"{wanted.label}{f'·{part}' if part else ''}{f'·{area}' if area else ''}"
        say(f"{region.name} {period.text} {name}（{view}）：{figure.refused or figure.text}")
    sources = "；".join(snapshot.source(table) for table in scope.results.sources(wanted))
    tables, origin = scope.results.provenance(wanted), f"：{sources}" if sources else ""
    say(chosen(f"from {tables or 'nothing'}{origin}", f"取自{tables or '（无数据）'}{origin}"))
    notes = [figure.note for figure in figures if figure.note]
    notes += [
        caveat.text
        for caveat in snapshot.caveats
        if figures and figures[0].value is not None and caveat.concerns(wanted.id, view)
    ]
    for note in dict.fromkeys(notes):
        say(chosen(f"note：{note}", f"注：{note}"))


def _by_month(scope: "Scope", metric: "Metric", view: str, area: str, as_json: bool) -> None:
    """Print the months of a metric with last year's, the usual range and the signals, and since when it has changed."""
    from city_briefs.analysis.assessments import monthly_course, monthly_values

    if view != "value" or area:
        raise UsageError(
            chosen(
                f"By month there is the value alone, no view '{view}' and no area. Take --view and --area away.",
                f"按月细分只有数值，没有“{view}”，也不能对标。请去掉--view和--area。",
            )
        )
    course = monthly_values.course(scope, metric)
    if as_json:
        say_as_json([{**record, "snapshot": scope.snapshot.id} for record in course.records()])
        return
    say(f"{scope.region.name} {scope.period.text} {metric.label}：{course.text}")
    for line in monthly_course.lines(course):
        say(line)


@command(NUMBERS)
def figures(
    year: Year,
    city: City = None,
    through: Through = 12,
    span: Span = YTD,
    data: Data = None,
    engine: Engine = None,
    as_json: AsJson = False,
) -> None:
    """The figures of the yearly work report in the order of the speech, each with its text or the reason why it has none.

    \f
    工作报告的数，按报告的顺序，每个给出文字；没有的，说明原因。
    """
    from city_briefs.analysis.assessments import speech_figures

    scope = scope_of(speech_figures.metrics(), period_of(year, through, span), city, data, engine)
    snapshot, region = scope.snapshot, scope.region
    lines = speech_figures.sheet(scope)
    if as_json:
        say_as_json([line.record() for line in lines])
        return
    say(f"{region.name} {scope.period.text}")
    for section, of_section in groupby(lines, key=lambda line: line.entry.section):
        say(f"\n{section}")
        for line in of_section:
            entry, note = line.entry, line.given.note if line.given else ""
            whose = line.region.name if line.region != region else ""
            label = f"{whose}{entry.metric.label}{f'·{entry.area}' if entry.area else ''}（{entry.view}）"
            say(f"{entry.figure:>5}  {label}：{line.refused or line.text}{f'（{note}）' if note else ''}")
    say()
    given = sum(line.refused is None for line in lines)
    notice, notice_zh = (f"; {snapshot.notice}", f"；{snapshot.notice}") if snapshot.notice else ("", "")
    say(chosen(f"{given} of {len(lines)} figures given{notice}.", f"共{len(lines)}个数，给出{given}个{notice_zh}。"))


@command(NUMBERS)
def signals(
    year: Year,
    city: City = None,
    through: Through = 12,
    span: Span = YTD,
    data: Data = None,
    engine: Engine = None,
    as_json: AsJson = False,
) -> None:
    """What should be looked at first: lights, missed targets, what got worse and lies below beyond chance; then what goes well.

    \f
    先看什么：亮灯的警示、滞后的目标、超出随机波动的变差和落后；然后是好的方面。
    """
    from city_briefs.analysis.assessments import signals as assessed
    from city_briefs.metrics import CATALOGUE

    scope = scope_of(CATALOGUE.values(), period_of(year, through, span), city, data, engine)
    listed = assessed.signals(scope)
    if as_json:
        say_as_json([signal.record() for signal in assessed.with_tests(scope, listed)])
        return
    say(f"{scope.region.name} {scope.period.text}" if listed else assessed.without_signals(scope))
    for kind, of_kind in groupby(listed, key=lambda signal: signal.kind):
        say(f"\n{assessed.KINDS[kind]}")
        for signal in of_kind:
            say(f"  {signal.text}{f'；{signal.takes}' if signal.takes else ''}（{signal.owner or signal.metric.owner}）")
    if scope.snapshot.notice:
        say(f"\n{scope.snapshot.notice}")
