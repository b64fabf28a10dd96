"""The questions that a chapter asked of a snapshot as it ran, asked again of another one: which have another answer now."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from city_briefs.analysis.assessments import actions
from city_briefs.analysis.blocks.data_doubts import doubts
from city_briefs.analysis.compute.results import ALL_OF, Results
from city_briefs.analysis.figures import revisions
from city_briefs.common import page_one_line, read_log
from city_briefs.common.language import chosen
from city_briefs.common.periods import Period
from city_briefs.common.read_log import Question
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import GAPS, TABLES

ANSWERS: dict[str, Callable[..., Any]] = {
    read_log.ROWS: lambda results, code, metric, by, part, until: results.cells(code, CATALOGUE[metric], by, part, until),
    read_log.SPAN_ROWS: lambda results, code, metric, by, part, span, until: results.cells(
        code, CATALOGUE[metric], by, part, until, span
    ),
    read_log.REGION: lambda results, code, table: results.snapshot.content(code, TABLES[table]),
    "metric": lambda results, metric: results.definition(CATALOGUE[metric]),
    "reporters": lambda results, metric, year, code: [
        region.code for region in _within(results, code).reporters.of(CATALOGUE[metric], Period(int(year)))
    ],
    "parts": lambda results, metric, by, code: _within(results, code).counted(CATALOGUE[metric], by),
    "last_month": lambda results, metric, code: results.last_month(CATALOGUE[metric], results.snapshot.regions.by_code[code]),
    "doubts": lambda results, metric: doubts(CATALOGUE[metric], results),
    "corrections": lambda results, metric, code, year: [
        correction.words for correction in results.snapshot.corrections(metric, code, int(year))
    ],
    "catalogue": lambda results: list(CATALOGUE),
    "issued": lambda results, metric, code, until: revisions.answer(results, CATALOGUE[metric], code, until),
    "actions": lambda results, code: actions.answer(results.snapshot.regions, code),
    "page-one": lambda results: list(page_one_line.ids()),
    "manual": lambda results: CATALOGUE.content,
    "table": lambda results, table: results.snapshot.hash((TABLES | GAPS)[table]),
    "source": lambda results, table: results.snapshot.source(TABLES[table]),
    "years": lambda results: results.snapshot.years,
    "notice": lambda results: results.snapshot.notice_and_caveats,
}
WORDS = {  # what a question is about, in English and in Chinese
    read_log.ROWS: ("the results of {1}", "{1}的计算结果"),
    read_log.SPAN_ROWS: ("the results of {1}", "{1}的计算结果"),
    read_log.REGION: ("the rows of {1}", "{1}的记录"),
    "metric": ("the definition of {0}, or where it comes from", "{0}的口径或出处"),
    "reporters": ("who returns {0}", "报送{0}的地区"),
    "parts": ("the parts of {0} by {1}", "{0}按{1}的分类"),
    "last_month": ("the last month of {0}", "{0}的最近月份"),
    "doubts": ("the doubts about the data of {0}", "{0}的疑问数据"),
    "corrections": ("what was corrected of {0}", "{0}的数据更正"),
    "catalogue": ("the list of metrics", "指标目录"),
    "issued": ("what was first issued of {0}", "{0}的首次签发数"),
    "actions": ("what was asked of {0} in data/actions.csv", "data/actions.csv里{0}的交办事项"),
    "page-one": ("the metrics of page one in packs.toml", "packs.toml里的首页指标"),
    "manual": ("what the manual says of metrics", "指标手册的内容"),
    "table": ("the table {0}", "{0}表"),
    "source": ("the source of {0}", "{0}的数据来源"),
    "years": ("the years that the snapshot holds", "快照中的年份"),
    "notice": ("the notice or the caveats of the snapshot", "快照的提示或数据说明"),
}


def _within(results: Results, code: str) -> Results:
    """Return the results of a province with its cities, or of a city with its counties, by its code.

    Raises:
        LookupError: there is no such region, or it is made of no others.
    """
    regions = results.snapshot.regions
    inside = regions.made_of(regions.by_code[code])
    if inside is None:
        raise LookupError(code)
    return results.among(inside)


class Answers:
    """The answers of one snapshot. Each question is asked once, however many chapters have asked it."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self._given: dict[Question, str | None] = {}

    def changed(self, asked: Mapping[Question, str]) -> list[str]:
        """Return the questions that have another answer than when they were asked, in words; empty when none has.

        `asked` has the hash of the answer to each question.
        """
        return _changes(question for question, answer in asked.items() if self._answer(question) != answer)

    def _answer(self, question: Question) -> str | None:
        """Return the hash of the answer; None when there is no such metric, table or region any more."""
        if question not in self._given:
            kind, *words = question
            try:
                self._given[question] = read_log.digest(ANSWERS[kind](self.results, *words))
            except (LookupError, AssertionError):
                self._given[question] = None
        return self._given[question]


def _changes(questions: Iterable[Question]) -> list[str]:
    """Return a line for each metric and table that has changed, with the regions of which it was read."""
    regions_of: dict[str, dict[str, None]] = {}
    for kind, *words in questions:
        of_region = kind in (read_log.ROWS, read_log.SPAN_ROWS, read_log.REGION)
        regions_of.setdefault(chosen(*WORDS[kind]).format(*words), {}).update({words[0]: None} if of_region else {})
    return [
        chosen(
            f"{what} changed" + (f" ({', '.join(map(_spoken, codes))})" if codes else ""),
            f"{what}有变动" + (f"（{'、'.join(map(_spoken, codes))}）" if codes else ""),
        )
        for what, codes in regions_of.items()
    ]


def _spoken(place: str) -> str:
    """Return a region as messages have it: its code, or that with all of its parts."""
    province = place.removesuffix(ALL_OF)
    return place if place == province else chosen(f"all of {province}", f"{province}全部")
