"""The sections of an explanation, each as words, tables and code that any page can set."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from city_briefs.analysis.assessments import targets, what_it_takes, yellow_lights
from city_briefs.analysis.assessments.claims import GUARDS, no_major_accident
from city_briefs.analysis.assessments.light_rules import rules
from city_briefs.analysis.assessments.monthly_values import course as course_of
from city_briefs.analysis.blocks.corrections import corrections
from city_briefs.analysis.blocks.data_doubts import doubts
from city_briefs.analysis.blocks.metric_manual import tables
from city_briefs.analysis.blocks.monthly_course import table as course_table
from city_briefs.analysis.compute.rejected import months_rejected
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.explain.evidence import VALUE, Evidence
from city_briefs.analysis.figures import disclosure_control, number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.refusal_rules import NOT_VERIFIED
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import CITING, VIEWS, look
from city_briefs.common.characters import adjoined
from city_briefs.common.periods import Period, month_name, month_number, months_text
from city_briefs.metrics.safety import major_accidents
from city_briefs.model.labels import COLUMNS, DIRECTIONS, FORMS, VIEW_NAMES, chinese
from city_briefs.model.metric import Metric, breakdowns
from city_briefs.model.tables import BENCHMARKS, COVERAGE, REJECTED, RETURNS

FIRST = 10  # records that are shown
NAMED = 4  # regions that a line names; more are counted


@dataclass(frozen=True)
class Section:
    """A part of an explanation: facts as pairs of a name and words, code, a table, and a note under it."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    code: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""


def definition(results: Results, metric: Metric) -> Section:
    """Return the section of the definition, as the catalogue has it."""
    facts = [
        ("指标", f"{metric.label}（{metric.id}，{metric.label_en}）"),
        ("口径", "".join(metric.definition.split("\n"))),
        ("类型", FORMS[metric.form]),
        ("单位", f"{metric.unit}，{metric.decimals}位小数" if metric.decimals else metric.unit),
        ("方向", DIRECTIONS[metric.better]),
        ("责任处室", metric.owner),
        ("数据来源", "、".join(tables(metric))),
    ]
    facts += [(role, f"{half.label}（{half.id}）") for role, half in halves(results, metric)]
    if by := breakdowns(metric):
        facts.append(("可分项", "、".join(f"{COLUMNS[column]}（{column}）" for column in by)))
    return Section("定义", tuple(facts))


def number(results: Results, metric: Metric, figure: Figure) -> Section:
    """Return the section of the number: unrounded, with its halves, or why it is refused."""
    if figure.value is None:
        return Section("数值", (("不给出", figure.refused or ""),))
    facts = [("印出", figure.text)]
    if figure.interval:
        facts.append(
            (
                "区间",
                f"{figure.text}（{number_format.limits(figure.interval.low, figure.interval.high, figure.unit, metric.decimals)}）",
            )
        )
    facts += [("未舍入", f"{_plain(figure.value)}{figure.unit}")]
    if figure.denominator is not None:
        names = dict(halves(results, metric))
        for role, value in (("分子", figure.numerator), ("分母", figure.denominator)):
            facts.append((role, f"{_plain(value)}{names[role].unit if role in names else ''}"))
    return Section("数值", (*facts, *((("注", figure.note),) if figure.note else ())))


def halves(results: Results, metric: Metric) -> list[tuple[str, Metric]]:
    """Return the metrics that a metric is computed from here, each with its role; empty when it is counted or returned as such."""
    if not results.is_pair(metric):
        return []
    roles = ("分子", "分母") if metric.form == "ratio" else ("被减数", "减数")
    return list(zip(roles, (metric.pair.first, metric.pair.second), strict=True))


def behind(role: str, metric: Metric, evidence: Evidence | None, results: Results) -> list[Section]:
    """Return the sections of the query and the first 10 records of one metric, without columns of free words.

    When `evidence` is None, the one section says that the snapshot has no data of it.
    """
    name = f"{role}“{metric.label}”" if role else ""
    if evidence is None:
        places = "、".join(dict.fromkeys([*tables(metric), RETURNS.label]))
        return [Section(f"{name}记录", (("没有数据", f"本快照的{places}中没有该指标的数据"),))]
    records = evidence.first(FIRST)
    withheld = [column for column in disclosure_control.free_words(metric) if column in records]
    records = records.drop(columns=withheld)
    columns = [name for name in records.columns if records[name].notna().any()]
    rows = tuple(
        tuple(_cell(results, name, value) for name, value in zip(columns, row, strict=True)) for row in _values(records, columns)
    )
    how = "各地上报数" if results.provenance(metric) == "returns" else f"由“{evidence.source.label}”的记录计算"
    shown = f"，下列前{len(rows)}条" if evidence.count > len(rows) else ""
    return [
        Section(f"{name}查询（SQL）", (("计算", how),), code=evidence.sql),
        Section(
            f"{name}记录", (("条数", f"{evidence.count}条{shown}"),), header=tuple(_heading(evidence, name) for name in columns), rows=rows,
            note=f"为保护个人信息，不列出{'、'.join(COLUMNS[name] for name in withheld)}" if withheld else "",
        ),
    ]  # fmt: skip


def coverage(leaves: list[tuple[str, Metric]], scope: Scope) -> Section:
    """Return the section of the months of the period that each region reported, and those that it did not.

    A stock is asked for from its first month on. `leaves` are metrics with their roles; one that is not reported by months has no row.
    """
    rows: list[tuple[str, ...]] = []
    has_rejected = scope.snapshot.has(REJECTED)
    for role, metric in leaves:
        if metric.form in ("latest", "cited") or scope.results.provenance(metric) is None:
            continue
        reported = scope.results.rows(metric)
        groups: dict[tuple[str, ...], list[str]] = {}
        for member in scope.reporting(metric):
            months = reported["month"][reported["region"] == member.code].tolist()
            wanted = _wanted(scope.results, metric, scope.period, min(months, default=""))
            missing = [month for month in wanted if month not in months]
            rejected = months_rejected(scope.results, metric, {member: missing}).get(member, []) if has_rejected else []
            gaps = [[month for month in missing if month not in rejected], *([rejected] if has_rejected else [])]
            key = (_span([month for month in wanted if month in months]), *map(months_text, gaps))
            groups.setdefault(key, []).append(member.name)
        for key, names in groups.items():
            rows.append((role or metric.label, _named(names), *(text or number_format.NOTHING for text in key)))
    if not rows:
        return Section(COVERAGE.label, (("说明", "不按月报送，没有报送范围"),))
    header = ("数据", "地区", "已报送", "未报送", *([NOT_VERIFIED] if has_rejected else []))
    return Section(COVERAGE.label, header=header, rows=tuple(rows))


def sources(results: Results, metric: Metric, figures: list[Figure]) -> Section:
    """Return the section of the sources of the tables, with the snapshot, its caveats, the doubts and the corrections."""
    snapshot = results.snapshot
    rows = []
    for table in results.sources(metric):
        description = snapshot.descriptions[table.name]
        origin = (snapshot.source(table), f"{description.rows}", description.ingested_at, description.hash[:12])
        rows.append((f"{table.label}（{table.name}）", *origin))
    facts = [("快照", snapshot.id[:12] + (f"（{snapshot.notice}）" if snapshot.notice else ""))]
    facts += [("说明", caveat.text) for caveat in snapshot.caveats if caveat.concerns(metric.id)]
    facts += [("数据核验提示", doubt) for doubt in doubts(metric, results)]
    facts += [("数据更正", "；".join(correction["said"])) for correction in corrections(figures, results)]
    return Section("来源", tuple(facts), header=("数据表", "来源", "行数", "入库日期", "内容哈希"), rows=tuple(rows))


def aims(scope: Scope, metric: Metric) -> list[Section]:
    """Return the section of the targets that are set on the metric for the year, and how they stand; empty when there are none."""
    standings = [standing for standing in targets.standings(scope) if standing.metric == metric]
    rows = tuple(
        (standing.name, standing.aim_text, standing.own_text, standing.pace.basis if standing.pace else "",
         standing.light or standing.refused or "", what_it_takes.of_target(scope, standing), f"{standing.due}", standing.aim.note)
        for standing in standings
    )  # fmt: skip
    return (
        [Section("目标", header=("目标", "要求", "目前", "应达进度", "判断", "怎样达标", "时限", "出处"), rows=rows)]
        if rows
        else []
    )


def lit(scope: Scope, metric: Metric) -> list[Section]:
    """Return the section of the lights on the metric that are on, and what puts them out; empty when there are none."""
    lights = [yellow_lights.light(scope, rule) for rule in rules() if rule.metric == metric]
    rows = tuple(
        (light.rule.label, light.since.end_text if light.since else "", what_it_takes.of_light(scope, light), light.rule.office)
        for light in lights
        if light.on
    )
    return [Section("黄灯", header=("警示事项", "亮灯时间", "怎样熄灯", "责任处室"), rows=rows)] if rows else []


def months(scope: Scope, metric: Metric) -> list[Section]:
    """Return the section of the months up to the end of the period, with last year's and the usual range; none without any number."""
    course = course_of(scope, metric)
    if all(month.value.value is None for month in course.months):
        return []
    header, rows, _ = course_table(course)
    return [Section("逐月走势", header=tuple(header), rows=tuple(map(tuple, rows)), note=course.text)]


def guards(scope: Scope, metric: Metric) -> Section:
    """Return the section of each view and claim: the words when it may be said, else the reason why not."""
    areas = list(dict.fromkeys(row["area"] for row in scope.snapshot.listed(BENCHMARKS) if row["metric"] == metric.id))
    rows = []
    asked = [(view, area) for view in VIEWS for area in (areas if view in CITING[:2] and areas else [""])]
    for view, area in asked:
        figure = look(scope, metric, view, area=area)
        rows.append((f"{VIEW_NAMES[view]}{f'·{area}' if area else ''}（{view}）", *_given(figure.text, figure.refused)))
    for name, guard in GUARDS.items():
        if guard is not no_major_accident or metric is major_accidents:
            claim = guard(scope, metric)
            sentence = f"{adjoined(claim.subject, claim.text)}{f'（{claim.note}）' if claim.note else ''}"
            rows.append((f"{claim.name}（{name}）", *_given(sentence, claim.refused)))
    return Section("能说什么", header=("说法", "可否", "原文或理由"), rows=tuple(rows))


def _given(words: str, refused: str | None) -> tuple[str, str]:
    """Return whether a view or claim may be said, with its words or the reason why not."""
    return ("不可", refused) if refused else ("可", words)


def _wanted(results: Results, metric: Metric, period: Period, first: str) -> Sequence[str]:
    """Return the months that a metric rests on: all of the period, or its last one for a number that is true of a day.

    A stock that is counted from records rests on all months since `first`, the first reported one; `first` is empty when there is none.
    """
    if metric.form == "stock" and results.provenance(metric) == "records":
        last = month_number(period.months[-1])
        return [month_name(month) for month in range(min(month_number(first or period.months[-1]), last), last + 1)]
    at_end = results.provenance(metric) == "returns" and metric.returned_span == "as_of"
    return period.months[-1:] if at_end else period.months


def _span(months: Sequence[str]) -> str:
    """Return months in words; of several years, the first and the last, since the missing ones between them stand beside."""
    if len({month[:4] for month in months}) < 2:
        return months_text(months)
    return f"{months_text(months[:1])}至{months_text(months[-1:])}"


def _named(names: list[str]) -> str:
    """Return the names of regions in words: all of at most 4, the first 4 and the number of more."""
    return "、".join(names) if len(names) <= NAMED else f"{'、'.join(names[:NAMED])}等{len(names)}个地区"


def _values(records: pd.DataFrame, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    return records[columns].itertuples(index=False, name=None)


def _heading(evidence: Evidence, name: str) -> str:
    """Return the heading of a column of records: its meaning in Chinese over its name."""
    column = evidence.columns.get(name)
    meaning = column.meaning_zh.split("（")[0].removesuffix(" YYYY-MM") if column else ("取值" if name == VALUE else "")
    return f"{meaning}\n{name}".strip()


def _cell(results: Results, name: str, value: Any) -> str:
    """Return a cell as an analyst reads it: codes with names, closed words in Chinese; blank for no value."""
    if value is None or pd.isna(value):
        return ""
    if name == "region":
        region = results.snapshot.regions.by_code.get(value)
        return f"{value} {region.name}" if region else str(value)
    if isinstance(value, Decimal | float):
        return number_format.digits(Decimal(str(value)))
    return {True: "是", False: "否"}.get(value, "") if isinstance(value, bool) else chinese(name, str(value))


def _plain(value: Decimal | None) -> str:
    return "" if value is None else number_format.digits(value)
