"""The types of tables and metrics: all that authors of metrics import."""
