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
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geodata.job_table import add_jobs
from geodata.ledger_tables import add_ledger
from geodata.playlists import add_playlists
from geodata.ready_table import add_ready
from geodata.status_tables import add_statuses
from layers._ladder import LEVEL_NAMES

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
    for table in (add_ledger, add_jobs, add_playlists, _ladder, _drawn, add_ready, _cells, _sights, _indicators, _measured, _accepted, _waiting, add_statuses):
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
        # One for each level: a tile of towns must not look through a million grids.
        *(Index(f"drawn_{each}", "g3857", postgresql_using="gist", postgresql_where=text(f"level = '{each}'")) for each in LEVEL_NAMES),
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
        Column("beyond", Double, comment="metres from the ground as it is drawn, within which some reading of an indicator counts"),
        Column("g3857", Geometry("GEOMETRY", srid=DRAWN, spatial_index=False)),
        Index("sights_g3857", "g3857", postgresql_using="gist"),
        comment="the ground that rows see, as it is drawn; what it covers is counted from the rows themselves",
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
        Index("indicators_unit", "unit"),  # a card asks for all numbers of one unit
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
        Column("lacks", Text, comment="theme without a row, or theme.field without a value, for want of which it says nothing"),
        Column("made", DateTime(timezone=True), comment="when it was measured"),
    )


def _accepted(every: MetaData) -> None:
    Table(
        "accepted",
        every,
        Column("indicator", Text, primary_key=True),
        Column("definition", Text, primary_key=True),
        Column("unit", Text, primary_key=True),
        Column("day", Date, primary_key=True, comment="on which the number moved"),
        Column("who", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("made", DateTime(timezone=True), nullable=False),
        comment="numbers beyond their usual range that somebody found right; see geodata/usual.py",
    )


def _waiting(every: MetaData) -> None:
    Table(
        "waiting",
        every,
        Column("stream", Text, nullable=False, comment="a theme, or theme.sights"),
        Column("since", Integer, nullable=False, comment="the theme's version before the load"),
        Column("path", path_type(), comment="of a unit; empty for all of them"),
        comment="units that loads touched and nobody has measured yet; see geodata/waiting.py",
    )
    Table("versions", every, Column("theme", Text, primary_key=True), Column("version", Integer, nullable=False))


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
        Column("registered", BigInteger, comment="people registered there (户籍)"),
        Column("area_m2", Double),
        Column("children", Integer, nullable=False),
        Column("west", Double),
        Column("south", Double),
        Column("east", Double),
        Column("north", Double),
        Column("silhouette", Text, comment="lowest and highest ground from west to east; see geodata/silhouette.py"),
        Column("geom", Geometry("MULTIPOLYGON", srid=STORED, spatial_index=False)),
        Column("g3857", Geometry("MULTIPOLYGON", srid=DRAWN, spatial_index=False)),
        Column("label", Geometry("POINT", srid=DRAWN, spatial_index=False)),
        Index("ladder_parent", "parent"),
        Index("ladder_level_path", "level", "path"),
        Index("ladder_name", "name", postgresql_ops={"name": "text_pattern_ops"}),
        Index("ladder_code", "code", postgresql_ops={"code": "text_pattern_ops"}),
        Index("ladder_geom", "geom", postgresql_using="gist"),
        Index("ladder_label", "label", postgresql_using="gist"),
        Index("ladder_g3857", "g3857", postgresql_using="gist"),  # which units lie near what a load changed
    )
