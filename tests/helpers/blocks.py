"""Blocks for tests, whole by the schema: what a test does not give is empty."""

from typing import Any, Literal, get_args, get_origin

from typing_extensions import is_typeddict

from city_briefs.common import block_schema, blocks

METRIC = {"id": "m", "label": "指标", "unit": "户", "definition": "口径。", "owner": "处", "provenance": "records"}
STAMP = {"id": "0" * 64, "synthetic": False, "notice": "", "ingested_at": "2022-01-05"}


def part(shape: type, **given: Any) -> dict[str, Any]:
    """Return a part of a block: its required fields, and what is given."""
    return {name: _empty(field.type) for name, field in block_schema.fields(shape).items() if field.required} | given


def figure(**given: Any) -> dict[str, Any]:
    """Return a figure of the metric m of Lanzhou in 2021."""
    return part(blocks.FigureRecord, **{"metric": "m", "view": "value", "region": "620100", "year": 2021, "through": 12} | given)


def metric(**given: Any) -> dict[str, Any]:
    """Return the card of the metric m."""
    return part(blocks.MetricCard, **METRIC | given)


def block(kind: str, **given: Any) -> dict[str, Any]:
    """Return a block that states one figure of the metric m."""
    stated = {"figures": [figure()], "metrics": [metric()], "snapshot": dict(STAMP)}
    return part(block_schema.KINDS[kind], **{"kind": kind} | stated | given)


def _empty(hint: Any) -> Any:
    """Return the empty value of a type; None where there may be none."""
    kind = get_origin(hint) or hint
    if type(None) in get_args(hint):
        return None
    return kind() if kind in (str, list, dict, bool, int, float) else ""


class Marked:
    """Blocks of every kind in which each field has a word or number of its own, by which it is found again in a document.

    A list of parts has three: with all fields; without those that may be absent, and with null where there may be null; without null.
    """

    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'

    def __init__(self) -> None:
        self.shapes = [*block_schema.KINDS.values(), *block_schema.parts()]
        names = [f"{shape.__name__}.{name}" for shape in self.shapes for name in block_schema.fields(shape)]
        numbers = {name: number for number, name in enumerate(names, start=1001)}
        same = {"CorrectionRecord.region": "FigureRecord.region", "CorrectionRecord.year": "FigureRecord.year"}
        same |= dict.fromkeys(("FigureRecord.metric", "ClaimRecord.metric"), "MetricCard.id")
        self.numbers = numbers | {name: numbers[other] for name, other in same.items()}

    def mark(self, name: str) -> str:
        """Return the word of a field."""
        return f"Q{self.numbers[name]}Z"

    def blocks(self) -> list[dict[str, Any]]:
        """Return two blocks of each kind: with all fields, and without those that may be absent."""
        return [self._part(kind, absent=absent) for kind in block_schema.KINDS.values() for absent in (False, True)]

    def printed(self, *, elsewhere: bool | None = None) -> list[tuple[str, block_schema.Field]]:
        """Return the fields with words of their own that are printed; those that are printed elsewhere, or only the others."""
        apart = [field.type for field in block_schema.fields(blocks.Stated).values() if blocks.PRINTED_ELSEWHERE in field.traits]
        held = {part for hint in apart for part in block_schema.parts_of(hint)}
        return [
            (f"{shape.__name__}.{name}", field)
            for shape in self.shapes
            for name, field in block_schema.fields(shape).items()
            if not field.part and blocks.NOT_PRINTED not in field.traits and elsewhere in (None, shape in held)
        ]

    def _part(self, shape: type, *, absent: bool = False, null: bool = False) -> dict[str, Any]:
        fields = block_schema.fields(shape).items()
        return {
            name: self._value(f"{shape.__name__}.{name}", field.type, null)
            for name, field in fields
            if field.required or not absent
        }

    def _value(self, name: str, hint: Any, null: bool) -> Any:
        kind, arguments = get_origin(hint) or hint, get_args(hint)
        if name.endswith((".svg", ".narrow")):
            return self.svg
        if name.endswith((".marked", ".totals", ".widths")):
            return [1] if name.endswith("widths") else [0]
        if is_typeddict(hint):
            return self._part(hint)
        if kind is Literal:
            return arguments[0]
        if kind is list and is_typeddict(arguments[0]):
            part = arguments[0]
            return [self._part(part), self._part(part, absent=True, null=True), self._part(part, absent=True)]
        if kind is list:
            return [self._value(name, arguments[0], null)]
        if kind is dict:
            return {}
        if arguments:
            return None if null and type(None) in arguments else self._value(name, arguments[0], null)
        return {str: self.mark(name), bool: True}.get(kind, self.numbers[name])
