"""Accident reports (零报告): every region reports each month and domain, also that there was no accident; which months lack one."""

from city_briefs.analysis.figures.scope import Scope
from city_briefs.common.characters import adjoined
from city_briefs.common.periods import Period, months_text
from city_briefs.metrics.safety import accident_reports
from city_briefs.model.labels import DOMAINS


def unreported_months(scope: Scope, domain: str) -> list[str]:
    """Return the months (YYYY-MM) of a period without any accident report of a domain from one region; a report of zero counts."""

    def reports(month: str) -> int:
        of_month = Period(int(month[:4]), int(month[5:]), "month")
        return int(scope.results.amount(accident_reports, scope.region, of_month, ("domain", domain)).numerator)

    return [month for month in scope.period.months if not reports(month)]


def first_gap(scope: Scope) -> str | None:
    """Return which region lacks accident reports of which domain and months, in words, the first there is; None when none does."""
    for member in scope.reporting(accident_reports):
        for domain, name in DOMAINS.items():
            if missing := unreported_months(scope.at(member), domain):
                return f"{adjoined(member.name, months_text(missing))}没有{name}事故报告，零报告不全"
    return None
