"""Passwords, keys and tokens are in nothing that is made, shown or logged; what is made has the modes that its user asks for."""

import base64
import html
import io
import os
import stat
import subprocess
import sys
import zipfile

import pikepdf
import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from city_briefs.common import secrets as credentials
from tests.builds.test_trust import CHAPTER, ONE_CHAPTER
from tests.helpers import printed
from tests.helpers.project import COMMAND, Project
from tests.helpers.size import FULL, in_full
from tests.ingest.database import database, run  # noqa: F401  # a fixture
from tests.ingest.sent import complaints, text

PLANTED = {
    "PGPASSWORD": "planted-pgpassword",
    "BUREAU_TOKEN": "planted-token",
    "BUREAU_URL": "postgresql://bureau:planted-dsn@127.0.0.1:1/x",
}
SECRETS = ("planted-pgpassword", "planted-token", "planted-dsn")
SOURCE = '[[source]]\nurl = "{}"\ntable = "entities"\nperiod = "2021"\nquery = "{}"\n'
ROW = "select 'E1' as entity_id, '620100' as region, 'enterprise' as kind, date '2021-03-01' as registered_on"
MASKED = "postgresql://bureau:…@db/x: a password is not given here, where others may read it. Give it in PGPASSWORD."


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """The file of a signing key, and what must not be seen of it."""
    made = Ed25519PrivateKey.generate()
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("key") / "signing.pem"
    file.write_bytes(made.private_bytes(*form))
    file.chmod(0o600)
    raw = made.private_bytes_raw()
    return file, (file.read_text().splitlines()[1], raw.hex(), base64.b64encode(raw).decode())


MASKS = [0o077, 0o027] if FULL else [0o077]


def masked(mask, project, *words, **variables):
    """The command, with a umask and the planted secrets."""
    command = [sys.executable, "-c", f"import os; os.umask({mask}); {COMMAND}", *words]
    environment = {**os.environ, "PYTHONPATH": str(project.root / "lib"), **PLANTED, **variables}
    done = subprocess.run(command, cwd=project.root, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module", params=MASKS, ids=oct)
def built(request, tmp_path_factory, key):
    """A project whose pack was built under a umask, with what was said."""
    project = Project(tmp_path_factory.mktemp("secret"))
    (project.root / "notebooks/packs.toml").write_text(ONE_CHAPTER, "utf-8")
    formats = [word for form in ("html", "pdf", "xlsx", "docx") for word in ("--format", form)][
        : 8 if request.param == 0o027 else 2
    ]
    words = ("build", "--city", "兰州", "--year", "2011", *formats)
    code, said = masked(request.param, project, *words, BRIEFS_SIGNING_KEY=str(key[0]))
    assert code == 0, said
    (project.root / "said.txt").write_text(said, "utf-8")
    return project, request.param


def texts(file):
    """All that a file says: itself, what is packed in it, what it prints."""
    content = file.read_bytes()
    yield content.decode("utf-8", "ignore")
    if file.suffix == ".pdf":
        with pikepdf.open(file) as pdf:
            yield from (
                bytes(one.read_bytes()).decode("latin-1")
                for one in pdf.objects
                if isinstance(one, pikepdf.Stream) and readable(one)
            )
            yield repr([str(one) for one in pdf.docinfo.values()])
        yield "".join(printed.text_of_pdf(file))
    elif file.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            yield from (parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())
    elif file.suffix == ".parquet":
        yield str(pq.read_table(file).to_pydict())


def readable(stream):
    return stream.get("/Filter") in (None, "/FlateDecode")


def told(folder, secrets):
    """The files below a folder that tell a secret."""
    return [
        file for file in folder.rglob("*") if file.is_file() and any(secret in said for said in texts(file) for secret in secrets)
    ]


def test_nothing_of_a_build_tells_a_secret(built, key):
    project, _ = built
    assert told(project.out, (*SECRETS, *key[1])) == [] and told(project.root / "notebooks", SECRETS) == []
    assert not any(secret in (project.root / "said.txt").read_text("utf-8") for secret in (*SECRETS, *key[1]))


def test_the_search_would_find_one(tmp_path):
    (tmp_path / "x.json").write_text("…planted-token…", "utf-8")
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.xml", "planted-token")
    pdf = pikepdf.new()
    pdf.docinfo["/Title"] = "planted-token"
    pdf.save(tmp_path / "x.pdf")
    assert {file.name for file in told(tmp_path, SECRETS)} == {"x.json", "x.xlsx", "x.pdf"}


def test_what_is_made_is_for_whom_its_user_makes_files(built):
    project, mask = built
    made = [project.out, *project.out.rglob("*")]
    names = {file.name for file in made}
    assert {"index.html", "run.json", "manifest.json", "city-brief.html", "business-environment.ipynb"} <= names
    assert wrong(made, mask) == []


def wrong(made, mask):
    """What has another mode than a new file or folder has under this umask."""
    return [
        (str(one), oct(mode))
        for one in made
        if (mode := stat.S_IMODE(one.stat().st_mode)) != (0o777 if one.is_dir() else 0o666) & ~mask
    ]


@pytest.fixture
def secrets(monkeypatch):
    """The planted secrets, in the environment of this process."""
    for name, value in PLANTED.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def sent(tmp_path):
    return Project(tmp_path), tmp_path / "sent"


@pytest.mark.parametrize("mask", MASKS, ids=oct)
def test_a_snapshot_and_its_report_are_for_whom_their_user_makes_files(sent, tmp_path, mask):
    project, folder = sent
    text(
        folder / "complaints.csv",
        complaints(("C1", "兰州市", "投诉", "2021-03-01", "价格"), ("C2", "兰洲", "投诉", "2021-03-01", "")),
    )
    for strict in ((), ("--strict",)):
        code, said = masked(mask, project, "ingest", str(folder), "--into", str(tmp_path / f"snapshot{len(strict)}"), *strict)
        assert code == 3, said  # a row was rejected
    made = [one for name in ("snapshot0", "snapshot1.refused") for one in (tmp_path / name, *(tmp_path / name).rglob("*"))]
    assert len(made) > 8 and wrong(made, mask) == []


@in_full
def test_a_password_from_the_environment_reads_a_database_and_is_nowhere(sent, database, tmp_path):  # noqa: F811
    project, folder = sent
    folder.mkdir()
    (folder / "sources.toml").write_text(SOURCE.format("$BUREAU_URL", ROW), "utf-8")
    url = database.replace("bureau@", "bureau:planted-dsn@")
    code, said = masked(
        0o022, project, "ingest", str(folder / "sources.toml"), "--into", str(tmp_path / "snapshot"), BUREAU_URL=url
    )
    assert code == 0, said
    assert not any(secret in said for secret in SECRETS) and told(tmp_path, SECRETS) == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("$BUREAU_URL", "query for entities: the database x at 127.0.0.1:1 does not answer. See that it runs, and that host and port of the URL are right."),
        ("$BUREAU_TOKEN", "sources.toml, source 1: the url is no address of a database, such as postgresql://host/name."),
        ("postgresql://bureau:planted-dsn@db/x", "sources.toml, source 1 (select 1): url has a password, which would lie in the file. Give it in PGPASSWORD, or name a variable that holds the url."),
        ("postgresql://db/x?user=bureau&password=planted-dsn", "sources.toml, source 1 (select 1): url has a password, which would lie in the file. Give it in PGPASSWORD, or name a variable that holds the url."),
    ],
)  # fmt: skip
def test_a_source_that_cannot_be_read_is_refused_without_its_password(briefs, secrets, tmp_path, url, said):
    file = tmp_path / "sent/sources.toml"
    file.parent.mkdir()
    file.write_text(SOURCE.format(url, "select 1"), "utf-8")
    code, out, err = briefs("ingest", file, "--into", tmp_path / "snapshot")
    assert (code, out.splitlines()[0], err) == (3, f"error   {said}", "")
    assert not (tmp_path / "snapshot").exists()
    assert told(tmp_path / "snapshot.refused", SECRETS) == []


def test_an_address_in_a_wrong_place_is_refused_without_its_password(briefs, tmp_path):
    (tmp_path / "sources.toml").write_text('source = "postgresql://bureau:planted-dsn@db/x"\n', "utf-8")
    code, out, err = briefs("ingest", tmp_path, "--into", tmp_path / "snapshot")
    said = "error   sources.toml: source is a list, not 'postgresql://bureau:…@db/x'."
    assert (code, out.splitlines()[0], err) == (3, said, "")
    assert told(tmp_path / "snapshot.refused", SECRETS) == []


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("postgresql://bureau:planted-dsn@db/x", MASKED),
        ("postgresql+psycopg://bureau:planted-dsn@db/x", MASKED.replace("postgresql:", "postgresql+psycopg:")),
        ("postgres://bureau:planted-dsn@pl@nted-dsn@db/x", MASKED.replace("postgresql:", "postgres:")),
        ("postgresql://db/x?password=planted-dsn&user=a", "postgresql://db/x?password=…&user=a: a password is not given here, where others may read it. Give it in PGPASSWORD."),
    ],
)  # fmt: skip
def test_a_password_at_the_prompt_is_refused_and_not_repeated(briefs, tmp_path, word, said):
    assert briefs("ingest", word, "--into", tmp_path / "snapshot") == (2, "", f"{said}\n")


def test_what_holds_a_secret_is_known_by_its_name_or_its_value():
    kept = {
        "PATH": "/usr/bin",
        "BRIEFS_DATA": "data",
        "LANG": "zh_CN.UTF-8",
        "PGHOST": "db",
        "KEYBOARD": "us",
        "URL": "postgresql://db:5432/x",
    }
    names = [*PLANTED, "BRIEFS_SIGNING_KEY", "BRIEFS_SIGNING_PASSPHRASE", "AWS_SECRET_ACCESS_KEY", "API_KEY", "PGPASSFILE"]
    assert credentials.variables({**kept, **dict.fromkeys(names, "x"), **PLANTED}) == names


def test_the_sockets_of_kernels_are_for_their_user_alone(tmp_path):
    program = (
        "import asyncio, pathlib, city_briefs.production.engine.manager as m\n"
        "async def main():\n"
        "    kernel = m.Manager(kernel_name='python3')\n"
        "    await kernel.start_kernel()\n"
        "    folder = pathlib.Path(kernel.ip).parent\n"
        "    print(kernel.transport, oct(folder.stat().st_mode & 0o777), oct(pathlib.Path(kernel.connection_file).stat().st_mode & 0o77))\n"
        "    await kernel.shutdown_kernel(now=True)\n"
        "asyncio.run(main())\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    done = subprocess.run(
        [sys.executable, "-c", f"import os; os.umask(0)\n{program}"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["ipc", "0o700", "0o0"], done.stderr


def test_a_kernel_of_a_build_knows_no_secret(tmp_path):
    project = Project(tmp_path)
    (project.root / "notebooks/packs.toml").write_text(ONE_CHAPTER, "utf-8")
    project.edit(
        CHAPTER, "remark", "import os\nprint(sorted(set(os.environ) & {'PGPASSWORD', 'BUREAU_TOKEN', 'BUREAU_URL', 'PATH'}))"
    )
    done = project.briefs("build", "--city", "兰州", "--year", "2011", "--format", "html", **PLANTED)
    assert done.returncode == 0, done.stderr
    page = (project.out / "2011/620100/city-brief.html").read_text("utf-8")
    assert html.unescape(page).count("['PATH']") == 1
