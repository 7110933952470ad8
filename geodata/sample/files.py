"""Files as GIS staff get them: GBK shapefile zip, GeoPackage, GeoJSON, CSV with BOM, CSV in GB18030."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyogrio

from geodata.sample.scales import GROUND

_QUOTING = pyarrow.csv.WriteOptions(quoting_style="needed")
_BOM = b"\xef\xbb\xbf"
_STAMP = (2026, 10, 31, 0, 0, 0)
"""Time of every member of an archive, so that the same seed gives the same bytes."""


def write_shapefile_zip(path: Path, table: pd.DataFrame, shape: np.ndarray) -> None:
    """Write a zipped shapefile in GBK without a .cpg, as older desktop programs do; shape in EPSG:4490."""
    with TemporaryDirectory(dir=path.parent) as folder:
        shapefile = Path(folder) / f"{path.stem}.shp"
        frame = geopandas.GeoDataFrame(table, geometry=shape, crs=GROUND)
        pyogrio.write_dataframe(frame, shapefile, encoding="GBK", geometry_type="Polygon")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for part in sorted(Path(folder).iterdir()):
                if part.suffix != ".cpg":
                    archive.writestr(_member(part.name), part.read_bytes())


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _STAMP)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def write_geopackage(path: Path, table: pd.DataFrame, shape: np.ndarray, crs: int, layer: str) -> None:
    """Write one layer of a GeoPackage in the coordinate system with that EPSG code."""
    path.unlink(missing_ok=True)
    frame = geopandas.GeoDataFrame(table, geometry=shape, crs=crs)
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG")


def write_geojson(path: Path, table: pd.DataFrame, degrees: np.ndarray) -> None:
    """Write points (n, 2; EPSG:4490, degrees) as GeoJSON with the crs member that older programs write."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    features = [
        {"type": "Feature", "properties": row, "geometry": {"type": "Point", "coordinates": place}}
        for row, place in zip(rows, degrees.tolist(), strict=True)
    ]
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{GROUND}"}}
    whole = {"type": "FeatureCollection", "name": path.stem, "crs": crs, "features": features}
    path.write_text(json.dumps(whole, ensure_ascii=False, separators=(",", ":"), allow_nan=False), encoding="utf-8")


def write_csv(path: Path, table: pd.DataFrame, encoding: str = "utf-8-sig") -> None:
    """Write a CSV; ``utf-8-sig`` begins with a byte order mark."""
    if encoding != "utf-8-sig":
        table.to_csv(path, index=False, encoding=encoding, lineterminator="\r\n")
        return
    with path.open("wb") as file:
        file.write(_BOM)
        pyarrow.csv.write_csv(pa.Table.from_pandas(table, preserve_index=False), file, _QUOTING)


def append_csv(path: Path, table: pd.DataFrame) -> None:
    """Add rows to a CSV written by ``write_csv``."""
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    with path.open("ab") as file:
        pyarrow.csv.write_csv(arrow, file, pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed"))
