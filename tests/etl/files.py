"""Files as GIS staff send them, written on the spot."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pyogrio
import xlsxwriter


def shapefile(
    rows: gpd.GeoDataFrame, folder: Path, name: str = "村", encoding: str = "GBK", *, cpg: bool = False
) -> Path:
    """A folder with a Shapefile whose .cpg is missing, as most are."""
    folder.mkdir(exist_ok=True)
    pyogrio.write_dataframe(rows, folder / f"{name}.shp", encoding=encoding)
    if not cpg:
        (folder / f"{name}.cpg").unlink()
    return folder / f"{name}.shp"


def zipped(shp: Path, to: Path, inside: str = "数据/", leave: Sequence[str] = ()) -> Path:
    """The parts of a Shapefile in a zip with a folder inside, as Windows sends them."""
    with zipfile.ZipFile(to, "w") as archive:
        for part in shp.parent.glob(f"{shp.stem}.*"):
            if part.suffix not in leave:
                archive.write(part, f"{inside}{part.name}")
    return to


def sheet(path: Path, rows: Sequence[Sequence[object]], name: str = "Sheet1") -> Path:
    """A workbook with one sheet of these cells."""
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet(name)
    for n, row in enumerate(rows):
        for m, cell in enumerate(row):
            if cell is not None:
                page.write(n, m, cell)
    book.close()
    return path


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    """A text file in an encoding."""
    path.write_bytes(content.encode(encoding))
    return path
