"""Units that went, and those that took their ground (撤并、更名): old codes and names lead to where the land is now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from layers import Theme

# What the loads that stand say; `s`.
SAID = """(SELECT DISTINCT c.code, c.successor, c.since FROM onemap.successors c
    JOIN onemap.loads o ON o.id = c.load_id WHERE o.undone_by IS NULL) s"""


def keep(connection: Connection, theme: Theme, load: int, day: date, said: Mapping[str, Any]) -> int:
    """Write which units took the ground of which; the number of pairs.

    Parameters
    ----------
    connection : Connection
        In the publishing transaction.
    theme : Theme
        With rungs, when anything is said.
    load : int
        Whose recipe says so.
    day : date
        From which it holds.
    said : mapping of str to str or list of str
        Old code -> new code or codes.
    """
    pairs = [
        {"code": old, "successor": each, "since": day, "load": load}
        for old, new in said.items()
        for each in ([new] if isinstance(new, str) else new)
    ]
    if pairs and theme.rung:
        connection.execute(
            text(
                "INSERT INTO onemap.successors (code, successor, since, load_id) VALUES (:code, :successor, :since, :load)"
            ),
            pairs,
        )
    return len(pairs)
