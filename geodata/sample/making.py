"""Make the files of a sample in their folder, in the order in which they are loaded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from tqdm import tqdm

from geodata.errors import SettingError
from geodata.sample import offices
from geodata.sample.cameras import place_cameras, state_of
from geodata.sample.defects import soil_cameras, soil_spaces
from geodata.sample.files import (
    append_csv,
    write_csv,
    write_geojson,
    write_geopackage,
    write_shapefile_zip,
)
from geodata.sample.ground import Ground, lay_ground, to_degrees
from geodata.sample.halls import halls_of, place_halls
from geodata.sample.land import land_sheets
from geodata.sample.months import Month, dates, months_of
from geodata.sample.places import find_entrances, find_intersections, lay_roads
from geodata.sample.recipes import LAND, write_recipes
from geodata.sample.register import write_register
from geodata.sample.scales import GROUND, PLANE, Scale, scale_named
from geodata.sample.sheets import (
    camera_codes,
    cameras_sheet,
    entrances_sheet,
    grids_sheet,
    halls_sheet,
    intersections_sheet,
    roads_sheet,
    spaces_sheet,
    units_sheet,
)
from geodata.sample.spaces import place_spaces, spaces_of
from geodata.sample.workbook import write_workbook

VERSION = 5
"""Raised when the same scale, months and seed give other files than before."""

MANIFEST = "manifest.json"
"""Name of the list of files; it is written last."""

LABEL = "虚构示例数据"
"""What every page says of the sample: fictitious data."""

_BEGUN = ".begun"
"""Mark of a folder whose sample is not finished, left by a process that was killed."""

SHEET_ROWS = 50_000
"""Up to so many cameras an XLSX is written; above, a CSV (a sheet ends at 1,048,576 rows)."""

_CHUNK = 300_000
"""Rows of a CSV that are written at a time."""


_Note: TypeAlias = tuple[str, str, str, int]
"""Name of a file, its theme, its ISO day, its number of rows."""


@dataclass
class _Sample:
    """A sample in the making: everything that the files are written from."""

    folder: Path
    months: list[Month]
    ground: Ground
    register: dict[str, pd.DataFrame]
    cameras: pd.DataFrame = field(default_factory=pd.DataFrame)
    codes: np.ndarray = field(default_factory=lambda: np.empty(0, object))
    halls: pd.DataFrame = field(default_factory=pd.DataFrame)
    spaces: pd.DataFrame = field(default_factory=pd.DataFrame)
    files: list[dict[str, object]] = field(default_factory=list)
    defects: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def note(self, file: str, theme: str, day: str, rows: int) -> None:
        """Enter a file into the manifest."""
        self.files.append({"file": file, "theme": theme, "recipe": f"{theme}.toml", "as_of": day, "rows": rows})


def make(scale: str, months: int | None, folder: Path, seed: int = 1, quiet: bool = False) -> Path:
    """Make the files of a sample; do nothing where the same sample lies already.

    Parameters
    ----------
    scale : str
        ``county``, ``city`` or ``province``.
    months : int or None
        Number of monthly versions of cameras, halls and spaces; None takes that of the scale.
    folder : Path
        Where the files are put; it is emptied first when it holds another sample.
    seed : int
        Same seed, same files.
    quiet : bool
        Leave out the progress bar.

    Returns
    -------
    Path
        ``manifest.json``, which lists the files in the order of loading.

    Raises
    ------
    SettingError
        When there is no such scale, or the folder holds files of somebody else.
    """
    size = scale_named(scale)
    wanted: dict[str, Any] = {"version": VERSION, "scale": scale, "months": months or size.months, "seed": seed}
    manifest = folder / MANIFEST
    if _made_already(manifest, wanted):
        return manifest
    _clear(folder)
    with tqdm(total=17 + 3 * int(wanted["months"]), desc="示例数据", unit="file", disable=quiet) as bar:
        sample = _begun(folder, months_of(int(wanted["months"])), size, seed)
        for note in _written(sample):
            sample.note(*note)
            bar.update()
    _finish(sample, manifest, wanted)
    return manifest


def _made_already(manifest: Path, wanted: dict[str, Any]) -> bool:
    if not manifest.exists():
        return False
    found = json.loads(manifest.read_text(encoding="utf-8"))
    return {key: found.get(key) for key in wanted} == wanted


def _clear(folder: Path) -> None:
    """Empty the folder of an older sample; leave a folder of somebody else alone."""
    begun = folder / _BEGUN
    if folder.exists() and any(folder.iterdir()) and not (begun.exists() or (folder / MANIFEST).exists()):
        raise SettingError(str(folder), "the folder holds other files", "name an empty folder")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    begun.touch()


def _begun(folder: Path, months: list[Month], size: Scale, seed: int) -> _Sample:
    ground = lay_ground(size, seed)
    return _Sample(folder, months, ground, write_register(ground))


def _written(sample: _Sample) -> Iterator[_Note]:
    """Write file after file; yield what the manifest says of each."""
    yield from _bounds(sample)
    yield from _ways(sample)
    sample.halls = place_halls(sample.ground, sample.register)
    sample.spaces = place_spaces(sample.ground)
    for month in sample.months:
        yield _cameras(sample, month)
        yield _halls(sample, month)
        yield _spaces(sample, month)
        yield from _of_offices(sample, month)
    yield from _of_offices(sample, None)
    yield from _land(sample)


def _bounds(sample: _Sample) -> Iterator[_Note]:
    day = sample.months[0].day.isoformat()
    table, shape = units_sheet(sample.ground, sample.register)
    write_shapefile_zip(sample.folder / "units.zip", table, shape)
    yield "units.zip", "units", day, len(table)
    table, shape = grids_sheet(sample.ground, sample.register)
    write_geopackage(sample.folder / "grids.gpkg", table, shape, GROUND, "grids")
    yield "grids.gpkg", "grids", day, len(table)


def _ways(sample: _Sample) -> Iterator[_Note]:
    """Roads and the places on them; then place the cameras, which need both."""
    ground, register, folder, day = sample.ground, sample.register, sample.folder, sample.months[0].day.isoformat()
    roads = lay_roads(ground)
    table = roads_sheet(register, roads)
    write_geopackage(folder / "roads.gpkg", table, roads.plane, PLANE, "roads")
    yield "roads.gpkg", "roads", day, len(table)
    crossings = find_intersections(ground, roads)
    table = intersections_sheet(ground, register, crossings, to_degrees(crossings[["x", "y"]].to_numpy()))
    write_csv(folder / "intersections.csv", table, "gb18030")
    yield "intersections.csv", "intersections", day, len(table)
    entrances = find_entrances(ground, roads)
    table = entrances_sheet(ground, register, entrances)
    write_csv(folder / "entrances.csv", table)
    yield "entrances.csv", "entrances", day, len(table)
    sample.cameras = place_cameras(ground, crossings, entrances)
    sample.codes = camera_codes(register, sample.cameras)


def _cameras(sample: _Sample, month: Month) -> _Note:
    now = state_of(sample.cameras, month, sample.ground)
    as_sheet = sample.ground.scale.cameras <= SHEET_ROWS
    name = f"cameras_{month.stamp}.{'xlsx' if as_sheet else 'csv'}"
    path = sample.folder / name
    defects: list[dict[str, object]] = []
    for start in range(0, len(now), _CHUNK):
        part = now.iloc[start : start + _CHUNK]
        rows = part["row"].to_numpy()
        day = dates(part["installed"].to_numpy())
        table, wrong = soil_cameras(cameras_sheet(sample.register, part, sample.codes[rows], day))
        defects += [{**each, "row": int(str(each["row"])) + start + len(defects)} for each in wrong]
        if as_sheet:
            write_workbook(path, "一机一档", f"{month.stamp} 视频监控一机一档（{LABEL}）", table)
        else:
            (append_csv if start else write_csv)(path, table)
    sample.defects[name] = defects
    return name, "cameras", month.day.isoformat(), len(now) + len(defects)


def _halls(sample: _Sample, month: Month) -> _Note:
    now = halls_of(sample.halls, month)
    table = halls_sheet(sample.register, now, _days_or_none(now["built"]))
    name = f"halls_{month.stamp}.geojson"
    write_geojson(sample.folder / name, table, now[["lon", "lat"]].to_numpy())
    return name, "halls", month.day.isoformat(), len(table)


def _spaces(sample: _Sample, month: Month) -> _Note:
    now = spaces_of(sample.spaces, month)
    table = spaces_sheet(sample.register, now, _days_or_none(now["recovered_on"]))
    table, shape, defects = soil_spaces(table, now["shape"].to_numpy())
    name = f"spaces_{month.stamp}.gpkg"
    write_geopackage(sample.folder / name, table, shape, GROUND, "spaces")
    sample.defects[name] = defects
    return name, "spaces", month.day.isoformat(), len(table)


def _land(sample: _Sample) -> Iterator[_Note]:
    """Homesteads and contract land, as surveyed once."""
    day = sample.months[-1].day.isoformat()
    for theme, (table, shape) in zip(LAND, land_sheets(sample.ground, sample.register), strict=True):
        write_geopackage(sample.folder / f"{theme}.gpkg", table, shape, GROUND, theme)
        yield f"{theme}.gpkg", theme, day, len(table)


def _of_offices(sample: _Sample, month: Month | None) -> Iterator[_Note]:
    """Files of the other offices: those of a month, or those that come once."""
    parts = (sample.folder, sample.ground, sample.register)
    newest = sample.months[-1].day.isoformat()
    for name, theme, day, rows, wrong in offices.of_month(*parts, month) if month else offices.once(*parts, newest):
        sample.defects[name] = wrong
        yield name, theme, day, rows


def _days_or_none(days: pd.Series) -> np.ndarray:
    text = dates(days.to_numpy())
    text[days.to_numpy() < 0] = None
    return text


def _finish(sample: _Sample, manifest: Path, wanted: dict[str, object]) -> None:
    """Write recipes, defects and, last of all, the manifest: its presence says that the sample is whole."""
    as_sheet = sample.ground.scale.cameras <= SHEET_ROWS
    write_recipes(sample.folder, sample.months, as_sheet)
    _write_json(sample.folder / "defects.json", sample.defects)
    _write_json(manifest, {**wanted, "label": LABEL, "files": sample.files})
    (sample.folder / _BEGUN).unlink()


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
