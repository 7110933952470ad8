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


def kml(path: Path, placemarks: str, head: str = "", encoding: str = "utf-8") -> Path:
    """A KML document around these placemarks."""
    document = (
        f'<?xml version="1.0" encoding="{encoding}"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    )
    return text(path, f"{document}{placemarks}</Document></kml>", encoding)


def packed(path: Path, members: dict[str, bytes | str]) -> Path:
    """A zip of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def drawing(path: Path, *entities: Sequence[object], encoding: str = "gbk") -> Path:
    """A DXF of AutoCAD 2000 with these entities, each a flat list of group codes and values."""
    head = (0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, "AC1015", 9, "$DWGCODEPAGE", 3, "ANSI_936", 0, "ENDSEC")
    groups = [
        *head,
        0,
        "SECTION",
        2,
        "ENTITIES",
        *(each for entity in entities for each in entity),
        0,
        "ENDSEC",
        0,
        "EOF",
    ]
    return text(path, "".join(f"{each}\n" for each in groups), encoding)


def outline(layer: str, *points: tuple[float, float], closed: bool = True) -> list[object]:
    """A line of a drawing."""
    corners = [each for x, y in points for each in (10, x, 20, y)]
    return [0, "LWPOLYLINE", 8, layer, 90, len(points), 70, int(closed), *corners]


def word(layer: str, at: tuple[float, float], said: str) -> list[object]:
    """A text of a drawing."""
    return [0, "TEXT", 8, layer, 10, at[0], 20, at[1], 40, 10, 1, said]


def block(layer: str, at: tuple[float, float], **attributes: str) -> list[object]:
    """A block of a drawing with its attributes."""
    tags = [
        each
        for tag, value in attributes.items()
        for each in (0, "ATTRIB", 8, layer, 10, 0, 20, 0, 40, 1, 1, value, 2, tag)
    ]
    return [0, "INSERT", 8, layer, 66, 1, 2, "点", 10, at[0], 20, at[1], *tags, 0, "SEQEND"]
