"""A load that was rehearsed is made as it was shown, or not at all."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine

from etl.correct import find_corrections
from etl.errors import SourceError
from etl.job import Job, hash_of, recipe_of
from geodata import rehearsals
from geodata.rehearsals import Rehearsal
from layers import themes


def prepare_again(engine: Engine, number: int, operator: str = "operator", reason: str | None = None) -> Job:
    """What is known of the file that a rehearsal showed, from the rehearsal itself.

    Parameters
    ----------
    engine : Engine
    number : int
        Of the rehearsal.
    operator : str
    reason : str, optional

    Raises
    ------
    SourceError, CorrectionError
        There is no such rehearsal, or its file is not there any more.
    """
    with engine.connect() as connection:
        kept = rehearsals.numbered(connection, number)
    if kept is None:
        raise _none(number)
    file, noted = Path(kept.file), kept.shown["changes"]
    if not file.exists():
        raise SourceError(
            f"rehearsal {number}", f"its file {file} is not there any more", "name the file, or rehearse it again"
        )
    mends = kept.recipe.get("mends")
    corrected_in, corrections = (file, ()) if mends else find_corrections(file)
    sha256, size = hash_of(file)
    return Job(
        file, recipe_of(kept.recipe), themes()[kept.theme], kept.as_of,
        "file time" if "as_of from file time" in noted else f"rehearsal {number}", sha256, size, operator, corrections,
        corrected_in, mends=mends, reason=reason, rehearsal=number, by_headers="recipe found by headers" in noted,
    )  # fmt: skip


def _none(number: int) -> SourceError:
    words = "there is no such rehearsal", "use the number that ./onemap rehearse gave"
    return SourceError(f"rehearsal {number}", *words)


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
        raise _none(job.rehearsal or 0)
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
