"""What an analyst runs before committing: the rules of chapters and remarks, then the packs of one city from end to end."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from city_briefs.app.selection import opened
from city_briefs.common import page_one_line, paths
from city_briefs.common.errors import BriefError, DataError, DefinitionError, PackError, UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.periods import Period
from city_briefs.common.regions import Region, Regions
from city_briefs.production.packs import chapter_rules, packs_toml

if TYPE_CHECKING:
    from types import ModuleType

    from city_briefs.analysis.snapshot import Snapshot
    from city_briefs.production.build.begun import Begun
    from city_briefs.production.packs.plan import PackRequest

PERIODS = "A period is a year such as 2021, January to April as 2021-04, or 2021-M04, 2021-Q1, 2021-S1."
PERIODS_ZH = "期间写作2021（全年）、2021-04（1—4月），或2021-M04、2021-Q1、2021-S1。"
PLACE = "data/notes/<period>/<region code>/<chapter>.md, such as data/notes/2021/620100/safety.md"
PLACE_ZH = "data/notes/<期间>/<地区代码>/<章>.md，如data/notes/2021/620100/safety.md"


def chapters(words: Iterable[str]) -> list[str]:
    """The chapters that are meant, by name or by file; all of them when none is. An unknown one is a UsageError."""
    names = sorted(notebook.stem for notebook in paths.notebooks().glob("*.ipynb"))
    wanted = list(dict.fromkeys(Path(word).name.removesuffix(".ipynb") for word in words))
    for name in wanted:
        if name not in names:
            raise UsageError(
                chosen(
                    f"There is no notebook '{name}'.{suggestion(name, names) or ' `notebooks` has one for each chapter.'}",
                    f"没有笔记本“{name}”。{suggestion_zh(name, names) or '`notebooks`里每章有一个笔记本。'}",
                )
            )
    return wanted or names


def notes() -> list[Path]:
    """Every file where remarks lie, but for hidden ones."""
    return sorted(file for file in paths.notes().rglob("*") if file.is_file() and not file.name.startswith("."))


def findings(names: Sequence[str], regions: Regions) -> list[str]:
    """Every rule that one of these chapters, any remark or any row of `data/actions.csv` breaks, as a sentence with its remedy."""
    from city_briefs.notebook import cells, own_cells  # where the definitions of metrics are read

    packs = packs_toml.packs()
    breaches = [*_definitions(), *_page_one()]
    breaches += [
        finding
        for name in names
        for finding in chapter_rules.findings(paths.notebooks() / f"{name}.ipynb", packs, cells.faults, own_cells.faults)
    ]
    for file in notes():
        try:
            _check_place(file, regions, packs.values())
            _remarks().read(file)
        except DataError as error:
            breaches.append(str(error))
    if paths.actions().exists():
        from city_briefs.app import incremental

        try:
            incremental.check_actions(regions)
        except DataError as error:
            breaches += str(error).split("\n")
    return breaches


def advice(names: Sequence[str]) -> list[str]:
    """What may be written better in these chapters, as a sentence each. It breaks no rule."""
    from city_briefs.notebook import cells

    return [words for name in names for words in chapter_rules.advice(paths.notebooks() / f"{name}.ipynb", cells.advice)]


def _definitions() -> Iterator[str]:
    """Yield what is wrong with the definitions of metrics; a fault for which none can be imported is raised instead."""
    from city_briefs.analysis.compute import definitions
    from city_briefs.metrics import CATALOGUE

    metrics = [*CATALOGUE.values()]
    if definitions.were_right(metrics, paths.results()):
        return
    from city_briefs.model import expression_rules  # with Ibis

    faults = []
    for metric in metrics:
        try:
            expression_rules.check(metric)
            _ = metric.hash  # which needs the halves of a pair, and a function that can be hashed
        except DefinitionError as error:
            faults.append(str(error))
    if not faults:
        definitions.note_right(metrics, paths.results())
    yield from faults


def _page_one() -> Iterator[str]:
    """Yield what is wrong with the line page_one of packs.toml, when it is there."""
    from city_briefs.analysis.page_one import chosen as chosen_metrics

    try:
        if ids := page_one_line.ids():
            chosen_metrics.check(ids)
    except UsageError as error:
        yield str(error)


def _check_place(file: Path, regions: Regions, packs: Iterable[packs_toml.Pack]) -> None:
    """See that a remark lies where a chapter looks for one; one that does not is a DataError."""
    name, parts = _remarks().shown(file), file.relative_to(paths.notes()).parts
    if len(parts) != 3 or file.suffix != ".md":
        raise DataError(
            chosen(
                f"{name} is where no chapter looks for a remark. One lies in {PLACE}.",
                f"{name}放错了位置，没有一章读它。批注应放在{PLACE_ZH}。",
            )
        )
    slug, code, _ = parts
    if not _is_period(slug):
        raise DataError(chosen(f"{name}: there is no period '{slug}'. {PERIODS}", f"{name}：没有“{slug}”这个期间。{PERIODS_ZH}"))
    region = regions.by_code.get(code)
    if region is None:
        raise DataError(
            chosen(
                f"{name}: there is no region '{code}'. Its code names it, such as {regions.cities[0].code}.",
                f"{name}：没有代码为“{code}”的地区。文件夹按地区代码命名，如{regions.cities[0].code}。",
            )
        )
    chapters = list(dict.fromkeys(chapter for pack in packs for chapter in pack.chapters_of(region.level)))
    if file.stem not in chapters:
        raise DataError(
            chosen(
                f"{name}: no pack of {region.name} ({code}) has a chapter '{file.stem}'.{suggestion(file.stem, chapters)}",
                f"{name}：{region.name}（{code}）的简报里没有“{file.stem}”这一章。{suggestion_zh(file.stem, chapters)}",
            )
        )


def _remarks() -> "ModuleType":
    """Where remarks are read; imported when there is one, since it comes with all that draws."""
    from city_briefs.analysis.blocks import remarks

    return remarks


def _is_period(slug: str) -> bool:
    """Whether a folder is named as that of a period is."""
    try:
        Period.of_slug(slug)
    except ValueError:
        return False
    return True


def folder() -> Path:
    """Where the packs of a check lie, beside those of the builds."""
    return paths.outputs() / ".check"


@contextmanager
def begun(names: Sequence[str], data: Path | None) -> "Iterator[Begun | None]":
    """Begin the build of a check while the rules are looked at, where one of these chapters was saved after the last; else None.

    What is wrong with the snapshot is told when its turn comes.
    """
    from city_briefs.app import incremental
    from city_briefs.production.build import begun as early
    from city_briefs.production.build import outputs

    try:
        last = (folder() / outputs.LOG).stat().st_mtime_ns
        if all((paths.notebooks() / f"{name}.ipynb").stat().st_mtime_ns < last for name in names):
            raise FileNotFoundError
        source = incremental.source(opened(data))
    except (OSError, BriefError):  # no check was made here yet, nothing was saved, or there is no such snapshot
        yield None
        return
    with early.begin(source) as started:
        yield started


def end_to_end(
    names: Sequence[str], snapshot: "Snapshot", city: Region, periods: Sequence[Period], begun: "Begun | None" = None
) -> "Sequence[PackRequest]":
    """The packs that hold these chapters, made of one city, its province and its first county, in a folder of their own.

    There they stay, to be looked at, and for the next check, which makes only what has changed. When one cannot be made, that is a
    PackError.
    """
    from city_briefs.app import build_packs

    wanted = [pack for pack in packs_toml.packs().values() if set(pack.all_chapters) & set(names)]
    for pack in wanted:
        packs_toml.check_chapters(pack)  # before there is a folder
    into = folder()
    counties = [county for county in snapshot.regions.counties if county.parent == city.code][:1]
    among = Regions((snapshot.regions.within(city).province, city, *counties))
    order = build_packs.order(snapshot, wanted, [], periods, into, among=among)
    failed = [outcome for outcome in order.build(begun=begun) if outcome.error]
    if failed:
        raise PackError(
            chosen(
                f"{len(failed)} of {len(order.requests)} packs could not be made (see above). What was made lies in {paths.shown(into)}.",
                f"共{len(order.requests)}份，{len(failed)}份未能编制（见上）。编成的在{paths.shown(into)}。",
            )
        )
    return order.requests
