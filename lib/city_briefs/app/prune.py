"""What was kept for later builds and may go: chapters, results, drafts and logs that are older than `[retention]` of briefs.toml says.

An edition, and a snapshot that one rests on, is never looked at. Whatever goes is made again when it is needed.
"""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from city_briefs.app import waiting
from city_briefs.common import files, paths
from city_briefs.common.errors import PackError
from city_briefs.common.language import chosen
from city_briefs.production.build import index_page, outputs, session
from city_briefs.production.editions import manifest
from city_briefs.production.packs.plan import CHAPTERS

KINDS = {
    "chapters": "章节",
    "results": "计算结果",
    "drafts": "送审稿",
    "logs": "日志",
}  # as `[retention]` names them, and in Chinese


@dataclass(frozen=True)
class Leftover:
    """A file or folder that may go: its kind (of KINDS), its path, and its bytes."""

    kind: str
    path: Path
    size: int


def found(out: Path, day: date) -> list[Leftover]:
    """Return what in a folder of outputs may go on a day, by kind and path.

    Chapters of a draft that waits to be approved stay, since it could not be approved without them. A file or folder counts as old as
    the newest file in it.
    """
    kept = paths.settings().retention
    waits = {(slug, code) for _, code, slug in waiting.drafts(out)}
    places = {
        "chapters": [place for place in out.glob(f"{CHAPTERS}/*/*") if (place.parent.name, place.name) not in waits],
        "results": [*(out / paths.RESULTS).glob("*")],
        "drafts": [*_drafts(out)],
        "logs": [*out.glob(f"{CHAPTERS}/*/*/*.log")],
    }
    return [
        leftover
        for kind, of_kind in places.items()
        if (days := getattr(kept, kind))
        for leftover in _older(kind, of_kind, day - timedelta(days))
    ]


def remove(leftovers: Iterable[Leftover], out: Path) -> None:
    """Take these away, while no build works in the folder, and list what is left of the packs.

    Nothing is done for none, unless a run was killed here: its lock lies there, and the list may name what it took away.

    Raises:
        PackError: something cannot be taken away; what comes before it is.
    """
    leftovers = list(leftovers)
    if not leftovers and not (out / session.LOCK).exists():
        return
    with session.reserved(out):
        try:
            for leftover in leftovers:
                if leftover.path.is_dir():
                    shutil.rmtree(leftover.path)
                else:
                    leftover.path.unlink(missing_ok=True)
        except OSError as error:
            raise PackError(
                chosen(
                    f"{paths.shown(out)}: {error.filename} cannot be taken away: {files.reason(error)}. Mend it and run it again.",
                    f"{paths.shown(out)}：{error.filename}无法删除（{files.reason_zh(error)}）。请处理后重新运行。",
                )
            ) from None
        finally:
            for folder in (*out.glob(f"{CHAPTERS}/*"), *out.glob("[!.]*")):
                if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
                    folder.rmdir()
            if any(out.glob("[!.]*")):
                index_page.write(out)


def _drafts(out: Path) -> Iterator[Path]:
    """Yield the folders of regions and periods in which drafts alone lie, and what failed attempts left."""
    for file in out.glob(f"[!.]*/*/{manifest.MANIFEST}"):
        entries = manifest.read(file.parent)  # empty for a manifest that is damaged, or no manifest of ours
        if entries and all("approval" not in entry for entry in entries.values()):
            yield file.parent
    for file in out.glob(f"[!.]*/*/{outputs.INCOMPLETE}/*/{manifest.MANIFEST}"):
        if manifest.read(file.parent):
            yield file.parent


def _older(kind: str, places: Iterable[Path], before: date) -> Iterator[Leftover]:
    """Yield those of some places in which no file is of that day or newer; links are passed over."""
    zone = ZoneInfo(paths.settings().timezone)
    for place in sorted(places):
        if place.is_symlink():
            continue
        files = [file for file in (place.rglob("*") if place.is_dir() else [place]) if file.is_file() and not file.is_symlink()]
        states = [file.stat() for file in files]
        newest = max((state.st_mtime for state in states), default=0.0)
        if datetime.fromtimestamp(newest, zone).date() < before:
            yield Leftover(kind, place, sum(state.st_size for state in states))
