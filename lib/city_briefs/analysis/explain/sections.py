"""The sections of an explanation, each as words, tables and code that any page can set."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from city_briefs.analysis.assessments import targets
from city_briefs.analysis.assessments.claims import GUARDS, no_major_accident
from city_briefs.analysis.blocks.corrections import corrections
from city_briefs.analysis.blocks.data_doubts import doubts
from city_briefs.analysis.blocks.metric_manual import tables
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.explain.evidence import VALUE, Evidence
from city_briefs.analysis.figures import disclosure_control, number_format
from city_briefs.analysis.figures.figure import Figure
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import CITING, VIEWS, look
from city_briefs.common.periods import Period, month_name, month_number, months_text
from city_briefs.metrics.safety import major_accidents
from city_briefs.model.labels import COLUMNS, DIRECTIONS, FORMS, VIEW_NAMES, chinese
from city_briefs.model.metric import Metric, breakdowns
from city_briefs.model.tables import BENCHMARKS, COVERAGE, RETURNS

FIRST = 10  # records that are shown
NAMED = 4  # regions that a line names; more are counted


@dataclass(frozen=True)
class Section:
    """A part of an explanation: words by what they say, code, a table, and a note under it."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    code: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""


def definition(results: Results, metric: Metric) -> Section:
    """What the metric is, as the catalogue has it."""
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
    """The number unrounded, with its halves, or why it is not given."""
    if figure.value is None:
        return Section("数值", (("不给出", figure.refused or ""),))
    facts = [("印出", figure.text), ("未舍入", f"{_plain(figure.value)}{figure.unit}")]
    if figure.denominator is not None:
        names = dict(halves(results, metric))
        for role, value in (("分子", figure.numerator), ("分母", figure.denominator)):
            facts.append((role, f"{_plain(value)}{names[role].unit if role in names else ''}"))
    return Section("数值", (*facts, *((("注", figure.note),) if figure.note else ())))


def halves(results: Results, metric: Metric) -> list[tuple[str, Metric]]:
    """What a metric is computed from here, each with its role; empty of what is counted or returned as such."""
    if not results.is_pair(metric):
        return []
    roles = ("分子", "分母") if metric.form == "ratio" else ("被减数", "减数")
    return list(zip(roles, (metric.pair.first, metric.pair.second), strict=True))


def behind(role: str, metric: Metric, found: Evidence | None, results: Results) -> list[Section]:
    """The query and the first records of one metric; that there are none, when the snapshot has nothing of it."""
    name = f"{role}“{metric.label}”" if role else ""
    if found is None:
        places = "、".join(dict.fromkeys([*tables(metric), RETURNS.label]))
        return [Section(f"{name}记录", (("没有数据", f"本快照的{places}中没有该指标的数据"),))]
    records = found.first(FIRST)
    withheld = [column for column in disclosure_control.free_words(metric) if column in records]
    records = records.drop(columns=withheld)
    columns = [name for name in records.columns if records[name].notna().any()]
    rows = tuple(
        tuple(_cell(results, name, value) for name, value in zip(columns, row, strict=True)) for row in _values(records, columns)
    )
    how = "各地上报数" if results.provenance(metric) == "returns" else f"由“{found.source.label}”的记录计算"
    shown = f"，下列前{len(rows)}条" if found.count > len(rows) else ""
    return [
        Section(f"{name}查询（SQL）", (("计算", how),), code=found.sql),
        Section(
            f"{name}记录", (("条数", f"{found.count}条{shown}"),), header=tuple(_heading(found, name) for name in columns), rows=rows,
            note=f"为保护个人信息，不列出{'、'.join(COLUMNS[name] for name in withheld)}" if withheld else "",
        ),
    ]  # fmt: skip


def coverage(leaves: list[tuple[str, Metric]], scope: Scope) -> Section:
    """Which regions reported which months of the period, and which they did not; of stocks, from when on."""
    rows = []
    for role, metric in leaves:
        if metric.form in ("latest", "cited") or scope.results.provenance(metric) is None:
            continue
        reported = scope.results.rows(metric)
        groups: dict[tuple[str, str], list[str]] = {}
        for member in scope.reporting(metric):
            own = reported["month"][reported["region"] == member.code].tolist()
            wanted = _wanted(scope.results, metric, scope.period, min(own, default=""))
            missing = [month for month in wanted if month not in own]
            groups.setdefault((_span([month for month in wanted if month in own]), months_text(missing)), []).append(member.name)
        for (known, lacking), names in groups.items():
            rows.append((role or metric.label, _named(names), known or number_format.NOTHING, lacking or number_format.NOTHING))
    if not rows:
        return Section(COVERAGE.label, (("说明", "不按月报送，没有报送范围"),))
    return Section(COVERAGE.label, header=("数据", "地区", "已报送", "未报送"), rows=tuple(rows))


def sources(results: Results, metric: Metric, figures: list[Figure]) -> Section:
    """Where the tables came from and which snapshot they are of, with what is to be known of them."""
    snapshot = results.snapshot
    rows = []
    for table in results.sources(metric):
        said = snapshot.descriptions[table.name]
        rows.append((f"{table.label}（{table.name}）", snapshot.source(table), f"{said.rows}", said.ingested_at, said.hash[:12]))
    facts = [("快照", snapshot.id[:12] + (f"（{snapshot.notice}）" if snapshot.notice else ""))]
    facts += [("说明", caveat.text) for caveat in snapshot.caveats if caveat.concerns(metric.id)]
    facts += [("数据核验提示", doubt) for doubt in doubts(metric, results)]
    facts += [("数据更正", "；".join(one["said"])) for one in corrections(figures, results)]
    return Section("来源", tuple(facts), header=("数据表", "来源", "行数", "入库日期", "内容哈希"), rows=tuple(rows))


def aims(scope: Scope, metric: Metric) -> list[Section]:
    """The targets that are set on the metric for the year, and how they stand; no section when there are none."""
    found = [one for one in targets.standings(scope) if one.metric == metric]
    rows = tuple(
        (one.name, one.aim_text, one.own.text, one.light or one.refused or "", f"{one.due}", one.aim.note) for one in found
    )
    return [Section("目标", header=("目标", "要求", "目前", "判断", "时限", "出处"), rows=rows)] if rows else []


def guards(scope: Scope, metric: Metric) -> Section:
    """Each view and claim: how it may be said, or why it may not."""
    areas = list(dict.fromkeys(row["area"] for row in scope.snapshot.listed(BENCHMARKS) if row["metric"] == metric.id))
    rows = []
    asked = [(view, area) for view in VIEWS for area in (areas if view in CITING[:2] and areas else [""])]
    for view, area in asked:
        figure = look(scope, metric, view, area=area)
        rows.append((f"{VIEW_NAMES[view]}{f'·{area}' if area else ''}（{view}）", *_given(figure.text, figure.refused)))
    for name, guard in GUARDS.items():
        if guard is not no_major_accident or metric is major_accidents:
            claim = guard(scope, metric)
            said = f"{claim.subject}{claim.text}{f'（{claim.note}）' if claim.note else ''}"
            rows.append((f"{claim.name}（{name}）", *_given(said, claim.refused)))
    return Section("能说什么", header=("说法", "可否", "原文或理由"), rows=tuple(rows))


def _given(said: str, refused: str | None) -> tuple[str, str]:
    return ("不可", refused) if refused else ("可", said)


def _wanted(results: Results, metric: Metric, period: Period, first: str) -> Sequence[str]:
    """The months that a metric rests on: a stock that is counted on all since the first, what is true of a day on the last."""
    if metric.form == "stock" and results.provenance(metric) == "records":
        last = month_number(period.months[-1])
        return [month_name(month) for month in range(min(month_number(first or period.months[-1]), last), last + 1)]
    at_end = results.provenance(metric) == "returns" and metric.returned_span == "as_of"
    return period.months[-1:] if at_end else period.months


def _span(months: Sequence[str]) -> str:
    """Months in words; of several years the first and the last, since what is missing between them is said beside it."""
    if len({month[:4] for month in months}) < 2:
        return months_text(months)
    return f"{months_text(months[:1])}至{months_text(months[-1:])}"


def _named(names: list[str]) -> str:
    return "、".join(names) if len(names) <= NAMED else f"{'、'.join(names[:NAMED])}等{len(names)}个地区"


def _values(records: pd.DataFrame, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    return records[columns].itertuples(index=False, name=None)


def _heading(found: Evidence, name: str) -> str:
    column = found.columns.get(name)
    said = column.meaning_zh.split("（")[0].removesuffix(" YYYY-MM") if column else ("取值" if name == VALUE else "")
    return f"{said}\n{name}".strip()


def _cell(results: Results, name: str, value: Any) -> str:
    """A cell as an analyst reads it: codes with names, closed words in Chinese; empty for nothing."""
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
