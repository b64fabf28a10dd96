"""TOML files that a pydantic model describes; the first mistake in one becomes a sentence."""

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from city_briefs.common import files
from city_briefs.common.errors import BriefError, suggestion
from city_briefs.common.secrets import masked

KINDS = {
    "string_type": "a text in quotes", "int_type": "a whole number", "list_type": "a list", "tuple_type": "a list",
    "dict_type": "a table", "model_type": "a table", "string_too_short": "a text that is not empty",
    "too_short": "a list that is not empty", "string_pattern_mismatch": "a name of letters, digits and hyphens",
}  # fmt: skip
STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)  # of every table of such a file
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
            content = tomllib.loads(written.decode("utf-8"))
        else:
            content = tomllib.loads(files.read_text(file, most=files.BY_HAND))
    except PermissionError:
        raise wrong(f"{file} cannot be read: Permission denied. Give this user the right to read it.") from None
    except (OSError, ValueError, RecursionError) as error:  # not there, not UTF-8, not TOML
        raise wrong(f"{file.name} cannot be read: {error}.") from None
    try:
        return model.model_validate(content)
    except ValidationError as error:
        mistake = error.errors()[0]
    where, kind = file.name, model
    match mistake["loc"]:
        case (str(table), int(place), *path) if isinstance(entry := content[table][place], dict):  # one of several tables
            where += f", {table} {place + 1 if path == ['id'] else entry.get('id', place + 1)}"
            mistake["loc"], (kind,) = tuple(path), get_args(model.model_fields[table].annotation)
    raise wrong(f"{where}: {sentence(mistake, kind)}")


def first_mistake(error: ValidationError, model: type[BaseModel]) -> str:
    """Return the first mistake of a validation as a sentence."""
    return sentence(error.errors()[0], model)


def sentence(mistake: ErrorDetails, model: type[BaseModel]) -> str:
    """Return a mistake as a sentence; `model` is that of the table from which its path starts."""
    path = mistake["loc"]
    subject = ".".join(map(str, path)) or "it"
    if mistake["type"] == "extra_forbidden":
        return f"there is no key '{subject}'.{suggestion(str(path[-1]), _keys(model, path[:-1]), 'keys')}"
    if mistake["type"] == "missing":
        return f"there is no {subject}."
    if mistake["type"] == "value_error":
        return f"{subject} {mistake['ctx']['error']}.".replace("?.", "?")
    kind = KINDS.get(mistake["type"]) or mistake["msg"].removeprefix("Input should be ")
    return f"{subject} is {kind}, not '{masked(str(mistake['input']))}'."


def _keys(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """Return the keys of the table that a path leads to, from a model."""
    for key in path:
        fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
        if key in fields:
            kinds = (fields[key], *get_args(fields[key]))
            model = next(kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel))
    return [field.alias or name for name, field in model.model_fields.items()]
