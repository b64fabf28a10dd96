"""A spreadsheet of LibreOffice is read as it is shown, and what its sheets say beside their cells is told."""

import zipfile

import pytest

from city_briefs.analysis.ingest import readers
from city_briefs.analysis.ingest.raw_table import MergedCells, ScaledColumn
from city_briefs.analysis.ingest.readers import workbook
from city_briefs.common.errors import DataError
from tests.ingest.test_reading import of, raw_table, rows
from tests.ingest.test_sheet_remarks import told

SPACES = "office style table text draw calcext"
STYLES = (
    '<style:style style:name="struck"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="hidden"><style:table-properties table:display="false"/></style:style>'
)
MIME = "application/vnd.oasis.opendocument.spreadsheet"


def saved(folder, body, *, mime=MIME, **parts):
    """A spreadsheet whose sheets are XML."""
    spaces = " ".join(f'xmlns:{name}="urn:{name}"' for name in SPACES.split())
    xml = (
        f"<office:document-content {spaces}><office:automatic-styles>{STYLES}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(folder / "entities.ods", "w") as file:
        for name, content in {"mimetype": mime, "content.xml": xml, **parts}.items():
            file.writestr(name, content)
    return folder / "entities.ods"


def table(*lines, name="2021", attributes=""):
    return f'<table:table table:name="{name}" {attributes}>{"".join(lines)}</table:table>'


def row(*cells, attributes=""):
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def cell(shown="", attributes="", tag="table-cell"):
    inside = "".join(f"<text:p>{line}</text:p>" for line in shown.split("\n")) if shown else ""
    return f"<table:{tag} {attributes}>{inside}</table:{tag}>"


def number(held, shown, kind="float"):
    return cell(shown, f'office:value-type="{kind}" office:value="{held}"')


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (number("0.12", "12.00%", "percentage"), "12%"),
        (number("0.12345", "12%", "percentage"), "12.345%"),
        (number("1.5", "1.5万元"), "1.5万元"),
        (number("15000", "1.5万"), "1.5万"),
        (number("1234.56", "¥1,234.56", "currency"), "¥1234.56"),
        (number("1234.56", "1,235"), "1234.56"),
        (number("-1234.5", "(1,234.50)"), "-1234.5"),
        (number("33.333333333", "33.33"), "33.33"),
        (number("3.3000000000000003", "3.30"), "3.3"),
        (number("123", "00123"), "00123"),
        (number("620123456789012000", "6.20123456789012E+17"), "6.20123456789012E+17"),
        (cell("2021年3月5日", 'office:value-type="date" office:date-value="2021-03-05"'), "2021-03-05"),
        (cell("12:30", 'office:value-type="time" office:time-value="PT00H12M30S"'), "0:12:30"),
        (cell("36:00:00", 'office:value-type="time" office:time-value="PT36H00M00S"'), "36:00:00"),
        (cell("TRUE", 'office:value-type="boolean" office:boolean-value="true"'), "true"),
        (cell("a\nb", 'office:value-type="string"'), "a\nb"),
        (cell('a<text:s text:c="2"/>b'), "a  b"),
        (cell("a").replace("<text:p>", "<office:annotation><text:p>note</text:p></office:annotation><text:p>", 1), "a"),
        (cell("", 'table:formula="of:=SUM([.A1])"'), "=SUM([.A1])"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(tmp_path, sent, text):
    read = raw_table(saved(tmp_path, table(row(cell("heading")), row(sent))))
    assert (rows(read), read.foot, read.scaled) == ([("heading",), (text,)], (("heading",), (text,)), {})


def test_a_number_that_is_shown_smaller_without_a_word_is_told(tmp_path):
    read = raw_table(saved(tmp_path, table(row(cell("heading")), row(number("15000", "1.5")))))
    assert (rows(read)[1], read.scaled) == (("1.5",), {"A": ScaledColumn("A2", "1.5", 4)})


def test_noise_is_told_for_its_column(tmp_path):
    read = raw_table(
        saved(tmp_path, table(row(cell("heading")), row(number("33.333333333", "33.33")), row(number("0.000001", "0"))))
    )
    assert rows(read)[1:] == [("33.33",), ("0.000001",)]
    assert told(read) == [("warning", "shown rounded", 2, "A", "33.333333333")]


def test_whether_days_count_from_1904_is_known(tmp_path):
    setting = '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    assert raw_table(saved(tmp_path, setting + table(row(cell("a"))))).counts_from_1904


def test_cells_and_rows_that_are_repeated_keep_their_places_and_empty_ones_cost_nothing(tmp_path):
    blank = cell("", 'table:number-columns-repeated="16000"')
    lines = [
        row(cell("a"), cell("", 'table:number-columns-repeated="2"'), cell("d", 'table:number-columns-repeated="2"'), blank),
        row(blank, attributes='table:number-rows-repeated="2"'),
        row(cell("x"), attributes='table:number-rows-repeated="2"'),
        row(blank, attributes='table:number-rows-repeated="1048571"'),
    ]
    read = raw_table(saved(tmp_path, table(*lines)))
    nothing = (None,) * 4
    assert rows(read) == [("a", None, None, "d", "d"), (None, *nothing), (None, *nothing), ("x", *nothing), ("x", *nothing)]


def test_merged_hidden_and_struck_cells_are_told(tmp_path):
    lines = [
        row(cell("地区"), cell("起数")),
        row(cell("兰州", 'table:number-rows-spanned="2"'), cell("1"), attributes='table:visibility="filter"'),
        row(cell(tag="covered-table-cell"), cell("2", 'table:style-name="struck"')),
        row(cell("天水"), cell('1<text:span text:style-name="struck">2</text:span>')),
    ]
    read = raw_table(saved(tmp_path, table(*lines)))
    assert rows(read)[1:3] == [("兰州", "1"), ("兰州", "2")]
    assert read.merged == (MergedCells(2, 3, ("A",)),)
    assert told(read) == [
        ("error", "struck through", 3, "B", ""), ("error", "struck through", 4, "B", ""), ("warning", "hidden rows", None, "", "2"),
    ]  # fmt: skip


def test_a_hidden_sheet_is_read_only_when_it_is_named(tmp_path):
    hidden = table(row(cell("b")), name="补报", attributes='table:style-name="hidden"')
    path = saved(tmp_path, table(row(cell("a"))) + hidden)
    assert told(raw_table(path)) == [("warning", "sheet not read", None, "", "补报")]
    assert rows(raw_table(path, sheet="补报")) == [("b",)]
    assert (workbook.sheets(of(path)), workbook.sheets(of(path), shown=False)) == (["2021"], ["补报"])


FAR = table(
    row(cell("a")),
    row(cell(), attributes='table:number-rows-repeated="1000000"'),
    row(cell("b", 'table:number-columns-repeated="9"')),
)
BROKEN = (
    "entities.ods is a spreadsheet that cannot be read, or has a password. Open it in a spreadsheet and save it again as .xlsx."
)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (FAR, "entities.ods has more than 2,000,000 cells, or more than 16,384 columns. Send so much as .xlsx or .csv."),
        (table(row(cell("a", 'table:number-columns-repeated="20000"'))), "entities.ods has more than 2,000,000 cells, or more than 16,384 columns. Send so much as .xlsx or .csv."),
        ("<table:table>", BROKEN),
        (table(row(cell("", 'office:value-type="float" office:value="x"'))), BROKEN),
    ],
)  # fmt: skip
def test_a_spreadsheet_that_is_too_large_or_broken_is_refused(tmp_path, body, says):
    with pytest.raises(DataError) as refusal:
        list(readers.raw_tables(of(saved(tmp_path, body))))
    assert str(refusal.value) == says


def test_a_spreadsheet_with_macros_is_refused(tmp_path):
    with pytest.raises(DataError) as refusal:
        list(readers.raw_tables(of(saved(tmp_path, table(row(cell("a"))), **{"Basic/Standard/Module1.xml": "<x/>"}))))
    assert str(refusal.value) == "entities.ods holds macros, which are not opened. Save it as .xlsx, without them."
