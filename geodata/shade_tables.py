"""Tables of what is shaded on the map: rows packed for counting, places with what sees them, and findings of audits."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    event,
)

from geodata.shared_tables import DRAWN, path_type


def add_shades(every: MetaData) -> None:
    """Add these tables to the store's metadata."""
    _grains(every)
    _places(every)
    _audit(every)


def _grains(every: MetaData) -> None:
    table = Table(
        "grains",
        every,
        Column("theme", Text, primary_key=True),
        Column("sheet", Integer, primary_key=True, comment="Morton number of a tile of zoom 8"),
        Column("stamp", BigInteger, nullable=False, comment="another one each time that the theme is packed"),
        Column("book", Integer, nullable=False, comment="what the kinds mean; see geodata/grains.py"),
        Column("body", LargeBinary, nullable=False, comment="uint32 cells inside the tile, then uint32 kinds or float32 weights"),
        comment="rows of a theme as fine cells in Morton order, packed by tiles of zoom 8",
    )
    # Compressing millions of rows to two fifths took most of the second in which one changed row is brought into them.
    event.listen(table, "after_create", DDL("ALTER TABLE %(fullname)s ALTER body SET STORAGE EXTERNAL"))


def _places(every: MetaData) -> None:
    Table(
        "places",
        every,
        Column("seer", Text, primary_key=True),
        Column("theme", Text, primary_key=True),
        Column("row", BigInteger, primary_key=True),
        Column("state", SmallInteger, nullable=False, comment="0 blind, 1 seen by design, 2 seen now"),
        Column("sole", BigInteger, comment="the only row that sees it by design; null where several do, or none"),
        Column("sole_now", BigInteger, comment="the only one that sees it now"),
        Column("cx", Integer, comment="finest cell, see geodata/grains.py"),
        Column("cy", Integer),
        Index("places_theme", "theme", "row"),
        Index("places_sole", "sole"),
    )


def _audit(every: MetaData) -> None:
    Table(
        "audit",
        every,
        Column("id", Integer, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("weight", Text, nullable=False),
        Column("unit", Text, nullable=False, comment="the unit whose parts are wrong"),
        Column("path", path_type(), comment="of the grid, or of the unit"),
        Column("key", Text, comment="code of the grid; null where the unit is meant"),
        Column("m2", Double),
        Column("norm", Text),
        Column("zh", Text, nullable=False),
        Column("en", Text, nullable=False),
        Column("lon", Double),
        Column("lat", Double),
        Column("g3857", Geometry("GEOMETRY", srid=DRAWN, spatial_index=False), comment="ground that is wrong: gaps, overlaps"),
        Index("audit_path", "path"),
        Index("audit_g3857", "g3857", postgresql_using="gist"),
        comment="findings of the audit of grids, made anew by each load of units",
    )
    Table(
        "audited",
        every,
        Column("row", BigInteger, primary_key=True),
        Column("failed", BigInteger, nullable=False, comment="tests of a standard grid that it fails; see layers/_audit.py"),
    )
