"""A source whose rows come in parts: which of its rows no part has brought, and what all parts changed together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from geodata.copying import copy_in
from geodata.history import Outcome, end
from layers import Theme

_AT_ONCE = 100_000


def came(connection: Connection, keys: pd.Series) -> None:
    """Remember for the rest of the transaction that rows with these keys came.

    Parameters
    ----------
    connection : Connection
        In the publishing transaction.
    keys : Series of str
    """
    connection.execute(text("CREATE TEMP TABLE IF NOT EXISTS came (key text) ON COMMIT DROP"))
    copy_in(connection, "came", {"key": keys.to_numpy(dtype=object)})


def retire(connection: Connection, theme: Theme, source: str, load: int, as_of: date, *, keep: bool) -> Outcome:
    """End the rows of a source that no part has brought.

    Parameters
    ----------
    connection : Connection
        In the publishing transaction, after every part was published.
    theme : Theme
    source : str
    load : int
    as_of : date
        The day of the data.
    keep : bool
        Whether what does not come stays as it is.

    Returns
    -------
    Outcome
        With nothing but what was removed.
    """
    connection.execute(text("ANALYZE came"))
    question = f"""SELECT t.id FROM onemap."{theme.name}" t WHERE t.source = :source
        AND NOT EXISTS (SELECT FROM came c WHERE c.key = t.key)"""  # noqa: S608
    found = [] if keep else connection.execute(text(question), {"source": source}).scalars().all()
    ids, paths = np.array(found, dtype=np.int64), frozenset[str]()
    for start in range(0, len(ids), _AT_ONCE):
        paths |= end(connection, theme, ids[start : start + _AT_ONCE], load, as_of)
    connection.execute(text("DROP TABLE came"))
    return Outcome(0, 0, len(ids), 0, 0, frozenset(ids.tolist()), paths)


def packed(outcome: Outcome) -> Outcome:
    """The same in less memory: millions of Python's integers would take as much as the rows of a part."""
    ids = np.fromiter(outcome.ids, dtype=np.int64, count=len(outcome.ids))
    return replace(outcome, ids=cast(Collection[int], ids))


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """What several parts changed, as one."""
    if len(outcomes) == 1:
        return outcomes[0]
    sums = {name: sum(getattr(each, name) for each in outcomes) for name in ("added", "changed", "removed", "unchanged", "outside")}
    found = np.concatenate([np.fromiter(each.ids, dtype=np.int64, count=len(each.ids)) for each in outcomes])
    ids = frozenset(found.tolist()) if len(found) <= _AT_ONCE else cast(Collection[int], found)
    return Outcome(**sums, ids=ids, paths=frozenset().union(*(each.paths for each in outcomes)))
