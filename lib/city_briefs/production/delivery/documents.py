"""What may be delivered: editions of the register, as they were issued, or, to reviewers, drafts that stand in the outputs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from city_briefs.common import files, paths
from city_briefs.common.errors import DataError, DeliveryError
from city_briefs.common.hashing import verified_bytes
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.production.build import outputs
from city_briefs.production.editions import manifest, register, register_folders
from city_briefs.production.editions.manifest import MANIFEST
from city_briefs.production.review import verify

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
}
UNFIT = set('/\\:*?"<>|')  # in the name of a file, on any system


@dataclass(frozen=True)
class Document:
    """A pack as it lies in a folder, and what its manifest says of it; `place` are the folders that lead to it."""

    folder: Path
    place: tuple[str, ...]
    entry: dict[str, Any] = field(hash=False)

    @property
    def name(self) -> str:
        """As messages name it: 兰州市 2021 city-brief, edition 1."""
        name = f"{self.entry['name']} {self.entry['period']} {self.entry['pack']}"
        return chosen(f"{name}, edition {self.number}", f"{name}第{self.number}版")

    @property
    def number(self) -> int:
        """The number of its edition."""
        return int(self.entry.get("edition", 1))

    @property
    def is_draft(self) -> bool:
        """Whether nobody has approved it."""
        return "approval" not in self.entry

    @property
    def title(self) -> str:
        """Its title, with what tells a draft, and an edition, from the first: 兰州市市场监管工作简报（2021年）第2版."""
        edition = f"第{self.number}版" if self.number > 1 else ""
        title = f"{self.entry['title']}{edition}{'（送审稿）' if self.is_draft else ''}"
        return "".join(character for character in title if character.isprintable())

    def file_name(self, suffix: str) -> str:
        """The name under which a reader gets it in a format: by its title, or by pack, region and period where that is too long."""
        name = f"{''.join('_' if character in UNFIT else character for character in self.title)}.{suffix}"
        short = f"{self.entry['pack']}-{self.entry['region']}-{self.entry['period']}.{suffix}"
        return name if len(name.encode()) <= files.NAME else short

    def content(self, name: str) -> bytes:
        """The bytes of one of its files; when they are not those that were made, a DeliveryError."""
        file = self.folder / name
        content = verified_bytes(file, self.entry["outputs"].get(name))
        if content is None:
            raise DeliveryError(chosen(f"{shown(file)} is not as it was made.", f"{shown(file)}与编制时不同。"))
        return content

    def file(self, suffix: str) -> bytes:
        """The document in a format; when it was not made in that, a DeliveryError."""
        name = f"{self.entry['pack']}.{suffix}"
        if name not in self.entry["outputs"]:
            raise DeliveryError(chosen(f"{self.name} was not made as {suffix}.", f"{self.name}没有编成{suffix}格式。"))
        return self.content(name)

    def differences(self, key: str | None) -> list[str]:
        """What is not as it was made, in sentences; with a public key, also a signature that is missing or of another."""
        wanted = (self.entry["period"], self.entry["region"], self.entry["pack"], str(self.number))
        if not self.is_draft and self.place != wanted:
            file, place = shown(self.folder / MANIFEST), "/".join(wanted)
            return [chosen(f"{file}: it is not of this folder, but of {place}.", f"{file}：不属于这个文件夹，应在{place}。")]
        return verify.verify(self.folder, [key] if key else []).differences


@dataclass(frozen=True)
class FoundDocuments:
    """What was looked for: documents, and sentences on what should be one and is not."""

    documents: list[Document]
    faults: list[str]


Choice = Callable[[dict[str, Any]], bool]  # whether a pack is asked for, by its entry


def issued(wanted: Choice) -> FoundDocuments:
    """The newest edition of each pack, region and period that is wanted."""
    root = paths.register()
    documents: list[Document] = []
    faults: list[str] = []
    for place in register_folders.below(root, register_folders.DEPTH - 1, lambda error: faults.append(str(error))):
        period, region, pack = place.relative_to(root).parts
        if not wanted({"pack": pack, "region": region, "period": period}):
            continue
        try:
            editions = register.editions(pack, region, period)
        except DataError as error:
            faults.append(str(error))
            continue
        documents += [
            Document(edition.folder, edition.folder.relative_to(root).parts, dict(edition.entry))
            for edition in editions[-1:]
            if edition.folder
        ]
    return FoundDocuments(documents, faults)


def drafts(out: Path, wanted: Choice) -> FoundDocuments:
    """The drafts of the packs that are wanted, of each kind and region only the newest period; those that could not be made are faults."""
    stands, unmade = _drafts(out, "[!.]*/*", wanted), _drafts(out, f"[!.]*/*/{outputs.INCOMPLETE}/*", wanted)
    newest = {document.folder for document in _newest([*stands, *unmade])}
    faults = [_unmade(document) for document in unmade if document.folder in newest]
    return FoundDocuments([document for document in stands if document.folder in newest and document.is_draft], faults)


def _unmade(document: Document) -> str:
    """What is said of a draft that could not be made."""
    name, pack, place = f"{document.entry['name']} {document.entry['period']}", document.entry["pack"], shown(document.folder)
    return chosen(f"{name}: {pack} could not be made. See {place}.", f"{name}：{pack}未能编制。请看{place}。")


def _drafts(out: Path, folders: str, wanted: Choice) -> list[Document]:
    return [
        Document(file.parent, file.parent.relative_to(out).parts, entry)
        for file in sorted(out.glob(f"{folders}/{MANIFEST}"))
        for entry in manifest.read(file.parent).values()
        if wanted(entry)
    ]


def _newest(documents: Sequence[Document]) -> list[Document]:
    """Those of the newest period, for each kind of pack and region."""
    until: dict[tuple[str, str], str] = {}
    for kind, document in _by_kind(documents):
        until[kind] = max(until.get(kind, ""), document.entry["until"])
    return [document for kind, document in _by_kind(documents) if document.entry["until"] == until[kind]]


def _by_kind(documents: Iterable[Document]) -> Iterable[tuple[tuple[str, str], Document]]:
    return (((document.entry["pack"], document.entry["region"]), document) for document in documents)
