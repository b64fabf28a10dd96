"""Files in a zip archive that was sent, unpacked within bounds into a folder that lasts as long as they are read."""

import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from weakref import finalize
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from city_briefs.common import files
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

UNPACKED = 1 << 29  # bytes of all files of an archive
MEMBERS = 1_000  # files and folders of an archive
PIECE = 1 << 22
LONGEST = 200  # bytes of a name
UTF_8_NAME, ENCRYPTED = 0x800, 1  # bits of a member
BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar")


class UnpackedFolder:
    """A folder for the files of archives, removed when nobody needs it any more."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="briefs-"))
        self.archives = 0
        finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def unpack(self, file: Path, name: str) -> tuple[Path, list[Path]]:
        """Unpack an archive of this name; return a folder, and the files in it below the name of the archive.

        Raises:
            DataError: it is no archive, is damaged, has a password, is too large, or holds another archive or a path out of itself.
        """
        self.archives += 1
        folder = self.path / str(self.archives)
        try:
            return folder, list(_unpack(file, name, folder / name))
        except BROKEN:
            raise DataError(
                chosen(
                    f"{name} is not a whole zip archive. Pack the files again, or send them as they are.",
                    f"{name}已损坏，无法解压。请重新压缩，或直接报送其中的文件。",
                )
            ) from None


def _unpack(file: Path, name: str, folder: Path) -> Iterator[Path]:
    """Write the files of an archive into a folder, and yield them, sorted by name."""
    with ZipFile(file) as archive:
        members = {member_name(info): info for info in archive.infolist() if not info.is_dir()}
        _check(name, archive.infolist(), members)
        size = 0
        for path in sorted(members):
            if any(part.startswith((".", "~$", "__MACOSX")) for part in path.split("/")):
                continue
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(members[path]) as packed, files.created(place) as unpacked:
                while piece := packed.read(PIECE):
                    size += len(piece)
                    if size > UNPACKED:
                        raise DataError(
                            chosen(
                                f"{name} unpacks to more than {UNPACKED >> 20} MB. Send the files as they are.",
                                f"{name}解压后超过{UNPACKED >> 20}MB。请直接报送其中的文件。",
                            )
                        )
                    unpacked.write(piece)
            yield place


def member_name(info: ZipInfo) -> str:
    """Return the path of a member; Windows in China packs names in GB18030 and does not say so."""
    if info.flag_bits & UTF_8_NAME:
        return info.filename
    packed = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return packed.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def _check(name: str, infos: list[ZipInfo], members: dict[str, ZipInfo]) -> None:
    """Check that an archive is one of files alone, each in its place.

    Raises:
        DataError: it is not.
    """
    if any(info.filename.casefold() == "xl/workbook.xml" for info in infos):
        raise DataError(chosen(f"{name} is a workbook. Name it .xlsx.", f"{name}其实是工作簿。请把扩展名改为.xlsx。"))
    if len(infos) > MEMBERS:
        raise DataError(
            chosen(
                f"{name} holds more than {MEMBERS:,} files. Send those that are asked for.",
                f"{name}内的文件超过{MEMBERS:,}个。请只报送要求的文件。",
            )
        )
    if any(info.flag_bits & ENCRYPTED for info in infos):
        raise DataError(
            chosen(f"{name} has a password. Pack the files again without one.", f"{name}设有密码。请不加密码重新压缩后报送。")
        )
    for path in members:
        parts = path.split("/")
        if path.startswith("/") or ".." in parts or ":" in path or any(len(part.encode()) > LONGEST for part in parts):
            raise DataError(
                chosen(
                    f"{name} holds a file whose name leads out of it, or is too long. Pack the files again.",
                    f"{name}内有文件的路径越出压缩包或过长。请重新压缩后报送。",
                )
            )
        if path.casefold().endswith(ARCHIVES):
            raise DataError(
                chosen(
                    f"{name} holds another archive, {path}. Unpack it, and send the files as they are.",
                    f"{name}内还有压缩包{path}。请解压后直接报送其中的文件。",
                )
            )
    if len({path.casefold() for path in members}) < sum(not info.is_dir() for info in infos):
        raise DataError(
            chosen(f"{name} holds two files of one name. Pack the files again.", f"{name}内有两个同名文件。请重新压缩后报送。")
        )
    if any(info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for info in infos):
        raise BadZipFile
