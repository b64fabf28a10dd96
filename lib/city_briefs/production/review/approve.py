"""An approval: a draft that stands as a build would make it becomes an edition, without the mark, signed and in the register."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from city_briefs.common import paths
from city_briefs.common.errors import PackError, UsageError
from city_briefs.production.build import chapter_store, index_page, outputs, session
from city_briefs.production.build.chapter_store import Changed
from city_briefs.production.build.make_pack import EXPORTERS, assemble
from city_briefs.production.build.scheduler import finish
from city_briefs.production.editions import register, signature
from city_briefs.production.packs.edition import Approval, Edition
from city_briefs.production.packs.plan import Task


def issue(tasks: Sequence[Task], into: Path, changed: Changed, approval: Approval) -> list[Edition]:
    """The editions that were issued of these packs; all are looked at before the first is issued.

    A pack of which no draft stands as a build would make it now, or which was issued already, is a UsageError, and so is a missing key.
    """
    if not signature.key():
        raise UsageError(f"An approval is signed. Let {signature.VARIABLE} name the key that signs. {signature.MAKE_ONE}")
    if not register.may_issue(signature.name()):
        raise UsageError(f"The key {signature.name()} may not issue editions: it is none of the signers of briefs.toml.")
    with session.reserved(into):
        try:
            drafts = [_draft(task, changed) for task in tasks]
            return [_issued(task, notebooks, approval) for task, notebooks in drafts]
        finally:  # also of what was issued before a fault, or when a kill left the page of an earlier approval unwritten
            if paths.register().is_dir():
                index_page.write_of_editions(paths.register())
            if any(into.iterdir()):
                index_page.write(into)


def _draft(task: Task, changed: Changed) -> tuple[Task, list[str]]:
    """The task as the draft that stands, and the hashes of its executed chapters."""
    found = {chapter: chapter_store.find(chapter) for chapter in task.chapters}
    kept = [record for chapter, record in found.items() if record and not chapter_store.reasons(chapter, record, changed)]
    if len(kept) == len(found):
        task = chapter_store.keyed(task, kept)
        if task.edition and task.edition.folder and task.edition.approval:
            by, on = task.edition.approval.issued_by, task.edition.approval.issued_on
            raise UsageError(
                f"{task.name}: {task.pack.id} says what edition {task.edition.number} says, which {by} issued on {on}."
            )
        if outputs.stands(task):
            return task, [record.notebook for record in kept]
    raise UsageError(
        f"{task.name}: no draft of {task.pack.id} stands as a build would make it now. Build it, read it, and approve it then."
    )


def _issued(task: Task, notebooks: list[str], approval: Approval) -> Edition:
    """Make the edition, put it into the register, and then in the place of the draft; a kill leaves the last to the next build."""
    assert task.edition is not None
    task = replace(task, edition=replace(task.edition, approval=approval), formats=tuple(EXPORTERS))
    task = replace(task, key=chapter_store.key(task, notebooks))
    made = assemble(task, {})
    if made.error or not made.folder:
        raise PackError(made.error or task.name)
    try:
        edition = register.keep(task, made.folder, outputs.described(task, made.folder, made.entry))
    finally:
        shutil.rmtree(made.folder)
    placed = finish(assemble(replace(task, edition=edition), {}))
    if placed.error:
        raise PackError(f"{placed.error} The edition was issued: the next build puts it in its place.")
    return edition
