"""Tables of what happens between loads: the newest state of each row with a short past of it, and walls' remotes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Identity, Index, MetaData, Table, Text, text


def add_statuses(every: MetaData) -> None:
    """Add the tables to the store's metadata."""
    Table(
        "statuses",
        every,
        Column("theme", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("state", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False, comment="when the row was so, as the feed says"),
        Column("moved", DateTime(timezone=True), nullable=False, comment="when the state last became another one"),
        Column("due", Boolean, nullable=False, server_default="true", comment="not yet in the theme's rows"),
        Column("counted", Boolean, nullable=False, server_default="false", comment="in what is counted per unit"),
        Column("drawn", Boolean, nullable=False, server_default="false", comment="in clusters, heat and tiles"),
        Index("statuses_due", "theme", postgresql_where=text("due")),
        Index("statuses_uncounted", "theme", postgresql_where=text("NOT counted")),
        Index("statuses_undrawn", "theme", postgresql_where=text("NOT drawn")),
        comment="the newest state of each row that a feed has spoken of; see geodata/statuses.py",
    )
    Table(
        "status_past",
        every,
        Column("id", BigInteger, Identity(), primary_key=True),
        Column("theme", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Index("status_past_key", "theme", "key"),
        Index("status_past_at", "at"),
        comment="states that rows had, for a month",
    )
    Table(
        "pairings",
        every,
        Column("print", Text, primary_key=True, comment="of a secret that is not kept"),
        Column("kind", Text, nullable=False, comment="a code that a wall shows, a remote, or a wrong code that was shown"),
        Column("ear", Text, nullable=False, comment="of the wall"),
        Column("expires", DateTime(timezone=True), nullable=False),
        comment="presenters' remotes; see geodata/pairings.py",
    )
