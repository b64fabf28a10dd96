"""Whether a pack is up to date: asked here by a build, `briefs why`, an approval and the index, with one kind of answer.

A build that has nothing to do is to say so at once, and so it is asked in three steps: `at_once`, by one hash of everything;
`of_chapters`, by what each was made from and has read; `of_inputs`, by the cache key and the files that stand. `of_request` takes all
that are needed.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from city_briefs.common import files
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.hashing import holds
from city_briefs.common.language import chosen
from city_briefs.common.read_log import Question
from city_briefs.production.build import chapter_store, fingerprints
from city_briefs.production.build.chapter_store import Record
from city_briefs.production.editions import content, manifest, register
from city_briefs.production.packs.edition import Edition
from city_briefs.production.packs.plan import Chapter, PackInputs, PackRequest, kept

Changed = Callable[[Mapping[Question, str]], Iterable[str]]  # of what was read, what is another now, in words
FRESH = "all is to be made anew", "要求全部重做"  # in English and in Chinese, as those below
NOT_RUN = "it has not run, or its last run was not kept", "没有运行过，或上次运行的结果没有保留"
DOCUMENTS = (
    "its documents are not there, or of another snapshot, title, version, look or set of fonts, or unsigned by the key in use",
    "没有文档，或文档的快照、标题、程序版本、版式、字体与现在不同，或没有用现在的密钥签名",
)
KEPT, NEWER_DATA = "仍为原稿", "本期已有更新的数据"  # as the index has it: the last attempt failed; newer data are there


@dataclass(frozen=True)
class Freshness:
    """Whether a pack is up to date; if not, `because` of what it is made again, or why its chapters (`due`, by name) must run first.

    `documents` are the files of one that is up to date. `inputs` are there when no chapter is due and they were looked at.
    """

    because: tuple[str, ...] = ()
    due: Mapping[str, Sequence[str]] = field(default_factory=dict)
    documents: tuple[Path, ...] = ()
    inputs: PackInputs | None = None

    @property
    def up_to_date(self) -> bool:
        """Whether nothing is to be done."""
        return not self.because and not self.due


@dataclass(frozen=True)
class ChapterStates:
    """The records of chapters that were kept, and of the chapters that must run again why."""

    records: Mapping[Chapter, Record]
    due: Mapping[Chapter, Sequence[str]]


def at_once(request: PackRequest) -> Freshness | None:
    """The answer for a pack of which nothing has changed since a build last looked; None when it takes a closer look.

    A register that is not as it was issued is a DataError.
    """
    issued = register.of(request)
    register.see_none_missing(request, issued)
    try:
        noted = json.loads(files.read_text(_note_of(request)))
        everything, key = noted["everything"], str(noted["key"])
        if everything != fingerprints.pack_quick(request, issued):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    last = issued[-1] if issued and issued[-1].entry["key"] == key else None
    documents = _standing(request, key, last)
    return None if documents is None else Freshness(documents=documents)


def of_chapters(chapters: Iterable[Chapter], changed: Changed, *, fresh: bool = False) -> ChapterStates:
    """Which chapters must run again, and why: with `fresh` all. `changed` says what of the reads of a chapter is another now."""
    records = {chapter: chapter_store.find(chapter) for chapter in dict.fromkeys(chapters)}
    reasons = {chapter: [chosen(*FRESH)] if fresh else _reasons(chapter, record, changed) for chapter, record in records.items()}
    due = {chapter: because for chapter, because in reasons.items() if because}
    return ChapterStates({chapter: record for chapter, record in records.items() if record}, due)


def of_inputs(inputs: PackInputs, *, any_signer: bool = False) -> Freshness:
    """The answer for a pack whose chapters have run: whether it stands as it would be made.

    When packs are signed, one that is not signed by the same key does not stand, but for `any_signer`: what others may have changed is
    made again. An edition that was issued has the signature that it was issued with.
    """
    edition = inputs.edition if inputs.edition.folder else None
    documents = _standing(inputs.request, inputs.key, edition, any_signer=any_signer)
    if documents is None:
        return Freshness((chosen(*DOCUMENTS),), inputs=inputs)
    return Freshness(documents=documents, inputs=inputs)


def of_request(request: PackRequest, changed: Changed) -> Freshness:
    """The answer for a pack, as quickly as it can be given."""
    return at_once(request) or examined(request, changed)


def examined(request: PackRequest, changed: Changed, *, any_signer: bool = False) -> Freshness:
    """The answer for a pack, with its inputs unless a chapter is due; `any_signer` as of `of_inputs`."""
    chapters = of_chapters(request.chapters, changed)
    if chapters.due:
        return Freshness(due={chapter.name: reasons for chapter, reasons in chapters.due.items()})
    return of_inputs(inputs_of(request, chapters.records), any_signer=any_signer)


def of_listed(entry: Mapping[str, Any], newest: str, *, attempted: bool) -> Freshness:
    """The answer for a pack of which only the manifest is at hand.

    `newest` is the day on which the newest data came in of which packs of its period are made, and `attempted` whether it could not be
    made again.
    """
    if attempted:
        return Freshness((KEPT,))
    return Freshness((NEWER_DATA,) if "approval" not in entry and manifest.ingested(entry) < newest else ())


def inputs_of(request: PackRequest, records: Mapping[Chapter, Record]) -> PackInputs:
    """The inputs of a pack whose chapters have all run, and the edition that it makes.

    It makes the edition issued last, when its chapters say what that says, and else a draft of the next.
    """
    of_pack = [records[chapter] for chapter in request.chapters]
    sayings = [record.content for record in of_pack]
    entry, parameters = fingerprints.pack_entry(request), request.parameters.model_dump()
    content_hash = content.pack_content(entry, request.title, parameters, sayings)
    edition = request.edition or register.made_by(request, content_hash)
    return fingerprints.keyed(request, [record.notebook for record in of_pack], content_hash, edition)


def quick(request: PackRequest) -> str:
    """By what `note` knows that nothing changed while a pack was made."""
    return fingerprints.pack_quick(request, register.of(request))


def note(inputs: PackInputs, before: str) -> None:
    """Note for `at_once` that a pack stands, unless something that it is made from was changed since `quick` was `before`."""
    if quick(inputs.request) == before:
        with suppress(OSError):
            write_whole(_note_of(inputs.request), json.dumps({"everything": before, "key": inputs.key}), inputs.request.out)


def _note_of(request: PackRequest) -> Path:
    return kept(request.out, request.period, request.region) / f"{request.pack.id}.pack.json"


def _reasons(chapter: Chapter, record: Record | None, changed: Changed) -> list[str]:
    """Why a chapter must run again, in words; empty when it need not."""
    if record is None:
        return [chosen(*NOT_RUN)]
    before, now = record.made_from, fingerprints.chapter_inputs(chapter)
    names = [name for name in sorted(before.keys() | now.keys()) if before.get(name) != now.get(name)]
    reasons = [chosen(f"{name} changed", f"{name}有变动") for name in names]
    if reasons or record.state == fingerprints.chapter_data(chapter):
        return reasons
    asked = chapter_store.reads_of(chapter, record)
    return [chosen(*NOT_RUN)] if asked is None else list(changed(asked))


def _standing(request: PackRequest, key: str, issued: Edition | None, *, any_signer: bool = False) -> tuple[Path, ...] | None:
    """The documents of a pack that lies in its place as it was made with this key, and as it was issued when it was; None of any other."""
    entries = manifest.read(request.folder)
    entry = entries.get(request.pack.id)
    if not entry or entry["key"] != key:
        return None
    documents = tuple(manifest.documents(request, entry))
    if any(file.name not in entry["outputs"] for file in documents):
        return None
    if any_signer:
        genuine = entry.get("hash") == manifest.digest(entry)
    else:
        genuine = entry == issued.entry if issued else "approval" not in entry and manifest.is_genuine(entry)
    return documents if genuine and _files_stand(request, entries, issued) else None


def _files_stand(request: PackRequest, entries: Mapping[str, dict[str, Any]], issued: Edition | None) -> bool:
    """Whether the files of a pack are those that its manifest says were made.

    A chapter of an edition that was issued may be as another pack here has it, of another snapshot; the register has its own.
    """
    vouching = entries.values() if issued else [entries[request.pack.id]]
    return all(
        any(holds(request.folder / name, entry["outputs"][name]) for entry in vouching if name in entry["outputs"])
        for name in entries[request.pack.id]["outputs"]
    )
