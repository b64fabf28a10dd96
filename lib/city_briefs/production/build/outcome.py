"""What became of the parts of a build: of a chapter that was executed, of a pack that was made, of a request in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from city_briefs.production.packs.plan import Chapter, PackInputs, PackRequest


@dataclass(frozen=True)
class Failure:
    """Why a chapter stopped: `reason` for the person at the prompt, the rest for its page in the draft, without any data.

    `cell` counts the cells of the notebook from 1, 0 when it is not known; `stopped` is the notebook as far as it came.
    """

    reason: str
    kind: str
    section: str = ""
    cell: int = 0
    stopped: str = ""
    trace: str | None = None


@dataclass(frozen=True)
class Execution:
    """What became of one chapter, and how many seconds it took."""

    chapter: Chapter
    seconds: float
    failure: Failure | None = None


@dataclass(frozen=True)
class BuiltPack:
    """A pack as it was made in a folder of its own, not yet in its place; `entry` is what its manifest says of it."""

    inputs: PackInputs
    folder: Path
    entry: Mapping[str, Any]
    seconds: float

    @property
    def request(self) -> PackRequest:
        """What was asked for."""
        return self.inputs.request


@dataclass(frozen=True)
class FailedPack:
    """A pack that could not be made: why, as a sentence, and the folder of its draft, when there is one.

    It has inputs when all its chapters have run.
    """

    request: PackRequest
    error: str
    trace: str | None = None
    folder: Path | None = None
    inputs: PackInputs | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class PackOutcome:
    """What became of one request: built, kept (it was up to date) or failed with a sentence."""

    request: PackRequest
    status: str
    files: tuple[Path, ...] = ()
    seconds: float = 0.0
    error: str | None = None
    trace: str | None = None
