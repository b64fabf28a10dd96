"""Packs by the calendar: real Dagster on a copy of the project, its UI in a browser, and the line for those who have only cron."""

import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
from contextlib import closing, suppress
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import dagster as dg
import psutil
import pypdfium2
import pytest
from aiosmtpd.controller import Controller
from bs4 import BeautifulSoup
from filelock import FileLock, Timeout
from playwright.sync_api import sync_playwright

from city_briefs.app import schedule, schedule_page
from city_briefs.common import clock
from city_briefs.common.errors import UsageError
from city_briefs.production.editions import manifest
from tests.conftest import THREE_CITIES
from tests.helpers import ROOT
from tests.helpers.project import COMMAND, Project
from tests.helpers.waiting import WAIT, until

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DAGSTER = (sys.executable, "-m", "dagster")
PACKS = """
[[pack]]
id = "yellow-light-notice"
title = "黄灯警示单"
per = "city"
addressee = "同级党委、政府"
chapters = ["yellow-light"]

[[pack]]
id = "targets"
title = "目标任务进度"
per = "province"
addressee = "省局领导"
chapters = ["target-progress"]
"""  # the two that are made in the least time
SETTINGS = """
data = "data/real"

[schedule]
cron = "0 6 29 2 *"  # not while the tests run
since = 2010
retries = 1
pause = 0
"""
MAIL = """
[mail]
host = "127.0.0.1"
port = {port}
tls = "none"
from = "briefs@example.org"
errors = ["duty@example.org"]
"""
RUN = """
import json, sys
import dagster as dg
from city_briefs.app.schedule import RANGE_END, RANGE_START, definitions, failure

if __name__ == "__main__":
    job = definitions.resolve_job_def("briefs")
    with dg.DagsterInstance.ephemeral() as instance:
        tags = {RANGE_START: sys.argv[1], RANGE_END: sys.argv[2]}
        done = job.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
        if not done.success:
            failed = (done.get_run_failure_event(), instance, done.dagster_run)
            failure(dg.build_run_status_sensor_context("failure", *failed).for_run_failure())
    made = [event.step_materialization_data.materialization for event in done.all_events if event.is_step_materialization]
    checks = [event.asset_check_evaluation_data for event in done.all_events if event.event_type_value == "ASSET_CHECK_EVALUATION"]
    said = {
        "success": done.success,
        "packs": {one.partition: {name: value.value for name, value in one.metadata.items()} for one in made if one.partition},
        "checks": {one.check_name: [one.passed, {name: value.value for name, value in one.metadata.items()}] for one in checks},
    }
    said["attention"] = [one.metadata["lines"].value for one in made if one.label == "attention"]
    print(json.dumps(said))
"""


def free_port():
    """A port of this machine that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Handler:
    """Keeps what a mail server is handed."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture(scope="module")
def post():
    """A mail server and what it is handed."""
    handler = Handler()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port, handler.mails
    controller.stop()


@pytest.fixture
def mails(post):
    """The mails that were sent since a test began."""
    post[1].clear()
    return post[1]


@pytest.fixture(scope="module")
def project(tmp_path_factory, post):
    """A project with two small packs, of the real counts, and its settings."""
    made = Project(tmp_path_factory.mktemp("schedule"))
    (made.root / "notebooks/packs.toml").write_text(PACKS, "utf-8")
    (made.root / "briefs.toml").write_text(SETTINGS + MAIL.format(port=post[0]), "utf-8")
    return made


@pytest.fixture(scope="module")
def built(project):
    """The files that `briefs build` makes for 2011, by their paths; they are then taken away."""
    project.build("--year", "2011")
    files = project.files()
    shutil.rmtree(project.out)
    return files


@pytest.fixture(scope="module")
def one(project, built):
    """What a run of one partition did, and the files that it made."""
    said, _ = run(project, "2011-12|兰州市", "2011-12|兰州市")
    return said, without_status(project)


def without_status(project):
    """The files of the outputs, but for the page that says what needs attention, which knows the clock."""
    return {name: file for name, file in project.files().items() if name != "status.html"}


def run(project, first, last, **variables):
    """What a run of Dagster in one process did of these partitions, and what it printed meanwhile."""
    done = project.run(sys.executable, "-c", RUN, first, last, **variables)
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_a_partition_has_the_bytes_that_the_command_makes(one, built):
    said, files = one
    assert said["success"] and list(said["packs"]) == ["2011-12|兰州市"]
    assert {"index.html", "all-yellow-light-notice.html"} <= files.keys()
    assert {name: file for name, file in files.items() if "/" in name} == {
        name: file for name, file in built.items() if name.startswith("2011/620100/")
    }


def test_a_partition_says_what_was_made_and_checks_say_what_was_refused(one, project):
    folder = project.out / "2011/620100"
    entry = manifest.read(folder)["yellow-light-notice"]
    with closing(pypdfium2.PdfDocument(folder / "yellow-light-notice.pdf")) as document:
        pages = len(document)
    said, _ = one
    assert said["packs"]["2011-12|兰州市"] == {
        "snapshot": entry["snapshot"]["id"],
        "pages": pages,
        "figures refused": len(entry["refusals"]),
        "claims refused": 0,
        "yellow-light-notice": f"edition 1; pages: {pages}; refused: {len(entry['refusals'])} figures, 0 claims",
        "yellow-light-notice.html": (folder / "yellow-light-notice.html").as_uri(),
        "yellow-light-notice.pdf": (folder / "yellow-light-notice.pdf").as_uri(),
    }
    assert entry["refusals"]
    assert said["checks"] == {
        "sealed": [True, entry["tables"]],
        "without_warnings": [True, {}],
        "figures_given": [False, {"兰州市 2011 yellow-light-notice": len(entry["refusals"])}],
        "claims_earned": [True, {}],
        "nothing_needs_attention": [False, {"lines": len(said["attention"][0].splitlines())}],
    }


def test_a_run_says_what_needs_attention_in_the_words_of_the_command_and_writes_the_page(one, project):
    said, _ = one
    told = project.briefs("status").stdout.splitlines()
    lines = said["attention"][0].splitlines()
    assert lines == told[: len(lines)] and told[len(lines)].startswith("Needs attention: ")
    page = BeautifulSoup((project.out / "status.html").read_bytes(), "html.parser")
    rows = [row.get_text(" ", strip=True).replace("▲ ", "") for row in page.select("tbody tr")]
    assert rows == [re.sub("[()]", "", line) for line in lines]


def test_all_regions_of_a_month_are_one_run_of_one_plan_with_the_same_bytes(one, built, project):
    said, shown = run(project, "2011-12|甘肃省", "2011-12|甘南藏族自治州")
    assert said["success"] and len(said["packs"]) == 15
    assert len(re.findall(r"^\[\d+/14\] ", shown, re.MULTILINE)) == 14  # of one plan; the pack that stood is kept
    assert without_status(project) == built


def test_a_run_mails_drafts_to_the_reviewers_once(one, project, mails):
    file = project.root / "data/recipients.csv"
    file.write_text("address,regions,packs,format,role\nreviewer@example.org,兰州,*,pdf,reviewer\n", "utf-8")
    for _ in range(2):
        said, shown = run(project, "2011-12|兰州市", "2011-12|兰州市")
        assert said["success"], shown
    file.unlink()
    assert [mail["To"] for mail in mails] == ["reviewer@example.org"]


def test_a_backfill_of_all_regions_of_a_month_is_one_run():
    month = [key for key in schedule.PARTITIONS.get_partition_keys() if key.startswith("2021-12|")]
    asked = schedule.PARTITIONS.subset_with_partition_keys(month)
    assert len(month) == 15 and len(asked.get_partition_key_ranges(schedule.PARTITIONS)) == 1
    assert schedule.packs.backfill_policy == dg.BackfillPolicy.single_run()


def test_the_schedule_asks_for_the_month_before_in_its_own_time_zone():
    for moment, month in ((datetime(2022, 4, 8, 6), "2022-03"), (datetime(2022, 1, 1, 0), "2021-12")):
        elsewhere = moment.replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(ZoneInfo("UTC"))
        context = dg.build_schedule_context(scheduled_execution_time=elsewhere)
        [request] = schedule.monthly.evaluate_tick(context).run_requests
        assert request.tags[schedule.RANGE_START] == f"{month}|甘肃省"
        assert request.tags[schedule.RANGE_END] == f"{month}|甘南藏族自治州"


def test_the_definitions_load_on_a_clone_without_data(project, tmp_path):
    done = project.run(*DAGSTER, "definitions", "validate", "-m", "city_briefs.app.schedule", BRIEFS_DATA=str(tmp_path / "none"))
    assert done.returncode == 0 and "All code locations passed validation." in done.stdout


def test_regions_are_those_of_the_snapshot_or_when_it_is_damaged_those_that_come_along(tmp_path, data_variable):
    data_variable(tmp_path)
    (tmp_path / "regions.csv").write_text(THREE_CITIES, "utf-8")
    assert schedule._names() == ["Norland", "Ashford", "Birchwood", "Cedarton"]
    (tmp_path / "regions.csv").write_bytes(b"\xff")
    assert schedule._names()[:2] == ["甘肃省", "兰州市"] and len(schedule._names()) == 15


def test_a_run_without_its_snapshot_fails_before_any_pack_and_is_mailed(project, mails, tmp_path):
    said, _ = run(project, "2011-12|兰州市", "2011-12|兰州市", BRIEFS_DATA=str(tmp_path))
    [mail] = mails
    assert not said["success"] and said["packs"] == {} and said["checks"]["sealed"] == [False, {}]
    assert mail["Subject"] == "City Briefs: packs of 2011-12 兰州市 to 2011-12 兰州市 could not be made"
    assert mail.get_content().splitlines() == [
        f"There is no snapshot in {tmp_path}. Name a folder that holds one, such as --data data/real."
    ]


def test_without_the_extra_it_says_which_to_install(project):
    (project.root / "dagster.py").write_text("raise ImportError", "utf-8")
    done = project.run(sys.executable, "-c", "import city_briefs.app.schedule")
    (project.root / "dagster.py").unlink()
    said = "city_briefs.common.errors.UsageError: The schedule needs an extra: pip install 'city-briefs[schedule]'."
    assert done.stderr.splitlines()[-1] == said


def test_page_and_daemon_may_begin_at_the_same_moment(project):
    shutil.rmtree(project.out / ".dagster", ignore_errors=True)
    begin = "from city_briefs.app import schedule_page; schedule_page.prepare()"
    begun = [
        subprocess.Popen([sys.executable, "-c", begin], cwd=project.root, env=project._environment({}), stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    assert [(one.communicate()[1].decode().count("Traceback"), one.returncode) for one in begun] == [(0, 0)] * 3


def test_settings_are_written_and_databases_made_by_one_at_a_time(tmp_path, monkeypatch):
    seen = []

    def alone(*_: object) -> None:
        with pytest.raises(Timeout):
            FileLock(tmp_path / schedule_page.HOME / ".begun").acquire(blocking=False)
        seen.append(True)

    for name in ("write_whole", "_make_databases"):
        monkeypatch.setattr(schedule_page, name, alone)
    monkeypatch.setattr(schedule_page.paths, "outputs", lambda: tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", "")
    schedule_page.prepare()
    assert seen == [True, True]


@pytest.fixture(scope="module")
def ui(project):
    """The address of Dagster as the services start it, page and daemon, on a free port."""
    port, said = free_port(), project.root / "dagster.log"
    command = [sys.executable, "-c", COMMAND, "schedule"]
    with said.open("wb") as log:
        processes = [
            subprocess.Popen(
                [*command, *words], cwd=project.root, env=project._environment({}), stdout=log, stderr=log, start_new_session=True
            )
            for words in (("--daemon",), ("--port", str(port)))
        ]
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _answers(address), "the UI")
        until(lambda: "Initiating failure" in said.read_text("utf-8"), "the sensor")
        yield address
    finally:
        for process in processes:
            started = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            for one in started:  # it has nothing in hand, and would take its time
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            process.wait()


def _answers(address):
    with suppress(OSError), urlopen(f"{address}/server_info", timeout=5) as answer:
        return answer.status == 200


@pytest.fixture
def page(ui):
    """A page of a browser that has asked no other machine for anything in the end."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context, asked = browser.new_context(), []
        context.on("request", lambda request: asked.append(request.url))
        yield context.new_page()
        browser.close()
    assert asked and [url for url in asked if not url.startswith((f"{ui}/", "data:"))] == []


def test_the_ui_lists_every_city_and_month(ui, page):
    page.goto(f"{ui}/assets/packs?view=partitions")
    for words in ("甘肃省", "甘南藏族自治州", "2026-01"):
        page.get_by_text(words, exact=True).first.wait_for(timeout=WAIT * 1000)
    assert page.get_by_role("dialog").count() == 0  # nobody is asked for an address


QUERY = json.dumps({"query": "{ version }"})
CASES = {
    "the page itself": ("GET", "/", {}, "", 200),
    "by localhost": ("GET", "/", {"Host": "localhost:{port}"}, "", 200),
    "a script of this machine": ("POST", "/graphql", {}, QUERY, 200),
    "the page asks": ("POST", "/graphql", {"Origin": "http://127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"}, QUERY, 200),
    "a name that leads here": ("GET", "/", {"Host": "evil.example:{port}"}, "", 400),
    "a page elsewhere": ("POST", "/graphql", {"Origin": "https://evil.example"}, QUERY, 403),
    "a page of nowhere": ("POST", "/graphql", {"Origin": "null"}, QUERY, 403),
    "a page of another port": ("POST", "/graphql", {"Origin": "http://127.0.0.1:8100"}, QUERY, 403),
    "a picture elsewhere": ("GET", "/graphql?query=%7Bversion%7D", {}, "", 405),
    "a link elsewhere": ("GET", "/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}, "", 200),
    "a frame elsewhere": ("GET", "/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}, "", 403),
    "a report of another page": ("POST", "/report_asset_materialization/packs", {"Origin": "http://evil.example"}, "{}", 403),
    "another method": ("PUT", "/graphql", {}, QUERY, 405),
    "a socket of another page": (
        "GET", "/graphql",
        {"Origin": "https://evil.example", "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="},
        "", 403,
    ),
    "a socket of the page": (
        "GET", "/graphql",
        {"Origin": "http://127.0.0.1:{port}", "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol": "graphql-ws"},
        "", 101,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_only_the_page_itself_and_programs_of_this_machine_can_ask_dagster(ui, case):
    method, address, headers, body, status = CASES[case]
    port = ui.rpartition(":")[2]
    line = http.client.HTTPConnection("127.0.0.1", int(port), timeout=WAIT)
    line.request(
        method, address, body or None,
        {"Content-Type": "application/json", "Accept": "*/*"} | {name: value.replace("{port}", port) for name, value in headers.items()},
    )  # fmt: skip
    answer = line.getresponse()
    assert answer.status == status
    line.close()


def test_a_version_that_cannot_be_guarded_is_not_served(monkeypatch):
    monkeypatch.delattr("dagster_webserver.app.DagsterWebserver")
    with pytest.raises(UsageError) as error:
        schedule_page.serve(1)
    assert str(error.value) == "This version of Dagster cannot be guarded. Install the one that the lock names."


@pytest.mark.parametrize(("days", "left"), [(30, {"new", "at work"}), (0, {"old", "new", "at work", "failed"})])
def test_runs_that_ended_are_forgotten_after_some_days(tmp_path, days, left):
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        for name, status, age in (
            ("old", "SUCCESS", 31),
            ("failed", "FAILURE", 40),
            ("new", "SUCCESS", 29),
            ("at work", "STARTED", 31),
        ):
            run = dg.DagsterRun(job_name=name, status=dg.DagsterRunStatus(status))
            instance.run_storage.add_historical_run(run, clock.now() - timedelta(age))
            (tmp_path / "storage" / run.run_id).mkdir(parents=True)
        assert schedule.forget_runs(instance, days) == 4 - len(left)
        assert {run.job_name for run in instance.get_runs()} == left
        assert {file.name for file in (tmp_path / "storage").iterdir()} == {run.run_id for run in instance.get_runs()}


def test_a_partition_that_fails_is_tried_again_then_mailed_and_red_on_the_index(project, built, ui, mails):
    shutil.rmtree(project.out / "2011", ignore_errors=True)
    chapter = project.root / "notebooks/yellow-light.ipynb"
    before = chapter.read_bytes()
    project.edit("yellow-light", "library", "1 / 0")
    tags = {schedule.RANGE_START: "2011-12|甘肃省", schedule.RANGE_END: "2011-12|兰州市"}
    launch = ("job", "launch", "-m", "city_briefs.app.schedule", "-j", "briefs", "--tags", json.dumps(tags))
    done = project.run(*DAGSTER, *launch, DAGSTER_HOME=str(project.out / ".dagster"))
    assert done.returncode == 0, done.stderr
    until(lambda: mails, "a mail")
    chapter.write_bytes(before)
    [mail] = mails
    assert (mail["To"], mail["Subject"]) == (
        "duty@example.org",
        "City Briefs: packs of 2011-12 甘肃省 to 2011-12 兰州市 could not be made",
    )
    assert mail.get_content().splitlines() == [
        "兰州市 2011: yellow-light stopped in the section “黄灯警示”, cell 3: ZeroDivisionError. "
        "See outputs/2011/620100/incomplete/yellow-light-notice/yellow-light.ipynb.",
        "1 of 2 packs written.",
    ]
    assert (project.root / "dagster.log").read_text("utf-8").count("STEP_UP_FOR_RETRY") == 1
    states = re.findall('<p class="state.*?</p>', (project.out / "index.html").read_text("utf-8"))
    assert [re.sub("<[^>]*>", "", state).strip() for state in states] == ["○ 待签发", "■ 编制未成（尚无成稿）"]


def line():
    """The line for cron in the documents, without its times."""
    [command] = re.findall(r"^0 6 8 \* \* (.+)$", (ROOT / "docs/operations.md").read_text("utf-8"), re.MULTILINE)
    return command


def test_what_is_due_are_the_packs_of_the_month_before(project, built):
    done = project.briefs("due", "--on", "2012-01-15")
    assert done.returncode == 0 and "15 of 15 packs written" in done.stdout, done.stderr
    assert without_status(project) == built


def test_the_line_for_cron_ends_with_an_error_that_is_mailed_when_what_is_due_cannot_be_made(project, mails):
    program = project.root / ".venv/bin/briefs"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{COMMAND}" "$@"\n', "utf-8")
    program.chmod(0o755)
    done = project.run("sh", "-c", line().replace("/srv/city-briefs", str(project.root)))
    [mail] = mails
    assert done.returncode == 2
    assert re.fullmatch(r"data/real does not hold the year \d{4}\. The nearest year it holds is 2019\.\n", done.stderr)
    assert mail.get_content().splitlines() == done.stderr.splitlines()


def test_without_a_mail_server_what_is_due_still_ends_with_its_error(project):
    settings = (project.root / "briefs.toml").read_text("utf-8")
    (project.root / "briefs.toml").write_text(SETTINGS, "utf-8")
    done = project.briefs("due", "--on", "2022-01-15")
    (project.root / "briefs.toml").write_text(settings, "utf-8")
    unsent, said = done.stderr.splitlines()
    assert (done.returncode, said) == (2, "data/real does not hold the year 2021. The nearest year it holds is 2019.")
    assert unsent == "briefs.toml: mail has no host. Name the mail server as host of [mail], and who sends as from."
