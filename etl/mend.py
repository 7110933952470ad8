"""Rows that were set aside come back mended: the file says of each row where it was, and is read as it was read before."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import Engine

from etl.errors import SourceError
from etl.job import Job, hash_of, recipe_of
from etl.read import Asked, Raw, kind_of, read
from etl.recipe import Recipe
from geodata import loads
from geodata.loads import Load
from layers import themes

LOAD, ROW, CRS = "onemap:load", "onemap:row", "onemap:crs"
MARKS = (LOAD, ROW, "onemap:rule", "onemap:reason_zh", "onemap:reason_en", CRS)
"""Columns beside the row's own; the first two say which row it was."""

GEOMETRY = "geometry"
"""Column of a table that holds, as text, the geometry of rows that came from a map layer."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet program runs when a cell of a text file begins with it (OWASP, CSV injection)."""

_HEAD = 1 << 20
# A workbook keeps its texts in one of these.
_TEXTS = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
# What a recipe says of the file that came first, and not of the rows.
_OF_THE_FILE = ("encoding", "sheet", "layer", "header_row", "only")


def is_mended(file: Path) -> bool:
    """Whether a file was handed out by ``./onemap set-aside THEME --out FILE``."""
    mark = LOAD.encode()
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                there = [name for name in _TEXTS if name in archive.namelist()]
                return any(mark in archive.open(name).read(_HEAD) for name in there)
        with file.open("rb") as opened:
            return mark in opened.read(_HEAD)
    except (OSError, zipfile.BadZipFile, RuntimeError):  # no file that can be looked into
        return False


def prepare_mended(
    engine: Engine,
    file: Path,
    theme: str | None = None,
    operator: str = "operator",
    reason: str | None = None,
    rehearsal: int | None = None,
) -> Job:
    """What is known of a mended file: everything but its values is as it was for the load that set the rows aside.

    Raises
    ------
    SourceError
        The marks were lost or lead nowhere, or the rows are of several sources.
    """
    marks = _marks(file, read(file, _asked()))
    with engine.connect() as connection:
        of = {number: loads.numbered(connection, number) for number in sorted(set(marks[LOAD]))}
        first = loads.numbered(connection, _base(file, of))
    assert first is not None, file
    if theme and theme != first.theme:
        raise SourceError(
            str(file), f"its rows were set aside in {first.theme}, not {theme}", f"give --theme {first.theme}"
        )
    sha256, size = hash_of(file)
    recipe = recipe_of(first.recipe, _OF_THE_FILE)
    crs = next((each for each in marks[CRS] if isinstance(each, str) and each), recipe.crs)
    return Job(
        file, replace(recipe, crs=crs), themes()[first.theme], first.as_of, f"load {first.id}", sha256, size, operator, (), file,
        mends=first.id, reason=reason, rehearsal=rehearsal,
    )  # fmt: skip


def told(job: Job) -> dict[str, Any]:
    """What a mended file is, as a guess at any other file says it; how it is read is known, and nothing is to be mapped."""
    known = {"file": str(job.file), "kind": kind_of(job.file).name, "theme": job.theme.name, "source": job.recipe.source}
    nothing: dict[str, Any] = {"fields": {}, "alike": [], "unused": [], "missing": [], "values": {}, "columns": [], "changes": {}}
    return known | {"mended": True, "mends": job.mends, "rows": len(read(job.file, _asked()).frame)} | nothing


def _asked() -> Asked:
    """Only the marks are looked for: which theme it is, they will tell."""
    theme = next(iter(themes().values()))
    return Asked(theme, Recipe(theme=theme.name, source=theme.name, fields={theme.key: LOAD}))


def _marks(file: Path, raw: Raw) -> pd.DataFrame:
    marks = pd.DataFrame({name: raw.frame.get(name) for name in (LOAD, ROW, CRS)}, index=raw.frame.index)
    numbers = marks[[LOAD, ROW]].apply(pd.to_numeric, errors="coerce")
    lost = numbers.isna().any(axis=1)
    if lost.any():
        raise SourceError(
            str(file), f"row {lost.idxmax()} does not say in {LOAD} and {ROW} which row it was",
            "keep these columns as they were handed out",
        )  # fmt: skip
    return marks.assign(**{name: numbers[name].astype(int) for name in numbers})


def _base(file: Path, of: Mapping[int, Load | None]) -> int:
    """The load that said all of the source; marks may also name mendings of it."""
    for number, load in of.items():
        if load is None or load.kind == "rollback" or load.theme not in themes():
            raise SourceError(str(file), f"it names load {number}, which there is not", "keep the marks as handed out")
    bases = {load.recipe.get("mends", load.id): f"{load.source} (load {load.id})" for load in of.values() if load}
    if len(bases) > 1:
        raise SourceError(
            str(file), f"its rows are of several loads: {', '.join(bases.values())}", "send one file for each"
        )
    return int(next(iter(bases)))


def take_marks(job: Job, raw: Raw) -> list[tuple[int, int]]:
    """The load and row under which each row was set aside; the columns that say so are taken off.

    Raises
    ------
    SourceError
        The file is a mended one, and is about to be loaded as if it were all of its source.
    """
    if LOAD not in raw.frame:
        return []
    if job.mends is None:
        raise SourceError(
            str(job.file), "its rows were set aside before", "load it without a recipe: they keep their own"
        )
    marks = _marks(job.file, raw)
    if not marks[CRS].notna().any():
        raw.shapes = None  # the columns hold the place; a point beside them is for the eye only
    elif raw.shapes is None and GEOMETRY in raw.frame:
        raw.shapes = shapely.from_wkt(
            raw.frame.pop(GEOMETRY).to_numpy(dtype=object, na_value=None), on_invalid="ignore"
        )
    raw.frame = raw.frame.drop(columns=[each for each in MARKS if each in raw.frame])
    if job.file.suffix.lower() == ".csv":
        raw.frame = raw.frame.map(_bare)
    return [(int(load), int(row)) for load, row in zip(marks[LOAD], marks[ROW], strict=True)]


def _bare(value: Any) -> Any:
    """A text without the apostrophe that kept a spreadsheet from running it."""
    return value[1:] if isinstance(value, str) and value[:1] == "'" and value[1:].startswith(FORMULA) else value


def refuse_old(job: Job, newest: Load | None) -> None:
    """Refuse rows that wait no longer.

    Raises
    ------
    SourceError
        Their source has been loaded again since, or the load that set them aside was taken back.
    """
    if newest is None or newest.id != job.mends:
        since = "which does not stand any more" if newest is None else f"and load {newest.id} has come since"
        raise SourceError(
            str(job.file), f"its rows were set aside by load {job.mends}, {since}",
            f"mend those that wait now: ./onemap set-aside {job.theme.name} --out FILE",
        )  # fmt: skip
