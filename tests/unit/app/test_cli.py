"""The command: its JSON, its exit codes, its sentences."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer import rich_utils

from city_briefs import __version__
from city_briefs.app.cli.app import GROUPS, app
from city_briefs.common import paths
from city_briefs.metrics import CATALOGUE
from tests.conftest import REAL


def test_a_value_as_json_has_just_the_keys_of_the_contract(briefs, real):
    code, out, _ = briefs("value", "new_entities", "--city", "兰州市", "--year", 2011, "--data", REAL, "--json")
    assert code == 0
    assert json.loads(out) == {
        "metric": "new_entities", "view": "value", "region": "620100", "year": 2011, "through": 12, "value": 3453, "unit": "户",
        "numerator": 3453, "denominator": None, "text": "3453户", "refused": None, "snapshot": real.id,
        "interval": [3338.77586, 3570.13516], "verdict": "untested", "pending": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "value", "text"),
    [
        (["new_enterprises", "--city", "兰州"], 3440, "3440户"),
        (["new_entities", "--city", "天水市"], 591, "591户"),
        (["new_enterprises", "--city", "620500"], 582, "582户"),
        (["new_entities"], 8822, "8822户"),
        (["new_enterprises"], 8755, "8755户"),
        (["new_entities", "--city", "其他"], 1, "1户"),
        (["new_entities", "--city", "兰州", "--view", "rank"], None, "数量指标受规模影响，不排位次"),
    ],
)
def test_the_values_of_2011(briefs, words, value, text):
    code, out, _ = briefs("value", *words, "--year", 2011, "--data", REAL, "--json")
    said = json.loads(out)
    assert (code, said["value"], said["text"]) == (0, value, text)


def test_the_months_of_a_metric_as_json_and_in_words(briefs):
    asked = ("value", "new_entities", "--city", "兰州", "--year", 2011, "--through", 3, "--by", "month", "--data", REAL)
    said = json.loads(briefs(*asked, "--json")[1])
    assert [record["month"] for record in said] == ["2011-01", "2011-02", "2011-03"]
    assert sum(record["value"] for record in said) == json.loads(briefs(*asked[:-4], "--data", REAL, "--json")[1])["value"]
    assert set(said[0]) - {"month", "span", "before", "judged", "changed_since"} == set(
        json.loads(briefs(*asked[:-4], "--data", REAL, "--json")[1])
    )
    assert said[1]["judged"]["months"] == ["2011-01", "2011-02"]
    title, *months = briefs(*asked)[1].splitlines()
    assert title.startswith("兰州市 2011年1—3月 新设立市场主体：")
    assert [line.partition("：")[0] for line in months] == ["1月", "2月", "3月"]


def test_the_months_of_another_view_are_refused(briefs):
    asked = ("value", "new_entities", "--city", "兰州", "--year", 2011, "--by", "month", "--view", "yoy", "--data", REAL)
    message = "By month there is the value alone, no view 'yoy' and no area. Take --view and --area away.\n"
    assert briefs(*asked) == (2, "", message)


def test_growth_as_json_is_in_percent_and_unrounded(briefs):
    _, out, _ = briefs("value", "new_entities", "--city", "兰州", "--year", 2011, "--view", "yoy", "--data", REAL, "--json")
    said = json.loads(out)
    assert said["value"] == pytest.approx((3453 / 3537 - 1) * 100, rel=1e-12)
    assert (said["unit"], said["numerator"], said["denominator"], said["text"]) == (
        "%",
        3453,
        3537,
        "由3537户变为3453户，变化未超出随机波动",
    )


def test_a_refusal_is_an_answer(briefs):
    code, out, _ = briefs("value", "new_entities", "--year", 2013, "--view", "yoy", "--data", REAL, "--json")
    said = json.loads(out)
    assert (code, said["value"], said["refused"]) == (0, None, "上年同期数据不全，不作比较（2012年1—12月未报送）")


def test_a_value_in_words_says_where_it_comes_from(briefs):
    code, out, _ = briefs("value", "new_entities", "--city", "兰州", "--year", 2011, "--view", "yoy", "--data", REAL)
    first, second, *notes = out.splitlines()
    assert (code, first) == (0, "兰州市 2011年 新设立市场主体（yoy）：由3537户变为3453户，变化未超出随机波动")
    assert second.startswith("from returns：企业登记样本（")
    assert "note：样本的覆盖面逐年不同，数量、位次和增减可能部分来自覆盖面的变化。" in notes


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["value", "new_entities", "--year", 2011, "--city", "兰洲"], "There is no city '兰洲'. Did you mean 兰州市 (620100)?"),
        (["value", "new_entites", "--year", 2011], "There is no metric 'new_entites'. Did you mean new_entities?"),
        (["value", "新设立市场主休", "--year", 2011], "There is no metric '新设立市场主休'. Did you mean 新设立市场主体?"),
        (
            ["value", "农民专业合作社", "--year", 2011],
            "There is no metric '农民专业合作社'. `briefs metrics 农民专业合作社` lists 2 that have it in their name or definition.",
        ),
        (
            ["value", "new_entities", "--year", 2011, "--view", "rang"],
            "There is no view 'rang'. Did you mean rank?",
        ),
        (["value", "new_entities", "--year", 2012], "data/real does not hold the year 2012. The nearest year it holds is 2011."),
        (["value", "new_entities", "--year", 21], "There is no year '21'. A year has four digits, such as 2021."),
        (["build", "--year", 2015], "data/real does not hold the year 2015. The nearest year it holds is 2013."),
        (["build", "--year", 2019], "data/real holds 2019年1—4月, not the whole of 2019年. Add --through 4."),
        (["build", "--city", "Atlantis"], "There is no city 'Atlantis'. `regions.csv` lists the regions."),
        (
            ["build", "--city", "其他"],
            "其他 (629999) gets no city pack. Packs per city or county are made for regions of these levels.",
        ),
        (
            ["build", "city-brief", "--city", "甘肃省"],
            "甘肃省 (620000) gets no city pack. Packs per city or county are made for regions of these levels.",
        ),
        (["build", "city-breif"], "There is no pack 'city-breif'. Did you mean city-brief?"),
        (["build", "--format", "odt"], "There is no format 'odt'. The formats are html, pdf, xlsx, docx."),
    ],
)
def test_what_was_asked_for_wrongly_ends_with_2_and_a_sentence(briefs, words, message, tmp_path):
    out = ["--out", tmp_path / "out"] if words[0] == "build" else []
    assert briefs(*words, *out, "--data", REAL) == (2, "", message + "\n")
    assert not (tmp_path / "out").exists()


def test_metrics_are_listed_by_a_word_of_their_name_or_definition(briefs):
    code, out, _ = briefs("metrics", "新设企业", "--json")
    assert (code, next(metric["id"] for metric in json.loads(out))) == (0, "new_enterprises")
    nothing = "No metric has '没有的' in its name or definition. `briefs metrics` lists them all.\n"
    assert briefs("metrics", "没有的") == (2, "", nothing)
    page = "--markdown prints the page of all metrics. Leave out WORD.\n"
    assert briefs("metrics", "合作社", "--markdown") == (2, "", page)


def test_an_unknown_option_ends_with_2_and_names_the_nearest(briefs):
    code, _, err = briefs("build", "--ctiy", "兰州")
    assert code == 2
    assert "No such option: --ctiy" in err and "--city" in err


@pytest.mark.parametrize("command", [["value", "new_entities", "--year", "2011"], ["build"]])
def test_a_snapshot_whose_hash_differs_ends_with_3_and_names_the_file(briefs, tmp_path, command):
    shutil.copytree(REAL, tmp_path / "data")
    file = tmp_path / "data/returns.parquet"
    file.write_bytes(file.read_bytes()[:-9] + b"forgeries")
    message = f"{file} is not what snapshot.json says: its hash differs. Make the snapshot anew, or bring back the one that was there.\n"
    assert briefs(*command, "--data", tmp_path / "data") == (3, "", message)


def test_no_snapshot_ends_with_3_and_says_what_to_name(briefs, tmp_path):
    message = f"There is no snapshot in {tmp_path}. Name a folder that holds one, such as --data data/real.\n"
    assert briefs("value", "new_entities", "--year", 2011, "--data", tmp_path) == (3, "", message)


def test_the_catalogue_lists_every_metric_with_its_definition(briefs):
    code, out, _ = briefs("metrics", "--json")
    said = json.loads(out)
    assert (code, [metric["id"] for metric in said]) == (0, list(CATALOGUE))
    assert all(metric["definition"] and metric["label_en"] and metric["owner"] for metric in said)
    assert "new_entities\n  新设立市场主体 · newly registered entities · 户 · flow\n" in briefs("metrics")[1]


def test_the_doctor_finds_this_machine_well(briefs):
    code, out, _ = briefs("doctor", "--data", REAL)
    assert code == 0, out
    assert all(line.startswith("ok") for line in out.splitlines())
    assert "Snapshot data/real, id 004614b0aaa6, 14 cities." in out


def test_the_doctor_names_what_is_missing_with_its_remedy(briefs, monkeypatch, tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text("no-such-package==1.0 \\\n    --hash=sha256:00\npandas==0.1 \\\n", "utf-8")
    monkeypatch.setattr(paths, "lock", lambda: lock)
    code, out, _ = briefs("doctor", "--data", tmp_path)
    assert code == 5
    missing = [line for line in out.splitlines() if line.startswith("missing")]
    assert missing[0].startswith("missing  2 of 2 packages: no-such-package, pandas 3.")
    assert missing[0].endswith(
        "instead of ==0.1. Install what requirements.lock names: pip install --require-hashes -r requirements.lock."
    )
    assert (
        missing[1]
        == f"missing  The snapshot. There is no snapshot in {tmp_path}. Name a folder that holds one, such as --data data/real."
    )


@pytest.mark.parametrize("word", ["briefs", "city_briefs"])
def test_it_says_its_version_by_its_name_and_as_a_module(word):
    program = [sys.executable, "-m", "city_briefs"] if word == "city_briefs" else [Path(sys.executable).with_name("briefs")]
    done = subprocess.run([*program, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"briefs {__version__}\n", "")


def test_the_help_lists_the_commands_in_groups(briefs, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    _, out, _ = briefs("--help")
    panels = re.findall(r"^╭─ (.+?) ─+╮\n(.*?)^╰", out, re.DOTALL | re.MULTILINE)
    names = {panel: re.findall(r"^│ ([\w-]+)", lines, re.MULTILINE) for panel, lines in panels}
    assert list(names) == ["Options", *GROUPS]
    assert names["Packs"][0] == "build"
    assert {name for panel in GROUPS for name in names[panel]} == set(typer.main.get_command(app).commands)


@pytest.mark.parametrize("command", sorted(typer.main.get_command(app).commands))
def test_the_help_of_a_command_shows_all_that_is_written_of_its_options(briefs, monkeypatch, command):
    monkeypatch.setattr(rich_utils, "MAX_WIDTH", 400)
    _, out, _ = briefs(command, "--help")
    texts = [(parameter.help or "").replace("`", "") for parameter in typer.main.get_command(app).commands[command].params]
    assert [text for text in texts if text not in out] == []


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("briefs ver", ["verify"]),
        ("briefs build --ver", ["--verbose"]),
        ("briefs build city-b", ["city-brief"]),
        ("briefs why prov", ["province-overview"]),
        ("briefs value new_ent", ["new_entities", "new_enterprises"]),
        ("briefs value 新设立", ["新设立市场主体"]),
        ("briefs check yellow", ["yellow-light"]),
    ],
)
def test_a_shell_completes_commands_options_and_ids(typed, completed):
    environment = {**os.environ, "_BRIEFS_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    done = subprocess.run(
        [Path(sys.executable).with_name("briefs")], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout.split(), done.stderr) == (completed, "")


def test_completion_is_installed_for_the_shell_that_asks(tmp_path):
    program = Path(sys.executable).with_name("briefs")
    done = subprocess.run(
        ["bash", "-c", f'"{program}" --install-completion; exit'],
        env={**os.environ, "HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "bash completion installed in" in done.stdout, done.stderr
    assert "complete -o default -F _briefs_completion briefs" in (tmp_path / ".bash_completions/briefs.sh").read_text("utf-8")


def test_signals_as_json_have_just_the_keys_of_the_contract(briefs, demo_province):
    asked = ("signals", "--city", "白银", "--year", 2021, "--data", demo_province.path)
    code, out, _ = briefs(*asked, "--json")
    listed = json.loads(out)
    assert code == 0 and listed
    assert {tuple(signal) for signal in listed} == {
        ("kind", "metric", "text", "value", "reference", "z", "q", "owner", "takes", "actions")
    }
    _, words, _ = briefs(*asked)
    assert words.startswith("白银市 2021年\n")
    taken = [(signal, f"；{signal['takes']}" if signal["takes"] else "") for signal in listed]
    assert all(f"  {signal['text']}{takes}（{signal['owner']}）\n" in words for signal, takes in taken)
    assert {signal["kind"] for signal, takes in taken if takes} == {"light", "target"}
    assert all(signal["actions"] == [] for signal in listed)


def test_without_signals_a_sentence_says_so(briefs):
    _, out, _ = briefs("signals", "--city", "天水", "--year", 2010, "--data", REAL)
    assert (
        out
        == "截至2010年12月末，全市没有亮灯的警示、滞后的目标和超出随机波动的变化，各项比率均在各市州正常离散范围之内。\n\n登记样本计数，非官方统计总量\n"
    )
