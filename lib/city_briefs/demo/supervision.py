"""Supervision by the bureau: inspections, spot checks, hazards, accidents and cases."""

import numpy as np
import pyarrow as pa

from city_briefs.demo.columns import dates, decimals, identifiers, numbered, rows, truths, words
from city_briefs.demo.events import events
from city_briefs.demo.province import LEVEL_YEAR, Province
from city_briefs.model.tables import ACCIDENTS, CASES, HAZARDS, INSPECTIONS, SPOT_CHECKS

DOMAINS = ("food", "drug", "special_equipment", "product", "market")
FOUR_DOMAINS = DOMAINS[:4]

INSPECTION_LEVEL, INSPECTION_GROWTH = 62_000, 0.045
INSPECTION_DOMAINS = (42, 12, 20, 9, 17)
METHODS = ("double_random", "special", "complaint", "routine")
METHOD_WEIGHTS = (30, 25, 10, 35)
SUBJECTS = 3.5  # subjects known to a bureau, for each inspection it makes in a year
PROBLEM_FOUND = (0.14, 0.09, 0.12, 0.11, 0.08)  # by domain
PUBLISHED, NOT_SAID = 0.93, 0.01

SPOT_CHECK_LEVEL, SPOT_CHECK_GROWTH = 40_000, 0.04
SPOT_CHECK_DOMAINS = (60, 20, 20)
CATEGORIES = {  # by domain
    "food": ("粮食加工品", "食用油", "肉制品", "乳制品", "饮料", "蔬菜制品", "糕点", "食用农产品", "餐饮食品", "酒类"),
    "drug": ("中药饮片", "化学药", "中成药", "生物制品", "医疗器械", "化妆品"),
    "product": ("建材", "农资", "儿童用品", "电线电缆", "成品油", "家用电器", "消防产品", "纺织服装"),
}
FAILED = (0.025, 0.010, 0.070)  # in LEVEL_YEAR, by domain
FAILED_TREND = 0.04  # fewer each year
RETESTED, RETEST_PASSED = 0.25, 0.15  # of what failed; of the re-tests

HAZARD_LEVEL, HAZARD_GROWTH = 8_200, 0.06
HAZARD_DOMAINS = (40, 10, 35, 15)
MAJOR = 0.04
MEASURES = ("责令限期改正", "停止使用并维修", "更换部件", "补办手续", "下架封存", "完善管理制度")
OWNERS = ("食品生产经营单位", "药品经营企业", "设备使用单位", "维护保养单位", "产品生产企业")
CLOSED_LATE, LEFT_OPEN = 0.07, 0.02

ACCIDENTS_A_MONTH = (0.25, 0.02, 0.5, 0.15)  # ordinary ones in the whole province, by domain
FATAL = 0.4

CASE_LEVEL, CASE_GROWTH = 9_100, 0.115
FIELDS = {  # weights
    "price": 7, "food": 38, "drug": 9, "special_equipment": 6, "product": 12, "advertising": 7, "competition": 3,
    "intellectual_property": 6, "fees": 2, "other": 10,
}  # fmt: skip
FINE_YUAN, FINE_SIGMA = 5_200, 1.6
CONFISCATED, CONFISCATED_YUAN = 0.4, 1_500
EXPOSED, EXPOSED_PRICE_CASES = 0.025, 0.12


def inspections(province: Province) -> pa.Table:
    """Return the table of inspections; some subjects are visited far more often than others."""
    draws = province.draws(INSPECTIONS.name)
    visits = events(province, draws, province.yearly(draws, INSPECTION_LEVEL, INSPECTION_GROWTH), pull=1.3)
    domain = draws.picks(INSPECTION_DOMAINS, len(visits))
    usual = draws.noise(0.45, len(province.units), len(DOMAINS))  # some cities find more than others
    pools = (province.weights(1.3) * province.size(INSPECTION_LEVEL) * SUBJECTS).astype(np.int64) + 5
    share = draws.shares(len(visits))
    subject = pools.cumsum()[visits.unit] - pools[visits.unit] + (share * share * pools[visits.unit]).astype(np.int64)
    is_problem = draws.happens(np.array(PROBLEM_FOUND)[domain] * usual[visits.unit, domain], len(visits))
    return rows(
        INSPECTIONS,
        {
            "inspection_id": identifiers("J", len(visits)),
            "region": words(visits.unit, province.codes),
            "domain": words(domain, DOMAINS),
            "method": words(draws.picks(METHOD_WEIGHTS, len(visits)), METHODS),
            "subject_id": numbered("D", subject * len(DOMAINS) + domain),
            "inspected_on": dates(visits.day),
            "problem_found": truths(is_problem, draws.happens(NOT_SAID, len(visits))),
            "published": truths(draws.happens(PUBLISHED, len(visits)), draws.happens(NOT_SAID, len(visits))),
        },
    )


def spot_checks(province: Province) -> pa.Table:
    """Return the table of tested batches, then the re-tests of some that failed."""
    draws = province.draws(SPOT_CHECKS.name)
    samples = events(province, draws, province.yearly(draws, SPOT_CHECK_LEVEL, SPOT_CHECK_GROWTH), pull=1.2)
    size = len(samples)
    domain = draws.picks(SPOT_CHECK_DOMAINS, size)
    category = np.empty(size, np.int8)
    starts = np.cumsum([0, *map(len, CATEGORIES.values())])
    for position, names in enumerate(CATEGORIES.values()):
        of_domain = domain == position
        category[of_domain] = starts[position] + draws.picks([1.0] * len(names), int(of_domain.sum()))
    chance = np.array(FAILED)[domain] * (1 + FAILED_TREND * (LEVEL_YEAR - samples.year))
    chance *= draws.noise(0.3, len(province.units))[samples.unit] * draws.noise(0.5, starts[-1])[category]
    failed = draws.happens(chance, size)
    retested = np.flatnonzero(failed & draws.happens(RETESTED, size))
    day = samples.day[retested] + draws.between(10, 25, len(retested))
    retested, day = retested[day <= province.last_day], day[day <= province.last_day]
    batches = np.concatenate([np.arange(size), retested])
    origin = np.concatenate([np.full(size, -1), retested])
    ids = identifiers("B", len(batches))
    return rows(
        SPOT_CHECKS,
        {
            "batch_id": ids,
            "region": words(samples.unit[batches], province.codes),
            "domain": words(domain[batches], list(CATEGORIES)),
            "category": words(category[batches], [name for names in CATEGORIES.values() for name in names]),
            "sampled_on": dates(np.concatenate([samples.day, day])),
            "passed": truths(np.concatenate([~failed, draws.happens(RETEST_PASSED, len(retested))])),
            "retest_of": ids.take(pa.array(origin, mask=origin < 0)),
        },
    )


def hazards(province: Province) -> pa.Table:
    """Return the table of hazards; most are closed in time, some late, a few not yet."""
    draws = province.draws(HAZARDS.name)
    discovered = events(province, draws, province.yearly(draws, HAZARD_LEVEL, HAZARD_GROWTH), pull=1.2)
    size = len(discovered)
    domain = draws.picks(HAZARD_DOMAINS, size)
    term = draws.between(2, 9, size) * 10
    late, never = draws.happens(CLOSED_LATE, size), draws.happens(LEFT_OPEN, size)
    in_time = (draws.shares(size) * (term + 1)).astype(np.int32)
    closed = discovered.day + np.where(late, term + draws.between(1, 90, size), in_time)
    closed[never] = discovered.day[never] + 400
    return rows(
        HAZARDS,
        {
            "hazard_id": identifiers("H", size),
            "region": words(discovered.unit, province.codes),
            "domain": words(domain, FOUR_DOMAINS),
            "level": words(draws.happens(MAJOR, size).astype(np.int8), ("general", "major")),
            "found_on": dates(discovered.day),
            "measure": words(draws.picks([1.0] * len(MEASURES), size), MEASURES),
            "owner": words(draws.picks([1.0] * len(OWNERS), size), OWNERS),
            "due_on": dates(discovered.day + term),
            "closed_on": dates(closed, province.last_day),
        },
    )


def accidents(province: Province) -> pa.Table:
    """Return the table of accidents by unit, month and domain: nearly always zero, and never worse than ordinary."""
    draws = province.draws(ACCIDENTS.name)
    months, domains = province.months, len(FOUR_DOMAINS)
    unit, month, domain = (grid.ravel() for grid in np.indices((len(province.units), len(months), domains)))
    since = np.array([province.since(region) for region in province.units])
    reported = np.repeat(province.years, 12)[month] >= since[unit]
    unit, month, domain = unit[reported], month[reported], domain[reported]
    chance = np.array(ACCIDENTS_A_MONTH)[domain] * province.weights(1.5)[unit]
    count = draws.happens(chance, len(unit)).astype(np.int64)
    deaths = count * draws.happens(FATAL, len(unit))
    return rows(
        ACCIDENTS,
        {
            "region": words(unit, province.codes),
            "month": words(month, months),
            "domain": words(domain, FOUR_DOMAINS),
            "grade": words(np.zeros(len(unit), np.int8), ("ordinary",)),
            "count": pa.array(count),
            "deaths": pa.array(deaths),
        },
    )


def cases(province: Province) -> pa.Table:
    """Return the table of closed cases, with their fines."""
    draws = province.draws(CASES.name)
    closed = events(province, draws, province.yearly(draws, CASE_LEVEL, CASE_GROWTH), pull=1.5)
    size = len(closed)
    field = draws.picks(list(FIELDS.values()), size)
    taken = draws.happens(CONFISCATED, size) * draws.around(CONFISCATED_YUAN, 1.2, size, unit=100)
    exposed = np.where(field == list(FIELDS).index("price"), EXPOSED_PRICE_CASES, EXPOSED)
    yuan = CASES.schema.field("fine_yuan").type
    return rows(
        CASES,
        {
            "case_id": identifiers("A", size),
            "region": words(closed.unit, province.codes),
            "field": words(field, list(FIELDS)),
            "closed_on": dates(closed.day),
            "fine_yuan": decimals(draws.around(FINE_YUAN, FINE_SIGMA, size) * 100, yuan),
            "confiscated_yuan": decimals(taken, yuan),
            "published": truths(draws.happens(exposed, size), draws.happens(NOT_SAID, size)),
        },
    )
