"""Blocks: what a cell of a chapter shows, the contract between analysis, which writes them, and production, which prints them.

A block is plain JSON of one of the kinds below, and travels in a display bundle of type `theme.MIME`. A field that is not required is
left out where it does not apply. Each field says what it means, and whether it is printed: with its block, elsewhere
(PRINTED_ELSEWHERE) or never (NOT_PRINTED); and whether a chapter says it (NOT_SAID), so that another value makes another edition.
`block_schema` is asked for all that; docs/blocks.md is made from both.
"""

from enum import StrEnum
from typing import Annotated, Literal, NotRequired, TypeAlias

from typing_extensions import Doc, TypedDict

from city_briefs.common.periods import Span


class Trait(StrEnum):
    """What is true of a field besides its type."""

    NOT_PRINTED = "never"
    PRINTED_ELSEWHERE = "elsewhere"
    NOT_SAID = "not said"


NOT_PRINTED, PRINTED_ELSEWHERE, NOT_SAID = Trait
Alignment = Literal["left", "right"]
Verdict = Literal["up", "down", "same", "untested"]
ON_CHANCE = "全数统计的数字也有年际、地区间的随机波动，本报告只对超出波动的差异作评价。"  # of the appendix, and of the manual
ROUNDING = "因四舍五入，合计与分项可能不等"  # a note under tables, or once at the end
Cell: TypeAlias = str
Row: TypeAlias = list[Cell]


class Asked(TypedDict):
    """What a figure was asked beside metric, view, region and period; a field is there when it was named."""

    area: NotRequired[Annotated[str, Doc("The area elsewhere that the number is of.")]]
    base: NotRequired[Annotated[str, Doc("What a target or cited number is set on: value or yoy.")]]
    by: NotRequired[Annotated[str, Doc("The column that the part is a word of.")]]
    part: NotRequired[Annotated[str, Doc("The only word of that column that is counted.")]]


class FigureRecord(Asked):
    """One number that a block states or refuses, in the units of its metric and view."""

    metric: Annotated[str, Doc("The id of its metric.")]
    view: Annotated[str, Doc("The view: value, yoy, share, …")]
    region: Annotated[str, Doc("The code of its region.")]
    year: Annotated[int, Doc("The year of its period.")]
    through: Annotated[int, Doc("The last month of its period, 1 to 12.")]
    span: NotRequired[
        Annotated[Span, Doc("The months of its period: a month, a quarter or a half-year; not there for January to a month.")]
    ]
    value: Annotated[float | None, Doc("The number, unrounded; null exactly when it is refused.")]
    unit: Annotated[str, Doc("The unit of the number.")]
    numerator: Annotated[float | None, Doc("What it was divided from; null when it is no quotient.")]
    denominator: Annotated[float | None, Doc("What it was divided by; null when it is no quotient.")]
    text: Annotated[str, Doc("The number as a sentence says it, or what stands in its place.")]
    refused: Annotated[str | None, Doc("Why it may not be given; null when it may.")]
    interval: NotRequired[
        Annotated[
            list[float] | None, NOT_SAID, Doc("Its two limits with 95 %; of a rank the places that are possible; null for none.")
        ]
    ]
    verdict: NotRequired[Annotated[Verdict, NOT_SAID, Doc("Whether a change is told apart from chance.")]]
    pending: NotRequired[
        Annotated[float | None, NOT_SAID, Doc("The share of cases, 0 to 1, whose outcome is not known yet; else null.")]
    ]


class CorrectionRecord(TypedDict):
    """What of a metric was corrected in a region and year since the snapshot of the edition before."""

    region: Annotated[str, NOT_PRINTED, Doc("The code of the region.")]
    year: Annotated[int, NOT_PRINTED, Doc("The year.")]
    said: Annotated[list[str], Doc("The first corrections in words.")]
    more: Annotated[int, Doc("How many there are besides.")]


class MetricCard(TypedDict):
    """What the appendix prints of a metric that a block names."""

    id: Annotated[str, NOT_PRINTED, Doc("Its id, by which figures and claims name it.")]
    label: Annotated[str, Doc("Its name.")]
    unit: Annotated[str, Doc("Its unit.")]
    definition: Annotated[str, Doc("Its definition; a blank line parts paragraphs.")]
    owner: Annotated[str, Doc("The office that answers for it.")]
    hash: Annotated[str, NOT_PRINTED, NOT_SAID, Doc("The hash of its definition: a scheme, a colon, and the SHA-256 of that.")]
    provenance: Annotated[str | None, NOT_PRINTED, Doc("Where the snapshot has it from; null when there is no data.")]
    tables: NotRequired[Annotated[list[str], NOT_PRINTED, Doc("The tables it is counted from; not in the oldest editions.")]]
    sources: Annotated[list[str], Doc("The sources of these tables, in full.")]
    caveats: Annotated[list[str], Doc("What a reader must know of its data.")]
    doubts: Annotated[list[str], Doc("What is doubtful in its data.")]
    corrections: Annotated[list[CorrectionRecord], Doc("What of its figures was corrected.")]
    comparisons: NotRequired[Annotated[list[str], NOT_SAID, Doc("What a reader must know of how its changes were compared.")]]
    revisions: NotRequired[
        Annotated[list[str], NOT_SAID, Doc("By how much earlier periods were revised since first issued, and why.")]
    ]


class SnapshotStamp(TypedDict):
    """By what a document names the snapshot."""

    id: Annotated[str, Doc("Its hash, of which 12 digits are printed.")]
    synthetic: Annotated[bool, NOT_PRINTED, Doc("Whether its data are made up.")]
    notice: Annotated[str, Doc("What every page must say of it; may be empty.")]
    ingested_at: Annotated[str, NOT_PRINTED, Doc("The day on which the newest of it came in.")]


class NoStamp(TypedDict, closed=True):
    """The stamp of a chapter that is kept for later builds: it is stamped as a pack is made of it."""


class Stated(TypedDict):
    """What every block carries of the numbers in it."""

    figures: Annotated[list[FigureRecord], PRINTED_ELSEWHERE, Doc("One for each number that is stated or refused.")]
    views: Annotated[dict[str, str], NOT_PRINTED, Doc("What each view of its figures is called.")]
    names: NotRequired[
        Annotated[
            dict[str, str],
            NOT_PRINTED,
            NOT_SAID,
            Doc("What codes in its figures are called: 620100 a region, kind a column, kind:elevator a word of it."),
        ]
    ]
    metrics: Annotated[list[MetricCard], PRINTED_ELSEWHERE, Doc("The metrics that it names.")]
    snapshot: Annotated[SnapshotStamp | NoStamp, PRINTED_ELSEWHERE, NOT_SAID, Doc("The snapshot it was made of.")]


class Numbers(Stated, closed=True):
    """These fields and no other, to be written into a block."""


class ClaimRecord(TypedDict):
    """A claim that was put to its guard."""

    name: Annotated[str, Doc("What is claimed, such as 首次突破.")]
    metric: Annotated[str, NOT_PRINTED, Doc("The id of the metric that it is on.")]
    said: Annotated[str, NOT_PRINTED, Doc("The claim in words, as the block says it; empty when it was not earned.")]
    refused: Annotated[str | None, Doc("Why it was not earned; null when it was.")]


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


class Drawing(TypedDict):
    """A small drawing within a block."""

    svg: Annotated[str, NOT_PRINTED, Doc("The drawing, of shapes and words alone.")]
    alt: Annotated[str, Doc("What it shows, in words.")]


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
    narrow: NotRequired[
        Annotated[str, NOT_PRINTED, NOT_SAID, Doc("The same for a narrow screen, where its words stay large enough.")]
    ]
    notes: Annotated[list[str], Doc("Notes under it, without full stop.")]
    sources: Annotated[list[str], Doc("Sources under it, without particulars.")]


class LeadLine(TypedDict):
    """A sentence with the word that stands before it: under the conclusion of page one, or of a matter that has to be done."""

    word: Annotated[str, Doc("What it tells: 好在, 差在 or 要办; 依据, 要做到, 谁、何时 or 交办结果.")]
    text: Annotated[str, Doc("The sentence, with its full stop.")]


Mark = Literal["", "light", "missed", "watch", "met"]


class PageOneRow(TypedDict):
    """A metric of page one, a line of its table."""

    subject: Annotated[str, Doc("Its subject; empty when the row above has the same.")]
    label: Annotated[str, Doc("The name of the metric.")]
    unit: Annotated[str, Doc("The unit of its value.")]
    value: Annotated[str, Doc("The digits of its value, or what stands in its place.")]
    change: Annotated[str, Doc("Its growth or difference, or why it is not compared.")]
    months: NotRequired[Annotated[Drawing, Doc("The course of the last 24 months.")]]
    regions: NotRequired[Annotated[Drawing, Doc("All regions on one scale, the better end on the right.")]]
    regions_words: Annotated[str, Doc("What stands in place of the regions; empty where they are drawn.")]
    place: Annotated[str, Doc("The possible places among the regions; empty when there are none.")]
    move: Annotated[str, Doc("How the place has changed; empty when that cannot be told.")]
    mark: Annotated[Mark, NOT_PRINTED, Doc("What is drawn: a light, a missed target, something to watch, a target that is met.")]
    mark_word: Annotated[str, Doc("What the mark says, such as 黄灯; empty without one.")]
    mark_text: Annotated[str, Doc("Since when, or by how much; may be empty.")]


class Panel(TypedDict):
    """A small chart of page one, or of a matter that has to be done, under a title that states its message."""

    title: Annotated[str, Doc("The message.")]
    subtitle: Annotated[str, Doc("What is drawn, in which unit.")]
    drawing: NotRequired[Annotated[Drawing, Doc("The chart; not there when the message says why there is none.")]]


class Concern(TypedDict):
    """A matter for the leader: what, on what evidence, what it takes, and who has to do it until when."""

    what: Annotated[str, Doc("The matter.")]
    mark: Annotated[Mark, NOT_PRINTED, Doc("What is drawn beside it.")]
    mark_word: Annotated[str, Doc("What the mark says.")]
    evidence: Annotated[str, Doc("The numbers behind it.")]
    needed: Annotated[str, Doc("What it takes, by arithmetic; may be empty.")]
    who: Annotated[str, Doc("Who has to act, how and until when; may be empty.")]


class PageOneBlock(Stated):
    """Page one: the conclusion, nine metrics, why and when, and what the leader has to attend to."""

    kind: Annotated[Literal["page-one"], NOT_PRINTED, Doc("The kind of the block.")]
    conclusion: Annotated[str, Doc("The conclusion, at most 26 characters.")]
    leads: Annotated[list[LeadLine], Doc("The sentences under the conclusion.")]
    columns: Annotated[list[str], Doc("The heads of the table: one for each column from the subject to the mark.")]
    rows: Annotated[list[PageOneRow], Doc("The metrics in their order.")]
    key: Annotated[str, Doc("How the table is to be read, under it.")]
    panels: Annotated[list[Panel], Doc("Why it moved and when, side by side; at most two.")]
    concern_columns: Annotated[list[str], Doc("The heads of the table of concerns.")]
    concerns: Annotated[list[Concern], Doc("At most three, the gravest first.")]
    more: Annotated[str, Doc("How many there are besides, with their names where these have room; empty when there are none.")]
    lights: NotRequired[
        Annotated[int, NOT_PRINTED, NOT_SAID, Doc("How many lights are on; left out where none could be judged.")]
    ]
    behind: NotRequired[
        Annotated[int, NOT_PRINTED, NOT_SAID, Doc("How many targets are behind or missed; left out where none could be judged.")]
    ]
    notes: Annotated[list[str], Doc("Notes under it, without full stop.")]
    sources: Annotated[list[str], Doc("Sources under it, without particulars.")]
    claims: NotRequired[Annotated[list[ClaimRecord], Doc("The claims that stand behind it, earned or not.")]]


class ExceptionBlock(Stated):
    """A matter that has to be done: its months, which parts make it, what it takes, who until when, and what became of what was asked."""

    kind: Annotated[Literal["exception"], NOT_PRINTED, Doc("The kind of the block.")]
    what: Annotated[str, Doc("The matter.")]
    mark: Annotated[Mark, NOT_PRINTED, Doc("What is drawn beside it.")]
    mark_word: Annotated[str, Doc("What the mark says.")]
    panels: Annotated[list[Panel], Doc("Its months and its parts, side by side; at most two.")]
    lines: Annotated[list[LeadLine], Doc("The evidence, what it takes, who until when, and what became of what was asked.")]
    notes: Annotated[list[str], Doc("Notes under it, without full stop.")]
    sources: Annotated[list[str], Doc("Sources under it, without particulars.")]


Block: TypeAlias = ProseBlock | PointsBlock | RemarkBlock | CardsBlock | TableBlock | ChartBlock | PageOneBlock | ExceptionBlock


def claims_of(block: Block) -> list[ClaimRecord]:
    """Return the claims that stand behind a block; only some kinds have any."""
    return block.get("claims", []) if block["kind"] in ("prose", "table", "page-one") else []
