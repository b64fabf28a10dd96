"""A page one for tests, as long or as short as it can be; its drawings have the sizes of those that are drawn."""

from collections.abc import Callable
from typing import Any

from tests.helpers import blocks

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}"><rect x="1" y="1" width="{2}" height="{3}" fill="#1c2b3a"/></svg>'
COLUMNS = ["", "指标", "本期", "同比", "近24个月", "14市州，右为优", "位次", "目标或警示"]
CONCERN_COLUMNS = ["请领导关注", "依据", "要做到什么（按规则推算）", "谁、何时"]
MARKS = {"light": "黄灯", "missed": "未达标", "watch": "关注", "met": "达标", "": ""}


def drawing(across: float, down: float, alt: str) -> dict[str, Any]:
    """Return a drawing of so many points."""
    return {"svg": SVG.format(across, down, across - 2, down - 2), "alt": alt}


def row(number: int, **given: Any) -> dict[str, Any]:
    """Return a row with both drawings."""
    return {
        "subject": "安全" if number % 3 == 0 else "",
        "label": f"特种设备超期未检率{number}",
        "unit": "%",
        "value": "1.05",
        "change": "+0.14",
        "months": drawing(62, 15, f"指标{number}近24个月"),
        "regions": drawing(82, 15, f"指标{number}各市州"),
        "regions_words": "",
        "place": "8—11",
        "move": "↓3",
        "mark": "light",
        "mark_word": "黄灯",
        "mark_text": "3月起",
    } | given


def concern(**given: Any) -> dict[str, Any]:
    """Return a concern of two lines."""
    return {
        "what": "隐患逾期",
        "mark": "light",
        "mark_word": "黄灯",
        "evidence": "逾期45项，占未销号215项的20.9%，界限20%；食品19项、特种设备14项",
        "needed": "再销号16项即低于15%灭灯；重大的3项优先",
        "who": "应急管理处约谈，1月底前",
    } | given


def page_one(rows: Any = 9, panels: Any = 2, concerns: Any = 3, **given: Any) -> dict[str, Any]:
    """Return the content of a page one, as a block is made of it; of rows, panels and concerns as they are, or so many."""
    marks = list(MARKS.items())

    def some(wanted: Any, made: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
        return wanted if isinstance(wanted, list) else [made(number) for number in range(wanted)]

    def marked(number: int) -> dict[str, Any]:
        return {"mark": marks[number % 5][0], "mark_word": marks[number % 5][1]}

    return {
        "conclusion": "新设趋缓，两盏黄灯未灭；和解率同口径升1.4个百分点",
        "leads": [
            {"word": "好在", "text": "每万人口发明专利15.67件，居首；药品抽检合格率99.27%，居第2位。"},
            {"word": "差在", "text": "新设主体缺目标1453户，增速居第12位；隐患逾期占未销号20.9%。"},
            {"word": "要办", "text": "再销号16项、再检133台，两灯可灭；4798件投诉待办结。"},
        ],
        "columns": COLUMNS,
        "rows": some(rows, lambda number: row(number, **marked(number))),
        "key": "走势浅色为上年；粗竖线为市州中位；位次后为较上年变动。方块＝亮灯或未达标，圆点＝其余。和解率同时点比，13市州。",
        "panels": some(panels, panel),
        "concern_columns": CONCERN_COLUMNS,
        "concerns": some(concerns, lambda number: concern(**marked(number))),
        "more": "另有黄灯3项、未达标目标5项，见第2页。",
    } | given


def panel(number: int) -> dict[str, Any]:
    """Return a panel with a chart."""
    title, subtitle = f"为什么慢：比全省低1.4点{number}", "新设主体+3.5%的行业拉动，百分点；线为全省"
    return {"title": title, "subtitle": subtitle, "drawing": drawing(204, 80, f"图{number}")}


def block(*args: Any, **given: Any) -> dict[str, Any]:
    """Return a block of page one, whole by the schema."""
    return blocks.block("page-one", **page_one(*args, **given))
