"""The charts and tables of packs that were made, or were issued, as files of their own; no number is counted anew."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from city_briefs.app.figure_origin import executed
from city_briefs.common import atomic_files, files, paths
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.production.build.outputs import NOTEBOOKS_MADE
from city_briefs.production.editions import register
from city_briefs.production.export.document import bind, document
from city_briefs.production.export.figure_files import files_of, is_figure_file
from city_briefs.production.packs.plan import PackRequest

WORKPLACE = ".exporting"


def export(request: PackRequest, into: Path, edition: int | None) -> tuple[Path, int]:
    """Write the charts and tables of a pack into a folder below `into`, and return that folder and how many files are in it.

    They are those of the pack that stands in the outputs, or of an edition. An earlier folder of them is replaced.

    Raises:
        UsageError: the pack does not stand there, there is no such edition, it has neither chart nor table, or nothing can be written.
    """
    made_in = request.folder if edition is None else _issued(request, edition)
    notebooks = [(chapter.name, executed(request, made_in / NOTEBOOKS_MADE, chapter.name)) for chapter in request.chapters]
    made = files_of([(name, block) for name, block in document(bind(notebooks, {})).numbered if name])
    if not made:
        raise UsageError(
            chosen(
                f"{request.pack.id} of {request.name} has neither charts nor tables. Name another pack.",
                f"{request.name}的{request.pack.title}既没有图，也没有表。请另选一种简报。",
            )
        )
    number = [] if edition is None else [str(edition)]
    folder = into.joinpath(request.period.slug, request.region.code, request.pack.id, *number)
    _write(folder, made)
    return folder, len(made)


def _issued(request: PackRequest, edition: int) -> Path:
    """Return the folder of an edition.

    Raises:
        UsageError: there is no such edition.
    """
    issued = register.of(request)
    if not 1 <= edition <= len(issued):
        raise UsageError(
            chosen(
                f"{request.pack.id} of {request.name} has {len(issued)} editions, and none with the number {edition}. "
                "Leave out --edition for the pack that stands in the outputs.",
                f"{request.name}的{request.pack.title}已印发{len(issued)}版，没有第{edition}版。不写--edition，就取输出文件夹里的那一份。",
            )
        )
    folder = issued[edition - 1].folder
    assert folder is not None  # of every edition that was issued
    return folder


def _write(folder: Path, made: Mapping[str, bytes]) -> None:
    """Write files into a folder, which takes the place of an earlier one as a whole.

    Raises:
        UsageError: it holds other files, or cannot be written.
    """
    try:
        _see_ours(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        workplace = atomic_files.begun(folder.parent, WORKPLACE)
        try:
            for name, content in made.items():
                files.write_new(workplace / name, content)
            atomic_files.put(workplace, folder)
        finally:
            shutil.rmtree(workplace, ignore_errors=True)  # what was there before, or what was begun
    except OSError as error:
        raise UsageError(
            chosen(
                f"{paths.shown(folder)} cannot be written: {files.reason(error)}. Name another folder with --into.",
                f"不能写入{paths.shown(folder)}：{files.reason_zh(error)}。请用--into另指文件夹。",
            )
        ) from None


def _see_ours(folder: Path) -> None:
    """See that a folder holds nothing but charts and tables that were written before, since it is replaced.

    Raises:
        UsageError: it holds something else, which would be lost.
    """
    others = sorted(file.name for file in folder.iterdir() if not is_figure_file(file.name)) if folder.is_dir() else []
    if others:
        raise UsageError(
            chosen(
                f"{paths.shown(folder)} holds {others[0]}, which is no chart or table of a pack. Name another folder with --into.",
                f"{paths.shown(folder)}里有{others[0]}，不是导出的图表。请用--into另指文件夹。",
            )
        )
