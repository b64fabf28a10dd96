"""Metrics that are only reported, never counted from records: the rows of `reported.csv`, here and in an office's `data/reference`.

A flow, a stock and a ratio are returned by the regions; what is `cited` is fixed by a document (the row of `parameters` of its id).
"""

import keyword
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

from city_briefs.common import csv_rows, files, imports, paths
from city_briefs.common.characters import UNSEEN
from city_briefs.common.errors import DataError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.model.metric import Better, Metric, defined, subject_of
from city_briefs.model.tables import PARAMETERS, RETURNS

FILE = "reported.csv"
NEEDED = ("subject", "id", "label", "label_en", "unit", "form", "owner", "definition")
COLUMNS = (*NEEDED, "span", "decimals", "better", "after")
SPANS = {
    "flow": ("month",),
    "stock": ("as_of",),
    "ratio": ("month", "as_of"),
    "cited": ("month",),
}  # of each form; the first when empty
DECIMALS = "0123456"  # a return has six
ID = re.compile("[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Reported:
    """A metric that a row defines, the id of the metric that it follows (empty: it is the last of its subject), the file and the row."""

    metric: Metric
    after: str
    file: str
    row: int

    def fault(self, column: str, english: str, chinese: str) -> DataError:
        """Return the error on a cell of the row."""
        return DataError(_at(self.file, self.row, column, english, chinese))


def read(file: Path, taken: Collection[str] = ()) -> list[Reported]:
    """Return the metrics of a file in its order; `taken` are ids that they may not have.

    Raises:
        DataError: the file cannot be read, or rows are faulty; the message has a line for each fault.
    """
    name = paths.shown(file)
    try:
        content = files.read_bytes(file, files.BY_HAND)
    except OSError as error:
        raise DataError(
            chosen(
                f"{name} cannot be read: {files.reason(error)}. Put a file there that this user may read.",
                f"{name}无法读取：{files.reason_zh(error)}。请放好文件，并授予当前用户读取权限。",
            )
        ) from None
    metrics: list[Reported] = []
    faults: list[str] = []
    ids = set(taken)
    remedy = chosen("Put a text with a comma in quotes.", "含逗号的文字请加引号。")
    for number, row in csv_rows.read(content, name, COLUMNS, remedy):
        wrong = [_at(name, number, *fault) for fault in _faults(row, ids)]
        faults += wrong
        ids.add(row["id"])
        if not wrong:
            metrics.append(Reported(_metric(row), row["after"], name, number))
    if faults:
        raise DataError("\n".join(faults))
    return metrics


def _at(file: str, row: int, column: str, english: str, chinese: str) -> str:
    """Return a sentence on a cell, in the language of messages, with its place before it."""
    return chosen(f"{file}, row {row}, column {column}: {english}", f"{file}第{row}行{column}栏：{chinese}")


def _taken(id_: str) -> tuple[str, str, str]:
    """Return the fault of an id that another metric has: the column, and the sentences."""
    return (
        "id",
        f"there is a metric '{id_}' already. Give this one another id.",
        f"已有指标“{id_}”。请另起编号。",
    )


def _faults(row: Mapping[str, str], taken: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with a row: the column, and a sentence in English and in Chinese."""
    for column in (column for column in NEEDED if not row[column]):
        yield (
            column,
            "it is empty. Only span, decimals, better and after may be.",
            "没有填写。只有span、decimals、better、after可以空着。",
        )
    for column in COLUMNS:
        if UNSEEN.search(row[column]):
            yield (
                column,
                "it has a line break or another control character. Write it in one line.",
                "有换行或其他控制字符，请写成一行。",
            )
    if row["id"] in taken:
        yield _taken(row["id"])
    elif row["id"] and (not ID.fullmatch(row["id"]) or keyword.iskeyword(row["id"])):
        yield (
            "id",
            f"'{row['id']}' is no id. It has small letters, digits and _, begins with a letter, and is no word of Python.",
            f"“{row['id']}”不能作编号。编号只用小写字母、数字和_，以字母开头，且不是Python的关键字。",
        )
    if row["form"] and row["form"] not in SPANS:
        yield (
            "form",
            f"there is no form '{row['form']}'. The forms are {', '.join(SPANS)}.",
            f"没有“{row['form']}”这种形式。形式有{'、'.join(SPANS)}。",
        )
    elif row["span"] and row["form"] and row["span"] not in SPANS[row["form"]]:
        yield (
            "span",
            f"a {row['form']} has the span {' or '.join(SPANS[row['form']])}, not '{row['span']}'.",
            f"{row['form']}的报送口径应为{'或'.join(SPANS[row['form']])}，不能是“{row['span']}”。",
        )
    if row["decimals"] and row["decimals"] not in tuple(DECIMALS):
        yield (
            "decimals",
            f"'{row['decimals']}' is no number of decimals. Write one from 0 to 6; 0 when empty.",
            f"“{row['decimals']}”不是小数位数。请写0至6；不填为0。",
        )
    if row["better"] and row["better"] not in get_args(Better):
        yield (
            "better",
            f"'{row['better']}' is not {', '.join(get_args(Better)[:-1])} or neutral; neutral when empty.",
            f"“{row['better']}”不在{'、'.join(get_args(Better))}之内；不填为neutral。",
        )


def _metric(row: Mapping[str, str]) -> Metric:
    """Return the metric of a row without faults."""
    form = row["form"]
    words: dict[str, Any] = {name: row[name] for name in (*NEEDED, "better") if row[name]} | {
        "span": row["span"] or SPANS[form][0]
    }
    return Metric(
        **words, decimals=int(row["decimals"] or 0), per=100 if form == "ratio" and row["unit"] == "%" else 1,
        rows=PARAMETERS if form == "cited" else RETURNS,
    )  # fmt: skip


def arranged(subjects: Iterable[ModuleType | str], reported: Sequence[Reported]) -> list[Metric]:
    """Return all metrics by subject: those that its module defines, then the reported ones, each where its row puts it.

    A subject without a module is given by its name; a subject that is not among `subjects` comes last.

    Raises:
        DataError: a row has the id of another metric, or follows one that is not in its subject.
    """
    groups: dict[str, list[Metric]] = {}
    for part in subjects:
        name = part if isinstance(part, str) else subject_of(part.__doc__)
        groups[name] = [] if isinstance(part, str) else [metric for metric in defined(part) if metric.subject == name]
    counted = {metric.id for group in groups.values() for metric in group}
    for row in reported:
        if row.metric.id in counted:
            raise row.fault(*_taken(row.metric.id))
        group = groups.setdefault(row.metric.subject, [])
        ids = [metric.id for metric in group]
        if row.after and row.after not in ids:
            raise row.fault(
                "after",
                f"{row.metric.subject} has no metric '{row.after}' before this row.{suggestion(row.after, ids)}",
                f"{row.metric.subject}在本行之前没有指标“{row.after}”。{suggestion_zh(row.after, ids)}",
            )
        group.insert(ids.index(row.after) + 1 if row.after else len(ids), row.metric)
    return [metric for group in groups.values() for metric in group]


STANDARD = read(Path(__file__).with_name(FILE))
OWN_FILE = paths.reported()
HAS_OWN = OWN_FILE and (OWN_FILE.exists() or imports.sealed_hash(OWN_FILE))
ROWS = [*STANDARD, *(read(OWN_FILE, {row.metric.id for row in STANDARD}) if OWN_FILE and HAS_OWN else ())]
REPORTED = {row.metric.id: row.metric for row in ROWS}  # for the halves of ratios
