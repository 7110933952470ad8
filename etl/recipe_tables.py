"""What stands in the tables of a recipe, held against the theme: fields, constants, values, root, successors."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from etl.errors import SourceError
from layers import Theme
from layers._field import Kind
from layers._ladder import LEVEL_NAMES

PLACES = ("lon", "lat", "lonlat", "wkt")
"""Words of [fields] that name the columns of a table's geometry."""


def check_tables(place: str, theme: Theme, said: Mapping[str, Any]) -> None:
    """Refuse tables that name what the theme does not have.

    Raises
    ------
    SourceError
        A field, choice, level or code that is none.
    """
    for table in ("fields", "constants", "values"):
        _check_fields(place, theme, table, said.get(table, {}))
    _check_choices(place, theme, said.get("values", {}))
    _check_constants(place, theme, said)
    _check_root(place, said.get("root"))
    _check_successors(place, theme, said.get("successors", {}))


def _check_fields(place: str, theme: Theme, table: str, said: Mapping[str, Any]) -> None:
    names = [each.name for each in theme.fields] + (list(PLACES) if table == "fields" else [])
    for name, value in said.items():
        if name not in names:
            raise SourceError(
                place, f"[{table}] names {name!r}, which {theme.name} does not have", f"use {', '.join(names)}"
            )
        wanted = {"fields": str, "values": dict}.get(table)
        if wanted and not isinstance(value, wanted):
            raise SourceError(place, f"[{table}] {name} = {value!r}", "write a header in quotes, or a table of values")


def _check_choices(place: str, theme: Theme, values: Mapping[str, Mapping[str, Any]]) -> None:
    for name, mapping in values.items():
        declared = theme.field(name)
        legal = [choice.value for choice in declared.choices]
        for theirs, ours in mapping.items():
            if declared.kind is Kind.CHOICE and ours not in legal:
                raise SourceError(
                    place, f"[values.{name}] turns {theirs!r} into {ours!r}", f"use one of {', '.join(legal)}"
                )


def _check_constants(place: str, theme: Theme, said: Mapping[str, Any]) -> None:
    """Refuse a choice for all rows that the field does not have: every row would be set aside."""
    for name, value in said.get("constants", {}).items():
        declared = theme.field(name)
        spelt = {word for choice in declared.choices for word in choice.spellings()} | set(said.get("values", {}).get(name, {}))
        if declared.kind is Kind.CHOICE and str(value) not in spelt:
            legal = ", ".join(f"{choice.value} ({choice.title.zh})" for choice in declared.choices)
            raise SourceError(place, f"[constants] {name} = {value!r}", f"use one of {legal}")


def _check_root(place: str, root: Mapping[str, Any] | None) -> None:
    if root is None:
        return
    if set(root) != {"code", "name", "level"} or not all(isinstance(each, str) for each in root.values()):
        raise SourceError(place, f"[root] holds {', '.join(root)}", "write code, name and level, each in quotes")
    if root["level"] not in LEVEL_NAMES:
        raise SourceError(place, f"[root] level {root['level']!r}", f"use one of {', '.join(LEVEL_NAMES)}")


def _check_successors(place: str, theme: Theme, said: Mapping[str, Any]) -> None:
    if said and theme.rung is None:
        raise SourceError(place, f"[successors] stands in a recipe of {theme.name}, which are no units", "drop it")
    for old, new in said.items():
        codes = new if isinstance(new, list) else [new]
        if not codes or not all(isinstance(each, str) and each != old for each in codes):
            raise SourceError(
                place, f"[successors] {old} = {new!r}", "write the new code in quotes, or a list of codes"
            )


def template(place: str, name: str, value: Any) -> Any:
    """A constant whose places are those that constants may have.

    Raises
    ------
    SourceError
        It has others.
    """
    if not isinstance(value, str):
        return value
    try:
        words = {part[1] for part in string.Formatter().parse(value) if part[1] is not None}
        value.format(row=1, stem="")
    except (ValueError, KeyError, IndexError, AttributeError):
        words = {"?"}
    if not words <= {"row", "stem"}:
        raise SourceError(place, f"[constants] {name} = {value!r}", "use {row} and {stem} only, as in {row:06d}")
    return value
