"""Tables of the ledger: loads, rows set aside, findings, rehearsals, and the units that follow those that went."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, DateTime, Double, Identity, Index, Integer, MetaData, Table, Text, func
from sqlalchemy.dialects.postgresql import JSON, JSONB


def add_ledger(every: MetaData) -> None:
    """Add the tables of the ledger to the store's metadata."""
    for table in (_loads, _set_aside, _findings, _rehearsals, _successors):
        table(every)


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
        Column("kind", Text, nullable=False, server_default="load", comment="load, mend or rollback"),
        Column("reason", Text, comment="why it was made, in the operator's words"),
        Column("rehearsal", Integer, comment="the rehearsal that showed it before"),
        Column("undoes", Integer, comment="of a rollback: the load that it took back"),
        Column("undone_by", Integer, comment="the rollback that took this one back; null while it stands"),
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
        Column("row", JSON, nullable=False, comment="as it came, in the order of its headers"),
        Column("key", Text, comment="of the row, where it could be read"),
        Column("crs", Text, comment="of the geometry in `row`; null where columns hold the place"),
        Column("mended_by", Integer, comment="the load that the row came back with"),
        Index("set_aside_load", "load_id"),
    )


def _findings(every: MetaData) -> None:
    Table(
        "findings",
        every,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("load_id", Integer, nullable=False),
        Column("theme", Text, nullable=False),
        Column("row_no", Integer, nullable=False, comment="of the file; 0 for the file as a whole"),
        Column("rule", Text, nullable=False),
        Column("severity", Text, nullable=False),
        Column("reason_zh", Text, nullable=False),
        Column("reason_en", Text, nullable=False),
        Column("key", Text, comment="of the row"),
        Index("findings_load", "load_id"),
    )


def _rehearsals(every: MetaData) -> None:
    Table(
        "rehearsals",
        every,
        Column("id", Integer, Identity(), primary_key=True),
        Column("theme", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("file", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("recipe", JSONB, nullable=False),
        Column("operator", Text, nullable=False),
        Column("as_of", Date, nullable=False),
        Column("made", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
        Column("seconds", Double, nullable=False),
        Column("print", Text, nullable=False, comment="of everything that the load would write"),
        Column("stands_on", JSONB, nullable=False, comment="versions of what it was worked out from"),
        Column("shown", JSONB, nullable=False, comment="what the operator saw"),
    )


def _successors(every: MetaData) -> None:
    Table(
        "successors",
        every,
        Column("code", Text, primary_key=True, comment="of the unit that went"),
        Column("successor", Text, primary_key=True, comment="code of a unit that took its ground"),
        Column("since", Date, nullable=False, comment="the day from which the successor stands for it"),
        Column("load_id", Integer, primary_key=True, comment="the load whose recipe says so; it counts while that stands"),
        Index("successors_successor", "successor"),
    )
