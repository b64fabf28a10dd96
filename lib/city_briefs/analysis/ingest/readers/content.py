"""What a file is, whatever its name says, by its first bytes."""

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
    """What a file that begins so is; None for text that may be a table, and for what is not known."""
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    return next(
        (what for signature, what in SIGNATURES.items() if first.startswith(signature) or text.startswith(signature)), None
    )


def first(source: DataSource) -> bytes:
    """The first bytes of a file."""
    with Path(source.location).open("rb") as file:
        return file.read(FIRST)


def check(source: DataSource, wanted: str | None, named: str) -> None:
    """Refuse a file that is not `wanted`, the kind that its name says; `named` is that in words."""
    found = kind(first(source))
    if found != wanted:
        remedy = REMEDIES.get(found or "", "Export the table again, as .csv or .xlsx.")
        raise DataError(f"{source.name} is {found or f'not {named}'}{f', not {named}' if found else ''}. {remedy}")
