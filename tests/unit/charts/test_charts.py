"""Charts: text stays text, alt text comes from the numbers, the same figure is the same bytes."""

import re
from itertools import pairwise

import matplotlib as mpl
import pytest

from city_briefs.analysis.charts import ranking, trend
from city_briefs.analysis.charts.chart import SIZE
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.figures.scope import Scope
from city_briefs.analysis.figures.views import look
from city_briefs.common.periods import Period
from city_briefs.metrics.business_environment import new_entities
from city_briefs.metrics.food_safety import food_pass_rate
from tests.helpers.charted import years
from tests.hostile.surroundings import MATPLOTLIBRC


@pytest.fixture
def drawn(real):
    """A trend of Lanzhou to a year, and a ranking of all cities in a year."""
    results = Results(real, [new_entities])
    lanzhou = real.regions.find("兰州")

    def draw(year, view="value"):
        periods = [Period(one) for one in range(year - 4, year + 1)]
        trends = (
            [look(Scope.of(results, lanzhou, period), new_entities, name) for period in periods] for name in ("value", "yoy")
        )
        cities = [look(Scope.of(results, city, Period(year)), new_entities, view) for city in real.regions.cities]
        province = look(Scope.of(results, real.regions.province, Period(year)), new_entities, view)
        return trend(*trends), ranking(cities, lanzhou, province)

    return draw


def texts(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_labels_are_text_in_the_font_that_ships(drawn):
    for chart in drawn(2011):
        assert "Noto Sans SC" in chart.svg
    assert "3453户" in texts(drawn(2011)[0].svg)
    assert {"兰州", "嘉峪关", "3453户", "137户"} <= set(texts(drawn(2011)[1].svg))


def test_the_same_figures_are_the_same_bytes(drawn):
    assert [chart.svg for chart in drawn(2011)] == [chart.svg for chart in drawn(2011)]


def test_a_matplotlibrc_changes_no_chart(drawn, tmp_path):
    plain = [chart.svg for chart in drawn(2011)]
    (tmp_path / "matplotlibrc").write_text(
        f"{MATPLOTLIBRC}font.weight: bold\nfigure.dpi: 200\nsavefig.pad_inches: 2\nsavefig.bbox: tight\npath.sketch: 9, 9, 9\n"
        "lines.marker: o\nlegend.frameon: True\naxes.xmargin: 0.4\nxtick.major.pad: 20\nfigure.constrained_layout.w_pad: 1\n"
        "svg.id: a\npatch.antialiased: False\n_internal.classic_mode: True\n"
    )
    with mpl.rc_context(fname=tmp_path / "matplotlibrc"):
        assert [chart.svg for chart in drawn(2011)] == plain


def test_a_drawing_names_no_date_and_no_address(drawn):
    for chart in drawn(2011):
        assert not re.search("metadata|Date|matplotlib|20[0-9]{2}-", chart.svg)
        assert set(re.findall(r"https?://[^\"' ]+", chart.svg)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_ids_are_only_those_that_are_referred_to(drawn):
    for chart in drawn(2011):
        assert set(re.findall(r' id="([^"]+)"', chart.svg)) <= set(re.findall(r'(?:url\(#|href="#)([^)"]+)', chart.svg))


def test_charts_on_one_page_share_no_id(drawn):
    both = [*drawn(2011), *drawn(2010)]
    ids = [one for chart in both for one in re.findall(r' id="([^"]+)"', chart.svg)]
    assert ids and len(set(ids)) == len(ids)


def test_alt_text_says_the_numbers(drawn):
    assert drawn(2011)[0].alt.endswith("2010年3537户，同比增长12.2%；2011年3453户，同比由3537户变为3453户，变化未超出随机波动。")
    assert drawn(2011)[1].alt.startswith("排序图：新设立市场主体，兰州3453户、白银716户、天水591户、")


def test_a_year_without_data_is_said_and_never_bridged(drawn):
    chart = drawn(2013)[0]
    assert "无完整数据" in texts(chart.svg)
    assert "2012年本期数据不全；2013年3628户。" in chart.alt


def test_growth_is_ranked_beside_the_provinces(drawn):
    chart = drawn(2011, "yoy")[1]
    assert "全省 +2.4%" in texts(chart.svg)
    assert chart.caption == "2011年各地区新设立市场主体同比增减"


def test_the_names_of_a_ranking_stand_apart_by_more_than_a_line(drawn, real):
    names = "|".join(city.short for city in real.regions.cities)
    for year in (2010, 2011, 2013):
        heights = sorted(float(y) for y in re.findall(rf'<text[^>]*y="([0-9.]+)"[^>]*>(?:{names})</text>', drawn(year)[1].svg))
        assert len(heights) == 14
        assert all(below - above > SIZE for above, below in pairwise(heights))


def test_a_rate_over_years_is_dots_on_a_scale_of_its_own_and_an_amount_columns_from_zero(canvases, real):
    city = real.regions.find("兰州")
    for metric, values in ((food_pass_rate, [97.0, 97.5, 96.8]), (new_entities, [970, 975, 968])):
        trend(years(values, city, metric=metric), years([1, 2, 3], city, metric=metric, view="yoy"))
    of_rate, of_amount = (canvas.axes[1] for canvas in canvases)
    assert (len(of_rate.patches), len(of_amount.patches)) == (0, 3)
    assert of_rate.get_ylim()[0] > 96
    assert of_amount.get_ylim()[0] == 0
