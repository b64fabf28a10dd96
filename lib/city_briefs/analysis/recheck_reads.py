"""The questions that a chapter asked of a snapshot as it ran, asked again of another one: which have another answer now."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from city_briefs.analysis.assessments import actions, strengths, yellow_lights
from city_briefs.analysis.assessments.light_rules import Rule, rules
from city_briefs.analysis.blocks.data_doubts import doubts
from city_briefs.analysis.compute.rejected import places_rejected
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures import ranking, revisions
from city_briefs.analysis.figures.scope import Scope
from city_briefs.common import page_one_line, read_log
from city_briefs.common.language import chosen
from city_briefs.common.periods import Period
from city_briefs.common.read_log import Question
from city_briefs.common.regions import Region
from city_briefs.metrics import CATALOGUE
from city_briefs.model.tables import GAPS, TABLES

ANSWERS: dict[str, Callable[..., Any]] = {
    read_log.AMOUNT: lambda results, code, metric, by, part, period: repr(
        results.amount(CATALOGUE[metric], _region(results, code), Period.of_slug(period), (by, part))
    ),
    read_log.MONTHLY: lambda results, code, metric, period, months: repr(
        results.monthly(CATALOGUE[metric], _region(results, code), Period.of_slug(period), int(months))
    ),
    read_log.PLACE: lambda results, whole, metric, by, part, period, code: repr(
        ranking.placed_in(_scope(results, whole, code, period), CATALOGUE[metric], (by, part))
    ),
    read_log.PLACES: lambda results, whole, metric, by, part, period: repr(
        ranking.places_or_refused(_scope(results, whole, whole, period), CATALOGUE[metric], (by, part))
    ),
    read_log.SPREAD: lambda results, whole, rule, period: repr(
        yellow_lights.spread(_scope(results, whole, whole, period), _rule(rule))
    ),
    read_log.JUDGED: lambda results, whole, rule, period: repr(
        yellow_lights.is_judged(_scope(results, whole, whole, period), _rule(rule))
    ),
    read_log.SPOTS: lambda results, whole, period, code: repr(strengths.compared(_scope(results, whole, code, period))),
    read_log.REGION: lambda results, code, table: results.snapshot.content(code, TABLES[table]),
    read_log.MEMBERS: lambda results, code, metric, year: [
        member.code for member in results.reporters.members(CATALOGUE[metric], _region(results, code), Period(int(year)))
    ],
    "metric": lambda results, metric: results.definition(CATALOGUE[metric]),
    "reporters": lambda results, metric, year, code: [
        region.code for region in _within(results, code).reporters.of(CATALOGUE[metric], Period(int(year)))
    ],
    "parts": lambda results, metric, by, code: _within(results, code).counted(CATALOGUE[metric], by),
    "last_month": lambda results, metric, code: results.last_month(CATALOGUE[metric], _region(results, code)),
    read_log.PEOPLE: lambda results, code, period: repr(results.people(_region(results, code), Period.of_slug(period))),
    read_log.REJECTED: lambda results, metric: repr(places_rejected(results, CATALOGUE[metric])),
    "doubts": lambda results, whole, metric: repr(doubts(CATALOGUE[metric], _within(results, whole))),
    "corrections": lambda results, metric, code, year: [
        correction.words for correction in results.snapshot.corrections(metric, code, int(year))
    ],
    "catalogue": lambda results: list(CATALOGUE),
    "issued": lambda results, metric, code, until: revisions.answer(results, CATALOGUE[metric], code, until),
    "actions": lambda results, code: actions.answer(results.snapshot.regions, code),
    "page-one": lambda results: list(page_one_line.ids()),
    "manual": lambda results: CATALOGUE.content,
    read_log.TABLE: lambda results, table: results.snapshot.hash((TABLES | GAPS)[table]),
    "source": lambda results, table: results.snapshot.source(TABLES[table]),
    "years": lambda results: results.snapshot.years,
    "notice": lambda results: results.snapshot.notice_and_caveats,
}
WORDS = {  # what a question is about, in English and in Chinese
    read_log.AMOUNT: ("the results of {1}", "{1}的计算结果"),
    read_log.MONTHLY: ("the results of {1}", "{1}的计算结果"),
    read_log.PLACE: ("the place by {1}", "{1}的位次"),
    read_log.PLACES: ("the places by {1}", "{1}的位次"),
    read_log.SPREAD: ("in how many regions {1} is on", "{1}亮灯的地区数"),
    read_log.JUDGED: ("whether {1} could be judged", "{1}能否判定"),
    read_log.SPOTS: ("in which rates a region stands out", "各地区明显高于或低于其他地区的比率"),
    read_log.REGION: ("the rows of {1}", "{1}的记录"),
    read_log.MEMBERS: ("who reports {1}", "报送{1}的地区"),
    "metric": ("the definition of {0}, or where it comes from", "{0}的口径或出处"),
    "reporters": ("who returns {0}", "报送{0}的地区"),
    "parts": ("the parts of {0} by {1}", "{0}按{1}的分类"),
    "last_month": ("the last month of {0}", "{0}的最近月份"),
    read_log.PEOPLE: ("the population", "人口数"),
    read_log.REJECTED: ("which rows of {0} were rejected", "{0}中待核的记录"),
    "doubts": ("the doubts about the data of {1}", "{1}的疑问数据"),
    "corrections": ("what was corrected of {0}", "{0}的数据更正"),
    "catalogue": ("the list of metrics", "指标目录"),
    "issued": ("what was first issued of {0}", "{0}的首次签发数"),
    "actions": ("what was asked of {0} in data/actions.csv", "data/actions.csv里{0}的交办事项"),
    "page-one": ("the metrics of page one in packs.toml", "packs.toml里的首页指标"),
    "manual": ("what the manual says of metrics", "指标手册的内容"),
    read_log.TABLE: ("the table {0}", "{0}表"),
    "source": ("the source of {0}", "{0}的数据来源"),
    "years": ("the years that the snapshot holds", "快照中的年份"),
    "notice": ("the notice or the caveats of the snapshot", "快照的提示或数据说明"),
}

REGION_AT = {  # which word of a question is the code of the region that it is about
    read_log.AMOUNT: 0, read_log.MONTHLY: 0, read_log.REGION: 0, read_log.PLACE: -1, read_log.SPOTS: -1, read_log.MEMBERS: 0,
    read_log.PEOPLE: 0,
}  # fmt: skip


def _region(results: Results, code: str) -> Region:
    """Return a region by its code; LookupError when there is no such region."""
    return results.snapshot.regions.by_code[code]


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


def _scope(results: Results, whole: str, code: str, period: str) -> Scope:
    """Return the scope of a region among those of `whole`; LookupError when there is no such region."""
    among = _within(results, whole)
    return Scope(among, among.regions.by_code[code], Period.of_slug(period))


def _rule(rule_id: str) -> Rule:
    """Return a rule by its id; LookupError when there is no such rule."""
    return {rule.id: rule for rule in rules()}[rule_id]


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
        """Return the hash of the answer; None when there is none any more: the chapter runs, and says what is amiss as it stops."""
        if question not in self._given:
            kind, *words = question
            try:
                self._given[question] = read_log.digest(ANSWERS[kind](self.results, *words))
            except Exception:  # whatever would stop a chapter, which is not to stop the build of all others
                self._given[question] = None
        return self._given[question]


def _changes(questions: Iterable[Question]) -> list[str]:
    """Return a line for each metric and table that has changed, with the regions of which it was read."""
    regions_of: dict[str, dict[str, None]] = {}
    for kind, *words in questions:
        region = words[REGION_AT[kind]] if kind in REGION_AT else None
        regions_of.setdefault(chosen(*WORDS[kind]).format(*words), {}).update({region: None} if region else {})
    return [
        chosen(
            f"{what} changed" + (f" ({', '.join(codes)})" if codes else ""),
            f"{what}有变动" + (f"（{'、'.join(codes)}）" if codes else ""),
        )
        for what, codes in regions_of.items()
    ]
