"""Rows that are no records and are set aside: where each stands, what it says, and why it does not count."""

from dataclasses import dataclass

from city_briefs.common.language import chosen

LISTED = 200  # rows of a sheet that are listed; the others are counted
# By kind of row: why it is set aside, in English and in Chinese.
REASONS = {
    "total": ("a total, which is compared with the rows and not counted", "合计行，只用于核对，不重复计数"),
    "province": (
        "the total of its regions, which is compared with them and not counted",
        "所辖地区的合计，只用于核对，不重复计数",
    ),
    "heading": ("the heading again", "重复的表头或标题"),
    "numbering": ("numbers of the columns", "栏次编号"),
    "section": ("the heading of a section", "分节标题"),
    "note": ("a note", "注释或说明"),
    "signature": ("a line of names and dates", "签署栏"),
    "page": ("a line at the end of a page or table", "页码或结束标记"),
    "example": ("an example", "示例行"),
    "unused": ("nothing in the columns of the table", "本表各栏均为空"),
    "below": ("below the heading of another table", "属于下方另一张表"),
}


@dataclass(frozen=True)
class SetAsideRow:
    """A row that is no record: its number and cell (such as A9; empty without cells), its text, and its kind (a key of REASONS)."""

    row: int
    cell: str
    text: str
    kind: str

    @property
    def reason(self) -> str:
        """Return why it is set aside, in the language of messages."""
        return chosen(*REASONS[self.kind])
