"""Tables made from declarations: one per theme, its past, and the tables that all themes share."""

from __future__ import annotations

from functools import cache
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Double,
    Engine,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.schema import CreateColumn, CreateTable, SetColumnComment, SetTableComment
from sqlalchemy.types import TypeEngine

from geodata.shade_tables import add_shades
from geodata.shared_tables import DRAWN, STORED, add_shared, drawn_from_geom, path_type
from layers import Theme, themes
from layers._field import Field, Kind

SCHEMA = "onemap"

_TYPES: dict[Kind, TypeEngine[Any] | type] = {
    Kind.TEXT: Text,
    Kind.CODE: Text,
    Kind.CHOICE: Text,
    Kind.INTEGER: BigInteger,
    Kind.NUMBER: Double,
    Kind.DATE: Date,
    Kind.FLAG: Boolean,
}


@cache
def metadata() -> MetaData:
    """Every table of the store: two for each declared theme, and the shared ones."""
    every = MetaData(schema=SCHEMA)
    for theme in themes().values():
        _theme_table(every, theme)
        _past_table(every, theme)
    add_shared(every)
    add_shades(every)
    return every


def table(name: str) -> Table:
    """The table called `name` (a theme, `<theme>_past`, or a shared one); KeyError if there is none."""
    return metadata().tables[f"{SCHEMA}.{name}"]


def create_all(engine: Engine) -> None:
    """Make the schema and every table that is missing; tables that exist gain the columns and indexes they lack.

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
        _make(connection)
        _grow(connection)
        _widen(connection)


def _field_columns(theme: Theme) -> list[Column]:
    return [_field_column(each) for each in theme.fields]


def _field_column(field: Field) -> Column:
    return Column(field.name, _TYPES[field.kind], comment=f"{field.title.zh} {field.unit or ''}".strip())


def _kept_columns(theme: Theme) -> list[Column]:
    shape = theme.geometry.value.upper()
    return [
        Column("source", Text, nullable=False, comment="the stream of files that this row comes from"),
        Column("row_no", Integer, nullable=False, comment="the row of the file, from 1"),
        Column("load_id", Integer, nullable=False, comment="the load that wrote this version"),
        Column("since", Date, nullable=False, comment="the data date of that load"),
        Column("hash", Text, nullable=False),
        Column("unit", Text, comment="code of the deepest unit that the row stands in"),
        Column("path", path_type(), comment="materialised path of that unit"),
        *_field_columns(theme),
        Column("geom", Geometry(shape, srid=STORED, spatial_index=False)),
        Column("g3857", Geometry(shape, srid=DRAWN, spatial_index=False), drawn_from_geom()),
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
        Column("until_load", Integer, nullable=False, comment="the load that ended this version"),
        Column("restored", Integer, comment="the rollback that put this version back; since = until then"),
        Index(f"{name}_id", "id"),
        Index(f"{name}_key", "key"),
        Index(f"{name}_since", "since", "until"),
        comment=f"{theme.title.zh}: former versions",
    )


def _make(connection: Connection) -> None:
    """Every table that is missing; those of themes and sights without their indexes, see `index`."""
    there = {row[0] for row in _there(connection, "SELECT tablename, '' FROM pg_tables WHERE schemaname = :schema")}
    for each in metadata().sorted_tables:
        if each.name in there:
            continue
        connection.execute(CreateTable(each))
        if each.comment:
            connection.execute(SetTableComment(each))
        for column in each.columns:
            if column.comment:
                connection.execute(SetColumnComment(column))


_COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = :schema"


def lacking(connection: Connection) -> list[str]:
    """Columns, as table.column, that the store of an earlier version lacks; `create_all` makes them."""
    there = _there(connection, _COLUMNS)
    return [f"{each.name}.{column.name}" for each in metadata().sorted_tables for column in each.columns if (each.name, column.name) not in there]


def _grow(connection: Connection) -> None:
    """Columns that a table lacks since it was made, and the indexes of tables that have rows."""
    columns = _there(connection, _COLUMNS)
    worked_out = _there(
        connection,
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = :schema AND is_generated = 'ALWAYS'",
    )
    for each in metadata().sorted_tables:
        for column in each.columns:
            if (each.name, column.name) not in columns:
                said = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(text(f'ALTER TABLE {SCHEMA}."{each.name}" ADD COLUMN {said}'))
            elif (each.name, column.name) in worked_out and not column.computed:
                dropped = f'ALTER TABLE {SCHEMA}."{each.name}" ALTER COLUMN "{column.name}" DROP EXPRESSION'
                connection.execute(text(dropped))
        filled = text(f'SELECT EXISTS (SELECT FROM {SCHEMA}."{each.name}")')  # noqa: S608
        if each.name not in {*themes(), "sights"} or connection.execute(filled).scalar():
            index(connection, each.name)


def _widen(connection: Connection) -> None:
    """Let a column of one kind of shape hold any, where it is declared so by now."""
    kinds = _there(connection, "SELECT f_table_name || '.' || f_geometry_column, type FROM geometry_columns WHERE f_table_schema = :schema")
    for each in metadata().sorted_tables:
        for column in each.columns:
            narrow = {kind for name, kind in kinds if name == f"{each.name}.{column.name}"} - {"GEOMETRY"}
            if narrow and isinstance(column.type, Geometry) and column.type.geometry_type == "GEOMETRY":
                kind = f"geometry(Geometry, {column.type.srid})"
                connection.execute(text(f'ALTER TABLE {SCHEMA}."{each.name}" ALTER COLUMN "{column.name}" TYPE {kind}'))


def index(connection: Connection, name: str) -> None:
    """Make the indexes that a table lacks; readers of the table do not wait for it.

    Tables that are filled by the million get theirs when the first rows are in: that takes a third of the time.

    Parameters
    ----------
    connection : Connection
        In the transaction that gave the table its first rows.
    name : str
        Of the table.
    """
    question = text("SELECT indexname FROM pg_indexes WHERE schemaname = :schema AND tablename = :name")
    there = set(connection.execute(question, {"schema": SCHEMA, "name": name}).scalars())
    for each in table(name).indexes:
        if each.name not in there:
            each.create(connection)


def _there(connection: Connection, question: str) -> set[tuple[str, str]]:
    return {(row[0], row[1]) for row in connection.execute(text(question), {"schema": SCHEMA})}
