"""What a table and a metric are: all that authors of metrics import."""
