"""What is behind a number, for an analyst to look at: definition, query, records, who reported, sources, and what may be said of it.

It is shown in JupyterLab and never printed: records do not go into a pack.
"""

from city_briefs.analysis.explain.explanation import Explanation, explanation

__all__ = ["Explanation", "explanation"]
