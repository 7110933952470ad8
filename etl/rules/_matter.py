"""What the rules look at: the rows of one file in our words, what the store knows, and what follows from both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import shapely

from etl.clean import Cleaned
from etl.read.raw import Raw
from etl.recipe import Recipe
from etl.rules._ground import Ground
from geodata.earth import metres_per_degree
from layers import Theme
from layers._field import Field, Kind
from layers._ladder import level_of
from layers._theme import Geometry

Mask = np.ndarray
Answer = TypeVar("Answer")


@dataclass
class Matter:
    """The rows of one file and what they are held against.

    Parameters
    ----------
    theme : Theme
    rows : Cleaned
        n rows with the findings of cleaning.
    hashes : array of uint64, shape (n,)
        Equal for rows that say the same.
    ground : Ground
    as_of : date, optional
        The day of the data.
    today : date
    raw : Raw, optional
        The rows as they came.
    recipe : Recipe, optional
    partial : bool
        Whether the file brings some rows of its source and leaves the others as they are.
    """

    theme: Theme
    rows: Cleaned
    hashes: np.ndarray
    ground: Ground = field(default_factory=Ground)
    as_of: date | None = None
    today: date = field(default_factory=date.today)
    raw: Raw | None = None
    recipe: Recipe | None = None
    partial: bool = False
    _answers: dict[Callable[[Matter], Any], Any] = field(default_factory=dict, init=False, repr=False)

    def remembered(self, ask: Callable[[Matter], Answer]) -> Answer:
        """The answer to a question that several rules ask; worked out once."""
        if ask not in self._answers:
            self._answers[ask] = ask(self)
        return self._answers[ask]

    def only(self, kept: Mask) -> Matter:
        """The same with some of the rows; findings of cleaning stay with the others."""
        if kept.all():
            return self
        came = None if self.rows.came is None else self.rows.came[kept]
        rows = replace(self.rows, frame=self.frame[kept], shapes=self.shapes[kept], findings=[], came=came)
        return replace(self, rows=rows, hashes=self.hashes[kept])

    def __len__(self) -> int:
        return len(self.rows.frame)

    @property
    def frame(self) -> pd.DataFrame:
        """A column for each field."""
        return self.rows.frame

    @property
    def shapes(self) -> np.ndarray:
        """Shape of each row, EPSG:4490; None where it has none."""
        return self.rows.shapes

    @property
    def areas(self) -> bool:
        """Whether the theme's rows are areas."""
        return self.theme.geometry is Geometry.AREA

    @property
    def lines(self) -> bool:
        """Whether the theme's rows are lines."""
        return self.theme.geometry is Geometry.LINE

    @property
    def points(self) -> bool:
        """Whether the theme's rows are points."""
        return self.theme.geometry is Geometry.POINT

    def column(self, name: str) -> np.ndarray:
        """The values of a field as objects, None where it is empty; shape (n,)."""
        column = self.frame[name]
        return column.astype(object).where(column.notna(), None).to_numpy(dtype=object)

    def numbers(self, name: str) -> np.ndarray:
        """The values of a number field, NaN where it is empty; shape (n,)."""
        return self.frame[name].to_numpy(dtype=float, na_value=np.nan)

    def texts(self, name: str) -> pd.Series:
        """The values of a text field, "" where it is empty."""
        column = self.frame[name]
        return column.where(column.notna(), "").astype(str)

    def of_kind(self, *kinds: Kind) -> Iterator[Field]:
        """Fields of these kinds."""
        return (each for each in self.theme.fields if each.kind in kinds)

    @cached_property
    def keys(self) -> np.ndarray:
        """The key of each row, None where it is missing."""
        return self.column(self.theme.key)

    @cached_property
    def there(self) -> Mask:
        """Rows that have a shape."""
        return ~shapely.is_missing(self.shapes)

    @cached_property
    def bounds(self) -> np.ndarray:
        """West, south, east, north of each row; shape (n, 4), NaN where it has no shape."""
        return shapely.bounds(self.shapes)

    @cached_property
    def middle(self) -> tuple[np.ndarray, np.ndarray]:
        """Longitude and latitude of the middle of each row's box."""
        return (self.bounds[:, 0] + self.bounds[:, 2]) / 2, (self.bounds[:, 1] + self.bounds[:, 3]) / 2

    @cached_property
    def scale(self) -> tuple[float, float]:
        """Metres in a degree of longitude and of latitude, in the middle of the file."""
        y = self.middle[1]
        at = np.array([np.nanmedian(y) if np.isfinite(y).any() else 0.0])
        east, north = metres_per_degree(at)
        return float(east[0]), float(north[0])

    @cached_property
    def flat(self) -> np.ndarray:
        """The shapes in metres on a plane that is true in the middle of the file: good for what is near."""
        return shapely.transform(self.shapes, lambda xy: xy * self.scale)

    def flattened(self, shapes: np.ndarray) -> np.ndarray:
        """Other shapes on the same plane."""
        return shapely.transform(shapes, lambda xy: xy * self.scale)

    @cached_property
    def stands(self) -> tuple[np.ndarray, np.ndarray]:
        """Code and path of the deepest unit that each row stands in; None outside every one."""
        codes, paths = np.full(len(self), None, dtype=object), np.full(len(self), None, dtype=object)
        if self.there.any():
            codes[self.there], paths[self.there] = self.ground.place(self.shapes[self.there])
        return codes, paths

    @cached_property
    def standing(self) -> pd.DataFrame:
        """The rows of the source as they stand before the load; asked of the store once."""
        return self.ground.standing()

    @cached_property
    def before(self) -> pd.DataFrame:
        """The standing row of each row's key, in the order of the file; NaN where there is none."""
        known = self.standing
        return known.drop_duplicates("key").set_index("key").reindex(self.keys)

    @cached_property
    def units(self) -> pd.DataFrame:
        """Every unit of the ladder, by code."""
        return self.ground.units().astype(object).drop_duplicates("code").set_index("code", drop=False)

    @cached_property
    def levels(self) -> np.ndarray:
        """Level of each row of a theme with rungs: the one given, else what its code says."""
        rung = self.theme.rung
        if rung is None:
            return np.full(len(self), None, dtype=object)
        given, codes = self.column(rung.level), self.column(rung.code)
        said = [level or (level_of(code) if code else None) for level, code in zip(given, codes, strict=True)]
        return np.array([*said, None], dtype=object)[:-1]

    @cached_property
    def parents(self) -> np.ndarray:
        """The parent's code that each row declares; None where it declares none, or the theme has no rungs."""
        return self.column(self.theme.rung.parent) if self.theme.rung else np.full(len(self), None, dtype=object)

    @cached_property
    def level_by_code(self) -> dict[str, str]:
        """Level of every unit that the ladder or the file has; the file's own where both have it."""
        known = dict(zip(self.units["code"], self.units["level"], strict=True))
        if self.theme.rung:
            mine = zip(self.column(self.theme.rung.code), self.levels, strict=True)
            known |= {code: level for code, level in mine if code and level}
        return known

    def outlines(self, codes: list[str]) -> dict[str, Any]:
        """Shapes of units by code: those of the file, else those of the ladder."""
        mine: dict[str, Any] = {}
        if self.theme.rung:
            mine = dict(zip(self.column(self.theme.rung.code), self.shapes, strict=True))
        asked = [each for each in dict.fromkeys(codes) if mine.get(each) is None]
        found = dict(zip(asked, self.ground.outlines(asked), strict=True)) if asked else {}
        return {code: mine.get(code) or found.get(code) for code in dict.fromkeys(codes)}
