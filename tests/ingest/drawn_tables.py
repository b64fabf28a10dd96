"""Tables as offices may send them, drawn: units anywhere, columns in any order, merged cells, total rows; with what they mean."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from hypothesis import strategies as st
from openpyxl import Workbook

from city_briefs.analysis.ingest import readers
from city_briefs.analysis.ingest.raw_table import MergedCells, RawTable
from city_briefs.analysis.ingest.source import ColumnMapping
from tests.ingest.raw_tables import raw_table, source

UNITS = {
    "元": {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000},
    "吨": {"吨": 1, "千吨": 1_000, "万吨": 10_000},
    "元/公斤": {"元/公斤": 1, "元/斤": 2},
    "人": {"人": 1, "千人": 1_000, "万人": 10_000},
}
# By table: its other columns with a cell each (# is the number of the row), its columns of numbers, and their unit.
TABLES = {
    "cases": ({"案件编号": "A#", "地区": "兰州", "领域": "食品", "结案日期": "2021-03-05"}, {"罚款": "fine_yuan", "没收": "confiscated_yuan"}, "元"),
    "ip_pledges": ({"质押编号": "A#", "地区": "金昌市", "登记日期": "2021年3月5日", "质押专利件数": "3"}, {"融资金额": "amount_yuan"}, "元"),
    "tech_transfers": ({"编号": "A#", "地区": "620100", "签约日期": "2021-03-05"}, {"金额": "amount_yuan"}, "元"),
    "complaints": ({"编号": "A#", "地区": "兰州", "类别": "投诉", "登记日期": "2021-03-05", "办结日期": "2021-03-09"}, {"挽回损失": "recovered_yuan"}, "元"),
    "cold_chain": ({"编号": "A#", "地区": "兰州", "总仓": "一", "方向": "入库", "日期": "2021-03-05"}, {"重量": "tonnes"}, "吨"),
    "prices": ({"地区": "兰州", "监测日期": "2021-03-05", "商品": "品#"}, {"进价": "purchase_yuan", "售价": "sale_yuan"}, "元/公斤"),
    "population": ({"地区": "兰州", "年份": "2021", "口径系列": "a"}, {"人口数": "persons"}, "人"),
    "returns": ({"地区": "兰州", "所属月份": "2021-03", "指标": "onestop_funds", "统计口径": "当月"}, {"数值": "numerator"}, "元"),
}  # fmt: skip
PLACES = ("nowhere", "heading", "slash", "glued", "said heading", "title", "bare title", "line", "blank", "bracket", "right", "below", "note", "sheet",
          "upper", "merged upper", "lower", "column", "cells")  # fmt: skip
TOTALS = ("", "合计", "总计", "小计", "全省合计", "合计：")


@dataclass(frozen=True)
class Meaning:
    """What some rows mean: the sum of a column over the rows of the raw table, of which a merged number has several."""

    rows: tuple[int, ...]
    column: str
    sum: Decimal


@dataclass(frozen=True, repr=False)
class DrawnTable:
    """A raw table, what its numbers mean, and how many rows of data it has. `told` is what shows a failure best."""

    raw: RawTable
    meanings: tuple[Meaning, ...]
    data_rows: tuple[int, ...]
    told: str = field(compare=False, default="")

    def __repr__(self):
        return self.told


@st.composite
def tables(draw):
    """A table of at most 40 rows, in one of the units of its numbers, which stands at one of these places."""
    name = draw(st.sampled_from(sorted(TABLES)))
    others, numbers, base = TABLES[name]
    unit = draw(st.sampled_from(sorted(UNITS[base])))
    place = draw(st.sampled_from([place for place in PLACES if place != "nowhere" or UNITS[base][unit] == 1]))
    order = headers = draw(st.permutations([*others, *numbers]))
    count = draw(st.integers(1, 6) | st.just(35))
    sent = {
        header: [draw(st.integers(0, 99_999)) for _ in range(count)] for header in numbers
    }  # in the unit, without decimals: nothing is lost that a column cannot hold
    group = draw(st.integers(1, min(3, count)))
    merged = draw(st.sampled_from(list(numbers))) if group > 1 else ""
    body = [
        [_cell(draw, header, row, others, sent, merged and row < group and merged == header, unit, place) for header in headers]
        for row in range(count)
    ]
    total = _total_row(draw(st.sampled_from(TOTALS)), headers, sent, merged, group)
    if place == "column":
        headers, body = [*headers, "计量单位"], [[*cells, unit] for cells in body]
    above, below, sheet, headers = _around(draw, place, unit, headers, numbers)
    lower = [[unit if header in numbers else "" for header in order]] if place == "lower" else []
    rows = [*above, headers, *lower, *body, *total, *below]
    first = len(rows) - len(body) - len(total) - len(below) + 1
    meanings = [
        Meaning((first + row,), column, Decimal(sent[header][row]) * UNITS[base][unit])
        for header, column in numbers.items() for row in range(count) if not (header == merged and row < group)
    ]  # fmt: skip
    if merged:
        meanings.append(
            Meaning(tuple(range(first, first + group)), numbers[merged], Decimal(sent[merged][0]) * UNITS[base][unit])
        )
    declared = (
        {"tonnes": ColumnMapping(next(header for header in headers if header.startswith("重量")))} if name == "cold_chain" else {}
    )
    raw = raw_table(source(name, columns=declared), [tuple(cell or None for cell in row) for row in rows], sheet=sheet)
    if merged:
        raw = replace(raw, merged=(MergedCells(first, first + group - 1, (raw.names[order.index(merged)],)),))
    told = "\n".join("|".join(row) for row in rows[:12]) + f"\nsheet {sheet}, {place}"
    return DrawnTable(raw, tuple(meanings), tuple(range(first, first + count)), told)


def _cell(draw, header, row, others, sent, is_merged, unit, place):
    """The text of a cell of data."""
    if header in others:
        return (
            others[header].replace("#", str(row)) if header not in ("年份", "所属月份", "地区") else _apart(header, others, row)
        )
    number = sent[header][0] if is_merged else sent[header][row]
    text = draw(st.sampled_from(["{}", "{:,}", " {} ", "{}.0", "{}\u3000"])).format(number)
    if draw(st.booleans()):
        text = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return f"{text.rstrip()}{draw(st.sampled_from(['', ' ']))}{unit}" if place == "cells" else text


def _apart(header, others, row):
    """A cell of a column of the key, another in each row where the key has nothing else."""
    if header == "年份":
        return str(1950 + row)
    if header == "所属月份":
        return f"{2000 + row // 12}-{row % 12 + 1:02}"
    return others[header]


def _total_row(word, headers, sent, merged, group):
    """The row with the sums, as the cells are shown; none without a word."""
    if not word:
        return []
    sums = {header: sum(numbers) - (sum(numbers[1:group]) if header == merged else 0) for header, numbers in sent.items()}
    row = [str(sums[header]) if header in sums else "" for header in headers]
    at = next(number for number, header in enumerate(headers) if header not in sums)
    return [[*row[:at], word, *row[at + 1 :]]]


def _around(draw, place, unit, headers, numbers):
    """The rows above and below, the name of the sheet, and the headers."""
    last = len(headers) - 1
    line = draw(st.sampled_from([f"单位：{unit}", f"计量单位：{unit}", f"（单位：{unit}）", f"单位为{unit}", f"单 位： {unit}"]))
    above, below, sheet = [], [], "2021"
    if draw(st.booleans()):
        above.append(["2021年统计表", *[""] * last])
    if place in ("title", "bare title"):
        above = [[f"2021年台账（单位：{unit}）" if place == "title" else f"2021年台账（{unit}）", *[""] * last]]
    elif place in ("line", "blank", "bracket"):
        above.append([{"line": line, "blank": f"单位 {unit}", "bracket": f"（{unit}）"}[place], *[""] * last])
    elif place == "right":
        above.append([*[""] * last, line])
    elif place in ("below", "note"):
        below = [[line if place == "below" else f"注：1.数据截至年底；2.计量单位为{unit}。", *[""] * last]]
    elif place == "sheet":
        sheet = draw(st.sampled_from([f"台账（{unit}）", f"台账({unit})", f"台账（单位{unit}）"]))
    elif place in ("upper", "merged upper"):
        text = f"数据（{unit}）"
        above.append([text if header in numbers or place == "merged upper" else "" for header in headers])
    in_heading = {"heading": f"（{unit}）", "slash": f"/{unit}", "glued": unit, "said heading": f"（单位：{unit}）"}.get(
        place, ""
    )
    return above, below, sheet, [header + in_heading if header in numbers else header for header in headers]


def as_workbook(drawn, file):
    """The same table in a workbook, numbers as numbers where they are plain; as it is read from there."""
    book = Workbook()
    sheet = book.active
    sheet.title = drawn.raw.sheet
    for batch in drawn.raw.rows(1):
        for row in batch.select(drawn.raw.names).to_pylist():
            sheet.append([int(cell) if cell and cell.isascii() and cell.isdigit() else cell for cell in row.values()])
    for merged in drawn.raw.merged:
        sheet.merge_cells(f"{merged.columns[0]}{merged.first_row}:{merged.columns[-1]}{merged.last_row}")
    book.save(file)
    [raw] = readers.raw_tables(replace(drawn.raw.source, location=file))
    return replace(drawn, raw=raw)
