"""The life of one row: every version of it, what differed, and which load brought, changed, ended or restored it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from geodata import loads
from geodata.conditions import quoted
from geodata.door import Reader
from geodata.errors import UnknownRow
from geodata.loads import Load
from geodata.units import INSIDE
from layers import Theme
from layers import theme as declared_theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a row.

    Parameters
    ----------
    what : {'came', 'changed', 'went', 'taken back', 'restored'}
        `taken back`: a rollback ended the version; `restored`: a rollback put the version back that stood before.
    day : date
        Of the data from which it holds.
    load : Load or None
        That did it; its file, operator and time.
    row_no : int or None
        The row of the load's file; None where the row only went.
    fields : mapping of str to (str or None, str or None)
        What differs from the version before, by field: before and after.
    metres : float or None
        How far it was moved; None where it stands as it stood.
    """

    what: str
    day: date
    load: Load | None
    row_no: int | None = None
    fields: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    metres: float | None = None

    @property
    def when(self) -> datetime | None:
        """When it was loaded."""
        return self.load.finished if self.load else None


def life(reader: Reader, theme: str, key: str) -> tuple[Event, ...]:
    """Everything that happened to a row, oldest first; also to one that stands no longer.

    Raises
    ------
    DeclarationError
        There is no such theme.
    UnknownRow
        The theme never had such a key in the reader's area.
    """
    declared = declared_theme(theme)
    versions = reader.all(_question(declared), key=key, area=reader.scope.area)
    if not versions:
        raise UnknownRow(theme, key)
    numbers = {
        number for each in versions for number in (each["load_id"], each["until_load"], each["restored"]) if number
    }
    of = {each.id: each for each in loads.some(reader, sorted(numbers))}
    return tuple(sorted(_events(declared, versions, of), key=lambda each: each.load.id if each.load else 0))


# A version that was put back stands twice: in the past, marked, and where it is now. `at` is its place among the others.
_VERSIONS = """SELECT {columns}, load_id, row_no, since, {until}, path, geom FROM onemap.{name} WHERE key = :key"""


def _question(theme: Theme) -> str:
    columns = ", ".join(f"{quoted(each.name)}::text AS {quoted(each.name)}" for each in theme.fields)
    now = _VERSIONS.format(
        columns=columns,
        name=quoted(theme.name),
        until="NULL::date AS until, NULL::int AS until_load, NULL::int AS restored",
    )
    past = _VERSIONS.format(columns=columns, name=quoted(f"{theme.name}_past"), until="until, until_load, restored")
    names = ", ".join(quoted(each.name) for each in theme.fields)
    return f"""SELECT {names}, load_id, row_no, since, until, until_load, restored,
            ST_Distance(ST_SetSRID(ST_PointOnSurface(geom), 4326)::geography, ST_SetSRID(ST_PointOnSurface(
                lag(geom) OVER (ORDER BY load_id, until_load NULLS LAST)), 4326)::geography) AS metres
        FROM ({now} UNION ALL {past}) l WHERE {INSIDE} ORDER BY load_id, until_load NULLS LAST"""  # noqa: S608


def _events(theme: Theme, versions: list[Mapping[str, Any]], of: Mapping[int, Load]) -> Iterator[Event]:
    brought = {each["load_id"] for each in versions}
    ending = {each["until_load"]: each for each in versions if each["until_load"]}
    begun: set[int] = set()
    for each in versions:
        if each["load_id"] not in begun:
            begun.add(each["load_id"])
            yield _beginning(theme, each, ending.get(each["load_id"]), of)
        if each["restored"]:
            yield Event(what="restored", day=each["since"], load=of.get(each["restored"]), row_no=each["row_no"])
        ended = each["until_load"]
        if ended and ended not in brought and not _also_restored(versions, ended):
            what = "taken back" if ended in of and of[ended].kind == "rollback" else "went"
            yield Event(what=what, day=_ended(each, of), load=of.get(ended))


def _ended(version: Mapping[str, Any], of: Mapping[int, Load]) -> date:
    """A version that was put back has lost the day of its end; the load that ended it has it."""
    load = of.get(version["until_load"])
    return load.as_of if version["restored"] and load else version["until"]


def _also_restored(versions: list[Mapping[str, Any]], number: int) -> bool:
    return any(each["restored"] == number for each in versions)


def _beginning(theme: Theme, now: Mapping[str, Any], before: Mapping[str, Any] | None, of: Mapping[int, Load]) -> Event:
    differing = {} if before is None else {
        each.name: (before[each.name], now[each.name]) for each in theme.fields if before[each.name] != now[each.name]
    }  # fmt: skip
    return Event(
        what="came" if before is None else "changed",
        day=now["since"],
        load=of.get(now["load_id"]),
        row_no=now["row_no"],
        fields=differing,
        metres=round(now["metres"], 2) if before is not None and now["metres"] else None,
    )
