"""No number, date or range is parted over two lines, nor a number from its unit: on paper, and in Word as LibreOffice sets it."""

import shutil
import zipfile

import pytest

from city_briefs.production.export.unbroken import JOINER, pieces
from tests.conftest import CITIES
from tests.documents.test_packs import PROVINCE
from tests.helpers import lines, printed

YEAR = 2021
needs_libreoffice = pytest.mark.skipif(not shutil.which("soffice"), reason="soffice is not installed")
MOST_LOST = 0.15  # of the characters of a PDF: the foot of page one stands in the margin, where no line is read


@pytest.fixture(scope="module")
def documents(packs_built):
    """Every pack of a city and of the province in Word, by its name."""
    folders = (
        packs_built / f"{span}/{region}"
        for span in (f"{YEAR}", f"{YEAR}-M12", f"{YEAR}-Q4")
        for region in (CITIES[YEAR], PROVINCE)
    )
    return {f"{file.parent.name}-{file.stem}": file for folder in folders for file in sorted(folder.glob("*.docx"))}


@pytest.fixture(scope="module")
def set_by_libreoffice(documents, tmp_path_factory):
    """The same as PDF."""
    folder = tmp_path_factory.mktemp("set")
    for name, file in documents.items():
        shutil.copyfile(file, folder / f"{name}.docx")
    lines.printed_by_libreoffice([folder / f"{name}.docx" for name in documents], folder)
    return {name: folder / f"{name}.pdf" for name in documents}


def paragraphs_on_paper(file):
    return [
        line for line in "".join(printed.text_of_pdf(file)).splitlines() if line.strip() and not line.startswith(printed.DRAWN)
    ]


@needs_libreoffice
def test_word_parts_no_number_and_no_date(documents, set_by_libreoffice):
    assert len(documents) >= 11
    for name, file in documents.items():
        words = [line for line in printed.lines_of_docx(file) if line.strip()]
        assert lines.parted(set_by_libreoffice[name], words) == ([], []), name


def test_paper_parts_no_number_and_no_date(documents):
    for name, file in documents.items():
        words = paragraphs_on_paper(file.with_suffix(".pdf"))
        parted, lost = lines.parted(file.with_suffix(".pdf"), words)
        assert parted == [] and len("".join(lost)) <= MOST_LOST * len("".join(words)), (name, lost)


@needs_libreoffice
@pytest.mark.parametrize(("spoilt", "taken"), [("no joiners", JOINER), ("all is Chinese", 'w:eastAsia="en-US"')])
def test_without_joiners_or_their_language_it_would_be_seen(documents, tmp_path, spoilt, taken):
    file, other = documents[f"{PROVINCE}-work-report"], tmp_path / "spoilt.docx"
    with zipfile.ZipFile(file) as given, zipfile.ZipFile(other, "w") as made:
        for name in given.namelist():
            made.writestr(name, given.read(name).replace(taken.encode(), b"" if taken == JOINER else b'w:eastAsia="zh-CN"'))
    lines.printed_by_libreoffice([other], tmp_path)
    parted, _ = lines.parted(other.with_suffix(".pdf"), printed.lines_of_docx(other))
    assert len(parted) > 2


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("低1.4个", "低|1.4~个|"),
        ("截至2022年12月31日，", "截至|2022~年~12~月~31~日|，"),
        ("2022年1—3月", "|2022~年~1~—~3~月|"),
        ("下降1.2个百分点", "下降|1.2~个~百~分~点|"),
        ("1.5万户，2.03亿元", "|1.5~万~户|，|2.03~亿~元|"),
        ("可能在第3—7位）", "可能在|第~3~—~7~位|）"),
        ("甘市监发〔2022〕12号", "甘市监发|〔2022〕~12~号|"),
        ("30%—40%，", "|30%~—~40%|，"),
        ("2022-04-05", "|2022~-~04~-~05|"),
        ("第12期", "|第~12~期|"),
        ("共12.5%的", "共12.5%的"),
        ("上年同期1000，", "上年同期1000，"),
        ("没有数字", "没有数字"),
    ],
)
def test_what_belongs_together_is_joined_at_its_seams(words, shown):
    assert "|".join(piece for piece, _ in pieces(words)).replace(JOINER, "~") == shown
    assert [piece for piece, is_whole in pieces(words) if JOINER in piece] == [
        piece for piece, is_whole in pieces(words) if is_whole
    ]
