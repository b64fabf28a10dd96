"""Manifests as nobody would think of them: drawn from valid ones, by another value, a key less, a key more, other bytes.

Whoever has a key can sign them too. Whatever is drawn: what reads the register gives an answer or a sentence, and another pack stays.
"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city_briefs.common import characters, paths
from city_briefs.common.errors import BriefError, DataError
from city_briefs.production.build import index_page, outputs
from city_briefs.production.delivery import documents, message
from city_briefs.production.editions import first_issued, manifest, register, signature
from city_briefs.production.review import compare, verify
from tests.helpers.issued import edition, stated
from tests.helpers.signing import Key
from tests.helpers.size import FULL

PLACE, MANY = "2021/9100/city-brief/2", 2000 if FULL else 60
NAMES = st.sampled_from(
    [*sorted(manifest.ManifestEntry.model_fields), "packs", "city-brief", "key", "ed25519", "id", "issued_on", "issued_by"]
)
WORDS = st.one_of(
    st.text(max_size=9), st.sampled_from(["", ".", "..", "../../x", "/etc/passwd", "\0", "\x1b[2J", "\u2028", "2021-02-30", "2021", "x" * 999, "\ud800", "=1+1"]),
)  # fmt: skip
NUMBERS = st.one_of(
    st.integers(-3, 3), st.integers(), st.floats(), st.sampled_from([10**400, -(10**400), 2**63, 0.5, float("nan"), float("inf")])
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.one_of(NAMES, WORDS), inner, max_size=3)),
    max_leaves=6,
)


def places(value, path=()):
    """The paths to all parts of a JSON document."""
    yield path
    if isinstance(value, dict):
        for name, part in value.items():
            yield from places(part, (*path, name))


@st.composite
def drawn(draw, written):
    """Another text in the place of a manifest."""
    said = json.loads(written)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from([path for path in places(said) if path]))
        part = said
        for name in way:
            part = part[name]
        how = draw(st.sampled_from(["another", "another", "another", "less", "more"]))
        if how == "less":
            del part[last]
        else:
            part[last if how == "another" else draw(WORDS)] = draw(VALUES)
        if not said:
            break
    if draw(st.booleans()):
        said = resealed(said)
    text = json.dumps(said, ensure_ascii=draw(st.booleans()), indent=2, sort_keys=True) + "\n"
    content = text.encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 9)) == 0:  # also in its bytes
        place = draw(st.integers(0, len(content)))
        content = content[:place] + draw(st.binary(max_size=4)) + content[place + draw(st.integers(0, 4)) :]
    return content


def resealed(said):
    """The same under a hash and a signature that hold, where it still can have them."""
    try:
        return {
            "packs": {
                pack: manifest.sealed({name: part for name, part in entry.items() if name not in manifest.SEAL})
                for pack, entry in said["packs"].items()
            }
        }
    except (KeyError, TypeError, AttributeError, ValueError):
        return said


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A register of two cities, each with two editions of one pack, and the folder that it lies in as the working directory."""
    folder = tmp_path_factory.mktemp("drawn")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(signature.VARIABLE, str(Key(folder, 1).private))
        patch.setenv(paths.RESULTS_VARIABLE, str(folder / "results"))
        patch.setattr(paths, "root", lambda: folder)
        patch.setattr(paths, "register", lambda: folder / "editions")
        patch.chdir(folder)
        for city in ("9100", "9200"):
            for number in (1, 2):
                edition(folder / "editions", "2021", stated(number, region=city), region=city, number=number)
        yield folder / "editions"


def answered(ask, *about):
    """What is answered, or the sentence that says why there is no answer."""
    try:
        return ask(*about)
    except BriefError as error:
        assert str(error) and not characters.refused(characters.visible(str(error)).replace("\n", " "))
        return error


@settings(
    max_examples=MANY,
)
@given(data=st.data())
def test_whatever_is_drawn_costs_its_own_pack_alone_and_never_a_traceback(root, data):
    file = root / PLACE / manifest.MANIFEST
    written = file.read_bytes()
    file.write_bytes(content := data.draw(drawn(written.decode())))
    try:
        issued = answered(register.editions, "city-brief", "9100", "2021")
        assert isinstance(issued, DataError) or len(issued) == 2
        assert len(register.editions("city-brief", "9200", "2021")) == 2
        index_page.write_of_editions(root)
        first_issued.keep()
        differences = answered(verify.verify, root).differences
        if content != written and isinstance(issued, DataError):
            assert differences and all(PLACE in line or "first-issued.csv" in line for line in differences), differences
        for document in documents.issued(lambda entry: True).documents:
            assert not characters.refused(document.title) and message.identity(document, "li@city.test")
            assert document.differences(None) == [] or document.entry["region"] == "9100"
        answered(compare.compare, root, root)
        index_page.pages(root.parent)
        outputs._made(root / "2021/9200")
    finally:
        file.write_bytes(written)
