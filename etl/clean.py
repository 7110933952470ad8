"""Their headers and values -> our fields; geometry valid and in the storage CRS; each change counted, each loss a finding."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from etl.errors import SourceError
from etl.findings import Finding, found
from etl.headers import fields_of
from etl.places import place_columns
from etl.read.raw import Raw
from etl.recipe import Recipe
from etl.shapes import made_fit
from etl.systems import System, named, to_degrees
from etl.values import Read, UnreadableError, reader_of, spelled
from layers import Text, Theme
from layers._field import Field, Kind
from layers._theme import Geometry

# 监视方位 of the police archive (27-column 一机一档): 1 east, 2 west, 3 south, 4 north, 5 south-east, 6 north-east,
# 7 south-west, 8 north-west, 9 all around; the axis points towards. Degrees stand in the same column elsewhere.
_DIRECTIONS = {1: 90.0, 2: 270.0, 3: 180.0, 4: 0.0, 5: 135.0, 6: 45.0, 7: 225.0, 8: 315.0, 9: None}

_WORDS = {"东": 90.0, "西": 270.0, "南": 180.0, "北": 0.0, "东南": 135.0, "东北": 45.0, "西南": 225.0, "西北": 315.0, "全向": None}
_DECORATION = r"[\s向方面侧朝]|由.*"


@dataclass(slots=True)
class Cleaned:
    """Rows in our words.

    Parameters
    ----------
    frame : DataFrame, n rows
        One column for each field of the theme; the index is the row number of the file.
    shapes : array of Geometry, shape (n,), EPSG:4490
        None where a row has none that its theme can take.
    findings : list of Finding
        Values and shapes that could not be read.
    changes : Counter
        What was repaired, by name.
    came : array of Geometry, shape (n,), optional
        The shapes in degrees before any was repaired.
    headers : dict of str to str
        Our field -> their header.
    """

    frame: pd.DataFrame
    shapes: np.ndarray
    findings: list[Finding] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)
    came: np.ndarray | None = None
    headers: dict[str, str] = field(default_factory=dict)


def clean(place: str, raw: Raw, theme: Theme, recipe: Recipe, stem: str) -> Cleaned:
    """The rows of a file as rows of a theme.

    Parameters
    ----------
    place : str
        The file, for refusals.
    raw : Raw
        As it was read and corrected.
    theme : Theme
        Whose fields are wanted.
    recipe : Recipe
        Which header is which field, which value means what.
    stem : str
        Of the file's name, for {stem}.

    Raises
    ------
    SourceError
        No geometry, no CRS, a header that the recipe names and the file lacks, or no required field at all.
    """
    headers = fields_of(place, list(raw.frame.columns), theme, recipe, raw.cut)
    if theme.placed_by:
        shapes, changes = _no_shapes(raw)
    else:
        shapes, changes = _shapes(place, raw, theme, recipe)
    came = None if theme.placed_by else shapes
    done = Cleaned(pd.DataFrame(index=raw.frame.index), shapes, changes=raw.changes + changes, came=came, headers=headers)
    done.findings += [Finding(row, "broken_row", Text(f"该行已损坏：{_in_chinese(fact)}", fact)) for row, fact in raw.broken.items()]
    if not theme.placed_by:
        _fit_shapes(done, theme)
    columns = {each.name: _column(done, each, theme, raw, headers, recipe, stem) for each in theme.fields}
    done.frame = pd.DataFrame(columns, index=raw.frame.index)
    return done


_FAULTS = (
    (r"(\d+) cells under (\d+) headers", "表头有{1}列，该行有{0}列"),
    (r"a quotation mark in it is not closed: (\d+) lines are one cell", "有一个引号没有配对，{0}行连成了一格，请补上引号后重发"),
    (r"its geometry is broken \(.*\)", "几何图形已损坏（环未闭合，或点太少）"),
)


def _in_chinese(fact: str) -> str:
    """What is wrong with a row, as readers say it; as it is where nobody has said it in Chinese."""
    for pattern, zh in _FAULTS:
        if found := re.fullmatch(pattern, fact):
            return zh.format(*found.groups())
    return fact


def _no_shapes(raw: Raw) -> tuple[np.ndarray, Counter[str]]:
    """Nothing yet, and how many shapes of the file are passed over: rows that name their unit stand where it stands."""
    left = 0 if raw.shapes is None else int((~shapely.is_missing(raw.shapes)).sum())
    return np.full(len(raw.frame), None, dtype=object), Counter({"shape passed over, the row names its unit": left} if left else {})


def _shapes(place: str, raw: Raw, theme: Theme, recipe: Recipe) -> tuple[np.ndarray, Counter[str]]:
    """Shapes in degrees, from the file's geometry or from columns of a table."""
    shapes, crs, changes = raw.shapes, raw.crs, Counter[str]()
    if shapes is None:
        placed = place_columns(place, raw.frame, recipe)
        shapes, crs, changes = placed.shapes, placed.crs, placed.changes
        raw.broken |= {int(raw.frame.index[n]): fact for n, fact in placed.broken.items()}
    system: System | None = named(place, recipe.crs) if recipe.crs else crs
    if system is None:
        tells = 'write crs = "EPSG:4490" (or its own) in the recipe; ./onemap forensic FILE tells which it probably is'
        raise SourceError(place, "it does not say its CRS", tells, "L03")
    if len(shapes) and shapely.is_missing(shapes).all():
        raise SourceError(place, "no row has a geometry", "export the map layer, not its table", "L07")
    moved, more = to_degrees(place, shapes, system, recipe)
    return moved, changes + more


_SHAPE_REASONS = {
    "no_geometry": ("没有几何图形", "it has no geometry"),
    "not_on_earth": ("坐标不在经纬度范围内", "its coordinates are no longitude and latitude"),
}
_SHAPE_NAMES = {Geometry.POINT: ("点", "point"), Geometry.LINE: ("线", "line"), Geometry.AREA: ("面", "area")}


def _fit_shapes(done: Cleaned, theme: Theme) -> None:
    done.shapes, rules, changes = made_fit(done.shapes, theme.geometry)
    done.changes += changes
    zh, en = _SHAPE_NAMES[theme.geometry]
    reasons = _SHAPE_REASONS | {"other_geometry": (f"几何图形不是{zh}", f"its geometry is no {en}")}
    broken = {each.row_no for each in done.findings}
    for rule, (zh, en) in reasons.items():
        rows = done.frame.index[rules == rule]
        done.findings += found([each for each in rows if each not in broken], rule, zh, en)


def _column(
    done: Cleaned, each: Field, theme: Theme, raw: Raw, headers: dict[str, str], recipe: Recipe, stem: str
) -> pd.Series:
    """One field of every row."""
    rows = raw.frame.index
    if each.name in recipe.constants:
        column: Any = _constant(recipe.constants[each.name], rows, stem)
    elif each.name in headers:
        column = raw.frame[headers[each.name]]
    else:
        return typed(each, np.full(len(rows), None, dtype=object), rows)
    if theme.sight and each.name == theme.sight.azimuth:
        column = _directions(done, pd.Series(column, index=rows))
    return _read(done, each, pd.Series(column, index=rows), recipe.values.get(each.name, {}))


def _constant(value: Any, rows: pd.Index, stem: str) -> np.ndarray:
    if isinstance(value, str) and "{" in value:
        return np.array([value.format(row=int(row), stem=stem) for row in rows], dtype=object)
    return np.full(len(rows), value, dtype=object)


def _directions(done: Cleaned, column: pd.Series) -> pd.Series:
    """The nine directions, by their codes or in words (东北, 朝东北向), as degrees, when nothing else stands in the column."""
    words = column.astype(object).where(column.notna(), "").astype(str).str.replace("全向", "全").str.replace(_DECORATION, "", regex=True)
    words = words.where(words != "全", "全向").str.replace("^([南北])([东西])$", r"\2\1", regex=True)
    if words[column.notna()].isin(list(_WORDS)).all() and column.notna().any():
        done.changes["direction in words made degrees"] += int(column.notna().sum())
        return words.map(_WORDS).astype(object)
    said = pd.to_numeric(column, errors="coerce")
    if not said.notna().any() or not said[column.notna()].isin(list(_DIRECTIONS)).all():
        return column
    done.changes["direction 1-9 made degrees"] += int(said.notna().sum())
    return said.map(_DIRECTIONS).astype(object)


def _read(done: Cleaned, each: Field, column: pd.Series, mapping: dict[str, Any] | Any) -> pd.Series:
    """Every distinct value once; repairs and losses counted by the rows that hold it."""
    codes, distinct = pd.factorize(column.to_numpy(dtype=object), use_na_sentinel=True)
    counts = np.bincount(codes[codes >= 0], minlength=len(distinct))
    read, known = reader_of(each), {spelled(theirs): ours for theirs, ours in mapping.items()}
    values = np.full(len(distinct) + 1, None, dtype=object)
    for n, value in enumerate(distinct):
        said = known.get(spelled(value), value) if known else value
        try:
            got: Read = read(said)
        except UnreadableError as problem:
            rows = column.index[codes == n]
            done.findings += [Finding(int(row), problem.rule, problem.reason) for row in rows]
            continue
        values[n] = got.value
        if got.repair:
            done.changes[got.repair] += int(counts[n])
    return typed(each, values[codes], column.index)


_TYPES = {Kind.INTEGER: "Int64", Kind.NUMBER: "Float64", Kind.FLAG: "boolean"}


def typed(each: Field, values: np.ndarray, rows: pd.Index) -> pd.Series:
    """Values of one field in the type that is hashed and stored; missing ones stay missing."""
    if each.kind in _TYPES:
        return pd.Series(pd.array(values, dtype=_TYPES[each.kind]), index=rows)
    return pd.Series(values, index=rows, dtype=object)
