"""The command that compares: two folders, two cities, two years, two months, two commits."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from city_briefs.app.cli.app import NUMBERS, command, complete_metric, complete_pack
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import AsJson, Data, Engine, Span
from city_briefs.app.selection import city_of, held, latest, opened, packs_of
from city_briefs.common import paths
from city_briefs.common.errors import BriefError, PackError, UsageError
from city_briefs.common.language import chosen
from city_briefs.common.periods import YTD, Period
from city_briefs.common.terminal import say, say_as_json, say_on_stderr

if TYPE_CHECKING:
    from city_briefs.app.comparison_page import Page
    from city_briefs.production.review.compare import Comparison

MOST_COMMITS = 2


@command(NUMBERS)
def compare(
    old: Annotated[
        Path | None, typer.Argument(help=both("Folder of a snapshot, or of packs.", "快照或简报所在的文件夹。"))
    ] = None,
    new: Annotated[
        Path | None, typer.Argument(help=both("Folder of the one after it.", "其后一个快照或一批简报所在的文件夹。"))
    ] = None,
    city: Annotated[
        list[str] | None,
        typer.Option(
            help=both(
                "City or county by name, short name or code; two of them are compared. With --commit those whose packs are made.",
                "市州或县区的全称、简称或代码；写两次，对照两地。与--commit同用时，为要编制的地区。",
            )
        ),
    ] = None,
    year: Annotated[
        list[int] | None,
        typer.Option(
            help=both(
                "Year; two of them are compared. [default: the latest complete year]",
                "年份；写两次，对照两年。[默认：数据完整的最近一年]",
            )
        ),
    ] = None,
    through: Annotated[
        list[int] | None,
        typer.Option(
            "--through",
            metavar="MONTH",
            help=both(
                "Cut-off month, 1 to 12; two of them are compared. [default: 12]",
                "截止月份，1至12；写两次，对照两期。[默认：12]",
            ),
        ),
    ] = None,
    span: Span = YTD,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METRIC",
            autocompletion=complete_metric,
            help=both(
                "Only this metric, by id or Chinese name; several may be named. [default: all]",
                "只列这个指标，写编号或中文名，可写多次。[默认：全部]",
            ),
        ),
    ] = None,
    commit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COMMIT",
            help=both(
                "A commit of the project: packs made with it are compared with those of the working tree, or of a second one.",
                "项目的一个提交：用它编制的简报，与用工作文件夹（再写一次，则与第二个提交）编制的对照。",
            ),
        ),
    ] = None,
    pack: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PACK",
            autocompletion=complete_pack,
            help=both(
                "With --commit: a pack to make; several may be named. [default: the first that is made per city]",
                "与--commit同用：要编制的简报，可写多次。[默认：按市州编制的第一种]",
            ),
        ),
    ] = None,
    data: Data = None,
    engine: Engine = None,
    page: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=both("Write the comparison as a page with both sides beside each other.", "把对照写成一个网页，两边并排。"),
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What differs between two snapshots, two folders of packs, two cities, years or months, or two commits of the project.

    Of two snapshots it says what moved, because of which tables; of two folders of packs, which figures and words differ. Of two
    cities, years or months (--city, --year or --through twice) it gives each metric of both, and the difference where a comparison
    holds. With --commit it makes packs with that commit and with the working tree, and says what differs in each city.

    \f
    两个快照、两批简报、两地、两年、两期，或项目的两个提交有什么不同。

    两个快照：哪些数变了、由哪些表引起。两批简报：哪些数字和文字不同。两地、两年或两期（--city、--year或--through写两次）：
    每个指标两边各是多少，可比的给出差异和判定，不可比的说明原因。--commit：用该提交和工作文件夹各编制一遍，看各市州的简报变了什么。
    """
    given: Mapping[str, Any] = {
        "--city": city, "--year": year, "--through": through, "--span": span if span != YTD else None, "--metric": metric,
        "--commit": commit, "--pack": pack, "--data": data, "--engine": engine,
    }  # fmt: skip
    if old or new:
        _leave_out(given, given, "OLD and NEW are compared as they are.", "OLD和NEW按原样对照。")
        if not (old and new):
            raise UsageError(chosen("Name two folders: the older and the newer one.", "请写两个文件夹：先写旧的，再写新的。"))
        _folders(old, new, page, as_json)
    elif commit:
        _leave_out(given, ("--span", "--metric", "--engine"), "With --commit whole packs are compared.", "--commit对照整份简报。")
        _commits(commit, pack or (), city or (), year or (), through or (), data, page, as_json)
    else:
        _leave_out(given, ("--pack",), "--pack is read with --commit alone.", "--pack只与--commit同用。")
        from city_briefs.analysis.assessments import side_by_side
        from city_briefs.app import two_sides

        made = two_sides.sides(city or (), year or (), through or (), span, metric or (), data, engine)
        if page:
            from city_briefs.app import comparison_page

            _write(comparison_page.of_pairs(made.pairs, made.names, made.common, made.notice), page)
        if as_json:
            say_as_json([pair.record() for pair in made.pairs])
            return
        say(f"{made.common}：{' → '.join(made.names)}")
        for line in side_by_side.lines(made.pairs):
            say(line)
        if made.notice:
            say(made.notice)


def _leave_out(given: Mapping[str, Any], names: Sequence[str] | Mapping[str, Any], english: str, chinese: str) -> None:
    """See that none of some options is given.

    Raises:
        UsageError: one is; the sentence begins with the reason, in English and in Chinese.
    """
    if wrong := [name for name in names if given[name]]:
        raise UsageError(chosen(f"{english} Leave out {', '.join(wrong)}.", f"{chinese}请去掉{'、'.join(wrong)}。"))


def _write(made: "Page", file: Path) -> None:
    made.write(file)
    say_on_stderr(chosen(f"Written: {paths.shown(file)}.", f"已写入{paths.shown(file)}。"))


def _folders(old: Path, new: Path, page: Path | None, as_json: bool) -> None:
    """Compare two folders of packs, or two snapshots."""
    from city_briefs.production.review import compare as comparing

    sides = paths.shown(old), paths.shown(new)
    if comparing.holds_packs(old) or comparing.holds_packs(new):
        _say(comparing.compare(old, new), ("OLD", "NEW"), sides, [], page, as_json)
        return
    from city_briefs.analysis.compute import snapshot_diff
    from city_briefs.metrics import CATALOGUE

    before, after = opened(old), opened(new)
    moved = snapshot_diff.movements(before, after, CATALOGUE.values())
    if page:
        from city_briefs.app import comparison_page

        tables = [f"行有不同的表：{'、'.join(sorted(snapshot_diff.differing(before, after)))}。"] if moved else []
        notices = list(dict.fromkeys(filter(None, (before.notice, after.notice))))
        _write(comparison_page.of_movements(moved, tables, after.regions, sides, notices), page)
    if as_json:
        say_as_json([movement.record() for movement in moved])
        return
    for line in snapshot_diff.lines(moved, before, after):
        say(line)


def _commits(
    commits: Sequence[str], packs: Sequence[str], cities: Sequence[str], years: Sequence[int], months: Sequence[int],
    data: Path | None, page: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Make packs with two versions of the project and compare them.

    Raises:
        UsageError: more than two commits, or more than one year or month, are named; or there is no such one.
        PackError: some of the packs could not be made.
    """
    for name, words, most in (("--commit", commits, MOST_COMMITS), ("--year", years, 1), ("--through", months, 1)):
        if len(words) > most:
            raise UsageError(
                chosen(
                    f"{name} is named {len(words)} times. With --commit name it {'once or twice' if most > 1 else 'once'}.",
                    f"{name}写了{len(words)}次。与--commit同用时，请只写{'一次或两次' if most > 1 else '一次'}。",
                )
            )
    from city_briefs.app import commit_builds

    snapshot = opened(data)
    wanted_packs = packs or [next((known.id for known in packs_of() if known.per != "province"), packs_of()[0].id)]
    regions = [city_of(snapshot, word).code for word in cities]
    period = held(snapshot, Period(years[0] if years else latest(snapshot), months[0] if months else 12), complete=True)
    wanted = commit_builds.Wanted(wanted_packs, regions, period.year, period.through, snapshot.path)
    with commit_builds.builds(commits, wanted) as made:
        from city_briefs.production.review import compare as comparing

        first, second = made.versions
        try:
            comparison = comparing.compare(*made.folders)
        except BriefError as error:
            raise UsageError(
                chosen(
                    f"What was made with {first.name} or {second.name} cannot be read by this program: {error} Name a later commit.",
                    f"用{first.name}或{second.name}编制的，本程序读不懂：{error}请换一个更晚的提交。",
                )
            ) from None
        names = first.name, second.name
        if not as_json:
            for fact in made.facts:
                say(chosen(*fact))
        facts = [*(chinese for _, chinese in made.facts), *made.failed]
        _say(comparison, names, (first.about, second.about), facts, page, as_json)
    if made.failed:
        raise PackError("\n".join(made.failed))


def _say(
    comparison: "Comparison",
    names: tuple[str, str],
    sides: tuple[str, str],
    facts: Sequence[str],
    page: Path | None,
    as_json: bool,
) -> None:
    """Say how two batches of packs differ, and write it as a page, on which the `facts` stand too."""
    from city_briefs.production.review import compare as comparing

    if page:
        from city_briefs.app import comparison_page

        _write(comparison_page.of_packs(comparison, sides, facts), page)
    if as_json:
        say_as_json(comparison.record())
        return
    for line in comparing.lines(comparison, names):
        say(line)
