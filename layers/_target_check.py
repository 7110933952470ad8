"""What is refused of targets: unknown indicators and levels, thresholds that no value can reach, ids that stand twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from layers._asked import AllOf, Between, CountAtLeast, Milestone, Simple, parts, unit_ends, wanted
from layers._errors import DeclarationError
from layers._indicator import Format, Indicator, Share, Sum, UnitsHaving
from layers._ladder import LEVEL_NAMES
from layers._target import Conflict, Deadline, Document, Due, Target

Known = Callable[[str], Indicator]
"""The indicator of a name; raises DeclarationError where there is none."""


def check_documents(documents: Iterable[Document], known: Known) -> None:
    """Refuse documents that cannot be judged as they are declared.

    Parameters
    ----------
    documents : iterable of Document
        All that are in force together.
    known : callable
        Finds the indicator of a name.

    Raises
    ------
    DeclarationError
        See the module's tests for each sentence.
    """
    every = list(documents)
    for document in every:
        for target in document.targets:
            _check_target(document.place, target, known)
    owners = [(each.id, document.place) for document in every for each in document.targets]
    twice = [name for name, n in Counter(name for name, _ in owners).items() if n > 1]
    if twice:
        place = [where for name, where in owners if name == twice[0]][-1]
        raise DeclarationError(place, f"target {twice[0]} is declared twice", "give one of them another id")


def check_conflicts(conflicts: Iterable[Conflict], documents: Iterable[Document], place: str) -> None:
    """Refuse a conflict of targets that nobody declares.

    Raises
    ------
    DeclarationError
    """
    known = {each.id for document in documents for each in document.targets}
    for conflict in conflicts:
        for name in conflict.targets:
            if name not in known:
                raise DeclarationError(place, f"a conflict names target {name!r}, which no document declares", "name one that stands")


def _check_target(place: str, target: Target, known: Known) -> None:
    what = f"target {target.id}"
    if not (target.id and target.clause and target.says):
        raise DeclarationError(place, f"{what} has no id, clause or sentence", "say id=, clause= and says=")
    for level in target.levels:
        _check_level(place, what, level)
    _check_due(place, what, target.due)
    if isinstance(target.rule, AllOf) and len(target.rule.parts) < 2:
        raise DeclarationError(place, f"{what} asks for all of {len(target.rule.parts)} rules", "list two or more, or give the one")
    for part in parts(target.rule):
        _check_part(place, what, part, target, known)


def _check_level(place: str, what: str, level: str) -> None:
    if level not in LEVEL_NAMES:
        raise DeclarationError(place, f"{what} names the level {level!r}, which the ladder does not have", f"use one of {', '.join(LEVEL_NAMES)}")


def _check_due(place: str, what: str, due: Deadline) -> None:
    dated = due.on is not None or due.masked is not None
    if dated != (due.kind in (Due.YEAR, Due.DATE, Due.WITHIN_YEAR)):
        fact = f"{what} has a deadline of kind {due.kind.value!r} {'with' if dated else 'without'} a day"
        raise DeclarationError(place, fact, "use by_end_of(), within(), by_day(), masked(), every() or NO_DEADLINE")


def _check_part(place: str, what: str, part: Simple, target: Target, known: Known) -> None:
    if (level := getattr(part, "level", None)) is not None:
        _check_level(place, what, level)
    if isinstance(part, Between) and part.low > part.high:
        raise DeclarationError(place, f"{what} asks for a number from {part.low:g} to {part.high:g}", "put the smaller one first")
    if isinstance(part, CountAtLeast):
        _check_quotas(place, what, part)
    if part.by is None:
        if target.needs is None:
            raise DeclarationError(place, f"{what} names no indicator", 'say by="theme.indicator", or in needs= which file would fill it')
        return
    try:
        indicator = known(part.by)
    except DeclarationError as unknown:
        raise DeclarationError(place, f"{what} is judged by {part.by!r}, which is no indicator", unknown.remedy) from None
    _check_range(place, what, part, indicator)


def _check_quotas(place: str, what: str, part: CountAtLeast) -> None:
    twice = [name for name, n in Counter(each.unit for each in part.quotas).items() if n > 1]
    if twice:
        raise DeclarationError(place, f"{what} gives {twice[0]} two quotas", "keep one of them")
    total = sum(each.at_least for each in part.quotas)
    if part.quotas and total != part.at_least:
        fact = f"{what} asks for {part.at_least:g}, and its quotas add up to {total:g}"
        raise DeclarationError(place, fact, "make the sum of the quotas the number asked for")


def _check_range(place: str, what: str, part: Simple, indicator: Indicator) -> None:
    """A share beyond the whole can never be reached; one of 0 is reached by nothing at all."""
    if isinstance(part, Milestone):
        return
    shares = [wanted(part)] if getattr(part, "level", None) else []
    ends = [each for each in unit_ends(part) if each is not None]
    counted = isinstance(part, CountAtLeast) and part.units
    if counted and not isinstance(indicator.measure, Share | UnitsHaving):
        raise DeclarationError(place, f"{what} counts units by {part.by!r}, which is no share of units", "leave units= out")
    whole = indicator.format is Format.PERCENT and not isinstance(indicator.measure, Sum)  # a quotient of sums may exceed the whole
    if whole and not counted:
        shares += ends
    wrong = [each for each in shares if not 0 < each <= 1]
    if wrong:
        raise DeclarationError(place, f"{what} asks for {wrong[0]:g} of {part.by!r}, which is a share", "give a number above 0 and at most 1: 0.7 for 70 %")
    if any(each < 0 for each in ends):
        raise DeclarationError(place, f"{what} asks for {min(ends):g} of {part.by!r}", "give a number from 0")
