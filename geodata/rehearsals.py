"""Rehearsals: what a load would do was shown, and what it stood on is kept, so that exactly this can be published."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from geodata.door import Reader
from geodata.tables import table

# One number for all rehearsals, in the space of advisory locks with two; a load looks for who holds it.
_REHEARSING = (20_061, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A load that was shown and not made.

    Parameters
    ----------
    id : int
        Its number.
    theme, source, file, sha256, operator : str
        As of the load that it shows.
    recipe : mapping
        Everything besides the bytes that decides what the load does.
    as_of : date
        The day of the data.
    made : datetime
    seconds : float
        That it took.
    print : str
        Of everything that the load would write (`geodata.fingerprint.of_outcome`).
    stands_on : mapping
        What it was worked out from: see `ground`.
    shown : mapping
        What the operator saw.
    """

    id: int
    theme: str
    source: str
    file: str
    sha256: str
    recipe: Mapping[str, Any]
    operator: str
    as_of: date
    made: datetime
    seconds: float
    print: str
    stands_on: Mapping[str, Any]
    shown: Mapping[str, Any]


def announce(connection: Connection) -> None:
    """Say that this transaction is a rehearsal and may be ended by whoever has a load to make."""
    connection.execute(text("SELECT pg_advisory_xact_lock_shared(:one, :two)"), _numbers())


def make_way(connection: Connection) -> int:
    """End every rehearsal that is under way, before a load: it would show a store that is gone; their number.

    Notes
    -----
    A rehearsal holds the locks of a load for as long as it works everything out. It begins again by itself afterwards.
    """
    question = text("""SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2
        AND classid::bigint = :one AND objid::bigint = :two AND granted AND pid <> pg_backend_pid()
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""")
    return int(connection.execute(question, _numbers()).scalar_one())


def _numbers() -> dict[str, int]:
    return dict(zip(("one", "two"), _REHEARSING, strict=True))


def ground(connection: Connection, theme: str, source: str, parts: Collection[str]) -> dict[str, Any]:
    """What a load of a source is worked out from.

    Parameters
    ----------
    connection : Connection
    theme, source : str
    parts : collection of str
        Themes (and "ladder") whose versions count.

    Returns
    -------
    dict
        versions by part; `loads`: the newest line of the ledger for the source; `day`: the newest day that was measured.
    """
    versions = connection.execute(
        text("SELECT theme, version FROM onemap.versions WHERE theme = ANY(:parts)"), {"parts": list(parts)}
    )
    line = text("SELECT max(id) FROM onemap.loads WHERE theme = :theme AND source = :source")
    day = connection.execute(text("SELECT max(day) FROM onemap.measured")).scalar()
    return {
        "versions": {part: None for part in sorted(parts)} | {row.theme: row.version for row in versions},
        "loads": connection.execute(line, {"theme": theme, "source": source}).scalar(),
        "day": day.isoformat() if day else None,
    }


def measured_parts(connection: Connection) -> set[str]:
    """Themes that the indicators stand on which this very transaction has measured."""
    question = "SELECT DISTINCT jsonb_object_keys(basis) FROM onemap.measured WHERE xmin = pg_current_xact_id()::xid"
    return set(connection.execute(text(question)).scalars())


def keep(connection: Connection, **told: Any) -> int:
    """Write a rehearsal; its number."""
    made = table("rehearsals")
    return int(connection.execute(made.insert().values(**told).returning(made.c.id)).scalar_one())


def numbered(connection: Connection, number: int) -> Rehearsal | None:
    """One rehearsal by its number."""
    row = connection.execute(text("SELECT * FROM onemap.rehearsals WHERE id = :id"), {"id": number}).mappings().first()
    return Rehearsal(**row) if row else None


def rehearsal(reader: Reader, number: int) -> Rehearsal | None:
    """One rehearsal by its number, for those who read."""
    row = reader.first("SELECT * FROM onemap.rehearsals WHERE id = :id", id=number)
    return Rehearsal(**row) if row else None


def moved_on(connection: Connection, kept: Rehearsal) -> list[str]:
    """What has changed since in the ground that a rehearsal stands on; nothing when it can be published."""
    now = ground(connection, kept.theme, kept.source, list(kept.stands_on["versions"]))
    then = kept.stands_on
    changed = [part for part, version in now["versions"].items() if version != then["versions"][part]]
    if now["loads"] != then["loads"]:
        changed.append(f"load {now['loads']} of source {kept.source!r}")
    return changed + ([f"measured day {now['day']}"] if now["day"] != then["day"] else [])
