"""Tables of what is shaded on the map: rows packed for counting, and places with what sees them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, Table, Text


def add_shades(every: MetaData) -> None:
    """Add both tables to the store's metadata."""
    _grains(every)
    _places(every)


def _grains(every: MetaData) -> None:
    Table(
        "grains",
        every,
        Column("theme", Text, primary_key=True),
        Column("sheet", Integer, primary_key=True, comment="Morton number of a tile of zoom 8"),
        Column("stamp", BigInteger, nullable=False, comment="another one each time that the theme is packed"),
        Column("book", Integer, nullable=False, comment="what the kinds mean; see geodata/grains.py"),
        Column("body", LargeBinary, nullable=False, comment="uint32 cells inside the tile, then uint32 kinds or float32 weights"),
        comment="rows of a theme as fine cells in Morton order, packed by tiles of zoom 8",
    )


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
