"""What the command line says of itself, in both languages: its help, and the words that typer adds.

A text is written once with its Chinese beside it, by `both`, or in the docstring of a command (`of_docstring`). Typer is given the English,
which docs/cli.md has. The Chinese is put in right before help or a usage is printed, so that no start reads a setting for it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import cleandoc
from typing import Any

from typer.core import TyperCommand, TyperGroup

from city_briefs.common.language import chosen, is_chinese

_chinese: dict[str, str] = {}  # by the English


def both(english: str, chinese: str) -> str:
    """Return the English, and keep its Chinese for the time when it is printed. The same English has one Chinese everywhere."""
    assert _chinese.setdefault(english, chinese) == chinese, f"'{english}' is '{_chinese[english]}' and '{chinese}'."
    return english


def of_docstring(function: Callable[..., object]) -> str:
    r"""Return the English of a docstring, after which its Chinese stands, parted from it by a line with `\f`."""
    english, _, chinese = cleandoc(function.__doc__ or "").partition("\f")
    return both(english.strip(), chinese.strip())


def in_language(english: str) -> str:
    """Return a text of `both` in the language of messages; any other text as it is."""
    return chosen(english, _chinese.get(english, english))


TITLES = {  # by the constants of typer.rich_utils
    "ARGUMENTS_PANEL_TITLE": both("Arguments", "参数"),
    "OPTIONS_PANEL_TITLE": both("Options", "选项"),
    "COMMANDS_PANEL_TITLE": both("Commands", "命令"),
    "ERRORS_PANEL_TITLE": both("Error", "错误"),
    "DEFAULT_STRING": both("[default: {}]", "[默认：{}]"),
    "REQUIRED_LONG_STRING": both("[required]", "[必填]"),
    "RICH_HELP": both("Try [blue]'{command_path} {help_option}'[/] for help.", "用法见[blue]{command_path} {help_option}[/]。"),
}
USAGE = both("Usage: ", "用法：")
both("[OPTIONS]", "[选项]")
both("COMMAND [ARGS]...", "命令 [参数]...")
both("Show this message and exit.", "显示本说明。")
both("Install completion for the current shell.", "为当前shell安装命令补全。")
both(
    "Show completion for the current shell, to copy it or customize the installation.",
    "显示当前shell的补全脚本，供复制或自行安装。",
)
both("<str>", "<文字>")
both("<list[str]>", "<文字，可多个>")
both("<int>", "<整数>")
both("<list[int]>", "<整数，可多个>")
both("<int range>", "<整数>")
both("<path>", "<路径>")
both("<list[Path]>", "<路径，可多个>")
both("<%Y-%m-%d>", "<年-月-日>")
both("<bool>", "<开关>")

VALUE = r"Invalid value for '(.+?)': (?:Value error, )?"
ERRORS = [  # as typer says them, and in Chinese, with what stands in brackets
    (r"No such option: (\S+)", "没有选项{}。"),
    (r"No such option: (\S+) \(Possible options: (.+)\)", "没有选项{}。是否应为{}？"),
    (r"No such command '(.+)'\.", "没有命令“{}”。"),
    (r"No such command '(.+)'\. Did you mean '(.+)'\?", "没有命令“{}”。是否应为“{}”？"),
    (r"Missing command\.", "没有写命令。"),
    (r"Missing option '(.+)'\.", "缺少选项{}。"),
    (r"Missing argument '(.+)'\.", "缺少参数{}。"),
    (r"Option '(.+)' requires an argument\.", "选项{}后面要写值。"),
    (r"Option '(.+)' does not take a value\.", "选项{}后面不写值。"),
    (r"Got unexpected extra argument\(?s?\)? \((.+)\)", "多出的参数：{}。"),
    (VALUE + "Input should be a valid integer.*", "{}的值应为整数。"),
    (VALUE + r"Input should be greater than or equal to (\S+)", "{}的值应不小于{}。"),
    (VALUE + r"Input should be less than or equal to (\S+)", "{}的值应不大于{}。"),
    (VALUE + r"'(.+)' does not match the formats? .*", "{}的值“{}”不是日期。日期写作年-月-日，如2022-01-20。"),
]


def error_in_chinese(english: str) -> str:
    """Return an error of typer in Chinese; as it is when it is none of those that are known."""
    for pattern, chinese in ERRORS:
        if match := re.fullmatch(pattern, english, re.DOTALL):
            return chinese.format(*(part.replace("', '", "”、“") for part in match.groups()))
    return english


@contextmanager
def _errors() -> Iterator[None]:
    """Have typer say its errors in the language of messages."""
    try:
        yield
    except Exception as error:
        if english := getattr(error, "format_message", str)():
            _give_titles()
            sentence = chosen(english, error_in_chinese(english))
            vars(error)["format_message"] = lambda: sentence
        raise


def translate(command: Any, ctx: Any) -> None:
    """Put all that the help of a command shows into the language of messages."""
    _give_titles()
    for described in (command, *getattr(command, "commands", {}).values()):
        described.help = in_language(described.help or "")
        described.rich_help_panel = in_language(described.rich_help_panel or "")
    for parameter in command.get_params(ctx):
        parameter.help = in_language(parameter.help or "")
        if isinstance(parameter.show_default, str):
            parameter.show_default = in_language(parameter.show_default)
        kind = in_language(parameter.display_type(ctx))
        parameter.display_type = lambda ctx, kind=kind: kind


def _give_titles() -> None:
    """Give typer the titles and the line breaks of the language of messages, with which it prints help and errors."""
    from typer import rich_utils

    from city_briefs.app.cli.chinese_markdown import MARKDOWN

    titles = {name: in_language(english) for name, english in TITLES.items()}
    vars(rich_utils).update(titles, Markdown=MARKDOWN[is_chinese()])


def _write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    """Write the usage in the language of messages."""
    formatter.write_usage(ctx.command_path, " ".join(map(in_language, command.collect_usage_pieces(ctx))), in_language(USAGE))


class Command(TyperCommand):
    """A command whose help is in the language of messages."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage."""
        _write_usage(self, ctx, formatter)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        translate(self, ctx)
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """The command with its commands; it says help and errors in the language of messages."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage."""
        _write_usage(self, ctx, formatter)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        translate(self, ctx)
        super().format_help(ctx, formatter)

    def make_context(self, *given: Any, **named: Any) -> Any:
        """Read the options before the name of a command."""
        with _errors():
            return super().make_context(*given, **named)

    def invoke(self, ctx: Any) -> Any:
        """Read the options of the command that is named, and run it."""
        with _errors():
            return super().invoke(ctx)
