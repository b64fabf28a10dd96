"""The register of editions: every edition that was issued, whole and signed, as it was issued.

What was issued before is an input of what is made next, and is read here and never in the outputs, which may be deleted at any time.
An edition lies in `<register>/<period>/<region>/<pack>/<number>/` with its documents, notebooks and manifest, and is never changed.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from city_briefs.common import atomic_files, files, paths
from city_briefs.common.errors import DataError, PackError, UsageError
from city_briefs.common.hashing import verified_bytes
from city_briefs.common.language import chosen
from city_briefs.production.editions import content, manifest, register_folders, signature, witnesses
from city_briefs.production.packs.edition import Approval, Edition
from city_briefs.production.packs.plan import PackInputs, PackRequest

WORKPLACE = ".issuing"
ALWAYS = {"approval", "edition", "signature", "hash"}  # what the entry of every edition has


def editions(pack: str, region: str, period: str) -> list[Edition]:
    """The editions that were issued of a pack, by its id, the code of the region and the slug of the period; oldest first.

    One that is not as it was issued is a DataError, and so is one that is missing among them, or that was delivered and is not there.
    """
    place = paths.register() / period / region / pack
    numbers = [int(name) for name in register_folders.numbers(period, region, pack) if name.isdecimal()]
    try:
        paths.inside(paths.register(), period, region, pack)
    except UsageError as error:  # a link, which costs this pack alone
        raise DataError(str(error)) from None
    issued: list[Edition] = []
    for number in range(1, max(numbers, default=0) + 1):
        folder, before = place / str(number), issued[-1] if issued else None
        entry = manifest.read(folder).get(pack, {})
        expected = {"region": region, "period": period, "edition": number}
        if not _is_signed(entry) or {name: entry[name] for name in expected} != expected or entry.get("before") != _hash(before):
            raise damaged(folder / manifest.MANIFEST)
        if not may_issue(key := entry["signature"]["key"]):
            raise _by_no_signer(folder / manifest.MANIFEST, key)
        issued.append(Edition(number, Approval(**entry["approval"]), folder, entry, before))
    for number, made in witnesses.delivered(period, region, pack).items():
        if number > len(issued):
            deliveries = paths.shown(paths.deliveries())
            witness = chosen(f"{deliveries} says that it was sent.", f"{deliveries}记有这一版已发出。")
            raise missing(place / str(number), witness)
        if issued[number - 1].entry["hash"] != made:
            raise damaged(place / str(number) / manifest.MANIFEST)
    return issued


def see_none_missing(request: PackRequest, issued: Sequence[Edition]) -> None:
    """See that the edition that stands in the outputs is one of those that were issued of its pack; else it is a DataError."""
    entry = manifest.read(request.folder).get(request.pack.id, {})
    if "approval" in entry and is_issued(entry) and entry["edition"] > len(issued):
        place = paths.register() / request.period.slug / request.region.code / request.pack.id / str(entry["edition"])
        stands = paths.shown(request.folder / manifest.MANIFEST)
        witness = chosen(
            f"{stands} says that it was issued. Where the register is to begin anew, delete the outputs too.",
            f"{stands}记有这一版已签发。登记簿要重新开始的，请把输出也删去。",
        )
        raise missing(place, witness)


def is_issued(entry: Mapping[str, Any]) -> bool:
    """Whether an entry is as it was approved, under a signature that holds and is of one who may issue."""
    return _is_signed(entry) and may_issue(entry["signature"]["key"])


def _is_signed(entry: Mapping[str, Any]) -> bool:
    """Whether an entry is as it was approved, under a signature that holds."""
    as_written = entry.keys() >= ALWAYS and entry["hash"] == manifest.digest(entry)
    return as_written and signature.holds(entry["signature"], entry["hash"])


def may_issue(key: str) -> bool:
    """Whether editions that are signed by this public key are accepted."""
    signers = paths.settings().signers
    return not signers or key in signers


def _hash(edition: Edition | None) -> str | None:
    return edition.entry["hash"] if edition else None


def damaged(file: Path) -> DataError:
    """What is said of a file of the register that is not as it was issued."""
    return DataError(
        chosen(
            f"{paths.shown(file)} is not as it was issued. Put it back from a copy of the register.",
            f"{paths.shown(file)}与签发时不同。请从登记簿的备份恢复。",
        )
    )


def _by_no_signer(file: Path, key: str) -> DataError:
    """What is said of an edition whose key may not issue."""
    return DataError(
        chosen(
            f"{paths.shown(file)} is signed by {key}, which is none of the signers of briefs.toml. Add it there, if it was right to issue.",
            f"{paths.shown(file)}由{key}签名，它不在briefs.toml的signers里。签发无误的，请加进去。",
        )
    )


def missing(folder: Path, witness: str) -> DataError:
    """What is said of an edition that is not in the register, by whom it is known that it was issued."""
    return DataError(
        chosen(
            f"{paths.shown(folder)} is missing. Put it back from a copy of the register: {witness}",
            f"缺少{paths.shown(folder)}。请从登记簿的备份恢复：{witness}",
        )
    )


def of(request: PackRequest) -> list[Edition]:
    """The editions that were issued of a pack, oldest first."""
    return editions(request.pack.id, request.region.code, request.period.slug)


def made_by(request: PackRequest, content_hash: str) -> Edition:
    """The edition that a pack makes which says this: the one issued last, when that says the same, else a draft of the next."""
    last = next(reversed(of(request)), None)
    if last and (last.entry.get("content") == content_hash or _content_by_now(last, request) == content_hash):
        return last
    return Edition(last.number + 1 if last else 1, before=last)


def _content_by_now(edition: Edition, request: PackRequest) -> str:
    """The hash of what an edition says, by the rules of this version."""
    return content.issued_content(Path(str(edition.folder)), edition.entry, [chapter.name for chapter in request.chapters])


def copied(edition: Edition, into: Path) -> dict[str, Any]:
    """The entry of an edition whose documents and notebooks were copied into a folder; a DataError when they are not as issued."""
    for name, made in edition.entry["outputs"].items():
        issued = Path(str(edition.folder)) / name
        document = verified_bytes(issued, made)
        if document is None:
            raise damaged(issued)
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        files.write_new(into / name, document)
    return dict(edition.entry)


def keep(inputs: PackInputs, made: Path, entry: Mapping[str, Any]) -> Edition:
    """Put the edition that was made in a folder into the register, whole; one that was issued meanwhile is a UsageError."""
    request, edition = inputs.request, inputs.edition
    place = paths.register() / request.period.slug / request.region.code / request.pack.id
    try:
        place.mkdir(parents=True, exist_ok=True)
        folder = atomic_files.begun(place, WORKPLACE)
    except OSError as error:
        raise _unwritten(request, error) from None
    try:
        shutil.copytree(made, folder, copy_function=files.copy, dirs_exist_ok=True)
        atomic_files.write_whole(folder / manifest.MANIFEST, manifest.text({request.pack.id: entry}))
        atomic_files.put_once(folder, place / str(edition.number), paths.register())
    except FileExistsError:
        raise UsageError(
            chosen(
                f"{request.name}: edition {edition.number} of {request.pack.id} was issued meanwhile.",
                f"{request.name}：其间{request.pack.id}第{edition.number}版已经签发。",
            )
        ) from None
    except OSError as error:
        raise _unwritten(request, error) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return of(request)[-1]


def _unwritten(request: PackRequest, error: OSError) -> PackError:
    where = paths.shown(paths.register())
    return PackError(
        chosen(
            f"{request.name}: {request.pack.id} was not issued: {where} cannot be written to: {files.reason(error)}. "
            "Make room, or give this user the right to write there; then approve it again.",
            f"{request.name}：{request.pack.id}没有签发：{where}无法写入（{files.reason_zh(error)}）。请腾出空间或授予写入权限后重新签发。",
        )
    )
