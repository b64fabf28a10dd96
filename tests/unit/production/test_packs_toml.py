"""Packs are data; parameters are closed and typed."""

import nbformat
import pytest

from city_briefs.common.errors import UsageError
from city_briefs.production.packs import packs_toml

CITY_BRIEF = packs_toml.packs()["city-brief"]
PACK = '[[pack]]\nid = "city-brief"\ntitle = "简报"\nper = "city"\naddressee = "市政府"\nchapters = ["summary"]\n'


def chapter(folder, *lines, tag="parameters"):
    cell = nbformat.v4.new_code_cell("\n".join(lines), metadata={"tags": [tag]})
    notebook = nbformat.v4.new_notebook(
        cells=[cell], metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "x"}}
    )
    nbformat.write(notebook, folder / "market-order.ipynb")
    return folder / "market-order.ipynb"


def test_a_pack_is_found_by_its_id_and_an_unknown_one_answered_with_the_nearest():
    assert packs_toml.find(packs_toml.packs(), "city-brief") == CITY_BRIEF
    with pytest.raises(UsageError) as error:
        packs_toml.find(packs_toml.packs(), "city-breif")
    assert str(error.value) == "There is no pack 'city-breif'. Did you mean city-brief?"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ctiy": "兰州市", "year": 2021}, "city-brief takes city, year, through and span, not 'ctiy'. Did you mean city?"),
        ({"city": "兰州市"}, "city-brief: there is no year."),
        ({"city": "兰州市", "year": "2021"}, "city-brief: year is a whole number, not '2021'."),
        (
            {"city": "兰州市", "year": 2021, "through": 13},
            "city-brief: through is less than or equal to 12, not '13'.",
        ),
        ({"city": "", "year": 2021}, "city-brief: city is a text that is not empty, not ''."),
    ],
)
def test_parameters_that_are_unknown_missing_or_wrong_are_refused(given, message):
    with pytest.raises(UsageError) as error:
        packs_toml.parameters(CITY_BRIEF, **given)
    assert str(error.value) == message


def test_through_is_december_unless_said():
    assert packs_toml.parameters(CITY_BRIEF, city="兰州市", year=2021).through == 12


def test_a_chapter_that_declares_its_parameters_passes(tmp_path):
    packs_toml.check_chapter(CITY_BRIEF, chapter(tmp_path, 'city = "兰州市"', "year = 2021", "through = 12"))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ['ctiy = "兰州市"', "year = 2021", "through = 12"],
            "market-order.ipynb takes city, year, through and span, not 'ctiy'. Did you mean city?",
        ),
        (
            ['city = "兰州市"', "year = 2021"],
            "market-order.ipynb has no parameter through. A chapter of city-brief declares city, year and through, one to a line, in a cell "
            "tagged parameters.",
        ),
    ],
)
def test_a_chapter_with_other_parameters_is_refused(tmp_path, lines, message):
    with pytest.raises(UsageError) as error:
        packs_toml.check_chapter(CITY_BRIEF, chapter(tmp_path, *lines))
    assert str(error.value) == message


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", '{"cells": null, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'])
def test_a_chapter_that_is_no_notebook_is_refused(tmp_path, text):
    broken = tmp_path / "market-order.ipynb"
    broken.write_text(text, "utf-8")
    with pytest.raises(UsageError) as error:
        packs_toml.check_chapter(CITY_BRIEF, broken)
    assert str(error.value) == "market-order.ipynb cannot be read as a notebook. Open it in JupyterLab and save it again."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            PACK.replace('"summary"', '"sumary"'),
            "packs.toml: city-brief has a chapter 'sumary' without a notebook. Did you mean summary?",
        ),
        (PACK.replace('"city"', '"town"'), "packs.toml, pack city-brief: per is 'province', 'city' or 'county', not 'town'."),
        (PACK + "colour = 1\n", "packs.toml, pack city-brief: there is no key 'colour'. Did you mean cover?"),
        (PACK + PACK, "packs.toml: the pack city-brief stands twice. An id names one pack."),
        ("", "packs.toml: there is no pack."),
        (PACK.replace("[[pack]]", "[[packs]]"), "packs.toml: there is no pack."),
        ("[[pack", "packs.toml cannot be read: Expected ']]' at the end of an array declaration (at end of document)."),
    ],
)
def test_a_faulty_list_of_packs_is_refused(tmp_path, text, message):
    (tmp_path / "packs.toml").write_text(text, "utf-8")
    (tmp_path / "summary.ipynb").touch()
    with pytest.raises(UsageError) as error:
        packs_toml.packs(tmp_path)
    assert str(error.value) == message


OTHER = PACK.replace("city-brief", "other-brief")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            PACK + 'analysis = ["sumary"]\n',
            "packs.toml: city-brief has 'sumary' in analysis and not among its chapters. Did you mean summary?",
        ),
        (
            PACK + 'analysis = ["summary"]\n' + OTHER,
            "packs.toml: 'summary' is an analysis chapter in city-brief and not in other-brief. Add it to analysis there too.",
        ),
    ],
)
def test_an_analysis_chapter_is_one_of_a_pack_and_in_every_pack(tmp_path, content, message):
    (tmp_path / "summary.ipynb").write_text("", "utf-8")
    (tmp_path / "packs.toml").write_text(content, "utf-8")
    with pytest.raises(UsageError) as error:
        packs_toml.packs(tmp_path)
    assert str(error.value) == message


def test_a_pack_without_analysis_chapters_is_written_as_before():
    assert "analysis" not in CITY_BRIEF.model_dump()
