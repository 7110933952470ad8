"""Tables that all themes share: the ledger, rows set aside, the ladder, what is drawn, sights and indicators."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

# EPSG:4490 (CGCS2000, degrees) is the storage CRS; it is treated as 4326 by policy: PROJ's transformation between
# them is a null one, so the drawing column says so instead of asking PROJ for a "ballpark".
STORED, DRAWN = 4490, 3857


def path_type() -> Text:
    """The type of a materialised path: byte order, so that "everything below this unit" is one range of the index."""
    return Text(collation="C")


def drawn_from_geom() -> Computed:
    """The rule of a drawing column: `geom` in EPSG:3857."""
    return Computed(f"ST_Transform(ST_SetSRID(geom, 4326), {DRAWN})", persisted=True)


def add_shared(every: MetaData) -> None:
    """Add every shared table to the store's metadata."""
    for table in (_loads, _set_aside, _ladder, _drawn, _cells, _sights, _indicators, _measured, _coverage):
        table(every)


def _drawn(every: MetaData) -> None:
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


def _cells(every: MetaData) -> None:
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


def _sights(every: MetaData) -> None:
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
            drawn_from_geom(),
        ),
        Index("sights_geom", "geom", postgresql_using="gist"),
        Index("sights_g3857", "g3857", postgresql_using="gist"),
    )


def _indicators(every: MetaData) -> None:
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


def _measured(every: MetaData) -> None:
    Table(
        "measured",
        every,
        Column("indicator", Text, primary_key=True),
        Column("definition", Text, primary_key=True, server_default="default"),
        Column("day", Date, primary_key=True),
        Column("basis", JSONB, nullable=False, comment="versions of the themes that it was measured on"),
    )


def _coverage(every: MetaData) -> None:
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
        Column("path", path_type(), nullable=False, unique=True),
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
