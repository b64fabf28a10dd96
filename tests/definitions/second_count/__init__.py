"""A second computation of every metric, in plain pandas, written from the printed definitions alone.

Nothing is shared with the program: rows are read from the files of the snapshot, filtered by date and region, and counted.
"""

from tests.definitions.second_count.answers import SecondCount
from tests.definitions.second_count.definitions import COUNTS

__all__ = ["COUNTS", "SecondCount"]
