"""A binary workbook (.xlsb) is read as the same workbook in XML is: as it is shown."""

import datetime
import struct

import openpyxl
import pytest
from openpyxl.styles import Font
from python_calamine import CalamineWorkbook

from city_briefs.analysis.ingest import readers
from city_briefs.analysis.ingest.raw_table import MergedCells, ScaledColumn
from city_briefs.analysis.ingest.readers import binary_workbook, sheet, workbook
from city_briefs.common.errors import DataError
from tests.ingest.binary_sheets import Cell, Sheet, record, wide, write
from tests.ingest.test_reading import of, raw_table, rows
from tests.ingest.test_sheet_remarks import told

RICH = b"\1" + wide("12") + struct.pack("<I", 2) + struct.pack("<HHHH", 0, 0, 1, 1)  # the 2 is struck through
PLAIN_RICH = b"\1" + wide("12") + struct.pack("<I", 1) + struct.pack("<HH", 0, 0)


def raw(kind, body, column=0):
    """A cell as a record, in the first style."""
    return record(kind, struct.pack("<II", column, 0) + body)


def saved(folder, *lines, **said):
    return write(folder / "entities.xlsb", Sheet(dict(enumerate([["heading"], *lines])), **said))


SHOWN = [
    (Cell("a"), "a"),
    (Cell(5), "5"),
    (Cell(-5), "-5"),
    (Cell(0), "0"),
    (Cell(1234.56), "1234.56"),
    (Cell(0.12, "0%"), "12%"),
    (Cell(0.12345, "0%"), "12.345%"),
    (Cell(1, "0%"), "100%"),
    (Cell(1.5, '0.0"万元"'), "1.5万元"),
    (Cell(1234.5, "#,##0.00"), "1234.5"),
    (Cell(33.333333333, "0.00"), "33.33"),
    (Cell(33.333333333), "33.333333333"),
    (Cell(3.3000000000000003), "3.3"),
    (Cell(123, "00000"), "00123"),
    (Cell(620123456789012345.0, "0"), "6.20123456789012E+17"),
    (Cell(620123456789012345.0), "6.20123456789012E+17"),
    (Cell(44260, "yyyy-mm-dd"), "2021-03-05"),
    (Cell(44260.75, 'yyyy"年"m"月"d"日"'), "2021-03-05 18:00:00"),
    (Cell(44260), "44260"),
    (Cell(0.5, "h:mm"), "12:00:00"),
    (Cell(1.5, "[h]:mm:ss"), "36:00:00"),
    (Cell(59, "yyyy-mm-dd"), "1900-02-28"),
    (Cell(61, "yyyy-mm-dd"), "1900-03-01"),
    (Cell(True), "true"),
    (Cell(False), "false"),
    (Cell("#N/A"), "#N/A"),
    (Cell(2.5, formula=True), "2.5"),
    (Cell(0.5, "0%", formula=True), "50%"),
    (Cell("b", formula=True), "b"),
    (Cell(True, formula=True), "true"),
    (Cell("#DIV/0!", formula=True), "#DIV/0!"),
]
RECORDS = [
    (raw(2, struct.pack("<I", 1234 << 2 | 3)), "12.34"),
    (raw(2, struct.pack("<i", -1234 << 2 | 3)), "-12.34"),
    (raw(2, struct.pack("<I", 0x3FF80000)), "1.5"),
    (raw(2, struct.pack("<I", 0x3FF80000 | 1)), "0.015"),
    (raw(3, b"\x1d"), "#NAME?"),
    (raw(3, b"\x99"), "#VALUE!"),
    (raw(6, wide("c")), "c"),
    (raw(62, PLAIN_RICH), "12"),
    (record(12, bytes(4)), None),
    (record(13, bytes(4) + struct.pack("<i", 7 << 2 | 2)), "7"),
    (record(16, bytes(4) + struct.pack("<d", 2.5)), "2.5"),
    (record(17, bytes(4) + wide("d")), "d"),
    (record(18, bytes(4) + struct.pack("<I", 0)), "heading"),
    (record(49, bytes(4)) + raw(2, struct.pack("<i", 8 << 2 | 2)), "8"),
]


@pytest.mark.parametrize(("cell", "text"), SHOWN + RECORDS)
def test_a_cell_is_read_as_it_is_shown(tmp_path, cell, text):
    read = raw_table(saved(tmp_path, [cell], ["end"]))
    assert rows(read) == [("heading",), (text,), ("end",)]


def test_the_workbook_that_is_written_here_is_one_for_another_reader(tmp_path):
    path = write(tmp_path / "a.xlsb", Sheet({0: ["a", Cell(44260.5, "yyyy-mm-dd"), Cell(0.12, "0%")], 2: [Cell(5), True]}))
    with CalamineWorkbook.from_path(str(path)) as book:
        assert list(book.get_sheet_by_name("2021").iter_rows()) == [
            ["a", datetime.datetime(2021, 3, 5, 12), 0.12], ["", "", ""], [5, True, ""],
        ]  # fmt: skip


def test_a_binary_workbook_is_read_as_the_same_one_in_xml(tmp_path):
    """Formulas aside, which openpyxl writes without their values."""
    cells = [cell for cell, _ in SHOWN if not cell.formula] + [Cell("x", struck=True), Cell(2, "0%", struck=True)]
    lines = [[None, "heading"], *([None, cell, Cell(0.1 + number)] for number, cell in enumerate(cells))]
    said = Sheet(dict(enumerate(lines)), merged=((3, 5, 2, 2),), hidden_rows=(2, 3, 4), hidden_column=2)
    made = openpyxl.Workbook()
    made.active.title = "2021"
    for number, line in enumerate(lines, start=1):
        for column, cell in enumerate(line, start=1):
            if cell is not None:
                cell = cell if isinstance(cell, Cell) else Cell(cell)
                of_xml = made.active.cell(number, column)
                of_xml.value, of_xml.number_format, of_xml.font = cell.value, cell.code, Font(strike=cell.struck or None)
    for row in (3, 4, 5):
        made.active.row_dimensions[row].hidden = True
    made.active.merge_cells("C4:C6")
    made.active.column_dimensions["C"].hidden = True
    made.save(tmp_path / "entities.xlsx")
    binary, xml = raw_table(write(tmp_path / "entities.xlsb", said)), raw_table(tmp_path / "entities.xlsx")
    assert (rows(binary), binary.names, binary.head, binary.foot) == (rows(xml), xml.names, xml.head, xml.foot)
    assert (binary.merged, binary.scaled, binary.remarks) == (xml.merged, xml.scaled, xml.remarks)
    assert {rule for _, rule, *_ in told(binary)} == {"struck through", "hidden rows", "hidden column", "shown rounded"}


def test_rows_and_cells_keep_their_places(tmp_path):
    path = write(tmp_path / "entities.xlsb", Sheet({1: [None, "a", None, "b"], 4: [None, None, "c"]}))
    assert rows(raw_table(path)) == [(None,) * 3, ("a", None, "b"), (None,) * 3, (None,) * 3, (None, "c", None)]


@pytest.mark.parametrize(
    ("cell", "is_struck"),
    [
        (Cell("a", struck=True), True),
        (Cell(5, struck=True), True),
        (Cell(None, struck=True), False),
        (Cell("a"), False),
        (raw(62, RICH), True),
        (raw(62, PLAIN_RICH), False),
        (Cell(RICH), True),
        (Cell(PLAIN_RICH), False),
    ],
)
def test_a_cell_that_is_struck_through_is_told(tmp_path, cell, is_struck):
    read = raw_table(saved(tmp_path, [cell], ["end"]))
    assert told(read) == [("error", "struck through", 2, "A", "")] * is_struck


def test_a_number_that_is_shown_smaller_without_a_word_is_told(tmp_path):
    read = raw_table(saved(tmp_path, [Cell(15000, "0!.0,")]))
    assert (rows(read)[1], read.scaled) == (("1.5",), {"A": ScaledColumn("A2", "0!.0,", 4)})


def test_merged_numbers_and_formulas_are_told(tmp_path):
    lines = [["兰州", Cell(2, formula=True)], [None, Cell(3, formula=True)]]
    read = raw_table(saved(tmp_path, *lines, merged=((1, 2, 0, 0),)))
    assert rows(read)[1:] == [("兰州", "2"), ("兰州", "3")]
    assert read.merged == (MergedCells(2, 3, ("A",)),)
    assert told(read) == [("warning", "formula values", None, "", "B2-B3")]


def test_a_formula_that_is_calculated_when_it_is_opened_has_no_value(tmp_path):
    path = write(tmp_path / "entities.xlsb", Sheet({0: ["heading"], 1: [Cell(2, formula=True)]}), calculation=1)
    assert (rows(raw_table(path))[1], told(raw_table(path))) == (("=?",), [("warning", "formula without value", None, "", "A2")])


@pytest.mark.parametrize(("held", "text"), [(42798, "2021-03-05"), (42798.5, "2021-03-05 12:00:00")])
def test_days_that_count_from_1904_are_known(tmp_path, held, text):
    read = raw_table(write(tmp_path / "entities.xlsb", Sheet({0: [Cell(held, "yyyy-mm-dd")]}), from_1904=True))
    assert (rows(read), read.counts_from_1904) == ([(text,)], True)


@pytest.mark.parametrize("hidden", [1, 2])
def test_a_hidden_sheet_is_read_only_when_it_is_named(tmp_path, hidden):
    path = write(tmp_path / "entities.xlsb", Sheet({0: ["a"]}), Sheet({0: ["b"], 1: ["c"]}, "补报", hidden), Sheet({}, "空"))
    assert told(raw_table(path)) == [("warning", "sheet not read", None, "", "补报")]
    assert rows(raw_table(path, sheet="补报")) == [("b",), ("c",)]
    assert (workbook.sheets(of(path)), workbook.sheets(of(path), shown=False)) == (["2021", "空"], ["补报"])


def test_a_workbook_without_styles_and_shared_texts_is_read(tmp_path):
    path = write(
        tmp_path / "entities.xlsb", Sheet({0: [raw(6, wide("a"))]}), parts={"xl/styles.bin": None, "xl/sharedStrings.bin": None}
    )
    assert rows(raw_table(path)) == [("a",)]


SAVE = "Open it in a spreadsheet and save it again as .xlsx."
UNREADABLE = f"entities.xlsb is a workbook that cannot be read. {SAVE}"
LIST = f"entities.xlsb is a workbook whose list of sheets cannot be read. {SAVE}"
STYLES = f"entities.xlsb is a workbook whose styles cannot be read. {SAVE}"
MACROS = "entities.xlsb holds macros, which are not opened. Save it as .xlsx, without them."
DOUBLE = f"entities.xlsb is put together as no spreadsheet does it: two of its parts have one name, or one lies outside. {SAVE}"
NOT_WHOLE = record(129) + record(145) + record(0, struct.pack("<IIHBBBI", 0, 0, 300, 0, 0, 0, 0)) + raw(6, wide("a"))


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"xl/vbaProject.bin": b"x"}, MACROS),
        ({"xl/macrosheets/sheet1.bin": b"x"}, MACROS),
        ({"xl/workbook.xml": b"<workbook/>"}, DOUBLE),
        ({"xl/workbook.bin": b"x"}, LIST),
        ({"xl/workbook.bin": record(156, b"x")}, LIST),
        ({"xl/_rels/workbook.bin.rels": b"<Relationships/>"}, LIST),
        ({"xl/_rels/workbook.bin.rels": b"<Relationships"}, LIST),
        ({"xl/styles.bin": record(44, b"\xa4\0" + struct.pack("<I", 99))}, STYLES),
        ({"xl/styles.bin": record(44, b"x" * 9)[:-1]}, STYLES),
        ({"xl/sharedStrings.bin": record(19, b"\0")}, UNREADABLE),
        ({"xl/sharedStrings.bin": record(159, bytes(8))}, UNREADABLE),
        ({"xl/worksheets/sheet1.bin": NOT_WHOLE}, UNREADABLE),
        ({"xl/worksheets/sheet1.bin": NOT_WHOLE[:-3]}, UNREADABLE),
        ({"xl/worksheets/sheet1.bin": NOT_WHOLE + record(130)}, UNREADABLE),
        ({"xl/worksheets/sheet1.bin": record(129) + record(145) + raw(6, wide("a")) + record(146) + record(130)}, UNREADABLE),
        ({"xl/worksheets/sheet1.bin": b""}, UNREADABLE),
    ],
)
def test_a_workbook_that_is_damaged_or_holds_macros_is_refused(tmp_path, parts, says):
    with pytest.raises(DataError) as refusal:
        raw_table(write(tmp_path / "entities.xlsb", Sheet({0: ["a"]}), parts=parts))
    assert str(refusal.value) == says


@pytest.mark.parametrize(
    "cell",
    [
        raw(5, struct.pack("<d", float("nan"))),
        raw(5, b"\0\0\0\0"),
        raw(7, struct.pack("<I", 99)),
        raw(6, struct.pack("<I", 99) + b"a"),
        raw(6, wide("a"), column=16384),
        record(20, bytes(8)),  # a kind that is no cell, where there are only cells
    ],
)
def test_a_cell_that_no_spreadsheet_writes_is_not_left_out(tmp_path, cell):
    with pytest.raises(DataError) as refusal:
        raw_table(saved(tmp_path, [cell]))
    assert str(refusal.value) == UNREADABLE


def test_a_workbook_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(binary_workbook, "HELD", 2)
    with pytest.raises(DataError) as refusal:
        raw_table(saved(tmp_path, ["a"]))
    assert (
        str(refusal.value)
        == "entities.xlsb has more than 2,000,000 cells, or more than 16,384 columns. Send so much as .xlsx or .csv."
    )


def test_cells_that_stand_far_from_the_table_are_refused(tmp_path):
    path = write(tmp_path / "entities.xlsb", Sheet({0: ["a"], 1_000_000: [*[None] * 10, "b"]}))
    with pytest.raises(DataError) as refusal:
        list(readers.raw_tables(of(path)))
    assert str(refusal.value) == (
        "entities.xlsb has 11,000,011 cells, with the empty ones between. More than 10,000,000 are not opened: "
        "delete cells that stand far from the table, or send it as .csv."
    )


def test_too_much_text_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet, "TEXT", 1 << 20)
    shared = raw(7, struct.pack("<I", 0))
    path = write(tmp_path / "entities.xlsb", Sheet({0: ["a" * 30_000], **{row: [shared] for row in range(1, 20)}}))
    with pytest.raises(DataError) as refusal:
        list(readers.raw_tables(of(path)))
    assert (
        str(refusal.value)
        == "entities.xlsb, sheet 2021 holds more than 1 MB of text. Send so much as .csv, or in several workbooks."
    )
