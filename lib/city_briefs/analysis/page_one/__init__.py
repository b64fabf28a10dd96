"""Page one: what a leader with one minute reads of a region: nine metrics, a conclusion, why and when, and what has to be attended to.

`chosen` are the metrics, `rows` what stands in the line of each, `matters` what has to be attended to in its order, `conclusion` the
sentences above the table, `why` and `when` the two panels. Nothing is computed here that the figures and assessments have.
"""
