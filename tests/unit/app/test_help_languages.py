"""The help and the errors of the command line, in both languages."""

import re

import pytest
import typer
from typer import rich_utils

from city_briefs.app import reference_pages
from city_briefs.app.cli.app import app
from city_briefs.app.cli.approval import LONGEST
from city_briefs.app.cli.bilingual import TITLES, both, error_in_chinese, in_language, translate
from city_briefs.app.cli.chinese_markdown import lines
from city_briefs.common import paths
from city_briefs.common.settings import Settings
from tests.conftest import REAL

HAN = re.compile("[一-鿿]")
NAMES = sorted(typer.main.get_command(app).commands)
ENGLISH_WORDS = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")


def described():
    """Yield every command with a parameter of it: the group and, by their names, its commands, ready to be printed."""
    group = typer.main.get_command(app)
    context = typer.Context(group, info_name="briefs")
    for command in (group, *group.commands.values()):
        translate(command, context)
        yield command, context


def texts():
    """Yield where each text of the help stands, and the text: of commands, panels, options and arguments."""
    for command, context in described():
        yield f"{command.name}", command.help
        if command.name in NAMES:
            yield f"{command.name}, panel", command.rich_help_panel
        for parameter in command.get_params(context):
            yield f"{command.name} {parameter.name}", parameter.help
            yield f"{command.name} {parameter.name}, type", parameter.display_type(context)
            if isinstance(parameter.show_default, str):
                yield f"{command.name} {parameter.name}, default", parameter.show_default
    yield from ((name, getattr(rich_utils, name)) for name in TITLES)


def test_every_command_option_argument_and_panel_has_chinese_help(said_in):
    said_in("C")
    english = dict(texts())
    said_in("zh_CN.UTF-8")
    chinese = dict(texts())
    assert [where for where, text in chinese.items() if not HAN.search(text) or text == english[where]] == []
    assert len(chinese) > len(NAMES) * 3


def test_in_the_locale_c_it_has_english_help(said_in):
    said_in("zh_CN.UTF-8")
    list(texts())  # nothing of the Chinese stays
    said_in("C")
    own = {
        "approve by",
        "approve reviewer",
        "approve",
        "demo",
        "explain figure",
        "metrics word",
        "value area",
    }  # name a Chinese word
    assert [where for where, text in texts() if not re.search("[A-Za-z]", text) or (HAN.search(text) and where not in own)] == []


def test_a_setting_goes_before_the_locale(said_in, monkeypatch):
    said_in("C")
    monkeypatch.setattr(paths, "settings", lambda: Settings(language="zh"))
    assert dict(texts())["build"].startswith("编制简报：")


@pytest.mark.parametrize("words", [(), *((name,) for name in NAMES)], ids=lambda words: " ".join(words) or "briefs")
def test_what_is_printed_has_no_english_sentence(briefs, said_in, monkeypatch, words):
    said_in("zh_CN.UTF-8")
    monkeypatch.setattr(rich_utils, "MAX_WIDTH", 90)
    code, out, err = briefs(*words, "--help")
    commands = re.sub(r"^│ [\w-]+ |\bbriefs [\w-]+|用法：.*|Word\b", "", out, flags=re.MULTILINE)
    assert (code, err, ENGLISH_WORDS.findall(commands)) == (0, "", [])
    assert not re.search("[^…]… *│", out)  # nothing is cut off


@pytest.mark.parametrize("name", NAMES)
def test_a_chinese_help_shows_all_that_is_written(briefs, said_in, monkeypatch, name):
    said_in("zh_CN.UTF-8")
    monkeypatch.setattr(rich_utils, "MAX_WIDTH", 400)
    _, out, _ = briefs(name, "--help")
    written = [text for where, text in texts() if where.startswith(f"{name} ") and not where.endswith(("default", "type"))]
    assert [text for text in written if text.replace("`", "") not in out] == []


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (["bild"], "No such command 'bild'. Did you mean 'build'?", "没有命令“bild”。是否应为“build”？"),
        (["nothing"], "No such command 'nothing'.", "没有命令“nothing”。"),
        (["--vers"], "No such option: --vers (Possible options: --version)", "没有选项--vers。是否应为--version？"),
        (["build", "--ctiy", "x"], "No such option: --ctiy (Possible options: --city)", "没有选项--ctiy。是否应为--city？"),
        (["build", "--zzz"], "No such option: --zzz", "没有选项--zzz。"),
        (["value", "x", "--year"], "Option '--year' requires an argument.", "选项--year后面要写值。"),
        (["build", "--fresh=1"], "Option '--fresh' does not take a value.", "选项--fresh后面不写值。"),
        (["value", "x"], "Missing option '--year'.", "缺少选项--year。"),
        (["why", "--year", "2021"], "Missing argument 'PACK'.", "缺少参数PACK。"),
        (["load", "x", "y"], "Got unexpected extra argument(s) (x y)", "多出的参数：x y。"),
        (["value", "x", "--year", "y"], "Invalid value for '--year': Input should be a valid integer", "--year的值应为整数。"),
        (["build", "--jobs", "0"], "'--jobs': Input should be greater than or equal to 1", "--jobs的值应不小于1。"),
        (["serve", "--port", "99999"], "'--port': Input should be less than or equal to 65535", "--port的值应不大于65535。"),
        (["due", "--on", "3"], "'3' does not match the formats", "--on的值“3”不是日期。日期写作年-月-日，如2022-01-20。"),
    ],
)
def test_what_is_typed_wrongly_is_said_in_the_language_of_messages(briefs, said_in, monkeypatch, words, english, chinese):
    monkeypatch.setattr(rich_utils, "MAX_WIDTH", 200)
    for locale, title, sentence in (("zh_CN.UTF-8", "错误", chinese), ("C", "Error", english)):
        said_in(locale)
        code, out, err = briefs(*words)
        assert (code, out) == (2, "")
        assert f"─ {title} ─" in err and sentence in err


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (
            ["approve", "--by", "张三", "--all", "--year", 2021],
            "--all takes every draft that waits. Leave out PACK, --year, --through, --span and --city.",
            "--all签发全部待签发的送审稿。请去掉PACK、--year、--through、--span和--city。",
        ),
        (
            ["approve", "--by", "张三"],
            "Name a pack and its --year, or approve all drafts that wait with --all.",
            "请写明简报和--year，或用--all签发全部待签发的送审稿。",
        ),
        (
            ["approve", "--by", "张" * 41, "--all"],
            f"--by: '{'张' * 41}' is no name. A name has up to {LONGEST} characters that can be printed.",
            f"--by：“{'张' * 41}”不是姓名。姓名不超过{LONGEST}个可打印的字。",
        ),
        (
            ["metrics", "没有的"],
            "No metric has '没有的' in its name or definition. `briefs metrics` lists them all.",
            "没有名称或口径中含有“没有的”的指标。`briefs metrics`列出全部指标。",
        ),
        (
            ["demo", "--years", "x"],
            "There are no years 'x'. Name the first and the last, such as 2016-2022.",
            "“x”不是起止年份。请写起止两年，如2016-2022。",
        ),
        (
            ["why", "city-brief", "--year", 2011, "--data", REAL],
            "city-brief is made for each city. Name one with --city.",
            "city-brief按市州编制。请用--city写明一个。",
        ),
        (
            ["verify", "x", "--data", "y"],
            "--data is only read with --rebuild. Add it, or leave --data out.",
            "--data只与--rebuild同用。请加--rebuild，或去掉--data。",
        ),
    ],
)
def test_what_is_refused_is_said_in_the_language_of_messages(briefs, said_in, words, english, chinese):
    for locale, sentence in (("zh_CN.UTF-8", chinese), ("C", english)):
        said_in(locale)
        assert briefs(*words) == (2, "", f"{sentence}\n")


def test_a_number_says_where_it_comes_from_in_chinese(briefs, said_in):
    said_in("zh_CN.UTF-8")
    _, out, _ = briefs("value", "new_entities", "--city", "兰州", "--year", 2011, "--data", REAL)
    assert out.splitlines()[1].startswith("取自returns：企业登记样本（") and out.splitlines()[2].startswith("注：")


def test_a_working_directory_that_is_gone_is_said_in_chinese(briefs, said_in, monkeypatch, tmp_path):
    said_in("zh_CN.UTF-8")
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    paths.root.cache_clear()
    said = briefs("doctor")
    monkeypatch.undo()
    paths.root.cache_clear()
    assert said == (2, "", "当前文件夹已不存在。请转到别的文件夹，再运行命令。\n")


def test_an_error_that_is_not_known_stays_as_typer_says_it():
    assert error_in_chinese("Something else.") == "Something else."


def test_an_english_text_has_one_chinese():
    both("Said once.", "说一次。")
    with pytest.raises(AssertionError, match=re.escape("'Said once.' is '说一次。' and '说两次。'.")):
        both("Said once.", "说两次。")
    assert in_language("Said nowhere.") == "Said nowhere."


@pytest.mark.parametrize(
    ("text", "width", "broken"),
    [
        ("市州的全称、简称。", 10, ["市州的全", "称、简称。"]),  # a stop begins no line
        ("按briefs.toml", 12, ["按", "briefs.toml"]),
        ("用`briefs serve`查看", 13, ["用", "`briefs serve`", "查看"]),
        ("全部的（见下）", 9, ["全部的", "（见下）"]),
        ("a word and", 7, ["a word", "and"]),
        ("短", 10, ["短"]),
    ],
)
def test_chinese_is_broken_into_lines_between_characters_and_at_no_word(text, width, broken):
    assert list(lines(text, width)) == broken


def test_the_page_on_the_command_is_english_in_any_language(said_in):
    said_in("C")
    english = reference_pages.cli()
    said_in("zh_CN.UTF-8")
    list(texts())
    assert reference_pages.cli() == english
