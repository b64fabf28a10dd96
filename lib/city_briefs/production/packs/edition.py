"""An edition of a pack: its number, who approved it, and the one before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Optional

from city_briefs.common.periods import day_text

DRAFT = "送审稿"  # what stands on every page until somebody has signed


@dataclass(frozen=True)
class Approval:
    """By whom an edition was reviewed (审核人) and issued (签发人), and on which day, as YYYY-MM-DD."""

    reviewed_by: str
    issued_by: str
    issued_on: str

    @property
    def text(self) -> str:
        """As the edition prints it under its title."""
        return f"审核人：{self.reviewed_by}　签发人：{self.issued_by}　{day(self.issued_on)}签发"


@dataclass(frozen=True)
class Edition:
    """An edition: a draft until it has an approval, in the register when it has a folder, and then as its entry says.

    `before` is the one issued before it, to which it says what has changed.
    """

    number: int = 1
    approval: Approval | None = None
    folder: Path | None = None
    entry: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    before: Optional["Edition"] = None

    @property
    def mark(self) -> str:
        """What stands at the head of every page: 送审稿, or nothing on what was approved."""
        return "" if self.approval else DRAFT

    @property
    def name(self) -> str:
        """As prose counts it: 第2版."""
        return f"第{self.number}版"

    @property
    def text(self) -> str:
        """What stands under the title."""
        return f"{self.name}　{self.approval.text}" if self.approval else f"{DRAFT}（{self.name}）"


def day(written: str) -> str:
    """A day written as YYYY-MM-DD, as prose has it: 2022年1月20日."""
    return day_text(date.fromisoformat(written))
