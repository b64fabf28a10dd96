"""TOML files that a pydantic model describes; the first mistake in one becomes a sentence."""

import tomllib
from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from city_briefs.common import files
from city_briefs.common.errors import BriefError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.secrets import masked

KINDS = {
    "string_type": ("a text in quotes", "带引号的文字"), "int_type": ("a whole number", "整数"), "list_type": ("a list", "列表"),
    "tuple_type": ("a list", "列表"), "dict_type": ("a table", "对照表"), "model_type": ("a table", "表"),
    "string_too_short": ("a text that is not empty", "不为空的文字"), "too_short": ("a list that is not empty", "不为空的列表"),
    "string_pattern_mismatch": ("a name of letters, digits and hyphens", "由字母、数字和连字符组成的名称"),
}  # fmt: skip
# Of what pydantic words in English itself: the Chinese, and which value of the mistake stands in it.
LIMITS_ZH = {
    "greater_than_equal": ("不小于{}的数", "ge"), "greater_than": ("大于{}的数", "gt"), "less_than_equal": ("不大于{}的数", "le"),
    "less_than": ("小于{}的数", "lt"), "literal_error": ("{}", "expected"),
}  # fmt: skip
TYPES_ZH = {"float_type": "数字", "bool_type": "true或false"}
STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)  # of every table of such a file
LISTED_ZH = "、"
Model = TypeVar("Model", bound=BaseModel)


def read(file: Path, model: type[Model], wrong: type[BriefError], note: Callable[[Path, bytes], None] | None = None) -> Model:
    """Return the content of a file as the model; `note` is told the bytes, for whoever has to know what was read.

    Raises:
        wrong: the file cannot be read, or the model does not accept its content.
    """
    try:
        if note:
            written = files.read_bytes(file, files.BY_HAND)
            note(file, written)
            content = _content(written.decode("utf-8"))
        else:
            content = _content(files.read_text(file, most=files.BY_HAND))
    except PermissionError:
        raise wrong(
            chosen(
                f"{file} cannot be read: Permission denied. Give this user the right to read it.",
                f"{file}无法读取：没有权限。请授予当前用户读取权限。",
            )
        ) from None
    except (OSError, ValueError, RecursionError) as error:  # not there, not UTF-8, not TOML
        reason_zh = files.reason_zh(error) if isinstance(error, OSError) else str(error)
        raise wrong(chosen(f"{file.name} cannot be read: {error}.", f"{file.name}无法读取：{reason_zh}。")) from None
    try:
        return model.model_validate(content)
    except ValidationError as error:
        mistake = error.errors()[0]
    where, kind = file.name, model
    match mistake["loc"]:
        case (str(table), int(place), *path) if isinstance(entry := content[table][place], dict):  # one of several tables
            name = place + 1 if path == ["id"] else entry.get("id", place + 1)
            where += chosen(f", {table} {name}", f"的{table} {name}")
            mistake["loc"], (kind,) = tuple(path), get_args(model.model_fields[table].annotation)
    raise wrong(f"{where}{chosen(': ', '：')}{sentence(mistake, kind)}")


def _content(text: str) -> dict[str, Any]:
    """Return what a text of TOML says, for the caller to change; some files are asked for every pack, and parsed once."""
    return deepcopy(_parsed(text))


@lru_cache(maxsize=8)
def _parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def first_mistake(error: ValidationError, model: type[BaseModel]) -> str:
    """Return the first mistake of a validation as a sentence, in the language of messages."""
    return sentence(error.errors()[0], model)


def sentence(mistake: ErrorDetails, model: type[BaseModel]) -> str:
    """Return a mistake as a sentence in the language of messages; `model` is that of the table from which its path starts.

    A ValueError of a model is the rest of a sentence whose subject is the key: “is no month” in English, “不是月份” in Chinese.
    """
    path = mistake["loc"]
    subject = ".".join(map(str, path))
    if mistake["type"] == "extra_forbidden":
        key, keys = str(path[-1]), _keys(model, path[:-1])
        return chosen(
            f"there is no key '{subject}'.{suggestion(key, keys, 'keys')}",
            f"没有“{subject}”这一项。{suggestion_zh(key, keys) or f'各项为{LISTED_ZH.join(keys)}。'}",
        )
    if mistake["type"] == "missing":
        return chosen(f"there is no {subject}.", f"缺少{subject}。")
    if mistake["type"] == "value_error":
        told = mistake["ctx"]["error"]
        return chosen(f"{subject or 'it'} {told}.".replace("?.", "?"), f"{subject}{told}。".replace("？。", "？"))
    words, words_zh = KINDS.get(mistake["type"]) or (mistake["msg"].removeprefix("Input should be "), _kind_zh(mistake))
    value = masked(str(mistake["input"]))
    return chosen(f"{subject or 'it'} is {words}, not '{value}'.", f"{subject}应为{words_zh}，不能是“{value}”。")


def _kind_zh(mistake: ErrorDetails) -> str:
    """Return in Chinese what would be right where pydantic says it in English."""
    if mistake["type"] in LIMITS_ZH:
        words, name = LIMITS_ZH[mistake["type"]]
        return words.format(str(mistake["ctx"][name]).replace(", ", LISTED_ZH).replace(" or ", "或"))
    return TYPES_ZH.get(mistake["type"], "规定的类型")


def _keys(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """Return the keys of the table that a path leads to, from a model."""
    for key in path:
        fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
        if key in fields:
            kinds = (fields[key], *get_args(fields[key]))
            model = next(kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel))
    return [field.alias or name for name, field in model.model_fields.items()]
