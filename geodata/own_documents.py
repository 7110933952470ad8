"""Documents that a city brings itself: from the tables of a TOML file to the same declarations that `layers._documents` holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from datetime import date
from typing import Any

from layers import Text
from layers._asked import (
    AllOf,
    Between,
    CountAtLeast,
    EachAtLeast,
    Milestone,
    PerPeriod,
    Rule,
    ShareAtLeast,
    Simple,
    UnitsAtLeast,
)
from layers._errors import DeclarationError
from layers._indicator import Period
from layers._target import NO_DEADLINE, Deadline, Document, Status, Target, by_day, by_end_of, every

RULES: dict[str, type] = {
    "share": ShareAtLeast, "count": CountAtLeast, "each": EachAtLeast, "units": UnitsAtLeast, "between": Between, "milestone": Milestone,
    "period": PerPeriod,
}  # fmt: skip
"""The words for rules in a city's file."""

NUMBERS = ("at_least", "reach", "low", "high", "times", "share", "people_from")
_RULE_PARTS = ("by", *NUMBERS, "level", "units", "every")
_TEXTS = ("counts", "of", "only", "needs", "note")
_TARGET_PARTS = ("id", "clause", "says", "rule", "all", "levels", "due", "lead", "along", "aspirational", *_TEXTS, *_RULE_PARTS)
_DOCUMENT_PARTS = ("name", "title", "short", "issuer", "number", "issued", "status", "target")


def made(place: str, table: Mapping[str, Any]) -> Document:
    """The document of a table.

    Parameters
    ----------
    place : str
        What a refusal names.
    table : mapping
        As TOML has it.

    Raises
    ------
    DeclarationError
        Something is missing, unknown, or of another kind.
    """
    known(place, "document", table, _DOCUMENT_PARTS)
    name = text(place, "document", table, "name")
    status = table.get("status", Status.ISSUED.value)
    if status not in {each.value for each in Status}:
        raise DeclarationError(place, f"document {name!r} has the status {status!r}", f"use one of {', '.join(each.value for each in Status)}")
    targets = table.get("target", [])
    if not targets:
        raise DeclarationError(place, f"document {name!r} has no target", "write [[document.target]] below it")
    title = text(place, f"document {name!r}", table, "title")
    return Document(
        name=name, title=title, short=_text(table.get("short", title)), issuer=str(table.get("issuer", "")), number=str(table.get("number", "")),
        issued=table.get("issued"), status=Status(status), source=place, place=place, targets=tuple(_target(place, each) for each in targets),
    )  # fmt: skip


def known(place: str, what: str, table: Mapping[str, Any], parts: tuple[str, ...]) -> None:
    """Refuse a part that nothing reads: it would be a slip of the pen.

    Raises
    ------
    DeclarationError
        The table has a part that is none of `parts`.
    """
    for name in table:
        if name not in parts:
            raise DeclarationError(place, f"{what} has {name!r}, which means nothing here", f"use one of {', '.join(parts)}")


def text(place: str, what: str, table: Mapping[str, Any], name: str) -> str:
    """A text that must be there.

    Raises
    ------
    DeclarationError
        It is no text, or empty.
    """
    found = table.get(name)
    if not isinstance(found, str) or not found:
        raise DeclarationError(place, f"{what} has no {name}", f'write {name} = "..."')
    return found


def _text(said: Any) -> Text:
    """A saying in both languages, or the same words for both."""
    return Text(str(said.get("zh", "")), str(said.get("en", said.get("zh", "")))) if isinstance(said, dict) else Text(str(said), str(said))


def _target(place: str, table: Mapping[str, Any]) -> Target:
    name = text(place, "a target", table, "id")
    what = f"target {name}"
    known(place, what, table, _TARGET_PARTS)
    levels = table.get("levels", ["county", "village"])
    if not isinstance(levels, list) or len(levels) != 2:
        raise DeclarationError(place, f"{what} has the levels {levels!r}", 'write who answers and how far down it can be said: levels = ["county", "village"]')
    said = {each: _text(table[each]) if each in table else None for each in _TEXTS}
    return Target(
        id=name, clause=text(place, what, table, "clause"), says=text(place, what, table, "says"), rule=_rule(place, what, table),
        levels=(str(levels[0]), str(levels[1])), due=_due(place, what, table.get("due")), lead=_names(table.get("lead", ())),
        along=_names(table.get("along", ())), aspirational=table.get("aspirational") is True, counts=said["counts"] or Text("", ""), of=said["of"] or Text("", ""),
        only=said["only"], needs=said["needs"], note=said["note"],
    )  # fmt: skip


def _names(said: Any) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(str(each) for each in said)


def _due(place: str, what: str, said: Any) -> Deadline:
    if said is None:
        return NO_DEADLINE
    if type(said) is date:
        return by_day(said, said.isoformat())
    if type(said) is int and 2000 <= said <= 2100:
        return by_end_of(said)
    if isinstance(said, str) and said:
        return every(said)
    raise DeclarationError(place, f"{what} is due {said!r}", 'write a year (2027), a day (2027-10-31), or words for what never ends ("每年")')


def _rule(place: str, what: str, table: Mapping[str, Any]) -> Rule:
    if "all" in table:
        return AllOf(parts=tuple(_simple(place, what, each) for each in table["all"]))
    return _simple(place, what, {name: each for name, each in table.items() if name in ("rule", *_RULE_PARTS)})


def _simple(place: str, what: str, table: Mapping[str, Any]) -> Simple:
    kind = table.get("rule")
    if kind not in RULES:
        raise DeclarationError(place, f"{what} has the rule {kind!r}", f"use one of {', '.join(RULES)}")
    fields = {each.name for each in dataclass_fields(RULES[kind])}
    given = {name: each for name, each in table.items() if name != "rule"}
    known(place, f"{what} with the rule {kind!r}", given, tuple(name for name in _RULE_PARTS if name in fields))
    for name in NUMBERS:
        if name in given and (isinstance(given[name], bool) or not isinstance(given[name], int | float)):
            raise DeclarationError(place, f"{what} has {name} = {given[name]!r}", "write a number")
    if "every" in given:
        given["every"] = _period(place, what, given["every"])
    try:
        found: Simple = RULES[kind](**given)
    except TypeError:
        needed = [name for name in _RULE_PARTS if name in fields and name not in given and name in _NEEDED[kind]]
        raise DeclarationError(place, f"{what} with the rule {kind!r} has no {', '.join(needed)}", "say it") from None
    return found


_NEEDED = {"share": ("at_least",), "count": ("at_least",), "each": ("at_least", "level"), "units": ("reach", "at_least", "level"),
           "between": ("low", "high"), "milestone": (), "period": ("times", "every")}  # fmt: skip


def _period(place: str, what: str, said: Any) -> Period:
    if said not in {each.value for each in Period}:
        raise DeclarationError(place, f"{what} has every = {said!r}", f"use one of {', '.join(each.value for each in Period)}")
    return Period(said)
