"""Bills of materials (CycloneDX 1.6), one of each lock: `make sbom` writes them to `sbom`, from the lock alone, to the same bytes anywhere."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement

from city_briefs import __version__
from city_briefs.common.hashing import file_hash
from tests.helpers import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-all.lock")
FOLDER = ROOT / "sbom"
PROJECT = "city-briefs"
SPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # of names that are addresses, RFC 9562
VIA = re.compile(r"^    #(?: via)? {1,3}([a-z0-9][a-z0-9._-]*)", re.MULTILINE)


@dataclass(frozen=True)
class Pin:
    """What a lock names: a package, of one version and for some machines, and the packages that it is there for."""

    name: str
    version: str
    marker: str
    via: tuple[str, ...]

    @property
    def purl(self) -> PackageURL:
        """By what every bill of materials names it."""
        return PackageURL("pypi", None, self.name, self.version)


def pins(lock: str) -> Iterator[Pin]:
    """Yield what a lock names, in its order."""
    for block in re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text("utf-8")):
        pinned, _, rest = block.partition(" \\\n")
        if rest:
            wanted = Requirement(pinned)
            (version,) = (one.version for one in wanted.specifier)
            yield Pin(wanted.name, version, str(wanted.marker or ""), tuple(VIA.findall(rest)))


def bill(lock: str) -> str:
    """Return the bill of materials of a lock, as JSON."""
    every = list(pins(lock))
    components = {pin: _component(pin) for pin in every}
    project = Component(
        name=PROJECT, version=__version__, type=ComponentType.APPLICATION, bom_ref=PROJECT,
        licenses=[LicenseExpression("MIT AND OFL-1.1")],
    )  # fmt: skip
    made = Bom(components=components.values(), serial_number=uuid.uuid5(SPACE, (ROOT / lock).read_text("utf-8")))
    made.metadata.component, made.metadata.timestamp = project, None
    made.metadata.properties = [
        Property(name=f"{PROJECT}:lock", value=f"{lock} sha256:{file_hash(ROOT / lock)}")
    ]  # with all hashes
    needs: dict[str, list[Component]] = {PROJECT: [], **{pin.name: [] for pin in every}}
    for pin in every:
        for parent in pin.via or (PROJECT,):
            needs.get(parent, needs[PROJECT]).append(components[pin])
    made.dependencies = [
        Dependency(owner.bom_ref, [Dependency(needed.bom_ref) for needed in needs[name]])
        for name, owner in [(PROJECT, project), *((pin.name, components[pin]) for pin in every)]
    ]
    return JsonV1Dot6(made).output_as_string(indent=2) + "\n"


def _component(pin: Pin) -> Component:
    return Component(
        name=pin.name, version=pin.version, purl=pin.purl, bom_ref=str(pin.purl),
        properties=[Property(name=f"{PROJECT}:marker", value=pin.marker)] if pin.marker else [],
    )  # fmt: skip


def path(lock: str) -> Path:
    """Return where the bill of a lock lies."""
    return FOLDER / f"{lock.removesuffix('.lock')}.cdx.json"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for lock in LOCKS:
        path(lock).write_text(bill(lock), "utf-8", newline="\n")
