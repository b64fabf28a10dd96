"""A region's name never runs into what follows it: “Ward 24 12315平台”, not “Ward 2412315平台”."""

import ast

import pytest

from city_briefs.common.characters import adjoined
from tests.helpers import ROOT

PACKAGE = ROOT / "lib/city_briefs"
ROOMS = ("analysis", "metrics", "notebook", "production/packs", "production/delivery")  # that make sentences
NAMES = {"short", "whole"}  # of a region; `name` is that of other things too
OWNERS = {"region", "province", "city", "county", "whole", "unit", "member", "marked", "own"}
REMEDY = "write adjoined(name, words) of city_briefs.common.characters"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("Ward 24", "12315平台接收群众诉求"), "Ward 24 12315平台接收群众诉求"),
        (("Ward 24", 2021, "年目标"), "Ward 24 2021年目标"),
        (("Ward 24", "EEC认证"), "Ward 24 EEC认证"),
        (("Ward 24", "+2.5%"), "Ward 24 +2.5%"),
        (("Ward 24", "−2.5%"), "Ward 24 −2.5%"),
        (("Málaga", "12件"), "Málaga 12件"),
        (("Ward 24", "新设立市场主体"), "Ward 24新设立市场主体"),
        (("Ward 24", "（可能）"), "Ward 24（可能）"),
        (("兰州市", "12315平台"), "兰州市12315平台"),
        (("全省", 2021, "年"), "全省2021年"),
        (("", "12件"), "12件"),
        (("Ward 24", ""), "Ward 24"),
    ],
)
def test_a_blank_parts_letters_and_digits_alone(words, text):
    assert adjoined(*words) == text


def names_a_region(node, known):
    """Whether an expression is the name of a region, or a variable that holds one."""
    if isinstance(node, ast.Name):
        return node.id in known
    if isinstance(node, ast.BoolOp):
        return any(names_a_region(each, known) for each in node.values)
    if isinstance(node, ast.IfExp):
        return names_a_region(node.body, known) or names_a_region(node.orelse, known)
    if not isinstance(node, ast.Attribute):
        return False
    owner = getattr(node.value, "attr", getattr(node.value, "id", ""))
    return (node.attr in NAMES or node.attr == "name") and owner in OWNERS


def variables(function, is_meant):
    """The variables of a function that hold what is meant, such as the name of a region."""
    held = set()
    for assigned in (node for node in ast.walk(function) if isinstance(node, ast.Assign)):
        for target in assigned.targets:
            pairs = [(target, assigned.value)]
            if isinstance(target, ast.Tuple) and isinstance(assigned.value, ast.Tuple):
                pairs = list(zip(target.elts, assigned.value.elts, strict=False))
            held |= {to.id for to, value in pairs if isinstance(to, ast.Name) and is_meant(value)}
    return held


def begins_in_chinese(node, known=frozenset()):
    """Whether all that a part of a sentence can be begins with a character that no name runs into, as the known variables do."""
    if isinstance(node, ast.Name):
        return node.id in known
    if isinstance(node, ast.FormattedValue):
        return begins_in_chinese(node.value, known)
    if isinstance(node, ast.IfExp):
        return begins_in_chinese(node.body, known) and begins_in_chinese(node.orelse, known)
    return isinstance(node, ast.Constant) and adjoined("a1", node.value) == f"a1{node.value}"


def run_ons(source):
    """The pairs of a name and what follows it in a sentence that may run into one another."""
    for function in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)):
        known, chinese = variables(function, lambda value: names_a_region(value, set())), variables(function, begins_in_chinese)
        for node in ast.walk(function):
            pairs = list(zip(node.values, node.values[1:], strict=False)) if isinstance(node, ast.JoinedStr) else []
            pairs += [(node.left, node.right)] if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) else []
            for before, after in pairs:
                name = before.value if isinstance(before, ast.FormattedValue) else before
                if names_a_region(name, known) and not begins_in_chinese(after, chinese):
                    yield f"{ast.unparse(name)} before {ast.unparse(after)}"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('f"{scope.region.whole}{metric.label}"', ["scope.region.whole before {metric.label}"]),
        ('f"{city.short}12315"', ["city.short before '12315'"]),
        ('f"{city.name}于{words}"', []),
        ('f"{city.name}{adjoined(words)}"', ["city.name before {adjoined(words)}"]),
        ('f"""{own.name}{"高" if up else "低"}{size}"""', []),
        ("city.name + words", ["city.name before words"]),
        ('f"{adjoined(city.name, words)}{more}"', []),
        ("f'{metric.name}{words}'", []),
    ],
)
def test_the_search_finds_names_that_run_on(line, found):
    assert list(run_ons(f"def say(city):\n    return {line}")) == found


def test_the_search_knows_a_name_by_its_variable():
    assert list(run_ons('def say(scope):\n    name = scope.whole.whole\n    return f"{name}{text}"')) == ["name before {text}"]


def test_the_search_knows_a_variable_that_begins_in_chinese():
    assert list(run_ons('def say(city, up):\n    more = "高" if up else "低"\n    return f"比{city.name}{more}{gap}"')) == []
    assert list(run_ons('def say(city, up):\n    more = "高" if up else "2"\n    return f"比{city.name}{more}"')) == [
        "city.name before {more}"
    ]


def test_no_sentence_lets_a_name_run_on():
    found = {
        file.relative_to(PACKAGE).as_posix(): made
        for room in ROOMS
        for file in sorted((PACKAGE / room).rglob("*.py"))
        if (made := sorted(set(run_ons(file.read_text("utf-8")))))
    }
    assert found == {}, REMEDY
