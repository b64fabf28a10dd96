"""What a build did, as JSON and as lines for a person."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from city_briefs.common import paths
from city_briefs.common.language import chosen
from city_briefs.common.terminal import say, say_as_json, say_on_stderr
from city_briefs.production.build import index_page
from city_briefs.production.build.outcome import PackOutcome


def summary(outcomes: Sequence[PackOutcome]) -> dict[str, Any]:
    """What a build did, the contract of `briefs build --json`."""
    counts = {status: sum(outcome.status == status for outcome in outcomes) for status in ("built", "kept", "failed")}
    packs = [
        {
            "pack": outcome.request.pack.id,
            "region": outcome.request.region.code,
            "year": outcome.request.period.year,
            "status": outcome.status,
            "seconds": round(outcome.seconds, 3),
            "files": [paths.shown(file) for file in outcome.files],
            "error": outcome.error,
        }
        for outcome in outcomes
    ]
    return {**counts, "packs": packs}


def say_log(outcomes: Sequence[PackOutcome]) -> None:
    """Say a JSON object on a line for each pack, as the journal of a service keeps it: pack, region, period, outcome, seconds, reason."""
    for outcome in outcomes:
        request = outcome.request
        place = {"pack": request.pack.id, "region": request.region.code, "period": request.period.slug}
        made = {"outcome": outcome.status, "seconds": round(outcome.seconds, 3), "reason": outcome.error}
        say_as_json(place | made, on_a_line=True)


def report(outcomes: Sequence[PackOutcome], into: Path, *, verbose: bool = False) -> None:
    """Say in three lines how many packs stand, where they lie, and which page leads to them; which are not made is said on stderr.

    With `verbose` the files of each pack come first.
    """
    standing = [outcome for outcome in outcomes if outcome.files]
    if verbose:
        for outcome in standing:
            say("  ".join(paths.shown(file) for file in outcome.files))
    failed = [outcome.request for outcome in outcomes if outcome.error]
    before = sum(outcome.status == "kept" for outcome in outcomes)
    kept, kept_zh = (f", {before} of them before and kept", f"（其中{before}份原已编成，未重做）") if before else ("", "")
    written = len(outcomes) - len(failed)
    count = chosen(f"{written} of {len(outcomes)} packs written{kept}.", f"共{len(outcomes)}份，编成{written}份{kept_zh}。")
    if failed:
        several = len({outcome.request.pack.id for outcome in outcomes}) > 1
        names = "、".join(f"{request.name} {request.pack.id}" if several else request.name for request in failed)
        say_on_stderr(chosen(f"{count} Not written: {names} (see above).", f"{count}未编成：{names}（见上）。"))
    else:
        say(count)
    if empty := sum(not outcome.files and not outcome.error for outcome in outcomes):
        say(chosen(f"{empty} of them have nothing to list, and so no documents.", f"其中{empty}份没有可列的内容，不出文档。"))
    if standing:
        folders = dict.fromkeys(paths.shown(outcome.request.folder.parent) for outcome in standing)
        regions = {outcome.request.region for outcome in standing}
        say(
            chosen(
                f"Packs: {', '.join(folders)} (regions: {len(regions)})", f"简报：{'、'.join(folders)}（{len(regions)}个地区）"
            )
        )
    index = paths.shown(into / index_page.FILE)
    say(chosen(f"Index: {index}", f"索引页：{index}"))
