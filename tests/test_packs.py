"""Every document of the bureau, made from the small demo for one city and the province."""

import re
import shutil

import pypdfium2
import pytest

from lib import brief
from lib.paths import NOTEBOOKS
from tests.project import Project

YEAR, CITY, PROVINCE = 2021, "620100", "620000"
PACKS = brief.packs()
FOREIGN = ("city-briefs", "Noto Serif SC", "Noto Sans SC")  # names that are what they are in Chinese text too


@pytest.fixture(scope="module")
def built(tmp_path_factory, demo_province):
    """The outputs of all packs."""
    project = Project(tmp_path_factory.mktemp("packs"))
    shutil.copyfile(NOTEBOOKS / "packs.toml", project.root / "notebooks/packs.toml")
    data = ("--year", str(YEAR), "--data", str(demo_province.path))
    project.build(*(pack.id for pack in PACKS.values() if pack.per == "city"), "--city", "兰州", *data)
    project.build(*(pack.id for pack in PACKS.values() if pack.per == "province"), *data)
    return project.out


def pages(out, pack):
    file = out / f"{YEAR}/{CITY if pack.per == 'city' else PROVINCE}/{pack.id}.pdf"
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file)]


def test_the_seven_documents_are_all_there():
    assert len(PACKS) == 7


@pytest.mark.parametrize("pack", PACKS.values(), ids=list(PACKS))
def test_a_pack_says_on_every_page_that_it_is_synthetic(built, pack):
    assert all("模拟数据" in re.sub(r"\s", "", page) for page in pages(built, pack))


@pytest.mark.parametrize("pack", PACKS.values(), ids=list(PACKS))
def test_no_number_was_lost_on_the_way_to_the_page(built, pack):
    text = "".join(pages(built, pack))
    assert not re.search("[\ufffd\u25a1\x00]|None|nan|NaN|inf\\b|Decimal|(增长|下降|提高)[-−]", text)


@pytest.mark.parametrize("pack", [pack for pack in PACKS.values() if pack.id != "metric-manual"], ids=lambda pack: pack.id)
def test_the_text_is_chinese(built, pack):
    """The manual of metrics has their ids; nothing else has words of English."""
    text = "\n".join(pages(built, pack))
    for name in FOREIGN:
        text = text.replace(name, "")
    assert re.findall(r"[A-Za-z]{3,}", text) == []
