"""A store of an earlier version of the programme gains what this one expects of it, before anybody reads."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from geodata.store import engine
from geodata.tables import create_all


def bring_up_to_date() -> str | None:
    """Make the tables, columns and indexes that the store lacks.

    Returns
    -------
    str or None
        One sentence where the store does not let us: it can still be read as far as it goes.

    Raises
    ------
    StoreError
        Nothing answers where the store should be.
    """
    try:
        create_all(engine())
    except DBAPIError as problem:
        fact = str(problem.orig).strip().splitlines()[0].rstrip(".")
        return f"onemap store: {fact}; let its owner run ./onemap load once."
    return None
