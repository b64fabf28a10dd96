"""The settings of an office: what each may be, and the sentence when it is something else."""

import pytest

from city_briefs.common import settings
from city_briefs.common.errors import UsageError

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
]


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
