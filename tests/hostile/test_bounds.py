"""What is matched, asked for and set has an end, whatever is sent: patterns of values, rows and replies of servers, pages."""

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_briefs.analysis.ingest.parse_values import _pattern, mapping_parser

LONG = 10_000
EVIL = {
    "stars": ("*a" * 30 + "*b", "a" * LONG),
    "stars and one": ("*?" * 30 + "b", "a" * LONG),
    "stars alone": ("*" * 500 + "b", "a" * LONG),
    "two letters": ("*ab" * 40 + "c", "ab" * LONG),
    "letters that repeat": ("*aaaaaaaab" * 9, "a" * LONG),
    "one of many": ("?" * 200 + "*" + "?" * 200 + "x", "a" * LONG),
    "Chinese": ("*投诉" * 30 + "*举报", "投诉" * LONG),
    "lines": ("*\n" * 30 + "x", "\n" * LONG),
}


@pytest.mark.parametrize("case", EVIL)
def test_no_pattern_goes_back_and_forth(case):
    """Without bounds each of these takes longer than the world has stood; the limit of pytest would end it."""
    key, text = EVIL[case]
    assert mapping_parser({key: "met"}, str)(text) == text
    assert mapping_parser({key: "met"}, str)(text + "b") in ("met", text + "b")


@given(st.text("ab*?.[", max_size=8), st.text("ab.[\n", max_size=9))
def test_a_pattern_means_what_it_means_in_a_shell(key, text):
    wanted = fnmatch.translate(key.replace("[", "[[]"))
    assert bool(_pattern(key).fullmatch(text)) == bool(re.match(wanted, text))


@pytest.mark.parametrize(
    ("key", "text", "met"),
    [
        ("食品*", "食品安全", True), ("*安全", "食品安全", True), ("*", "", True), ("?", "", False), ("食?安全", "食品安全", True),
        ("a*a", "a", False), ("a*a", "aa", True), ("*a*", "bab", True), ("a.c", "abc", False), ("(a+)+", "aa", False), ("[ab]", "a", False),
        ("", "", True), ("**a**", "bab", True), ("*ab*ab", "ab", False), ("*ab*ab", "abab", True), ("*a?", "aaa", True),
    ],
)  # fmt: skip
def test_a_pattern_by_example(key, text, met):
    assert mapping_parser({key: "met"}, str)(text) == ("met" if met else text)
