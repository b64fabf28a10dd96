"""Figures that two editions of a pack do not state alike, read from the blocks of their executed notebooks."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from city_briefs.common.blocks import Block, FigureRecord, MetricCard

QUESTION = (
    "metric",
    "view",
    "region",
    "year",
    "through",
    "span",
    "area",
    "base",
    "by",
    "part",
)  # what tells a figure from every other
DEFINED: tuple[Literal["label", "unit", "definition"], ...] = (
    "label",
    "unit",
    "definition",
)  # what a card says in words of the definition


@dataclass(frozen=True)
class Moved:
    """One figure that moved: what it answers, then as both editions say it. `span` is empty for January to a month.

    `before` and `after` are its text or the reason why it is refused, None where it is not stated; the values are unrounded, in
    `unit`, and None where there is none. `redefined` says that the definition of its metric is another.
    """

    metric: str
    label: str
    view: str
    region: str
    year: int
    through: int
    span: str
    area: str
    base: str
    by: str
    part: str
    unit: str
    before: str | None
    after: str | None
    value_before: int | float | None
    value_after: int | float | None
    redefined: bool

    @property
    def question(self) -> tuple[Any, ...]:
        """What tells it from every other figure."""
        return tuple(getattr(self, name) for name in QUESTION)

    def record(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def moved(before: Iterable[Block], after: Iterable[Block]) -> list[Moved]:
    """The figures that the blocks of two editions do not state alike: those of the later one in its order, then those it leaves out."""
    old, new = list(before), list(after)
    figures = [_figures(blocks) for blocks in (old, new)]
    cards = [_cards(blocks) for blocks in (old, new)]
    asked = [*figures[1], *(question for question in figures[0] if question not in figures[1])]
    pairs = ((question, figures[0].get(question), figures[1].get(question)) for question in asked)
    return [_moved(question, first, second, cards) for question, first, second in pairs if _said(first) != _said(second)]


def _figures(blocks: Iterable[Block]) -> dict[tuple[Any, ...], FigureRecord]:
    """Each figure once, by its question."""
    figures: dict[tuple[Any, ...], FigureRecord] = {}
    for figure in (figure for block in blocks for figure in block["figures"]):
        figures.setdefault(tuple(figure.get(name, "") for name in QUESTION), figure)
    return figures


def _cards(blocks: Iterable[Block]) -> dict[str, MetricCard]:
    return {card["id"]: card for block in blocks for card in block["metrics"]}


def _said(figure: FigureRecord | None) -> tuple[Any, Any]:
    """A figure's words and its value."""
    return (figure["refused"] or figure["text"], figure["value"]) if figure else (None, None)


def _moved(
    question: tuple[Any, ...], first: FigureRecord | None, second: FigureRecord | None, cards: list[dict[str, MetricCard]]
) -> Moved:
    answered = dict(zip(QUESTION, question, strict=True))
    of_editions = [of_edition.get(answered["metric"]) for of_edition in cards]
    latest = of_editions[1] or of_editions[0]
    (text_before, value_before), (text_after, value_after) = _said(first), _said(second)
    figure = second or first
    return Moved(
        **answered, label=latest["label"] if latest else answered["metric"], unit=figure["unit"] if figure else "",
        before=text_before, after=text_after, value_before=value_before, value_after=value_after,
        redefined=_redefined(*of_editions),
    )  # fmt: skip


def _redefined(first: MetricCard | None, second: MetricCard | None) -> bool:
    """Return whether two cards define a metric otherwise: by their hashes, and where these are of two schemes by their words.

    A hash begins with its scheme and a colon (`city_briefs.model.definition_hash`).
    """
    if not first or not second:
        return False
    if first["hash"].rpartition(":")[0] == second["hash"].rpartition(":")[0]:
        return first["hash"] != second["hash"]
    return any(first[name] != second[name] for name in DEFINED)
