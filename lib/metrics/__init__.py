"""Every metric, one module per subject. `from lib.metrics import *` gives them under their ids."""

from lib.metric import Catalogue
from lib.metrics import business_environment

CATALOGUE = Catalogue(business_environment)

globals().update(CATALOGUE)
__all__ = ["CATALOGUE", *CATALOGUE]
