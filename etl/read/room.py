"""Whether a file's rows fit into the memory that is free: a file that does not is refused before it takes the store down."""

from __future__ import annotations

import zipfile
from pathlib import Path

from etl.errors import SourceError
from etl.read import archive

# Bytes of memory at the peak of reading and cleaning for each byte of the file, measured on the sample's cameras (23
# columns, 100,000 to 300,000 rows): CSV 8.1, GeoPackage 8.4, FlatGeobuf 5.6, GeoJSON 3.0, Shapefile 1.3, XLSX 28 of its
# packed size; rounded up, and doubled where a kind holds less structure than the sample's files did. What is in a zip is asked when it
# is unpacked.
_PER_BYTE = {
    "CSV": 9, "GeoPackage": 9, "FileGDB": 9, "FlatGeobuf": 6, "GeoJSON": 4, "Shapefile": 3, "Excel": 30, "KML": 6, "DXF": 10,
    "JSON": 12, "HTML": 12, "zip": 0,
}  # fmt: skip
_KEPT_FREE = 0.1  # of what is free, for everything else that runs here
_SMALL = 64 << 20  # smaller files are not asked
_MEMINFO = Path("/proc/meminfo")
_LIMIT, _USED = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")


def check_room(file: Path, kind: str) -> None:
    """Refuse a file whose rows would not fit into memory.

    Parameters
    ----------
    file : Path
    kind : str
        Name of its reader.

    Raises
    ------
    SourceError
        It would not fit; it says how much is needed.
    """
    size = _size(file, kind)
    need, free = size * _PER_BYTE[kind], _free()
    if size > _SMALL and free is not None and need > free * (1 - _KEPT_FREE):
        raise SourceError(
            str(file),
            f"it needs about {need / (1 << 30):.1f} GB of memory, and {free / (1 << 30):.1f} GB are free",
            "send it in parts, each with a source of its own, or load it on a larger machine",
        )


def _size(file: Path, kind: str) -> int:
    """Bytes of a file as its reader sees them: unpacked, but for workbooks."""
    if file.is_dir():
        return sum(each.stat().st_size for each in file.iterdir() if each.is_file())
    if kind == "Excel":
        return file.stat().st_size
    if zipfile.is_zipfile(file):
        return sum(each.file_size for each in archive.checked(file))
    parts = file.parent.glob(f"{file.stem}.*") if kind == "Shapefile" else [file]
    return sum(each.stat().st_size for each in parts if each.suffix.lower() in (".shp", ".dbf") or each == file)


def _free() -> int | None:
    """Bytes that may still be taken: of the machine, and of the container if this is one."""
    free = []
    if _MEMINFO.exists():
        told = dict(line.split(":") for line in _MEMINFO.read_text().splitlines() if ":" in line)
        free.append(int(told["MemAvailable"].split()[0]) << 10)
    if _LIMIT.exists() and (limit := _LIMIT.read_text().strip()).isdigit():
        free.append(int(limit) - int(_USED.read_text()))
    return min(free, default=None)
