"""What lies in the outputs, compared with what its manifests say: every difference is a sentence that names the file.

Where a pack stands (period and region, in the register also pack and edition) is in its entry, and so under its signature: whichever
folder is verified, each pack in it must stand in the folders that it names.
"""

import errno
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from city_briefs.common import files, issued_figures, paths
from city_briefs.common.errors import UsageError
from city_briefs.common.hashing import holds
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.production.build import index_page, outputs
from city_briefs.production.editions import first_issued, manifest, register, signature, witnesses
from city_briefs.production.editions.manifest import LARGEST, MANIFEST


@dataclass(frozen=True)
class Folder:
    """A folder of packs, or of one draft, as its manifest has it; without packs when that cannot be read."""

    place: Path
    packs: dict[str, dict[str, Any]]
    written: bool  # whether the manifest is in the form in which a build writes it

    @property
    def manifest(self) -> Path:
        """The manifest."""
        return self.place / MANIFEST

    @property
    def of_failed(self) -> bool:
        """Whether what lies here is what an attempt left that failed."""
        return self.place.parent.name == outputs.INCOMPLETE

    @property
    def issued(self) -> dict[str, Any] | None:
        """The edition that lies here, when this is a folder of the register."""
        entry = self.packs.get(self.place.parent.name, {})
        return entry if "approval" in entry else None

    @property
    def depth(self) -> int:
        """How many folders below that of all outputs, or that of the register, it lies."""
        return 4 if self.of_failed or self.issued else 2

    def where(self, pack: str) -> tuple[str, ...]:
        """The names of the folders that lead to where this pack belongs."""
        entry = self.packs[pack]
        below = (outputs.INCOMPLETE, pack) if self.of_failed else (pack, str(entry.get("edition", 1))) if self.issued else ()
        return entry["period"], entry["region"], *below

    @property
    def outputs(self) -> dict[str, set[str]]:
        """The hashes that a file may have. A notebook of two packs is that of the one made last."""
        hashes: dict[str, set[str]] = {}
        for entry in self.packs.values():
            for name, made in entry["outputs"].items():
                hashes.setdefault(name, set()).add(made)
        return hashes


@dataclass(frozen=True)
class Verification:
    """What was found: the folders, how many packs each signer has signed (empty for none), how many files there are, what differs."""

    folders: list[Folder]
    signers: Counter[str]
    files: int
    differences: list[str]


def verify(root: Path, keys: Sequence[str] = ()) -> Verification:
    """Everything that differs below a folder: of outputs, of the register, of a period, or of packs.

    With public keys, each pack must be signed by one of them. A folder without packs is a UsageError. Of the outputs, the log of the
    run and what is kept for the next are left aside.
    """
    files, unread = _files(root)
    folders = [_folder(file) for file in files if file.name == MANIFEST]
    if not folders and not unread:
        raise UsageError(
            chosen(
                f"{shown(root)} holds no packs. Name a folder that `briefs build` has made, such as outputs.",
                f"{shown(root)}里没有简报。请指定`briefs build`编制的文件夹，如outputs。",
            )
        )
    editions = [entry for folder in folders if not folder.of_failed for entry in folder.packs.values()]
    signers = Counter(entry["signature"]["key"] if "signature" in entry else "" for entry in editions)
    depths = {folder.place: len(folder.place.relative_to(root).parts) for folder in folders}
    complete = any(depths[folder.place] == folder.depth == min(depths.values()) for folder in folders)
    differences = [
        fault
        for folder in folders
        for faults in (_of_manifest(folder, root, complete, keys), _of_row(folder), _of_files(folder))
        for fault in faults
    ]
    differences += _nested(folders)
    differences += _unnamed(root, complete, folders, files)
    differences += unread
    if complete and not unread:  # else they would say more than can be seen
        issued = any(folder.issued for folder in folders)
        made, by = (index_page.pages_of_editions(root), "approve") if issued else (index_page.pages(root), "build")
        differences += [*_of_index(root, made, by), *(_of_first_issued(root) if issued else ())]
    differences += _of_deliveries(root)
    return Verification(folders, signers, sum(len(folder.outputs) for folder in folders), differences)


def _files(root: Path) -> tuple[list[Path], list[str]]:
    """Everything below a folder that is no folder, but for what a build keeps, or is making, beside the packs; what cannot be read."""
    files, unread = [], []

    def hold(error: OSError) -> None:
        if Path(error.filename) != root or root.is_dir():
            place = shown(Path(error.filename))
            text = f"{place} cannot be read: {error.strerror}. Give this user the right to read it."
            unread.append(chosen(text, f"{place}无法读取（{error.strerror}）。请授予读取权限。"))

    for place, folders, names in os.walk(root, onerror=hold):
        top = Path(place) == root
        if not os.access(place, os.X_OK):  # its names can be listed, and what they name not be looked at
            hold(PermissionError(errno.EACCES, os.strerror(errno.EACCES), place))
            folders[:] = []
            continue
        links = [name for name in folders if name == MANIFEST or (Path(place) / name).is_symlink()]  # which are no folders here
        folders[:] = sorted(
            name
            for name in folders
            if name not in links and not (top and name.startswith(".")) and not name.startswith(f"{outputs.WORKPLACE}-")
        )
        files += [Path(place) / name for name in [*names, *links] if not (top and name.startswith("."))]
    return sorted(files), unread


def _folder(file: Path) -> Folder:
    try:
        content = files.read_bytes(file, LARGEST) if not file.is_symlink() else b""
        packs = manifest.entries(content.decode("utf-8"))
    except (OSError, ValueError):
        return Folder(file.parent, {}, written=False)
    return Folder(file.parent, packs, written=manifest.text(packs).encode() == content)


def _of_manifest(folder: Folder, root: Path, complete: bool, keys: Sequence[str]) -> Iterator[str]:
    """What is wrong with a manifest, and with what it says of each pack."""
    file = shown(folder.manifest)
    if not folder.packs:
        yield chosen(f"{file} cannot be read as a manifest.", f"{file}不能作为清单读取。")
    elif not folder.written:
        yield chosen(f"{file} is not in the form in which a build writes it.", f"{file}的格式与编制时写入的不同。")
    for pack, entry in folder.packs.items():
        if entry.get("hash") != manifest.digest(entry):
            text = f"{file}: what it says of {pack} is not as it was written: its hash differs."
            yield chosen(text, f"{file}：{pack}一项与写入时不同，哈希不符。")
        yield from (f"{file}{chosen(': ', '：')}{fault}" for fault in _of_signature(pack, entry, keys))
        where = folder.where(pack)
        stands = Path(os.path.abspath(folder.place)).parts[-len(where) :]  # noqa: PTH100  # a link is not where it leads
        if stands != where or (complete and folder.place.relative_to(root).parts != where):
            text = f"{file}: {pack} is not of this folder, but of {'/'.join(where)}."
            yield chosen(text, f"{file}：{pack}不属于这个文件夹，应在{'/'.join(where)}。")


def _of_signature(pack: str, entry: dict[str, Any], keys: Sequence[str]) -> Iterator[str]:
    signed = entry.get("signature")
    if signed is None:
        if keys or "approval" in entry:
            yield chosen(f"{pack} is not signed.", f"{pack}没有签名。")
    elif not signature.holds(signed, entry.get("hash", "")):
        yield chosen(f"the signature of {pack} does not hold.", f"{pack}的签名无效。")
    elif keys and (key := signed["key"]) not in keys:
        yield chosen(f"{pack} is signed by {key}, not by {' or '.join(keys)}.", f"{pack}由{key}签名，不是{'或'.join(keys)}。")
    elif "approval" in entry and not register.may_issue(key := signed["key"]):
        text = f"{pack} is signed by {key}, which is none of the signers of briefs.toml."
        yield chosen(text, f"{pack}由{key}签名，它不在briefs.toml的signers里。")


def _of_row(folder: Folder) -> Iterator[str]:
    """What is wrong with the place of an edition of the register among the others of its pack, as `register.editions` has it."""
    if not (entry := folder.issued):
        return
    file, number = shown(folder.manifest), entry.get("edition", 1)
    if "edition" not in entry:
        yield chosen(f"{file} does not say which edition it is.", f"{file}没有写明是第几版。")
    last = manifest.read(folder.place.with_name(str(number - 1))).get(entry["pack"]) if number > 1 else {}
    if last is None:
        text = f"{file}: edition {number - 1}, which was issued before edition {number}, does not lie beside it."
        yield chosen(text, f"{file}：第{number}版之前签发的第{number - 1}版不在旁边。")
    elif entry.get("before") != last.get("hash"):
        after, after_zh = (
            (f"the edition {number - 1} that lies beside it", f"不是接着旁边的第{number - 1}版签发的")
            if last
            else ("none", "记有前一版，而它是首版")
        )
        yield chosen(f"{file}: edition {number} was not issued after {after}.", f"{file}：第{number}版{after_zh}。")


def _of_files(folder: Folder) -> Iterator[str]:
    """What is wrong with the files that a manifest names."""
    for name, made in sorted(folder.outputs.items()):
        file = folder.place / name
        if file.is_symlink() or not file.is_file():
            yield _missing(file)
        elif not any(holds(file, made_of) for made_of in made):
            text = f"{shown(file)} is not as it was made: its hash differs from that in {MANIFEST}."
            yield chosen(text, f"{shown(file)}与编制时不同，哈希与{MANIFEST}里的不符。")


def _missing(file: Path) -> str:
    return chosen(f"{shown(file)} is missing.", f"缺少{shown(file)}。")


def _nested(folders: list[Folder]) -> Iterator[str]:
    """Packs in the folder of another, where only drafts of what failed belong."""
    places = {folder.place for folder in folders}
    for folder in folders:
        if not places.isdisjoint(folder.place.parents[2 if folder.of_failed else 0 :]):
            file = shown(folder.manifest)
            yield chosen(f"{file} lies in the folder of another pack.", f"{file}放在了另一份简报的文件夹里。")


def _unnamed(root: Path, complete: bool, folders: list[Folder], files: Sequence[Path]) -> Iterator[str]:
    """Files that no manifest names; beside the folders of whole outputs there may be any, and under a manifest without packs too."""
    named = {folder.place / name for folder in folders for name in (MANIFEST, *folder.outputs)}
    named |= {folder.place / outputs.REASON for folder in folders if folder.of_failed}
    unknown = {folder.place for folder in folders if not folder.packs}
    for file in files:
        if file not in named and not unknown & set(file.parents) and not (complete and file.parent == root):
            yield chosen(f"{shown(file)} is named by no manifest.", f"{shown(file)}不在任何清单里。")


def _of_deliveries(root: Path) -> Iterator[str]:
    """Editions that were sent to readers and are not in this folder of the register, or are others than those that were sent."""
    register_root = Path(os.path.abspath(paths.register()))  # noqa: PTH100  # a link is not where it leads
    for (period, region, pack), sent in sorted(witnesses.all_delivered().items()):
        for number, made in sorted(sent.items()):
            folder = register_root / period / region / pack / str(number)
            if not folder.is_relative_to(os.path.abspath(root)):  # noqa: PTH100
                continue
            entry = manifest.read(folder).get(pack)
            if entry is None or entry.get("hash") != made:
                what, what_zh = (
                    ("is missing", "不见了") if entry is None else ("is not the edition that was sent", "不是发出的那一版")
                )
                text = f"{shown(folder)} {what}: {shown(paths.deliveries())} has what was sent."
                yield chosen(text, f"{shown(folder)}{what_zh}：发出的记在{shown(paths.deliveries())}。")


def _of_first_issued(root: Path) -> Iterator[str]:
    """What is wrong with the figures as first issued; a register of an older version has none."""
    file = root / issued_figures.FILE
    try:
        genuine = not os.path.lexists(file) or first_issued.is_as_issued(root)
    except OSError:
        genuine = False
    if not genuine:
        text = f"{shown(file)} is not what the editions that lie here say. `briefs build` writes it anew."
        yield chosen(text, f"{shown(file)}与这里各版的内容不符。`briefs build`会重写。")


def _of_index(root: Path, made: Mapping[str, str], by: str) -> Iterator[str]:
    """What is wrong with the first of the index page and the lists of packs that is not as it is made here, and what writes them all."""
    for name, page in made.items():
        file = root / name
        try:
            if files.read_bytes(file) == page.encode():
                continue
            text = f"{shown(file)} is not the page that is made here of what lies there. `briefs {by}` writes it anew."
            yield chosen(text, f"{shown(file)}与按现有内容生成的页面不同。`briefs {by}`会重写。")
        except OSError:
            yield _missing(file)
        return
