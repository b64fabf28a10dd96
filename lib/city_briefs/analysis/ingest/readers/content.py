"""Content of files, recognized by their first bytes, whatever their names say."""

from pathlib import Path

from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common import files
from city_briefs.common.errors import DataError
from city_briefs.common.language import chosen

FIRST = 512  # bytes that are looked at
ARCHIVE, OLD, PARQUET = "a zip archive", "a compound file of old Office", "a Parquet file"
SIGNATURES = {
    b"PK\x03\x04": ARCHIVE,
    b"PK\x05\x06": ARCHIVE,  # an empty one
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": OLD,
    b"PAR1": PARQUET,
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<": "a web page or XML",
    b"{": "JSON",
    b"[": "JSON",
}
REMEDIES = {
    ARCHIVE: "Name a workbook .xlsx; unpack any other archive.",
    OLD: "Open it in a spreadsheet and save it as .xlsx, without a password.",
    PARQUET: "Name it .parquet.",
    "a web page or XML": "Open it in a spreadsheet and save it as .xlsx.",
}
CHINESE = {
    ARCHIVE: "zip压缩文件", OLD: "旧版Office文件", PARQUET: "Parquet文件", "a PDF": "PDF", "a gzip archive": "gzip压缩文件",
    "a RAR archive": "RAR压缩文件", "a 7-Zip archive": "7-Zip压缩文件", "a picture": "图片",
    "a web page or XML": "网页或XML", "JSON": "JSON",
}  # fmt: skip
REMEDIES_ZH = {
    ARCHIVE: "工作簿请命名为.xlsx，其他压缩文件请解压。",
    OLD: "请用电子表格软件打开，另存为不设密码的.xlsx。",
    PARQUET: "请命名为.parquet。",
    "a web page or XML": "请用电子表格软件打开，另存为.xlsx。",
}
EXPECTED_ZH = {"a workbook": "工作簿", "a table of text": "文本表格", "a Parquet file": "Parquet文件"}


def kind(first: bytes) -> str | None:
    """Return what a file is that begins with these bytes, in words; None for text that may be a table, and for the unknown."""
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    return next(
        (
            description
            for signature, description in SIGNATURES.items()
            if first.startswith(signature) or text.startswith(signature)
        ),
        None,
    )


def first(source: DataSource) -> bytes:
    """Return the first bytes of a file."""
    with files.opened(Path(source.location)) as file:
        return file.read(FIRST)


def check(source: DataSource, wanted: str | None, expected: str) -> None:
    """Check that a file is of the kind `wanted`, None for text; `expected` is that kind in words.

    Raises:
        DataError: the file is of another kind.
    """
    actual = kind(first(source))
    if actual != wanted:
        remedy = REMEDIES.get(actual or "", "Export the table again, as .csv or .xlsx.")
        kind_zh, remedy_zh = CHINESE.get(actual or "", "其他内容"), REMEDIES_ZH.get(actual or "", "请重新导出为.csv或.xlsx。")
        raise DataError(
            chosen(
                f"{source.name} is {actual or f'not {expected}'}{f', not {expected}' if actual else ''}. {remedy}",
                f"{source.name}的内容是{kind_zh}，不是{EXPECTED_ZH.get(expected, '数据表')}。{remedy_zh}",
            )
        )
