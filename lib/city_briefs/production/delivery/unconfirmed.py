"""`unconfirmed.csv`: whoever cannot be known to have got a pack, for a person to decide in the column `decision`."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from city_briefs.common import files
from city_briefs.common.atomic_files import write_whole
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown
from city_briefs.production.delivery.journal import AGAIN, SENT, JournalLine

FILE = "unconfirmed.csv"
COLUMNS = ("decision", "address", "pack", "region", "period", "edition", "message-id", "when", "why")
DECISIONS = (SENT, AGAIN)


def decisions(folder: Path) -> dict[str, str]:
    """What a person has decided, by the id: `sent`, it has arrived, or `again`, send it once more. Another word is a DataError."""
    file = folder / FILE
    if not file.exists():
        return {}
    try:
        content = files.read_bytes(file, files.BY_HAND)
    except OSError as error:
        raise DataError(
            chosen(
                f"{shown(file)} cannot be read: {error.strerror}. Put the file back.",
                f"{shown(file)}无法读取（{error.strerror}）。请把文件放回。",
            )
        ) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")  # as offices save; what is read of it is ASCII
    made = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(text, newline="")), start=2):
        decision, message = (row.get("decision") or "").strip(), (row.get("message-id") or "").strip()
        if decision and decision not in DECISIONS:
            raise DataError(
                chosen(
                    f"{FILE}, row {number}, column decision: '{decision}' is no decision. Write {SENT} when it has arrived, "
                    f"{AGAIN} to send it once more, or nothing yet.",
                    f"{FILE}第{number}行decision栏：不能写“{decision}”。已收到写{SENT}，要再发写{AGAIN}，尚不清楚则留空。",
                )
            )
        if decision:
            made[message] = decision
    return made


def write(folder: Path, last: Iterable[JournalLine]) -> int:
    """Write the file anew from the last lines of the journal, and say how many rows it has; without any there is no file."""
    rows = [line for line in last if line.is_unconfirmed]
    if not rows:
        (folder / FILE).unlink(missing_ok=True)
        return 0
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in rows:
        writer.writerow(("", line.address, line.pack, line.region, line.period, line.edition, line.id, line.at, line.reason))
    write_whole(folder / FILE, "\ufeff" + text.getvalue())  # by which spreadsheets know that it is UTF-8
    return len(rows)
