"""The journal: a line for all that was begun, done and refused, on the disk before the next step, and never changed.

What was begun and has no answer may have arrived or not. It is not sent again, until a person decides.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from city_briefs.common import clock, file_lock, files
from city_briefs.common.atomic_files import sync
from city_briefs.common.errors import DataError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.common.periods import Period

FILE = "journal.jsonl"
INTENT, SENT, REFUSED, UNANSWERED, AGAIN = "intent", "sent", "refused", "unanswered", "again"
KILLED = "The process ended before there was an answer.", "未得到答复，进程就结束了。"


@dataclass(frozen=True)
class JournalLine:
    """A line: what became of one document for one recipient; `id` is theirs for ever.

    `issued_on` is the day on which the edition was issued; empty for a draft, and in lines of older versions.
    """

    id: str
    address: str
    pack: str
    region: str
    period: str
    edition: int
    hash: str
    issued_on: str = ""
    event: str = ""
    at: str = ""
    why: str = ""

    @property
    def is_unconfirmed(self) -> bool:
        """Whether it may have arrived or not."""
        return self.event in (INTENT, UNANSWERED)

    @property
    def reason(self) -> str:
        """Why it is not known."""
        return chosen(*KILLED) if self.event == INTENT else self.why


class Journal:
    """The journal of a folder, in the hands of one process."""

    def __init__(self, file: BinaryIO, last: dict[str, JournalLine]) -> None:
        self._file = file
        self.last = last

    def add(self, line: JournalLine, event: str, why: str = "") -> None:
        """Write what has come to pass; it is on the disk when this returns."""
        line = replace(line, event=event, at=clock.stamp(), why=why)
        written = json.dumps(asdict(line), ensure_ascii=False).encode() + b"\n"
        try:
            complete = self._file.write(written) == len(written)
            os.fsync(self._file.fileno())
        except OSError:
            complete = False
        if not complete:
            raise DataError(
                chosen(
                    f"{FILE} cannot be written to: no room, or no right to. Nothing more is sent. Mend it and deliver again.",
                    f"{FILE}无法写入：空间不足或没有权限。已停止发送，请处理后重新分送。",
                )
            )
        self.last[line.id] = line


def read(folder: Path) -> dict[str, JournalLine]:
    """The last line on each document and recipient, by their id; none when there is no journal yet."""
    file = folder / FILE
    try:
        return _parsed(files.read_bytes(file), file)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unreadable(file, error) from None


@contextmanager
def opened(folder: Path) -> Iterator[Journal]:
    """The journal of a folder, made when it is not there.

    Raises:
        UsageError: Another process has it, or it cannot be locked.
        DataError: It, or a line of it, cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE

    def refuse() -> None:
        raise UsageError(
            chosen(
                f"Another delivery is at work with {shown(path)}. Wait until it has ended.",
                f"另一次分送正在使用{shown(path)}。请等它结束。",
            )
        )

    try:
        journal = files.appended(path)
    except OSError as error:
        raise _unreadable(path, error) from None
    with journal as raw, file_lock.held(folder / f"{FILE}.lock", refuse) as alone:
        if not alone:
            raise UsageError(
                chosen(
                    f"{shown(path)} cannot be locked, and so two deliveries could send twice. Put the folder on a local disk.",
                    f"{shown(path)}无法锁定，两次分送可能重复发送。请把文件夹放在本机磁盘上。",
                )
            )
        raw.seek(0)
        content = raw.read()
        last = _parsed(content, path)
        raw.truncate(content.rfind(b"\n") + 1)  # of a line that a kill or a full disk cut short nothing had followed
        sync(folder)
        yield Journal(raw, last)


def _unreadable(file: Path, error: OSError) -> DataError:
    """What is said of a journal that is no file, is too large or may not be read."""
    return DataError(
        chosen(
            f"{shown(file)} cannot be read: {error.strerror}. So it is not known who was sent what. Put it back from a copy.",
            f"{shown(file)}无法读取（{error.strerror}），不知道已向谁发过什么。请从备份恢复。",
        )
    )


def _parsed(content: bytes, file: Path) -> dict[str, JournalLine]:
    """The last line on each id; what stands after the last line break was never finished."""
    last = {}
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            entry = JournalLine(**json.loads(line))
            if b"\\u" in line:  # half of a character, which JSON can have, is a ValueError
                json.dumps(asdict(entry), ensure_ascii=False).encode()
            Period.of_slug(entry.period)
        except (ValueError, TypeError):
            raise DataError(
                chosen(
                    f"{shown(file)}, line {number} cannot be read, and so it is not known who was sent what. Put it back from a copy.",
                    f"{shown(file)}第{number}行无法读取，不知道已向谁发过什么。请从备份恢复。",
                )
            ) from None
        last[entry.id] = entry
    return last
