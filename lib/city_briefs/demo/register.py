"""Register of the market: who enters and leaves it, drawn part by part as often as it is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from city_briefs.demo.draws import Ints, LaterDraws, parts
from city_briefs.demo.events import Calendar, Events
from city_briefs.demo.province import Province

KINDS = ("enterprise", "self_employed", "cooperative", None)
ENTERPRISE, SELF_EMPLOYED = 0, 1
KIND_WEIGHTS = (28, 66.4, 5, 0.6)
LEAVING = np.array([0.030, 0.041, 0.019, 0.030])  # cancelled a year, by kind


@dataclass(frozen=True)
class Entities:
    """Some entities as arrays, in the order of their ids, from `first_row`. A day after the last of the province has not come."""

    first_row: int
    entered: Events
    kind: npt.NDArray[np.int8]
    cancelled: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Register:
    """The register before it is drawn: the entities by day and unit, and the stretches of the stream that they are drawn from."""

    province: Province
    entered: Calendar
    shares: LaterDraws
    kinds: LaterDraws
    waits: LaterDraws

    def parts(self) -> Iterator[Entities]:
        """Yield the entities part by part, each time anew; nobody has become an enterprise yet."""
        shares, kinds, waits = self.shares.again(), self.kinds.again(), self.waits.again()
        for start, end in parts(self.entered.count):
            entered = self.entered.at(np.arange(start, end), shares.shares(end - start))
            kind = kinds.picks(KIND_WEIGHTS, end - start)
            cancelled = self.since(entered) + 20 + waits.waits(LEAVING[kind], end - start)
            yield Entities(start, entered, kind, cancelled)

    def since(self, entered: Events) -> Ints:
        """Return the day from which each entity is in the register; who left before the years begin is not in it."""
        return np.maximum(entered.day, self.province.first_day)
