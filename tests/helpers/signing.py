"""Keys to sign packs with, the same in every run."""

from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Key:
    """A pair of keys, its files in a folder."""

    def __init__(self, folder: Path, number: int, passphrase: str = "") -> None:
        pair = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        lock = form.BestAvailableEncryption(passphrase.encode()) if passphrase else form.NoEncryption()
        self.name = b64encode(pair.public_key().public_bytes_raw()).decode()
        self.private, self.public = folder / f"key-{number}.pem", folder / f"public-{number}.pem"
        self.private.write_bytes(pair.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, lock))
        self.private.chmod(0o600)
        self.public.write_bytes(pair.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo))
