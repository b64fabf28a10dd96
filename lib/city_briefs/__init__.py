"""City Briefs: notebooks that turn a market-regulation bureau's records into the packs its leaders read."""

__version__ = "0.3.0"
