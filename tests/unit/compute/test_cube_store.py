"""Results kept between processes: the same results, computed once; and nothing rests on what is kept."""

import os
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from city_briefs.analysis.compute import cube_store as kept
from city_briefs.analysis.compute.cube import Grid
from city_briefs.analysis.compute.cube_store import AMOUNTS, TRUTHS, Cache
from city_briefs.analysis.compute.results import Results
from city_briefs.analysis.snapshot import load
from city_briefs.metrics import CATALOGUE
from city_briefs.metrics.business_environment import new_enterprises, new_entities
from city_briefs.metrics.consumer_rights import complaints_received
from city_briefs.model.tables import COMPLAINTS, ENTITIES
from tests.conftest import THREE_CITIES, covered, rows
from tests.helpers.size import in_full

MONTHS = ["2021-11", "2021-12", "2022-01"]


def grid(codes, months, scale, amounts):
    return Grid(codes, months, scale=scale, **amounts)


@st.composite
def grids(draw):
    """The grids of one metric: the same axes, scale and kinds of amounts for all parts."""
    codes = draw(st.lists(st.sampled_from(["620000", "620100", "9900"]), min_size=1, unique=True))
    months = MONTHS[: draw(st.integers(1, 3))]
    shape = (len(codes), len(months))
    optional = draw(st.sets(st.sampled_from(["denominator", "records", "twice"])))
    kinds = {"known": bool, "numerator": np.int64} | {name: bool if name in TRUTHS else np.int64 for name in optional}
    scale = draw(st.integers(0, 4))
    parts = draw(st.lists(st.sampled_from(["", "食品", "a|b", "价格 \n"]), unique=True))
    return {
        part: grid(codes, months, scale, {name: draw(arrays.arrays(kind, shape)) for name, kind in kinds.items()})
        for part in parts
    }


def same(one, other):
    """Whether grids are the same to the last cell, parts in their order."""
    return list(one) == list(other) and all(
        (list(a.codes), list(a.months), a.scale) == (list(b.codes), list(b.months), b.scale)
        and all(cells_alike(getattr(a, name), getattr(b, name)) for name in (*TRUTHS, *AMOUNTS))
        for a, b in zip(one.values(), other.values(), strict=True)
    )


def cells_alike(one, other):
    """Equal numbers; how wide those are that were kept is nobody's concern, as long as a truth is no number."""
    return one is other is None or (one is not None and one.dtype.kind == other.dtype.kind and np.array_equal(one, other))


ONE = {"": grid(["620100"], MONTHS, 0, {"known": np.ones((1, 3), bool), "numerator": np.array([[1, 2, 3]])})}


@settings(max_examples=60)
@given(grids())
def test_grids_that_are_kept_are_the_same_grids(tmp_path, given):
    cache = Cache(tmp_path / "results")
    cache.keep("key", given)
    assert same(cache.find("key"), given)
    assert same(cache.find("key"), cache.find("key"))


def test_grids_cut_out_of_wider_ones_are_kept_as_they_are(tmp_path):
    """As a scan gives them: without the column of what came before, so not one piece of memory."""
    wide = np.arange(8).reshape(2, 4)
    cut = {"": Grid(["620100", "620200"], MONTHS, (wide > 2)[:, 1:], wide[:, 1:])}
    Cache(tmp_path).keep("key", cut)
    assert same(Cache(tmp_path).find("key"), cut)


def test_a_metric_without_any_month_is_not_kept(tmp_path):
    nothing = np.zeros((1, 0), np.int64)
    Cache(tmp_path).keep("key", {"": Grid(["620100"], [], nothing.astype(bool), nothing)})
    assert Cache(tmp_path).find("key") is None


def foreign(content):
    """A whole Arrow file of something else."""
    sink = pa.BufferOutputStream()
    table = pa.table({"a": [1]})
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


DAMAGES = {
    "empty": lambda content: b"",
    "cut": lambda content: content[:-1],
    "cut to less than its hash": lambda content: content[:9],
    "a byte another": lambda content: content[:300] + bytes([content[300] ^ 1]) + content[301:],
    "longer": lambda content: content + b"\0",
    "foreign": foreign,
    "text": lambda content: b"nothing of the kind" * 9,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_an_entry_that_is_damaged_is_none_and_is_put_right(tmp_path, damage):
    cache = Cache(tmp_path)
    cache.keep("key", ONE)
    entry = tmp_path / "key.arrow"
    entry.write_bytes(damage(entry.read_bytes()))
    assert cache.find("key") is None
    cache.keep("key", ONE)
    assert same(cache.find("key"), ONE)
    assert [file.name for file in tmp_path.iterdir()] == ["key.arrow"]  # nothing unfinished is left


def test_where_nothing_can_be_written_nothing_is_kept_and_nothing_fails(tmp_path):
    """A file stands where the folder would be; root may write to any folder, so its mode says nothing."""
    (tmp_path / "results").write_text("")
    cache = Cache(tmp_path / "results")
    with cache.reserved("group"):
        cache.keep("key", ONE)
    cache.prune()
    assert cache.find("key") is None
    (tmp_path / "key.arrow").mkdir()  # nor can this entry be replaced
    Cache(tmp_path).keep("key", ONE)
    assert Cache(tmp_path).find("key") is None
    assert sorted(file.name for file in tmp_path.iterdir()) == ["key.arrow", "results"]


def test_what_fails_while_a_group_is_reserved_is_not_swallowed(tmp_path):
    (tmp_path / "results").write_text("")
    for folder in (tmp_path, tmp_path / "results"):
        with pytest.raises(OSError, match="of the body"), Cache(folder).reserved("group"):
            raise OSError("of the body")


def test_the_oldest_entries_go_when_there_is_no_room(tmp_path, monkeypatch):
    cache = Cache(tmp_path)
    for age, key in enumerate(["newest", "middle", "oldest"]):
        cache.keep(key, ONE)
        os.utime(tmp_path / f"{key}.arrow", (1000 - age, 1000 - age))
    size = (tmp_path / "newest.arrow").stat().st_size
    monkeypatch.setattr(kept, "ROOM", 3 * size)
    cache.prune()
    assert len(list(tmp_path.glob("*.arrow"))) == 3
    monkeypatch.setattr(kept, "ROOM", 2 * size)
    cache.prune()
    assert {file.stem for file in tmp_path.glob("*.arrow")} == {"newest", "middle"}


@in_full
def test_all_metrics_are_the_same_from_the_cache_and_nothing_is_scanned_for_them(demo_province, tmp_path):
    """From records and from returns, whole and by the words of every column."""

    def said(results):
        columns = {(metric, by) for metric in CATALOGUE.values() for by in metric.by if not metric.is_pair}
        counted = {
            (metric.id, by): results.parts(metric, by) for metric, by in columns if results.provenance(metric) == "records"
        }
        return results.table, counted

    snapshot = demo_province
    table, parts = said(Results(snapshot, CATALOGUE.values()))
    assert {Results(snapshot, CATALOGUE.values()).provenance(metric) for metric in CATALOGUE.values()} == {"records", "returns"}
    cache = Cache(tmp_path)
    for _ in range(2):  # computed and kept; then found
        found, found_parts = said(Results(snapshot, CATALOGUE.values(), cache))
        assert table.equals(found)
        assert parts == found_parts
    found, found_parts = said(Results(without_rows(snapshot, tmp_path / "bare"), CATALOGUE.values(), cache))
    assert table.equals(found) and parts == found_parts


def without_rows(snapshot, folder):
    """The same snapshot once the rows of its tables are gone, so that a scan would count nothing."""
    shutil.copytree(snapshot.path, folder)
    opened = load(folder)
    for file in folder.glob("*.parquet"):
        pq.write_table(pq.read_schema(file).empty_table(), file)
    return opened


ENTITY = """
    entity_id  region  registered_on  kind
    a          9100    2021-03-02     enterprise
    b          9200    2021-04-02     self_employed
"""
MORE = f"{ENTITY}    c          9100    2021-05-02     enterprise\n"
COMPLAINT = """
    complaint_id  region  received_on  kind
    a             9100    2021-03-02   complaint
"""


def province(world, entities=ENTITY, cities=("9100", "9200", "9300")):
    coverage = [row for table in (ENTITIES, COMPLAINTS) for row in covered(table, cities, [2021])]
    return world.snapshot(regions=THREE_CITIES, coverage=coverage, entities=rows(entities), complaints=rows(COMPLAINT))


class Noted(Cache):
    """A cache that notes the keys that were put into it."""

    def __init__(self, folder):
        super().__init__(folder)
        self.put = []

    def keep(self, key, grids):
        self.put.append(key)
        super().keep(key, grids)


def computed(snapshot, metrics, folder):
    """How many results had to be computed."""
    cache = Noted(folder)
    assert len(Results(snapshot, metrics, cache).table)
    return len(cache.put)


def test_a_changed_table_is_scanned_again_and_the_others_are_not(world, tmp_path):
    folder, metrics = tmp_path / "results", [new_entities, new_enterprises, complaints_received]
    assert computed(province(world), metrics, folder) == 3
    assert computed(province(world), metrics, folder) == 0  # another snapshot with the same rows
    assert computed(province(world, MORE), metrics, folder) == 2  # those of entities
    assert computed(province(world, MORE), metrics, folder) == 0
    assert computed(province(world), metrics, folder) == 0  # and what was, is still there
    assert computed(province(world, cities=("9100", "9200")), metrics, folder) == 3  # months that are not covered are not zero


def test_a_damaged_entry_is_computed_again(world, tmp_path):
    snapshot, folder = province(world), tmp_path / "results"
    table = Results(snapshot, [new_entities], Cache(folder)).table
    (entry,) = folder.glob("*.arrow")
    entry.write_bytes(entry.read_bytes()[:-9])
    assert computed(snapshot, [new_entities], folder) == 1
    assert Results(snapshot, [new_entities], Cache(folder)).table.equals(table)


def test_results_take_no_more_room_than_there_is(world, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "ROOM", 0)
    assert computed(province(world), [new_entities], tmp_path) == 1
    assert not list(tmp_path.glob("*.arrow"))
