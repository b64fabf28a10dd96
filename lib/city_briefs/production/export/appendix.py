"""The appendix of a document: its metrics and their definitions, and what else is said of the numbers in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from city_briefs.common.blocks import ON_CHANCE, Block, MetricCard, claims_of


class DefinedMetric(MetricCard):
    """A metric in the appendix, with the figures and tables that show it, such as 图1."""

    places: list[str]


@dataclass
class Appendix:
    """The metrics that a document defines, and the lines that it lists under them, by what they say.

    One whose definitions stand in the manual has `notes` in their place, a line for each kind.
    """

    metrics: list[DefinedMetric] = field(default_factory=list)
    comparisons: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    caveats: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)
    revisions: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def listed(self) -> list[tuple[str, list[str]]]:
        """What it lists under the definitions, by heading; only what there is."""
        headed = [("数据说明", self.notes)] if self.notes else [
            ("怎样看比较", self.comparisons), ("资料来源", self.sources), ("使用说明", self.caveats), ("数据核验提示", self.doubts),
            ("数据更正（与上版快照相比）", self.corrections), ("以往各期修订（与首次签发数相比）", self.revisions),
            ("本版与上版的变化", self.changes), ("未列或未作比较的数据", self.refusals),
        ]  # fmt: skip
        return [(name, [item.rstrip("。") for item in items]) for name, items in headed if items]


def appendix(
    blocks: Sequence[Block], shown: Iterable[tuple[str, Block]], of: tuple[Any, Any], changes: Iterable[str] = ()
) -> Appendix:
    """The appendix of the blocks of a document, which is of a region, by its code, and a year; only what is refused of these is listed.

    `shown` are the figures and tables by their names, `changes` what the edition says otherwise than the one before.
    """
    named = {metric["id"]: metric for block in blocks for metric in block["metrics"]}
    places = [(place, {metric["id"] for metric in block["metrics"]}) for place, block in shown]
    labels = {metric["id"]: metric["label"] for metric in named.values()}
    made = Appendix(changes=list(changes))
    made.metrics = [
        {**metric, "places": [place for place, ids in places if metric["id"] in ids]}
        for metric in named.values()
        if metric["provenance"]  # what there is no data of is listed below, undefined
    ]
    made.comparisons = [ON_CHANCE] if any(map(_is_tested, blocks)) else []
    made.comparisons += _by_reason(
        (metric["label"], said) for block in blocks for metric in block["metrics"] for said in metric.get("comparisons", [])
    )
    made.sources = _once(source for metric in made.metrics for source in metric["sources"])
    made.caveats = _once(caveat for metric in made.metrics for caveat in metric["caveats"])
    made.doubts = _once(doubt for metric in made.metrics for doubt in metric["doubts"])
    made.corrections = list(_corrections(blocks, labels, of))
    made.revisions = _once(
        f"{metric['label']}：{'；'.join(said)}"
        for block in blocks
        for metric in block["metrics"]
        if (said := metric.get("revisions"))
    )
    made.refusals = _by_reason(
        (labels[figure["metric"]], figure["refused"])
        for block in blocks
        for figure in block["figures"]
        if figure["refused"] and (figure["region"], figure["year"]) == of and not figure.get("part")
    )
    made.refusals += _once(
        f"{labels[claim['metric']]}不作“{claim['name']}”的表述：{claim['refused']}"
        for block in blocks
        for claim in claims_of(block)
        if claim["refused"]
    )
    return made


def _is_tested(block: Block) -> bool:
    """Whether a block states a change that chance was asked about; blocks of the oldest editions say nothing of it."""
    return any(figure.get("verdict", "untested") != "untested" for figure in block["figures"])


def _corrections(shown: Iterable[Block], labels: dict[str, str], of: tuple[Any, Any]) -> Iterator[str]:
    """A line for each metric whose numbers of the region were corrected in the year or the year before: the first few, how many more."""
    region, year = of
    cards = [metric for block in shown for metric in block["metrics"]]
    by_place = {(card["id"], note["region"], note["year"]): note for card in cards for note in card["corrections"]}
    for metric, label in labels.items():
        of_region = [
            note for place, note in sorted(by_place.items()) if place[:2] == (metric, region) and place[2] in (year - 1, year)
        ]
        if of_region:
            more = sum(note["more"] for note in of_region)
            texts = [correction for note in of_region for correction in note["said"]] + ([f"另有{more}项"] if more else [])
            yield f"{label}：{'；'.join(texts)}"


def _by_reason(refused: Iterable[tuple[str, str]]) -> list[str]:
    """One line for each reason, with all the labels it holds for; what in it differs (上年同期为3起) stands behind each label."""
    reasons: dict[str, dict[tuple[str, str], None]] = {}
    for label, reason in refused:
        ground, comma, rest = reason.partition("，")
        reasons.setdefault(rest if comma else reason, {})[label, ground if comma else ""] = None
    lines = []
    for rest, held in reasons.items():
        grounds = {ground for _, ground in held}
        if len(grounds) == 1:
            reason = "，".join(filter(None, [*grounds, rest]))
            lines.append(f"{'、'.join(label for label, _ in held)}：{reason}")
        else:
            lines.append("、".join(f"{label}（{ground}）" if ground else label for label, ground in held) + f"：{rest}")
    return lines


def _once(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
