"""Letters of columns, as a spreadsheet has them: A, B, …, Z, AA, …."""

COLUMNS = 16_384  # of a sheet, to column XFD


def letters(number: int) -> str:
    """Return the letters of a column by its number; 0 is A."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def column(text: str) -> int:
    """Return the number of a column by its letters; A is 0."""
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - 64
    return number - 1
