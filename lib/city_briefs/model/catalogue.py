"""The catalogue: every metric under its id, found by its id, its Chinese label or a word of its definition."""

from collections.abc import Iterable

from city_briefs.common.errors import DefinitionError, UsageError, suggestion
from city_briefs.common.language import chosen, suggestion_zh
from city_briefs.model.metric import Metric


class Catalogue(dict[str, Metric]):
    """Every metric under its id."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        """Take metrics in their order.

        Raises:
            DefinitionError: two have the same id or label.
        """
        super().__init__()
        labels: dict[str, str] = {}
        for metric in metrics:
            if metric.id in self:
                raise DefinitionError(chosen(f"The metric {metric.id} is defined twice.", f"指标{metric.id}定义了两次。"))
            if other := labels.get(metric.label):
                raise DefinitionError(
                    chosen(
                        f"The metrics {other} and {metric.id} have the same label {metric.label}. Give one another label.",
                        f"指标{other}和{metric.id}的名称都是“{metric.label}”。请给其中一个另起名称。",
                    )
                )
            self[metric.id], labels[metric.label] = metric, metric.id

    @property
    def content(self) -> list[list[str]]:
        """The metrics as JSON holds them, in order: id, hash, English label, owner, subject; compared to see whether any has changed."""
        return [[metric.id, metric.hash, metric.label_en, metric.owner, metric.subject] for metric in self.values()]

    def find(self, word: str) -> Metric:
        """Return the metric of an id or a Chinese label.

        Raises:
            UsageError: there is none; the message names the nearest.
        """
        by_label = {metric.label: metric for metric in self.values()}
        if metric := self.get(word) or by_label.get(word):
            return metric
        alike = len(self.search(word))
        listed = f" `briefs metrics {word}` lists {alike} that have it in their name or definition." if alike else ""
        listed_zh = f"`briefs metrics {word}`列出名称或口径中有该词的{alike}个指标。" if alike else ""
        hint = suggestion(word, self) or listed or suggestion(word, by_label) or " `briefs metrics` lists them."
        hint_zh = suggestion_zh(word, self) or listed_zh or suggestion_zh(word, by_label) or "全部指标见`briefs metrics`。"
        raise UsageError(chosen(f"There is no metric '{word}'.{hint}", f"没有“{word}”这个指标。{hint_zh}"))

    def search(self, word: str) -> list[Metric]:
        """Return the metrics that have a word in their label, id, English label or definition, in this order."""
        sought = word.strip().lower()
        places: list[list[Metric]] = [[], [], [], []]
        for metric in self.values() if sought else ():
            texts = (metric.label, metric.id, metric.label_en, metric.definition.replace("\n", ""))
            at = next((at for at, text in enumerate(texts) if sought in text.lower()), None)
            if at is not None:
                places[at].append(metric)
        return [metric for of_place in places for metric in of_place]
