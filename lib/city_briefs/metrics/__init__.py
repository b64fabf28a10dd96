"""Every metric by subject, in the order of the yearly work report. `from city_briefs.metrics import *` gives them by id.

A subject is a module, whose metrics are counted from records; those that are only reported are rows of `reported.csv`.
"""

from city_briefs.common.errors import BriefError
from city_briefs.model.evaluation import unreadable

try:
    from city_briefs.metrics import (
        business_environment,
        cold_chain,
        consumer_rights,
        credit,
        drug_safety,
        food_safety,
        intellectual_property,
        market_order,
        population,
        prices,
        product_quality,
        quality,
        safety,
        special_equipment,
        supervision,
    )
except BriefError:
    raise
except Exception as error:  # of whoever writes a metric
    raise unreadable(error) from error

from city_briefs.metrics.reported import ROWS, arranged
from city_briefs.model.catalogue import Catalogue

SUBJECTS = (
    "省局机关", "党建引领", population, business_environment, food_safety, drug_safety, special_equipment, product_quality, safety,
    supervision, quality, "计量、认证与检验检测", intellectual_property, market_order, credit, consumer_rights, cold_chain, prices,
    "疫情防控",
)  # fmt: skip
CATALOGUE = Catalogue(arranged(SUBJECTS, ROWS))

globals().update(CATALOGUE)
__all__ = ["CATALOGUE", *CATALOGUE]
