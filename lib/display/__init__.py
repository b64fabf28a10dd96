"""What a cell of a chapter shows: blocks of prose, cards, tables and charts, with the figures they state and where these come from."""

from lib.display.cards import cards
from lib.display.comparison import compare, distribution, heat, leaders, tiles
from lib.display.drawings import ranking, trend
from lib.display.manual import metric_manual
from lib.display.matrix import matrix
from lib.display.parts import against, breakdown
from lib.display.points import strengths
from lib.display.prose import claim, prose
from lib.display.remark import remark
from lib.display.report import report_claims, report_figures, report_praises
from lib.display.safety import hazard_list, judgement, judgement_rule
from lib.display.tables import places
from lib.display.targets import target_bars, target_lights, targets, targets_ahead, targets_by_city
from lib.display.warnings import light_rules, lights, steps, unjudged

__all__ = [
    "against",
    "breakdown",
    "cards",
    "claim",
    "compare",
    "distribution",
    "hazard_list",
    "heat",
    "judgement",
    "judgement_rule",
    "leaders",
    "light_rules",
    "lights",
    "matrix",
    "metric_manual",
    "places",
    "prose",
    "ranking",
    "remark",
    "report_claims",
    "report_figures",
    "report_praises",
    "steps",
    "strengths",
    "target_bars",
    "target_lights",
    "targets",
    "targets_ahead",
    "targets_by_city",
    "tiles",
    "trend",
    "unjudged",
]
