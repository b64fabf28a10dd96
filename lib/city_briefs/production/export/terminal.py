"""Text as a terminal shows it in the end: without the sequences that colour and move, each line as it was last written."""

import re

SEQUENCE = re.compile(
    r"\x1b\[(?P<given>[0-?]*)[ -/]*(?P<control>[@-~])"  # CSI
    r"|\x1b[P\]X^_].*?(?:\x07|\x1b\\|(?=\n)|\Z)"  # OSC, DCS and their like, to their end or that of the line
    r"|\x1b[ -/]*[0-~]|\x1b"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)|(?P<other>.)",
    re.DOTALL,
)
PLAIN = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f]*")
MOST_COLUMNS = 10_000  # to which a cursor moves


def shown(text: str) -> str:
    """Return text as a terminal without bounds shows it."""
    if PLAIN.fullmatch(text):
        return text
    lines: list[list[str]] = [[]]
    row = column = 0
    for token in SEQUENCE.finditer(text.replace("\r\n", "\n")):
        if words := token["text"]:
            line = lines[row]
            line.extend(" " * (column - len(line)))
            line[column : column + len(words)] = words
            column += len(words)
        elif control := token["control"]:
            row, column = _moved(lines, row, column, control, token["given"])
        elif (other := token["other"]) in ("\n", "\x0b", "\x0c", "\x85"):
            row, column = row + 1, 0
            if row == len(lines):
                lines.append([])
        elif other == "\r":
            column = 0
        elif other == "\b":
            column = max(column - 1, 0)
        elif other == "\t":
            lines[row].extend(" " * (column - len(lines[row])))
            lines[row][column : column + 1] = "\t"
            column += 1
    return "\n".join("".join(line).rstrip(" ") if line and line[-1] == " " else "".join(line) for line in lines)


def _moved(lines: list[list[str]], row: int, column: int, control: str, given: str) -> tuple[int, int]:
    """Return where the cursor is after a sequence, which may erase."""
    first = given.lstrip("?").partition(";")[0]
    count = min(int(first), MOST_COLUMNS) if first.isdecimal() else 0
    line = lines[row]
    if control == "K":
        if count == 0:
            del line[column:]
        elif count == 1:
            line[: column + 1] = " " * min(column + 1, len(line))
        else:
            line.clear()
    elif control == "J" and count >= 2:
        lines[:] = [[]]
        return 0, 0
    elif control == "J" and count == 0:
        del line[column:], lines[row + 1 :]
    elif control in "AF":
        return max(row - max(count, 1), 0), 0 if control == "F" else column
    elif control in "BE":
        row += max(count, 1)
        lines.extend([] for _ in range(row + 1 - len(lines)))
        return row, 0 if control == "E" else column
    elif control == "C":
        return row, min(column + max(count, 1), MOST_COLUMNS)
    elif control == "D":
        return row, max(column - max(count, 1), 0)
    elif control == "G":
        return row, max(count - 1, 0)
    elif control == "H" and not given:
        return 0, 0
    return row, column
