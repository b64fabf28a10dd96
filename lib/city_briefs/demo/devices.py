"""Devices of special equipment, their inspections, and rescues from elevators."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from city_briefs.demo.columns import dates, decimals, identifiers, numbered, rows, words
from city_briefs.demo.draws import DAYS_A_YEAR, parts
from city_briefs.demo.events import Events, events
from city_briefs.demo.province import Province
from city_briefs.model.tables import ELEVATOR_RESCUES, EQUIPMENT, EQUIPMENT_INSPECTIONS

KINDS = ("elevator", "pressure_vessel", "boiler", "crane", "vehicle", "pipeline", "amusement", "ropeway")
KIND_WEIGHTS = (40, 27, 7, 12, 9, 4, 0.8, 0.2)
YEARS_TO_NEXT = np.array([1, 2, 1, 2, 1, 2, 1, 1])  # inspection, by kind
LEVEL, GROWTH, EARLIER_YEARS = 14_500, 0.05, 12  # put into use a year
RETIRED = 0.012  # a year
CAPITAL = 2.0
LATE, VERY_LATE = 0.07, 0.02  # inspected after the day it was due

RESCUE_LEVEL, RESCUE_GROWTH = 4_100, 0.05
RESCUE_SEASON = (0.9, 0.8, 0.9, 0.95, 1.0, 1.15, 1.3, 1.25, 1.0, 0.95, 0.9, 0.9)
PERSONS_WEIGHTS = (25, 30, 25, 20)  # one to four
ARRIVAL_MINUTES, ARRIVAL_SIGMA, ARRIVAL_NOT_NOTED = 17.0, 0.38, 0.02
CAUSES = ("门系统故障", "电气控制故障", "外部停电", "人为原因", "安全保护装置动作", "曳引系统故障", "其他", None)
CAUSE_WEIGHTS = (32, 20, 14, 16, 8, 4, 5, 1)


@dataclass(frozen=True)
class Devices:
    """The devices as arrays, in the order of their ids; `retired` is in days since 1970."""

    used: Events
    kind: npt.NDArray[np.int8]
    retired: npt.NDArray[np.int64]


def equipment(province: Province) -> tuple[Devices, pa.Table]:
    """Return the devices as arrays and as the table `equipment`."""
    draws = province.draws(EQUIPMENT.name)
    used = events(province, draws, province.yearly(draws, LEVEL, GROWTH, EARLIER_YEARS), pull=CAPITAL)
    kind = draws.picks(KIND_WEIGHTS, len(used))
    retired = np.maximum(used.day, province.first_day) + 30 + draws.waits(RETIRED, len(used))
    table = rows(
        EQUIPMENT,
        {
            "equipment_id": identifiers("T", len(used)),
            "region": words(used.unit, province.codes),
            "kind": words(kind, KINDS),
            "in_use_on": dates(used.day),
            "retired_on": dates(retired, province.last_day),
        },
    )
    return Devices(used, kind, retired), table


def equipment_inspections(province: Province, devices: Devices) -> Iterator[pa.Table]:
    """Yield the table of inspections part by part: each device when it is put into use, then about when it is due, some late."""
    draws = province.draws(EQUIPMENT_INSPECTIONS.name)
    term = (YEARS_TO_NEXT[devices.kind] * DAYS_A_YEAR).astype(np.int32)
    before = province.first_day - 1 - (draws.shares(len(term)) * term * 0.97).astype(np.int32)
    device, day = np.arange(len(term), dtype=np.int32), np.maximum(devices.used.day, before)
    device_rounds, day_rounds = [], []
    while len(device):
        device_rounds.append(device)
        day_rounds.append(day)
        delay = draws.between(-40, 0, len(device))
        late, very_late = draws.happens(LATE, len(device)), draws.happens(VERY_LATE, len(device))
        delay = np.where(late, draws.between(1, 60, len(device)), delay)
        delay = np.where(very_late, draws.between(61, 240, len(device)), delay)
        day = day + term[device] + delay
        continues = (day <= province.last_day) & (day < devices.retired[device])
        device, day = device[continues], day[continues]
    for start, end in parts(len(term)):
        rounds = [slice(*np.searchsorted(of_round, (start, end))) for of_round in device_rounds]
        device, day = (
            np.concatenate([values[part] for values, part in zip(of_rounds, rounds, strict=True)])
            for of_rounds in (device_rounds, day_rounds)
        )
        order = np.argsort(device, kind="stable")
        device, day = device[order], day[order]
        yield rows(
            EQUIPMENT_INSPECTIONS,
            {
                "equipment_id": numbered("T", device + 1),
                "region": words(devices.used.unit[device], province.codes),
                "inspected_on": dates(day),
                "due_on": dates(day + term[device]),
            },
        )


def elevator_rescues(province: Province) -> pa.Table:
    """Return the table of rescues, one to four persons each."""
    draws = province.draws(ELEVATOR_RESCUES.name)
    rescues = events(
        province, draws, province.yearly(draws, RESCUE_LEVEL, RESCUE_GROWTH), pull=CAPITAL, season=RESCUE_SEASON, weekend=1.1
    )
    size = len(rescues)
    minutes = draws.around(ARRIVAL_MINUTES, ARRIVAL_SIGMA, size, unit=10)
    return rows(
        ELEVATOR_RESCUES,
        {
            "rescue_id": identifiers("R", size),
            "region": words(rescues.unit, province.codes),
            "occurred_on": dates(rescues.day),
            "cause": words(draws.picks(CAUSE_WEIGHTS, size), CAUSES),
            "persons": pa.array(1 + draws.picks(PERSONS_WEIGHTS, size).astype(np.int64)),
            "arrival_minutes": decimals(
                minutes,
                ELEVATOR_RESCUES.schema.field("arrival_minutes").type,
                draws.happens(ARRIVAL_NOT_NOTED, size),
            ),
        },
    )
