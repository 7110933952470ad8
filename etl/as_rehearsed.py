"""A load that was rehearsed is made as it was shown, or not at all."""

from __future__ import annotations

from sqlalchemy import Connection

from etl.errors import SourceError
from etl.job import Job
from geodata import rehearsals
from geodata.rehearsals import Rehearsal


def to_be_met(connection: Connection, job: Job) -> Rehearsal:
    """The rehearsal that a load names, when the load can still be what was shown.

    Parameters
    ----------
    connection : Connection
        In the transaction that holds the theme's lock.
    job : Job
        With a rehearsal.

    Raises
    ------
    SourceError
        There is no such rehearsal, it was of another file, or the store has moved on.
    """
    place = f"rehearsal {job.rehearsal}"
    kept = rehearsals.numbered(connection, job.rehearsal or 0)
    if kept is None:
        raise SourceError(place, "there is no such rehearsal", "use the number that ./onemap rehearse gave")
    now = {"bytes": job.sha256, "recipe": job.written(), "day": job.as_of}
    then = {"bytes": kept.sha256, "recipe": dict(kept.recipe), "day": kept.as_of}
    if differing := [name for name in now if now[name] != then[name]]:
        raise SourceError(place, f"{job.file} is not as it was ({', '.join(differing)} differ)", "rehearse it again")
    if moved := rehearsals.moved_on(connection, kept):
        raise SourceError(place, f"the store has moved on since ({', '.join(moved)})", "rehearse the file again")
    return kept


def refuse_other(kept: Rehearsal, printed: str) -> None:
    """Refuse to publish what was not shown.

    Parameters
    ----------
    kept : Rehearsal
    printed : str
        Of what the load has written (`geodata.fingerprint.of_outcome`).

    Raises
    ------
    SourceError
        The same file on the same ground made something else: a declaration's code has changed in between.
    """
    if printed != kept.print:
        raise SourceError(f"rehearsal {kept.id}", "the load would not be what was shown", "rehearse the file again")
