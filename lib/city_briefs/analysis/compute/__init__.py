"""Metric by region by month: cubes, their store, and results over a period."""
