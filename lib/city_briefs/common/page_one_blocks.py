"""Page-one blocks: page one, and the exceptions that stand after it, with the parts that both are made of."""

from typing import Annotated, Literal, NotRequired

from typing_extensions import Doc, TypedDict

from city_briefs.common.block_parts import NOT_PRINTED, NOT_SAID, ClaimRecord, Drawing, Stated


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
