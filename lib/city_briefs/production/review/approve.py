"""An approval: a draft that stands as a build would make it becomes an edition, without the mark, signed and in the register."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from city_briefs.common import paths
from city_briefs.common.errors import DataError, PackError, UsageError
from city_briefs.common.language import chosen, some
from city_briefs.production.build import fingerprints, index_page, outputs, session, up_to_date
from city_briefs.production.build.outcome import FailedPack
from city_briefs.production.build.scheduler import finish
from city_briefs.production.build.up_to_date import Changed
from city_briefs.production.editions import first_issued, manifest, register, signature
from city_briefs.production.packs.edition import Approval, Edition
from city_briefs.production.packs.plan import PackInputs, PackRequest


def issue(requests: Sequence[PackRequest], into: Path, changed: Changed, approval: Approval) -> list[Edition]:
    """The editions that were issued of these packs; all are looked at before the first is issued.

    A pack of which no draft stands as a build would make it now, or which was issued already, is a UsageError, and so is a missing key.
    """
    if not signature.key():
        raise UsageError(
            chosen(
                f"An approval is signed. Let {signature.VARIABLE} name the key that signs. {signature.MAKE_ONE}",
                f"签发要用密钥签名。请用{signature.VARIABLE}指定签名的密钥。{signature.MAKE_ONE_ZH}",
            )
        )
    if not register.may_issue(signature.name()):
        raise UsageError(
            chosen(
                f"The key {signature.name()} may not issue editions: it is none of the signers of briefs.toml.",
                f"密钥{signature.name()}不能签发：它不在briefs.toml的signers里。",
            )
        )
    with session.reserved(into):
        try:
            drafts = [_draft(request, changed) for request in requests]
            editions = [_issued(draft, approval) for draft in drafts]
        except BaseException:
            with suppress(PackError):
                _list(into)  # what was issued before the fault, or when a kill left the page of an earlier approval unwritten
            raise
        _list(into)
        return editions


def list_again(into: Path) -> None:
    """Write the lists when nothing waits to be issued, since a kill may have left those of an earlier approval unwritten.

    Raises:
        PackError: one cannot be written.
    """
    with session.reserved(into):
        _list(into)


def _list(into: Path) -> None:
    """Write the lists of what was issued and of what lies in the outputs; one that cannot be written is a PackError."""
    try:
        if paths.register().is_dir():
            index_page.write_of_editions(paths.register())
            first_issued.keep()
        if any(into.glob("[!.]*")):
            index_page.write(into)
    except (DataError, OSError) as error:
        raise PackError(
            chosen(
                f"{error} What was approved is issued, and no list says so yet: the next approval writes them.",
                f"{error}已经签发，但各清单尚未更新，下次签发时补写。",
            )
        ) from None


def _draft(request: PackRequest, changed: Changed) -> PackInputs:
    """The inputs of the draft that stands, whoever has signed it."""
    register.see_none_missing(request, register.of(request))
    freshness = up_to_date.examined(request, changed, any_signer=True)
    draft = freshness.inputs
    if draft and draft.edition.folder and draft.edition.approval:
        number, by, on = draft.edition.number, draft.edition.approval.issued_by, draft.edition.approval.issued_on
        raise UsageError(
            chosen(
                f"{request.name}: {request.pack.id} says what edition {number} says, which {by} issued on {on}.",
                f"{request.name}：{request.pack.id}与第{number}版内容相同，该版已由{by}于{on}签发。",
            )
        )
    if draft is None or not freshness.up_to_date:
        if not manifest.read(request.folder).get(request.pack.id):
            raise UsageError(
                chosen(
                    f"{request.name}: no draft of {request.pack.id} stands. Build it, read it, and approve it then.",
                    f"{request.name}：没有{request.pack.id}的送审稿。请先编制、审阅，再签发。",
                )
            )
        reasons = dict.fromkeys(reason for reasons in (freshness.because, *freshness.due.values()) for reason in reasons)
        raise UsageError(
            chosen(
                f"{request.name}: the draft of {request.pack.id} is not as a build would make it now: {some([*reasons])}. "
                "Build it, read it, and approve it then.",
                f"{request.name}：{request.pack.id}的送审稿不是最新的：{some([*reasons])}。请重新编制、审阅，再签发。",
            )
        )
    if nothing := manifest.read(request.folder)[request.pack.id].get("nothing"):
        raise UsageError(
            chosen(
                f"{request.name}: {request.pack.id} has no documents, so there is nothing to approve: {nothing}.",
                f"{request.name}：{request.pack.id}没有文档，无须签发：{nothing}。",
            )
        )
    return draft


def _issued(draft: PackInputs, approval: Approval) -> Edition:
    """Make the edition, put it into the register, and then in the place of the draft; a kill leaves the last to the next build."""
    from city_briefs.production.build.make_pack import EXPORTERS, assemble  # heavy: a build that makes nothing need not wait

    request = replace(draft.request, formats=tuple(EXPORTERS))
    approved = replace(draft.edition, approval=approval)
    inputs = fingerprints.keyed(request, draft.notebooks, draft.content, approved)
    made = assemble(inputs)
    if isinstance(made, FailedPack):
        raise PackError(made.error)
    try:
        edition = register.keep(inputs, made.folder, outputs.described(made))
    finally:
        shutil.rmtree(made.folder)
    placed = finish(assemble(replace(inputs, edition=edition)))
    if placed.error:
        raise PackError(
            chosen(
                f"{placed.error} The edition was issued: the next build puts it in its place.",
                f"{placed.error}这一版已经签发，下次编制时放入输出文件夹。",
            )
        )
    return edition
