"""Numbers and pictures that follow the status feed: touched units are counted again, what shows many rows is drawn anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, text

from geodata import cells, grains, measure, places, ready, sights, statuses, waiting
from geodata.conditions import quoted
from layers import Theme
from layers._condition import Condition, fields_of
from layers._indicator import NearBlind, Seen

DRAWN_EVERY = timedelta(seconds=60)
"""How often clusters, heat and tiles follow: each time every open map fetches the tiles in view."""


def count(engine: Engine, theme: Theme) -> int | None:
    """Count the touched units again, by the indicators that a state bears on.

    Returns
    -------
    int or None
        Values that differ; None where nothing waits, or a load is under way.
    """
    asked = {"theme": theme.name}
    with engine.begin() as connection:
        question = text(f"""SELECT t.id, t.path FROM onemap.statuses s JOIN onemap.{quoted(theme.name)} t USING (key)
            WHERE s.theme = :theme AND NOT s.counted AND NOT s.due""")  # noqa: S608
        rows = {row.id: row.path for row in connection.execute(question, asked)}
        if not rows or not statuses.may(connection, theme):
            return None
        more = waiting.read(connection).paths  # left by a process that died: then everything is measured
        waiting.note(connection, theme.name, {each for each in rows.values() if each})
        turned = turned_by(theme)
        if theme.sight:
            sights.note(connection, theme, rows.keys(), any(isinstance(measure.declared()[each][1], NearBlind) for each in turned))
        done = measure.run(connection, datetime.now(UTC).date(), {theme.name: set[str]()}, None if more else turned)
        connection.execute(text("UPDATE onemap.statuses SET counted = true WHERE theme = :theme AND NOT counted AND NOT due"), asked)
        statuses.tick(connection, "indicators")
        return done.written


def _look_again(connection: Connection, theme: Theme, ids: Collection[int]) -> None:
    """Places that are seen, or no longer; their numbers have been counted, so nothing is left to wait for it."""
    quiet = not waiting.read(connection).paths
    sights.turned(connection, theme, ids)
    places.rebuild(connection, theme, ids)
    if quiet:
        waiting.clear(connection)


def turned_by(theme: Theme) -> set[str]:
    """Names of the indicators on which a state of this theme's rows bears."""
    return {name for name, (owner, each) in measure.declared().items() if _bears(theme, owner, each)}


def _bears(theme: Theme, owner: Theme, asked: Any) -> bool:
    seer = asked.by if isinstance(asked, Seen) else owner.name
    if getattr(asked, "effective", False) and seer == theme.name:
        return True
    return theme.name in (owner.name, seer) and theme.live in _named(asked)


def _named(part: Any) -> set[str]:
    """Every field that a measure's conditions look at."""
    if isinstance(part, Condition):
        return set(fields_of(part))
    if isinstance(part, tuple):
        return set().union(*map(_named, part))
    return set().union(*(_named(getattr(part, each.name)) for each in fields(part))) if is_dataclass(part) else set()


def draw(engine: Engine, theme: Theme, now: datetime | None = None, every: timedelta = DRAWN_EVERY) -> int | None:
    """Make anew what shows many rows together.

    Returns
    -------
    int or None
        Rows that had turned; None where none has for long enough, or a load is under way.
    """
    asked = {"theme": theme.name, "before": (now or datetime.now(UTC)) - every}
    with engine.begin() as connection:
        late = text("SELECT EXISTS (SELECT FROM onemap.statuses WHERE theme = :theme AND NOT drawn AND counted AND moved <= :before)")
        if not connection.execute(late, asked).scalar() or not statuses.may(connection, theme):
            return None
        question = text(f"""WITH shown AS (UPDATE onemap.statuses SET drawn = true WHERE theme = :theme AND NOT drawn AND counted RETURNING key)
            SELECT t.id, t.path FROM shown JOIN onemap.{quoted(theme.name)} t USING (key)""")  # noqa: S608
        rows = {row.id: row.path for row in connection.execute(question, asked)}
        paths = {each for each in rows.values() if each}
        _look_again(connection, theme, rows)
        ready.forget_rows(connection, theme, rows.keys(), paths)
        cells.rebuild(connection, theme, rows.keys(), paths)
        grains.rebuild(connection, theme)
        statuses.tick(connection, theme.name)
        return len(rows)
