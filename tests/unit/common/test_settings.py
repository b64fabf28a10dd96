"""The settings of an office: what each may be, and the sentence when it is something else."""

import pytest

from city_briefs.common import settings
from city_briefs.common.errors import UsageError
from city_briefs.production.engine import environment

WRONG = [
    ("schedule = 8", "schedule is a table, not '8'."),
    ("[schedule]\nday = 8", "there is no key 'schedule.day'. The keys are cron, timezone, since, deadline, retries, pause."),
    ("[schedule]\ncron = 8", "schedule.cron is a text in quotes, not '8'."),
    (
        '[schedule]\ncron = "every day"',
        "schedule.cron is a time as cron writes it, five fields such as 0 6 8 * *, not 'every day'.",
    ),
    ('[schedule]\ncron = "0 6 8 *"', "schedule.cron is a time as cron writes it, five fields such as 0 6 8 * *, not '0 6 8 *'."),
    ("[schedule]\nsince = 20160", "schedule.since is less than or equal to 2999, not '20160'."),
    ('[schedule]\nretries = "2"', "schedule.retries is a whole number, not '2'."),
    ("[schedule]\nretries = -1", "schedule.retries is greater than or equal to 0, not '-1'."),
    ("[schedule]\npause = -5", "schedule.pause is greater than or equal to 0, not '-5'."),
    ('[schedule]\ntimezone = "Asia/Lanzhou"', "schedule.timezone is a time zone, such as Asia/Shanghai, not 'Asia/Lanzhou'."),
    ('timezone = "Asia/Lanzhou"', "timezone is a time zone, such as Asia/Shanghai, not 'Asia/Lanzhou'."),
    (
        'timezone = "UTC"\n[schedule]\ntimezone = "Asia/Shanghai"',
        "it has two time zones, timezone and schedule.timezone. Leave out the second.",
    ),
    ('data = ""', "data is a text that is not empty, not ''."),
    ('outputs = ""', "outputs is a text that is not empty, not ''."),
    ('editions = ""', "editions is a text that is not empty, not ''."),
    ("outputs = 5", "outputs is a text in quotes, not '5'."),
    ('environment = "a"', "environment is a table, not 'a'."),
    ("[environment]\nOMP_NUM_THREADS = 2", "environment.OMP_NUM_THREADS is a text in quotes, not '2'."),
]
OF_A_BUILD = [
    *environment.KEPT - {"COMSPEC", "NUMBER_OF_PROCESSORS", "PATHEXT", "PROCESSOR_ARCHITECTURE", "SYSTEMDRIVE", "SYSTEMROOT", "WINDIR"},
    *environment.FIXED, *environment.FOLDERS, "TMPDIR", "TEMP", "TMP", "LC_ALL", "LC_MESSAGES", "LANG", "PYTHONPATH", "PYTHONSTARTUP",
    "LD_PRELOAD", "MATPLOTLIBRC", "BRIEFS_SEAL", "home", "Path", "ld_preload",
]  # fmt: skip
NO_VARIABLES = ["", "a b", "a=b", "1a", "a\\n", "ａ", "HOME\\n"]
SECRETS = ["DB_PASSWORD", "api_token", "MY_SECRET"]


@pytest.fixture
def read(tmp_path):
    def written(text):
        (tmp_path / "briefs.toml").write_text(text, "utf-8")
        settings.read.cache_clear()
        return settings.read(tmp_path / "briefs.toml")

    yield written
    settings.read.cache_clear()


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_a_setting_that_cannot_be_is_refused(read, text, sentence):
    with pytest.raises(UsageError) as error:
        read(text)
    assert str(error.value) == f"briefs.toml: {sentence}"


def test_what_is_left_out_has_its_default(read):
    assert read("[schedule]\nretries = 0") == settings.Settings(schedule=settings.ScheduleSettings(retries=0))


def test_the_time_zone_of_the_office_may_stand_where_it_stood(read):
    assert read("").timezone == "Asia/Shanghai"
    assert read('timezone = "UTC"').timezone == read('[schedule]\ntimezone = "UTC"').timezone == "UTC"


def test_a_build_may_be_given_variables(read):
    given = {"OMP_NUM_THREADS": "2", "http_proxy": "http://proxy:8080", "_a1": "", "HOMEPAGE": "a"}
    text = "[environment]\n" + "".join(f'{name} = "{value}"\n' for name, value in given.items())
    assert read(text).environment == given


@pytest.mark.parametrize("name", sorted(OF_A_BUILD) + NO_VARIABLES)
def test_what_a_build_sets_and_what_is_no_variable_is_refused(read, name):
    with pytest.raises(UsageError) as error:
        read(f'[environment]\n"{name}" = "a"')
    shown = name.replace("\\n", "\n")
    assert str(error.value) == (
        f"briefs.toml: environment has '{shown}', which is no variable, or one that a build sets. Leave it out."
    )


@pytest.mark.parametrize(
    ("name", "value"), [*((name, "a") for name in SECRETS), ("DATABASE", "postgresql://a:b@db.example.org/c")]
)
def test_a_secret_is_given_to_no_build(read, name, value):
    with pytest.raises(UsageError) as error:
        read(f'[environment]\n{name} = "{value}"')
    assert str(error.value) == (
        f"briefs.toml: environment has '{name}', which looks like a secret, and a build is told none. Leave it out."
    )


@pytest.mark.parametrize("value", ["a\\nb", "a\\u0000", "a\\u202e"])
def test_a_value_is_one_line_that_is_seen(read, value):
    with pytest.raises(UsageError) as error:
        read(f'[environment]\nA = "{value}"')
    assert str(error.value) == "briefs.toml: environment has 'A', which is no variable, or one that a build sets. Leave it out."
