"""A misfit: what is wrong with the value of a cell, and the remedy."""

from city_briefs.analysis.validation.finding import Severity


class Misfit(Exception):
    """A value that does not fit: the rule that it breaks, and the remedy as a sentence.

    With the severity "warning" the cell is read as empty, and its row is kept.
    """

    def __init__(self, rule: str, remedy: str, severity: Severity = "error") -> None:
        super().__init__(remedy)
        self.rule, self.remedy, self.severity = rule, remedy, severity
