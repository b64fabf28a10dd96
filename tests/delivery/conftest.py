"""An office that delivers: small editions with real manifests, recipients, settings, and a mail server."""

import hashlib
import ipaddress
import json
from base64 import b64encode
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from city_briefs.app import status
from city_briefs.common import paths
from city_briefs.common import settings as briefs_toml
from city_briefs.common.theme import MIME
from city_briefs.model.tables import ENTITIES
from city_briefs.production.delivery import mail_settings, smtp
from city_briefs.production.editions import manifest
from city_briefs.production.packs import packs_toml
from tests.conftest import covered
from tests.delivery.server import Mailbox, Running

ISSUER = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)  # of editions, where no key is set
SIGNER = b64encode(ISSUER.public_key().public_bytes_raw()).decode()
HEAD = "address,regions,packs,format,role\n"
PACKS = {"city-brief": "市场监管工作简报", "targets": "目标任务进度", "safety-assessment": "“三品一特”安全形势评估"}
NAMES = {"620000": "甘肃省", "620100": "兰州市", "620200": "嘉峪关市", "620300": "金昌市"}
CITIES = [f"62{number:02}00" for number in (*range(1, 13), 29, 30)]
ENTITY = {"kind": "enterprise", "registered_on": "2021-03-01"}
CARD = {"label": "新设立市场主体", "value": "4.01", "unit": "万户", "change": "同比增长10.8%", "place": "总量居全省第1位", "tone": "good", "arrow": "▲", "light": "目标达标"}  # fmt: skip


def notebook(*blocks):
    """An executed chapter that shows these blocks."""
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {MIME: block}} for block in blocks]
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1, "source": "", "outputs": outputs}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


class Office:
    """Settings, register, outputs, journal and recipients of an office, in one folder."""

    def __init__(self, folder):
        self.folder = folder
        self.register, self.out, self.deliveries = folder / "editions", folder / "outputs", folder / "deliveries"
        self.unconfirmed, self.journal = self.deliveries / "unconfirmed.csv", self.deliveries / "journal.jsonl"
        self.settings()

    def settings(self, port=1, **said):
        """Write `briefs.toml`; what is left out is as it is for a server on this machine without TLS."""
        self.mail = {
            "host": "127.0.0.1",
            "port": port,
            "tls": "none",
            "from": "briefs@office.test",
            "errors": ["chief@office.test"],
        } | said
        rest = {
            "data": "none",
            "outputs": self.out,
            "editions": self.register,
            "deliveries": self.deliveries,
            "recipients": self.folder / "recipients.csv",
        }
        lines = [f"{name} = {json.dumps(str(value))}" for name, value in rest.items()]
        lines += ["[mail]", *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in self.mail.items())]
        (self.folder / "briefs.toml").write_text("\n".join(lines) + "\n", "utf-8")
        briefs_toml.read.cache_clear()

    def recipients(self, *rows):
        """Write `recipients.csv`."""
        (self.folder / "recipients.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), "utf-8")

    def edition(
        self, region="620100", pack="city-brief", *, period="2021", number=1, draft=False, unmade=False, blocks=(), **said
    ):
        """Write an edition into the register, or a draft (or what is left of one that was not made) into the outputs; gives its folder."""
        outputs = self.out / period / region
        place = (
            outputs / "incomplete" / pack
            if unmade
            else outputs
            if draft
            else self.register / period / region / pack / str(number)
        )
        (place / "notebooks").mkdir(parents=True, exist_ok=True)
        title = f"{NAMES.get(region, region)}{PACKS.get(pack, pack)}（{period[:4]}年）"
        files = {f"{pack}.{form}": f"{title} {form} {number} {draft}" for form in ("pdf", "html", "docx", "xlsx")}
        files |= {"notebooks/summary.ipynb": notebook(*blocks)} if blocks else {}
        for name, content in files.items():
            (place / name).write_text(content, "utf-8")
        entry = {
            "pack": pack, "region": region, "name": NAMES.get(region, region), "short": NAMES.get(region, region)[:-1], "period": period, "title": title,
            "period_text": f"{period[:4]}年", "document": PACKS.get(pack, pack), "until": f"{period[:4]}-{period[5:] or '12'}-28", "key": "k",
            "snapshot": {"id": "s", "synthetic": False, "notice": "", "ingested_at": "2022-01-05"}, "edition": number,
            "outputs": {name: hashlib.sha256((place / name).read_bytes()).hexdigest() for name in files},
        }  # fmt: skip
        approval = (
            {}
            if draft or unmade
            else {"approval": {"reviewed_by": "审核人甲", "issued_by": "签发人乙", "issued_on": "2022-01-20"}}
        )
        if approval and number > 1:
            earlier = place.parent / str(number - 1)
            if not earlier.exists():
                self.edition(region, pack, period=period, number=number - 1)
            approval["before"] = manifest.read(earlier)[pack]["hash"]
        known, sealed = manifest.read(place), manifest.sealed(entry | approval | said)
        if approval and "signature" not in sealed:
            sealed["signature"] = {"key": SIGNER, "ed25519": b64encode(ISSUER.sign(sealed["hash"].encode())).decode()}
        (place / "manifest.json").write_text(manifest.text(known | {pack: sealed}), "utf-8")
        return place

    def lines(self):
        """The journal."""
        return [json.loads(line) for line in self.journal.read_text("utf-8").splitlines()]

    def events(self):
        return [line["event"] for line in self.lines()]


@pytest.fixture
def office(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "settings_file", lambda: tmp_path / "briefs.toml")
    monkeypatch.chdir(tmp_path)
    for variable in (mail_settings.USER, mail_settings.PASSWORD, paths.DATA_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(smtp, "BACK_OFF", (0, 0))
    yield Office(tmp_path)
    briefs_toml.read.cache_clear()


@pytest.fixture
def bureau(office, world, monkeypatch):
    """An office with one pack for each city, and records of two cities for 2021; gives the states on a day as (region, period, state)."""
    packs = packs_toml.packs()
    monkeypatch.setattr(packs_toml, "packs", lambda: {"city-brief": packs["city-brief"]})

    def snapshot(entities=3, **tables):
        rows = [ENTITY | {"entity_id": str(number), "region": "620100"} for number in range(entities)]
        reported = [row for row in covered(ENTITIES, CITIES, [2021]) if row["region"] in ("620100", "620200")]
        return world.snapshot(entities=rows, coverage=reported, **tables)

    def matters(day="2022-01-10", **tables):
        return status.matters(snapshot(**tables), office.out, date.fromisoformat(day))

    matters.snapshot = snapshot
    return matters


@pytest.fixture
def running():
    """Starts mail servers, which end with the test."""
    started = []

    def start(fate=lambda number, address: "", **options):
        started.append(Running(Mailbox(fate), **options))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def served(office, running):
    """An office whose mail server does as told; gives what it took."""

    def start(fate=lambda number, address: "", **options):
        server = running(fate, **options)
        office.settings(server.port)
        return server.mailbox

    return start


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """The file of a certificate for 127.0.0.1 and its key, made now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path_factory.mktemp("certificate") / "mail.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return file
