"""What travels with the program is named, with its licence: bills of materials, licence texts, and the look-up of advisories."""

import importlib.metadata
import json
import re

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.helpers import ROOT, audit, sbom
from tests.unit.test_lock import pins

TEXT = re.compile(r"licen[cs]e|copying|copyright|notice", re.IGNORECASE)  # in the name of a file


@pytest.mark.parametrize("lock", sbom.LOCKS)
def test_the_bill_of_a_lock_is_up_to_date(lock):
    """Else: make sbom."""
    assert sbom.path(lock).read_text("utf-8") == sbom.bill(lock)


@pytest.mark.parametrize("lock", sbom.LOCKS)
def test_the_bill_of_a_lock_is_cyclonedx_and_names_just_what_the_lock_names(lock):
    written = sbom.path(lock).read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None
    bill = json.loads(written)
    named = [(one["name"], one["version"]) for one in bill["components"]]
    assert len(named) == len(set(named)) and set(named) == pins(lock)
    assert {one["purl"] for one in bill["components"]} == {f"pkg:pypi/{name}@{version}" for name, version in named}
    assert "timestamp" not in bill["metadata"] and str(ROOT) not in written
    needs = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert {one["bom-ref"] for one in bill["components"]} <= {ref for refs in needs.values() for ref in refs} | {sbom.PROJECT}
    assert [ref for ref in needs["city-briefs"] if ref.startswith("pkg:pypi/duckdb@")]


def test_every_wheel_carries_the_text_of_its_licence_or_the_page_of_licences_names_it():
    page, without = (ROOT / "LICENCES.md").read_text("utf-8"), []
    for name, _ in sorted(pins("requirements.lock")):
        try:
            files = importlib.metadata.distribution(name).files or []
        except importlib.metadata.PackageNotFoundError:  # of another machine
            continue
        if not any(TEXT.search(file.name) for file in files) and f"\n| {name} |" not in page:
            without.append(name)
    assert without == []


def test_what_a_page_of_licences_names_is_there_and_travels():
    page = (ROOT / "LICENCES.md").read_text("utf-8")
    assert all((ROOT / place).exists() for place in re.findall(r"\]\(([^)]+)\)", page))
    assert all((ROOT / place).exists() for place in re.findall(r"`(lib/[^`]+)`", page))
    image = (ROOT / "Dockerfile").read_text("utf-8")
    assert "COPY LICENSE LICENCES.md /opt/briefs/share/doc/city-briefs/\n" in image
    sent = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    assert {"!LICENSE", "!LICENCES.md", "!sbom"} <= set(sent)
    assert "COPY sbom /opt/briefs/share/doc/city-briefs/sbom\n" in image


FOUND = {"id": "PYSEC-1", "fix_versions": ["2.0"], "description": "…"}
ANSWERS = [
    ("", 2, [audit.UNREACHABLE]), ("no JSON", 2, [audit.UNREACHABLE]), ('{"dependencies": []}', 2, [audit.UNREACHABLE]),
    ({"a": "skipped", "b": "skipped"}, 2, [audit.UNREACHABLE]),
    ({"a": [], "b": []}, 0, ["Packages looked up: 2; advisories: 0."]),
    ({"a": [FOUND], "b": []}, 1, ["a 1.0: PYSEC-1. Mended in 2.0.", "Packages looked up: 2; advisories: 1."]),
    ({"a": [FOUND | {"fix_versions": []}]}, 1, ["a 1.0: PYSEC-1. No version mends it yet.", "Packages looked up: 1; advisories: 1."]),
    ({"a": [], "b": "skipped"}, 2, ["Not looked up: b. The index does not know them, or did not answer.", "Packages looked up: 1; advisories: 0."]),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "code", "sentences"), ANSWERS, ids=range(len(ANSWERS)))
def test_an_audit_that_looked_nothing_up_has_found_nothing_out(answer, code, sentences):
    if isinstance(answer, dict):
        listed = [
            {"name": name, "skip_reason": vulns} if vulns == "skipped" else {"name": name, "version": "1.0", "vulns": vulns}
            for name, vulns in answer.items()
        ]
        answer = json.dumps({"dependencies": listed, "fixes": []})
    assert audit.said(answer) == (code, sentences)
