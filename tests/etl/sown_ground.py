"""The clean county sample in memory: its files as they are read, and the ground that a store would tell of it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from etl import pipeline
from etl.check import Checked, check
from etl.clean import clean
from etl.read.raw import Raw
from etl.recipe import Recipe
from etl.rules import Ground
from geodata import fingerprint
from geodata.nesting import Node, parents, paths, rank_of
from geodata.sample import make
from layers import theme

DEGREES = CRS.from_epsg(4490)


@dataclass
class Lot:
    """The rows of one file before they are cleaned, under our own headers, and the ground they come to."""

    theme: object
    raw: Raw
    ground: Ground
    recipe: Recipe
    as_of: date = date(2026, 10, 31)
    values: dict = field(default_factory=dict)

    def checked(self) -> Checked:
        rows = clean("lot", self.raw, self.theme, self.recipe, "lot")
        hashes = fingerprint.hashes(self.theme, rows.frame, rows.shapes)
        return check(rows, self.theme, hashes, self.ground, self.as_of, self.raw, self.recipe)

    @property
    def rows(self):
        return self.raw.frame.index.to_numpy()

    def at(self, row):
        return self.raw.frame.index.get_loc(row)

    def set(self, row, **values):
        for name, value in values.items():
            self.raw.frame.at[row, name] = value

    def get(self, row, name):
        return self.raw.frame.at[row, name]

    def shape(self, row):
        return self.raw.shapes[self.at(row)]

    def draw(self, row, shape):
        self.raw.shapes[self.at(row)] = shape

    def copy_row(self, row, **changes):
        """One row more, like another but for the changes; its number."""
        number = int(self.rows.max()) + 1
        self.raw.frame.loc[number] = {**self.raw.frame.loc[row].to_dict(), **changes}
        self.raw.shapes = np.append(self.raw.shapes, self.shape(row))
        return number

    def drop(self, rows):
        keep = ~self.raw.frame.index.isin(rows)
        self.raw.frame, self.raw.shapes = self.raw.frame[keep], self.raw.shapes[keep]

    def stood(self, **changes):
        """What stands in the store: these very rows, but for the changes (a column, or a function of the frame)."""
        rows = clean("lot", self.raw, self.theme, self.recipe, "lot")
        centre = shapely.centroid(rows.shapes)
        known = rows.frame.astype(object).where(rows.frame.notna(), None).reset_index(drop=True)
        known = known.assign(
            key=rows.frame[self.theme.key].to_numpy(), name=rows.frame[self.theme.label].to_numpy(),
            x=shapely.get_x(centre), y=shapely.get_y(centre), area=shapely.area(rows.shapes),
        )  # fmt: skip
        for name, change in changes.items():
            known[name] = change(known) if callable(change) else change
        self.ground = replace(self.ground, standing=lambda: known)
        return known


@cache
def sample(folder: Path, name: str, *, clean_only: bool = True) -> tuple[Raw, pipeline.Job]:
    """A file of the sample, without the rows that its list of defects names."""
    job = pipeline.prepare(folder / name)
    raw = pipeline.bring(job).raw
    listed = json.loads((folder / "defects.json").read_text("utf-8")).get(name, []) if clean_only else []
    keep = ~raw.frame.index.isin({each["row"] for each in listed})
    raw.frame = raw.frame[keep]
    raw.shapes = None if raw.shapes is None else raw.shapes[keep]
    return raw, job


class County:
    """The files of the county sample and the ground that they make together."""

    FILES = {
        "units": "units.zip", "grids": "grids.gpkg", "roads": "roads.gpkg", "intersections": "intersections.csv",
        "entrances": "entrances.csv", "halls": "halls_2026-10.geojson", "spaces": "spaces_2026-10.gpkg",
        "cameras": "cameras_2026-10.xlsx",
    }  # fmt: skip

    def __init__(self, folder: Path):
        self.folder = folder
        self.cleaned = {}
        make("county", 1, folder, 1, True)

    def rows(self, name):
        if name not in self.cleaned:
            raw, job = sample(self.folder, self.FILES[name])
            self.cleaned[name] = clean(job.file.name, raw, job.theme, job.recipe, job.file.stem)
        return self.cleaned[name]

    @cached_property
    def ladder(self) -> pd.DataFrame:
        both = pd.concat([self.rows("units").frame, self.rows("grids").frame])
        nodes = {
            code: Node(code, rank_of(level), above if isinstance(above, str) else None)
            for code, level, above in zip(both["code"], both["level"], both["parent"], strict=True)
        }
        above = parents(nodes, lambda codes: np.array([None] * len(codes), dtype=object))
        made = paths(above, sorted(nodes, key=lambda code: nodes[code].rank))
        return pd.DataFrame({
            "code": both["code"].to_numpy(), "name": both["name"].to_numpy(), "level": both["level"].to_numpy(),
            "parent": [above[code] for code in both["code"]], "path": [made[code] for code in both["code"]],
            "population": both["population"].to_numpy(), "households": both["households"].to_numpy(), "area_m2": None,
        }).astype(object)  # fmt: skip

    @cached_property
    def outlines(self):
        shapes = np.concatenate([self.rows("units").shapes, self.rows("grids").shapes])
        return dict(zip(self.ladder["code"], shapes, strict=True))

    @cached_property
    def _deepest_first(self):
        depth = self.ladder["path"].str.count("/").to_numpy()
        order = np.lexsort((self.ladder["code"].to_numpy(), -depth))
        codes = self.ladder["code"].to_numpy()[order]
        grounds = np.array([self.outlines[code] for code in codes], dtype=object)
        return codes, self.ladder["path"].to_numpy()[order], grounds

    def place(self, shapes):
        codes, ways, grounds = self._deepest_first
        points = shapely.point_on_surface(shapes)
        at, row = shapely.STRtree(points).query(grounds, predicate="intersects")
        best = np.full(len(points), len(codes))
        np.minimum.at(best, row, at)
        return np.append(codes, None)[best], np.append(ways, None)[best]

    @cached_property
    def ground(self) -> Ground:
        city = self.outlines["990100000000"]
        return Ground(
            bounds=np.array([shapely.bounds(city)]),
            units=lambda: self.ladder,
            outlines=lambda codes: np.array([*(self.outlines.get(code) for code in codes), None], dtype=object)[:-1],
            place=self.place,
            shapes=lambda name: self.rows(name).shapes,
        )

    def lot(self, name, n=250) -> Lot:
        """The first rows of a file, ready to be spoilt; of units those below one county, of grids those of some villages."""
        raw, job = sample(self.folder, self.FILES[name])
        rows = self.rows(name)
        keep = np.arange(len(rows.frame)) < n
        if name == "units":
            keep = (rows.frame["code"].str.startswith("990102") & (rows.frame["code"] != "990102000000")).to_numpy()
        if name == "grids":
            villages = rows.frame["code"].str[:12]
            keep = villages.isin(villages.unique()[:12]).to_numpy()
        headers = {theirs: ours for ours, theirs in job.recipe.fields.items()}
        frame = raw.frame[keep].rename(columns=headers)[list(headers.values())].astype(object)
        lot = Raw(frame.copy(), rows.shapes[keep].copy(), DEGREES, {}, Counter())
        return Lot(theme(name), lot, self.ground, Recipe(theme=name, source=name))
