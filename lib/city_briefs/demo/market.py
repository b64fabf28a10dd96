"""Market of goods: movements through the cold-chain hubs, and prices of commodities."""

import numpy as np
import pyarrow as pa

from city_briefs.demo.columns import dates, decimals, identifiers, rows, words
from city_briefs.demo.province import Province
from city_briefs.model.tables import COLD_CHAIN, PRICES

HUBS = 12
ORIGINS = {  # weights
    "厄瓜多尔": 18, "巴西": 16, "阿根廷": 11, "挪威": 9, "智利": 8, "新西兰": 8, "澳大利亚": 7, "乌拉圭": 6, "俄罗斯": 5, "越南": 4,
    "印度": 3, "泰国": 2, "加拿大": 2, "美国": 1,
}  # fmt: skip
SHIPMENTS = 4  # into a hub in a week
SHIPMENT_KG, OPENING_KG = 22_000, 300_000
GONE_LOW, GONE_HIGH = 15, 32  # % of what is there that goes out in a week

COMMODITIES = {  # purchase price, yuan a kilogram
    "大米": 4.6, "面粉": 3.4, "食用油": 9.8, "猪肉": 26.0, "牛肉": 66.0, "羊肉": 68.0, "鸡肉": 16.0, "鸡蛋": 8.6, "牛奶": 9.0,
    "大白菜": 1.6, "土豆": 2.0, "西红柿": 3.8, "黄瓜": 3.6, "辣椒": 5.2, "蒜苗": 4.4, "苹果": 6.4, "香蕉": 4.8, "梨": 4.2,
    "食盐": 3.0, "白糖": 6.0,
}  # fmt: skip
MARKUP, MARKUP_SIGMA = 0.19, 0.32  # of the purchase price: median, spread
DEARER = 0.02  # a year


def cold_chain(province: Province) -> pa.Table:
    """Return the table of movements. Hubs open one after another, and never give out more than they hold.

    Shipments come in from Monday to Thursday, and go out from Friday to Sunday.
    """
    draws = province.draws(COLD_CHAIN.name)
    count = min(HUBS, len(province.regions.cities))
    busy = np.argsort(-np.array(province.census), kind="stable")[:count]
    monday = province.first_day + (4 - province.first_day) % 7  # 5 January 1970 was a Monday
    weeks = (province.last_day + 1 - monday) // 7
    shipments = max(round(SHIPMENTS * province.scale), 1)
    opens = np.arange(count) * min(20, weeks // (2 * HUBS))
    incoming = draws.around(SHIPMENT_KG * SHIPMENTS / shipments, 0.4, weeks * count * shipments).reshape(weeks, count, shipments)
    outgoing_percent = draws.between(GONE_LOW, GONE_HIGH, weeks * count).reshape(weeks, count)
    opening = draws.around(OPENING_KG, 0.4, count)
    outgoing, stock = np.zeros((weeks, count), np.int64), np.zeros(count, np.int64)
    for week in range(weeks):
        stock += np.where(week == opens, opening, 0) + np.where(week >= opens, incoming[week].sum(axis=1), 0)
        outgoing[week] = stock * outgoing_percent[week] // 100
        stock -= outgoing[week]
    ends = outgoing[:, :, None] * np.arange(shipments + 1) // shipments
    shipment_out = np.diff(ends, axis=2)
    week, hub_of, _ = (grid.ravel() for grid in np.indices(incoming.shape))
    is_open = (week >= opens[hub_of]) & (shipment_out.ravel() > 0)
    week, hub_of = week[is_open], hub_of[is_open]
    size = len(week)
    day_in, day_out = (monday + 7 * week + draws.between(low, high, size) for low, high in ((0, 3), (4, 6)))
    moved_days = np.concatenate([monday + 7 * opens, day_in, day_out])
    hub_positions = np.concatenate([np.arange(count), hub_of, hub_of])
    direction = np.repeat([0, 1, 2], [count, size, size])
    no_origin = len(ORIGINS)  # what was there before, and what goes out
    origin = np.concatenate([np.full(count, no_origin), draws.picks(list(ORIGINS.values()), size), np.full(size, no_origin)])
    kilograms = np.concatenate([opening, incoming.ravel()[is_open], shipment_out.ravel()[is_open]])
    order = np.lexsort((direction, moved_days))
    cities = [province.regions.cities[place] for place in busy]
    return rows(
        COLD_CHAIN,
        {
            "movement_id": identifiers("L", len(order)),
            "region": words(hub_positions[order], [city.code for city in cities]),
            "hub": words(hub_positions[order], [f"{city.short}总仓" for city in cities]),
            "direction": words(direction[order], ("opening", "in", "out")),
            "moved_on": dates(moved_days[order]),
            "tonnes": decimals(kilograms[order], COLD_CHAIN.schema.field("tonnes").type),
            "origin": words(origin[order], (*ORIGINS, None)),
        },
    )


def prices(province: Province) -> pa.Table:
    """Return the table of prices: every commodity in every city once a week, in several markets where the province is large."""
    draws = province.draws(PRICES.name)
    days = np.arange(province.first_day + 2, province.last_day + 1, 7)
    shape = (len(province.regions.cities), len(days), len(COMMODITIES), max(round(province.scale), 1))
    city, week, commodity, _ = (grid.ravel() for grid in np.indices(shape))
    size = len(city)
    level = np.array(list(COMMODITIES.values())) * 100
    season = draws.noise(0.08, len(days), len(COMMODITIES)) * (1 + DEARER / 52 * np.arange(len(days))[:, None])
    cents = np.rint(level[commodity] * season[week, commodity] * draws.noise(0.06, size)).astype(np.int64)
    markup = draws.around(MARKUP, MARKUP_SIGMA, size, unit=10_000) * draws.noise(0.12, shape[0])[city]
    sale = cents + np.rint(cents * markup / 10_000).astype(np.int64)
    yuan = PRICES.schema.field("purchase_yuan").type
    return rows(
        PRICES,
        {
            "region": words(city, province.codes),
            "observed_on": dates(days[week]),
            "commodity": words(commodity, list(COMMODITIES)),
            "purchase_yuan": decimals(cents, yuan),
            "sale_yuan": decimals(sale, yuan),
        },
    )
