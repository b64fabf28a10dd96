"""What the sheets of a workbook hold: each table as it stands in the document, and the figures of each chart as a table."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from city_briefs.common.blocks import Block, ChartBlock, FigureRecord, PageOneBlock, TableBlock
from city_briefs.common.errors import UsageError
from city_briefs.common.periods import YTD, Period
from city_briefs.production.export.cells import Cell, of_number, of_words
from city_briefs.production.export.document import PrintedDocument

CONCERN_COLUMNS = 4  # of the matters of page one
NO_NUMBER = "首页"  # before the caption of a table that page one has, and that has no number
FIXED = ("region", "period", "metric", "part", "area")  # by what the numbers of a chart differ, besides the view
METRIC, PERIOD = FIXED.index("metric"), FIXED.index("period")
MOST_COLUMNS = 20  # of metrics and views beside each other
WHOLE = "合计"  # where a part of it stands in other rows
HEADS = {"region": "地区", "period": "期间", "metric": "指标", "part": "分项", "area": "对标地区"}


@dataclass
class Sheet:
    """A table of a workbook: its number and caption as the document has them, and what stands above, in and under it.

    `totals` and `marked` are rows, `right` the columns that are set to the right.
    """

    number: str
    caption: str
    above: str
    heads: list[str]
    rows: list[list[Cell]]
    row_heads: int = 1
    below: list[str] = field(default_factory=list)
    totals: Sequence[int] = ()
    marked: Sequence[int] = ()
    right: Collection[int] = ()

    @property
    def title(self) -> str:
        """Its number and caption, as they stand in the document."""
        return f"{self.number}　{self.caption}"


def sheets(brief: PrintedDocument) -> list[Sheet]:
    """Return a sheet for each table and each chart of a document, in their order, and for the metrics and matters of page one."""
    made: list[Sheet] = []
    for number, block in brief.numbered:
        if block["kind"] in ("table", "chart") and "data" in block:
            made.append(_own(number, block))
        elif block["kind"] == "table":
            made.append(_table(number, block))
        elif block["kind"] == "chart":
            made.append(_chart(number, block))
        elif block["kind"] == "page-one":
            made += _page_one(block)
    return made


def names(blocks: Iterable[Block]) -> dict[str, str]:
    """Return what codes in the figures of blocks are called; empty of those that no block names."""
    return {code: name for block in blocks for code, name in block.get("names", {}).items()}


def period_text(figure: FigureRecord) -> str:
    """Return the period of a figure in words; that of a notebook of others may be none, and stands as its numbers."""
    try:
        return Period(figure["year"], figure["through"], figure.get("span", YTD)).text
    except UsageError:
        return f"{figure['year']}-{figure['through']}"


def part_text(figure: FigureRecord, called: dict[str, str]) -> str:
    """Return the part of a figure in words, such as 领域：食品; empty for the whole."""
    by, part = figure.get("by", ""), figure.get("part", "")
    return f"{called.get(by, by)}：{called.get(f'{by}:{part}', part)}" if by else ""


def _table(number: str, block: TableBlock) -> Sheet:
    """Return a table as it stands in the document; its numbers are numbers."""
    rows = [
        [Cell(words) if side == "left" else of_words(words) for words, side in zip(row, block["align"], strict=True)]
        for row in block["rows"]
    ]
    right = {column for column, side in enumerate(block["align"]) if side == "right"}
    above = f"单位：{block['unit']}" if block["unit"] else ""
    heads = [head.replace("\n", "") for head in block["header"]]
    return Sheet(number, block["caption"], above, heads, rows, 1, _below(block), block["totals"], block["marked"], right)


def _own(number: str, block: TableBlock | ChartBlock) -> Sheet:
    """Return what an analyst computed for a chart or table, unrounded."""
    data, unit = block["data"], block.get("unit", "")
    rows = [[Cell(row[0] or None), *map(of_words, row[1:])] for row in data["rows"]]
    numeric = [column for column in range(1, len(data["heads"])) if any(isinstance(row[column].content, float) for row in rows)]
    above = f"单位：{unit}" if unit else ""
    return Sheet(number, block["caption"], above, data["heads"], rows, 1, _below(block), right=numeric)


def _chart(number: str, block: ChartBlock) -> Sheet:
    """Return the numbers of a chart: a row for each region, period and part, a column for each metric and view.

    Metrics have rows too where they would make too many columns, or where nothing else would.
    """
    called, labels = names([block]), {metric["id"]: metric["label"] for metric in block["metrics"]}
    shown = list({str(figure): figure for figure in block["figures"]}.values())
    keys = [_key(figure, called, labels) for figure in shown]
    varying = [place for place in range(len(FIXED)) if len({key[place] for key in keys}) > 1]
    columns = list(dict.fromkeys((key[METRIC], figure["view"]) for key, figure in zip(keys, shown, strict=True)))
    is_across = METRIC in varying and len(varying) > 1 and len(columns) <= MOST_COLUMNS
    if is_across:
        varying.remove(METRIC)
    else:
        columns = list(dict.fromkeys(("", figure["view"]) for figure in shown))
    places = [columns.index((key[METRIC] if is_across else "", figure["view"])) for key, figure in zip(keys, shown, strict=True)]
    units = [{figure["unit"] for figure, at in zip(shown, places, strict=True) if at == place} for place in range(len(columns))]
    rows: dict[tuple[str, ...], list[Cell]] = {}
    for figure, key, place in zip(shown, keys, places, strict=True):
        row_key = tuple(key[at] for at in varying)
        row = rows.setdefault(row_key, [*(Cell(words or WHOLE) for words in row_key), *([Cell(None)] * len(columns))])
        row[place - len(columns)] = _cell(figure, figure["unit"] if len(units[place]) > 1 else "")
    if varying[:1] == [PERIOD]:
        order = {key[PERIOD]: (figure["year"], figure["through"]) for key, figure in zip(keys, shown, strict=True)}
        rows = dict(sorted(rows.items(), key=lambda row: order[row[0][0]]))
    heads = [HEADS[FIXED[place]] for place in varying]
    for (metric, view), of_column in zip(columns, units, strict=True):
        name = block["views"].get(view, view)
        words = metric + (f"·{name}" if view != "value" else "") if metric else name
        heads.append(words + (f"（{min(of_column)}）" if len(of_column) == 1 else ""))
    of_all = [keys[0][place] for place in range(len(FIXED)) if len({key[place] for key in keys}) == 1] if keys else []
    above = "，".join(filter(None, of_all))
    return Sheet(
        number,
        block["caption"],
        above,
        heads,
        list(rows.values()),
        max(len(varying), 1),
        _below(block),
        right=range(len(varying), len(heads)),
    )


def _key(figure: FigureRecord, called: dict[str, str], labels: dict[str, str]) -> tuple[str, ...]:
    """Return region, period, metric, part and area of a figure in words."""
    region, metric = figure["region"], figure["metric"]
    part = part_text(figure, called)
    return called.get(region, region), period_text(figure), labels.get(metric, metric), part, figure.get("area", "")


def _cell(figure: FigureRecord, unit: str) -> Cell:
    """Return the number of a figure, unrounded, with its unit where its column has several; why it is refused where it is."""
    if figure["value"] is None:
        return Cell(figure["refused"] or figure["text"])
    return of_number(figure["value"], figure["text"], unit)


def _page_one(block: PageOneBlock) -> list[Sheet]:
    """Return the metrics of page one, and the matters for the leader where there are any."""
    rows, subject = [], ""
    for row in block["rows"]:
        subject = row["subject"] or subject
        words = (row["value"], row["change"], row["place"], row["move"], row["mark_word"] + row["mark_text"])
        rows.append([Cell(subject), Cell(row["label"]), Cell(row["unit"]), *map(of_words, words[:2]), *map(Cell, words[2:])])
    heads = ["主题", "指标", "单位", "本期", "同比", "位次", "位次变化", "目标或警示"]
    made = [Sheet(NO_NUMBER, block["conclusion"], "", heads, rows, 2, _below(block), right=(3, 4))]
    if block["concerns"]:
        matters = [
            [Cell(each[name]) for name in ("what", "mark_word", "evidence", "needed", "who")] for each in block["concerns"]
        ]
        what, *others = [*block["concern_columns"], *[""] * CONCERN_COLUMNS][:CONCERN_COLUMNS]
        made.append(Sheet(NO_NUMBER, what, "", [what, "警示", *others], matters, 1, [block["more"]] if block["more"] else []))
    return made


def _below(block: TableBlock | ChartBlock | PageOneBlock) -> list[str]:
    """Return the notes and sources of a block, a line each."""
    notes, sources = block["notes"], block["sources"]
    numbered = [f"{place}. {note}" for place, note in enumerate(notes, start=1)] if len(notes) > 1 else notes
    return [
        *(["注：" + "；".join(numbered) + "。"] if notes else []),
        *(["资料来源：" + "；".join(sources) + "。"] if sources else []),
    ]
