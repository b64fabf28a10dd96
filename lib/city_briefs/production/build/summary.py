"""What a build did, as JSON and as lines for a person."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from city_briefs.common import paths
from city_briefs.production.build.outcome import Outcome


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What a build did, the contract of `briefs build --json`."""
    counts = {status: sum(outcome.status == status for outcome in outcomes) for status in ("built", "kept", "failed")}
    packs = [
        {
            "pack": outcome.task.pack.id,
            "region": outcome.task.region.code,
            "year": outcome.task.period.year,
            "status": outcome.status,
            "seconds": round(outcome.seconds, 3),
            "files": [paths.shown(file) for file in outcome.files],
            "error": outcome.error,
        }
        for outcome in outcomes
    ]
    return {**counts, "packs": packs}


def report(done: dict[str, Any], names: list[str], index: Path) -> None:
    """Say where the packs lie; what failed comes last, where it is seen."""
    for pack in done["packs"]:
        if pack["files"]:
            print("  ".join(pack["files"]))
    made, total = done["built"] + done["kept"], len(done["packs"])
    kept = f", {done['kept']} of them before and kept" if done["kept"] else ""
    if done["failed"]:
        several = len({pack["pack"] for pack in done["packs"]}) > 1
        failed = "、".join(
            f"{name} {pack['pack']}" if several else name
            for name, pack in zip(names, done["packs"], strict=True)
            if pack["error"]
        )
        print(f"{made} of {total} packs written{kept}. Not written: {failed} (see above).", file=sys.stderr)
    else:
        print(f"{made} of {total} packs written{kept}.")
    print(f"Index: {paths.shown(index)}")
