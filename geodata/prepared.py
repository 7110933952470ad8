"""Statements that are asked over and over: planned once for each connection, not for each tile. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

_NAME = re.compile(r"(?<![:\w]):([a-z_]\w*)")
_KINDS: tuple[tuple[type, str], ...] = ((bool, "boolean"), (int, "int"), (float, "float8"), (str, "text"), (date, "date"))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement with places for values.

    Parameters
    ----------
    sql : str
        With $1, $2 and so on.
    kinds : tuple of str
        Types of the places.
    names : tuple of str
        What each was called.
    values : tuple
        What is known of them already; None where a question brings its own.
    """

    sql: str
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[Any, ...]

    def filled(self, **own: Any) -> tuple[Any, ...]:
        """The values in order, with a question's own."""
        return tuple(own.get(name, value) for name, value in zip(self.names, self.values, strict=True))


def prepared(sql: str, values: Mapping[str, Any], **own: type) -> Prepared:
    """A statement with :names as one with numbers.

    Parameters
    ----------
    sql : str
    values : mapping of str to object
        What is known of the names.
    own : type
        The names that each question brings a value for, and its type.
    """
    names = tuple(dict.fromkeys(_NAME.findall(sql)))
    numbered = _NAME.sub(lambda found: f"${names.index(found[1]) + 1}", sql)
    kinds = tuple(_kind(own[name]) if name in own else _kind_of(values[name]) for name in names)
    return Prepared(numbered, kinds, names, tuple(values.get(name) for name in names))


def side_by_side(columns: Sequence[tuple[str, Mapping[str, Any]]], shared: Sequence[str] = ("x", "y", "z")) -> tuple[str, dict[str, Any]]:
    """Several questions of one value each as one question of one row; names that are not shared are kept apart.

    Parameters
    ----------
    columns : sequence of (str, mapping)
        Statements with :names, and what is known of the names.
    shared : sequence of str
        Names that mean the same in all.
    """
    asked: list[str] = []
    values: dict[str, Any] = {}
    for n, (sql, known) in enumerate(columns):
        own = {name: name if name in shared else f"{name}_{n}" for name in _NAME.findall(sql)}
        asked.append("(" + _NAME.sub(lambda found, own=own: f":{own[found[1]]}", sql) + f") AS part_{n}")  # type: ignore[misc]
        values |= {own[name]: value for name, value in known.items() if name in own}
    return "SELECT " + ", ".join(asked), values


def _kind_of(value: Any) -> str:
    if isinstance(value, list):
        return f"{_kind(type(value[0]))}[]" if value else "text[]"
    return _kind(type(value))


def _kind(wanted: type) -> str:
    if wanted is list:
        return "text[]"
    return next((said for kind, said in _KINDS if issubclass(wanted, kind)), "unknown")
