"""The pages of briefs, counted: at most eight of a year and four of a month or a quarter, and no page repeats 同比 and 居全省."""

import pypdfium2
import pytest

from tests.helpers import NOTEBOOKS
from tests.helpers import pages as layout
from tests.helpers.project import Project
from tests.helpers.size import FULL, in_full

MOST = {"city-brief": 8, "monthly-brief": 4, "quarterly-brief": 4}
MOST_TIMES = 5  # that a page says 同比, or 居全省
CASES = [("city-brief", 2021, 12), ("city-brief", 2022, 12), ("monthly-brief", 2022, 3), ("quarterly-brief", 2022, 6)]


def pages(file):
    """The words of each page."""
    with pypdfium2.PdfDocument(file) as opened:
        return [page.get_textpage().get_text_bounded() for page in opened]


def see(file, pack):
    said = pages(file)
    assert 2 <= len(said) <= MOST[pack], (file, len(said))
    for number, words in enumerate(said, start=1):
        assert all(words.count(phrase) <= MOST_TIMES for phrase in ("同比", "居全省")), (file, number)
    assert "数据说明" in said[-1], file  # the imprint never stands on a page alone
    assert layout.empty_pages(file) == [], file


def test_the_packs_of_a_city_have_few_pages(packs_built):
    [city] = {file.parent for file in packs_built.glob("2021*/*/city-brief.pdf")}
    for pack in MOST:
        for file in packs_built.glob(f"2021*/{city.name}/{pack}.pdf"):
            see(file, pack)


def test_real_counts_of_one_metric_make_two_pages(tmp_path):
    project = Project(tmp_path)
    (project.root / "notebooks/packs.toml").write_text((NOTEBOOKS / "packs.toml").read_text("utf-8"), "utf-8")
    project.build("city-brief", "--year", "2011", "--city", "天水", "--format", "pdf")
    said = pages(project.out / "2011/620500/city-brief.pdf")
    assert len(said) == 2
    text = "".join(said).replace("\r\n", "")
    assert text.count("本期未报送") + text.count("未报送的") <= 3
    assert "三、安全底线：本章各项指标（食品监督抽检合格率等10项）本期均无数据。" in text


@in_full
@pytest.mark.parametrize(("pack", "year", "through"), CASES if FULL else [])
def test_the_packs_of_all_cities_have_few_pages(tmp_path, demo_province, pack, year, through):
    project = Project(tmp_path)
    (project.root / "notebooks/packs.toml").write_text((NOTEBOOKS / "packs.toml").read_text("utf-8"), "utf-8")
    words = ("--year", str(year), "--through", str(through), "--format", "pdf", "--data", str(demo_province.path))
    project.build(pack, *words)
    files = sorted(project.out.glob(f"*/*/{pack}.pdf"))
    assert len(files) == len(demo_province.regions.cities)
    for file in files:
        see(file, pack)
