"""What a build says at its end."""

import pytest

from city_briefs.common.periods import Period
from city_briefs.common.regions import Region
from city_briefs.production.build.outcome import PackOutcome
from city_briefs.production.build.summary import report
from city_briefs.production.packs import packs_toml
from city_briefs.production.packs.plan import PackRequest, SnapshotRef

PACKS = packs_toml.packs()
ASHFORD, BIRCHWOOD = Region("9100", "Ashford", "", "city"), Region("9200", "Birchwood", "", "city")
BRIEF, NOTICE = (PACKS[name] for name in ("city-brief", "yellow-light-notice"))


@pytest.fixture
def outcome(tmp_path):
    """Makes the outcome of a pack in `tmp_path`, with two files when it stands."""

    def made(status, pack=BRIEF, region=ASHFORD, year=2021):
        request = PackRequest(pack, region, Period(year), SnapshotRef(tmp_path), tmp_path, ("html", "pdf"))
        if status == "failed":
            return PackOutcome(request, status, error=f"{request.name}: {pack.id} could not be made.")
        return PackOutcome(request, status, tuple(request.folder / f"{pack.id}.{suffix}" for suffix in request.formats))

    return made


def test_three_lines_say_how_many_where_and_the_index(outcome, tmp_path, capsys):
    done = [outcome("built"), outcome("kept", NOTICE), outcome("built", region=BIRCHWOOD), outcome("built", year=2020)]
    report(done, tmp_path)
    assert capsys.readouterr() == (
        "4 of 4 packs written, 1 of them before and kept.\n"
        f"Packs: {tmp_path}/2021, {tmp_path}/2020 (regions: 2)\n"
        f"Index: {tmp_path}/index.html\n",
        "",
    )


def test_verbose_names_the_files_of_each_pack_before(outcome, tmp_path, capsys):
    report([outcome("built"), outcome("failed", NOTICE), outcome("kept", region=BIRCHWOOD)], tmp_path, verbose=True)
    out, err = capsys.readouterr()
    ashford, birchwood = tmp_path / "2021/9100/city-brief", tmp_path / "2021/9200/city-brief"
    assert out.splitlines()[:2] == [f"{ashford}.html  {ashford}.pdf", f"{birchwood}.html  {birchwood}.pdf"]
    assert out.splitlines()[2:] == [f"Packs: {tmp_path}/2021 (regions: 2)", f"Index: {tmp_path}/index.html"]
    assert err == "2 of 3 packs written, 1 of them before and kept. Not written: Ashford 2021 yellow-light-notice (see above).\n"


def test_when_no_pack_stands_only_the_index_is_named(outcome, tmp_path, capsys):
    report([outcome("failed"), outcome("failed", region=BIRCHWOOD)], tmp_path)
    assert capsys.readouterr() == (
        f"Index: {tmp_path}/index.html\n",
        "0 of 2 packs written. Not written: Ashford 2021、Birchwood 2021 (see above).\n",
    )
