"""One lock, for uv, pip and conda alike."""

import re
import tomllib

import pytest

from tests.helpers import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock"]


def pins(lock):
    text = (ROOT / lock).read_text("utf-8")
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ \\]+)", text, re.MULTILINE))


def declared(extra=None):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {re.match(r"[A-Za-z0-9_-]+", one)[0].lower().replace("_", "-") for one in wanted}


def test_conda_takes_its_python_from_the_project_and_everything_else_from_the_lock():
    python = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    lines = [line.strip() for line in (ROOT / "environment.yml").read_text("utf-8").splitlines()]
    dependencies = [
        line.removeprefix("- ") for line in lines[lines.index("dependencies:") + 1 :] if line and not line.startswith("#")
    ]
    assert dependencies == [f"python{python}", "pip", "pip:", "--require-hashes", "-r requirements.lock"]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_address(lock):
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text and "index" not in re.sub(r"[a-z]*index[a-z]*==", "", text)
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)


def test_the_lock_holds_what_the_project_declares():
    assert declared() <= {name for name, _ in pins("requirements.lock")}
    assert declared("test") <= {name for name, _ in pins("requirements-dev.lock")}


def test_the_locks_agree():
    assert pins("requirements.lock") <= pins("requirements-dev.lock")
