"""What a cell of a chapter shows: blocks of prose, cards, tables and charts, with the figures they state and where these come from."""

from lib.display.cards import cards
from lib.display.comparison import compare, heat, leaders, tiles
from lib.display.drawings import ranking, trend
from lib.display.matrix import matrix
from lib.display.parts import against, breakdown
from lib.display.points import strengths
from lib.display.prose import claim, prose
from lib.display.safety import hazard_list, judgement, judgement_rule
from lib.display.tables import places
from lib.display.warnings import light_rules, lights, steps, unjudged

__all__ = [
    "against",
    "breakdown",
    "cards",
    "claim",
    "compare",
    "hazard_list",
    "heat",
    "judgement",
    "judgement_rule",
    "leaders",
    "light_rules",
    "lights",
    "matrix",
    "places",
    "prose",
    "ranking",
    "steps",
    "strengths",
    "tiles",
    "trend",
    "unjudged",
]
