"""The dimensions that are no column: none at all and, counted by `maturity`, how long an outcome is known and what a flag says."""

WHOLE = ""  # the part of a metric that is not broken down
KNOWN = "known/"  # before the name of a column that dates outcomes: the dimension of how long an outcome has been known
PENDING = (
    "pending"  # the member of that dimension whose outcome was not known on the last day; the others are full years: 0, 1, …
)
FLAG = "flag/"  # before the name of a column of yes or no: the dimension of what it says
SAYINGS = ("true", "false")  # the members of that dimension, besides UNSAID for the rows where it is empty
