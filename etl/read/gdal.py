"""One vector layer by GDAL's own drivers: columns, well-known binary, and the CRS it declares."""

from __future__ import annotations

import hashlib
import re
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from etl.errors import SourceError
from etl.read.archive import broken
from etl.read.asked import is_private
from etl.read.raw import Raw, declared_crs, framed

# Kinds of well-known binary that are bounded by arcs: SQL/MM part 3; the thousands tell height and measure.
_CURVED = (8, 9, 10, 11, 12)


# Heights and measures are left out where a layer is read, whatever it is; pyogrio says so on every layer it lists.
warnings.filterwarnings("ignore", "Measured \\(M\\) geometry types", UserWarning)

# No arcs: points, and tables without geometry.
_STRAIGHT = ("None", *(f"{many}Point{high}" for many in ("", "Multi") for high in ("", " Z", " M", " ZM")))
_ODD = re.compile(r"[!?#]|://|\.zip$", re.IGNORECASE)


@cache
def _links() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="onemap-links-")


def named_plainly(file: Path) -> Path:
    """A file by a name that pyogrio does not take for an address in an archive; its own where that is plain."""
    if not _ODD.search(str(file)):
        return file
    plain = hashlib.sha256(str(file.absolute()).encode()).hexdigest()[:32]
    link = Path(_links().name) / f"{plain}{'' if file.suffix.lower() == '.zip' else file.suffix}"
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(file.absolute())
    return link


def layer_of(file: Path, said: str | None, place: str | None = None) -> str:
    """The name of the one layer to read.

    Parameters
    ----------
    file : Path
        What GDAL opens.
    said : str, optional
        The layer that the recipe names.
    place : str, optional
        The file as the operator knows it, where that is another.

    Raises
    ------
    SourceError
        Broken file, no layer, several of them and none said, or not the one said. Tables without geometry count where
        nothing else is there, or where one is said.
    """
    place = place or str(file)
    try:
        listed = [(str(name), kind is not None) for name, kind in pyogrio.list_layers(named_plainly(file))]
    except (DataSourceError, DataLayerError):
        raise broken(place) from None
    layers = [name for name, shaped in listed if shaped] or [name for name, _ in listed]
    if said is not None and said in [name for name, _ in listed]:
        return said
    if said is not None:
        raise SourceError(place, f"it has no layer {said!r}", f"use one of {', '.join(layers)}")
    if not layers:
        raise SourceError(place, "it has no layer", "ask for the file again", "L07")
    if len(layers) > 1:
        raise SourceError(place, f"it has the layers {', '.join(layers)}", 'write layer = "..." in the recipe')
    return layers[0]


def read_layer(
    file: Path, layer: str | None, place: str, encoding: str | None = None, *, between: str = ";", **opened: Any
) -> Raw:
    """The rows of one layer.

    Parameters
    ----------
    file : Path
        What GDAL opens.
    layer : str, optional
        Which of its layers.
    place : str
        The file as the operator knows it.
    encoding : str, optional
        Of a Shapefile's text.
    between : str
        What stands between the values of a list, which is read as one text.
    **opened
        GDAL's own options for opening a file of this kind; `skip_features` and `max_features` for some of its rows.

    Raises
    ------
    SourceError
        The file is broken, or holds no rows.
    """
    file = named_plainly(file)
    try:
        some = {name: opened.pop(name) for name in ("skip_features", "max_features") if name in opened}
        told = pyogrio.read_info(file, layer=layer, encoding=encoding, **opened)
        asked = [str(each) for each in told["fields"] if not is_private(str(each))]
        meta, _fids, wkb, columns = pyogrio.raw.read(
            file, layer=layer, encoding=encoding, columns=asked, force_2d=True, datetime_as_string=True, **some, **opened
        )
    except (DataSourceError, DataLayerError, pyogrio.errors.FeatureError, RuntimeError):
        raise broken(place) from None
    rows = len(wkb) if wkb is not None else len(columns[0]) if len(columns) else 0
    if rows == 0:
        raise SourceError(place, "it has no rows", "ask for the file again", "L01")
    frame, changes = framed([str(each) for each in meta["fields"]], [_cells(each, between) for each in columns], rows)
    if left_out := len(told["fields"]) - len(asked):
        changes["private column left out"] += left_out
    if wkb is None:
        return Raw(frame, changes=changes)
    shapes, faults = _shapes(wkb)
    return Raw(frame, shapes, declared_crs(place, meta["crs"]), faults, changes)


def read_parts(file: Path, layer: str | None, place: str, size: int, *, between: str = ";") -> Iterator[Raw]:
    """The rows of one layer, some after the others.

    Parameters
    ----------
    file : Path
        What GDAL opens; of a format whose rows it can count and skip.
    layer : str, optional
        Which of its layers.
    place : str
        The file as the operator knows it.
    size : int
        Bytes of the file that a part has about.
    between : str
        What stands between the values of a list, which is read as one text.

    Yields
    ------
    Raw
        Rows are numbered through the file.

    Raises
    ------
    SourceError
        The file is broken, or holds no rows.
    """
    try:
        rows = int(pyogrio.read_info(named_plainly(file), layer=layer, force_feature_count=True)["features"])
    except (DataSourceError, DataLayerError, RuntimeError):
        raise broken(place) from None
    most = max(1, -(-rows // max(1, file.stat().st_size // size)))
    for before in range(0, max(1, rows), most):
        raw = read_layer(file, layer, place, between=between, skip_features=before, max_features=most)
        if before:
            raw.changes.clear()
        yield raw.numbered_after(before)


def arcs(file: Path, layer: str) -> Counter[str]:
    """How many rows of a layer hold arcs, which reading makes straight, as a change.

    Parameters
    ----------
    file : Path
        What GDAL opens; of a format that can hold arcs.
    layer : str
        Which of its layers.
    """
    file = named_plainly(file)
    if str(pyogrio.read_info(file, layer=layer)["geometry_type"]) in _STRAIGHT:
        return Counter()
    with pyogrio.raw.open_arrow(file, layer=layer, columns=[], use_pyarrow=True) as (meta, batches):
        name = meta["geometry_name"] or "wkb_geometry"
        curved = sum(_curved(batch.column(name)) for batch in batches)
    return +Counter({"curve made straight": curved})


def _curved(column: pa.BinaryArray) -> int:
    kinds = [value.as_buffer()[1:5].to_pybytes() for value in column if value.is_valid]
    codes = np.frombuffer(b"".join(kinds), dtype="<u4") & 0x0FFFFFFF
    return int(np.isin(codes % 1000, _CURVED).sum())


def _cells(column: np.ndarray, between: str) -> np.ndarray:
    """Values as Python objects, None for what is missing."""
    if column.dtype.kind == "f":
        return _without(column.astype(object), np.isnan(column))
    if column.dtype.kind == "O":
        return _plain(column, between)
    if column.dtype.kind == "M":
        return _without(np.datetime_as_string(column).astype(object), np.isnat(column))
    return column.astype(object)


def _plain(cells: np.ndarray, between: str) -> np.ndarray:
    """Lists as one text: no field of ours holds several values."""
    lists = [n for n, value in enumerate(cells) if isinstance(value, np.ndarray)]
    cells[lists] = [between.join(map(str, cells[n])) or None for n in lists]
    return cells


def _without(cells: np.ndarray, missing: np.ndarray) -> np.ndarray:
    cells[missing] = None
    return cells


def _shapes(wkb: np.ndarray) -> tuple[np.ndarray, dict[int, str]]:
    """Geometries; a row whose bytes make none is named instead of stopping the file."""
    try:
        return shapely.from_wkb(wkb), {}
    except (shapely.errors.GEOSException, TypeError):
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    lost: Any = shapely.is_missing(shapes) & np.array([each is not None for each in wkb])
    return shapes, {
        int(n) + 1: "its geometry is broken (a ring that is not closed, or too few points)"
        for n in np.flatnonzero(lost)
    }
