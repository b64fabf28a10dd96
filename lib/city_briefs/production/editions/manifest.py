"""What a folder of packs says of them: of each what it was made from and holds, under a hash of it all, signed when a key is set.

`manifest.json` has an entry for each pack, and each vouches for itself: a pack that is made later touches no hash or signature of
another, so that a signature is only ever put under what the build that has the key has made. The hash is the SHA-256 of the entry
without hash and signature as JSON with sorted keys and no spaces (RFC 8785), and the signature is of the hash as it stands there.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from pathlib import Path, PureWindowsPath
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from city_briefs.common import files
from city_briefs.common.periods import Period
from city_briefs.common.regions import CODE
from city_briefs.common.settings import KEY
from city_briefs.production.editions import signature
from city_briefs.production.packs.edition import Edition
from city_briefs.production.packs.packs_toml import ID
from city_briefs.production.packs.plan import PackRequest

MANIFEST = "manifest.json"
SEAL = {"hash", "signature"}  # what the hash of an entry leaves out
LARGEST = 16 * 2**20  # bytes of a manifest
LONGEST = 255  # bytes in the name of a file, as every usual file system has it
MOST = 1_000_000  # editions of one pack
OF_FOLDER = ("region", "name", "short", "period", "period_text")  # what version 0.2 said once for all packs of a folder


def _inside(name: str) -> str:
    """A path that leads nowhere but into its folder, on any system, and that a file may have."""
    path = PureWindowsPath(name)  # which takes both kinds of slashes
    if not path.parts or path.anchor or ".." in path.parts or not name.isprintable() or len(name.encode()) > LONGEST:
        raise ValueError(name)
    return name


def _day(text: str) -> str:
    """A day as YYYY-MM-DD, and nothing else that Python reads as one."""
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError(text)
    return text


def _slug(text: str) -> str:
    """The name of a period."""
    Period.of_slug(text)
    return text


Day = Annotated[str, AfterValidator(_day)]


class Part(BaseModel):
    """A part of a manifest: closed and typed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Signature(Part):
    """A signature and the public key that it holds by, both in Base64."""

    key: Annotated[str, Field(pattern=f"^{KEY.pattern}$")]
    ed25519: str


class Stamp(Part):
    """By what a document names its snapshot; empty for what was not made."""

    id: str = ""
    synthetic: bool = False
    notice: str = ""
    ingested_at: str = ""


class Approved(Part):
    """Who reviewed and who issued an edition, and when."""

    reviewed_by: str
    issued_by: str
    issued_on: Day


class ManifestEntry(Part):
    """What a manifest says of a pack. All but hashes follows from the same inputs, and nothing from clock, host or place.

    What is not said is left out, and nothing is null.
    """

    pack: Annotated[str, Field(pattern=ID)]
    region: Annotated[str, Field(pattern=f"^{CODE.pattern}$")]
    name: str
    short: str
    period: Annotated[str, AfterValidator(_slug)]
    period_text: str
    title: str
    document: str
    until: Day
    classification: str = ""  # 内部资料
    key: str  # changes with anything that the pack is made from
    snapshot: Stamp
    tables: dict[str, str] = {}  # of the snapshot, each with the hash of its rows
    findings: dict[str, dict[str, int]] = {}  # of the snapshot's door, by table and rule: how many rows it took with a warning
    parameters: dict[str, int | str] = {}
    chapters: dict[str, str] = {}  # the notebooks as they were written
    inputs: dict[str, str] = {}  # everything else that was read: modules, templates, remarks, reference, fonts, lock, version
    metrics: dict[str, dict[str, str | None]] = {}  # the hash of the definition, and where the numbers come from
    refusals: list[dict[str, int | str]] = []
    edition: Annotated[int, Field(ge=1, lt=MOST)] = 1
    content: str = ""  # changes with anything that the chapters say
    before: str = ""  # the hash of what the register says of the edition before
    lights: Annotated[int, Field(ge=0, lt=MOST)] = None  # type: ignore[assignment]  # that are on, as its page one counts them
    behind: Annotated[int, Field(ge=0, lt=MOST)] = None  # type: ignore[assignment]  # targets that are behind or missed
    approval: Approved = None  # type: ignore[assignment]  # an edition without is a draft
    nothing: str = ""  # why it has no documents: a pack that is made only of something, and there is nothing
    outputs: dict[Annotated[str, AfterValidator(_inside)], str]
    hash: str = ""
    signature: Signature = None  # type: ignore[assignment]


class Manifest(Part):
    """The file."""

    packs: dict[str, ManifestEntry]


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """The entries of a folder's manifest by the id of their pack; none when there is no manifest that can be read."""
    try:
        return entries(files.read_bytes(folder / MANIFEST, LARGEST, links=False).decode())
    except (OSError, ValueError):
        return {}


def entries(content: str) -> dict[str, dict[str, Any]]:
    """The entries of a manifest; what is none is a ValueError."""
    _check(content)
    return _packs(json.loads(content))


@lru_cache(maxsize=64)
def _check(content: str) -> None:
    """See that a text is a manifest: once of each, since that of a folder is read for each of its packs, and more than once.

    Raises:
        ValueError: it is none.
    """
    try:
        written = json.loads(content, object_pairs_hook=_once, parse_constant=_no_number)
        json.dumps(written, ensure_ascii=False).encode()  # half of a character, which JSON can have, is a UnicodeEncodeError
        packs = _packs(written)
    except (TypeError, KeyError, AttributeError, RecursionError):
        raise ValueError(content) from None
    Manifest(packs=packs)  # type: ignore[arg-type]  # it is to see what they are
    if any(pack != entry["pack"] for pack, entry in packs.items()):
        raise ValueError(content)


def _packs(written: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The entries of a manifest by the id of their pack, each with what was once said for all packs of a folder."""
    of_folder = {name: written[name] for name in OF_FOLDER if name in written}
    return {pack: {"pack": pack, **of_folder, **entry} for pack, entry in written["packs"].items()}


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; one that has a name twice is a ValueError, since readers differ in which of the two they take."""
    if len(named := dict(pairs)) != len(pairs):
        raise ValueError(pairs)
    return named


def _no_number(word: str) -> None:
    """What Python takes for a number in JSON and is none, such as NaN: a ValueError."""
    raise ValueError(word)


def text(packs: Mapping[str, Mapping[str, Any]]) -> str:
    """The one way in which a manifest is written."""
    return json.dumps({"packs": packs}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def facts(request: PackRequest) -> dict[str, Any]:
    """What a manifest says of a pack before it is made."""
    return {
        "pack": request.pack.id,
        "region": request.region.code,
        "name": request.region.name,
        "short": request.region.short,
        "period": request.period.slug,
        "period_text": request.period.text,
        "title": request.title,
        "document": request.pack.title,
        "until": request.period.end.isoformat(),
        "classification": request.pack.classification,
    }


def documents(request: PackRequest, entry: Mapping[str, Any]) -> list[Path]:
    """Return where the documents of a pack lie that an entry is about: none of one that has nothing to say, which says why."""
    return [] if entry.get("nothing") else request.documents


def of_edition(edition: Edition, content: str) -> dict[str, Any]:
    """What a manifest says of the edition that a pack is; `content` is the hash of what it says."""
    facts: dict[str, Any] = {"edition": edition.number, "content": content}
    if edition.before:
        facts["before"] = edition.before.entry["hash"]
    if edition.approval:
        facts["approval"] = asdict(edition.approval)
    return facts


def sealed(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry with its hash, and with a signature when a key is set."""
    made = digest(entry)
    signed = signature.sign(made)
    return {**entry, "hash": made, **({"signature": signed} if signed else {})}


def digest(entry: Mapping[str, Any]) -> str:
    """The hash of an entry."""
    rest = {name: value for name, value in entry.items() if name not in SEAL}
    return hashlib.sha256(json.dumps(rest, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()).hexdigest()


def is_genuine(entry: dict[str, Any]) -> bool:
    """Whether an entry is as it was written, and, when a key is set, as that key would sign it."""
    made = digest(entry)
    signed = signature.sign(made)
    return entry.get("hash") == made and signed in (None, entry.get("signature"))


def ingested(entry: Mapping[str, Any]) -> str:
    """The day on which the newest part of a pack's data came in; a manifest that does not say it is older than any that does."""
    day: str = entry["snapshot"].get("ingested_at", "")
    return day
