"""The key that packs are signed with is one file, named by the environment; what cannot be used is said before anything is built."""

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from city_briefs.common.errors import UsageError
from city_briefs.production.editions import signature
from tests.conftest import REAL
from tests.helpers.signing import Key

MAKE_ONE = "`openssl genpkey -algorithm ed25519 -out key.pem` makes one."


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def named(monkeypatch):
    """Names the file of the key, and its passphrase."""

    def name(file, passphrase=""):
        monkeypatch.setenv(signature.VARIABLE, str(file))
        monkeypatch.setenv(signature.PASSPHRASE, passphrase)

    return name


def test_a_signature_holds_by_its_key_for_its_text_alone_and_is_always_the_same(tmp_path, named):
    key = Key(tmp_path, 1)
    named(key.private)
    signed = signature.sign("兰州市")
    assert signed["key"] == key.name == signature.public(key.public)
    assert signature.sign("兰州市") == signed
    assert signature.holds(signed, "兰州市")
    assert not signature.holds(signed, "金昌市")
    assert not signature.holds(signed | {"key": Key(tmp_path, 2).name}, "兰州市")
    for broken in ("", "AAAA", "é", signed["ed25519"][1:]):
        assert not signature.holds(signed | {"ed25519": broken}, "兰州市")
        assert not signature.holds(signed | {"key": broken}, "兰州市")


def test_without_a_key_nothing_is_signed(monkeypatch):
    monkeypatch.delenv(signature.VARIABLE, raising=False)
    assert signature.sign("兰州市") is None


def test_a_key_may_have_a_passphrase(tmp_path, named):
    key = Key(tmp_path, 3, "开门")
    named(key.private, "开门")
    assert signature.sign("兰州市")["key"] == key.name


def _other_kind(folder):
    made = generate_private_key(SECP256R1()).private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    (folder / "key.pem").write_bytes(made)


@pytest.mark.parametrize(
    "write",
    [
        _other_kind,
        lambda folder: (folder / "key.pem").write_text("key"),
        lambda folder: Key(folder, 4).public.replace(folder / "key.pem"),
        lambda folder: Key(folder, 4, "open").private.replace(folder / "key.pem"),
    ],
    ids=["of another kind", "text", "public", "locked"],
)
@pytest.mark.parametrize("passphrase", ["", "wrong"])
def test_what_is_no_key_to_sign_with_is_refused(tmp_path, named, write, passphrase):
    write(tmp_path)
    named(tmp_path / "key.pem", passphrase)
    with pytest.raises(UsageError) as refused:
        signature.key()
    assert str(refused.value) == (
        f"BRIEFS_SIGNING_KEY names '{tmp_path}/key.pem', which is no Ed25519 private key in PEM, "
        f"or not one that BRIEFS_SIGNING_PASSPHRASE opens. {MAKE_ONE}"
    )


def test_a_key_that_is_not_there_stops_a_build_before_it_begins(briefs, tmp_path, named):
    named("key.pem")
    code, out, err = briefs(
        "build", "city-brief", "--city", "兰州", "--year", 2011, "--data", REAL, "--out", tmp_path / "outputs"
    )
    assert (code, out) == (2, "")
    assert err == "BRIEFS_SIGNING_KEY names 'key.pem', which cannot be read: No such file or directory.\n"
    assert not (tmp_path / "outputs").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o777, 0o4640])
def test_a_key_that_others_may_read_or_change_signs_nothing(tmp_path, named, mode):
    private = Key(tmp_path, 7).private
    private.chmod(mode)
    named(private)
    with pytest.raises(UsageError) as refused:
        signature.sign("兰州市")
    assert str(refused.value) == (
        f"BRIEFS_SIGNING_KEY names '{private}', which others than its owner may read or change (mode {mode:o}). "
        f"Whoever has read it can sign: make another key, or `chmod 600 {private}` when nobody has."
    )


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_key_that_its_owner_alone_may_read_signs(tmp_path, named, mode):
    key = Key(tmp_path, 8)
    key.private.chmod(mode)
    named(key.private)
    assert signature.sign("兰州市")["key"] == key.name


def test_a_key_that_stands_in_the_variable_itself_is_not_repeated(tmp_path, named):
    named(Key(tmp_path, 5).private.read_text())
    with pytest.raises(UsageError) as refused:
        signature.key()
    assert str(refused.value) == "BRIEFS_SIGNING_KEY holds a key. It must hold the name of the file that the key is in."


def test_what_is_no_public_key_is_refused(tmp_path):
    private = Key(tmp_path, 6).private
    for file, problem in (
        (tmp_path / "none.pem", "none.pem cannot be read: No such file or directory."),
        (
            private,
            "key-6.pem is no Ed25519 public key in PEM. `openssl pkey -in key.pem -pubout -out public.pem` makes one of a key.",
        ),
    ):
        with pytest.raises(UsageError) as refused:
            signature.public(file)
        assert str(refused.value) == problem
