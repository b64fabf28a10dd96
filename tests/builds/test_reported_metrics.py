"""Metrics that are rows of a file: an office adds its own, and a chapter that names one runs again when its row changes."""

import pytest

from tests.helpers.province import ALL, SAFETY, SMALL, Province

OWN = "data/reference/reported.csv"
STANDARD = "lib/city_briefs/metrics/reported.csv"
ROWS = """subject,id,label,label_en,unit,form,span,decimals,better,owner,definition,after
营商环境,service_halls,服务大厅,service halls,个,stock,,,,登记处,期末服务大厅个数。,net_new_entities
"""


@pytest.fixture
def province(tmp_path):
    made = Province(tmp_path)
    made.data(tmp_path / "data")
    (made.root / OWN).write_text(ROWS, "utf-8")
    made.edit("safety", "call", "say(service_halls, direct_units)")
    return made


def test_a_metric_of_the_office_is_in_the_catalogue_and_in_chapters_that_run_again_when_its_row_changes(province):
    listed = [line for line in province.briefs("metrics").stdout.splitlines() if line and not line.startswith(" ")]
    assert listed[listed.index("service_halls") - 1] == "net_new_entities"
    assert province.ran() == ({"built": 4}, dict.fromkeys(ALL, 1))
    page = province.out / "2021/9100/city-brief.html"
    assert "服务大厅" in page.read_text("utf-8")
    province.replace(OWN, ",服务大厅,", ",政务大厅,")
    assert f"safety would run: {OWN} changed." in province.why()
    province.ran()
    assert "政务大厅" in page.read_text("utf-8")
    province.replace(STANDARD, ",省局直属单位,", ",直属机构,")
    assert province.why()[0] == "safety would run: the definition of direct_units, or where it comes from changed."
    assert province.ran() == ({"built": 2, "kept": 2}, dict.fromkeys(SAFETY, 1))
    assert "直属机构" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (",stock,", ",sum,", "column form: there is no form 'sum'. The forms are flow, stock, ratio, cited."),
        ("service_halls", "new_entities", "column id: there is a metric 'new_entities' already. Give this one another id."),
        ("service_halls", "direct_units", "column id: there is a metric 'direct_units' already. Give this one another id."),
    ],
)
@pytest.mark.parametrize("command", [("metrics",), ("build", "city-brief", *SMALL)], ids=lambda words: words[0])
def test_a_faulty_row_of_the_office_is_one_sentence(province, command, old, new, sentence):
    province.replace(OWN, old, new)
    done = province.briefs(*command)
    assert (done.returncode, done.stderr) == (3, f"{OWN}, row 2, {sentence}\n")


def test_a_metric_with_the_name_of_a_call_is_no_metric_of_a_chapter(province):
    province.replace(OWN, "service_halls", "share")
    done = province.briefs("build", "city-brief", *SMALL)
    sentence = "The metric share has the name of a call of chapters. Give it another id in data/reference/reported.csv."
    assert done.returncode == 5 and sentence in done.stderr and "Traceback" not in done.stderr
