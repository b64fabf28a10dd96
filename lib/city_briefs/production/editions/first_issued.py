"""Figures as first issued: derived from the signed editions of the register, for whoever compares with them.

Of each edition they are the values for its own period; what it says of other periods was not first said there. The file
(`common.issued_figures`) can be made again from the editions at any time, to the same bytes.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from city_briefs.common import files, issued_figures, paths, source_hash
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.errors import BriefError, DataError, PackError
from city_briefs.common.issued_figures import FILE, IssuedFigure
from city_briefs.common.language import chosen
from city_briefs.common.periods import YTD, Period
from city_briefs.common.read_log import digest
from city_briefs.production.editions import content, manifest, register, register_folders

if TYPE_CHECKING:
    from city_briefs.common.blocks import Block, MetricCard

NOTE = "issued.json"  # with the results that are kept: of which editions the file was made, by the times and sizes of their manifests
OTHER = ("area", "base", "by", "part")  # what else a figure may have been asked for
States = dict[str, list[int]]  # size and time of manifests, by their paths in the register


def keep() -> None:
    """See that the file holds what the editions of the register say, and make it again when it does not.

    While the file and the editions are as they were, nothing is read; when editions have come since, those alone. While a folder of
    the register cannot be read, the file stays as it is.

    Raises:
        PackError: the register cannot be written to.
    """
    root = paths.register()
    if not root.is_dir():
        return
    file, note = root / FILE, paths.results() / NOTE
    unread: list[DataError] = []
    editions, (seen, figures) = _states(root, unread.append), _kept(file, note)
    if unread:
        return
    if seen is None or not seen.items() <= editions.items():
        seen, figures = {}, ""
    elif seen == editions:
        return
    added = [figure for name in editions.keys() - seen.keys() for figure in of_edition(root / name)]
    made = issued_figures.text([*issued_figures.read(figures), *added])
    try:
        if not file.is_file() or files.read_bytes(file) != made.encode():
            write_whole(file, made)
    except OSError as error:
        raise PackError(
            chosen(
                f"{paths.shown(file)} cannot be written to: {error.strerror}. Let whoever builds write there.",
                f"{paths.shown(file)}无法写入（{error.strerror}）。请给编制的用户写入权限。",
            )
        ) from None
    with suppress(OSError):
        write_whole(note, json.dumps({"rules": _rules(), "file": digest(made.encode()), "editions": editions}))


def is_as_issued(root: Path) -> bool:
    """Return whether the file of a register, of this version or an older one, says what its editions say, each read anew."""
    said = files.read_bytes(root / FILE)
    figures = [figure for name in _states(root, lambda _: None) for figure in of_edition(root / name)]
    return any(
        said == issued_figures.text(figures, columns).encode()
        for columns in (issued_figures.COLUMNS, issued_figures.FIRST_COLUMNS)
    )


def _states(root: Path, unread: Callable[[DataError], None]) -> States:
    """Return the states of all manifests of a register, without what is being issued; `unread` is told of folders without access."""
    states = {file: file.lstat() for file in register_folders.manifests(root, unread)}
    return {file.relative_to(root).as_posix(): [state.st_size, state.st_mtime_ns] for file, state in states.items()}


def _rules() -> list[str]:
    """Return what else decides which figures are taken: the code, and who may issue."""
    return [source_hash.digest(__name__), *sorted(paths.settings().signers)]


def _kept(file: Path, note: Path) -> tuple[States | None, str]:
    """Return the editions that a file was made of, and the file; None when it is not as it was made by the rules of now."""
    try:
        noted = json.loads(files.read_text(note))
        content, states = files.read_bytes(file), dict(noted["editions"])
        if noted["rules"] == _rules() and noted["file"] == digest(content):
            return states, content.decode()
    except (OSError, ValueError, TypeError, KeyError):
        pass
    return None, ""


def of_edition(file: Path) -> list[IssuedFigure]:
    """Return the figures that an edition states of its period; none of one that is not as it was issued in this place.

    `file` is its manifest. Whoever has a key can sign notebooks that are none, which have no figures either.
    """
    period, region, pack, number = file.parent.parts[-4:]
    entry = manifest.read(file.parent).get(pack, {})
    if not register.is_issued(entry) or [entry["period"], entry["region"], str(entry["edition"])] != [period, region, number]:
        return []
    try:
        notebooks = content.issued_notebooks(file.parent, entry).values()
        shown = [block for notebook in notebooks for block in content.blocks(notebook)]
        return list(_stated(entry, shown))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, BriefError):
        return []


def _stated(entry: Mapping[str, Any], shown: "Sequence[Block]") -> Iterator[IssuedFigure]:
    """Yield the figures that the blocks of an edition state of its period."""
    cards = {card["id"]: card for block in shown for card in block["metrics"]}
    for figure in (figure for block in shown for figure in block["figures"]):
        of_figure = Period(figure["year"], figure["through"], figure.get("span", YTD))
        if (
            figure["view"] == "value"
            and figure["value"] is not None
            and of_figure.slug == entry["period"]
            and not any(map(figure.get, OTHER))
        ):
            card = cards.get(figure["metric"])
            yield IssuedFigure(
                figure["metric"], figure["region"], of_figure.year, of_figure.through,
                int(entry["snapshot"].get("synthetic", False)), entry["approval"]["issued_on"], entry["edition"],
                entry["pack"], entry["region"], card["hash"] if card else "",
                _number(figure["value"]), _number(figure["numerator"]), _number(figure["denominator"]), of_figure.span,
                _tables(entry, card),
            )  # fmt: skip


def _tables(entry: Mapping[str, Any], card: "MetricCard | None") -> str:
    """Return the tables of a metric, each with the first digits of its hash; empty when the edition does not say one of them."""
    hashes: Mapping[str, str] = entry.get("tables", {})
    names = sorted(card.get("tables", [])) if card else []
    return " ".join(f"{name}={hashes[name][: issued_figures.DIGITS]}" for name in names) if hashes.keys() >= set(names) else ""


def _number(number: float | None) -> str:
    """Return a number as JSON writes it; empty for None."""
    return "" if number is None else json.dumps(number)
