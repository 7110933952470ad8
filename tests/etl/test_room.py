"""A file that does not fit into memory is refused, not tried."""

import pytest

from etl.read import READERS, room
from etl.read.room import check_room
from tests.etl.files import shapefile, text, zipped
from tests.etl.test_read import HALLS, VILLAGES, refused


@pytest.fixture
def narrow(monkeypatch, tmp_path):
    """A machine with 1 MB free, on which no file is small."""
    monkeypatch.setattr(room, "_MEMINFO", text(tmp_path / "meminfo", "MemTotal: 2048 kB\nMemAvailable: 1024 kB\n"))
    monkeypatch.setattr(room, "_SMALL", 0)
    return tmp_path


def test_a_file_larger_than_memory(narrow):
    path = text(narrow / "a.csv", HALLS + "x" * 200_000)
    assert refused(path, "halls") == (
        "it needs about 0.0 GB of memory, and 0.0 GB are free; "
        "send it in parts, each with a source of its own, or load it on a larger machine."
    )
    check_room(text(narrow / "b.csv", HALLS + "x" * 90_000), "CSV")


def test_a_container_is_no_larger_than_its_limit(monkeypatch, tmp_path):
    monkeypatch.setattr(room, "_LIMIT", text(tmp_path / "max", "3000\n"))
    monkeypatch.setattr(room, "_USED", text(tmp_path / "used", "1000\n"))
    assert room._free() == 2000
    monkeypatch.setattr(room, "_LIMIT", text(tmp_path / "max", "max\n"))
    assert room._free() > 1 << 20


def test_a_zip_is_as_large_as_what_is_in_it(tmp_path):
    shp = shapefile(VILLAGES, tmp_path / "a")
    path = zipped(shp, tmp_path / "a.zip")
    assert room._size(path, "Shapefile") == sum(each.stat().st_size for each in shp.parent.iterdir())
    assert room._size(shp, "Shapefile") == sum(shp.with_suffix(each).stat().st_size for each in (".shp", ".dbf"))


def test_every_kind_is_measured():
    assert set(room._PER_BYTE) == {each.name for each in READERS}
