"""Files that are read whole: what is read takes the memory of what is there, and not of what may be there."""

import tracemalloc

import pytest

from city_briefs.common import files


def test_a_small_file_takes_the_memory_of_a_small_file(tmp_path):
    (tmp_path / "note.md").write_bytes(b"a" * 1000)
    tracemalloc.start()
    try:
        assert files.read_bytes(tmp_path / "note.md") == b"a" * 1000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("size", "most"), [(11, 10), (200_000, 199_999), (1, 0)])
def test_one_byte_too_many_is_too_large(tmp_path, size, most):
    (tmp_path / "note.md").write_bytes(b"a" * size)
    assert len(files.read_bytes(tmp_path / "note.md", size)) == size
    with pytest.raises(files.NotReadable):
        files.read_bytes(tmp_path / "note.md", most)


def test_a_file_whose_size_is_not_known_before_it_is_read_is_read_whole_or_is_too_large(tmp_path):
    status = files.Path("/proc/self/status")  # its size is said to be 0
    if not status.exists():
        pytest.skip("no /proc on this system")
    assert files.read_bytes(status).startswith(b"Name:")
    with pytest.raises(files.NotReadable):
        files.read_bytes(status, 10)
