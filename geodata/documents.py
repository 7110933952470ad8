"""The documents in force here: those of `layers._documents` that the city follows, and what it adds to them."""

from __future__ import annotations

from datetime import date
from functools import cache

from geodata.adopted import Adopted, adopted
from geodata.settings import settings
from layers._asked import is_owed
from layers._documents import conflicts as every_conflict
from layers._documents import documents
from layers._target import Aim, Conflict, Deadline, Document, Target


@cache
def _adopted() -> Adopted:
    """Read once: a change of the files is seen by the next process."""
    return adopted(settings().home / "documents", documents())


def in_force() -> dict[str, Document]:
    """Every document that applies here, by name.

    Raises
    ------
    DeclarationError
        A document, or a file of the city, contradicts itself.
    """
    return _adopted().documents


def targets() -> tuple[Target, ...]:
    """Every target in force, in the order of the documents."""
    return tuple(each for one in in_force().values() for each in one.targets)


def due(target: Target) -> Deadline:
    """The deadline of a target, as the city has it."""
    return target.due


def done(target: Target) -> date | None:
    """The day on which the city says that a milestone was reached; None where it says nothing."""
    return _adopted().done.get(target.id)


def conflicts() -> tuple[Conflict, ...]:
    """Where two targets in force cannot both be followed."""
    known = {each.id for each in targets()}
    return tuple(each for each in every_conflict() if set(each.targets) <= known)


def document(target: Target) -> Document:
    """The document that sets a target."""
    return in_force()[target.document]


@cache
def _by_indicator() -> dict[str, tuple[Target, ...]]:
    found: dict[str, tuple[Target, ...]] = {}
    for document in in_force().values():
        for target in document.targets:
            for name in target.indicators:
                found[name] = (*found.get(name, ()), target)
    return found


def asked_of(indicator: str) -> tuple[Target, ...]:
    """The targets in force that go by an indicator ("theme.name"), in the order of the documents."""
    return _by_indicator().get(indicator, ())


def first_aim(indicator: str) -> Aim | None:
    """The first of `aims_of`: what colours and trends are held against."""
    return next(iter(aims_of(indicator)), None)


def aims_of(indicator: str) -> tuple[Aim, ...]:
    """The values that policies ask of an indicator in any unit; a number that only one level owes is none of them."""
    return tuple(aim for _, aim in aimed_at(indicator))


@cache
def aimed_at(indicator: str) -> tuple[tuple[Target, Aim], ...]:
    """The targets in force that ask a value of an indicator in any unit, and which."""
    every = asked_of(indicator)
    return tuple((each, each.aim(indicator)) for each in every if not is_owed(each.part(indicator)))
