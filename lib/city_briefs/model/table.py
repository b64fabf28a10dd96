"""Tables and columns: what they are, and what a column may hold; `city_briefs.model.tables` lists those that there are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

STR, INT, FLOAT, DATE, BOOL = "str", "int", "float", "date", "bool"
ARROW = {STR: "string", INT: "int64", FLOAT: "float64", DATE: "date32", BOOL: "bool_"}  # the function of pyarrow for each type
DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")


@dataclass(frozen=True)
class Column:
    """One column. A type with bars, such as `month|as_of`, is a closed list of words, stored as text."""

    name: str
    type: str
    required: bool
    meaning_zh: str
    meaning_en: str

    @property
    def words(self) -> tuple[str, ...]:
        """The closed list of words that it may hold; empty for another type."""
        return tuple(self.type.split("|")) if "|" in self.type else ()

    @property
    def field(self) -> "pa.Field":
        """Its Arrow field; a column that is not required may be empty."""
        import pyarrow as pa  # whoever only names tables does not wait for it

        number = DECIMAL.fullmatch(self.type)
        kind = pa.decimal128(int(number[1]), int(number[2])) if number else getattr(pa, ARROW[STR if self.words else self.type])()
        return pa.field(self.name, kind, nullable=not self.required)


@dataclass(frozen=True)
class Table:
    """One table. `label` is its name in Chinese, as a source line prints it.

    No two rows have the same `key`. Of each pair of dates in `order`, the second is not before the first. A column in `references`
    holds a value of that column of that other table, or nothing.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    order: tuple[tuple[str, str], ...] = ()
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict, hash=False)

    @property
    def schema(self) -> "pa.Schema":
        """Its Arrow schema, columns in the order of the contract."""
        import pyarrow as pa  # as above

        return pa.schema([column.field for column in self.columns])
