"""Files that are wrong, made by code, each by what is wrong with it; and what is said of those that cannot be read at all."""

import gzip
import io
import os
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.worksheet.formula import ArrayFormula

HEAD = "entity_id,region,kind,registered_on"
ROW = "E1,620100,enterprise,2021-03-01"
GOOD = f"{HEAD}\n{ROW}\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SAVE = "Open it in a spreadsheet and save it again as .xlsx."
UTF_8 = "Save the file again, as CSV UTF-8."
AGAIN = "Export the table again, as .csv or .xlsx."
UNCLOSED = (
    "a quote is opened and not closed, so that whole lines lie in one cell. Close it, or double a quote that belongs to the text."
)
DAMAGED = "is not a whole workbook: part of the file is missing or damaged. Send it again."
LISTED = f"is a workbook whose list of sheets cannot be read. {SAVE}"
BEGIN = "the first 30 rows are empty. Begin with the heading."


@dataclass(frozen=True)
class Bad:
    """A file that is named for its table, how it is written, and the sentence that refuses it.

    `says` is None where the file can be read, and what is wrong is found by the heading, in the rows or between them.
    """

    file: str
    write: Callable[[Path], object]
    says: str | None = None


def text(content: str | bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content if isinstance(content, bytes) else content.encode())


def rows(*lines: str, head: str = HEAD) -> Callable[[Path], object]:
    return text("\n".join([head, *lines, ""]))


def book(*cells: list, title: str = "2021") -> bytes:
    """A workbook by openpyxl; the first row is the heading unless others are given."""
    made = openpyxl.Workbook()
    made.active.title = title
    for row in cells or (HEAD.split(","), ROW.split(",")):
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def changed(parts: dict[str, bytes], whole: bytes | None = None) -> bytes:
    """A workbook with other parts in the place of its own, or beside them; an empty part is left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole or book())) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if parts.get(name, b"-"):
                new.writestr(name, parts.get(name) or old.read(name))
        for name in sorted(set(parts) - set(old.namelist())):
            new.writestr(name, parts[name])
    return stream.getvalue()


def sheet(cells: str) -> bytes:
    """A workbook whose sheet has these rows, as XML."""
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    return changed({"xl/worksheets/sheet1.xml": xml.encode()})


def renamed(old: str, new: str) -> bytes:
    """A workbook in whose list of sheets one text stands for another."""
    name = "xl/workbook.xml"
    with zipfile.ZipFile(io.BytesIO(book())) as file:
        return changed({name: file.read(name).replace(old.encode(), new.encode())})


def bomb(*, says: int) -> bytes:
    """A workbook of some kilobytes that unpacks to 600 MB, and says of itself that it has so many bytes."""
    deflate = zlib.compressobj(wbits=-15)
    megabyte = deflate.compress(bytes(1 << 20)) + deflate.flush(zlib.Z_FULL_FLUSH)
    packed = megabyte * 600 + deflate.flush()
    # Of what is stored as it is, made to be unpacked.
    part = zipfile.ZipInfo("xl/bomb.xml")
    stream = io.BytesIO(book())
    with zipfile.ZipFile(stream, "a") as file:
        file.writestr(part, packed)
        local = part.header_offset
    made = bytearray(stream.getvalue())
    listed = made.rfind(b"PK\x01\x02")
    for header, method, size in ((local, 8, 22), (listed, 10, 24)):
        struct.pack_into("<H", made, header + method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<I", made, header + size, says)
    return bytes(made)


def formula(path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.title = "2021"
    for row in HEAD.split(","), ROW.split(","), ("E2", "=B2", "enterprise", "2021-03-01"):
        made.active.append(row)
    made.save(path)


def array_formula(path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.title = "2021"
    for row in HEAD.split(","), ROW.split(","), ("E2", None, "enterprise", "2021-03-01"):
        made.active.append(row)
    made.active["B3"] = ArrayFormula("B3:B3", "=B2")
    made.save(path)


def damaged(whole: bytes) -> bytes:
    """The same with some bytes of its largest part turned over."""
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        info = max(file.infolist(), key=lambda info: info.compress_size)
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    return whole[:at] + bytes(255 - byte for byte in whole[at : at + 8]) + whole[at + 8 :]


def encrypted(whole: bytes) -> bytes:
    """A workbook whose list of parts says that all of them are encrypted."""
    made = bytearray(whole)
    at = 0
    while (at := made.find(b"PK\x01\x02", at)) >= 0:
        made[at + 8] |= 1
        at += 4
    return bytes(made)


def twice(path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/Worksheets/Sheet1.xml", old.read("xl/worksheets/sheet1.xml"))


def document(path: Path) -> None:
    made = docx.Document()
    made.add_paragraph(HEAD)
    made.save(path)


def parquet(**columns: list) -> Callable[[Path], object]:
    return lambda path: pq.write_table(pa.table(columns), path)


def parquet_bytes(**columns: list) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, use_dictionary=False, compression="snappy")
    return stream.getvalue()


def damaged_parquet() -> bytes:
    """A Parquet file whose end is whole and whose pages are not."""
    whole = parquet_bytes(entity_id=[f"E{n}" for n in range(9999)])
    return whole[:4] + bytes(255 - byte for byte in whole[4:2000]) + whole[2000:]


def parquet_bomb(path: Path) -> None:
    """Some kilobytes that stand for 20 GB: one text of a megabyte, twenty thousand times."""
    words = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array(["x" * (1 << 20)]))
    pq.write_table(pa.table({"entity_id": words}), path)


def two_of_one_name(path: Path) -> None:
    pq.write_table(pa.Table.from_arrays([pa.array(["E1"]), pa.array(["E2"])], names=["entity_id", "entity_id"]), path)


def link_out(path: Path) -> None:
    outside = path.parent.parent / f"{path.parent.name}-outside.csv"
    outside.write_text(GOOD, "utf-8")
    path.symlink_to(outside)


REFUSED = {
    # Workbooks that are none, or not whole.
    "truncated workbook": Bad("entities.xlsx", text(book()[:-900]), f"entities.xlsx {DAMAGED}"),
    "damaged workbook": Bad("entities.xlsx", text(damaged(book())), f"entities.xlsx {DAMAGED}"),
    "empty workbook": Bad("entities.xlsx", text(""), "entities.xlsx is empty. Send a file with a heading and rows."),
    "archive that is no workbook": Bad("entities.xlsx", text(changed({"xl/workbook.xml": b""})), f"entities.xlsx is a zip archive, not a workbook. {SAVE}"),
    "binary workbook": Bad("entities.xlsb", text(changed({"xl/workbook.xml": b"", "xl/workbook.bin": b"x"})), f"entities.xlsb {LISTED}"),
    "document renamed to workbook": Bad("entities.xlsx", document, f"entities.xlsx is a zip archive, not a workbook. {SAVE}"),
    "workbook of Excel 97": Bad("entities.xls", text(OLE + bytes(4096) + "Workbook".encode("utf-16-le") + bytes(4096)), f"entities.xls is a workbook of Excel 97-2003. {SAVE}"),
    "workbook with a password": Bad("entities.xlsx", text(OLE + bytes(4096) + "EncryptedPackage".encode("utf-16-le") + bytes(4096)), "entities.xlsx has a password. Save it again without one."),
    "encrypted parts": Bad("entities.xlsx", text(encrypted(book())), f"entities.xlsx is packed or encrypted as no spreadsheet does it. {SAVE}"),
    "web page renamed to workbook": Bad("entities.xlsx", text("<html><table><tr><td>1</td></tr></table></html>"), "entities.xlsx is a web page or XML, not a workbook. Open it in a spreadsheet and save it as .xlsx."),
    "web page renamed to old workbook": Bad("entities.xls", text("\ufeff\n<!DOCTYPE html><table></table>"), "entities.xls is a web page or XML, not a workbook. Open it in a spreadsheet and save it as .xlsx."),
    "text renamed to workbook": Bad("entities.xlsx", text(GOOD), f"entities.xlsx is not a workbook. {AGAIN}"),
    "PDF renamed to workbook": Bad("entities.xlsx", text(b"%PDF-1.7\n"), f"entities.xlsx is a PDF, not a workbook. {AGAIN}"),
    # Workbooks that would run something, or were made to mislead.
    "workbook with macros": Bad("entities.xlsm", text(changed({"xl/vbaProject.bin": OLE})), "entities.xlsm holds macros, which are not opened. Save it as .xlsx, without them."),
    "workbook with macros of Excel 4": Bad("entities.xlsx", text(changed({"xl/macrosheets/sheet1.xml": b"<x/>"})), "entities.xlsx holds macros, which are not opened. Save it as .xlsx, without them."),
    "path in the name of a sheet": Bad("entities.xlsx", text(renamed('name="2021"', 'name="../../etc/passwd"')), "entities.xlsx has a sheet named '../../etc/passwd'. The name of a sheet has none of \\ / ? * [ ] : in it."),
    "path in the name of a part": Bad("entities.xlsx", text(changed({"../../evil.xml": b"<x/>"})), f"entities.xlsx is put together as no spreadsheet does it: two of its parts have one name, or one lies outside. {SAVE}"),
    "two parts of one name": Bad("entities.xlsx", twice, f"entities.xlsx is put together as no spreadsheet does it: two of its parts have one name, or one lies outside. {SAVE}"),
    "two sheets of one name": Bad("entities.xlsx", text(renamed("</sheets>", '<sheet name="2021" sheetId="2" r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></sheets>')), f"entities.xlsx has more than one sheet named '2021'. {SAVE}"),
    "list of sheets that is no XML": Bad("entities.xlsx", text(changed({"xl/workbook.xml": b"<workbook><sheets>"})), f"entities.xlsx {LISTED}"),
    "list of sheets without their parts": Bad("entities.xlsx", text(renamed("r:id=", "r:no=")), f"entities.xlsx {LISTED}"),
    "sheet without its part": Bad("entities.xlsx", text(changed({"xl/worksheets/sheet1.xml": b""})), f"entities.xlsx {LISTED}"),
    "sheet that is no XML": Bad("entities.xlsx", text(sheet('<row r="1"><c r="A1"><v>1</v></x></row>')), f"entities.xlsx is a workbook that cannot be read. {SAVE}"),
    # Workbooks that would take memory without end.
    "zip bomb": Bad("entities.xlsx", lambda path: path.write_bytes(bomb(says=600 << 20)), "entities.xlsx unpacks to more than 512 MB. Send so many rows as .csv, or in several workbooks."),
    "zip bomb that lies": Bad("entities.xlsx", lambda path: path.write_bytes(bomb(says=100)), "entities.xlsx unpacks to more than 512 MB. Send so many rows as .csv, or in several workbooks."),
    "20,000 columns in a workbook": Bad("entities.xlsx", text(sheet('<row r="1"><c r="A1"><v>1</v></c><c r="ACOF1"><v>1</v></c></row>')), "entities.xlsx, sheet 2021 has 20,000 columns. A sheet has at most 16,384: send the columns asked for."),
    "cells far from the table": Bad("entities.xlsx", text(sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1000000"><c r="XFD1000000"><v>1</v></c></row>')), "entities.xlsx has 16,384,000,000 cells, with the empty ones between. More than 10,000,000 are not opened: delete cells that stand far from the table, or send it as .csv."),
    "one long text in many cells": Bad("entities.xlsx", text(changed({
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(f"""<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>""" for n in range(1, 10_001))}</sheetData></worksheet>'.encode(),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{"x" * 32_000}</t></si></sst>'.encode(),
    })), "entities.xlsx, sheet 2021 holds more than 256 MB of text. Send so much as .csv, or in several workbooks."),
    "cells without an address": Bad("entities.xlsx", text(sheet("<row><c><v>1</v></c></row>")), f"entities.xlsx, sheet 2021: there are cells without an address. {SAVE}"),
    "table that begins far down in a workbook": Bad("entities.xlsx", text(sheet('<row r="40"><c r="A40"><v>1</v></c></row>')), f"entities.xlsx, sheet 2021: {BEGIN}"),
    # Text that is none, or in no one encoding.
    "empty csv": Bad("entities.csv", text(""), "entities.csv is empty. Send a file with a heading and rows."),
    "NUL bytes": Bad("entities.csv", text(f"{HEAD}\nE1,62\x00100\n"), f"entities.csv, line 2: byte 42 is NUL, which no text holds. {UTF_8}"),
    "UTF-16 without its mark": Bad("entities.csv", text(GOOD.encode("utf-16-le")), f"entities.csv, line 1: byte 2 is NUL, which no text holds. {UTF_8}"),
    "UTF-16 with half a character": Bad("entities.csv", text(GOOD.encode("utf-16") + b"\x00"), f"entities.csv begins as UTF-16 and is not so throughout. {UTF_8}"),
    "UTF-16 with a lone surrogate": Bad("entities.csv", text(GOOD.encode("utf-16") + b"\x00\xd8,\x00"), f"entities.csv begins as UTF-16 and is not so throughout. {UTF_8}"),
    "UTF-8 with a line of GB18030": Bad("entities.csv", text(f"{HEAD}\n兰州市,1,2,3\n".encode() + "甘肃省,1,2,3\n".encode("gb18030")), f"entities.csv, line 3: the text is neither UTF-8 nor GB18030 throughout, from byte 53 on. {UTF_8}"),
    "GB18030 with a line of UTF-8": Bad("entities.csv", text("登记编号,地区代码\n甘肃,1\n".encode("gb18030") + "兰州,1\n".encode()), f"entities.csv, line 3: the text is neither UTF-8 nor GB18030 throughout, from byte 26 on. {UTF_8}"),
    "lone surrogates": Bad("entities.csv", text(f"{HEAD}\nE\ud800,1,2,3\n".encode("utf-8", "surrogatepass")), f"entities.csv, line 2: the text is neither UTF-8 nor GB18030 throughout, from byte 38 on. {UTF_8}"),
    "surrogates in pairs": Bad("entities.csv", text(f"{HEAD}\nE\ud83d\ude00,1,2,3\n".encode("utf-8", "surrogatepass")), f"entities.csv, line 2: the text is neither UTF-8 nor GB18030 throughout, from byte 38 on. {UTF_8}"),
    "Latin-1": Bad("entities.csv", text(f"{HEAD}\nCafé,1,2,3\n".encode("latin-1")), f"entities.csv, line 2: the text is neither UTF-8 nor GB18030 throughout, from byte 40 on. {UTF_8}"),
    "binary renamed to csv": Bad("entities.csv", text(b"\x7fELF" + random.Random(1).randbytes(4096)), f"entities.csv, line 1: byte 112 is NUL, which no text holds. {UTF_8}"),
    "web page renamed to csv": Bad("entities.csv", text("<html><body>login</body></html>"), "entities.csv is a web page or XML, not a table of text. Open it in a spreadsheet and save it as .xlsx."),
    "JSON renamed to csv": Bad("entities.csv", text('[{"entity_id": "E1"}]'), f"entities.csv is JSON, not a table of text. {AGAIN}"),
    "lines of JSON renamed to csv": Bad("entities.csv", text('{"entity_id": "E1"}\n{"entity_id": "E2"}\n'), f"entities.csv is JSON, not a table of text. {AGAIN}"),
    "Parquet renamed to csv": Bad("entities.csv", parquet(entity_id=["E1"]), "entities.csv is a Parquet file, not a table of text. Name it .parquet."),
    "workbook renamed to csv": Bad("entities.csv", text(book()), "entities.csv is a zip archive, not a table of text. Name a workbook .xlsx; unpack any other archive."),
    "old workbook renamed to csv": Bad("entities.csv", text(OLE + bytes(512)), "entities.csv is a compound file of old Office, not a table of text. Open it in a spreadsheet and save it as .xlsx, without a password."),
    "gzip renamed to csv": Bad("entities.csv", text(gzip.compress(GOOD.encode(), mtime=0)), f"entities.csv is a gzip archive, not a table of text. {AGAIN}"),
    "picture renamed to csv": Bad("entities.csv", text(b"\x89PNG\r\n\x1a\n"), f"entities.csv is a picture, not a table of text. {AGAIN}"),
    # Text that is no table.
    "quote that is not closed": Bad("entities.csv", text(f'{HEAD}\n"E1,620100,enterprise,2021-03-01\n' + "".join(f"E{n},620100,enterprise,2021-03-01\n" for n in range(2, 9))), f"entities.csv, row 2: {UNCLOSED}"),
    "quote that is closed by another": Bad("entities.csv", text(f'{HEAD}\n"E1,620100,enterprise,2021-03-01\nE2,620100,enterprise,2021-03-01\nE3,620100,"enterprise",2021-03-01\n'), f"entities.csv, row 2: {UNCLOSED}"),
    "quote that is not closed in a large file": Bad("entities.csv", text(f"{HEAD}\n" + f"{ROW}\n" * 600_000 + '"E2,620100,enterprise,2021-03-01\n' + f"{ROW}\n" * 700_000), f"entities.csv: in row 600,002 or further down {UNCLOSED}"),
    "quote that is not closed in the head": Bad("entities.csv", text(f'{HEAD}\n"{ROW}\n' + f"{ROW}\n" * 10_000), f"entities.csv: in the first 30 rows {UNCLOSED}"),
    "one giant line": Bad("entities.csv", lambda path: path.write_bytes(b"E1,620100," * (5 << 20)), "entities.csv, line 1 is longer than 4 MB, so that this is no table. Export it again, a line for each row."),
    "1,000,000 empty lines": Bad("entities.csv", text("\n" * 1_000_000), f"entities.csv: {BEGIN}"),
    "20,000 columns": Bad("entities.csv", text(",".join(f"c{n}" for n in range(20_000)) + "\n"), "entities.csv has 20,000 columns. A table has at most 16,384: send the columns asked for."),
    "table that begins far down": Bad("entities.csv", text("\n" * 40 + GOOD), f"entities.csv: {BEGIN}"),
    # Parquet.
    "truncated Parquet": Bad("entities.parquet", text(parquet_bytes(entity_id=["E1"] * 999)[:-20]), "entities.parquet is not a whole Parquet file. Write it again."),
    "damaged Parquet": Bad("entities.parquet", text(damaged_parquet()), "entities.parquet is not a whole Parquet file. Write it again."),
    "Parquet without its end": Bad("entities.parquet", text(b"PAR1" + bytes(64) + b"\xff\xff\xff\x7fPAR1"), "entities.parquet is not a whole Parquet file. Write it again."),
    "Parquet with a name that is no text": Bad("entities.parquet", text(parquet_bytes(entity_id=["E1"]).replace(b"entity_id", b"entity\xff\xffd")), "entities.parquet is not a whole Parquet file. Write it again."),
    "Parquet of lists": Bad("entities.parquet", parquet(entity_id=[["E1", "E2"]]), "entities.parquet: the column 'entity_id' holds lists or records. A table has one value in a cell: write it flat."),
    "Parquet of records": Bad("entities.parquet", parquet(entity=[{"id": "E1"}]), "entities.parquet: the column 'entity' holds lists or records. A table has one value in a cell: write it flat."),
    "Parquet with two columns of one name": Bad("entities.parquet", two_of_one_name, "entities.parquet has more than one column 'entity_id'. Leave one."),
    "Parquet that stands for far more": Bad("entities.parquet", parquet_bomb, "entities.parquet: the texts of the column 'entity_id' are longer than those of a table. Leave it out."),
    "text renamed to Parquet": Bad("entities.parquet", text(GOOD), f"entities.parquet is not a Parquet file. {AGAIN}"),
    # Places.
    "link out of the folder": Bad("entities.csv", link_out, "entities.csv is a link out of its folder. Put the file itself there."),
    "link to nothing": Bad("entities.csv", lambda path: path.symlink_to(path.parent / "gone.csv"), "entities.csv is not there, or is no file. Name a file or a folder."),
    "folder named as a file": Bad("entities.csv", Path.mkdir, "entities.csv is not there, or is no file. Name a file or a folder."),
    "pipe": Bad("entities.csv", os.mkfifo, "entities.csv is not there, or is no file. Name a file or a folder."),
}  # fmt: skip

READ = {
    # Headings.
    "no heading": Bad("entities.csv", text(f"{ROW}\nE2,620100,enterprise,2021-03-02\n")),
    "heading only": Bad("entities.csv", text(f"{HEAD}\n")),
    "duplicate headings": Bad("entities.csv", rows("E1,620100,620200,enterprise,2021-03-01", head="entity_id,region,region,kind,registered_on")),
    "two tables side by side": Bad("entities.csv", rows(f"{ROW},,{ROW}", head=f"{HEAD},,{HEAD}")),
    "required column missing": Bad("entities.csv", rows("E1,620100", head="entity_id,region")),
    "column of telephone numbers": Bad("entities.csv", rows(f"{ROW},13800138000", head=f"{HEAD},联系电话")),
    "identity numbers under another heading": Bad("entities.csv", rows("11010519491231002X,620100,enterprise,2021-03-01")),
    # Cells.
    "region with a leading zero lost": Bad("entities.csv", rows("E1,20100,enterprise,2021-03-01")),
    "region as a number with a fraction": Bad("entities.csv", rows("E1,620100.5,enterprise,2021-03-01")),
    "region that there is not": Bad("entities.csv", rows("E1,兰洲,enterprise,2021-03-01")),
    "30 February": Bad("entities.csv", rows("E1,620100,enterprise,2021-02-30")),
    "year 0021": Bad("entities.csv", rows("E1,620100,enterprise,0021-03-01")),
    "month 13": Bad("entities.csv", rows("E1,620100,enterprise,2021-13-01")),
    "word of no list": Bad("complaints.csv", rows("C1,620100,头诉,2021-03-01", head="complaint_id,region,kind,received_on")),
    "empty where something must be": Bad("entities.csv", rows("E1,,enterprise,2021-03-01")),
    "text where a number must be": Bad("population.csv", rows("620100,2021,many,2020普查口径", head="region,year,persons,series")),
    "negative count": Bad("population.csv", rows("620100,2021,-5,2020普查口径", head="region,year,persons,series")),
    "text that a spreadsheet would run": Bad("entities.csv", rows("=cmd|' /C calc'!A0,620100,enterprise,2021-03-01")),
    "text that a spreadsheet would run, in a workbook": Bad("entities.xlsx", text(sheet("".join(
        f'<row r="{n}">' + "".join(f'<c r="{"ABCD"[at]}{n}" t="inlineStr"><is><t>{cell}</t></is></c>' for at, cell in enumerate(line)) + "</row>"
        for n, line in enumerate((HEAD.split(","), ["=cmd|' /C calc'!A0", "620100", "enterprise", "2021-03-01"]), start=1)
    )))),
    "formula cells": Bad("entities.xlsx", formula),
    "array formula": Bad("entities.xlsx", array_formula),
    "formula under a prefix": Bad("entities.xlsx", text(changed({"xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>'.encode()}))),
    "cell with an error": Bad("entities.xlsx", text(changed({}, book(HEAD.split(","), ["E1", "#REF!", "enterprise", "2021-03-01"])))),
    "control characters": Bad("entities.csv", rows("E\x1b[2J1,620100,enterprise,2021-03-01")),
    "row with a cell too many": Bad("entities.csv", rows(ROW, "E2,620100,enter,prise,2021-03-01")),
    # Rows among each other.
    "duplicate ids": Bad("entities.csv", rows(ROW, "E1,620200,enterprise,2021-03-01")),
    "dates out of order": Bad("entities.csv", rows(f"{ROW},2020-01-01", head=f"{HEAD},cancelled_on")),
    "date of the future": Bad("entities.csv", rows("E1,620100,enterprise,2999-01-01")),
}  # fmt: skip

CORPUS = REFUSED | READ
