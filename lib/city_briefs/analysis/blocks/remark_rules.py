"""The rules of an analyst's remark, each with its sentence: its front matter, its characters, and that every number is named."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import yaml

from city_briefs.analysis.figures.views import check as checked_view
from city_briefs.analysis.page_one.conclusion import LONGEST
from city_briefs.common.characters import refused
from city_briefs.common.errors import DataError, UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric

FENCE = "---"
KEYS = ("标题", "作者", "日期")
CONCLUSION = "结论"
NAMED = re.compile(r"\{\{(.*?)\}\}")
BRACES = re.compile("[{}｛｝]")
HOTLINE = re.compile(r"(?<!\d)12315(?=平台|热线|指挥中心|投诉|工作)")  # a name, and not a number
TYPED = re.compile(r"\d+(?:[.．]\d+)?")  # in ASCII or full-width digits
SAY_FRONT = "It begins with a line ---, a line each for 标题, 作者 and 日期 such as “日期: 2022-01-10”, and a line ---."
SAY_FRONT_ZH = "文件开头应为一行---，标题、作者、日期各一行（如“日期: 2022-01-10”），再一行---。"
SAY_NUMBER = "Write a number as {{metric}} or {{metric view}}, such as {{new_entities yoy}}, and a year as 本年 or 上年."
SAY_NUMBER_ZH = "数字写成{{指标}}或{{指标 视图}}，如{{new_entities yoy}}；年份写“本年”“上年”。"


def fault(english: str, chinese: str) -> DataError:
    """Return the error on a fault of a remark, in the language of messages."""
    return DataError(chosen(english, chinese))


def front(name: str, source: str) -> tuple[str, str, date, str]:
    """Return title, author, day and conclusion of a front matter, which has no other keys; the conclusion is empty when it has none.

    Raises:
        DataError: a key is missing, is not known or has a wrong value.
    """
    try:
        front: Any = yaml.safe_load(source)
    except yaml.YAMLError:
        front = None
    if not isinstance(front, dict):
        raise fault(f"{name}: its front matter cannot be read. {SAY_FRONT}", f"{name}：文件头无法读取。{SAY_FRONT_ZH}")
    for key in front:
        if key not in (*KEYS, CONCLUSION):
            entries = (*KEYS, CONCLUSION)
            raise fault(
                f"{name}: its front matter takes 标题, 作者, 日期 and 结论, not '{key}'.{suggestion(str(key), entries)}",
                f"{name}：文件头只写标题、作者、日期、结论，没有“{key}”。{suggestion_zh(str(key), entries)}",
            )
    for key in KEYS:
        if not front.get(key):
            raise fault(f"{name}: its front matter has no {key}. {SAY_FRONT}", f"{name}：文件头缺少{key}。{SAY_FRONT_ZH}")
    for key in KEYS[:2]:
        if not isinstance(front[key], str):
            raise fault(f"{name}: {key} is text, not '{front[key]}'.", f"{name}：{key}应为文字，不能是“{front[key]}”。")
        check_characters(f"{name}: {key}", front[key].strip())
        if typed := BRACES.search(front[key]) or TYPED.search(HOTLINE.sub("", front[key])):
            raise fault(
                f"{name}: {key} holds no number and no brace, not '{typed[0]}'.",
                f"{name}：{key}不写数字和花括号，请去掉“{typed[0]}”。",
            )
    day = front["日期"]
    if not isinstance(day, date) or isinstance(day, datetime):
        raise fault(
            f"{name}: 日期 is a day such as 2022-01-10, not '{day}'.", f"{name}：日期写成2022-01-10的样式，不能是“{day}”。"
        )
    concluded = front.get(CONCLUSION) or ""
    if not isinstance(concluded, str):
        raise fault(
            f"{name}: {CONCLUSION} is text, not '{concluded}'. Put it in quotes.",
            f"{name}：{CONCLUSION}应为文字，不能是“{concluded}”。请加引号。",
        )
    return front["标题"].strip(), front["作者"].strip(), day, concluded.strip()


def check_length(where: str, words: str) -> None:
    """Check that a conclusion has room on page one.

    Raises:
        DataError: it has not.
    """
    if len(words) > LONGEST:
        raise fault(
            f"{where} has {len(words)} characters, and page one has room for {LONGEST}. Shorten it.",
            f"{where}有{len(words)}字，而首页只排得下{LONGEST}字。请缩短。",
        )


def check_characters(where: str, line: str) -> None:
    """Check that a line has no character that nobody sees; YAML can write one as its code.

    Raises:
        DataError: it has one.
    """
    if code := refused(line):
        raise fault(
            f"{where} has the control character {code}, which nobody sees: take it out.",
            f"{where}含有不可见的控制字符{code}，请删去。",
        )


def check(where: str, line: str) -> None:
    """Check that a line states no number of its own, and that its braces are in pairs.

    Raises:
        DataError: it does, or they are not.
    """
    rest = HOTLINE.sub("", NAMED.sub("", line))
    if BRACES.search(rest):
        raise fault(f"{where}: braces are not in pairs of two. {SAY_NUMBER}", f"{where}：花括号没有成对。{SAY_NUMBER_ZH}")
    if typed := TYPED.search(rest):
        raise fault(
            f"{where}: the number '{typed[0]}' is typed. {SAY_NUMBER}", f"{where}：手写了数字“{typed[0]}”。{SAY_NUMBER_ZH}"
        )


def named(where: str, line: str) -> Iterator[tuple[Metric, str, str]]:
    """Yield metric, view and area of every figure that a line names; area is empty when none is named.

    Raises:
        DataError: there is no such metric, view or area.
    """
    for name in NAMED.findall(line):
        words = name.split()
        if not 1 <= len(words) <= 3:
            raise fault(
                f"{where}: '{{{{{name}}}}}' names no figure. {SAY_NUMBER}",
                f"{where}：“{{{{{name}}}}}”不是数字的名称。{SAY_NUMBER_ZH}",
            )
        word, view, area = words + ["", "value", ""][len(words) :]
        try:
            yield CATALOGUE.find(word), checked_view(view, area), area
        except UsageError as error:
            raise fault(f"{where}: {error}", f"{where}：{error}") from None
