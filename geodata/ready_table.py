"""The table of ready-made tiles."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text, event
from sqlalchemy.schema import DDL


def add_ready(every: MetaData) -> None:
    """Add the table to the store's metadata."""
    table = Table(
        "ready",
        every,
        Column("layer", Text, primary_key=True),
        Column("z", Integer, primary_key=True),
        Column("x", Integer, primary_key=True),
        Column("y", Integer, primary_key=True),
        Column("how", BigInteger, nullable=False, comment="number of the statement that it was made with"),
        Column("checksum", BigInteger, nullable=False, comment="CRC-32 of the tile"),
        Column("size", Integer, nullable=False, comment="bytes of the tile; 0 where nothing is"),
        Column("body", LargeBinary, nullable=False, comment="the tile in deflate blocks; see geodata/gzipped.py"),
        comment="tiles made at the last load; see geodata/ready.py",
    )
    # What is compressed already is not tried again.
    event.listen(table, "after_create", DDL("ALTER TABLE %(fullname)s ALTER body SET STORAGE EXTERNAL"))
