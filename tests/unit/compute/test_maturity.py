"""Outcomes as they were known a year before, at the same distance from the end of the period."""
