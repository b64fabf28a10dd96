"""The state of an office in numbers, as node_exporter reads them."""

import json

from prometheus_client.parser import text_string_to_metric_families

from city_briefs.app import metrics_file
from city_briefs.app.status import PackMatter


def numbers(file):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(file.read_text("utf-8"))
        for sample in family.samples
    }


def test_every_state_has_a_number_and_the_last_build_a_time(office, tmp_path):
    office.out.mkdir()
    run = {"finished_at": "2022-01-08T06:10:00+08:00", "packs": [{"error": None}, {"error": "stopped"}]}
    (office.out / "run.json").write_text(json.dumps(run), "utf-8")
    late = [PackMatter("late", "city-brief", code, "2021") for code in ("620100", "620200")]
    metrics_file.write(tmp_path / "made/here.prom", late, office.out)
    found = numbers(tmp_path / "made/here.prom")
    assert (found["briefs_matters", "late"], found["briefs_matters", "failed"]) == (2, 0)
    assert found["briefs_last_build_timestamp_seconds",] == 1641593400 and found["briefs_last_build_failed",] == 1
    assert found["briefs_disk_free_bytes",] > 0 and found["briefs_disk_short",] in (0, 1)


def test_where_nothing_was_built_there_is_no_time(office, tmp_path):
    metrics_file.write(tmp_path / "here.prom", [], office.out)
    assert not any("last_build" in name for name, *_ in numbers(tmp_path / "here.prom"))


def test_a_file_that_cannot_be_written_is_a_sentence(office, briefs, world, tmp_path, monkeypatch):
    monkeypatch.setattr("city_briefs.app.status.matters", lambda *_: [])
    (tmp_path / "taken").write_text("", "utf-8")
    code, _, err = briefs("status", "--data", world.snapshot(coverage=[]).path, "--metrics", tmp_path / "taken/here.prom")
    assert (code, err) == (2, "taken/here.prom cannot be written: File exists. Name another file with --metrics.\n")
