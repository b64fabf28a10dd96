"""Blocks: what a cell of a chapter shows, the contract between analysis, which writes them, and production, which prints them.

A block is plain JSON of one of the kinds below, and travels in a display bundle of type `theme.MIME`. A field that is not required is
left out where it does not apply. Each field says what it means, and whether it is printed: with its block, elsewhere
(PRINTED_ELSEWHERE) or never (NOT_PRINTED); and whether a chapter says it (NOT_SAID), so that another value makes another edition.
`block_schema` is asked for all that; docs/blocks.md is made from both. What all kinds share is in `block_parts`, page one in
`page_one_blocks`; whoever writes or reads blocks finds all of it here.
"""

from typing import Annotated, Literal, NotRequired, TypeAlias

from typing_extensions import Doc, TypedDict

from city_briefs.common.block_parts import (
    NOT_PRINTED,
    NOT_SAID,
    ON_CHANCE,
    PRINTED_ELSEWHERE,
    ROUNDING,
    Alignment,
    Asked,
    Cell,
    ClaimRecord,
    CorrectionRecord,
    Drawing,
    FigureRecord,
    MetricCard,
    NoStamp,
    Numbers,
    OwnData,
    Row,
    SnapshotStamp,
    Stated,
    Trait,
    Verdict,
)
from city_briefs.common.page_one_blocks import Concern, ExceptionBlock, LeadLine, Mark, PageOneBlock, PageOneRow, Panel

__all__ = [
    "NOT_PRINTED",
    "NOT_SAID",
    "ON_CHANCE",
    "PRINTED_ELSEWHERE",
    "ROUNDING",
    "Alignment",
    "Asked",
    "Block",
    "CardsBlock",
    "Cell",
    "ChartBlock",
    "ClaimRecord",
    "Concern",
    "CorrectionRecord",
    "Drawing",
    "ExceptionBlock",
    "FigureRecord",
    "HeadlineCard",
    "LeadLine",
    "Mark",
    "MetricCard",
    "NoStamp",
    "Numbers",
    "OwnData",
    "PageOneBlock",
    "PageOneRow",
    "Panel",
    "PointsBlock",
    "PointsColumn",
    "ProseBlock",
    "RemarkBlock",
    "Row",
    "SnapshotStamp",
    "Stated",
    "TableBlock",
    "Trait",
    "Verdict",
    "claims_of",
]


class ProseBlock(Stated):
    """Sentences; none where the appendix alone says something."""

    kind: Annotated[Literal["prose"], NOT_PRINTED, Doc("The kind of the block.")]
    paragraphs: Annotated[list[str], Doc("A text for each paragraph.")]
    notes: NotRequired[Annotated[list[str], Doc("Notes under it, without full stop.")]]
    sources: NotRequired[Annotated[list[str], Doc("Sources under it, without particulars.")]]
    claims: NotRequired[Annotated[list[ClaimRecord], Doc("The claims that stand behind it, earned or not.")]]
    nothing: NotRequired[
        Annotated[str, NOT_PRINTED, Doc("Why there is nothing to make a pack of, where it is made only of something.")]
    ]


class PointsColumn(TypedDict):
    """A column of points."""

    title: Annotated[str, Doc("Its heading.")]
    items: Annotated[list[str], Doc("Its sentences, without full stop.")]


class PointsBlock(Stated):
    """Strong and weak spots, side by side."""

    kind: Annotated[Literal["points"], NOT_PRINTED, Doc("The kind of the block.")]
    columns: Annotated[list[PointsColumn], Doc("The columns, left to right.")]
    notes: Annotated[list[str], Doc("Notes under it, without full stop.")]
    sources: Annotated[list[str], Doc("Sources under it, without particulars.")]


class RemarkBlock(Stated):
    """An analyst's remark in a box."""

    kind: Annotated[Literal["remark"], NOT_PRINTED, Doc("The kind of the block.")]
    title: Annotated[str, Doc("Its heading.")]
    paragraphs: Annotated[list[str], Doc("A text for each paragraph.")]
    author: Annotated[str, Doc("Who wrote it.")]
    date: Annotated[str, Doc("The day on which it was written, in words.")]
    sources: Annotated[list[str], Doc("Sources under it, without particulars.")]
    notes: Annotated[list[str], Doc("Notes under it, without full stop.")]


class HeadlineCard(TypedDict):
    """A headline number with what stands under it."""

    value: Annotated[str, Doc("The digits of the number.")]
    unit: Annotated[str, Doc("Its unit.")]
    label: Annotated[str, Doc("What it is.")]
    change: Annotated[str, Doc("Its growth, or what it is taken of.")]
    tone: Annotated[Literal["", "good", "bad"], NOT_PRINTED, Doc("The colour of the change.")]
    arrow: Annotated[str, Doc("▲ or ▼ before the change; empty when there is none.")]
    place: Annotated[str, Doc("Its place among the cities; empty when there is none.")]
    light: NotRequired[Annotated[str, Doc("How far its target is reached.")]]
    spark: NotRequired[Annotated[Drawing, Doc("The trend of its last years.")]]


class CardsBlock(Stated):
    """Headline numbers."""

    kind: Annotated[Literal["cards"], NOT_PRINTED, Doc("The kind of the block.")]
    cards: Annotated[list[HeadlineCard], Doc("The cards in their order.")]
    notes: Annotated[list[str], Doc("Notes under them, without full stop.")]
    sources: Annotated[list[str], Doc("Sources under them, without particulars.")]


class TableBlock(Stated):
    """A table, every cell of which is text."""

    kind: Annotated[Literal["table"], NOT_PRINTED, Doc("The kind of the block.")]
    caption: Annotated[str, Doc("Its caption, without its number.")]
    unit: Annotated[str, Doc("The unit of its cells; empty when they have several.")]
    dense: NotRequired[Annotated[bool, NOT_PRINTED, Doc("Whether it is set small, since its cells hold many words.")]]
    whole: NotRequired[Annotated[bool, NOT_PRINTED, Doc("Whether it stands on one page.")]]
    ruled: NotRequired[Annotated[bool, NOT_PRINTED, Doc("Whether there is a line under each row.")]]
    close: NotRequired[Annotated[bool, NOT_PRINTED, Doc("Whether its rows stand close, since it has many.")]]
    in_workbook: NotRequired[
        Annotated[
            bool, NOT_PRINTED, Doc("Whether it lists what is to be done; workbooks of earlier versions had these tables alone.")
        ]
    ]
    manual: NotRequired[
        Annotated[str, NOT_PRINTED, Doc("The code of the province whose manual defines the metrics of its rows.")]
    ]
    defines: NotRequired[Annotated[list[str], NOT_PRINTED, Doc("The ids of the metrics that its rows define, one for each row.")]]
    own: NotRequired[
        Annotated[
            bool, NOT_PRINTED, Doc("Whether an analyst computed it; then it is of no metric, and stands in an analysis chapter.")
        ]
    ]
    data: NotRequired[Annotated[OwnData, Doc("Its cells, where an analyst computed them.")]]
    header: Annotated[Row, Doc("The heads of its columns.")]
    align: Annotated[list[Alignment], NOT_PRINTED, Doc("The side to which each column is set.")]
    widths: NotRequired[
        Annotated[list[float], NOT_PRINTED, Doc("The widths of its columns in proportion; else they follow the cells.")]
    ]
    rows: Annotated[list[Row], Doc("Its rows, each with a cell for each column; blank for no data.")]
    marked: Annotated[list[int], NOT_PRINTED, Doc("The rows of this region, counted from 0.")]
    totals: Annotated[list[int], NOT_PRINTED, Doc("The rows of totals, counted from 0.")]
    notes: Annotated[list[str], Doc("Notes under it, without full stop.")]
    sources: Annotated[list[str], Doc("Sources under it, without particulars.")]
    claims: NotRequired[Annotated[list[ClaimRecord], Doc("The claims that stand behind it, earned or not.")]]


class ChartBlock(Stated):
    """A chart."""

    kind: Annotated[Literal["chart"], NOT_PRINTED, Doc("The kind of the block.")]
    caption: Annotated[str, Doc("Its caption, without its number.")]
    alt: Annotated[str, Doc("What it shows, in words.")]
    svg: Annotated[str, NOT_PRINTED, Doc("The drawing, of shapes and words alone.")]
    own: NotRequired[
        Annotated[
            bool, NOT_PRINTED, Doc("Whether an analyst computed it; then it is of no metric, and stands in an analysis chapter.")
        ]
    ]
    data: NotRequired[Annotated[OwnData, Doc("What it draws, where an analyst computed it.")]]
    narrow: NotRequired[
        Annotated[str, NOT_PRINTED, NOT_SAID, Doc("The same for a narrow screen, where its words stay large enough.")]
    ]
    notes: Annotated[list[str], Doc("Notes under it, without full stop.")]
    sources: Annotated[list[str], Doc("Sources under it, without particulars.")]


Block: TypeAlias = ProseBlock | PointsBlock | RemarkBlock | CardsBlock | TableBlock | ChartBlock | PageOneBlock | ExceptionBlock


def claims_of(block: Block) -> list[ClaimRecord]:
    """Return the claims that stand behind a block; only some kinds have any."""
    return block.get("claims", []) if block["kind"] in ("prose", "table", "page-one") else []
