"""Tables made from declarations: one per theme, its past, and the tables that all themes share."""

from __future__ import annotations

from functools import cache
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Connection,
    Date,
    DateTime,
    Double,
    Engine,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    func,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from layers import Theme, themes
from layers._field import Field, Kind

SCHEMA = "onemap"

# EPSG:4490 (CGCS2000, degrees) is the storage CRS; it is treated as 4326 by policy: PROJ's transformation between
# them is a null one, so the drawing column says so instead of asking PROJ for a "ballpark".
STORED, DRAWN = 4490, 3857

_TYPES: dict[Kind, TypeEngine[Any] | type] = {
    Kind.TEXT: Text,
    Kind.CODE: Text,
    Kind.CHOICE: Text,
    Kind.INTEGER: BigInteger,
    Kind.NUMBER: Double,
    Kind.DATE: Date,
    Kind.FLAG: Boolean,
}


def _path() -> Text:
    # Byte order, so that "everything below this unit" is one range of the index.
    return Text(collation="C")


@cache
def metadata() -> MetaData:
    """Every table of the store: two for each declared theme, and the shared ones."""
    every = MetaData(schema=SCHEMA)
    for theme in themes().values():
        _theme_table(every, theme)
        _past_table(every, theme)
    _shared_tables(every)
    return every


def table(name: str) -> Table:
    """The table called `name` (a theme, `<theme>_past`, or a shared one); KeyError if there is none."""
    return metadata().tables[f"{SCHEMA}.{name}"]


def create_all(engine: Engine) -> None:
    """Make the schema and every table that is missing; tables that exist gain the columns that a theme gained.

    Parameters
    ----------
    engine : Engine
        Of a database with PostGIS.

    Notes
    -----
    Nothing is ever dropped or narrowed here: a field that a declaration lost keeps its column and its data.
    """
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('onemap.create_all'))"))
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        metadata().create_all(connection)
        for theme in themes().values():
            _grow(connection, theme)


def _field_columns(theme: Theme) -> list[Column]:
    return [_field_column(each) for each in theme.fields]


def _field_column(field: Field) -> Column:
    return Column(field.name, _TYPES[field.kind], comment=f"{field.title.zh} {field.unit or ''}".strip())


def _kept_columns(theme: Theme) -> list[Column]:
    shape = theme.geometry.value.upper()
    drawn = Computed(f"ST_Transform(ST_SetSRID(geom, 4326), {DRAWN})", persisted=True)
    return [
        Column("source", Text, nullable=False, comment="the stream of files that this row comes from"),
        Column("row_no", Integer, nullable=False, comment="the row of the file, from 1"),
        Column("load_id", Integer, nullable=False, comment="the load that wrote this version"),
        Column("since", Date, nullable=False, comment="the data date of that load"),
        Column("hash", Text, nullable=False),
        Column("unit", Text, comment="code of the deepest unit that the row stands in"),
        Column("path", _path(), comment="materialised path of that unit"),
        *_field_columns(theme),
        Column("geom", Geometry(shape, srid=STORED, spatial_index=False)),
        Column("g3857", Geometry(shape, srid=DRAWN, spatial_index=False), drawn),
    ]


def _theme_table(every: MetaData, theme: Theme) -> None:
    name = theme.name
    Table(
        name,
        every,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("key", Text, nullable=False, unique=True),
        *_kept_columns(theme),
        Index(f"{name}_geom", "geom", postgresql_using="gist"),
        Index(f"{name}_g3857", "g3857", postgresql_using="gist"),
        Index(f"{name}_path", "path"),
        Index(f"{name}_source", "source"),
        # For the search: beginnings of names and keys, whatever the collation of the database.
        Index(f"{name}_label", theme.label, postgresql_ops={theme.label: "text_pattern_ops"}),
        Index(f"{name}_key", "key", postgresql_ops={"key": "text_pattern_ops"}),
        comment=f"{theme.title.zh}: {theme.about.zh}",
    )


def _past_table(every: MetaData, theme: Theme) -> None:
    name = f"{theme.name}_past"
    Table(
        name,
        every,
        Column("id", BigInteger, nullable=False),
        Column("key", Text, nullable=False),
        *_kept_columns(theme),
        Column("until", Date, nullable=False, comment="the data date from which this version no longer holds"),
        Column("until_load", Integer, nullable=False),
        Index(f"{name}_key", "key"),
        Index(f"{name}_since", "since", "until"),
        comment=f"{theme.title.zh}: former versions",
    )


def _shared_tables(every: MetaData) -> None:
    _loads(every)
    _set_aside(every)
    _ladder(every)
    Table(
        "drawn",
        every,
        Column("level", Text, nullable=False),
        Column("zmin", Integer, nullable=False),
        Column("zmax", Integer, nullable=False),
        Column("id", Integer, nullable=False),
        Column("g3857", Geometry("MULTIPOLYGON", srid=DRAWN, spatial_index=False)),
        Index("drawn_level", "level", "zmin"),
        Index("drawn_g3857", "g3857", postgresql_using="gist"),
    )
    Table(
        "cells",
        every,
        Column("theme", Text, primary_key=True),
        Column("z", Integer, primary_key=True),
        Column("cy", Integer, primary_key=True),
        Column("cx", Integer, primary_key=True),
        Column("n", Integer, nullable=False),
        Column("states", JSONB),
        Column("x", Double),
        Column("y", Double),
    )
    Table(
        "sights",
        every,
        Column("theme", Text, primary_key=True),
        Column("row", BigInteger, primary_key=True),
        Column("effective", Boolean, nullable=False),
        Column("assumed", Boolean, nullable=False),
        Column("geom", Geometry("POLYGON", srid=STORED, spatial_index=False)),
        Column(
            "g3857",
            Geometry("POLYGON", srid=DRAWN, spatial_index=False),
            Computed(f"ST_Transform(ST_SetSRID(geom, 4326), {DRAWN})", persisted=True),
        ),
        Index("sights_geom", "geom", postgresql_using="gist"),
        Index("sights_g3857", "g3857", postgresql_using="gist"),
    )
    Table(
        "indicators",
        every,
        Column("indicator", Text, primary_key=True),
        Column("definition", Text, primary_key=True, server_default="default"),
        Column("unit", Text, primary_key=True),
        Column("day", Date, primary_key=True),
        Column("value", Double),
        Column("numerator", Double),
        Column("denominator", Double),
        comment="a value holds from its day until the next one of its unit; see geodata/values.py",
    )
    Table(
        "measured",
        every,
        Column("indicator", Text, primary_key=True),
        Column("definition", Text, primary_key=True, server_default="default"),
        Column("day", Date, primary_key=True),
        Column("basis", JSONB, nullable=False, comment="versions of the themes that it was measured on"),
    )
    Table(
        "coverage",
        every,
        Column("what", Text, primary_key=True),
        Column("unit", Text, primary_key=True),
        Column("print", BigInteger, nullable=False, comment="of the shapes that made the amount"),
        Column("amount", Double, nullable=False),
        comment="seen m² or m of each base unit, kept so that only ground that changed is worked out again",
    )
    Table("versions", every, Column("theme", Text, primary_key=True), Column("version", Integer, nullable=False))


def _loads(every: MetaData) -> None:
    counts = ("rows_in", "added", "changed", "removed", "unchanged", "set_aside", "duplicates")
    Table(
        "loads",
        every,
        Column("id", Integer, Identity(), primary_key=True),
        Column("theme", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("file", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("bytes", BigInteger, nullable=False),
        Column("recipe", JSONB, nullable=False),
        Column("operator", Text, nullable=False),
        Column("as_of", Date, nullable=False),
        Column("started", DateTime(timezone=True), nullable=False),
        Column("finished", DateTime(timezone=True), server_default=func.now()),
        *(Column(each, Integer, nullable=False) for each in counts),
        Column("changes", JSONB, nullable=False),
        Index("loads_theme", "theme", "source", "as_of"),
    )


def _set_aside(every: MetaData) -> None:
    Table(
        "set_aside",
        every,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("load_id", Integer, nullable=False),
        Column("theme", Text, nullable=False),
        Column("row_no", Integer, nullable=False),
        Column("rule", Text, nullable=False),
        Column("reason_zh", Text, nullable=False),
        Column("reason_en", Text, nullable=False),
        Column("row", JSONB, nullable=False),
        Index("set_aside_load", "load_id"),
    )


def _ladder(every: MetaData) -> None:
    Table(
        "ladder",
        every,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("code", Text, nullable=False, unique=True),
        Column("name", Text, nullable=False),
        Column("level", Text, nullable=False),
        Column("depth", Integer, nullable=False),
        Column("parent", Text),
        Column("path", _path(), nullable=False, unique=True),
        Column("theme", Text, nullable=False),
        Column("population", BigInteger),
        Column("households", BigInteger),
        Column("area_m2", Double),
        Column("children", Integer, nullable=False),
        Column("west", Double),
        Column("south", Double),
        Column("east", Double),
        Column("north", Double),
        Column("geom", Geometry("MULTIPOLYGON", srid=STORED, spatial_index=False)),
        Column("g3857", Geometry("MULTIPOLYGON", srid=DRAWN, spatial_index=False)),
        Column("label", Geometry("POINT", srid=DRAWN, spatial_index=False)),
        Index("ladder_parent", "parent"),
        Index("ladder_level", "level"),
        Index("ladder_name", "name", postgresql_ops={"name": "text_pattern_ops"}),
        Index("ladder_code", "code", postgresql_ops={"code": "text_pattern_ops"}),
        Index("ladder_geom", "geom", postgresql_using="gist"),
        Index("ladder_label", "label", postgresql_using="gist"),
    )


def _grow(connection: Connection, theme: Theme) -> None:
    for name in (theme.name, f"{theme.name}_past"):
        there = {each["name"] for each in inspect(connection).get_columns(name, schema=SCHEMA)}
        for each in theme.fields:
            if each.name not in there:
                kind = _field_column(each).type.compile(dialect=connection.dialect)
                connection.execute(text(f'ALTER TABLE {SCHEMA}."{name}" ADD COLUMN "{each.name}" {kind}'))
