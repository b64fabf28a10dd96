"""`sources.toml`, the declaration that lies beside the data: which file or query fills which table, from which columns."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from city_briefs.analysis.ingest import units
from city_briefs.analysis.ingest.source import ROW_NUMBER, ColumnMapping
from city_briefs.common import files, toml_file
from city_briefs.common.characters import refused
from city_briefs.common.errors import DataError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.paths import shown
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR
from city_briefs.common.secrets import has_password
from city_briefs.common.toml_file import STRICT
from city_briefs.model.table import Table
from city_briefs.model.tables import COVERAGE, TABLES

NAME = "sources.toml"
LABEL = 100  # characters of a label, which stands under every table and chart
SPAN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?(?:/(\d{4})(?:-(0[1-9]|1[0-2]))?)?")


def _label(text: str) -> str:
    """Return a label; a ValueError when it has a line break, or a character that nobody sees."""
    if code := refused(text):
        raise ValueError(
            chosen(f"has the control character {code}, which nobody sees: take it out", f"含有不可见的控制字符{code}，请删去")
        )
    if len(text) > LABEL:
        raise ValueError(
            chosen(f"has {len(text)} characters and may have {LABEL}: shorten it", f"有{len(text)}字，不能超过{LABEL}字，请缩短")
        )
    return text


Label = Annotated[str, AfterValidator(_label)]


class DeclaredColumn(BaseModel):
    """The declaration of one column: from which header of the source it comes, or its constant."""

    source: str = ""
    constant: str = ""
    values: dict[str, str] = {}
    unit: str = ""

    model_config = STRICT | ConfigDict(alias_generator=lambda name: "from" if name == "source" else name)

    @model_validator(mode="after")
    def _check_header_or_constant(self) -> Self:
        """Check that either a header or a constant is given, and nothing that contradicts it."""
        if bool(self.source) == bool(self.constant):
            raise ValueError(
                chosen(
                    "has either from, the heading it comes from, or constant", "应写from（来源表头）或constant（定值），二者取一"
                )
            )
        if self.constant and (self.values or self.unit):
            raise ValueError(chosen("is a constant, which has neither values nor unit", "是定值，不能再写values或unit"))
        return self


def _short_form(given: Any) -> Any:
    """Return the long form of a declared column: a text is a header, or a constant when it holds the sign of the row number."""
    if isinstance(given, str):
        return {"constant" if ROW_NUMBER in given else "from": given}
    return given


def _period(given: Any) -> Any:
    """Return the first and the last month (YYYY-MM) of a period such as 2021, 2021-03 or 1980-01/2019-04."""
    if not isinstance(given, str):
        raise ValueError(
            chosen(f"is a text in quotes such as '2021', not '{given}'", f"应为带引号的文字，如'2021'，不能是“{given}”")
        )
    match = SPAN.fullmatch(given)
    if not match:
        raise ValueError(
            chosen(
                f"is '{given}'. Write a year, a month or two of them: 2021, 2021-03, 2021-01/2021-11",
                f"写作“{given}”，应为年、月或起止：2021，2021-03，2021-01/2021-11",
            )
        )
    year, month, last_year, last_month = match.groups()
    first = f"{year}-{month or '01'}"
    last = f"{last_year}-{last_month or '12'}" if last_year else f"{year}-{month or '12'}"
    if not FIRST_YEAR <= int(first[:4]) <= int(last[:4]) <= LAST_YEAR or last < first:
        raise ValueError(
            chosen(
                f"is '{given}'. It runs from its first month to its last, between {FIRST_YEAR} and {LAST_YEAR}",
                f"写作“{given}”，应先起后止，在{FIRST_YEAR}至{LAST_YEAR}年之间",
            )
        )
    return first, last


class DeclaredSource(BaseModel):
    """One `[[source]]` of the file."""

    model_config = STRICT

    file: str = ""
    url: str = ""
    table: str = ""
    sheet: str = ""
    query: str = ""
    period: Annotated[tuple[str, str] | None, BeforeValidator(_period)] = None
    reporting: list[str] = []
    label: Label = ""
    drop: list[str] = []
    columns: dict[str, Annotated[DeclaredColumn, BeforeValidator(_short_form)]] = {}

    @model_validator(mode="after")
    def _check_location(self) -> Self:
        """Check that either a file or a URL is given, a query only with a URL, and a table with every URL."""
        if bool(self.file) == bool(self.url):
            raise ValueError(chosen("has either file or url", "应写file或url，二者取一"))
        if self.query and not self.url:
            raise ValueError(chosen("has a query, which only a url can answer", "写了query，只有写url（数据库）时才能用"))
        if self.url and not self.table:
            raise ValueError(
                chosen("has a url and no table. Say which table its rows belong to", "写了url，没有写table，请写明属于哪张表")
            )
        return self

    @field_validator("file")
    @classmethod
    def _check_file_name(cls, name: str) -> str:
        """Check that the name may be that of a file, a Chinese character having 3 bytes."""
        if "\0" in name:
            raise ValueError(chosen("has the character U+0000, which no name of a file has", "含有空字符，文件名中不能有"))
        if any(len(part.encode()) > files.NAME for part in name.split("/")):
            raise ValueError(
                chosen(
                    f"has a name of more than {files.NAME} bytes, and no file has a longer one",
                    f"中有超过{files.NAME}字节的名称，文件名不能这样长",
                )
            )
        return name

    @field_validator("url")
    @classmethod
    def _check_no_password(cls, url: str) -> str:
        """Check that the URL has no password."""
        if has_password(url):
            raise ValueError(
                chosen(
                    "has a password, which would lie in the file. Give it in PGPASSWORD, or name a variable that holds the url",
                    "含有密码，不能写在文件里，请在PGPASSWORD中给出，或写存有地址的环境变量名",
                )
            )
        return url

    @field_validator("table")
    @classmethod
    def _check_table(cls, name: str) -> str:
        """Check that the table exists and may be sent."""
        if name == COVERAGE.name:
            raise ValueError(
                chosen(f"is '{name}', which is made of the other tables. Leave it out", f"写作“{name}”，该表由其他表生成，请删去")
            )
        if name and name not in TABLES:
            raise ValueError(
                chosen(
                    f"is '{name}', and there is no such table.{suggestion(name, TABLES) or ' docs/data.md lists them.'}",
                    f"写作“{name}”，没有这张表。{suggestion_zh(name, TABLES) or '各表见docs/data.md'}",
                )
            )
        return name

    @property
    def location(self) -> str:
        """Return the file, or the address of the database; an address $NAME is read from the environment.

        Raises:
            DataError: that variable is not set.
        """
        if self.url.startswith("$"):
            if self.url[1:] not in os.environ:
                raise DataError(
                    chosen(
                        f"{NAME}: the variable {self.url} is not set. It holds the address of a database, postgresql://….",
                        f"{NAME}：没有设置环境变量{self.url}，其值应为数据库地址postgresql://……。",
                    )
                )
            return os.environ[self.url[1:]]
        return self.file or self.url

    def column_mappings(self, table: Table, where: str) -> Mapping[str, ColumnMapping]:
        """Return the column mappings by column name.

        Raises:
            DataError: the table has no such column, or the column cannot be in the declared unit.
        """
        table_columns, mappings = {column.name: column for column in table.columns}, {}
        for name, declared in self.columns.items():
            if name not in table_columns:
                raise DataError(
                    chosen(
                        f"{where}: {table.name} has no column '{name}'.{suggestion(name, table_columns)}",
                        f"{where}：{table.label}（{table.name}）没有“{name}”栏。{suggestion_zh(name, table_columns)}",
                    )
                )
            if declared.unit and not units.unit(declared.unit, table_columns[name]):
                unit_names = units.of_column(table_columns[name])[:6]
                raise DataError(
                    chosen(
                        f"{where}: {name} cannot be in the unit '{declared.unit}'. "
                        + (f"It can be in {', '.join(unit_names)}." if unit_names else "It is no number and has no unit."),
                        f"{where}：{name}的单位不能是“{declared.unit}”"
                        + (f"，可用{'、'.join(unit_names)}。" if unit_names else "，该栏不是数字，没有单位。"),
                    )
                )
            mappings[name] = ColumnMapping(declared.source, declared.constant, declared.values, declared.unit)
        return mappings


class Declaration(BaseModel):
    """The whole file. `label` is printed in source lines, for every source without a label of its own."""

    model_config = STRICT

    label: Label = ""
    ignore: list[str] = []
    source: list[DeclaredSource] = []


@dataclass(frozen=True)
class ReadDeclaration:
    """A `sources.toml` as far as it is right.

    `sources` holds the rightly declared sources by their numbers, which count from 1. `mistakes` are sentences; `faulty_files`
    are the files whose sources are declared wrongly, which cannot be read.
    """

    label: str = ""
    ignore: tuple[str, ...] = ()
    sources: Mapping[int, DeclaredSource] = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()
    faulty_files: tuple[str, ...] = ()


def read(file: Path) -> ReadDeclaration:
    """Read a `sources.toml`, with a sentence for each mistake in it."""
    try:
        content = tomllib.loads(files.read_text(file, most=files.BY_HAND))
    except files.NotReadable as error:
        text = chosen(f"{shown(file)} cannot be read: {error}.", f"{shown(file)}无法读取：{error.chinese}。")
        return ReadDeclaration(mistakes=(text,))
    except (OSError, ValueError, RecursionError) as error:  # not to be had, not TOML, or not UTF-8
        return ReadDeclaration(mistakes=(chosen(f"{shown(file)} cannot be read: {error}.", f"{shown(file)}无法读取：{error}。"),))
    try:
        declaration = Declaration.model_validate(content)
    except ValidationError as error:
        return _without_mistakes(error.errors(), content)
    return ReadDeclaration(declaration.label, tuple(declaration.ignore), dict(enumerate(declaration.source, start=1)))


def _without_mistakes(mistakes: list[ErrorDetails], content: dict[str, Any]) -> ReadDeclaration:
    """Return what is right in a file with mistakes."""
    wrong_sources = {mistake["loc"][1] for mistake in mistakes if mistake["loc"][0] == "source" and len(mistake["loc"]) > 1}
    wrong_keys = {mistake["loc"][0] for mistake in mistakes if len(mistake["loc"]) == 1 or mistake["loc"][0] != "source"}
    right = {key: value for key, value in content.items() if key not in wrong_keys}
    sources = dict(enumerate(right.get("source", []), start=1))
    files = [source.get("file") for number, source in sources.items() if number - 1 in wrong_sources and isinstance(source, dict)]
    return ReadDeclaration(
        right.get("label", ""),
        tuple(right.get("ignore", ())),
        {number: DeclaredSource.model_validate(source) for number, source in sources.items() if number - 1 not in wrong_sources},
        tuple(f"{NAME}{_mistake_sentence(mistake, content)}" for mistake in mistakes),
        tuple(name for name in files if isinstance(name, str) and name and "\0" not in name),
    )


def _mistake_sentence(mistake: ErrorDetails, content: Any) -> str:
    """Return what is wrong in the file, and where."""
    path = [str(part) for part in mistake["loc"]]
    where = ""
    model: type[BaseModel] = Declaration
    if path[:1] == ["source"] and len(path) > 1:
        name = content["source"][int(path[1])]
        source_name = (name.get("file") or name.get("query") or name.get("table")) if isinstance(name, dict) else ""
        number = int(path[1]) + 1
        where = chosen(
            f", source {number}{f' ({source_name})' if source_name else ''}",
            f"第{number}个来源{f'（{source_name}）' if source_name else ''}",
        )
        model, path = DeclaredSource, path[2:]
    if path[:1] == ["columns"] and len(path) > 2:
        where = chosen(f"{where}, column {path[1]}", f"{where}的{path[1]}栏")
        model, path = DeclaredColumn, path[2:]
    mistake = {**mistake, "loc": tuple(path)}
    return f"{where}{chosen(': ', '：')}{toml_file.sentence(mistake, model)}"
