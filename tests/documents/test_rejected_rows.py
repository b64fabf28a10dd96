"""A page says of rejected rows 数据未通过核验, and of what it could not count never zero."""

import re

import pytest

from city_briefs.analysis import blocks
from city_briefs.analysis.blocks import publish
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.periods import Period
from city_briefs.common.theme import html
from city_briefs.metrics.consumer_rights import complaints_received, losses_recovered
from city_briefs.model.tables import COMPLAINTS
from tests.conftest import THREE_CITIES, covered, rows

REJECTED = "table region month rows\ncomplaints 9100 2021-02 3"
SENT = "complaint_id region kind received_on closed_on\n1 9100 complaint 2021-01-04 2021-01-09\n2 9200 complaint 2021-01-04 2021-01-09"


@pytest.fixture
def page(world, monkeypatch):
    """The text of the page of a region: a sentence and cards."""
    shown = []
    monkeypatch.setattr(publish, "publish_display_data", lambda bundle: shown.append(next(iter(bundle.values()))))

    def text(region, *, accept):
        months = [row for row in covered(COMPLAINTS, ["9100", "9200", "9300"], [2021], 2) if accept or row["month"] < "2021-02"]
        snapshot = world.snapshot(
            regions=THREE_CITIES, coverage=months, complaints=rows(SENT), rejected=rows(REJECTED),
            unsent=[{"table": "complaints", "column": "recovered_yuan"}],
        )  # fmt: skip
        metrics = [complaints_received, losses_recovered]
        scope = Scope.of(Results(snapshot, metrics), snapshot.regions.find(region), Period(2021, 2))
        blocks.prose(scope, metrics)
        blocks.cards(scope.results, [look(scope, metric, "value") for metric in metrics])
        return "\n".join(re.sub(r"<svg.*?</svg>|<[^>]*>", "", html(block), flags=re.DOTALL) for block in shown)

    return text


def test_a_city_with_rejected_rows_has_no_number_and_no_zero(page):
    text = page("Ashford", accept=False)
    assert "12315平台接收群众诉求本期数据未通过核验" in text
    assert "本期数据未通过核验：12315平台接收群众诉求" in text
    assert "为消费者挽回经济损失本期未报送" in text
    assert not re.search(r"0件|0元|为零", text)


def test_accepted_it_has_the_number_of_the_other_rows(page):
    text = page("Ashford", accept=True)
    assert "12315平台接收群众诉求1件" in text
    assert "未通过核验" not in text
