"""Planted cases of the demo province, so that every refusal and every guard has something to show.

`data/README.md` lists each of them with a command that shows it. A city is given by its real code: a province whose cities
are invented, or that is too small to have the city, goes without.
"""

BAD_YEAR = ("620300", 2020)  # 金昌: new registrations fall
BAD_YEAR_KEEPS = 0.75  # of the year before
UNREPORTED = ("complaints", "621100", ("2022-05", "2022-06"))  # 定西 did not report this table for these months
RETURNED_TWICE = ("enforcement_vehicles", "620400", "2020-12")  # 白银: two rows with different numbers
SECOND_RETURN_ADDS = 3
SMALL_BASE = ("620200", 6)  # 嘉峪关: so many patent pledges in every year, too few for a percentage
TIE = ("trusted_consumer_streets", "620700", "620900", 2021)  # 张掖 and 酒泉: the same number in every month
LATE_UNIT_SINCE = 2018  # the year from which a unit beside the cities reports, 甘肃矿区 where it is Gansu
SERIES_BREAK = 2020  # the first year of the new population series
GROWTH_OF_NEW_ENTITIES = {2017: 0.064, 2018: 0.078, 2019: 0.052, 2020: 0.036, 2021: 0.121, 2022: 0.049}  # first two digits: 2021
CHECKED = "verified_instruments"  # the province returns it too, equal to what its regions return
CANTEENS_FULL = 2021  # at the end of this year every school canteen has a bright kitchen
