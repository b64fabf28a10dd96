"""The formats in which a pack may stand, by the suffixes of its files; the page comes first."""

FORMATS = ("html", "pdf", "xlsx", "docx")
