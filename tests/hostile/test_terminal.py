"""What a command prints as it goes: the words of data, chapters, files and servers, and no command to the terminal among them."""

import ast
import json

import pytest

from city_briefs.common import characters, terminal
from tests.delivery.conftest import office, running, served  # noqa: F401  # fixtures
from tests.helpers import ROOT
from tests.helpers.province import Province
from tests.hostile.test_characters import EVERY, named
from tests.hostile.test_forged_packs import here, outputs  # noqa: F401  # fixtures

PRINTS = {"common/terminal.py", "app/bundle/install.py"}  # the second is run where nothing is installed
BAD = '"价" + chr(27) + "[2J" + chr(8232) + chr(155) + chr(133) + chr(8238) + "格"'


def clean(*texts):
    """Whether texts may stand on a terminal."""
    return not any(characters.refused(line.replace("\t", " ")) for text in texts for line in text.split("\n"))


def test_nothing_prints_but_what_sees_to_it():
    package = ROOT / "lib/city_briefs"
    printing = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    }
    assert printing == PRINTS


@pytest.mark.parametrize("one", EVERY, ids=named)
def test_each_stands_as_its_code_and_in_json_as_its_escape(capsys, one):
    terminal.say(f"价{one}格\n二")
    terminal.say_on_stderr(f"价{one}格")
    said = capsys.readouterr()
    assert (said.out, said.err) == (f"价[{named(one)}]格\n二\n", f"价[{named(one)}]格\n")
    terminal.say_as_json({"a": f"价{one}格", "b": "\U0001fffe"})
    said = capsys.readouterr().out
    assert clean(said) and json.loads(said) == {"a": f"价{one}格", "b": "\U0001fffe"}


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    made = Province(tmp_path_factory.mktemp("terminal"))
    made.data(tmp_path_factory.mktemp("terminal-data") / "first")
    return made


ONE_CITY = ("build", "short-brief", "--city", "Ashford", "--year", "2021", "--jobs", "1", "--format", "html")


@pytest.mark.parametrize(
    "stops", [f"raise ValueError({BAD})", f"raise type({BAD}, (Exception,), {{}})", f"import sys\nsys.exit({BAD})"]
)
def test_a_chapter_that_stops_with_them_says_so_in_a_clean_sentence(province, stops):
    province.edit("summary", "call", stops)
    done = province.briefs(*ONE_CITY)
    assert done.returncode == 5 and clean(done.stdout, done.stderr) and "Traceback" not in done.stderr
    assert "Ashford 2021: summary stopped in the section “The figures”, cell 6: " in done.stderr
    done = province.briefs(*ONE_CITY, "--json")
    assert clean(done.stdout, done.stderr) and json.loads(done.stdout)["failed"] == 1
    assert json.loads((province.out / "run.json").read_text("utf-8"))["packs"][0]["status"] == "failed"
    assert clean((province.out / "index.html").read_text("utf-8"))


@pytest.mark.parametrize("shown", ["print({})", "from IPython.display import Markdown\nMarkdown({})"])
def test_half_of_a_character_stops_its_cell_and_no_output_is_lost_in_silence(province, shown):
    province.edit("summary", "call", shown.format('"价" + chr(0xd800) + "格"'))
    done = province.briefs(*ONE_CITY)
    stopped = "Ashford 2021: summary stopped in the section “The figures”, cell 6: UnicodeEncodeError. "
    assert done.returncode == 5 and done.stderr.startswith(stopped) and "Traceback" not in done.stderr


@pytest.mark.parametrize("cell", ["call", "figures"])
def test_a_chapter_that_is_written_with_half_of_a_character_costs_its_own_pack_a_sentence(province, cell):
    province.edit("summary", "call", "1")
    file = province.root / "notebooks/summary.ipynb"
    before = file.read_text("utf-8")
    half = before.replace('"1"', "\"'\\ud800'\"") if cell == "call" else before.replace("## The figures", "## The \\ud800figures")
    assert half != before
    file.write_text(half, "utf-8")
    done = province.briefs(*ONE_CITY)
    file.write_text(before, "utf-8")
    said = "summary.ipynb has U+D800, half of a character, which nothing can print. Take it out.\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_what_a_chapter_shows_of_them_is_printed_without(province):
    province.edit("summary", "call", f"print({BAD})")
    done = province.briefs(*ONE_CITY)
    assert (done.returncode, clean(done.stdout, done.stderr)) == (0, True)
    page = (province.out / "2021/9100/short-brief.html").read_text("utf-8")
    assert clean(page) and "格" in page  # what stood before it, the chapter itself cleared


def test_the_rules_of_chapters_name_them_cleanly(province):
    province.edit("summary", "figures", "## The \x1b[2J\u2028\u202efigures 3.14")
    province.edit("summary", "call", f"import numpy\nopen({BAD})")
    done = province.briefs("check", "--rules")
    assert clean(done.stdout, done.stderr) and "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["\x1b[2J.pdf", "a\u2028b", "\u202efdp.exe", "a\nb", "a\x85b", "\x7f"])
def test_a_file_in_the_outputs_is_named_cleanly(briefs, outputs, name):  # noqa: F811
    (outputs / "2021/9100" / name).touch()
    code, out, err = briefs("verify", "outputs")
    assert code == 6 and clean(out, err) and "is named by no manifest." in err


@pytest.mark.parametrize("one", ["\x1b[2J", "\u2028", "\u202e", "\x85", "\x9b"])
def test_what_a_server_replies_is_said_cleanly(briefs, office, served, one):  # noqa: F811
    office.recipients("li@city.test,兰州,city-brief,pdf,")
    office.edition()
    served(lambda number, address: f"RCPT 550 5.1.1 no{one}such user")
    code, out, err = briefs("deliver", "--send")
    assert code in (4, 5) and clean(out, err) and "li@city.test" in err
    assert all(json.loads(line) for line in office.journal.read_bytes().split(b"\n")[:-1])


@pytest.mark.parametrize("word", ["兰\x1b[2J州", "兰\u2028州", "\u202e州", "\udc80"])
@pytest.mark.parametrize(
    "command",
    [
        "build --city",
        "deliver --city",
        "why city-brief --year 2021 --city",
        "verify",
        "check",
        "approve city-brief --year 2021 --by 甲 --city",
    ],
)
def test_a_word_of_the_prompt_is_said_back_cleanly(briefs, command, word):
    code, out, err = briefs(*command.split(), word)
    assert code in (2, 3) and clean(out, err)
