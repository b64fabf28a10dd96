"""A password goes to no host that the office has not listed, however an address or its surroundings lead there."""

import pytest

from city_briefs.analysis.ingest import database_hosts, find_sources
from city_briefs.analysis.ingest.readers import postgres
from city_briefs.common import paths
from city_briefs.common.errors import DataError
from city_briefs.common.settings import Settings


@pytest.fixture(autouse=True)
def office(monkeypatch):
    """An office with a database of its own, and a password."""
    monkeypatch.setattr(paths, "settings", lambda: Settings.model_validate({"databases": ["db.example.org", "fd00::1"]}))
    monkeypatch.setenv("PGPASSWORD", "planted")
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)


def refusal(address):
    with pytest.raises(DataError) as error:
        database_hosts.check("cases", address)
    return str(error.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://db.example.org/bureau",
        "postgres://reader@DB.example.org:5433/bureau?sslmode=verify-full",
        "postgresql://reader@db.example.org,localhost:5433/bureau",
        "postgresql://[fd00::1]:5432/bureau",
        "postgresql://127.0.0.1:1/bureau",
        "postgresql://[::1]/bureau",
        "postgresql://%2Fvar%2Frun%2Fpostgresql/bureau",
        "postgresql:///bureau",
    ],
)
def test_listed_hosts_and_this_machine_are_asked(address):
    database_hosts.check("cases", address)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("postgresql://evil.example/bureau", "evil.example"),
        ("postgresql://db.example.org.evil.example/bureau", "db.example.org.evil.example"),
        ("postgresql://db.example.org,evil.example/bureau", "evil.example"),
        ("postgresql://db.example.org%2Cevil.example/bureau", "evil.example"),
        ("postgresql://localhost:1,evil.example:5432/bureau", "evil.example"),
        ("postgresql://%65vil.example/bureau", "evil.example"),
        ("postgresql://db.example.org:5432@evil.example/bureau", "evil.example"),
        ("postgresql://[fd00::2]/bureau", "fd00::2"),
        ("postgresql://localhost.evil.example/bureau", "localhost.evil.example"),
        ("postgresql://127.0.0.1.evil.example/bureau", "127.0.0.1.evil.example"),
    ],
)
def test_any_other_host_is_asked_to_be_listed(address, host):
    assert refusal(address) == (
        f"cases: the database is at '{host}', which is not listed, and would be sent the password. "
        f'If it is the right one, list it in briefs.toml: databases = ["{host}"].'
    )


def test_what_to_do_is_said_in_chinese(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert refusal("postgresql://evil.example/bureau") == (
        "cases：数据库所在的主机“evil.example”没有登记，密码会发到那里，因此没有连接。"
        '确属本单位的，请在briefs.toml中登记：databases = ["evil.example"]。'
    )


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ("host=evil.example", "host"),
        ("%68ost=evil.example", "host"),
        ("sslmode=disable&hostaddr=203.0.113.9", "hostaddr"),
        ("service=evil", "service"),
        ("passfile=/etc/passwd", "passfile"),
        ("dbname=host%3Devil.example", "dbname"),
        ("host=", "host"),
    ],
)
def test_parameters_lead_nowhere_else(parameters, name):
    assert refusal(f"postgresql://db.example.org/bureau?{parameters}") == (
        f"cases: the address of the database has the parameter '{name}', which is not allowed, since it may lead elsewhere. "
        "Leave it out; user, password, port, sslmode, ssl, sslrootcert, channel_binding, connect_timeout, application_name, "
        "target_session_attrs, options are allowed."
    )


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://reader@db.example.org@evil.example/bureau",
        "postgresql://db.example.org?application_name=@evil.example/bureau",
        "postgresql://db.example.org#@evil.example/bureau",
        "postgresql://db.example.org/@evil.example",
        "postgresql://db.example.org /bureau",
        "postgresql://db.example.org/bureau\nhost=evil.example",
        "host=evil.example dbname=bureau",
    ],
)
def test_an_address_that_may_be_read_in_two_ways_is_refused(address):
    assert refusal(address) == (
        "cases: the address of the database is not of the form postgresql://user@host:port/database. Correct it."
    )


@pytest.mark.parametrize("name", ["PGHOSTADDR", "PGSERVICE"])
def test_a_variable_that_leads_elsewhere_is_refused(monkeypatch, name):
    monkeypatch.setenv(name, "evil.example")
    assert refusal("postgresql://db.example.org/bureau") == (
        f"cases: {name} is set, by which another database may be meant than the address names. Unset it."
    )


def test_the_host_of_the_environment_is_held_to_the_list_too(monkeypatch):
    monkeypatch.setenv("PGHOST", "localhost,evil.example")
    assert refusal("postgresql:///bureau").startswith("cases: the database is at 'evil.example', which is not listed")


def test_no_connection_is_made_to_a_host_that_is_not_listed(monkeypatch, tmp_path):
    """Neither by an address at the prompt nor by a declaration, also where a variable holds it."""
    from adbc_driver_postgresql import dbapi

    monkeypatch.setattr(dbapi, "connect", lambda address: pytest.fail(f"asked {address}"))
    monkeypatch.setenv("BUREAU", "postgresql://reader:planted@evil.example/bureau")
    (tmp_path / "sources.toml").write_text('[[source]]\nurl = "$BUREAU"\ntable = "cases"\n', "utf-8")
    for location in ("postgresql://reader@evil.example/bureau", str(tmp_path / "sources.toml")):
        [refusal] = find_sources.find([location]).refusals
        assert refusal.text == (
            "the database bureau at evil.example:5432: the database is at 'evil.example', which is not listed, and would be sent "
            'the password. If it is the right one, list it in briefs.toml: databases = ["evil.example"].'
        )
    with pytest.raises(DataError, match=r"^the database bureau at evil\.example:5432: the database is at 'evil\.example'"):
        postgres.tables("postgresql://evil.example/bureau")
