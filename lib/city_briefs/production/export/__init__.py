"""From executed notebooks to documents: bound into one, then set as HTML or PDF by nbconvert exporters."""
