"""Block parts: what every kind of block shares: its numbers, metrics and snapshot, claims, small drawings, and the traits of fields."""

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


class OwnData(TypedDict):
    """The data of a chart or table that an analyst computed; the workbook has them as a sheet."""

    heads: Annotated[Row, Doc("The names of its columns.")]
    rows: Annotated[list[Row], Doc("Its rows, numbers unrounded and in plain digits; blank for no data.")]


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


class Drawing(TypedDict):
    """A small drawing within a block."""

    svg: Annotated[str, NOT_PRINTED, Doc("The drawing, of shapes and words alone.")]
    alt: Annotated[str, Doc("What it shows, in words.")]
