"""Blocks for tests, whole by the schema: what a test does not give is empty."""

from typing import Any, get_args, get_origin

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
