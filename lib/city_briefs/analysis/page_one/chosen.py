"""Which metrics stand on page one: the line `page_one` of `notebooks/packs.toml`, as metrics."""

from city_briefs.common import language, page_one_line, read_log
from city_briefs.common.errors import UsageError, suggestion
from city_briefs.metrics import CATALOGUE
from city_briefs.model.metric import Metric

LINE = 'page_one = ["entity_stock", "food_pass_rate"]'
FIELDS = {  # what the subjects of metrics are called in the narrow column of the table
    "营商环境": "发展", "人口": "发展", "食品安全": "安全", "药品安全": "安全", "特种设备安全": "安全", "工业产品质量": "安全",
    "“三品一特”安全": "安全", "质量与标准": "质量", "计量、认证与检验检测": "质量", "知识产权": "创新", "市场秩序": "秩序",
    "监督检查": "秩序", "信用监管": "秩序", "消费者权益保护": "维权", "保供稳价": "保供", "冷链总仓": "保供", "疫情防控": "防疫",
    "党建引领": "党建", "省局机关": "机关",
}  # fmt: skip
ANY_OTHER = "其他"  # a subject that an office has added


def metrics() -> tuple[Metric, ...]:
    """Return the metrics of page one in their order.

    Raises:
        UsageError: the line is not there or too long, or it names what is no metric, or one twice.
    """
    ids = page_one_line.ids()
    read_log.note(("page-one",), lambda: list(ids))
    return check(ids)


def check(ids: tuple[str, ...]) -> tuple[Metric, ...]:
    """Return the metrics of these ids.

    Raises:
        UsageError: there is none, there are more than have room, or one is no metric, or stands twice.
    """
    if not ids:
        raise UsageError(
            language.chosen(
                f"packs.toml has no line page_one, which names the metrics of page one. Write it at the top: {LINE}.",
                f"packs.toml没有列出首页指标的page_one一行。请写在文件开头：{LINE}。",
            )
        )
    for place, word in enumerate(ids):
        if word not in CATALOGUE:
            hint = suggestion(word, CATALOGUE) or " `briefs metrics` lists them."
            hint_zh = language.suggestion_zh(word, CATALOGUE) or "全部指标见`briefs metrics`。"
            raise UsageError(
                language.chosen(
                    f"packs.toml, page_one: there is no metric '{word}'.{hint}",
                    f"packs.toml的page_one：没有“{word}”这个指标。{hint_zh}",
                )
            )
        if word in ids[:place]:
            raise UsageError(
                language.chosen(
                    f"packs.toml, page_one: {word} stands twice. Take one out.",
                    f"packs.toml的page_one：{word}写了两次。请去掉一个。",
                )
            )
    if len(ids) > page_one_line.MOST:
        raise UsageError(
            language.chosen(
                f"packs.toml, page_one: {len(ids)} metrics do not fit on a page. Leave at most {page_one_line.MOST}.",
                f"packs.toml的page_one：{len(ids)}个指标在一页上排不下。请至多保留{page_one_line.MOST}个。",
            )
        )
    return tuple(CATALOGUE[word] for word in ids)


def field(metric: Metric) -> str:
    """Return what the subject of a metric is called in the table of page one."""
    return FIELDS.get(metric.subject, ANY_OTHER)
