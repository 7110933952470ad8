"""The status feed: states of rows between loads (cameras online and offline), in three steps of growing cost.

A report is *taken* into a table of its own, beside the archive. It is *applied* to the row and to what its sight says of
itself, at once: dots turn by value, no tile is made anew. Numbers of the touched units are *counted* a moment later, and
now and then what shows many rows together (clusters, heat, tiles) is *drawn* anew (`geodata.keeping`). Each step is one transaction that
gives way to a load of the theme, and what a dying process leaves undone is done by the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, text

from geodata import conditions, notices
from geodata.conditions import quoted
from geodata.door import Reader
from geodata.units import INSIDE
from layers import Theme, themes

MOST = 100_000
"""Reports in one batch."""

AHEAD = timedelta(minutes=5)
"""How far a sender's clock may be ahead of ours."""

KEPT_DAYS = 31
"""Days for which states of the past are kept."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a feed says of one row.

    Parameters
    ----------
    place : str
        Where it stands in the batch ("row 3").
    key : str
    state : str
        A choice of the theme's live field.
    at : datetime
        With time zone.
    """

    place: str
    key: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch.

    Parameters
    ----------
    changed : int
        Rows whose state is another one now.
    unchanged : int
        Rows that were so already, as far as we knew; among them reports that came before.
    refused : tuple of str
        PLACE: FACT; REMEDY. of each report that was not taken.
    """

    changed: int
    unchanged: int
    refused: tuple[str, ...]


def live_themes() -> dict[str, Theme]:
    """Themes whose rows have a state that a feed may turn."""
    return {name: each for name, each in themes().items() if each.live}


def take(engine: Engine, theme: Theme, reports: Sequence[Report], now: datetime | None = None) -> Receipt:
    """Take a batch; whatever it says is kept when this returns.

    Parameters
    ----------
    engine : Engine
        Of the primary.
    theme : Theme
        With a live field.
    reports : sequence of Report
        States are choices of that field. Of one row the newest counts.
    now : datetime, optional

    Returns
    -------
    Receipt

    Notes
    -----
    The same batch again changes nothing. A report older than what is known of its row is refused, so that batches may
    overtake one another on their way.
    """
    moment = now or datetime.now(UTC)
    refused, fresh = _timely(reports, moment)
    with engine.begin() as connection:
        known = _known(connection, theme, list(fresh))
        taken: list[dict[str, Any]] = []
        unchanged = 0
        for key, report in fresh.items():
            if problem := _problem(theme, report, known.get(key)):
                refused.append(problem)
            elif (before := known[key])["at"] is not None and before["at"] >= report.at:
                unchanged += 1
            else:
                moved = before["state"] != report.state
                unchanged += not moved
                taken.append({"key": key, "state": report.state, "at": report.at, "moved": moved})
        _keep(connection, theme, taken, moment)
    return Receipt(sum(each["moved"] for each in taken), unchanged, tuple(refused))


def _timely(reports: Sequence[Report], now: datetime) -> tuple[list[str], dict[str, Report]]:
    """Refusals of what is not to come yet, and the newest report of each key."""
    refused: list[str] = []
    newest: dict[str, Report] = {}
    for each in reports:
        if each.at > now + AHEAD:
            refused.append(f"{each.place}: {each.at.isoformat()} has not come yet; set the sender's clock.")
        elif each.key not in newest or newest[each.key].at <= each.at:
            newest[each.key] = each
    return refused, newest


def _known(connection: Connection, theme: Theme, keys: list[str]) -> dict[str, Mapping[str, Any]]:
    live = quoted(str(theme.live))
    question = text(f"""SELECT t.key, s.at, coalesce(s.state, t.{live}) AS state FROM onemap.{quoted(theme.name)} t
        LEFT JOIN onemap.statuses s ON s.theme = :theme AND s.key = t.key WHERE t.key = ANY(:keys)""")  # noqa: S608
    return {row["key"]: dict(row) for row in connection.execute(question, {"theme": theme.name, "keys": keys}).mappings()}


def _problem(theme: Theme, report: Report, known: Mapping[str, Any] | None) -> str | None:
    if known is None:
        return f"{report.place}: {theme.title.en.lower()} hold no {report.key[:60]!r}; load it with the archive first."
    if known["at"] is not None and (known["at"] > report.at or (known["at"] == report.at and known["state"] != report.state)):
        return f"{report.place}: {report.key[:60]} is known as of {known['at'].isoformat()}, not older {report.at.isoformat()}; send newer reports only."
    return None


def _keep(connection: Connection, theme: Theme, taken: list[dict[str, Any]], now: datetime) -> None:
    if not taken:
        return
    values = {"theme": theme.name, "now": now} | {name: [each[name] for each in taken] for name in ("key", "state", "at", "moved")}
    every = "unnest(CAST(:key AS text[]), CAST(:state AS text[]), CAST(:at AS timestamptz[]), CAST(:moved AS boolean[])) AS n(key, state, at, moved)"
    connection.execute(
        text(f"""INSERT INTO onemap.statuses AS s (theme, key, state, at, moved, due, counted, drawn)
            SELECT :theme, n.key, n.state, n.at, :now, true, NOT n.moved, NOT n.moved FROM {every} ORDER BY n.key
            ON CONFLICT (theme, key) DO UPDATE SET state = excluded.state, at = excluded.at, due = true,
                moved = CASE WHEN s.state = excluded.state THEN s.moved ELSE excluded.moved END,
                counted = s.counted AND excluded.counted, drawn = s.drawn AND excluded.drawn"""),  # noqa: S608
        values,
    )
    connection.execute(
        text(f"INSERT INTO onemap.status_past (theme, key, state, at) SELECT :theme, n.key, n.state, n.at FROM {every} WHERE n.moved"), values  # noqa: S608
    )
    connection.execute(text("DELETE FROM onemap.status_past WHERE at < :old"), {"old": now - timedelta(days=KEPT_DAYS)})


def waits(engine: Engine, theme: Theme) -> bool:
    """Whether anything of a theme's feed is not yet everywhere."""
    question = "SELECT EXISTS (SELECT FROM onemap.statuses WHERE theme = :theme AND (due OR NOT counted OR NOT drawn))"
    with engine.connect() as connection:
        return bool(connection.execute(text(question), {"theme": theme.name}).scalar())


def apply(engine: Engine, theme: Theme) -> int | None:
    """Turn the rows that reports wait for.

    Returns
    -------
    int or None
        Rows that turned; None where a load of the theme is under way, after which it is to be done.
    """
    with engine.begin() as connection:
        if not may(connection, theme):
            return None
        turned = _turn(connection, theme, "s.due")
        connection.execute(text("UPDATE onemap.statuses SET due = false WHERE theme = :theme AND due"), {"theme": theme.name})
        if turned:
            _flag_sights(connection, theme, list(turned))
            notices.give(connection, notices.STATUS, theme.name)
        return len(turned)


def outlast(connection: Connection, theme: Theme, ids: Iterable[int]) -> int:
    """After a load: rows that it brought keep a state that is not older than its data.

    Parameters
    ----------
    connection : Connection
        In the publishing transaction, before anything is derived from the rows.
    theme : Theme
    ids : iterable of int
        Rows that the load wrote.

    Returns
    -------
    int
        Rows whose state outlasts the load.
    """
    if not theme.live:
        return 0
    return len(_turn(connection, theme, "s.at::date >= t.since AND t.id = ANY(:ids)", ids=list(ids)))


def may(connection: Connection, theme: Theme) -> bool:
    """Whether no load or rehearsal of the theme, nor of the ladder, is under way; none begins before this transaction ends."""
    asked = "SELECT pg_try_advisory_xact_lock_shared(hashtext('onemap.ladder')) AND pg_try_advisory_xact_lock(hashtext(:name))"
    return bool(connection.execute(text(asked), {"name": f"onemap.{theme.name}"}).scalar())


def _turn(connection: Connection, theme: Theme, which: str, **asked: Any) -> dict[int, str | None]:
    """Give rows the state that is known of them; id -> path of those that had another one."""
    live = quoted(str(theme.live))
    changed = text(f"""UPDATE onemap.{quoted(theme.name)} t SET {live} = s.state FROM onemap.statuses s
        WHERE s.theme = :theme AND s.key = t.key AND {which} AND t.{live} IS DISTINCT FROM s.state RETURNING t.id, t.path""")  # noqa: S608
    return {row.id: row.path for row in connection.execute(changed, {"theme": theme.name, **asked})}


def _flag_sights(connection: Connection, theme: Theme, ids: list[int]) -> None:
    """Say of sights whose rows have another state whether they are effective; the ground they see is the same."""
    if theme.sight is None:
        return
    binds: dict[str, Any] = {"theme": theme.name, "ids": ids}
    works = conditions.sql(theme, theme.sight.effective, binds)
    connection.execute(text(f"""UPDATE onemap.sights s SET effective = {works} FROM onemap.{quoted(theme.name)} t
        WHERE s.theme = :theme AND s."row" = t.id AND t.id = ANY(:ids)"""), binds)  # noqa: S608


def tick(connection: Connection, name: str) -> None:
    """Say that a theme's tiles, or the indicators, are others than the last load left them; pages ask again."""
    connection.execute(
        text("""INSERT INTO onemap.versions AS v VALUES (:name || '.status', 1)
            ON CONFLICT (theme) DO UPDATE SET version = v.version + 1"""),
        {"name": name},
    )
    notices.give(connection, notices.VERSIONS)


def moved(reader: Reader, theme: Theme) -> list[tuple[int, str]]:
    """Feature ids and states of the rows that turned since the theme's tiles were made, for maps to lay over them."""
    live = quoted(str(theme.live))
    question = f"""SELECT l.id, l.{live} AS state FROM onemap.statuses s JOIN onemap.{quoted(theme.name)} l ON l.key = s.key
        WHERE s.theme = :theme AND NOT s.drawn AND NOT s.due AND {INSIDE}"""  # noqa: S608
    return [(row["id"], row["state"]) for row in reader.all(question, theme=theme.name, area=reader.scope.area)]
