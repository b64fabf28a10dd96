"""The printed definition of every metric, table by table."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pandas as pd

from tests.definitions.second_count.kinds import (
    NEVER,
    Cited,
    Count,
    Definition,
    Difference,
    During,
    Frames,
    InForce,
    OverdueDevices,
    People,
    Ratio,
    Returned,
    both,
    count,
    filled,
    is_a,
    largest,
    middle,
    no,
    true,
)  # fmt: skip

LATE_MINUTES = 30

enterprise = no(is_a("kind", "self_employed", "cooperative"))
registered, standing = During("registered_on"), InForce("registered_on", "cancelled_on")
ENTITIES: dict[str, Definition] = {
    "new_entities": count("entities", registered),
    "new_enterprises": count("entities", registered, enterprise),
    "enterprise_share_of_new": Ratio("new_enterprises", "new_entities"),
    "entity_stock": count("entities", standing),
    "enterprise_stock": count("entities", standing, enterprise),
    "enterprise_share": Ratio("enterprise_stock", "entity_stock"),
    "entities_cancelled": count("entities", During("cancelled_on")),
    "net_new_entities": Difference("new_entities", "entities_cancelled"),
    "conversions": count("entities", registered, both(enterprise, filled("converted_from"))),
    "entity_density": Ratio("entity_stock", "population"),
    "population": People(),
}


def spot_checks(domain: str) -> dict[str, Definition]:
    first, again = (both(is_a("domain", domain), where) for where in (no(filled("retest_of")), filled("retest_of")))
    sampled = During("sampled_on")
    return {
        f"{domain}_batches": count("spot_checks", sampled, first),
        f"{domain}_batches_passed": count("spot_checks", sampled, both(first, true("passed"))),
        f"{domain}_pass_rate": Ratio(f"{domain}_batches_passed", f"{domain}_batches"),
        f"{domain}_retests": count("spot_checks", sampled, again),
        f"{domain}_retests_failed": count("spot_checks", sampled, both(again, no(true("passed")))),
        f"{domain}_retest_failure_rate": Ratio(f"{domain}_retests_failed", f"{domain}_retests"),
    }


canteen = is_a("kind", "school_canteen")
trading, bright = InForce("opened_on", "closed_on"), InForce("bright_kitchen_on", "closed_on")
FOOD_UNITS: dict[str, Definition] = {
    "food_units_open": count("food_units", trading),
    "bright_kitchen_units": count("food_units", bright),
    "school_canteens": count("food_units", trading, canteen),
    "school_canteens_bright": count("food_units", bright, canteen),
    "school_canteen_coverage": Ratio("school_canteens_bright", "school_canteens"),
}


def inspected_devices(frames: Frames) -> pd.DataFrame:
    """Inspections with their devices; the region is the device's."""
    return frames["equipment_inspections"].drop(columns="region").merge(frames["equipment"], on="equipment_id")


used = InForce("in_use_on", "retired_on")
EQUIPMENT: dict[str, Definition] = {
    "equipment_in_use": count("equipment", used),
    "elevators": count("equipment", used, is_a("kind", "elevator")),
    "equipment_overdue": Count(("equipment", "equipment_inspections"), inspected_devices, OverdueDevices(), "region", len),
    "overdue_share": Ratio("equipment_overdue", "equipment_in_use"),
}

happened = During("occurred_on")
ELEVATOR_RESCUES: dict[str, Definition] = {
    "elevator_entrapments": count("elevator_rescues", happened),
    "elevator_rescued": count("elevator_rescues", happened, None, "persons", sum),
    "persons_per_rescue": Ratio("elevator_rescued", "elevator_entrapments"),
    "entrapments_per_10k_lifts": Ratio("elevator_entrapments", "elevators"),
    "rescues_timed": count("elevator_rescues", happened, filled("arrival_minutes")),
    "late_arrivals": count("elevator_rescues", happened, lambda rows: rows.arrival_minutes.fillna(Decimal(0)) > LATE_MINUTES),
    "late_arrival_share": Ratio("late_arrivals", "rescues_timed"),
    "median_arrival_minutes": count("elevator_rescues", happened, None, "arrival_minutes", middle),
}

reported = During("reported_on")
ACCIDENTS: dict[str, Definition] = {
    "accidents_total": count("accidents", reported, None, "count", sum),
    "major_accidents": count("accidents", reported, is_a("grade", "major", "extraordinary"), "count", sum),
    "accident_deaths": count("accidents", reported, None, "deaths", sum),
    "se_accidents": count("accidents", reported, is_a("domain", "special_equipment"), "count", sum),
    "accident_reports": count("accidents", reported),
}


def closing_days(table: str, since: str) -> Callable[[Frames], pd.DataFrame]:
    """The rows of a table that were closed, with the days that it took."""
    return lambda frames: frames[table][frames[table].closed_on < NEVER].assign(days=lambda rows: rows.closed_on - rows[since])


def late_from(frames: Frames) -> pd.DataFrame:
    """Hazards with the first day on which they are overdue; the day on which one is due is not yet."""
    return frames["hazards"].assign(late_on=lambda rows: rows.due_on + 1)


closed = During("closed_on")
HAZARDS: dict[str, Definition] = {
    "hazards_found": count("hazards", During("found_on")),
    "hazards_open": count("hazards", InForce("found_on", "closed_on")),
    "hazards_overdue": Count(("hazards",), late_from, InForce("late_on", "closed_on"), "region", len),
    "hazard_overdue_share": Ratio("hazards_overdue", "hazards_open"),
    "hazards_closed": count("hazards", closed),
    "hazards_closed_on_time": count("hazards", closed, lambda rows: rows.closed_on <= rows.due_on),
    "on_time_closing_rate": Ratio("hazards_closed_on_time", "hazards_closed"),
    "median_days_to_close_hazards": Count(("hazards",), closing_days("hazards", "found_on"), closed, "days", middle),
}

PROBLEMS_ALLOWED = 3


def fourth_problems(frames: Frames) -> pd.DataFrame:
    """The inspections that found a problem at a subject when three of the same year and region had."""
    rows = frames["inspections"]
    found = rows[rows.problem_found.eq(True) & rows.subject_id.notna()].sort_values("inspected_on", kind="stable")
    years = [date.fromordinal(day).year for day in found.inspected_on]
    return found[found.groupby([found.region, found.subject_id, pd.Series(years, found.index)]).cumcount() >= PROBLEMS_ALLOWED]


inspected, random = During("inspected_on"), is_a("method", "double_random")
INSPECTIONS: dict[str, Definition] = {
    "inspections_total": count("inspections", inspected),
    "units_inspected": count("inspections", inspected, None, "subject_id", pd.Series.nunique),
    "se_units_inspected": count("inspections", inspected, is_a("domain", "special_equipment"), "subject_id", pd.Series.nunique),
    "inspections_per_10k_entities": Ratio("inspections_total", "entity_stock"),
    "inspections_judged": count("inspections", inspected, filled("problem_found")),
    "problems_found": count("inspections", inspected, true("problem_found")),
    "problem_found_rate": Ratio("problems_found", "inspections_judged"),
    "units_with_repeated_problems": Count(("inspections",), fourth_problems, inspected, "subject_id", pd.Series.nunique),
    "double_random_inspections": count("inspections", inspected, random),
    "double_random_units": count("inspections", inspected, random, "subject_id", pd.Series.nunique),
    "double_random_coverage": Ratio("double_random_units", "entity_stock"),
    "inspections_published": count("inspections", inspected, true("published")),
    "publication_rate": Ratio("inspections_published", "inspections_total"),
    "units_published": count("inspections", inspected, true("published"), "subject_id", pd.Series.nunique),
    "unit_publication_rate": Ratio("units_published", "units_inspected"),
}


def prizes(award: str, grade: str) -> Count:
    return count("awards", InForce("granted_on"), both(is_a("award", award), is_a("grade", grade)))


issued = During("issued_on")
QUALITY: dict[str, Definition] = {
    "china_quality_award_cum": prizes("china_quality", "award"),
    "china_quality_nom_cum": prizes("china_quality", "nomination"),
    "prov_quality_award_cum": prizes("provincial_quality", "award"),
    "prov_quality_nom_cum": prizes("provincial_quality", "nomination"),
    "local_standards_new": count("standards", issued, is_a("kind", "local")),
    "group_standards_guided": count("standards", issued, is_a("kind", "group")),
    "national_std_pilots": count("standards", issued, is_a("kind", "pilot")),
    "standards_in_force": count("standards", InForce("issued_on", "abolished_on"), is_a("kind", "local", "group")),
}

invention, valid = is_a("kind", "invention"), InForce("granted_on", "lapsed_on")
PROPERTY: dict[str, Definition] = {
    "inv_grants": count("patents", During("granted_on"), invention),
    "patents_granted": count("patents", During("granted_on")),
    "inv_patents_valid": count("patents", valid, invention),
    "inv_patents_per_10k": Ratio("inv_patents_valid", "population"),
    "high_value_patents": count("patents", valid, both(invention, true("high_value"))),
    "high_value_patents_per_10k": Ratio("high_value_patents", "population"),
    "trademarks_valid": count("trademarks", InForce("registered_on", "lapsed_on")),
    "trademarks_per_10k_entities": Ratio("trademarks_valid", "entity_stock"),
    "geographical_indications": count("trademarks", InForce("registered_on", "lapsed_on"), true("geographical_indication")),
    "pledge_deals": count("ip_pledges", During("pledged_on")),
    "pledged_patents": count("ip_pledges", During("pledged_on"), None, "patents", sum),
    "pledge_amount": count("ip_pledges", During("pledged_on"), None, "amount_yuan", sum),
    "pledge_per_deal": Ratio("pledge_amount", "pledge_deals"),
    "tech_transfers": count("tech_transfers", During("concluded_on")),
    "tech_transfer_amount": count("tech_transfers", During("concluded_on"), None, "amount_yuan", sum),
}


def fined(frames: Frames) -> pd.DataFrame:
    """Cases with what was fined and confiscated together."""
    return frames["cases"].assign(both_yuan=lambda rows: rows.fine_yuan + rows.confiscated_yuan)


price = is_a("field", "price")
CASES: dict[str, Definition] = {
    "cases_total": count("cases", closed),
    "fines_total": Count(("cases",), fined, closed, "both_yuan", sum),
    "cases_per_10k_entities": Ratio("cases_total", "entity_stock"),
    "fine_per_case": Ratio("fines_total", "cases_total"),
    "typical_cases_exposed": count("cases", closed, true("published")),
    "price_cases_exposed": count("cases", closed, both(price, true("published"))),
    "price_fine_max": count("cases", closed, price, "fine_yuan", largest),
}


def ratings(frames: Frames, *classes: str) -> pd.DataFrame:
    """Ratings of these classes with the day of the same entity's next, if it has one."""
    ordered = frames["credit_ratings"].sort_values("rated_on")
    replaced = ordered.groupby("entity_id").rated_on.shift(-1).fillna(NEVER)
    return ordered.assign(replaced_on=replaced.astype(int))[ordered["class"].isin(classes)]


rated = InForce("rated_on", "replaced_on")
CREDIT: dict[str, Definition] = {
    "rated_entities": Count(("credit_ratings",), lambda frames: ratings(frames, *"ABCD"), rated, "region", len),
    "high_risk_entities": Count(("credit_ratings",), lambda frames: ratings(frames, "D"), rated, "region", len),
    "high_risk_share": Ratio("high_risk_entities", "rated_entities"),
}

received, here_first, consumer = During("received_on"), no(filled("transferred_from")), is_a("kind", "complaint")
accepted = both(consumer, true("accepted"))
COMPLAINTS: dict[str, Definition] = {
    "complaints_received": count("complaints", received, here_first),
    "consumer_complaints": count("complaints", received, both(here_first, consumer)),
    "reports_received": count("complaints", received, both(here_first, is_a("kind", "report"))),
    "enquiries_received": count("complaints", received, both(here_first, is_a("kind", "enquiry"))),
    "complaints_withdrawn": count("complaints", received, both(here_first, true("withdrawn"))),
    "complaints_accepted": count("complaints", received, accepted),
    "complaints_settled": count("complaints", received, both(accepted, true("settled"))),
    "settlement_rate": Ratio("complaints_settled", "complaints_accepted"),
    "complaints_closed": count("complaints", closed, consumer),
    "median_days_to_close": Count(
        ("complaints",),
        lambda frames: closing_days("complaints", "received_on")(frames)[lambda rows: rows.kind == "complaint"],
        closed,
        "days",
        middle,
    ),
    "losses_recovered": count("complaints", closed, None, "recovered_yuan", sum),
    "recovered_per_complaint": Ratio("losses_recovered", "complaints_closed"),
}


def signed(frames: Frames) -> pd.DataFrame:
    """Movements with their tonnes, negative when they go out."""
    moved = frames["cold_chain"]
    return moved.assign(signed_tonnes=moved.tonnes.where(moved.direction != "out", -moved.tonnes))


def named_hubs(frames: Frames) -> pd.DataFrame:
    """Movements with the hub under its region's name: hubs of two regions that are called the same are two."""
    return frames["cold_chain"].assign(named_hub=lambda rows: rows.region + rows.hub)


moved, into = During("moved_on"), is_a("direction", "in")
COLD_CHAIN: dict[str, Definition] = {
    "coldchain_hubs": Count(("cold_chain",), named_hubs, moved, "named_hub", pd.Series.nunique),
    "coldchain_countries": count("cold_chain", moved, into, "origin", pd.Series.nunique),
    "coldchain_in": count("cold_chain", moved, into, "tonnes", sum),
    "coldchain_out": count("cold_chain", moved, is_a("direction", "out"), "tonnes", sum),
    "coldchain_stock": Count(("cold_chain",), signed, InForce("moved_on"), "signed_tonnes", sum),
}


def margins(frames: Frames) -> pd.DataFrame:
    """Observations with the margin per kilogram."""
    return frames["prices"].assign(margin_yuan=lambda rows: rows.sale_yuan - rows.purchase_yuan)


def under_rule(frames: Frames) -> pd.DataFrame:
    """Observations since there is a ceiling, with the margin and the most that it might be on that day."""
    ceilings = frames["parameters"][frames["parameters"]["name"] == "markup_ceiling"].sort_values("effective_from")
    ceilings["percent"] = [Decimal(str(value)) for value in ceilings["value"]]
    ruled = pd.merge_asof(
        margins(frames).sort_values("observed_on"),
        ceilings[["effective_from", "percent"]],
        left_on="observed_on",
        right_on="effective_from",
    ).dropna(subset="percent")
    return ruled.assign(most_yuan=ruled.purchase_yuan * ruled.percent / 100)


observed = During("observed_on")
PRICES: dict[str, Definition] = {
    "price_observations": count("prices", observed),
    "prices_under_rule": Count(("prices",), under_rule, observed, "region", len),
    "prices_over_ceiling": Count(
        ("prices",), lambda frames: under_rule(frames)[lambda rows: rows.margin_yuan > rows.most_yuan], observed, "region", len
    ),
    "over_ceiling_share": Ratio("prices_over_ceiling", "prices_under_rule"),
    "purchase_total": count("prices", observed, None, "purchase_yuan", sum),
    "margin_total": Count(("prices",), margins, observed, "margin_yuan", sum),
    "average_markup": Ratio("margin_total", "purchase_total"),
    "markup_ceiling": Cited(),
    "whistle_reward_cap": Cited(),
}

IN_MONTH = [
    "meeting_speakers", "first_in_nation_docs", "honoured_collectives", "honoured_individuals", "party_medals",
    "fair_review_units", "fair_review_cities", "pipeline_periodic_inspection", "onestop_counties", "onestop_funds",
    "sme_cert_boost", "ccc_exempt_certs", "ccc_exempt_saving", "smart_meter_saving", "verified_instruments",
    "verification_fee_waived", "sci_projects", "sci_award_units", "sci_award_projects", "fee_relief", "enforcement_vehicles",
    "dishonest_list_batches", "donor_enterprises", "donation_cash", "donation_goods",
]  # fmt: skip
AT_END = [
    "direct_units", "model_party_branches", "gankuaiban_items", "grassroots_fs_offices", "public_measure_standards",
    "prov_qi_centres_pending", "national_qi_centres", "patent_exam_months", "livelihood_violation_kinds",
    "trusted_consumer_units", "trusted_consumer_streets", "noreason_return_units", "coldchain_measures",
]  # fmt: skip
RETURNS: dict[str, Definition] = {
    **dict.fromkeys(IN_MONTH, Returned()),
    **dict.fromkeys(AT_END, Returned(at_end=True)),
    "nonpublic_party_coverage": Returned(at_end=True, halves=True),
}

COUNTS: dict[str, Definition] = {
    **ENTITIES, **spot_checks("food"), **spot_checks("drug"), **spot_checks("product"), **FOOD_UNITS, **EQUIPMENT,
    **ELEVATOR_RESCUES, **ACCIDENTS, **HAZARDS, **INSPECTIONS, **QUALITY, **PROPERTY, **CASES, **CREDIT, **COMPLAINTS,
    **COLD_CHAIN, **PRICES, **RETURNS,
}  # fmt: skip
