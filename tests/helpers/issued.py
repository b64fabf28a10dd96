"""Registers of signed editions that state given figures, without a build."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pytest

from city_briefs.common import paths
from city_briefs.common.hashing import file_hash
from city_briefs.common.theme import MIME
from city_briefs.production.build import index_page
from city_briefs.production.editions import first_issued, manifest, signature
from tests.helpers import blocks
from tests.helpers.signing import Key


def edition(
    root: Path, period: str, *figures: dict, number: int = 1, on: str = "2022-01-20", pack: str = "city-brief",
    region: str = "9100", definition: str = "2:a", synthetic: bool = False,
    tables: Mapping[str, str] = MappingProxyType({}), counted_from: Sequence[str] = (),
) -> Path:  # fmt: skip
    """Put an edition into a register, signed by the key in use, and return its folder; the figures are of the metric m.

    `tables` are those of its snapshot with their hashes, and the metrics are `counted_from` some of them.
    """
    folder = root / period / region / pack / str(number)
    folder.mkdir(parents=True)
    shown = blocks.block(
        "prose",
        figures=list(figures),
        metrics=[blocks.metric(id=name, hash=definition, tables=list(counted_from)) for name in _names(figures)],
    )
    cell = {"cell_type": "code", "source": "", "outputs": [{"output_type": "display_data", "data": {MIME: shown}}]}
    (folder / "summary.ipynb").write_text(json.dumps({"cells": [cell]}), "utf-8")
    entry = {
        "pack": pack, "region": region, "name": "Ashford", "short": "Ashford", "period": period, "period_text": period,
        "title": "", "document": "", "until": f"{period[:4]}-12-31", "key": "", "snapshot": blocks.STAMP | {"synthetic": synthetic},
        "tables": dict(tables), "edition": number, "content": "",
        "approval": {"reviewed_by": "乙", "issued_by": "甲", "issued_on": on},
        "outputs": {"summary.ipynb": file_hash(folder / "summary.ipynb")},
    }  # fmt: skip
    if last := manifest.read(folder.with_name(str(number - 1))):
        entry["before"] = last[pack]["hash"]
    (folder / manifest.MANIFEST).write_text(manifest.text({pack: manifest.sealed(entry)}), "utf-8")
    return folder


CITIES = ("9100", "9200")


def register_of_two_cities(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a register of two cities with two editions each in a folder that becomes the project and the working directory; return it."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv(signature.VARIABLE, str(Key(folder, 1).private))
    monkeypatch.setenv(paths.RESULTS_VARIABLE, str(folder / "results"))
    monkeypatch.setattr(paths, "root", lambda: folder)
    monkeypatch.setattr(paths, "register", lambda: folder / "editions")
    for city in CITIES:
        for number in (1, 2):
            edition(folder / "editions", "2021", stated(number, region=city), region=city, number=number)
    index_page.write_of_editions(folder / "editions")
    first_issued.keep()
    return folder / "editions"


def _names(figures: tuple[dict, ...]) -> list[str]:
    return list(dict.fromkeys(figure["metric"] for figure in figures))


def stated(value: float | None, **given: object) -> dict:
    """Return a figure of Ashford, of the year 2021 unless told otherwise."""
    return blocks.figure(**{"region": "9100", "value": value} | given)
