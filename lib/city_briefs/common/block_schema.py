"""The schema of blocks, asked as a program runs: the fields of each kind, what of a block is printed, and whether it is whole.

The types are those of `city_briefs.common.blocks`. pydantic holds blocks to them; it is imported at the first block, since it takes a
tenth of a second.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, cast, get_args, get_origin, get_type_hints

from typing_extensions import Doc, is_typeddict

from city_briefs.common import blocks
from city_briefs.common.blocks import NOT_PRINTED, NOT_SAID, PRINTED_ELSEWHERE, Block, NoStamp, SnapshotStamp, Stated, Trait
from city_briefs.common.errors import PackError
from city_briefs.common.language import chosen

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

KINDS: dict[str, type] = {get_args(get_type_hints(kind)["kind"])[0]: kind for kind in get_args(Block)}
WORDS = {str: "text", bool: "true or false", int: "whole number", float: "number", type(None): "null"}
WANTED = {
    "string_type": ("text", "文字"), "list_type": ("a list", "列表"), "dict_type": ("an object", "对象"),
    "bool_type": ("true or false", "true或false"), "int_type": ("a whole number", "整数"), "float_type": ("a number", "数字"),
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A field of a kind of block or of a part: its bare type, the part that it holds (None for none), its traits and its meaning."""

    type: Any
    part: type | None
    required: bool
    traits: frozenset[Trait]
    meaning: str


@cache
def fields(shape: type) -> Mapping[str, Field]:
    """Return the fields of a kind or of a part of one, those that all blocks have last."""
    hints = get_type_hints(shape, include_extras=True)
    shared = get_type_hints(Stated) if "kind" in hints else {}
    return {name: _field(hints[name], name in shape.__required_keys__) for name in sorted(hints, key=shared.__contains__)}  # type: ignore[attr-defined]


def _field(hint: Any, required: bool) -> Field:
    bare, *marks = get_args(get_args(hint)[0] if get_origin(hint) is NotRequired else hint)
    [meaning] = [mark.documentation for mark in marks if isinstance(mark, Doc)]
    traits = frozenset(trait for trait in Trait if trait in marks)  # by its value: typing keeps one of an earlier import
    return Field(bare, next(iter(parts_of(bare)), None), required, traits, meaning)


def parts_of(hint: Any) -> list[type]:
    """Return the parts that a type is made of."""
    return [hint] if is_typeddict(hint) else [part for argument in get_args(hint) for part in parts_of(argument)]


def parts() -> list[type]:
    """Return the parts that blocks are made of, each once, those that hold others before what they hold."""
    listed: dict[type, None] = {}

    def add(shape: type) -> None:
        for field in fields(shape).values():
            for part in parts_of(field.type):
                listed.setdefault(part)
                add(part)

    for kind in (*KINDS.values(), Stated):
        add(kind)
    return list(listed)


def type_text(hint: Any) -> str:
    """Return a type in words."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " or ".join(f"'{word}'" for word in arguments)
    if origin is list:
        return f"list of {type_text(arguments[0])}"
    if origin is dict:
        return "texts by name"
    if arguments:
        return " or ".join(map(type_text, arguments))
    return WORDS.get(hint) or f"[{hint.__name__}](#{hint.__name__.lower()})"


def is_block(shown: object) -> bool:
    """Return whether something is meant as a block, and not what somebody else calls so; `read` sees whether it is whole."""
    return isinstance(shown, dict) and isinstance(shown.get("kind"), str) and shown["kind"] in KINDS and "figures" in shown


def said_fields(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a chapter says by a block: all but what is NOT_SAID."""
    return _pruned(KINDS[block["kind"]], block, lambda field: NOT_SAID in field.traits)


def printed_fields(block: Block) -> dict[str, Any]:
    """Return what of a block is printed where it stands."""
    return _pruned(KINDS[block["kind"]], block, lambda field: bool(field.traits & {NOT_PRINTED, PRINTED_ELSEWHERE}))


def _pruned(shape: type, value: Mapping[str, Any], left_out: Callable[[Field], bool]) -> dict[str, Any]:
    """Return a block, or a part of one, without the fields that are left out; one that the schema lacks stays."""
    schema = fields(shape)
    kept = {name: each for name, each in value.items() if name not in schema or not left_out(schema[name])}
    for name, each in kept.items():
        if name in schema and (part := schema[name].part):
            nested = each if isinstance(each, list) else [each]
            pruned = [_pruned(part, piece, left_out) for piece in nested]
            kept[name] = pruned if isinstance(each, list) else pruned[0]
    return kept


def write(block: Block) -> Block:
    """Return a block that is as the schema has it.

    Raises:
        PackError: a field is missing, is not in the schema, or is of another type.
    """
    if fault := _fault(block):
        raise PackError(
            chosen(
                f"{fault} Write the block as city_briefs/common/blocks.py has it, or change it there.",
                f"{fault}请按city_briefs/common/blocks.py的规定写，或修改该文件。",
            )
        )
    return block


def read(shown: object) -> Block:
    """Return what a cell of a notebook shows as a block.

    Raises:
        PackError: it is not as the schema has it: another version wrote it, or somebody else.
    """
    if fault := _fault(shown):
        raise PackError(
            chosen(
                f"{fault} Run its chapter again with this version of City Briefs.",
                f"{fault}请用本版本的City Briefs重新运行该章。",
            )
        )
    return cast(Block, shown)


@cache
def _adapter() -> "TypeAdapter[Block]":
    from pydantic import ConfigDict, TypeAdapter
    from pydantic import Field as Choice

    return TypeAdapter(Annotated[blocks.Block, Choice(discriminator="kind")], config=ConfigDict(extra="forbid", strict=True))


def _fault(shown: object) -> str:
    """Return the first fault of a block as a sentence; empty when it has none."""
    from pydantic import ValidationError

    try:
        block = _adapter().validate_python(shown)
    except ValidationError as error:
        return _sentence(error)
    return _table_fault(block) if block["kind"] == "table" else ""


def _table_fault(block: blocks.TableBlock) -> str:
    """Return what in a table does not fit its columns and rows, as a sentence; empty when all does."""
    columns, rows = len(block["header"]), len(block["rows"])
    lengths = {"align": len(block["align"]), "widths": len(block.get("widths", block["header"]))}
    lengths |= {f"rows.{number}": len(row) for number, row in enumerate(block["rows"])}
    for name, length in lengths.items():
        if length != columns:
            return chosen(
                f"The field '{name}' of a block of the kind table has {length} entries, and the table {columns} columns.",
                f"table类内容块的字段“{name}”有{length}项，而表有{columns}栏。",
            )
    for name, numbers in (("marked", block["marked"]), ("totals", block["totals"])):
        if outside := [number for number in numbers if not 0 <= number < rows]:
            return chosen(
                f"The field '{name}' of a block of the kind table names row {outside[0]}, and the table has {rows} rows.",
                f"table类内容块的字段“{name}”写了第{outside[0]}行，而表只有{rows}行。",
            )
    return ""


def _sentence(error: "ValidationError") -> str:
    first = error.errors(include_url=False)[0]
    if not first["loc"]:
        return chosen(
            f"A block is of no kind that the schema of blocks has, which are {', '.join(KINDS)}.",
            f"内容块的种类不在规定之内，规定的有{'、'.join(KINDS)}。",
        )
    kind, *path = first["loc"]
    name = ".".join(str(step) for step in path if step not in (SnapshotStamp.__name__, NoStamp.__name__))
    if first["type"] == "missing":
        return chosen(f"A block of the kind {kind} has no field '{name}'.", f"{kind}类内容块缺少字段“{name}”。")
    if first["type"] == "extra_forbidden":
        return chosen(
            f"A block of the kind {kind} has a field '{name}', which the schema of blocks lacks.",
            f"{kind}类内容块有规定之外的字段“{name}”。",
        )
    expected = first.get("ctx", {}).get("expected", "")
    wanted, wanted_zh = WANTED.get(first["type"], (expected or "something else", expected.replace(" or ", "或") or "其他内容"))
    return chosen(
        f"The field '{name}' of a block of the kind {kind} is {first['input']!r:.40}, where the schema of blocks has {wanted}.",
        f"{kind}类内容块的字段“{name}”为{first['input']!r:.40}，按规定应为{wanted_zh}。",
    )
