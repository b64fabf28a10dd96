"""Explanations of a number for an analyst: definition, query, records, who reported, sources, and what may be said of it.

They are shown in JupyterLab and never printed: records do not go into a pack.
"""

from city_briefs.analysis.explain.explanation import Explanation, explanation, lines, origin

__all__ = ["Explanation", "explanation", "lines", "origin"]
