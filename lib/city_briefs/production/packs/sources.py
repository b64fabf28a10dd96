"""The sources of chapters: notebooks and remarks, each read once, so that what is compared and hashed is what runs."""

import hashlib
from pathlib import Path

from city_briefs.common import files, paths
from city_briefs.common.errors import DataError, UsageError
from city_briefs.common.language import chosen


class Sources(dict[Path, bytes | OSError | None]):
    """The contents of files by path, as they were when they were first asked for; None of a file that is not there.

    Of what cannot be read it is the error. All packs of a plan have one, and a job takes along what it needs of it: nobody opens such a
    file a second time.
    """

    def __missing__(self, file: Path) -> bytes | OSError | None:
        """Read a file and keep its content."""
        content: bytes | OSError | None
        try:
            content = files.read_bytes(file)
        except (FileNotFoundError, NotADirectoryError):
            content = None
        except OSError as error:
            content = OSError(error.errno, error.strerror)
        self[file] = content
        return content

    def of(self, *wanted: Path) -> "Sources":
        """The contents of these files alone."""
        return Sources({file: self[file] for file in wanted})

    def content(self, file: Path) -> bytes:
        """The content of a notebook, or of the list of packs, which has to be there.

        Raises:
            UsageError: it is not there, or cannot be read.
        """
        content = self[file]
        if isinstance(content, OSError):
            raise UsageError(
                chosen(
                    f"{file.name} cannot be read: {content.strerror}. Put the notebook there.",
                    f"{file.name}无法读取（{content.strerror}）。请把笔记本放在那里。",
                )
            )
        if content is None:
            raise UsageError(
                chosen(
                    f"{file.name} is not there any more. Put it back, or take it out of packs.toml.",
                    f"{file.name}已不在。请放回，或从packs.toml里去掉。",
                )
            )
        return content

    def remark(self, file: Path) -> bytes | None:
        """The content of a remark, None when there is none.

        Raises:
            DataError: it cannot be read.
        """
        content = self[file]
        if isinstance(content, OSError):
            raise DataError(
                chosen(
                    f"{paths.shown(file)} cannot be read: {content.strerror}. Put a file there, or nothing.",
                    f"{paths.shown(file)}无法读取（{content.strerror}）。请放一个文件，或什么都不放。",
                )
            )
        return content

    def digest(self, file: Path) -> str:
        """The SHA-256 of a file; empty when it is not there, and the reason when it cannot be read."""
        content = self[file]
        return "" if content is None else str(content) if isinstance(content, OSError) else hashlib.sha256(content).hexdigest()
