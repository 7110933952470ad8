"""Drawings (DXF): the entities of the theme's shape are its rows, the words of the drawing are their values."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from etl.errors import SourceError
from etl.read.asked import Asked, is_private
from etl.read.gdal import read_layer
from etl.read.raw import Raw, framed
from layers._theme import Geometry

_IS = re.compile(rb"\s*(999\r?\n[^\n]*\n\s*)*0\r?\n\s*SECTION\r?\n")
# Rooms of GDAL's DXF layer that say something of a row; the others describe how AutoCAD draws it.
MADE = ("Layer", "Text", "EntityHandle", "BlockName", "BlockAngle")
_WORDS = {Geometry.POINT: "point", Geometry.LINE: "line", Geometry.AREA: "area"}
_PAIRS = "\x1e"  # between the attributes of a block
_KINDS = {Geometry.POINT: (0, 4), Geometry.LINE: (1, 2, 5), Geometry.AREA: (3, 6)}


def knows(_file: Path, head: bytes) -> bool:
    """Whether it begins with a section, after remarks."""
    return bool(_IS.match(head.removeprefix(b"\xef\xbb\xbf"))) or head.startswith(b"AutoCAD Binary DXF")


def read(file: Path, asked: Asked) -> Raw:
    """The rows of a drawing.

    Points are point and block entities, their block's attributes are columns. Closed lines are areas where the theme
    is one; the texts that stand in an area are its values, in a column called by the layer of the text.

    Raises
    ------
    SourceError
        Broken, a binary drawing, no such layer, or no entity of the theme's shape.
    """
    place = str(file)
    if file.open("rb").read(18) == b"AutoCAD Binary DXF":
        raise SourceError(place, "it is a binary DXF", "save it as an ASCII DXF")
    areas = "YES" if asked.theme.geometry is Geometry.AREA else "NO"
    drawn = read_layer(
        file, "entities", place, encoding="ISO-8859-1", between=_PAIRS, INLINE_BLOCKS="NO", CLOSED_LINE_AS_POLYGON=areas
    )
    assert drawn.shapes is not None
    frame = drawn.frame.map(_told)
    texts = frame["Text"].notna().to_numpy() & (shapely.get_type_id(drawn.shapes) == 0)
    rows = np.isin(shapely.get_type_id(drawn.shapes), _KINDS[asked.theme.geometry]) & ~texts
    rows = _of_layer(place, frame, rows, asked.recipe.layer)
    if not rows.any():
        raise SourceError(
            place, f"it draws no {_WORDS[asked.theme.geometry]}", "close the lines of areas, or give the right --theme"
        )
    columns = {
        each: frame.loc[rows, each].to_numpy(dtype=object) for each in MADE if frame.loc[rows, each].notna().any()
    }
    shapes = drawn.shapes[rows]
    _add(columns, _attributes(frame["BlockAttributes"][rows]))
    if asked.theme.geometry is Geometry.AREA:
        _add(columns, _words_inside(shapes, frame[texts], drawn.shapes[texts]))
    made, left_out = framed(list(columns), list(columns.values()), int(rows.sum()))
    changes = drawn.changes + left_out + Counter({"entity of another shape left out": int((~rows & ~texts).sum())})
    return Raw(made, shapes, None, changes=+changes)


def _told(value: Any) -> Any:
    """Text as it was meant: GDAL recodes some of a drawing's words and hands others on as bytes of GBK."""
    if not isinstance(value, str):
        return None if value != value else value
    for encoding in ("utf-8", "gb18030"):
        try:
            return value.encode("latin-1").decode(encoding)
        except UnicodeError:
            continue
    return value


def _of_layer(place: str, frame: pd.DataFrame, rows: np.ndarray, said: str | None) -> np.ndarray:
    if said is None:
        return rows
    known = sorted(set(frame["Layer"][rows].dropna()))
    if said not in known:
        raise SourceError(place, f"it has no layer {said!r}", f"use one of {', '.join(known)}")
    return rows & (frame["Layer"] == said).to_numpy()


def _add(columns: dict[str, np.ndarray], more: dict[str, np.ndarray]) -> None:
    for header, column in more.items():
        columns[header if header not in columns else f"{header} 2"] = column


def _attributes(blocks: pd.Series) -> dict[str, np.ndarray]:
    """The attributes of blocks ("tag value") as columns."""
    columns: dict[str, np.ndarray] = {}
    for n, pairs in enumerate(blocks):
        for pair in pairs.split(_PAIRS) if isinstance(pairs, str) else ():
            tag, _, value = pair.partition(" ")
            if not is_private(tag):
                columns.setdefault(tag, np.full(len(blocks), None, dtype=object))[n] = value or None
    return columns


def _words_inside(areas: np.ndarray, texts: pd.DataFrame, points: np.ndarray) -> dict[str, np.ndarray]:
    """What is written in each area, a column for each layer of texts."""
    columns: dict[str, np.ndarray] = {}
    held, inside = shapely.STRtree(points).query(areas, predicate="contains")
    for n, at in zip(held, inside, strict=True):
        layer, word = texts["Layer"].iloc[at], str(texts["Text"].iloc[at]).replace("\n", "")
        column = columns.setdefault(layer, np.full(len(areas), None, dtype=object))
        column[n] = word if column[n] is None else f"{column[n]};{word}"
    return columns
