"""What a city makes of the documents: files ``documents/*.toml`` in the home folder, read and checked as the declarations are.

A file says which documents apply here (``apply``), which year stands behind a masked or moved deadline (``[year]``), deadlines
of the city's own (``[due]``), milestones that were reached (``[done]``), how a number is shared out (``[quota.ID]``), and may
bring documents of its own (``[[document]]`` with ``[[document.target]]``; see `geodata.own_documents`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from geodata.own_documents import made
from layers import indicator
from layers._asked import AllOf, CountAtLeast, Quota
from layers._errors import DeclarationError
from layers._target import Deadline, Document, Due, Target
from layers._target_check import check_documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """The documents as they hold in a city.

    Parameters
    ----------
    documents : dict of str to Document
        Those that apply, with the city's deadlines and quotas, its own ones last.
    done : dict of str to date
        Target id -> the day on which the city says that it was reached.
    """

    documents: dict[str, Document]
    done: dict[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _File:
    """One file, and where a refusal finds it."""

    place: str
    table: Mapping[str, Any]

    def refuse(self, fact: str, remedy: str) -> DeclarationError:
        """A refusal that names this file; raised by who asks for it."""
        return DeclarationError(self.place, fact, remedy)

    def part(self, name: str) -> Mapping[str, Any]:
        """A table of the file, empty where it has none.

        Raises
        ------
        DeclarationError
            There is something else under its name.
        """
        found = self.table.get(name, {})
        if not isinstance(found, dict):
            raise self.refuse(f"{name} is {found!r}", f"write it as a table: [{name}]")
        return found


PARTS = ("apply", "year", "due", "done", "quota", "document")


def adopted(folder: Path, shelf: Mapping[str, Document]) -> Adopted:
    """The documents in force in a city.

    Parameters
    ----------
    folder : Path
        Of its files; where it holds none, every document of the shelf applies as it stands.
    shelf : mapping of str to Document
        The declared documents.

    Returns
    -------
    Adopted

    Raises
    ------
    DeclarationError
        A file is no TOML, names what is not there, or asks for what cannot be judged; the sentence names the file.
    """
    found = Adopted(documents=dict(shelf))
    for path in sorted(folder.glob("*.toml")):
        found = _with(found, _File(f"documents/{path.name}", _read(path)))
    check_documents(found.documents.values(), lambda name: indicator(name)[1])
    return found


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise DeclarationError(f"documents/{path.name}", f"it cannot be read: {problem}", "mend it; it is TOML in UTF-8") from None


def _with(found: Adopted, file: _File) -> Adopted:
    for name in file.table:
        if name not in PARTS:
            raise file.refuse(f"{name!r} is no part of such a file", f"use one of {', '.join(PARTS)}")
    documents = dict(found.documents)
    for table in file.table.get("document", []):
        own = made(file.place, table)
        if own.name in documents:
            raise file.refuse(f"document {own.name!r} is already there", "give it another name")
        documents[own.name] = own
    documents = _applied(file, documents)
    for change in (_years, _dues, _quotas):
        documents = change(file, documents)
    return Adopted(documents=documents, done=found.done | _done(file, documents))


def _applied(file: _File, documents: dict[str, Document]) -> dict[str, Document]:
    wanted = file.table.get("apply")
    if wanted is None:
        return documents
    if not isinstance(wanted, list) or not wanted:
        raise file.refuse(f"apply is {wanted!r}", 'write a list of documents: apply = ["ningbo"]')
    for name in wanted:
        if name not in documents:
            raise file.refuse(f"apply names {name!r}, which is no document", f"use one of {', '.join(documents)}")
    own = [each["name"] for each in file.table.get("document", [])]
    return {name: each for name, each in documents.items() if name in wanted or name in own}


def _years(file: _File, documents: dict[str, Document]) -> dict[str, Document]:
    for name, year in file.part("year").items():
        if name not in documents:
            raise file.refuse(f"year.{name} names no document that applies", f"use one of {', '.join(documents)}")
        if not isinstance(year, int) or not 2000 <= year <= 2100:
            raise file.refuse(f"year.{name} is {year!r}", "write a year from 2000 to 2100")
        documents = documents | {name: _moved(documents[name], year)}
    return documents


def _moved(document: Document, year: int) -> Document:
    """Masked deadlines in that year; dated ones moved by whole years, so that the last of them lies in it."""
    last = max((each.due.on.year for each in document.targets if each.due.on), default=year)

    def due(one: Deadline) -> Deadline:
        """A deadline in the year that the city means."""
        return one.in_year(year) if one.on is None else replace(one, on=_years_on(one.on, year - last))

    return replace(document, targets=tuple(replace(each, due=due(each.due)) for each in document.targets))


def _years_on(day: date, years: int) -> date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year + years, day=28 if leap else day.day)


def _dues(file: _File, documents: dict[str, Document]) -> dict[str, Document]:
    for name, day in file.part("due").items():
        on = _day(file, f"due.{name}", day)
        documents = _changed(file, documents, "due", name, partial(_due_on, on))
    return documents


def _done(file: _File, documents: Mapping[str, Document]) -> dict[str, date]:
    known = {each.id for one in documents.values() for each in one.targets}
    for name in file.part("done"):
        if name not in known:
            raise file.refuse(f"done.{name} names no target that applies", "use an id that ./onemap targets lists")
    return {name: _day(file, f"done.{name}", day) for name, day in file.part("done").items()}


def _day(file: _File, place: str, day: object) -> date:
    if type(day) is not date:
        raise file.refuse(f"{place} is {day!r}, which is no day", "write it without quotes: 2027-12-31")
    return day


def _quotas(file: _File, documents: dict[str, Document]) -> dict[str, Document]:
    for name, table in file.part("quota").items():
        if not isinstance(table, dict) or not all(isinstance(each, int | float) and each > 0 for each in table.values()):
            raise file.refuse(f"quota.{name} is {table!r}", 'write a number for each unit: "990101000000" = 12')
        quotas = tuple(Quota(unit=unit, at_least=float(n)) for unit, n in table.items())
        documents = _changed(file, documents, "quota", name, partial(_shared, file, quotas))
    return documents


def _due_on(on: date, target: Target) -> Target:
    return replace(target, due=replace(target.due, kind=Due.DATE, on=on, masked=None))


def _shared(file: _File, quotas: tuple[Quota, ...], target: Target) -> Target:
    """The target with its number shared out; the number is then what the quotas add up to."""
    rules = target.rule.parts if isinstance(target.rule, AllOf) else (target.rule,)
    counting = [each for each in rules if isinstance(each, CountAtLeast)]
    if len(counting) != 1:
        raise file.refuse(f"quota.{target.id}: the target counts {len(counting)} numbers", "share out a target that counts exactly one")
    new = replace(counting[0], quotas=quotas, at_least=sum(each.at_least for each in quotas))
    rule = AllOf(parts=tuple(new if each is counting[0] else each for each in rules)) if len(rules) > 1 else new
    return replace(target, rule=rule)


def _changed(
    file: _File, documents: dict[str, Document], part: str, name: str, change: Callable[[Target], Target]
) -> dict[str, Document]:
    """The documents with one target changed."""
    owner = next((one for one in documents.values() if any(each.id == name for each in one.targets)), None)
    if owner is None:
        raise file.refuse(f"{part}.{name} names no target that applies", "use an id that ./onemap targets lists")
    targets = tuple(change(each) if each.id == name else each for each in owner.targets)
    return documents | {owner.name: replace(owner, targets=targets)}
