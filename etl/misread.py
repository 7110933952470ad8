"""A file whose rows surely lie in another coordinate system than nobody said: refused, since 500 m are not seen by eye."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection

from etl.claims import Ladder
from etl.errors import SourceError
from etl.forensic import Verdict, forensic
from etl.read.raw import Raw
from etl.recipe import Recipe
from geodata import claims
from geodata.door import Reader, Scope


def ladder_of(reader: Reader) -> Ladder:
    """The ladder of the store, as files are held against it."""
    return Ladder(
        by_codes=lambda codes: claims.by_codes(reader, codes),
        by_names=lambda: claims.by_names(reader),
        grounds=lambda codes: claims.grounds(reader, codes),
        extent=claims.extent(reader),
    )


def check_system(connection: Connection, place: str, raw: Raw, came: np.ndarray | None, recipe: Recipe) -> None:
    """Refuse rows that stand in the villages they claim only when they are read in another system.

    Parameters
    ----------
    connection : Connection
    place : str
        The file, for the refusal.
    raw : Raw
        n rows as they were read.
    came : array of Geometry, shape (n,), EPSG:4490
        Where they would stand.
    recipe : Recipe
        Where it names a `crs`, somebody has decided, and nothing is asked.

    Raises
    ------
    SourceError
        The villages that the rows claim say another system, beyond doubt.
    """
    if recipe.crs or came is None:
        return
    verdict = forensic(raw, came, None, ladder_of(Reader(connection, Scope())))
    if verdict.sure and verdict.basis == "villages" and not _as_taken(verdict):
        said = verdict.recipe.get("crs")
        raise SourceError(
            place,
            f"its rows are in {verdict.system}, which it does not say: {verdict.says.en}",
            f'write crs = "{said}" in the recipe, or crs = "EPSG:4490" if you know better'
            if said
            else "ask for the data as surveyed",
        )


def _as_taken(verdict: Verdict) -> bool:
    return verdict.recipe.get("crs") == "EPSG:4490" and "degrees" not in verdict.recipe
