"""Blocks that the cells of a chapter show: prose, cards, tables and charts, each with its figures and their sources."""

from city_briefs.analysis.blocks.breakdown_tables import against, breakdown
from city_briefs.analysis.blocks.cards import cards
from city_briefs.analysis.blocks.change_charts import months, slope
from city_briefs.analysis.blocks.chart_blocks import ranking, trend
from city_briefs.analysis.blocks.city_comparison import compare, distribution, heat, leaders, tiles
from city_briefs.analysis.blocks.comparison_guide import comparison_guide
from city_briefs.analysis.blocks.contributions import contribution, decompose, why
from city_briefs.analysis.blocks.exceptions import exceptions
from city_briefs.analysis.blocks.matrix import matrix
from city_briefs.analysis.blocks.metric_manual import metric_manual
from city_briefs.analysis.blocks.monthly_course import monthly
from city_briefs.analysis.blocks.overview import all_metrics, overview
from city_briefs.analysis.blocks.own_analysis import own_chart, own_table
from city_briefs.analysis.blocks.page_one import page_one
from city_briefs.analysis.blocks.publish import claim, prose
from city_briefs.analysis.blocks.rate_charts import funnel, rates, spine
from city_briefs.analysis.blocks.region_table import places
from city_briefs.analysis.blocks.remarks import remark
from city_briefs.analysis.blocks.safety_situation import hazard_ages, hazard_list, judgement, judgement_rule
from city_briefs.analysis.blocks.speech_sheets import report_claims, report_figures, report_praises
from city_briefs.analysis.blocks.strengths import signals, strengths
from city_briefs.analysis.blocks.targets import bullets, target_bars, target_lights, targets, targets_ahead, targets_by_city
from city_briefs.analysis.blocks.where_to_look import standing_out, where_to_look
from city_briefs.analysis.blocks.yellow_lights import light_rules, lights, lights_by_city, steps, unjudged

__all__ = [
    "against",
    "all_metrics",
    "breakdown",
    "bullets",
    "cards",
    "claim",
    "compare",
    "comparison_guide",
    "contribution",
    "decompose",
    "distribution",
    "exceptions",
    "funnel",
    "hazard_ages",
    "hazard_list",
    "heat",
    "judgement",
    "judgement_rule",
    "leaders",
    "light_rules",
    "lights",
    "lights_by_city",
    "matrix",
    "metric_manual",
    "monthly",
    "months",
    "overview",
    "own_chart",
    "own_table",
    "page_one",
    "places",
    "prose",
    "ranking",
    "rates",
    "remark",
    "report_claims",
    "report_figures",
    "report_praises",
    "signals",
    "slope",
    "spine",
    "standing_out",
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
    "where_to_look",
    "why",
]
