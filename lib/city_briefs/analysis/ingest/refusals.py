"""Refusals: a file, sheet or declaration that cannot be read as a table, as a finding beside those of the other files."""

from city_briefs.analysis.validation.finding import Finding


def refusal(file: str, text: str, *, table: str = "", sheet: str = "") -> Finding:
    """Return the finding that a file is refused; `file` is empty for what concerns none.

    `text` is the sentence of the error, which has its place in it. Nothing is written while there is such a finding.
    """
    return Finding("error", table, None, "", "", "unreadable", text, file=file, sheet=sheet)
