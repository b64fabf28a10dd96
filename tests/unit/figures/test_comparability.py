"""How each metric of the catalogue is compared: its test, and how mature its outcome is when it is counted."""

import pytest

from city_briefs.analysis.figures.comparability import NOTHING_PENDING, how_mature, how_tested
from city_briefs.metrics import CATALOGUE

LATER = "结果另有日期（办结日期，closed_on），两年按同一时滞比较"
CLOSED = "按结果日期（{}，closed_on）计入，计入时结果已定"
UNDATED = "结果没有日期（{}），与上年首次签发数比较，没有首次签发数且待办结情况不同的不比较"
COMPLAINT, HAZARD, CASE = (CLOSED.format(day) for day in ("办结日期", "销号日期", "结案日期"))
FOUND, PUBLISHED = UNDATED.format("是否发现问题，problem_found"), UNDATED.format("是否公示，published")
EXPOSED = UNDATED.format("是否公开曝光，published")
MATURITY = {
    "complaints_settled": LATER,
    "settlement_rate": LATER,
    "complaints_accepted": UNDATED.format("是否受理，accepted"),
    "complaints_withdrawn": UNDATED.format("是否撤回，withdrawn"),
    "inspections_judged": FOUND,
    "problems_found": FOUND,
    "problem_found_rate": FOUND,
    "units_with_repeated_problems": FOUND,
    "inspections_published": PUBLISHED,
    "publication_rate": PUBLISHED,
    "units_published": PUBLISHED,
    "unit_publication_rate": PUBLISHED,
    "typical_cases_exposed": EXPOSED,
    "price_cases_exposed": EXPOSED,
    "complaints_closed": COMPLAINT,
    "median_days_to_close": COMPLAINT,
    "losses_recovered": COMPLAINT,
    "recovered_per_complaint": COMPLAINT,
    "hazards_closed": HAZARD,
    "hazards_closed_on_time": HAZARD,
    "on_time_closing_rate": f"{HAZARD}；另看逾期未销号隐患（hazards_overdue）",
    "median_days_to_close_hazards": HAZARD,
    "cases_total": CASE,
    "fines_total": CASE,
    "cases_per_10k_entities": CASE,
    "fine_per_case": CASE,
    "price_fine_max": CASE,
}


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=lambda metric: metric.id)
def test_every_metric_of_the_catalogue_is_examined(metric):
    assert how_mature(metric) == MATURITY.get(metric.id, NOTHING_PENDING)


def test_every_metric_has_a_test_or_the_reason_why_not():
    said = {how_tested(metric) for metric in CATALOGUE.values()}
    assert {one for one in said if not one.endswith("不作检验")} == {"两个比例", "两个率", "两个计数", "中位数区间"}


@pytest.mark.parametrize(
    ("metric", "test"),
    [
        ("food_pass_rate", "两个比例"),
        ("entrapments_per_10k_lifts", "两个率"),
        ("complaints_received", "两个计数"),
        ("units_inspected", "两个计数"),
        ("median_days_to_close", "中位数区间"),
        ("entity_stock", "期末时点数不作检验"),
        ("net_new_entities", "差额不作检验"),
        ("fines_total", "金额和重量不作检验"),
        ("fine_per_case", "金额类比率不作检验"),
        ("average_markup", "金额类比率不作检验"),
        ("price_fine_max", "最大值不作检验"),
        ("markup_ceiling", "规定值不作检验"),
        ("patent_exam_months", "期末时点数不作检验"),
        ("population", "人口数不作检验"),
    ],
)
def test_the_test_goes_by_form_and_unit(metric, test):
    assert how_tested(CATALOGUE[metric]) == test
