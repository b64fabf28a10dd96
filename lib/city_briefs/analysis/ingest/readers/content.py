"""Content of files, recognized by their first bytes, whatever their names say."""

from pathlib import Path

from city_briefs.analysis.ingest.source import DataSource
from city_briefs.common.errors import DataError

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
    with Path(source.location).open("rb") as file:
        return file.read(FIRST)


def check(source: DataSource, wanted: str | None, expected: str) -> None:
    """Check that a file is of the kind `wanted`, None for text; `expected` is that kind in words.

    Raises:
        DataError: the file is of another kind.
    """
    actual = kind(first(source))
    if actual != wanted:
        remedy = REMEDIES.get(actual or "", "Export the table again, as .csv or .xlsx.")
        raise DataError(f"{source.name} is {actual or f'not {expected}'}{f', not {expected}' if actual else ''}. {remedy}")
