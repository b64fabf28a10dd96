"""The line `page_one` of `notebooks/packs.toml`: which metrics stand on page one, by their ids, in their order."""

from pydantic import BaseModel, ConfigDict

from city_briefs.common import paths, toml_file
from city_briefs.common.errors import UsageError

MOST = 9  # that have room on one page


class _Line(BaseModel):
    """What is read of the file; its other keys are those of the packs."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    page_one: list[str] = []


def ids() -> tuple[str, ...]:
    """Return the ids as they are written; empty when there is no such line.

    Raises:
        UsageError: the file cannot be read, or the line is no list of texts.
    """
    return tuple(toml_file.read(paths.root() / paths.PACKS, _Line, UsageError).page_one)
