"""Every metric, one module per subject, in the order of the yearly work report. `from city_briefs.metrics import *` gives them by id."""

from city_briefs.metrics import (
    bureau,
    business_environment,
    cold_chain,
    consumer_rights,
    credit,
    drug_safety,
    epidemic_response,
    food_safety,
    intellectual_property,
    market_order,
    measurement,
    party_building,
    population,
    prices,
    product_quality,
    quality,
    safety,
    special_equipment,
    supervision,
)
from city_briefs.model.metric import Catalogue

CATALOGUE = Catalogue(
    bureau, party_building, business_environment, population, food_safety, drug_safety, special_equipment, product_quality,
    safety, supervision, quality, measurement, intellectual_property, market_order, credit, consumer_rights, cold_chain, prices,
    epidemic_response,
)  # fmt: skip

globals().update(CATALOGUE)
__all__ = ["CATALOGUE", *CATALOGUE]
