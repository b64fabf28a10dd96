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
from city_briefs.common.language import chosen
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
        raise UsageError(
            chosen(
                "--data is only read with --rebuild. Add it, or leave --data out.",
                "--data只与--rebuild同用。请加--rebuild，或去掉--data。",
            )
        )
    verification = verify(folder.absolute(), [signature.public(file) for file in key or ()])
    differences, signers = verification.differences, verification.signers
    if differences:
        count = chosen(f"Differences from what was made: {len(differences)}.", f"与编制时不一致的有{len(differences)}处。")
        raise VerificationError("\n".join([*differences, count]))
    packs, files, signed = signers.total(), verification.files, _signed(signers)
    say(
        chosen(
            f"{shown(folder)} is as it was made. Packs: {packs}; files: {files}. {signed}",
            f"{shown(folder)}与编制时一致。简报{packs}份，文件{files}个。{signed}",
        )
    )
    if rebuild:
        _rebuild(verification.folders, data)


def _signed(signers: Counter[str]) -> str:
    """Who signed how many of the packs."""
    if not set(signers) - {""}:
        return chosen("Not signed.", "没有签名。")
    if len(signers) == 1:
        return chosen(f"Signed by {next(iter(signers))}.", f"由{next(iter(signers))}签名。")
    parts = [
        chosen(f"{count} signed by {key}", f"{count}份由{key}签名")
        if key
        else chosen(f"{count} not signed", f"{count}份没有签名")
        for key, count in sorted(signers.items(), reverse=True)
    ]
    return chosen(f"{', '.join(parts)}.", f"{'，'.join(parts)}。")


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
        count = chosen(
            f"Differences from what is made now: {len(differences)}. That lies in {into}.",
            f"与重新编制的不一致的有{len(differences)}处。重新编制的在{into}。",
        )
        raise VerificationError("\n".join([*differences, count]))
    shutil.rmtree(into)
    left = sum(len(folder.packs) for folder in folders if not folder.of_failed) - len(made)
    issued = chosen(f"; issued of other snapshots and left out: {left}", f"；由其他快照签发的{left}份未重编") if left else ""
    code = (
        chosen(
            f", but for the code of {rewritten} executed notebooks, which say the same",
            f"，只有{rewritten}个运行后的笔记本代码不同，所说的相同",
        )
        if rewritten
        else ""
    )
    say(
        chosen(
            f"Built again from {shown(snapshot.path)}, the same to the byte{code}. Packs: {len(made)}{issued}.",
            f"用{shown(snapshot.path)}重新编制，逐字节一致{code}。简报{len(made)}份{issued}。",
        )
    )
