"""Snapshots that editions were made from: each is kept under a name of its own when a newer one takes its place."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from city_briefs.common import atomic_files, files, paths
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say_on_stderr
from city_briefs.production.editions import register_folders

DIGITS = 12  # of the id of a snapshot, in the name under which it is kept


def made_from() -> set[str]:
    """Return the ids of the snapshots that the editions of the register were made from, whoever has signed them.

    Raises:
        DataError: a folder of the register cannot be read.
    """
    found = set()
    for file in register_folders.manifests(paths.register(), register_folders.refuse):
        try:
            packs = json.loads(files.read_text(file))["packs"]
            found |= {str(entry["snapshot"]["id"]) for entry in packs.values()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):  # which `verify` tells
            continue
    return found


@contextmanager
def kept(into: Path) -> Iterator[None]:
    """Keep the snapshot that lies at a place, beside it as `<name>.<id>`, when an edition was made from it and the body puts another there.

    Raises:
        DataError: it cannot be kept; then the body does not run.
    """
    before = _id(into)
    place = into.with_name(f"{into.name}.{before[:DIGITS]}")
    if not before or before not in made_from() or place.exists():
        yield
        return
    _link(into, place)
    try:
        yield
    finally:
        if _id(into) == before:
            shutil.rmtree(place)
    if place.exists():
        say_on_stderr(
            chosen(
                f"Editions were made from the snapshot that lay in {paths.shown(into)}. It is kept as {paths.shown(place)}.",
                f"{paths.shown(into)}原来的快照是已签发版次的依据，保留为{paths.shown(place)}。",
            )
        )


def _id(folder: Path) -> str:
    """Return the id of the snapshot in a folder; empty when there is none."""
    try:
        return str(json.loads(files.read_text(folder / "snapshot.json"))["id"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _link(snapshot: Path, place: Path) -> None:
    """Put a snapshot at a second place, with links to the same files where the disk has such; its files are never written to."""
    try:
        made = atomic_files.begun(place.parent, f".{place.name}")
        try:
            shutil.copytree(snapshot, made, copy_function=files.link, dirs_exist_ok=True)
            atomic_files.put_once(made, place)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except (OSError, shutil.Error) as error:
        raise DataError(
            chosen(
                f"Editions were made from the snapshot in {paths.shown(snapshot)}, and it could not be kept as {paths.shown(place)}: "
                f"{error}. Nothing was read. Name another folder with --into.",
                f"{paths.shown(snapshot)}的快照是已签发版次的依据，但无法保留为{paths.shown(place)}（{error}）。未读取任何数据，请用--into另指文件夹。",
            )
        ) from None
