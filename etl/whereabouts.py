"""Where the rows of a file say they are, and in which coordinate system: the question to the forensic."""

from __future__ import annotations

from pathlib import Path

from etl.claims import Ladder
from etl.errors import SourceError
from etl.forensic import Verdict, forensic
from etl.places import Places, place_columns
from etl.read import Raw
from etl.recipe import Recipe
from layers import Text, Theme

BY_NAME = Text("没有坐标：各行按所写的区划落位", "no coordinates: each row stands in the unit that it names")
NOWHERE = Text("没有一列写明位置，请指定经纬度、坐标或图形所在的列", "no column says where its rows are: name those of lon and lat, or of a shape")


def of_coordinates(file: Path, raw: Raw, recipe: Recipe, ladder: Ladder) -> Verdict:
    """The forensic of the rows of a file.

    Raises
    ------
    SourceError
        No column says where its rows are.
    """
    placed = Places(raw.shapes, raw.crs) if raw.shapes is not None else place_columns(str(file), raw.frame, recipe)
    return forensic(raw, placed.shapes, None if placed.by_name else placed.crs, ladder)


def guessed(file: Path, raw: Raw, theme: Theme, recipe: Recipe, ladder: Ladder) -> Verdict:
    """The same for somebody who may still say which columns they are; rows of some themes have no place of their own."""
    if theme.placed_by:
        return Verdict(sure=True, says=BY_NAME)
    try:
        return of_coordinates(file, raw, recipe, ladder)
    except SourceError:
        return Verdict(sure=False, says=NOWHERE)
