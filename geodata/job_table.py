"""The table of jobs: what the page, the watched folder or a shell has ordered of the ETL, and what became of it."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    func,
    text,
)


def add_jobs(every: MetaData) -> None:
    """Add the table of jobs to the store's metadata."""
    Table(
        "jobs",
        every,
        Column("id", Integer, Identity(), primary_key=True),
        Column("verb", Text, nullable=False, comment="of the command line: guess, check, rehearse, load, rollback, set-aside"),
        Column("words", JSON, nullable=False, comment="what stands behind the verb on the command line"),
        Column("about", Text, comment="the file's name, or what else it is about, for those who look at the list"),
        Column("upload", Text, comment="the folder of the upload that it is about"),
        Column("origin", Text, nullable=False, comment="page or watch"),
        Column("operator", Text, nullable=False),
        Column("note", Text, comment="why, in the operator's words"),
        Column("state", Text, nullable=False, server_default="waiting"),
        Column("step", Text, comment="what it does just now; see etl/progress.py"),
        Column("share", Double, comment="how much of that step is done, 0 to 1"),
        Column("attempts", Integer, nullable=False, server_default="0", comment="how often a runner has begun it"),
        Column("cancelled", Boolean, nullable=False, server_default=text("false"), comment="the operator has called it back"),
        Column("exit_code", Integer),
        Column("report", Text, comment="what the command printed with --json, byte by byte"),
        Column("shown", JSON, comment="the same, shortened for a page"),
        Column("said", Text, comment="what the command said beside it: a refusal"),
        Column("made", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
        Column("started", DateTime(timezone=True)),
        Column("finished", DateTime(timezone=True)),
        Index("jobs_open", "id", postgresql_where=text("state IN ('waiting', 'running')")),
        Index("jobs_upload", "upload"),
    )
