"""特种设备安全: each definition restated as rows."""

from decimal import Decimal

import pytest

from city_briefs.metrics import pipeline_periodic_inspection
from city_briefs.metrics.special_equipment import (
    elevator_entrapments,
    elevator_rescued,
    elevators,
    entrapments_per_10k_lifts,
    equipment_in_use,
    equipment_overdue,
    late_arrival_share,
    late_arrivals,
    median_arrival_minutes,
    overdue_share,
    persons_per_rescue,
    rescues_timed,
)
from city_briefs.model.labels import UNSAID
from city_briefs.model.tables import ELEVATOR_RESCUES, EQUIPMENT, EQUIPMENT_INSPECTIONS, RETURNS
from tests.conftest import covered, figure, rows, value
from tests.definitions.metrics.breakdown import part

LANZHOU, TIANSHUI, PROVINCE = "620100", "620500", "620000"


@pytest.fixture
def register(world):
    return world.snapshot(
        coverage=covered(EQUIPMENT, [LANZHOU], [2020, 2021]) + covered(ELEVATOR_RESCUES, [LANZHOU], [2020, 2021]),
        equipment=rows("""
            equipment_id  region  kind      in_use_on   retired_on
            a             620100  boiler    2019-01-01  -
            b             620100  elevator  2020-12-31  2021-06-30
            c             620100  elevator  2021-03-01  -
            d             620100  elevator  2022-01-01  -
        """),
        elevator_rescues=rows("""
            rescue_id  region  occurred_on  cause  persons  arrival_minutes
            a          620100  2021-01-31   door   3        30.0
            b          620100  2021-02-01   door   1        30.1
            c          620100  2021-03-01   -      0        -
            d          620100  2021-12-31   power  4        12.5
            e          620100  2022-01-01   door   9        99
        """),
    )


def overdue(world, devices: str, inspections: str):
    """A snapshot of devices and their inspections, 2020 and 2021 reported."""
    return world.snapshot(
        coverage=[
            row for table in (EQUIPMENT, EQUIPMENT_INSPECTIONS) for row in covered(table, [LANZHOU, TIANSHUI], [2020, 2021])
        ],
        equipment=rows(devices),
        equipment_inspections=rows(inspections),
    )


def by_month(snapshot, months, region=LANZHOU) -> list[Decimal | None]:
    """The devices overdue at the end of each of these months of 2021."""
    return [value(snapshot, equipment_overdue, region, 2021, through=month) for month in months]


def test_a_device_is_in_use_until_the_day_before_it_was_retired(register):
    assert value(register, equipment_in_use, LANZHOU, 2020) == 2  # a, and b on the last day
    assert value(register, equipment_in_use, LANZHOU, 2021, through=5) == 3  # a b c
    assert value(register, equipment_in_use, LANZHOU, 2021, through=6) == 2  # b retired on the last day
    assert part(register, equipment_in_use, LANZHOU, 2021, "kind", "boiler") == 1
    assert value(register, elevators, LANZHOU, 2021, through=5) == 2  # b c
    assert value(register, elevators, LANZHOU, 2021) == 1


def test_a_device_is_overdue_from_the_day_after_it_was_due(world):
    snapshot = overdue(
        world,
        """
        equipment_id  region  kind      in_use_on   retired_on
        a             620100  boiler    2019-01-01  -
        b             620100  elevator  2019-01-01  -
        """,
        """
        equipment_id  region  inspected_on  due_on
        a             620100  2020-03-31    2021-03-30
        b             620100  2020-03-31    2021-03-31
        """,
    )
    assert by_month(snapshot, [2, 3, 4]) == [0, 1, 2]  # b is due on the last day of March and overdue on the first of April
    assert part(snapshot, equipment_overdue, LANZHOU, 2021, "kind", "boiler", through=3) == 1
    assert part(snapshot, equipment_overdue, LANZHOU, 2021, "kind", "elevator", through=3) == 0
    assert value(snapshot, overdue_share, LANZHOU, 2021, through=3) == 50


def test_the_next_inspection_or_retirement_ends_it_on_its_day(world):
    snapshot = overdue(
        world,
        """
        equipment_id  region  kind    in_use_on   retired_on
        inspected     620100  boiler  2019-01-01  -
        retired       620100  boiler  2019-01-01  2021-06-30
        in_time       620100  boiler  2019-01-01  -
        left          620100  boiler  2019-01-01  2021-03-01
        """,
        """
        equipment_id  region  inspected_on  due_on
        inspected     620100  2020-02-28    2021-02-28
        inspected     620100  2021-05-31    2021-08-30
        inspected     620100  2021-09-01    2022-08-30
        retired       620100  2020-02-28    2021-02-28
        in_time       620100  2020-02-28    2021-02-28
        in_time       620100  2021-02-28    2022-02-28
        left          620100  2020-02-28    2021-02-28
        """,
    )
    assert by_month(snapshot, [2, 3, 4, 5, 6, 7, 8, 9]) == [0, 2, 2, 1, 0, 0, 1, 0]  # August is inspected's second time


def test_the_latest_day_due_counts_and_not_that_of_the_latest_inspection(world):
    snapshot = overdue(
        world,
        """
        equipment_id  region  kind    in_use_on   retired_on
        a             620100  boiler  2019-01-01  -
        twice         620100  boiler  2019-01-01  -
        """,
        """
        equipment_id  region  inspected_on  due_on
        a             620100  2020-06-01    2021-06-01
        a             620100  2020-12-01    2021-03-01
        twice         620100  2020-06-01    2021-06-01
        twice         620100  2020-06-01    2021-03-01
        """,
    )
    assert by_month(snapshot, [5, 6]) == [0, 2]


def test_only_a_device_in_use_with_an_inspection_can_be_overdue(world):
    snapshot = overdue(
        world,
        """
        equipment_id  region  kind    in_use_on   retired_on
        never         620100  boiler  2019-01-01  -
        stored        620100  boiler  2021-05-31  -
        scrapped      620100  boiler  2019-01-01  2020-12-31
        """,
        """
        equipment_id  region  inspected_on  due_on
        stored        620100  2020-01-01    2021-01-01
        scrapped      620100  2020-01-01    2021-01-01
        """,
    )
    assert by_month(snapshot, [1, 4, 5]) == [0, 0, 1]  # stored, from the day it was put to use
    assert value(snapshot, overdue_share, LANZHOU, 2021, through=5) == 50


def test_a_device_belongs_to_the_city_that_registered_it(world):
    snapshot = overdue(
        world,
        """
        equipment_id  region  kind   in_use_on   retired_on
        a             620500  crane  2019-01-01  -
        """,
        """
        equipment_id  region  inspected_on  due_on
        a             620100  2020-01-01    2021-01-01
        """,
    )
    assert (by_month(snapshot, [1]), by_month(snapshot, [1], TIANSHUI)) == ([0], [1])


def test_nothing_is_known_of_overdue_devices_while_inspections_are_not_reported(world):
    snapshot = world.snapshot(
        coverage=covered(EQUIPMENT, [LANZHOU], [2021]) + covered(EQUIPMENT_INSPECTIONS, [LANZHOU], [2021], through=11),
        equipment=[],
        equipment_inspections=[],
    )
    assert value(snapshot, equipment_overdue, LANZHOU, 2021, through=11) == 0
    assert figure(snapshot, equipment_overdue, LANZHOU, 2021).value is None


def test_every_entrapment_counts_even_if_nobody_was_freed(register):
    assert value(register, elevator_entrapments, LANZHOU, 2021) == 4
    assert value(register, elevator_rescued, LANZHOU, 2021) == 8
    assert value(register, persons_per_rescue, LANZHOU, 2021) == 2
    assert value(register, elevator_rescued, LANZHOU, 2021, through=1) == 3  # a, on the last day
    assert part(register, elevator_entrapments, LANZHOU, 2021, "cause", "door") == 2
    assert part(register, elevator_entrapments, LANZHOU, 2021, "cause", UNSAID) == 1


def test_entrapments_are_per_ten_thousand_elevators_at_the_end(register):
    assert value(register, entrapments_per_10k_lifts, LANZHOU, 2021) == 40_000  # 4 to c
    assert value(register, entrapments_per_10k_lifts, LANZHOU, 2021, through=3) == 15_000  # 3 to b c


def test_half_an_hour_sharp_is_not_late_and_untimed_rescues_are_left_out(register):
    assert value(register, rescues_timed, LANZHOU, 2021) == 3  # a b d
    assert value(register, late_arrivals, LANZHOU, 2021, through=1) == 0  # a
    assert value(register, late_arrivals, LANZHOU, 2021) == 1  # b
    assert value(register, late_arrival_share, LANZHOU, 2021, through=2) == 50


def test_the_median_arrival_is_of_the_rescues_timed(register):
    assert value(register, median_arrival_minutes, LANZHOU, 2021, through=3) == Decimal("30.05")  # a b
    assert value(register, median_arrival_minutes, LANZHOU, 2021) == 30


def test_pipeline_enterprises_add_up(world):
    snapshot = world.snapshot(
        coverage=covered(RETURNS, [PROVINCE], [2021]),
        returns=rows("""
            region  month    indicator                     numerator  span
            620000  2021-06  pipeline_periodic_inspection  2          month
            620000  2021-12  pipeline_periodic_inspection  1          month
        """),
    )
    assert value(snapshot, pipeline_periodic_inspection, PROVINCE, 2021, through=11) == 2
    assert value(snapshot, pipeline_periodic_inspection, PROVINCE, 2021) == 3
