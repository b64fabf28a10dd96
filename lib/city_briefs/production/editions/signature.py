"""Signatures of packs: Ed25519, by the key whose file BRIEFS_SIGNING_KEY names. The key stays in the environment and its file."""

import os
import stat
from base64 import b64decode, b64encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from city_briefs.common import files
from city_briefs.common.errors import UsageError
from city_briefs.common.language import chosen
from city_briefs.common.paths import shown

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

VARIABLE, PASSPHRASE = "BRIEFS_SIGNING_KEY", "BRIEFS_SIGNING_PASSPHRASE"
PEM = "-----BEGIN"
OTHERS = stat.S_IRWXG | stat.S_IRWXO  # what a file lets its group and all others do
MAKE_ONE = "`openssl genpkey -algorithm ed25519 -out key.pem` makes one."
MAKE_ONE_ZH = "可用`openssl genpkey -algorithm ed25519 -out key.pem`生成。"


def key() -> "Ed25519PrivateKey | None":
    """The key that packs are signed with; None when none is set. One that cannot be used is a UsageError."""
    named, passphrase = os.environ.get(VARIABLE), os.environ.get(PASSPHRASE)
    return _read(named, passphrase) if named else None


@cache
def _read(named: str, passphrase: str | None) -> "Ed25519PrivateKey":
    if PEM in named:  # which no message may repeat
        raise UsageError(
            chosen(
                f"{VARIABLE} holds a key. It must hold the name of the file that the key is in.",
                f"{VARIABLE}里写的是密钥本身，应写密钥所在文件的名称。",
            )
        )
    try:
        with files.opened(Path(named)) as file:
            mode, content = os.fstat(file.fileno()).st_mode, file.read(files.BY_HAND)
    except OSError as error:
        raise UsageError(
            chosen(
                f"{VARIABLE} names '{named}', which cannot be read: {files.reason(error)}.",
                f"{VARIABLE}指定的“{named}”无法读取（{files.reason_zh(error)}）。",
            )
        ) from None
    except ValueError:  # no path
        raise UsageError(
            chosen(f"{VARIABLE} names '{named}', which is no path of a file.", f"{VARIABLE}指定的“{named}”不是文件路径。")
        ) from None
    from cryptography.exceptions import UnsupportedAlgorithm  # without a key nobody need wait for it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(content, passphrase.encode() if passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: a passphrase is missing, or there is one too many
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise UsageError(
            chosen(
                f"{VARIABLE} names '{named}', which is no Ed25519 private key in PEM, or not one that {PASSPHRASE} opens. {MAKE_ONE}",
                f"{VARIABLE}指定的“{named}”不是PEM格式的Ed25519私钥，或{PASSPHRASE}打不开它。{MAKE_ONE_ZH}",
            )
        )
    if os.name == "posix" and mode & OTHERS:
        raise UsageError(
            chosen(
                f"{VARIABLE} names '{named}', which others than its owner may read or change (mode {stat.S_IMODE(mode):o}). "
                f"Whoever has read it can sign: make another key, or `chmod 600 {named}` when nobody has.",
                f"{VARIABLE}指定的“{named}”，所有者以外的人也能读或改（权限{stat.S_IMODE(mode):o}），读过的人就能签名。"
                f"请另换密钥；确实没有人读过的，请运行`chmod 600 {named}`。",
            )
        )
    return private


def name() -> str:
    """The public half of the key that packs are signed with, in Base64; empty when none is set."""
    signer = key()
    return _named(signer.public_key()) if signer else ""


def public(file: Path) -> str:
    """The public key in a PEM file, in Base64, as signatures name it. A file that holds none is a UsageError."""
    from cryptography.exceptions import UnsupportedAlgorithm  # as above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(files.read_bytes(file, files.BY_HAND))
    except OSError as error:
        raise UsageError(
            chosen(
                f"{shown(file)} cannot be read: {files.reason(error)}.", f"{shown(file)}无法读取（{files.reason_zh(error)}）。"
            )
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(
            chosen(
                f"{shown(file)} is no Ed25519 public key in PEM. `openssl pkey -in key.pem -pubout -out public.pem` makes one of a key.",
                f"{shown(file)}不是PEM格式的Ed25519公钥。可用`openssl pkey -in key.pem -pubout -out public.pem`由密钥导出。",
            )
        )
    return _named(key)


def sign(text: str) -> dict[str, str] | None:
    """The signature of a text, with the public key that it holds by; None when no key is set."""
    if not (signer := key()):
        return None
    return {"key": _named(signer.public_key()), "ed25519": b64encode(signer.sign(text.encode())).decode()}


def holds(signature: dict[str, str], text: str) -> bool:
    """Whether a signature is of this text and by the key that it names."""
    from cryptography.exceptions import InvalidSignature  # as above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        signer = Ed25519PublicKey.from_public_bytes(b64decode(signature["key"], validate=True))
        signer.verify(b64decode(signature["ed25519"], validate=True), text.encode())
    except (ValueError, InvalidSignature):
        return False
    return True


def _named(key: "Ed25519PublicKey") -> str:
    return b64encode(key.public_bytes_raw()).decode()
