"""What the services publish: a collection for each theme and each level of the ladder, described from the declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from geodata.door import Reader
from geodata.errors import UnknownCollection
from geodata.units import INSIDE
from layers import Theme, themes
from layers._field import Field, Kind
from layers._indicator import Format
from layers._ladder import LEVELS, Level
from layers._text import Text

TRACED = (
    Field(name="unit", title=Text("所在单元代码", "Code of its unit"), kind=Kind.CODE),
    Field(name="load_id", title=Text("来自第几次入库", "Load that brought it"), kind=Kind.INTEGER),
    Field(name="since", title=Text("数据日期", "Day of the data"), kind=Kind.DATE),
)
"""What every row of a theme says beside its own fields: where it stands and whence it comes."""

_UNIT = (
    Field(name="code", title=Text("代码", "Code"), kind=Kind.CODE, required=True),
    Field(name="name", title=Text("名称", "Name")),
    Field(name="parent", title=Text("上级代码", "Code of the unit above"), kind=Kind.CODE),
    Field(name="population", title=Text("人口", "Population"), kind=Kind.INTEGER),
    Field(name="households", title=Text("户数", "Households"), kind=Kind.INTEGER),
    Field(name="area_m2", title=Text("面积", "Area"), kind=Kind.NUMBER, unit="m²"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Features of one kind that clients may ask for.

    Parameters
    ----------
    name : str
        Of the theme, or of the level ("village").
    title, about : Text
    key, label : str
        Fields that name a feature for ever, and for people.
    fields : tuple of Field
        What is told of each feature.
    picked_by : tuple of str
        Fields by which features can be asked for.
    theme : Theme or None
        None for a level.
    indicators : mapping of str to str
        Of a level: field -> "theme.indicator".
    """

    name: str
    title: Text
    about: Text
    key: str
    label: str
    fields: tuple[Field, ...]
    picked_by: tuple[str, ...]
    theme: Theme | None
    indicators: Mapping[str, str]

    def field(self, name: str) -> Field:
        """The field called `name`; KeyError if there is none."""
        return {each.name: each for each in self.fields}[name]


@dataclass(frozen=True, slots=True)
class Extent:
    """Where and since when a collection has features.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north in degrees, of the ground that the reader may see.
    first, last : date or None
        Data dates of its first and its newest load.
    """

    bounds: tuple[float, float, float, float]
    first: date | None
    last: date | None


@cache
def collections() -> dict[str, Collection]:
    """Every collection there can be, by name: themes in the order of the legend, then levels from the top."""
    every = [_of_theme(each) for each in themes().values()] + [_of_level(each) for each in LEVELS]
    return {each.name: each for each in every}


def collection(name: str) -> Collection:
    """The collection of a name.

    Raises
    ------
    UnknownCollection
        Nothing of that name is published.
    """
    if name not in collections():
        raise UnknownCollection(name, list(collections()))
    return collections()[name]


def held(reader: Reader) -> dict[str, Extent]:
    """The collections that have features for this reader, by name, in their order.

    Returns
    -------
    dict of str to Extent
    """
    ground = _bounds(reader)
    there = {row["name"]: row for row in reader.all(_held_question(), area=reader.scope.area)}
    return {name: Extent(ground, there[name]["first"], there[name]["last"]) for name in collections() if name in there and not kept_back(reader, name)}


def kept_back(reader: Reader, name: str) -> bool:
    """Whether a collection is of single places, and the reader a guest."""
    theme = collection(name).theme
    return reader.scope.discreet and theme is not None and theme.rung is None


_DAYS = "SELECT min(as_of) AS first, max(as_of) AS last FROM onemap.loads WHERE finished IS NOT NULL"


@cache
def _held_question() -> str:
    parts = [
        f"""SELECT '{name}' AS name, d.first, d.last FROM ({_DAYS} AND theme = '{name}') d
        WHERE EXISTS (SELECT FROM onemap."{name}" l WHERE {INSIDE})"""  # noqa: S608
        for name in themes()
    ]
    parts.append(
        f"""SELECT n.level, d.first, d.last FROM (SELECT DISTINCT level FROM onemap.ladder l WHERE {INSIDE}) n,
        ({_DAYS} AND theme IN (SELECT DISTINCT theme FROM onemap.ladder)) d"""  # noqa: S608
    )
    return " UNION ALL ".join(parts)


def _bounds(reader: Reader) -> tuple[float, float, float, float]:
    question = f"""SELECT min(west) AS w, min(south) AS s, max(east) AS e, max(north) AS n FROM onemap.ladder l
        WHERE (parent IS NULL OR code = :area) AND {INSIDE}"""  # noqa: S608
    found: Mapping[str, Any] = reader.first(question, area=reader.scope.area) or {}
    if found.get("w") is None:
        return -180.0, -90.0, 180.0, 90.0
    return found["w"], found["s"], found["e"], found["n"]


def _of_theme(theme: Theme) -> Collection:
    fields = (*theme.fields, *TRACED)
    return Collection(
        name=theme.name, title=theme.title, about=theme.about, key=theme.key, label=theme.label, fields=fields,
        picked_by=tuple(each.name for each in fields), theme=theme, indicators={},
    )  # fmt: skip


def _of_level(level: Level) -> Collection:
    counted = {f"{theme.name}_{each.name}": (theme, each) for theme in themes().values() for each in theme.indicators}
    numbers = tuple(
        Field(
            name=name,
            title=Text(f"{theme.title.zh} · {each.title.zh}", f"{theme.title.en} · {each.title.en}"),
            kind=Kind.NUMBER,
            unit="1" if each.format is Format.PERCENT else each.unit.zh or None,
        )
        for name, (theme, each) in counted.items()
    )
    return Collection(
        name=level.name, title=level.title,
        about=Text(f"{level.title.zh}级单元的边界和各项指标", f"Borders and indicators of each {level.title.en.lower()}"),
        key="code", label="name", fields=(*_UNIT, *numbers), picked_by=tuple(each.name for each in _UNIT), theme=None,
        indicators={name: f"{theme.name}.{each.name}" for name, (theme, each) in counted.items()},
    )  # fmt: skip


def plain(collection: Collection) -> Collection:
    """The collection without its indicators."""
    kept = tuple(each for each in collection.fields if each.name not in collection.indicators)
    return replace(collection, fields=kept, indicators={})
