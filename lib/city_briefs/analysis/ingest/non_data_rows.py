"""Rows that hold no record, by kind: totals, repeated headings, numbers of columns, notes, signatures, the heading of another table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from city_briefs.analysis.ingest.headings import columns_by_header, normalized_header
from city_briefs.analysis.ingest.parse_columns import is_ascii
from city_briefs.analysis.ingest.raw_table import ROW, SURPLUS
from city_briefs.analysis.ingest.total_rows import TOTAL
from city_briefs.analysis.ingest.units import UNITS
from city_briefs.model.tables import TABLES

FIRST = 3  # columns among which a total row says that it is one
FEW = 4  # filled cells that a note has at most
HAN = r"[\u4e00-\u9fff]"
EXAMPLE = (
    r"^\s*[（(【]?\s*(填写|填报)?\s*(示\s*例|样\s*例|范\s*例|举\s*例|例\s*如|例)\s*\d{0,2}\s*[)）】]?\s*[:：]?\s*$"
    r"|^\s*[（(【](示例|样例|范例)[)）】]|^.*[（(【](示例|样例|范例)[)）】]\s*$"
)
OTHER_TABLE = "other table"
NUMBERS = [str(number) for number in range(1, 100)]
STEMS, ROMAN, CHINESE = list("甲乙丙丁戊己庚辛壬癸"), list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), list("一二三四五六七八九十")
CIRCLED = [chr(0x2460 + number) for number in range(20)]
ORDERS = (NUMBERS, STEMS, ROMAN, CHINESE, CIRCLED)
# Words that head columns of statistics, besides the headings of the tables.
OF_STATISTICS = frozenset((
    "件数", "起数", "户数", "数量", "金额", "占比", "比例", "比重", "同比", "环比", "增长", "增幅", "增减", "合计", "总计", "总数", "小计",
    "序号", "备注", "项目", "名称", "单位", "单位名称", "类型", "本年", "上年", "本期", "上期", "去年同期",
))  # fmt: skip
WHO = "(人|单位|日期|时间|部门|电话|方式|领导)"
ORDINAL = "[一二三四五六七八九十]{1,3}"
# How a row with few cells begins, none of which is a value of the table.
NOTES = {
    "signature": (
        rf"(填表|制表|审核|复核|填报|报送|上报|打印|导出|联系|负责|单位负责|统计负责|主管|经办|分管|签发)([^,，:：\s]{{0,6}}[:：]|{WHO}\s|{WHO}?$)",
        r"(签字|签章|盖章|电话|传真|邮箱|日期)\s*([:：]|$)",
    ),
    "page": (rf"[-—–_\s]*(第\s*([\d]+|{ORDINAL})\s*页|共\s*\d+\s*页|page\s*\d+)",),
    "note": (
        r"[（(【\[]?\s*(注|备注|说明|附注|附|资料来源|数据来源|来源|口径|统计口径|填报说明|指标解释|提示)\s*\d{0,2}\s*([:：、.．,，)）】\]]|\s|本表|以上|$)",
        rf"[*＊※★☆△▲#]+\s*{HAN}",
        r"(以上|以下|本表|上述|上表|此表|表中|表内|本次统计|统计数据|数据截至|截至|截止)",
        r"(金额|计量|数量)?单位\s*[:：]",
    ),
}
# The same, where the row has no other cell.
ALONE = {
    "section": (
        rf"({ORDINAL}|第{ORDINAL}(部分|类|节|批))[、.．\s]",
        rf"[（(]{ORDINAL}[)）]\s*{HAN}",
        rf".*{HAN}{{2,}}(表|台账|清单|名录|明细|月报|汇总)(\s*[（(].*[)）])?$",
        r".*[（(]?续[)）表]?$",
    ),
    "page": (
        r"[（(]?\s*([此本]页无正文|以下空白|以下无正文|以下无内容|完|结束)\s*[)）]?$",
        r"[-—–=_*＊·.。…\s]{2,}((end|完|\d+)[-—–=_*＊·.。…\s]+)?$",
        r"\d+\s*/\s*\d+$",
    ),
    "note": (rf"\d{{1,2}}\s*[.、．)）]\s*{HAN}", rf"[（(【].*{HAN}.*[)）】]$"),
    "signature": (
        r"\d{4}\s*年\s*\d{1,2}\s*月(\s*\d{1,2}\s*日)?$",
        rf"{HAN}{{4,}}(局|处|科|委员会|办公室|支队|大队|中心)\s*([（(](盖章|公章|章)[)）])?(\d{{4}}\s*年.*日)?$",
    ),
}
LONGEST_REGION = 12  # characters; a longer text in the column of regions is part of a note
_TOTAL, _EXAMPLE = re.compile(TOTAL), re.compile(EXAMPLE)
_NOTES, _ALONE = (
    {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in given.items()} for given in (NOTES, ALONE)
)


@dataclass(frozen=True)
class NonDataRow:
    """A row that is no record: its kind, the raw column with the text that says so, and that text."""

    kind: str
    column: str
    text: str


@dataclass(frozen=True)
class NonDataRows:
    """The recognition of rows that are no records, in one raw table.

    `headings` holds, by raw column, the normalized texts at and above its heading. `identifier` is the raw column of the key when
    that is an id, `region` that of the region; None without one. `words` are the raw columns with words of a closed list, in which
    累计 is a value. `numbers` are those with numbers. `kept` are all that are matched.
    """

    headings: Mapping[str, frozenset[str]]
    identifier: str | None
    region: str | None
    words: frozenset[str]
    numbers: frozenset[str]
    kept: frozenset[str]

    def find(self, rows: pa.RecordBatch, anchored: pa.Array, numbered: pa.Array, province: pa.Array) -> dict[int, NonDataRow]:
        """Return the rows that hold no record, by index; a blank row has the kind "".

        `anchored` says for each row whether a required region, date or word is there, `numbered` whether a number is, and
        `province` whether its region is a province.
        """
        names = [name for name in rows.schema.names if name not in (ROW, SURPLUS)]
        trimmed = {name: pc.utf8_trim_whitespace(rows[name]) for name in names}
        blank = pc.invert(_any(pc.greater(pc.utf8_length(column), 0).fill_null(False) for column in trimmed.values()))
        places = [
            name for name in dict.fromkeys([*names[:FIRST], self.identifier, self.region]) if name and name not in self.words
        ]
        labelled = _any(pc.match_substring_regex(rows[name], f"{TOTAL}|{EXAMPLE}").fill_null(False) for name in places)
        looked_at = pc.indices_nonzero(pc.and_(_any([labelled, province, pc.invert(anchored)]), pc.invert(blank)))
        non_data = {index: NonDataRow("", "", "") for index in pc.indices_nonzero(blank).to_pylist()}
        given = zip(*(array.take(looked_at).to_pylist() for array in (anchored, numbered, province)), strict=True)
        cells = {name: column.take(looked_at).to_pylist() for name, column in trimmed.items()}
        for place, (index, facts) in enumerate(zip(looked_at.to_pylist(), given, strict=True)):
            row = {name: text for name, column in cells.items() if (text := column[place])}
            if kind := self._kind(row, places, *facts, after_gap=index - 1 in non_data):
                non_data[index] = kind
        return non_data

    def _kind(
        self, row: dict[str, str], places: list[str], anchored: bool, numbered: bool, province: bool, *, after_gap: bool
    ) -> NonDataRow | None:
        """Return what a row is that holds no record; None when it may be one."""
        column, text = next(iter(row.items()))
        if any(_EXAMPLE.match(row.get(name, "")) for name in {column, self.identifier} if name):
            return NonDataRow("example", column, text)
        if not anchored:
            if all(normalized_header(cell) in self.headings.get(name, ()) for name, cell in row.items()):
                return NonDataRow("heading", column, text)
            if _is_numbering(list(row.values())):
                return NonDataRow("numbering", column, text)
            if not numbered and _is_heading(list(row.values()), after_gap):
                return NonDataRow(OTHER_TABLE, column, text)
        if label := self._total_label(row, places, province):
            return NonDataRow("total", label, row[label])
        if anchored:
            return None
        if not numbered and len(row) <= FEW:
            patterns = _NOTES.items() if len(row) > 1 else [*_ALONE.items(), *_NOTES.items()]
            kind = next((kind for kind, pattern in patterns if pattern.match(text)), None)
            may_be_region = column != self.region and 0 < len(row.get(self.region or "", "")) <= LONGEST_REGION
            if kind and (kind == "signature" or not may_be_region or text.endswith((":", "："))):
                return NonDataRow(kind, column, text)
        return None if self.kept & row.keys() else NonDataRow("unused", column, text)

    def _total_label(self, row: dict[str, str], places: list[str], province: bool) -> str | None:
        """Return the column with the word of a total row; None when the row is none, or has an id of its own."""
        identifier = row.get(self.identifier or "", "")
        if identifier and not _TOTAL.match(identifier):
            return None
        if label := next((name for name in places if _TOTAL.match(row.get(name, ""))), None):
            return label
        only_numbers = province and row.keys() & self.numbers and not (self.kept & row.keys()) - self.numbers - {self.region}
        return self.region if only_numbers else None


def may_be_no_record(identifiers: pa.Array) -> pa.Array | None:
    """Return which ids are the word of a total or of an example, as a boolean per row; None when none is.

    A row with such an id may fit its table in every column.
    """
    if is_ascii(identifiers):
        return None
    likely = pc.match_substring_regex(identifiers, "计|总|数|例|^共").fill_null(False)
    if not likely.true_count:
        return None
    word = pc.match_substring_regex(identifiers.filter(likely), f"{TOTAL}|{EXAMPLE}")
    at = pc.indices_nonzero(likely).filter(word)
    return pc.is_in(pa.array(range(len(identifiers)), pa.uint64()), at) if len(at) else None


def _any(masks) -> pa.Array:  # type: ignore[no-untyped-def]
    """Return where any of some boolean arrays is true."""
    first, *rest = masks
    for mask in rest:
        first = pc.or_(first, mask)
    return first


def _is_numbering(cells: list[str]) -> bool:
    """Return whether cells number the columns: 1 2 3, (1) (2) (3), 甲 乙 1 2."""
    signs = [cell.strip("()（）[]【】 栏") for cell in cells]
    if len(signs) < FIRST:
        return False
    while signs:
        counted = next((order for order in ORDERS if signs[0] == order[0]), None)
        if counted is None:
            return False
        length = next((at for at, (sign, wanted) in enumerate(zip(signs, counted, strict=False)) if sign != wanted), len(signs))
        signs = signs[min(length, len(counted)) :]
    return True


def _is_heading(cells: list[str], after_gap: bool) -> bool:
    """Return whether cells are the heading of another table: short words, two of which head columns; one, after a gap."""
    if len(cells) < 2 or any(len(cell) > 16 or re.search(r"\d{3}|[:：。；]", cell) for cell in cells):
        return False
    n_headers = sum(normalized_header(cell) in _all_headers() for cell in cells)
    return n_headers >= (1 if after_gap else 2) and 2 * n_headers >= len(cells)


@cache
def _all_headers() -> frozenset[str]:
    """Return every header that a column of any table may have, normalized, and words that head columns of numbers."""
    return OF_STATISTICS.union(*(columns_by_header(table) for table in TABLES.values())) - UNITS.keys()
