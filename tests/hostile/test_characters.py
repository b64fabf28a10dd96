"""Separators, control characters, changes of direction and halves of characters: refused at their entry by name, or carried unharmed.

Python ends a line at eleven characters, a record ends at one.
"""

import ast
import csv
import json
from email import message_from_bytes
from email.policy import SMTP
from types import SimpleNamespace

import nbformat
import papermill  # noqa: F401  # which imports the engine as a plugin
import pyarrow.parquet as pq
import pytest

from city_briefs.analysis.blocks import remarks
from city_briefs.analysis.ingest import sources_toml
from city_briefs.common import characters, issued_figures, paths, read_log, regions, settings
from city_briefs.common.errors import DataError, UsageError
from city_briefs.common.issued_figures import IssuedFigure
from city_briefs.production.build import make_pack
from city_briefs.production.delivery import journal, recipients, warning
from city_briefs.production.delivery.journal import JournalLine
from city_briefs.production.delivery.mail_settings import Mail
from city_briefs.production.editions import manifest
from city_briefs.production.engine.engines import Translator
from city_briefs.production.export.document import document
from city_briefs.production.packs import packs_toml
from tests.helpers import REFERENCE

SEPARATORS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"  # at which str.splitlines() ends a line, as at \n and \r
CONTROLS = "\x00\x01\x07\x08\x0e\x1a\x1b\x1f\x7f\x80\x9b\x9f"
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NO_CHARACTERS = "\ufdd0\ufdef\ufffe\uffff\ufff9\ufffb"
HALVES = "\ud800\udbff\udc00\udfff"
HELD = [*SEPARATORS, *CONTROLS, *DIRECTIONS, *NO_CHARACTERS]  # that a file in UTF-8 can hold
EVERY = [*HELD, *HALVES]
SAID = "the control character U+{:04X}, which nobody sees: take it out."


def named(one):
    return f"U+{ord(one):04X}"


def test_all_at_which_python_ends_a_line_are_tried():
    ends = {chr(code) for code in range(0x110000) if len(f"a{chr(code)}b".splitlines()) > 1}
    assert ends - set("\r\n") == set(SEPARATORS)


@pytest.mark.parametrize("one", EVERY, ids=named)
def test_none_stands_in_a_line_or_on_a_terminal(one):
    assert characters.refused(f"价格{one}欺诈") == named(one)
    assert characters.visible(f"价格{one}欺诈\n\t") == f"价格[{named(one)}]欺诈\n\t"


@pytest.mark.parametrize("one", EVERY, ids=named)
def test_a_read_of_any_question_is_noted_as_one_line(noting, one):
    questions = [("rows", "620200", f"价格{one}欺诈", one, "2021-12"), ("region", f"{one}\n")]
    for question in questions:
        read_log.note(question, lambda: b"answer")
    assert read_log.noted(noting) == dict.fromkeys(sorted(questions), read_log.digest(b"answer"))
    assert noting.read_bytes().count(b"\n") == 2


@pytest.mark.parametrize("one", HELD, ids=named)
def test_reads_that_an_older_version_noted_are_read(tmp_path, one):
    (tmp_path / "reads").write_text(json.dumps(["rows", f"价格{one}欺诈", "answer"], ensure_ascii=False) + "\n", "utf-8")
    assert read_log.noted(tmp_path / "reads") == {("rows", f"价格{one}欺诈"): "answer"}


@pytest.mark.parametrize("one", HELD, ids=named)
def test_the_journal_has_a_line_for_each_answer_of_a_server(tmp_path, one):
    line = JournalLine("1", "li@city.test", "city-brief", "620100", "2021", 1, "0" * 64)
    with journal.opened(tmp_path) as opened:
        opened.add(line, journal.REFUSED, f"5.1.1{one}no")
        opened.add(line, journal.SENT)
    assert len((tmp_path / journal.FILE).read_bytes().split(b"\n")) == 3
    assert journal.read(tmp_path)["1"].event == journal.SENT


@pytest.mark.parametrize("one", HELD, ids=named)
def test_a_row_of_what_was_first_issued_stays_one_row(one):
    figure = IssuedFigure("m", f"62{one}", 2021, 12, 0, "2022-01-20", 1, "city-brief", "620100", f"2:{one}", "1", "", "")
    assert issued_figures.read(issued_figures.text([figure])) == [figure]


def test_no_record_has_one_and_the_others_are_taken(briefs, tmp_path):
    tried = [one for one in HELD if one != "\x00"]
    (tmp_path / "sent").mkdir()
    with (tmp_path / "sent/complaints.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["complaint_id", "region", "kind", "received_on", "category"])
        rows.writerow(["C", "620200", "complaint", "2021-06-01", "食品"])
        rows.writerows([f"C{ord(one)}", "620200", "complaint", "2021-06-01", f"价格{one}欺诈"] for one in tried)
    code, out, err = briefs("ingest", tmp_path / "sent", "--into", tmp_path / "S", "--accept")
    report = json.loads((tmp_path / "S/report.json").read_text("utf-8"))
    assert code in (0, 3) and not any(characters.refused(line) for line in (out + err).split("\n"))
    assert report["tables"]["complaints"] == {"rows": len(tried) + 1, "accepted": 1, "rejected": len(tried), "aside": 0}
    found = [finding for finding in report["findings"] if finding["rule"] == "control character"]
    assert found and all(f"It has {SAID.format(ord(finding['value'][2]))}" in finding["text"] for finding in found)
    assert pq.read_table(tmp_path / "S/complaints.parquet")["category"].to_pylist() == ["食品"]


@pytest.mark.parametrize("one", HELD, ids=named)
@pytest.mark.parametrize("of_source", [False, True])
def test_no_label_has_one(tmp_path, one, of_source):
    label = f'label = "甲\\u{ord(one):04X}局"\n'
    text = f'[[source]]\nfile = "a.csv"\n{label}' if of_source else label
    (tmp_path / "sources.toml").write_text(text, "utf-8")
    (said,) = sources_toml.read(tmp_path / "sources.toml").mistakes
    assert said.startswith(str(tmp_path)) or said.startswith("sources.toml")
    assert said.endswith(f"label has {SAID.format(ord(one))}")


@pytest.mark.parametrize("one", [one for one in HELD if one != "\x00"], ids=named)
@pytest.mark.parametrize("column", ["name", "short"])
def test_no_region_is_named_with_one(tmp_path, one, column):
    city = {"code": "620100", "name": "兰州市", "short": "兰州", "level": "city", "parent": "620000"}
    rows = [list(city), ["620000", "甘肃省", "甘肃", "province", ""], list((city | {column: f"兰{one}州"}).values())]
    with (tmp_path / "regions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(DataError) as error:
        regions.read(tmp_path / "regions.csv")
    assert (
        str(error.value) == f"regions.csv, row 3: {column} has a control character, which a terminal would obey. Write it anew."
    )


@pytest.fixture
def remark(tmp_path, monkeypatch):
    """Writes a remark, and gives what is said of it."""
    monkeypatch.setattr(paths, "notes", lambda: tmp_path / "data/notes")
    file = paths.note("2021", "620100", "safety")
    file.parent.mkdir(parents=True)

    def read(title, line):
        file.write_text(f"---\n标题: {title}\n作者: 甲\n日期: 2022-01-10\n---\n第一段\n{line}\n", "utf-8")
        with pytest.raises(DataError) as error:
            remarks.read(file)
        return str(error.value)

    return read


@pytest.mark.parametrize("one", HELD, ids=named)
def test_no_remark_has_one_in_its_text_or_its_title(remark, one):
    file = "data/notes/2021/620100/safety.md"
    assert remark("原因", f"在用{one}设备") == f"{file}, line 7 has {SAID.format(ord(one))}"
    assert remark(f"原{one}因", "在用设备") == f"{file}, line 2 has {SAID.format(ord(one))}"
    assert remark(f'"原\\u{ord(one):04x}因"', "在用设备") == f"{file}: 标题 has {SAID.format(ord(one))}"


@pytest.mark.parametrize("one", [one for one in HELD if one != "\x00"], ids=named)
def test_no_recipient_has_one(tmp_path, one):
    among = regions.read(REFERENCE / "regions.csv")
    for row in ([f"li{one}@city.test", "兰州", "*", "pdf", ""], [f"folder:/srv/{one}x", "兰州", "*", "pdf", ""]):
        with (tmp_path / "recipients.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([recipients.COLUMNS, row])
        with pytest.raises(DataError, match=r"^recipients\.csv, row 2, column address: "):
            recipients.read(tmp_path / "recipients.csv", among, packs_toml.packs())


@pytest.mark.parametrize("one", HELD, ids=named)
@pytest.mark.parametrize("key", ["title", "addressee", "classification"])
def test_no_title_of_a_pack_has_one(tmp_path, one, key):
    said = {"id": "brief", "title": "简报", "per": "city", "addressee": "市政府", "classification": ""}
    lines = [f'{name} = "{value}"' for name, value in said.items() if name != key]
    text = "\n".join(["[[pack]]", *lines, f'{key} = "简\\u{ord(one):04X}报"', 'chapters = ["summary"]'])
    (tmp_path / "packs.toml").write_text(text, "utf-8")
    (tmp_path / "summary.ipynb").touch()
    with pytest.raises(UsageError) as error:
        packs_toml.packs(tmp_path)
    assert str(error.value) == f"packs.toml, pack brief: {key} has {SAID.format(ord(one))}"


@pytest.mark.parametrize("one", EVERY, ids=named)
def test_a_parameter_is_one_text_in_its_notebook(one):
    (line,) = ast.parse(Translator.codify({"city": f"兰{one}州"})).body
    assert ast.literal_eval(line.value) == f"兰{one}州"


@pytest.mark.parametrize("one", HELD, ids=named)
def test_a_heading_is_one_title(one):
    cells = [nbformat.v4.new_markdown_cell(f"# 一{one}二\n文")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    title = characters.printable(f"一{one}二")
    chapter = SimpleNamespace(name="a", written=nbformat.writes(notebook).encode())
    assert make_pack._title(chapter) == title == document(notebook).title
    assert not characters.refused(title) and title in ("一二", "一 二", f"一[{named(one)}]二")


@pytest.mark.parametrize("one", HELD, ids=named)
def test_no_subject_of_a_mail_has_one(one):
    by = Mail("127.0.0.1", 25, "none", "", "briefs@office.test", ("chief@office.test",), "")
    composed = warning._composed(f"失败{one}Bcc: x@evil.test", [f"一{one}二"], "chief@office.test", by)
    message = message_from_bytes(composed, policy=SMTP)
    assert message["Subject"] == "失败 Bcc: x@evil.test" and message["Bcc"] is None


@pytest.mark.parametrize("one", HALVES, ids=named)
def test_half_a_character_is_in_no_file_that_is_read(tmp_path, one):
    for name, read in (
        ("sources.toml", lambda file: sources_toml.read(file).mistakes[0]),
        ("packs.toml", lambda file: refusal(packs_toml.packs, file.parent)),
        ("regions.csv", lambda file: refusal(regions.read, file)),
    ):
        (tmp_path / name).write_bytes(f'label = "{one}"\n'.encode("utf-8", "surrogatepass"))
        assert name in read(tmp_path / name)


@pytest.mark.parametrize("one", HALVES, ids=named)
def test_half_a_character_is_no_escape_of_toml(tmp_path, one):
    half = f"\\u{ord(one):04x}"
    for name, text, read in (
        ("sources.toml", f'label = "{half}"', lambda file: sources_toml.read(file).mistakes[0]),
        ("packs.toml", f'[[pack]]\nid = "{half}"', lambda file: refusal(packs_toml.packs, file.parent)),
        ("briefs.toml", f'data = "{half}"', lambda file: refusal(settings.read, file)),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        assert name in read(tmp_path / name)


@pytest.mark.parametrize("one", HALVES, ids=named)
def test_half_a_character_that_json_escapes_is_in_no_journal_manifest_or_note(tmp_path, one):
    half = f"\\u{ord(one):04x}"
    line = {
        "id": "1",
        "address": "li@city.test",
        "pack": "city-brief",
        "region": "620100",
        "period": "2021",
        "edition": 1,
        "hash": "0",
    }
    for name in ("address", "pack", "why"):
        (tmp_path / journal.FILE).write_text(json.dumps(line | {name: "x"}).replace('"x"', f'"{half}"') + "\n", "utf-8")
        with pytest.raises(DataError, match=r"journal\.jsonl, line 1 cannot be read"):
            journal.read(tmp_path)
    with pytest.raises(ValueError):
        manifest.entries(f'{{"packs": {{"{half}": {{}}}}}}')
    (tmp_path / "reads").write_text(f'["rows", "{half}", "answer"]\n', "utf-8")
    assert read_log.noted(tmp_path / "reads") == {("rows", one): "answer"}


def refusal(read, file):
    with pytest.raises((DataError, UsageError)) as error:
        read(file)
    return str(error.value)
