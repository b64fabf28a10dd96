"""A file that is read again says what it says, whatever was done with what was read before."""

from city_briefs.common import toml_file


def test_what_a_model_changes_in_a_file_is_as_written_for_the_next():
    text = '[schedule]\ntimezone = "Asia/Urumqi"\n'
    first = toml_file._content(text)
    first.setdefault("timezone", first["schedule"].pop("timezone"))
    assert toml_file._content(text) == {"schedule": {"timezone": "Asia/Urumqi"}}
