"""The command that compares packs with what was made: verify."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from city_briefs.app.cli.app import EDITIONS, command
from city_briefs.app.cli.bilingual import both
from city_briefs.app.cli.options import Data
from city_briefs.app.selection import opened
from city_briefs.common.errors import UsageError, VerificationError
from city_briefs.common.paths import shown
from city_briefs.common.terminal import say

if TYPE_CHECKING:
    from city_briefs.production.review.verify import Folder


@command(EDITIONS)
def verify(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help=both("Folder of the outputs, of a period, or of some packs.", "全部简报、某一期或某几份简报所在的文件夹。"),
        ),
    ],
    key: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PUB",
            help=both(
                "Public key (PEM); all packs must be signed by it, or by one of several.",
                "公钥（PEM）；全部简报须由它或几个公钥之一签名。",
            ),
        ),
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild", help=both("Build the packs again from the snapshot, and compare.", "用快照重新编制，再作比较。")
        ),
    ] = False,
    data: Data = None,
) -> None:
    """See that packs are as they were made, byte for byte; each difference is named, and then it ends with 6.

    \f
    核验简报与编制时逐字节一致；不一致的逐项列出，退出码为6。
    """
    from city_briefs.production.editions import signature
    from city_briefs.production.review.verify import verify

    if data and not rebuild:
        raise UsageError("--data is only read with --rebuild. Add it, or leave --data out.")
    verification = verify(folder.absolute(), [signature.public(file) for file in key or ()])
    differences, signers = verification.differences, verification.signers
    if differences:
        raise VerificationError("\n".join([*differences, f"Differences from what was made: {len(differences)}."]))
    counts = f"Packs: {signers.total()}; files: {verification.files}."
    say(f"{shown(folder)} is as it was made. {counts} {_signed(signers)}")
    if rebuild:
        _rebuild(verification.folders, data)


def _signed(signers: Counter[str]) -> str:
    """Who signed how many of the packs."""
    if not set(signers) - {""}:
        return "Not signed."
    if len(signers) == 1:
        return f"Signed by {next(iter(signers))}."
    parts = [f"{count} signed by {key}" if key else f"{count} not signed" for key, count in sorted(signers.items(), reverse=True)]
    return f"{', '.join(parts)}."


def _rebuild(folders: "list[Folder]", data: Path | None) -> None:
    """Build the packs again in a folder that stays only when something differs."""
    from city_briefs.app import rebuild

    snapshot = opened(data)
    into = Path(tempfile.mkdtemp(prefix="briefs-rebuild-"))
    try:
        made = rebuild.rebuilt(folders, snapshot, into)
        for line in rebuild.changed(made):
            say(line)
        differences = rebuild.differences(made, snapshot, into)
        rewritten = sum(len(pack.rewritten) for pack in made)
    except BaseException:
        shutil.rmtree(into)
        raise
    if differences:
        count = f"Differences from what is made now: {len(differences)}. That lies in {into}."
        raise VerificationError("\n".join([*differences, count]))
    shutil.rmtree(into)
    left = sum(len(folder.packs) for folder in folders if not folder.of_failed) - len(made)
    issued = f"; issued of other snapshots and left out: {left}" if left else ""
    code = f", but for the code of {rewritten} executed notebooks, which say the same" if rewritten else ""
    say(f"Built again from {shown(snapshot.path)}, the same to the byte{code}. Packs: {len(made)}{issued}.")
