"""What the build back end does beyond pyproject.toml: a wheel carries what an office begins with, and a checkout may be moved."""

import base64
import hashlib
import os
import sysconfig
import zipfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = ("notebooks", "data/reference", "briefs.toml", "requirements.lock")
LINE, RECORD = "_city_briefs.pth", "RECORD"


class Hook(BuildHookInterface):
    """Called before and after a wheel is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Let a wheel carry the standard notebooks, reference data, settings and lock; an editable one finds them in the checkout."""
        if version != "editable":
            build_data["force_include"] |= {name: f"city_briefs/standard/{name}" for name in CARRIED}

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Let an environment inside the checkout find `lib` by a way relative to it, whatever the folder's name and wherever it goes."""
        root, packages = Path(self.root).resolve(), Path(sysconfig.get_path("purelib")).resolve()
        if version == "editable" and packages.is_relative_to(root):
            rewrite(Path(artifact_path), os.path.relpath(root / "lib", packages).encode())


def rewrite(wheel: Path, line: bytes) -> None:
    """Write another line in the wheel by which Python finds the package."""
    with zipfile.ZipFile(wheel) as archive:
        files = {entry: archive.read(entry) for entry in archive.infolist()}
    digest = base64.urlsafe_b64encode(hashlib.sha256(line).digest()).rstrip(b"=").decode()
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in files.items():
            if entry.filename == LINE:
                content = line
            elif entry.filename.endswith(f"/{RECORD}"):
                rows = [row for row in content.decode().splitlines() if not row.startswith(f"{LINE},")]
                content = "\n".join([f"{LINE},sha256={digest},{len(line)}", *rows, ""]).encode()
            archive.writestr(entry, content)
