"""The cell of parameters: each on a line of its own, once, with a value that a pack could give."""

import ast
from collections.abc import Iterator
from typing import get_args

from city_briefs.common.errors import suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.common.periods import FIRST_YEAR, LAST_YEAR, Span
from city_briefs.production.packs.chapter_notebook import Cell
from city_briefs.production.packs.packs_toml import PARAMETERS

NAMES = tuple(
    dict.fromkeys(name for model in PARAMETERS.values() for name in ("county", "city", "province") if name in model.model_fields)
)
WORDS = (*NAMES, "year", "through", "span")


def faults(cell: Cell) -> Iterator[str]:
    """Yield what is wrong with the cell of parameters, each fault as a sentence with its line."""
    try:
        statements = ast.parse(cell.source).body
    except (SyntaxError, ValueError) as error:
        yield cell.at(getattr(error, "lineno", None) or 1) + chosen(
            " is not plain Python. A parameter is written as year = 2021.", "不是完整的Python语句。参数写作year = 2021。"
        )
        return
    seen: set[str] = set()
    for statement in statements:
        at = cell.at(statement.lineno)
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in WORDS:
                if name in seen:
                    yield at + chosen(f" sets {name} again. Take one of the lines out.", f"又写了一次{name}。请去掉一行。")
                seen.add(name)
                yield from (f"{at}{wrong}" for wrong in _wrong_value(name, value))
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield at + chosen(
                    f" sets '{name}', which is no parameter. A chapter takes {', '.join(WORDS)}.{suggestion(name, WORDS)}",
                    f"的“{name}”不是参数。参数有{'、'.join(WORDS)}。{suggestion_zh(name, WORDS)}",
                )
            case _:
                yield at + chosen(
                    " sets no parameter. A line of this cell is written as year = 2021.",
                    "不是参数。这个单元格的一行写作year = 2021。",
                )


def level(cell: Cell) -> str:
    """Return the level of the region that a cell of parameters names, such as "city"; empty when it names none."""
    try:
        statements = ast.parse(cell.source).body
    except (SyntaxError, ValueError):
        return ""
    named = [
        target.id
        for node in statements
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    return next((name for name in NAMES if name in named), "")


def _wrong_value(name: str, node: ast.expr) -> Iterator[str]:
    """Yield what is wrong with the value of a parameter, after the place."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        value = node
    spans = get_args(Span)
    written = ast.unparse(node)
    if name in NAMES and not (isinstance(value, str) and value.strip()):
        yield chosen(
            f': {name} is a name in quotes, such as "兰州市", not {written}.',
            f'：{name}应为加引号的名称，如"兰州市"，不是{written}。',
        )
    elif name == "year" and not (type(value) is int and FIRST_YEAR <= value <= LAST_YEAR):
        yield chosen(
            f": year is a year of four digits without quotes, such as 2021, not {written}.",
            f"：year应为四位数的年份，不加引号，如2021，不是{written}。",
        )
    elif name == "through" and not (type(value) is int and 1 <= value <= 12):
        yield chosen(
            f": through is a month from 1 to 12 without quotes, not {written}.",
            f"：through应为1到12的月份，不加引号，不是{written}。",
        )
    elif name == "span" and value not in spans:
        listed = ", ".join(f'"{span}"' for span in spans)
        hint = suggestion(value, spans) if isinstance(value, str) else ""
        hint_zh = suggestion_zh(value, spans) if isinstance(value, str) else ""
        yield chosen(f": span is one of {listed}, not {written}.{hint}", f"：span应为{listed}之一，不是{written}。{hint_zh}")
