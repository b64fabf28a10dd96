"""A draft is a draft on every page until somebody has signed; what was issued stays as it was, and the next edition says what changed."""

import json
import shutil

import pypdfium2
import pytest
from bs4 import BeautifulSoup

from city_briefs.common import issued_figures
from city_briefs.production.build import index_page as index
from city_briefs.production.editions import manifest
from city_briefs.production.editions.signature import VARIABLE
from tests.helpers.planted import ODD, plant
from tests.helpers.project import sentences
from tests.helpers.province import ENTITY, HAZARD, Province
from tests.helpers.signing import Key
from tests.helpers.size import in_full

PLACE = "2021/9100"
ISSUED = f"data/editions/{PLACE}/city-brief"
APPROVE = ("approve", "city-brief", "--city", "Ashford", "--year", "2021")
SIGNED = ("--by", "签发甲", "--reviewer", "审核乙", "--on", "2022-01-20")
BOTH = ("build", "city-brief", "--year", "2021", "--jobs", "1")
QUICK = (*BOTH[1:], "--format", "html")
MORE = ENTITY + "    c          9100    2021-05-02\n"
STAMP = "第1版　审核人：审核乙　签发人：签发甲　2022年1月20日签发"


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return Key(tmp_path_factory.mktemp("keys"), 1)


@pytest.fixture(scope="module")
def issued(tmp_path_factory, key):
    """A province of two drafts, of which one was issued."""
    made = Province(tmp_path_factory.mktemp("approval"))
    made.data(tmp_path_factory.mktemp("data") / "first")
    assert made.briefs(*BOTH).returncode == 0
    made.drafts = made.files()
    made.said = made.briefs(*APPROVE, *SIGNED, **{VARIABLE: str(key.private)})
    return made


@pytest.fixture
def province(issued, tmp_path):
    return issued.copied(tmp_path)


def pages(file):
    """The text of each page of a PDF, without the gaps that its lines leave."""
    with pypdfium2.PdfDocument(file) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def entry(folder, pack="city-brief"):
    return manifest.read(folder)[pack]


def changes(province):
    """What the appendix of the draft says of the edition before."""
    page = BeautifulSoup((province.out / PLACE / "city-brief.html").read_text("utf-8"), "html.parser")
    heading = page.find("h3", string="本版与上版的变化")
    return [item.get_text() for item in heading.find_next_sibling("ol").find_all("li")]


def register(province):
    return {file.relative_to(province.root): file.read_bytes() for file in (province.root / ISSUED).rglob("*") if file.is_file()}


def approved(province, key, *signed):
    done = province.briefs(*APPROVE, *signed, **{VARIABLE: str(key.private)})
    assert (done.returncode, done.stderr) == (0, "")


def test_every_page_of_a_draft_says_so_and_none_of_an_edition_does(issued):
    assert (issued.said.returncode, issued.said.stderr) == (0, "")
    assert issued.said.stdout == f"Ashford 2021: edition 1 of city-brief is issued. {ISSUED}/1\n"
    draft = pages(issued.out / "2021/9200/city-brief.pdf")
    assert len(draft) > 1 and all(page.startswith("送审稿 · ") for page in draft) and "送审稿（第1版）" in draft[0]
    for suffix in ("pdf", "html", "xlsx", "docx"):
        file = issued.out / f"{PLACE}/city-brief.{suffix}"
        assert file.read_bytes() == (issued.root / ISSUED / f"1/city-brief.{suffix}").read_bytes()
    page = (issued.out / f"{PLACE}/city-brief.html").read_text("utf-8")
    assert STAMP in page and "送审稿" not in page
    edition = pages(issued.out / f"{PLACE}/city-brief.pdf")
    assert STAMP.replace("　", " ") in edition[0] and not any("送审稿" in page for page in edition)


def test_a_classification_stands_at_the_head_of_every_page_and_in_the_manifest(province):
    listed = province.root / "notebooks/packs.toml"
    listed.write_text(listed.read_text("utf-8") + 'classification = "内部资料"\n', "utf-8")  # of the last pack
    province.build("short-brief", "--year", "2021", "--city", "Ashford", "--format", "pdf", "--format", "html")
    said = pages(province.out / f"{PLACE}/short-brief.pdf")
    assert all(page.startswith("内部资料 · 送审稿 · ") for page in said)
    assert "内部资料 · 送审稿 · " in (province.out / f"{PLACE}/short-brief.html").read_text("utf-8")
    assert entry(province.out / PLACE, "short-brief")["classification"] == "内部资料"


def test_the_signed_manifest_records_who_and_when(issued, key):
    said = entry(issued.root / ISSUED / "1")
    assert said == entry(issued.out / PLACE)
    assert said["approval"] == {"reviewed_by": "审核乙", "issued_by": "签发甲", "issued_on": "2022-01-20"}
    assert (said["edition"], said["signature"]["key"]) == (1, key.name)
    for folder in ("outputs", "data/editions"):
        assert issued.briefs("verify", folder).returncode == 0, folder
    assert issued.briefs("verify", "data/editions", "--key", str(key.public)).returncode == 0


def test_an_edition_stands_in_every_build_that_says_the_same_and_is_put_back_when_the_outputs_are_gone(province):
    before = province.files()
    assert province.build(*BOTH[1:])["kept"] == 2
    shutil.rmtree(province.out)
    assert province.build(*BOTH[1:], "--format", "pdf")["built"] == 2
    edition = {name: made for name, made in before.items() if name.startswith(PLACE)}
    assert {name: made for name, made in province.files().items() if name.startswith(PLACE)} == edition


def test_an_edition_that_was_issued_when_the_process_died_is_put_in_its_place_by_the_next_build(province, issued):
    edition = province.files()
    for name, made in issued.drafts.items():
        (province.out / name).write_bytes(made)
    assert province.build(*BOTH[1:])["built"] == 1
    assert {name: made for name, made in province.files().items() if PLACE in name} == {
        name: made for name, made in edition.items() if PLACE in name
    }


def test_the_next_edition_says_which_numbers_moved_by_how_much_and_because_of_the_data(province, tmp_path, key):
    first = register(province)
    province.data(tmp_path / "second", entities=MORE)
    province.build(*QUICK)
    assert entry(province.out / PLACE)["edition"] == 2
    assert changes(province) == [
        "上版为第1版，2022年1月20日签发。",
        "新设立市场主体：本期数1户→2户（+1户）；占比50.0%→66.7%（数据更新）。",
    ]
    approved(province, key, "--by", "签发甲", "--on", "2022-02-20")
    assert {name: made for name, made in register(province).items() if name in first} == first
    page = (province.root / "data/editions/index.html").read_text("utf-8")
    assert [page.index(words) for words in ("第2版　2022年2月20日签发", "现行", "第1版　2022年1月20日签发")]
    assert first_issued(province) == FIRST_ISSUED  # 1, not 2 as the second edition says
    assert province.briefs("verify", "data/editions").returncode == 0
    assert province.briefs("verify", "outputs", "--rebuild").returncode == 0


def first_issued(province):
    """The values of new_entities in Ashford as they were first issued."""
    lines = (province.root / "data/editions/first-issued.csv").read_text("utf-8").splitlines()
    names = lines[0].split(",")
    found = [dict(zip(names, line.split(","), strict=True)) for line in lines[1:]]
    shown = ("metric", "region", "year", "through", "value", "issued_on", "pack", "edition")
    return [tuple(row[name] for name in shown) for row in found if (row["metric"], row["region"]) == ("new_entities", "9100")]


FIRST_ISSUED = [("new_entities", "9100", "2021", "12", "1", "2022-01-20", "city-brief", "1")]


def test_what_was_first_issued_is_made_again_from_the_editions(province):
    file = province.root / "data/editions/first-issued.csv"
    before = file.read_bytes()
    assert first_issued(province) == FIRST_ISSUED
    file.write_bytes(before.replace(b",1,", b",5,"))
    verified = province.briefs("verify", "data/editions")
    assert sentences(verified.stderr) == [
        "data/editions/first-issued.csv is not what the editions that lie here say. `briefs build` writes it anew.",
        "Differences from what was made: 1.",
    ]
    assert province.build(*BOTH[1:])["kept"] == 2 and file.read_bytes() == before
    older = issued_figures.text(issued_figures.read(before.decode()), issued_figures.FIRST_COLUMNS)
    file.write_text(older, "utf-8")  # before it named tables
    assert before.decode() != older and province.briefs("verify", "data/editions").returncode == 0
    file.unlink()
    assert province.build(*BOTH[1:])["kept"] == 2 and file.read_bytes() == before
    assert province.briefs("verify", "data/editions").returncode == 0


def test_a_metric_that_was_defined_anew_is_named_as_the_cause(province):
    """And metrics that an office reports were added, which is no matter of data."""
    with (province.root / "data/reference/reported.csv").open("a", encoding="utf-8") as file:
        file.write("营商环境,service_halls,服务大厅,service halls,个,stock,,,,登记处,期末服务大厅个数。,\n")
    file = province.root / "lib/city_briefs/metrics/business_environment.py"
    text = file.read_text("utf-8")
    head, tail = text.split("def new_entities(")
    file.write_text(f"{head}def new_entities({tail.replace('rows.count()', 'rows.count() * 2', 1)}", "utf-8")
    province.build(*QUICK)
    assert changes(province)[1] == "新设立市场主体：本期数1户→2户（+1户）（口径调整）。"


def test_a_chapter_that_was_written_anew_is_named(province):
    province.edit("summary", "call", "say(new_entities)\nsay(new_enterprises)")
    province.build(*QUICK)
    _, added, written = changes(province)
    assert added.startswith("新设企业：本期数本版新列，为1户") and added.endswith("（文字修改）。")
    assert written == "正文有修改的章节：summary。"


@pytest.mark.parametrize("call", ["say(new_entities)  # the same", "import math as _math\nsay(new_entities)"])
def test_a_chapter_whose_code_alone_changed_makes_no_edition(province, call):
    province.edit("summary", "call", call)
    province.build(*QUICK)
    assert entry(province.out / PLACE) == entry(province.root / ISSUED / "1")


def test_a_chapter_whose_markdown_alone_changed_is_named_alone(province):
    province.edit("summary", "figures", "## 其他标题")
    province.build(*QUICK)
    assert changes(province) == ["上版为第1版，2022年1月20日签发。", "正文有修改的章节：summary。"]


def test_a_draft_says_what_moved_and_nothing_of_code_that_says_the_same(province):
    """Every chapter imports in another way, and one has another heading."""
    for name in ("summary", "safety"):
        province.edit(name, "library", "import math as _math\nfrom city_briefs.notebook import *")
    province.edit("safety", "figures", "## 其他标题")
    province.build(*QUICK)
    assert changes(province) == ["上版为第1版，2022年1月20日签发。", "正文有修改的章节：safety。"]


def test_another_version_of_the_layout_leaves_editions_as_they_were_issued(province):
    before = {name: made for name, made in province.files().items() if PLACE in name}
    template = province.root / "lib/city_briefs/production/export/templates/brief/brief.typ"
    template.write_text(template.read_text("utf-8").replace("8.5pt, fill: muted", "9pt, fill: muted"), "utf-8")
    assert province.build(*BOTH[1:])["built"] == 1  # the draft
    assert {name: made for name, made in province.files().items() if PLACE in name} == before


@pytest.mark.parametrize("name", ["manifest.json", "city-brief.pdf"])
def test_a_register_that_was_altered_is_refused_by_name(province, name):
    file = province.root / ISSUED / "1" / name
    file.write_bytes(file.read_bytes().replace(b"2022-01-20", b"2022-01-21") if name == "manifest.json" else b"other")
    shutil.rmtree(province.out)
    done = province.briefs(*BOTH)
    said = f"Ashford 2021: {ISSUED}/1/{name} is not as it was issued. Put it back from a copy of the register."
    assert done.returncode == 4 and said in done.stderr.splitlines()
    assert (province.out / "2021/9200/city-brief.pdf").exists() and not (province.out / f"{PLACE}/city-brief.pdf").exists()
    assert "■</span> 编制未成（尚无成稿）" in (province.out / "index.html").read_text("utf-8")
    verified = province.briefs("verify", "data/editions")
    assert verified.returncode == 6 and name in verified.stderr


def test_what_may_not_be_approved_is_said_in_a_sentence_and_issues_nothing(province, key):
    signing = {VARIABLE: str(key.private)}
    before = register(province)

    def said(*words, **variables):
        done = province.briefs("approve", *words, **variables)
        assert (done.returncode, done.stdout) == (2, "")
        return done.stderr

    assert said("city-brief", "--year", "2021", *SIGNED, **signing) == (
        "city-brief is made for each city. Name those that are approved with --city.\n"
    )
    birchwood = ("city-brief", "--year", "2021", "--city", "Birchwood")
    assert said(*birchwood, *SIGNED) == (
        "An approval is signed. Let BRIEFS_SIGNING_KEY name the key that signs. "
        "`openssl genpkey -algorithm ed25519 -out key.pem` makes one.\n"
    )
    assert said(*birchwood, "--by", "某甲", "--on", "20 Jan", **signing) == (
        "--on: there is no day '20 Jan'. A day is written YYYY-MM-DD, such as 2022-01-20.\n"
    )
    assert said(*birchwood, "--by", "某甲", "--on", "2021-12-31", **signing) == (
        "--on: 2021-12-31 is not after 2021-12-31, up to which the data are. Name the day on which it is issued.\n"
    )
    assert said("city-brief", "--year", "2021", "--city", "9000", *SIGNED, **signing) == (
        "city-brief is made for each city, and Norland (9000) is a province.\n"
    )
    assert said(*birchwood, "--by", "某\x1b甲", **signing) == (
        "--by: '某[U+001B]甲' is no name. A name has up to 40 characters that can be printed.\n"
    )
    assert said(*APPROVE[1:], *SIGNED, **signing) == (
        "Ashford 2021: city-brief says what edition 1 says, which 签发甲 issued on 2022-01-20.\n"
    )
    province.edit("summary", "call", "say(new_enterprises)")
    assert said(*birchwood, *SIGNED, **signing) == (
        "Birchwood 2021: the draft of city-brief is not as a build would make it now: summary.ipynb changed. "
        "Build it, read it, and approve it then.\n"
    )
    shutil.rmtree(province.out)
    assert said(*birchwood, *SIGNED, **signing) == (
        "Birchwood 2021: no draft of city-brief stands. Build it, read it, and approve it then.\n"
    )
    assert register(province) == before


def test_the_index_tells_drafts_from_what_was_issued(issued):
    page = (issued.out / "index.html").read_text("utf-8")
    assert "第1版　2022年1月20日签发" in page and "第1版　送审稿" in page
    said = (issued.root / "data/editions/index.html").read_text("utf-8")
    assert "已签发文档目录" in said and "送审稿" not in said and 'href="2021/9100/city-brief/1/city-brief.pdf"' in said


def test_a_pack_that_is_a_draft_and_one_that_was_issued_of_an_older_snapshot_stand_beside_each_other(province, tmp_path):
    both = ("--year", "2021", "--city", "Ashford", "--format", "html", "--jobs", "1")
    province.build(*both)
    province.data(tmp_path / "second", entities=ENTITY.replace("2021-04-02", "2021-04-03"))  # which Ashford says nothing of
    assert {pack["pack"]: pack["status"] for pack in province.build(*both)["packs"]} == {
        "city-brief": "kept",
        "short-brief": "built",
    }
    assert province.build(*both)["kept"] == 2
    (province.out / PLACE / "city-brief.html").unlink()
    assert province.build(*both)["built"] == 1
    assert province.build(*both)["kept"] == 2


def test_a_list_that_changed_is_named_though_no_figure_moved(province, tmp_path):
    province.data(tmp_path / "second", hazards=HAZARD.replace("sealed", "closed", 1))
    province.build(*QUICK)
    assert changes(province)[1:] == ["清单、表格或文字有变动的章节：safety（数据更新）。"]


def test_figures_that_are_left_out_are_named_in_chinese(province):
    province.edit("summary", "call", "hazard_list()")
    province.build(*QUICK)
    assert changes(province)[1] == ("新设立市场主体：本期数不再列，上版为1户；占比不再列，上版为50.0%（文字修改）。")


def _unsigned(folder):
    file = folder / "1/manifest.json"
    said = json.loads(file.read_text("utf-8"))
    said["packs"]["city-brief"].pop("signature")
    file.write_text(manifest.text(said["packs"]), "utf-8")


def _of_another(folder):
    file = folder / "1/manifest.json"
    said = json.loads(file.read_text("utf-8"))
    said["packs"]["city-brief"]["region"] = "9200"
    said["packs"]["city-brief"]["hash"] = manifest.digest(said["packs"]["city-brief"])
    file.write_text(manifest.text(said["packs"]), "utf-8")


def test_only_those_may_issue_whom_the_settings_name(province, key, tmp_path):
    another = Key(tmp_path, 2)
    with (province.root / "briefs.toml").open("a") as settings:
        settings.write(f'signers = ["{another.name}"]\n')
    done = province.briefs(
        "approve", "city-brief", "--city", "Birchwood", "--year", "2021", *SIGNED, **{VARIABLE: str(key.private)}
    )
    said = f"The key {key.name} may not issue editions: it is none of the signers of briefs.toml.\n"
    assert (done.returncode, done.stderr) == (2, said)
    unknown = f"manifest.json is signed by {key.name}, which is none of the signers of briefs.toml. Add it there, if it was right to issue.\n"
    assert unknown in province.briefs(*BOTH).stderr  # what was issued before there were any
    settings = province.root / "briefs.toml"
    settings.write_text(settings.read_text("utf-8").replace(another.name, key.name), "utf-8")
    assert province.briefs(*BOTH).returncode == 0


def _resealed(**said):
    """Says something else of the edition, under the hash and the signature of its own key; None takes a key away."""

    def alter(folder):
        entry = manifest.read(folder / "1")["city-brief"] | said
        entry = manifest.sealed({name: value for name, value in entry.items() if name not in manifest.SEAL and value is not None})
        (folder / "1/manifest.json").write_text(manifest.text({"city-brief": entry}), "utf-8")

    return alter


def _null(name):
    return lambda folder: (folder / "1/manifest.json").write_text(
        manifest.text({"city-brief": entry(folder / "1") | {name: None}}), "utf-8"
    )


def _without(name):
    def alter(folder):
        said = entry(folder / "1")
        del said[name]
        (folder / "1/manifest.json").write_text(manifest.text({"city-brief": said}), "utf-8")

    return alter


def _in_words(old, new):
    """Puts other words into the file, which is not signed anew."""

    def alter(folder):
        file = folder / "1/manifest.json"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    return alter


ALTERED = {
    "unsigned": _unsigned, "of another place": _of_another, "renamed": lambda folder: (folder / "1").rename(folder / "2"),
    "no hash": _without("hash"), "no approval": _without("approval"), "null hash": _null("hash"), "null approval": _null("approval"),
    "no edition": _resealed(edition=None), "no such day": _resealed(approval={"reviewed_by": "", "issued_by": "", "issued_on": "2022-02-30"}),
    "a long name": _resealed(outputs={"x" * 300: ""}), "said twice": _in_words('"edition": 1,', '"edition": 1, "edition": 1,'),
    "no number": _in_words('"edition": 1,', '"edition": NaN,'), "a huge number": _in_words('"edition": 1,', f'"edition": 1{"0" * 5000},'),
    "deep": _in_words('"edition": 1,', f'"edition": {"[" * 5000}{"]" * 5000},'),
    **{kind: lambda folder, kind=kind: plant(kind, folder / "1/manifest.json") for kind in ODD},
}  # fmt: skip


@pytest.mark.parametrize(
    "alter", [pytest.param(alter, id=name, marks=[in_full] if name in ODD else []) for name, alter in ALTERED.items()]
)
def test_what_nobody_signed_or_is_of_another_place_is_no_edition(province, alter, key, monkeypatch):
    """And costs no other pack anything."""
    monkeypatch.setenv(VARIABLE, str(key.private))  # with which it is signed
    alter(province.root / ISSUED)
    monkeypatch.delenv(VARIABLE)
    done = province.briefs(*BOTH)
    said = f"Ashford 2021: {ISSUED}/1/manifest.json is not as it was issued. Put it back from a copy of the register."
    assert done.returncode == 4 and said in done.stderr.splitlines() and "Traceback" not in done.stderr
    verified = province.briefs("verify", "data/editions")
    assert verified.returncode == 6 and f"{ISSUED}/" in verified.stderr and "Traceback" not in verified.stderr


@pytest.mark.parametrize("gone", ["1", "", "."])
def test_the_newest_edition_that_is_gone_is_missed_while_the_outputs_hold_it(province, key, gone):
    """The folder of the edition, that of its pack, or all of the register."""
    shutil.rmtree(province.root / ("data/editions" if gone == "." else f"{ISSUED}/{gone}"))
    said = (
        f"{ISSUED}/1 is missing. Put it back from a copy of the register: outputs/{PLACE}/manifest.json says that it was issued. "
        "Where the register is to begin anew, delete the outputs too."
    )
    done = province.briefs(*BOTH)
    assert done.returncode == 4 and f"Ashford 2021: {said}" in done.stderr.splitlines()
    assert entry(province.out / PLACE)["edition"] == 1  # stands
    done = province.briefs(*APPROVE, *SIGNED, **{VARIABLE: str(key.private)})
    assert (done.returncode, done.stderr) == (3, f"{said}\n")
    shutil.rmtree(province.out)
    assert province.briefs(*BOTH).returncode == 0


def test_what_a_kill_left_in_the_register_is_in_no_index(province):
    folder = province.root / ISSUED
    shutil.copytree(folder / "1", folder / ".issuing-aaaaaa-1-x")
    assert ".issuing" not in "".join(index.pages_of_editions(province.root / "data/editions").values())


def test_an_index_that_a_kill_left_unwritten_is_written_by_the_next_approval(province, key):
    index = province.root / "data/editions/index.html"
    before = index.read_bytes()
    index.write_text("", "utf-8")
    assert "`briefs approve` writes it anew." in province.briefs("verify", "data/editions").stderr
    assert province.briefs(*APPROVE, *SIGNED, **{VARIABLE: str(key.private)}).returncode == 2
    assert index.read_bytes() == before


def test_the_figures_of_an_edition_are_exported_when_the_outputs_are_gone(province):
    shutil.rmtree(province.out)
    before = register(province)
    words = ("export", "--figures", "city-brief", "--city", "Ashford", "--year", "2021", "--into", "slides")
    gone = province.briefs(*words)
    assert (gone.returncode, gone.stdout) == (2, "") and "does not stand in outputs. Run: briefs build city-brief" in gone.stderr
    done = province.briefs(*words, "--edition", "1")
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.endswith(f" files in slides/{PLACE}/city-brief/1\n")
    assert len(list((province.root / f"slides/{PLACE}/city-brief/1").glob("表*.csv"))) > 0
    assert register(province) == before
    into_the_register = province.briefs(*words[:-1], "data/editions", "--edition", "1")  # whose folders have the same names
    assert (into_the_register.returncode, into_the_register.stdout) == (2, "") and register(province) == before
    assert (
        into_the_register.stderr
        == f"{ISSUED}/1 holds city-brief.docx, which is no chart or table of a pack. Name another folder with --into.\n"
    )
