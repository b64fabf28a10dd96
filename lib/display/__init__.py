"""What a cell of a chapter shows: blocks of prose, cards, tables and charts, with the figures they state and where these come from."""

from lib.display.cards import cards
from lib.display.drawings import ranking, trend
from lib.display.parts import against, breakdown
from lib.display.points import strengths
from lib.display.prose import claim, prose
from lib.display.tables import places

__all__ = ["against", "breakdown", "cards", "claim", "places", "prose", "ranking", "strengths", "trend"]
