"""Statistics: what may be called a difference. Formulas alone; no metric, region or period is known here.

intervals      limits of a rate, of a count and of the difference of two rates
comparisons    two periods or two regions: the test, and whether they are told apart
dispersion     how much more numbers vary than chance alone makes them (φ)
outliers       the regions that stand out from the others, and the rates of all regions tested together
places         the place of each region, and the places that are possible
control_chart  months: the usual range, and the month that lies outside of it
change_point   the month in which a change began
components     what each part adds to a growth, and to the change of a rate
pending        the rate when all outcomes are known, projected; by how much values are revised
"""

Z95 = 1.96  # two-sided 95 %
Z90 = 1.645  # one-sided 95 %
Z998 = 3.09  # two-sided 99.8 %
SMALL = 30  # a denominator or base below it carries no percentage and no test
EXPECTED = 5  # expected events or non-events below which a test is exact
EXACT_COUNTS = 25  # the sum of two counts below which their test is exact
"""The thresholds of all tests; 95 % throughout."""
