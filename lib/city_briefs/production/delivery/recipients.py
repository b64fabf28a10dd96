"""Who gets which pack: the rows of `recipients.csv`, every one of them checked before anything is sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from city_briefs.common import csv_rows, files, paths, regions
from city_briefs.common.errors import DataError, UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.paths import shown
from city_briefs.common.regions import Regions
from city_briefs.common.settings import ADDRESS
from city_briefs.production.delivery.documents import MEDIA
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.packs_toml import Pack

COLUMNS = ("address", "regions", "packs", "format", "role")
READER, REVIEWER, ERRORS_ONLY = ROLES = ("reader", "reviewer", "errors-only")
FOLDER = "folder:"
LINK = "link"
ALL = "*"


@dataclass(frozen=True)
class Recipient:
    """One row: an address of mail or a folder, what it may get, and in which forms; none of these means a link to each.

    A reader gets editions, a reviewer drafts, and `errors-only` is told of failures.
    """

    address: str
    role: str
    regions: frozenset[str] = frozenset()
    packs: frozenset[str] = frozenset()
    formats: tuple[str, ...] = ()

    def gets(self, entry: Mapping[str, Any]) -> bool:
        """Whether a pack is theirs, by its kind and its region."""
        return entry["pack"] in self.packs and entry["region"] in self.regions


def listed() -> list[Recipient]:
    """The rows of the file that the settings name."""
    return read(paths.recipients(), regions.known(paths.data()), packs_toml.packs())


def read(file: Path, among: Regions, packs: Mapping[str, Pack]) -> list[Recipient]:
    """The rows of the file. All that is wrong in any of them is one DataError; a file that is not there is a UsageError."""
    listed, faults = [], []
    for number, row in _rows(file):
        wrong = list(_faults(row, among, packs))
        faults += [
            chosen(f"{file.name}, row {number}, column {column}: {what}", f"{file.name}第{number}行{column}栏：{what}")
            for column, what in wrong
        ]
        if not wrong:
            listed.append(_recipient(row, among, packs))
    if faults:
        count = chosen(
            f"Faults in {file.name}: {len(faults)}. Nothing is sent until there are none.",
            f"{file.name}共有{len(faults)}处错误，全部改正前不发送。",
        )
        raise DataError("\n".join([*faults, count]))
    return listed


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    """The cells of each row by their column, with its number."""
    try:
        content = files.read_bytes(file, files.BY_HAND)
    except OSError as error:
        raise UsageError(
            chosen(
                f"{shown(file)} cannot be read: {error.strerror}. It says who gets which pack, with the columns {', '.join(COLUMNS)}.",
                f"{shown(file)}无法读取（{error.strerror}）。这个文件写明谁收哪种简报，各栏为{'、'.join(COLUMNS)}。",
            )
        ) from None
    remedy = chosen("Put several regions into one cell, with ; between.", "几个地区请写在同一格，用；隔开。")
    return csv_rows.read(content, file.name, COLUMNS, remedy)


def _words(cell: str) -> list[str]:
    """What stands in a cell, with ; or ； between."""
    return [word for part in cell.replace("；", ";").split(";") if (word := part.strip())]


def _faults(row: Mapping[str, str], among: Regions, packs: Mapping[str, Pack]) -> Iterator[tuple[str, str]]:
    """What is wrong with a row: the column, and a sentence."""
    role = row["role"] or READER
    if role not in ROLES:
        yield (
            "role",
            chosen(
                f"'{role}' is no role. It is {', '.join(ROLES[:-1])} or {ERRORS_ONLY}; {READER} when empty.",
                f"没有“{role}”这种角色，可写{'、'.join(ROLES)}；不写即{READER}。",
            ),
        )
    yield from _faults_of_address(row["address"], role)
    if role == ERRORS_ONLY:
        for column in ("regions", "packs", "format"):
            if row[column]:
                text = f"'{row[column]}' stands in a row that is {ERRORS_ONLY}. Leave it empty there."
                yield column, chosen(text, f"角色为{ERRORS_ONLY}的行不能写“{row[column]}”，请留空。")
        return
    for column in ("regions", "packs", "format"):
        if not _words(row[column]):
            yield (
                column,
                chosen(
                    f"it is empty. Write one or several, with ; between{'' if column == 'format' else f', or {ALL} for all'}.",
                    f"没有填写。请写一个或几个，用；隔开{'' if column == 'format' else f'，或写{ALL}表示全部'}。",
                ),
            )
    yield from (("regions", fault) for word in _words(row["regions"]) if (fault := _fault_of_region(word, among)))
    for word in _words(row["packs"]):
        if word not in packs and word != ALL:
            hint_zh = suggestion_zh(word, packs) or f"可选{'、'.join(packs)}。"
            yield "packs", chosen(f"'{word}' is no pack.{suggestion(word, packs, 'packs')}", f"没有“{word}”这种简报。{hint_zh}")
    yield from (("format", fault) for fault in _faults_of_format(row, role))


def _faults_of_address(address: str, role: str) -> Iterator[tuple[str, str]]:
    place = address.removeprefix(FOLDER)
    if place == address:
        if not ADDRESS.fullmatch(address):
            yield (
                "address",
                chosen(
                    f"'{address}' is no address of mail, such as name@example.org, nor a folder, such as {FOLDER}/srv/briefs.",
                    f"“{address}”不是邮件地址（如name@example.org），也不是文件夹（如{FOLDER}/srv/briefs）。",
                ),
            )
    elif role == ERRORS_ONLY:
        text = f"'{address}' is a folder, and failures are told by mail. Write an address of mail."
        yield "address", chosen(text, f"“{address}”是文件夹，而故障用邮件通知。请写邮件地址。")
    elif not Path(place).is_absolute() or not place.isprintable():
        text = f"'{address}' does not name a folder from the root, as {FOLDER}/srv/briefs does."
        yield "address", chosen(text, f"“{address}”不是从根目录写起的文件夹，应如{FOLDER}/srv/briefs。")


def _fault_of_region(word: str, among: Regions) -> str:
    if word == ALL:
        return ""
    try:
        among.find(word)
    except UsageError as error:
        return f"{str(error).replace('There is no city', 'there is no region')}"
    return ""


def _faults_of_format(row: Mapping[str, str], role: str) -> Iterator[str]:
    words = _words(row["format"])
    for word in words:
        if word not in MEDIA and word != LINK:
            yield chosen(
                f"'{word}' is no format. It is {', '.join(MEDIA)} or {LINK}.",
                f"没有“{word}”这种格式，可写{'、'.join((*MEDIA, LINK))}。",
            )
    if LINK in words and (len(words) > 1 or role == REVIEWER or row["address"].startswith(FOLDER)):
        yield chosen(
            f"'{row['format']}' asks for a link, which stands alone and is for readers by mail. Write {', '.join(MEDIA)}.",
            f"“{row['format']}”要求发链接，而链接只能单独写，只用邮件发给读者。请写{'、'.join(MEDIA)}。",
        )


def _recipient(row: Mapping[str, str], among: Regions, packs: Mapping[str, Pack]) -> Recipient:
    """A row without faults. All packs are all that do not stay in the office: those are only for whom they are named."""
    role = row["role"] or READER
    if role == ERRORS_ONLY:
        return Recipient(row["address"], role)
    named, kinds = _words(row["regions"]), _words(row["packs"])
    theirs = frozenset(among.by_code) if ALL in named else frozenset(among.find(word).code for word in named)
    outward = {pack.id for pack in packs.values() if not pack.internal} if ALL in kinds else set()
    formats = tuple(form for form in MEDIA if form in _words(row["format"]))
    return Recipient(row["address"], role, theirs, frozenset(outward | (set(kinds) - {ALL})), formats)
