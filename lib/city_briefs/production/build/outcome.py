"""What became of the parts of a build: of a chapter that was executed, of a pack that was made, of a task in the end."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from city_briefs.production.packs.plan import Chapter, Task


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
class Made:
    """A pack as it was made, not yet in its place. With an error, a sentence, it is a draft; without a folder there is not even that."""

    task: Task
    folder: Path | None
    entry: dict[str, Any]
    seconds: float
    error: str | None = None
    trace: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one task: built, kept (it stood already) or failed with a sentence."""

    task: Task
    status: str
    files: tuple[Path, ...] = ()
    seconds: float = 0.0
    error: str | None = None
    trace: str | None = None
