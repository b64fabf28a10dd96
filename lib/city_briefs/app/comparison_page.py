"""A comparison as one page that needs nothing else: both sides beside each other, and what differs marked by words and strokes.

The page is Chinese, whatever the language of messages, as a brief is. It has no script.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import cast

from city_briefs.analysis.assessments.side_by_side import STATES, Pair, total
from city_briefs.analysis.compute.snapshot_diff import Movement
from city_briefs.analysis.figures import number_format
from city_briefs.common import paths, theme
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.errors import UsageError
from city_briefs.common.files import reason, reason_zh
from city_briefs.common.language import chosen
from city_briefs.common.periods import YTD, Period, Span, months_text
from city_briefs.common.regions import Regions
from city_briefs.common.theme import screen_fonts
from city_briefs.model.labels import VIEW_NAMES
from city_briefs.production.editions.figure_diff import Moved
from city_briefs.production.review.compare import Comparison, Difference
from city_briefs.production.review.rewording import Rewritten, marked

MOST = 80  # rows of a section
SAME = "两边没有不同。"
ABSENT, NONE = "未列", "（无）"
BEFORE, AFTER = "前", "后"
NUMBER, REWORDED, GONE, COME, ELSEWHERE = "数字", "改写", "删去", "新增", "移位"
HEADING = re.compile(r"^#+ ")
Spans = tuple[tuple[str, bool], ...]  # pieces of a text, each with whether the other side has it not


@dataclass(frozen=True)
class Row:
    """What differs: of which kind, where, and what both sides say; `note` is what is said of both."""

    kind: str
    what: str
    old: Spans
    new: Spans
    note: str = ""


@dataclass(frozen=True)
class Section:
    """Rows under a heading; `more` is how many of them the page leaves out."""

    title: str
    rows: Sequence[Row]
    more: int = 0

    @property
    def has_notes(self) -> bool:
        """Whether anything is said of both sides of a row."""
        return any(row.note for row in self.rows)


@dataclass(frozen=True)
class Page:
    """All that a page says: what is compared, the names of both sides, sentences before and after, and what differs.

    `columns` are the heads of a table: what is compared, both sides, and what is said of both.
    """

    heading: str
    sides: tuple[str, str]
    columns: tuple[str, str, str, str]
    facts: Sequence[str]
    sections: Sequence[Section]
    closing: Sequence[str]
    notices: Sequence[str]

    @property
    def is_marked(self) -> bool:
        """Whether words are marked that only one side has."""
        return any(differs for section in self.sections for row in section.rows for _, differs in (*row.old, *row.new))

    @property
    def html(self) -> str:
        """The page."""
        template = theme.templates(theme.FOLDER).get_template("compare.html.j2")
        drawn = template.render(
            page=self, palette=theme.PALETTE, sans=screen_fonts.stack(theme.SANS), font_place=screen_fonts.PLACE,
            bold=screen_fonts.bold_stack(theme.SANS), same=SAME, absent=NONE, one_sided=(GONE, COME),
        )  # fmt: skip
        return screen_fonts.embedded(drawn)

    def write(self, file: Path) -> None:
        """Write it.

        Raises:
            UsageError: it cannot be written.
        """
        try:
            write_whole(file, self.html)
        except OSError as error:
            there = paths.shown(file)
            raise UsageError(
                chosen(
                    f"{there} cannot be written: {reason(error)}. Name another file with --page.",
                    f"{there}无法写入：{reason_zh(error)}。请用--page另写一个文件名。",
                )
            ) from None


def of_packs(comparison: Comparison, sides: tuple[str, str], facts: Sequence[str]) -> Page:
    """Return the page of two batches of packs: what all packs of a kind have in common once, then pack by pack what differs besides."""
    rows = {difference.pack: list(_rows(difference, comparison)) for difference in comparison.differing}
    titles = {difference.pack[2]: difference.title for difference in comparison.differing}
    sections, only_common = [], []
    common: dict[str, list[Row]] = {}
    for pack, title in titles.items():
        of_pack = [rows[difference.pack] for difference in comparison.differing if difference.pack[2] == pack]
        if len(of_pack) > 1:
            times = Counter(row for listed in of_pack for row in dict.fromkeys(listed))
            common[pack] = [row for row in dict.fromkeys(of_pack[0]) if times[row] == len(of_pack)]
            if common[pack]:
                sections.append(_section(f"{title}：{len(of_pack)}份相同的改动", common[pack]))
    for difference in comparison.differing:
        period, region, pack = difference.pack
        name = f"{comparison.names.get(region, region)} {Period.of_slug(period).text}"
        of_this_pack = [row for row in rows[difference.pack] if row not in common.get(pack, ())]
        if of_this_pack:
            sections.append(_section(f"{name} {difference.title}", of_this_pack))
        else:
            only_common.append(f"{name} {difference.title}")
    closing = [f"除上列相同的改动外没有别的不同：{'、'.join(only_common)}。"] if only_common else []
    for side, packs in zip(sides, (comparison.only_before, comparison.only_after), strict=True):
        listed = [
            f"{comparison.names.get(region, region)} {Period.of_slug(period).text} {pack}" for period, region, pack in packs
        ]
        closing += [f"只在“{side}”里：{'、'.join(listed)}。"] if listed else []
    same = comparison.compared - len(comparison.differing)
    closing.append(f"对照{comparison.compared}份，{len(comparison.differing)}份不同，{same}份一字未变。")
    return Page("简报对照", sides, ("哪里", BEFORE, AFTER, "说明"), facts, sections, closing, comparison.notices)


def _section(title: str, rows: Sequence[Row]) -> Section:
    return Section(title, rows[:MOST], max(0, len(rows) - MOST))


def _plain(text: str) -> Spans:
    return ((text, False),) if text else ()


def _rows(difference: Difference, comparison: Comparison) -> Iterator[Row]:
    """Yield what differs in a pack: its own figures, then those of other regions, then its words."""
    own_first = sorted(difference.figures, key=lambda figure: figure.region != difference.pack[1])
    for figure in own_first:
        old, new = _said(figure.before, figure.value_before, figure), _said(figure.after, figure.value_after, figure)
        redefined = "口径已调整" if figure.redefined else ""
        yield Row(NUMBER, _name(figure, difference, comparison), _plain(old), _plain(new), redefined)
    for words in difference.words:
        yield from _of_words(words)


def _said(text: str | None, value: float | None, figure: Moved) -> str:
    """Return what one side says of a figure; with more decimals where both print the same and their values differ."""
    if text is None:
        return ABSENT
    if figure.before != figure.after or value is None:
        return text
    return f"{text}（{number_format.number(Decimal(str(value)), number_format.MOST_DECIMALS)}）"


def _name(figure: Moved, difference: Difference, comparison: Comparison) -> str:
    """Return what a figure is, with its region and period where they are not those of the pack."""
    slug, region, _ = difference.pack
    period = Period(figure.year, figure.through, cast(Span, figure.span or YTD))
    view = "" if figure.view == "value" else VIEW_NAMES.get(figure.view, figure.view)
    about = "、".join(filter(None, (view, figure.part, figure.area)))
    where = "" if figure.region == region else comparison.names.get(figure.region, figure.region)
    when = "" if period.slug == slug else period.text
    return " ".join(filter(None, (f"{figure.label}{f'（{about}）' if about else ''}", where, when)))


def _of_words(words: Rewritten) -> Iterator[Row]:
    """Yield the lines of a chapter that differ, headings without the signs of Markdown."""
    for pair in words.pairs:
        old, new = (None if line is None else HEADING.sub("", line) for line in pair)
        if old is not None and new is not None:
            before, after = marked(old, new)
            yield Row(REWORDED, words.chapter, tuple(before), tuple(after))
        elif old is not None:
            yield Row(GONE, words.chapter, ((old, True),), ())
        else:
            yield Row(COME, words.chapter, (), ((new or "", True),))
    if words.reordered:
        yield Row(ELSEWHERE, words.chapter, (), (), f"{len(words.reordered)}行只是换了位置，文字和数字不变")


def of_pairs(pairs: Sequence[Pair], sides: tuple[str, str], common: str, notice: str) -> Page:
    """Return the page of two regions or two periods."""
    sections = [
        Section(
            f"{name}（{len(of_state)}项）",
            [
                Row("", pair.metric.label, _plain(pair.first.prose), _plain(pair.second.prose), pair.explained)
                for pair in of_state
            ],
        )
        for state, name in STATES.items()
        if (of_state := [pair for pair in pairs if pair.state == state])
    ]
    closing, notices = [total(pairs)], [notice] if notice else []
    return Page(f"{common} {sides[0]}与{sides[1]}对照", sides, ("指标", *sides, "差异"), [], sections, closing, notices)


def of_movements(
    moved: Sequence[Movement], tables: Sequence[str], regions: Regions, sides: tuple[str, str], notices: Sequence[str]
) -> Page:
    """Return the page of two snapshots: what each metric came to before and after; `tables` say which tables have other rows."""
    sections = []
    for metric, group in groupby(moved, key=lambda movement: movement.metric):
        listed = list(group)
        rows = []
        for one in listed:
            region = regions.by_code.get(one.region)
            since = "1月至" if one.window == "to_date" else ""
            when = f"{since}{months_text([one.month])}"
            old, new = (
                "未知" if number is None else number_format.in_unit(number, "", metric.decimals)
                for number in (one.before, one.after)
            )
            rows.append(Row("", f"{region.name if region else one.region} {when}", _plain(old), _plain(new)))
        sections.append(_section(f"{metric.label}（{metric.unit}），因{'、'.join(listed[0].tables)}有改动", rows))
    closing = [f"变了的数{len(moved)}个。"] if moved else []
    return Page("快照对照", sides, ("哪里", BEFORE, AFTER, "说明"), tables, sections, closing, notices)
