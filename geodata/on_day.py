"""The rows of a theme on a day, as something that SQL can read from."""

from __future__ import annotations

from datetime import date

from geodata.conditions import quoted
from layers import Theme

_BESIDE = ("id", "key", "unit", "path", "load_id", "row_no", "since", "geom", "g3857")


def source(theme: Theme, day: date | None) -> str:
    """What stands after FROM: the table, or the rows of it and of its past that held on a day (bound as :day).

    Parameters
    ----------
    theme : Theme
    day : date or None
        None for now.
    """
    now = f"onemap.{quoted(theme.name)}"
    if day is None:
        return now
    columns = ", ".join((*_BESIDE, *(quoted(each.name) for each in theme.fields)))
    past = f"onemap.{quoted(theme.name + '_past')}"
    return f"""(SELECT {columns} FROM {now} WHERE since <= :day
        UNION ALL SELECT {columns} FROM {past} WHERE since <= :day AND until > :day)"""  # noqa: S608
