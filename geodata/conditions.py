"""Conditions of declarations as SQL: identifiers come from the declaration, every value is bound."""

from __future__ import annotations

from typing import Any

from layers._audit import mask_of
from layers._condition import AnyOf, Between, Condition, Is, Less, Quotient, Where, Within
from layers._field import Kind
from layers._theme import Theme


def quoted(name: str) -> str:
    """A declared name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def sql(theme: Theme, where: Where, binds: dict[str, Any]) -> str:
    """The conditions as one SQL expression that is true or false, never null.

    Parameters
    ----------
    theme : Theme
        Whose fields the conditions name.
    where : Where
        All must hold; none means every row.
    binds : dict of str to object
        Gains the values under names of its own; pass it with the statement.

    Returns
    -------
    str
        Without parentheses needed around it.
    """
    if not where:
        return "true"
    return f"coalesce({' AND '.join(_one(theme, each, binds) for each in where)}, false)"


def passes(tests: tuple[str, ...]) -> str:
    """SQL that is true for rows of the audited theme that fail none of these tests, as `geodata.audit.kept` has it."""
    return f"""coalesce((SELECT a.failed FROM onemap.audited a WHERE a."row" = id), 0) & {mask_of(tests)} = 0"""  # noqa: S608


def _one(theme: Theme, condition: Condition, binds: dict[str, Any]) -> str:
    if isinstance(condition, AnyOf):
        return "(" + " OR ".join(f"coalesce({_one(theme, each, binds)}, false)" for each in condition.conditions) + ")"
    if isinstance(condition, Within):
        first, then = (quoted(theme.field(name).name) for name in (condition.first, condition.then))
        late = f"{then} - {first} <= {_bind(condition.days, binds)}"
        return late if condition.earlier else f"{late} AND {then} >= {first}"
    column = quoted(theme.field(condition.field).name)
    if isinstance(condition, Less):
        return f"{column} < {quoted(theme.field(condition.than).name)}"
    if isinstance(condition, Quotient):
        by = quoted(theme.field(condition.by).name)
        return _between(f"({column}::float8 / nullif({by}, 0))", condition, binds)
    if isinstance(condition, Between):
        return _between(column, condition, binds)
    if theme.field(condition.field).kind is Kind.FLAG:
        return _is(column, condition, binds)
    return _is(f"{column}::text", condition, binds)


def _is(column: str, condition: Is, binds: dict[str, Any]) -> str:
    return f"{column} = ANY({_bind(list(condition.values), binds)})"


def _between(column: str, condition: Between | Quotient, binds: dict[str, Any]) -> str:
    ends = ((">=", condition.low), ("<=", condition.high))
    known = [f"{column} {sign} {_bind(end, binds)}" for sign, end in ends if end is not None]
    return " AND ".join(known or [f"{column} IS NOT NULL"])


def _bind(value: Any, binds: dict[str, Any]) -> str:
    name = f"c{len(binds)}"
    binds[name] = value
    return f":{name}"


def near_units(name: str) -> str:
    """SQL for the ids of a theme's rows whose boxes touch those of units (their codes bound as :codes).

    Notes
    -----
    It goes from the units to their rows, by the index of these: from every row to the units that it may lie in takes a
    thousand times as long on a province.
    """
    rows = f"SELECT n.id FROM onemap.{quoted(name)} n WHERE n.geom && l.geom OFFSET 0"  # noqa: S608 - a declared name
    return f"SELECT DISTINCT r.id FROM onemap.ladder l CROSS JOIN LATERAL ({rows}) r WHERE l.code = ANY(CAST(:codes AS text[]))"  # noqa: S608
