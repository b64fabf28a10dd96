"""Metrics that an office reports are rows of a file: each is checked, and stands in its place in the catalogue."""

import csv
import io
import re
from types import ModuleType

import pytest

from city_briefs.analysis.compute.results import Results
from city_briefs.common.errors import DataError
from city_briefs.common.periods import Period
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.reported import COLUMNS, REPORTED, arranged, read
from city_briefs.model.catalogue import Catalogue
from city_briefs.model.metric import flow, ratio
from city_briefs.model.tables import ENTITIES, PARAMETERS, RETURNS
from tests.conftest import THREE_CITIES, covered, rows, value

ROW = {
    "subject": "营商环境", "id": "halls", "label": "服务大厅", "label_en": "service halls", "unit": "个", "form": "stock",
    "owner": "登记处", "definition": "期末服务大厅个数。",
}  # fmt: skip


@pytest.fixture
def reported(tmp_path, monkeypatch):
    """Read a file of rows, each ROW but for what is given of it."""
    monkeypatch.chdir(tmp_path)

    def listed(*given, taken=()):
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS)
        writer.writeheader()
        writer.writerows(ROW | row for row in given)
        (tmp_path / "reported.csv").write_text(text.getvalue(), "utf-8-sig")
        return read(tmp_path / "reported.csv", taken)

    return listed


def test_a_row_says_what_a_metric_is_and_the_rest_has_defaults(reported):
    plain, full, cited = reported(
        {},
        {"id": "rate", "unit": "%", "form": "ratio", "span": "as_of", "decimals": "2", "better": "higher"},
        {"id": "cap", "form": "cited"},
    )
    metric = plain.metric
    assert {name: getattr(metric, name) for name in ROW} == ROW
    assert (metric.rows, metric.span, metric.decimals, metric.better, metric.per) == (RETURNS, "as_of", 0, "neutral", 1)
    assert (full.metric.span, full.metric.decimals, full.metric.better, full.metric.per) == ("as_of", 2, "higher", 100)
    assert (cited.metric.rows, cited.metric.span, cited.metric.per) == (PARAMETERS, "month", 1)
    assert not full.metric.is_pair


FORMS = "The forms are flow, stock, ratio, cited."
EMPTY = "it is empty. Only span, decimals, better and after may be."
LETTERS = "It has small letters, digits and _, begins with a letter, and is no word of Python."
FAULTS = [
    *(({column: ""}, f"column {column}: {EMPTY}") for column in ROW),
    ({"id": "Halls"}, f"column id: 'Halls' is no id. {LETTERS}"),
    ({"id": "服务大厅"}, f"column id: '服务大厅' is no id. {LETTERS}"),
    ({"id": "class"}, f"column id: 'class' is no id. {LETTERS}"),
    ({"id": "taken"}, "column id: there is a metric 'taken' already. Give this one another id."),
    ({"form": "sum"}, f"column form: there is no form 'sum'. {FORMS}"),
    ({"form": "flow", "span": "as_of"}, "column span: a flow has the span month, not 'as_of'."),
    ({"form": "ratio", "span": "year"}, "column span: a ratio has the span month or as_of, not 'year'."),
    ({"decimals": "7"}, "column decimals: '7' is no number of decimals. Write one from 0 to 6; 0 when empty."),
    ({"decimals": "两位"}, "column decimals: '两位' is no number of decimals. Write one from 0 to 6; 0 when empty."),
    ({"better": "more"}, "column better: 'more' is not higher, lower or neutral; neutral when empty."),
    ({"label": "服务\n大厅"}, "column label: it has a line break or another control character. Write it in one line."),
]


@pytest.mark.parametrize(("given", "sentence"), FAULTS, ids=[sentence for _, sentence in FAULTS])
def test_a_faulty_row_is_a_sentence_that_names_row_and_column(reported, given, sentence):
    with pytest.raises(DataError) as error:
        reported({"id": "before"}, given, taken={"taken"})
    assert str(error.value) == f"reported.csv, row 3, {sentence}"


def test_all_faults_are_said_at_once_and_an_id_that_stands_twice_at_the_second(reported):
    with pytest.raises(DataError) as error:
        reported({}, {"unit": ""})
    assert str(error.value).splitlines() == [
        f"reported.csv, row 3, column unit: {EMPTY}",
        "reported.csv, row 3, column id: there is a metric 'halls' already. Give this one another id.",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "reported.csv has the column subject not at all."),
        (",".join([*COLUMNS, "id"]).encode(), "reported.csv has the column id twice."),
        (b"\xff\xff", "reported.csv is neither UTF-8 nor GB18030. Save it again as CSV in UTF-8."),
        (
            ",".join(COLUMNS).encode() + b"\n" + b"x," * 20 + b"x",
            "reported.csv, row 2 has more cells than there are columns. Put a text with a comma in quotes.",
        ),
        (b"x" * 200_000, "reported.csv cannot be read: field larger than field limit (131072). Save it again as CSV in UTF-8."),
    ],
)
def test_a_file_that_is_no_such_table_is_a_sentence(tmp_path, monkeypatch, content, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reported.csv").write_bytes(content)
    with pytest.raises(DataError, match=f"^{re.escape(sentence)}"):
        read(tmp_path / "reported.csv")


def test_rows_may_be_saved_as_gb18030_with_empty_lines_and_columns_of_the_office(tmp_path):
    head, row = ",".join([*COLUMNS, "备注"]), ",".join([*(ROW.get(column, "") for column in COLUMNS), "新增"])
    (tmp_path / "reported.csv").write_bytes(f"{head}\n\n{row}\n".encode("gb18030"))
    [found] = read(tmp_path / "reported.csv")
    assert (found.metric.label, found.row) == ("服务大厅", 3)


@pytest.fixture
def halls():
    """A module with two metrics that are counted."""
    module = ModuleType("halls", "大厅。Source: tests.")
    for name in ("first", "second"):

        def counted(rows):
            """件数。"""
            return rows.count()

        counted.__name__ = name
        made = flow(ENTITIES, on="registered_on", label=name, label_en=name, unit="件", decimals=0, better="neutral", owner="处")(
            counted
        )
        object.__setattr__(made, "subject", "大厅")
        setattr(module, name, made)
    return module


def ids(*words):
    return [metric.id for metric in arranged(*words)]


def test_what_is_reported_follows_what_is_counted_of_its_subject_or_the_metric_that_it_names(halls, reported):
    found = reported(
        {"id": "a", "subject": "大厅"}, {"id": "b", "subject": "大厅", "after": "first"}, {"id": "c", "subject": "其他"},
        {"id": "d", "subject": "窗口"}, {"id": "e", "subject": "大厅", "after": "a"},
    )  # fmt: skip
    assert ids(["窗口", halls], found) == ["d", "first", "b", "second", "a", "e", "c"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"id": "second"}, "column id: there is a metric 'second' already. Give this one another id."),
        ({"after": "secnd"}, "column after: 大厅 has no metric 'secnd' before this row. Did you mean second?"),
        ({"after": "second", "subject": "窗口"}, "column after: 窗口 has no metric 'second' before this row."),
    ],
)
def test_a_row_that_has_no_place_is_a_sentence(halls, reported, given, sentence):
    with pytest.raises(DataError) as error:
        ids([halls], reported({"subject": "大厅"} | given))
    assert str(error.value) == f"reported.csv, row 2, {sentence}"


def test_reported_metrics_are_the_halves_of_a_ratio(world):
    @ratio(label="户均", label_en="per donor", unit="元/户", decimals=2, better="neutral", owner="处")
    def cash_per_donor():
        """捐款金额与捐款企业户数之比。"""
        return REPORTED["donation_cash"] / REPORTED["donor_enterprises"]

    snapshot = world.snapshot(
        regions=THREE_CITIES,
        coverage=covered(RETURNS, ["9100"], [2021]),
        returns=rows("""
            region  month    indicator          numerator  span
            9100    2021-11  donation_cash      30         month
            9100    2021-12  donation_cash      60         month
            9100    2021-12  donor_enterprises  4          month
        """),
    )
    assert value(snapshot, cash_per_donor, "Ashford", 2021) == 22.5
    assert not Results(snapshot, [cash_per_donor]).amount(cash_per_donor, snapshot.regions.find("Ashford"), Period(2021)).missing


def test_the_catalogue_has_every_reported_metric_under_its_name():
    assert {name: CATALOGUE[name] for name in REPORTED} == REPORTED
    assert isinstance(CATALOGUE, Catalogue)
