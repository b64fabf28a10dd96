"""City Briefs: notebooks that turn a market-regulation bureau's records into the packs its leaders read."""

from city_briefs.common.imports import begin

__version__ = "0.3.0"

begin()  # in a process of a build
