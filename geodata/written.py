"""Statements with their values written in, so that anybody can run them: each value as a literal that can be nothing else. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any

PLACE = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


def written(sql: str, values: Mapping[str, Any]) -> str:
    """A statement without open places.

    Parameters
    ----------
    sql : str
        With places like :name, outside of literals; a cast is `CAST(... AS ...)` or `::`.
    values : mapping of str to object
        What stands for each place.

    Returns
    -------
    str

    Raises
    ------
    KeyError
        A place has no value.
    """
    return PLACE.sub(lambda place: literal(values[place[1]]), sql)


def literal(value: Any) -> str:
    """A value as PostgreSQL reads it back.

    Parameters
    ----------
    value : str, bool, int, float, date, None, or a sequence of these

    Returns
    -------
    str

    Raises
    ------
    ValueError
        Text with a NUL, which no store holds; a kind that is none of these.
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Sequence):
        return _array(value)
    raise ValueError(f"{type(value).__name__} is no value of a statement")


def _text(value: str) -> str:
    """Quotes doubled; a backslash as an escape string, which means the same however the server is set."""
    if "\x00" in value:
        raise ValueError("text with a NUL")
    quoted = value.replace("'", "''")
    return "E'" + quoted.replace("\\", "\\\\") + "'" if "\\" in value else f"'{quoted}'"


def _number(value: float) -> str:
    if isinstance(value, float) and not isfinite(value):
        return f"'{value}'::float8"
    return f"({value!r})" if value < 0 else repr(value)


def _array(values: Sequence[Any]) -> str:
    kind = "boolean" if values and all(isinstance(each, bool) for each in values) else "text"
    return f"ARRAY[{', '.join(literal(each) for each in values)}]::{kind}[]"
