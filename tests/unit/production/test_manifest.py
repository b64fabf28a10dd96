"""A manifest says of each pack what it was made from and holds, under a hash that is its own, and a signature when a key is set."""

import json
from dataclasses import replace

import pytest

from city_briefs import __version__
from city_briefs.app import incremental
from city_briefs.common import paths, source_hash
from city_briefs.common.hashing import file_hash
from city_briefs.model.tables import RETURNS
from city_briefs.production.build import fingerprints, up_to_date
from city_briefs.production.build import outputs as publish
from city_briefs.production.build.make_pack import begun
from city_briefs.production.build.outcome import FailedPack
from city_briefs.production.editions import manifest, signature
from city_briefs.production.packs.edition import Edition
from tests.conftest import covered, rows
from tests.helpers import NOTEBOOKS, REFERENCE, ROOT
from tests.helpers.signing import Key
from tests.unit.production.test_index_page import Outputs

SHA256 = 64  # hexadecimal digits


@pytest.fixture
def outputs(tmp_path):
    return Outputs(tmp_path / "outputs")


@pytest.fixture
def sign(tmp_path, monkeypatch):
    """Sets the key of this number; None unsets it."""

    def with_key(number):
        monkeypatch.setenv(signature.VARIABLE, str(Key(tmp_path, number).private) if number else "")

    return with_key


@pytest.fixture
def asked(outputs, real):
    """A pack that is to be made of the real counts."""
    return replace(outputs.request(), source=incremental.source(real))


def entries(outputs):
    return manifest.read(outputs.request().folder)


def test_what_a_pack_was_made_from_is_there_as_hashes(asked, real):
    said = fingerprints.lineage(asked)
    assert said["tables"] == {name: table.hash for name, table in real.descriptions.items()}
    assert said["snapshot"] == real.stamp
    assert said["parameters"] == {"city": "兰州市", "year": 2021, "through": 12}
    assert said["chapters"] == {chapter.name: file_hash(chapter.notebook) for chapter in asked.chapters}
    assert said["inputs"]["the version of city-briefs"] == __version__
    assert said["inputs"]["requirements.lock"] == source_hash.lock()
    for file in ("lib/city_briefs/analysis/figures/sentences.py", "lib/city_briefs/production/export/pdf.py", "lib/city_briefs/production/export/templates/brief/brief.typ", "lib/city_briefs/common/theme/blocks.html.j2",
                 "data/reference/regions.csv"):  # fmt: skip
        assert said["inputs"][file] == file_hash(ROOT / file)
    assert {len(found) for name, found in said["inputs"].items() if "/" in name or "fonts" in name} == {SHA256}


def key(request, notebooks=()):
    """The cache key of a pack with these executed chapters."""
    return fingerprints.keyed(request, notebooks, "abcdef", Edition()).key


def test_a_remark_is_an_input_of_its_pack(asked, tmp_path, monkeypatch):
    before = key(asked)
    remark = tmp_path / "data/notes/2021/620100/summary.md"
    remark.parent.mkdir(parents=True)
    remark.write_text("短语")
    (tmp_path / "notebooks").symlink_to(NOTEBOOKS)
    (tmp_path / "data/reference").symlink_to(REFERENCE)
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    assert fingerprints.lineage(asked)["inputs"]["data/notes/2021/620100/summary.md"] == file_hash(remark)
    assert key(asked) != before


def test_what_briefs_toml_gives_a_build_to_know_is_an_input_of_chapters_and_packs(asked, tmp_path, monkeypatch):
    said = []
    for name, text in {"none": "", "two": 'A = "2"', "three": 'A = "3"', "other": 'B = "2"'}.items():
        file = tmp_path / name
        file.write_text(f"[environment]\n{text}\n", "utf-8")
        monkeypatch.setattr(paths, "settings_file", lambda file=file: file)
        said.append((fingerprints.chapter_inputs(asked.chapters[0]), fingerprints.pack_quick(asked, [])))
    named = [inputs.get("the environment of briefs.toml") for inputs, _ in said]
    assert named[0] is None
    assert len({*named}) == len({quick for _, quick in said}) == 4


def test_rows_that_the_door_took_with_a_warning_are_counted_by_table_and_rule(world):
    twice = rows("""
        region  month    indicator     numerator  span
        620100  2021-01  new_entities  200        month
        620100  2021-01  new_entities  250        month
    """)
    snapshot = world.snapshot(coverage=covered(RETURNS, ["620100"], [2021]), returns=twice)
    assert incremental.source(snapshot).sealed["findings"] == {"returns": {"unique": 2}}


def test_a_pack_is_made_again_when_anything_that_its_manifest_says_is_another(asked):
    """So that one which is kept says what a new one would."""
    sealed = dict(asked.source.sealed)
    others = [
        replace(asked, source=replace(asked.source, sealed=sealed | {"findings": {"returns": {"unique": 1}}})),
        replace(asked, source=replace(asked.source, sealed=sealed | {"tables": {}})),
        replace(asked, source=replace(asked.source, stamp={**asked.source.stamp, "notice": "试用"})),
        replace(asked, region=replace(asked.region, short="兰")),
        replace(asked, pack=asked.pack.model_copy(update={"body": 16})),
    ]
    keys = {key(request, ["0123"]) for request in (asked, *others)} | {key(asked, ["4567"])}
    assert len(keys) == 7


def test_a_manifest_is_written_in_one_way_and_its_hash_can_be_found_by_anyone(outputs):
    outputs.made()
    content = (outputs.request().folder / "manifest.json").read_text("utf-8")
    said = json.loads(content)
    assert content == json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    entry = said["packs"]["city-brief"]
    assert entry["hash"] == manifest.digest(entry) and "signature" not in entry
    assert str(outputs.out) not in content
    assert entry.keys() == {
        "pack", "region", "name", "short", "period", "period_text", "title", "document", "until", "classification", "edition", "content",
        "key", "snapshot", "outputs", "hash",
    }  # fmt: skip


def test_the_same_key_signs_the_same_pack_in_the_same_way(outputs, sign, tmp_path):
    sign(1)
    outputs.made()
    made = (outputs.request().folder / "manifest.json").read_bytes()
    entry = entries(outputs)["city-brief"]
    assert entry["signature"]["key"] == Key(tmp_path, 1).name
    assert signature.holds(entry["signature"], entry["hash"])
    again = Outputs(tmp_path / "elsewhere")
    again.made()
    assert (again.request().folder / "manifest.json").read_bytes() == made


def test_a_pack_that_is_made_later_without_a_key_leaves_the_signature_of_the_other(outputs, sign):
    sign(1)
    outputs.made()
    before = entries(outputs)["city-brief"]
    sign(None)
    outputs.made("safety-assessment")
    after = entries(outputs)
    assert after["city-brief"] == before
    assert "signature" not in after["safety-assessment"]


@pytest.mark.parametrize(
    ("made_with", "built_with", "stands"), [(1, 1, True), (1, None, True), (None, None, True), (None, 1, False), (2, 1, False)]
)
def test_a_pack_stands_when_it_is_signed_by_the_key_that_is_set(outputs, sign, made_with, built_with, stands):
    """Only what a build with the key has made gets its signature."""
    sign(made_with)
    outputs.made()
    sign(built_with)
    assert up_to_date.of_inputs(outputs.inputs()).up_to_date is stands


@pytest.mark.parametrize("number", [1, None])
def test_what_was_altered_is_not_taken_over_into_the_next_manifest(outputs, sign, number):
    """A document in another format, put there with its right hash, goes when the pack is made again in one format."""
    sign(number)
    outputs.made()
    folder = outputs.request().folder
    (folder / "city-brief.docx").write_text("forged")
    said = manifest.read(folder)
    said["city-brief"]["outputs"]["city-brief.docx"] = file_hash(folder / "city-brief.docx")
    (folder / "manifest.json").write_text(manifest.text(said), "utf-8")
    assert not up_to_date.of_inputs(outputs.inputs()).up_to_date
    outputs.made()
    assert {file.name for file in folder.iterdir()} == {"city-brief.html", "city-brief.pdf", "manifest.json"}


MANGLED = [
    "", "nul", "[]", '{"packs": []}', '{"packs": {"city-brief": []}}', '{"packs": {"city-brief": {}}}', "\ufeff{}", "[" * 100_000,
    '{"packs": ' * 5_000 + "{}" + "}" * 5_000, '{"packs": 1' + "0" * 5_000 + "}",
]  # fmt: skip


@pytest.mark.parametrize("content", MANGLED, ids=range(len(MANGLED)))
def test_what_is_no_manifest_is_as_if_there_were_none(outputs, content):
    outputs.made()
    (outputs.request().folder / "manifest.json").write_text(content, "utf-8")
    assert entries(outputs) == {}
    assert "尚未生成任何简报。" in outputs.page
    outputs.made()
    assert outputs.states == ["待签发"]


@pytest.mark.parametrize(
    "said",
    [
        {"region": 620100}, {"until": None}, {"title": "\ud800"}, {"snapshot": []}, {"outputs": []}, {"more": 1}, {"pack": "other"},
        *({"outputs": {name: "0123"}} for name in ("../../../kept.pdf", "/kept.pdf", "C:kept.pdf", "a\\..\\..\\b.pdf", "a\0", "", ".")),
        *({"outputs": {name: "0123"}} for name in ("x" * 256 + ".pdf", "简" * 100, "a\nb.pdf", "a\u2028b.pdf", "\x1b[2J.pdf", "\u202efdp.exe")),
        *({name: None} for name in ("approval", "signature", "hash", "edition", "content", "before", "outputs", "snapshot", "tables", "metrics")),
        *({"until": day} for day in ("", "2021-13-01", "20211231", "2021-W01-1", "2021-12-31T00:00", " 2021-12-31", "yesterday", 20211231)),
        *({"period": slug} for slug in ("", "2021-13", "2021-M13", "2021-12", "0000", "../2021", "2021\n", "２０２１")),
        *({"region": code} for code in ("", "..", "a/b", "6201\n", "６２０１００")),
        *({"edition": number} for number in (0, -1, 1.0, True, "1", 10**6, 10**400)),
        *({"approval": {"reviewed_by": "乙", "issued_by": "甲", "issued_on": day}} for day in ("", "2022-02-30", "20220120", None)),
        *({"approval": approval} for approval in ({}, [], "签发", {"reviewed_by": "乙", "issued_by": "甲"})),
        *({"signature": {"key": key, "ed25519": ""}} for key in ("", "\x1b[2J", "A" * 43, "A" * 43 + "=\n")),
        *({"signature": said} for said in ({}, [], "", {"key": "A" * 43 + "="}, {"ed25519": "AAAA"})),
    ],
    ids=str,
)  # fmt: skip
def test_an_entry_of_another_kind_or_with_a_file_outside_its_folder_is_none(outputs, said):
    outputs.made()
    outside = outputs.out.parent / "kept.pdf"
    outside.write_text("kept")
    entry = entries(outputs)["city-brief"] | said
    (outputs.request().folder / "manifest.json").write_text(json.dumps({"packs": {"city-brief": entry}}), "utf-8")
    assert entries(outputs) == {}
    outputs.made()
    assert outputs.states == ["待签发"]
    assert outside.exists()


@pytest.mark.parametrize(
    "name", ["hash", "edition", "content", "before", "approval", "signature", "outputs", "key", "until", "period"]
)
def test_an_entry_without_one_of_its_keys_costs_no_page_and_is_made_again(outputs, name):
    outputs.made()
    said = entries(outputs)
    said["city-brief"].pop(name, None)
    (outputs.request().folder / "manifest.json").write_text(manifest.text(said), "utf-8")
    assert len(outputs.states) <= 1
    assert up_to_date.of_inputs(outputs.inputs()).up_to_date is (name in ("before", "approval", "signature"))
    outputs.made()
    assert outputs.states == ["待签发"]


def test_editions_of_version_0_2_are_still_listed(outputs):
    """Their manifests said region and period once for the folder."""
    outputs.made()
    entry = entries(outputs)["city-brief"]
    head = {name: entry.pop(name) for name in manifest.OF_FOLDER}
    del entry["hash"], entry["pack"]
    old = {**head, "version": "0.2.0", "packs": {"city-brief": entry}}
    (outputs.request().folder / "manifest.json").write_text(json.dumps(old), "utf-8")
    assert outputs.states == ["待签发"]
    outputs.made("safety-assessment")
    assert outputs.states == ["待签发", "待签发"]


def test_a_draft_has_a_manifest_of_its_files_and_no_link(outputs):
    request = outputs.request()
    folder = begun(request)
    (folder / "city-brief.html").write_text("draft")
    publish.leave(FailedPack(request, "It stopped.", folder=folder))
    said = manifest.read(publish.incomplete(request))["city-brief"]
    assert said["outputs"] == {"city-brief.html": file_hash(publish.incomplete(request) / "city-brief.html")}
    assert outputs.states == ["编制未成（尚无成稿）"]
    assert "href" not in outputs.page
