"""Whether advisories are known of what the locks name: `make audit` asks the index of PyPI through pip-audit.

It ends with 0 when all was looked up and nothing is known, with 1 when something is, and with 2 when not all could be looked up.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.helpers import ROOT

LOCK = "requirements-all.lock"  # which names what the others name
COMMAND = ("-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json")
UNREACHABLE = (
    "No index of advisories can be reached from here, so nothing was looked up: run `make audit` on a machine with internet."
)


def asked(lock: Path) -> str:
    """Return what pip-audit says of a lock, as JSON; empty when it says nothing."""
    return subprocess.run(
        [sys.executable, *COMMAND, "-r", str(lock)], capture_output=True, text=True, encoding="utf-8", check=False
    ).stdout


def said(answer: str) -> tuple[int, Sequence[str]]:
    """Return the exit code and the sentences for an answer of pip-audit."""
    try:
        listed: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        listed = []
    skipped = [one["name"] for one in listed if "skip_reason" in one]
    if len(skipped) == len(listed):
        return 2, [UNREACHABLE]
    known = [
        f"{one['name']} {one['version']}: {found['id']}. {_remedy(found['fix_versions'])}"
        for one in listed
        for found in one.get("vulns", ())
    ]
    if skipped:
        known.append(f"Not looked up: {', '.join(sorted(skipped))}. The index does not know them, or did not answer.")
    counts = f"Packages looked up: {len(listed) - len(skipped)}; advisories: {sum(len(one.get('vulns', ())) for one in listed)}."
    return (1 if any("vulns" in one and one["vulns"] for one in listed) else 2 if skipped else 0), [*known, counts]


def _remedy(versions: Sequence[str]) -> str:
    return f"Mended in {', '.join(versions)}." if versions else "No version mends it yet."


if __name__ == "__main__":
    code, sentences = said(asked(ROOT / LOCK))
    print("\n".join(sentences))
    sys.exit(code)
