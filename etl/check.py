"""Rows against the numbered rules -> findings; nothing here raises for a row."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from etl import progress
from etl.clean import Cleaned
from etl.errors import SourceError
from etl.findings import Finding, found
from etl.read.raw import Raw
from etl.recipe import Recipe
from etl.rules import RULES, Ground, Matter, Rule, Severity, by_name
from etl.rules.uniqueness import DUPLICATE_KEY, said_again
from layers import Theme

__all__ = ["Checked", "Ground", "check", "misplaced"]


@dataclass(slots=True)
class Checked:
    """Which rows go on, and what was found.

    Parameters
    ----------
    good : array of bool, shape (n,)
        Rows to publish.
    findings : list of Finding
        Why the others do not, exact duplicates left out.
    duplicates : int
        Rows that say again what another says.
    warnings : list of Finding
        What is odd about rows that go on, and about the file.
    refusals : list of Finding
        Why the file as a whole must not be published.
    seconds : dict of str to float
        What each rule took, by its number.
    """

    good: np.ndarray
    findings: list[Finding]
    duplicates: int
    warnings: list[Finding] = field(default_factory=list)
    refusals: list[Finding] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def check(
    rows: Cleaned,
    theme: Theme,
    hashes: np.ndarray,
    ground: Ground,
    as_of: date | None = None,
    raw: Raw | None = None,
    recipe: Recipe | None = None,
    *,
    partial: bool = False,
) -> Checked:
    """Every rule on every row.

    Parameters
    ----------
    rows : Cleaned
        n rows with the findings of cleaning.
    theme : Theme
        Its fields and rules say what is legal.
    hashes : array of uint64, shape (n,)
        Equal for rows that say the same.
    ground : Ground
        What the store knows.
    as_of : date, optional
        The day of the data.
    raw : Raw, optional
        The rows as they came, for rules about what was written.
    recipe : Recipe, optional
        What it accepts is looked for and only warned of, and what it accepts of warnings is left out.
    partial : bool
        Whether the file brings some rows of its source and leaves the others as they are.

    Returns
    -------
    Checked

    Raises
    ------
    SourceError
        The recipe accepts a rule that there is not.

    Notes
    -----
    Errors are looked for in all rows, keys that contradict each other in those that are left, warnings in the rows that go
    on: a broken row makes no sound one suspect.
    """
    whole = Matter(theme, rows, hashes, ground, as_of=as_of, raw=raw, recipe=recipe, partial=partial)
    done = errors_in(whole)
    sound = whole.only(done.good)
    set_apart(done, whole, DUPLICATE_KEY.findings(sound), said_again(sound))
    done.warnings = warnings_in(done, whole)
    return done


def errors_in(whole: Matter) -> Checked:
    """What refuses the file, and which rows break a rule by themselves."""
    accepted = _accepted(whole.recipe)
    done = Checked(np.ones(len(whole), dtype=bool), list(whole.rows.findings), 0)
    done.refusals = _run(done, _rules(Severity.LOAD, accepted), whole)
    done.findings += _run(done, [each for each in _rules(Severity.ERROR, accepted) if each != DUPLICATE_KEY], whole)
    _leave_out(done, whole)
    return done


def set_apart(done: Checked, whole: Matter, twice: list[Finding], again: np.ndarray) -> None:
    """Leave out the sound rows whose keys contradict each other, and those that say again what another says.

    Parameters
    ----------
    done : Checked
        Of `errors_in`.
    whole : Matter
    twice : list of Finding
        Rows whose key stands in rows that differ.
    again : array of bool, shape (number of sound rows,)
        Rows that say what an earlier row says.
    """
    left = done.good.copy()
    left[done.good] = again
    done.findings += twice
    _leave_out(done, whole)
    done.good &= ~left
    done.duplicates = int(left.sum())


def warnings_in(done: Checked, whole: Matter, leaving_out: Collection[Rule] = ()) -> list[Finding]:
    """What is odd about the rows that go on."""
    accepted = _accepted(whole.recipe)
    taken = [each for each in RULES if each.severity is not Severity.WARNING and each.name in accepted]
    asked = [each for each in [*taken, *_rules(Severity.WARNING, accepted)] if each not in leaving_out]
    return _run(done, asked, whole.only(done.good))


def said_of(rules: Sequence[Rule], matter: Matter) -> list[Finding]:
    """What some rules say, but for those that the recipe accepts."""
    accepted = _accepted(matter.recipe)
    return [each for rule in rules if rule.name not in accepted for each in rule.findings(matter)]


def _accepted(recipe: Recipe | None) -> frozenset[str]:
    names = recipe.accept if recipe else ()
    for each in names:
        if each not in by_name():
            raise SourceError("recipe", f"accept names {each!r}, which is no rule", "use names that ./onemap rules lists")
    return frozenset(names)


def _rules(severity: Severity, accepted: frozenset[str]) -> list[Rule]:
    return [each for each in RULES if each.severity is severity and each.name not in accepted]


def _run(done: Checked, rules: list[Rule], matter: Matter) -> list[Finding]:
    findings: list[Finding] = []
    for each in rules:
        progress.step("check", len(done.seconds) / len(RULES))
        began = time.perf_counter()
        findings += each.findings(matter)
        done.seconds[each.id] = time.perf_counter() - began
    return findings


def _leave_out(done: Checked, whole: Matter) -> None:
    done.good &= ~whole.frame.index.isin({each.row_no for each in done.findings})


_MISPLACED = {
    "no_level": ("级别未写明，也无法由代码看出", "its level is neither given nor told by its code"),
    "no_unit": ("所填单位不在行政区划中，或同名单位不止一个", "it names a unit that there is not, or a name that several have"),
    "no_parent": ("找不到上级单位；请先导入上级边界", "no unit stands above it; load the upper levels first"),
}


def misplaced(rows: pd.Index, rule: str) -> list[Finding]:
    """Rows that have no place in the ladder: rule "no_level", "no_parent" or "no_unit"."""
    return found(rows, rule, *_MISPLACED[rule])
