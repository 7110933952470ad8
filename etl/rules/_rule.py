"""What a rule is: a frozen declaration with the one function that looks for the rows that break it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from etl.findings import Finding
from etl.rules._matter import Matter
from layers import Text, Theme

Prints = np.ndarray
"""Numbers of 64 bits without sign, shape (n,)."""

WHOLE_FILE = 0
"""Row number of a finding that is about the file and not about one of its rows."""


class Severity(StrEnum):
    """What becomes of what breaks a rule."""

    ERROR = "error"  # the row is set aside
    WARNING = "warning"  # the row is published, and the finding kept and counted
    LOAD = "load"  # the file is refused whole


@dataclass(frozen=True, slots=True)
class Hit:
    """Rows that break a rule, and what is to be said of them.

    Parameters
    ----------
    rows : array of int, shape (k,), optional
        Their positions; None for the file.
    said : mapping
        For the places of the reason: one value for all rows, or an array of shape (k,); a `Text` is said in its language.
    """

    rows: np.ndarray | None
    said: Mapping[str, Any]


def hit(where: Any, **said: Any) -> Hit:
    """Rows by their mask or their positions; arrays as long as `where` belong to it.

    Parameters
    ----------
    where : array of bool, shape (n,), or array of int, shape (k,)
    **said
        For the places of the reason.
    """
    where = np.asarray(where)
    if where.dtype != bool:
        return Hit(where.astype(np.intp), said)
    rows = np.flatnonzero(where)
    return Hit(rows, {name: _taken(value, rows, len(where)) for name, value in said.items()})


def _taken(value: Any, rows: np.ndarray, n: int) -> Any:
    if isinstance(value, pd.Series | pd.api.extensions.ExtensionArray):
        value = np.asarray(value, dtype=object)
    return value[rows] if isinstance(value, np.ndarray) and len(value) == n else value


def whole_file(**said: Any) -> Hit:
    """A finding about the file."""
    return Hit(None, said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One numbered rule.

    Parameters
    ----------
    id : str
        A letter for the family and two digits; never given to another rule.
    name : str
        One word for the ledger and for scripts.
    severity : Severity
    asks : Text
        What is asked of every row.
    why : Text
        What goes wrong where it is broken.
    remedy : Text
        What the office that made the file does about it.
    example : str
        Something that breaks it.
    reason : Text, optional
        What is said of a row that broke it, with {places} for its values.
    check : callable, optional
        Looks for the rows that break it; None where a step before the rules finds them.
    found_by : str
        That step, for rules without a function.
    together : callable, optional
        Of rules that hold rows against each other, however far apart they stand in the file: numbers, shape (n,), equal for
        rows that must be looked at together, 0 for rows that concern no other. Large files are looked at in parts.
    least : callable
        Theme -> how many rows of one number it takes to break the rule.
    """

    id: str
    name: str
    severity: Severity
    asks: Text
    why: Text
    remedy: Text
    example: str
    reason: Text | None = None
    check: Callable[[Matter], Iterable[Hit]] | None = None
    found_by: str = ""
    together: Callable[[Matter], Prints] | None = None
    least: Callable[[Theme], int] = lambda _theme: 2

    def findings(self, matter: Matter) -> list[Finding]:
        """Every row that breaks the rule, with its reason."""
        if self.check is None or self.reason is None:
            return []
        return [each for one in self.check(matter) for each in _findings(self, self.reason, one, matter.frame.index)]


def _findings(rule: Rule, reason: Text, one: Hit, index: pd.Index) -> list[Finding]:
    if one.rows is None:
        return [Finding(WHOLE_FILE, rule.name, _filled(reason, one.said))]
    numbers = index[one.rows]
    if not any(isinstance(value, np.ndarray) for value in one.said.values()):
        words = _filled(reason, one.said)
        return [Finding(int(row), rule.name, words) for row in numbers]
    return [
        Finding(int(row), rule.name, _filled(reason, {name: _at(value, k) for name, value in one.said.items()}))
        for k, row in enumerate(numbers)
    ]


def _at(value: Any, k: int) -> Any:
    return value[k] if isinstance(value, np.ndarray) else value


def _filled(reason: Text, said: Mapping[str, Any]) -> Text:
    if not said:
        return reason
    words = [{name: each[lang] if isinstance(each, Text) else each for name, each in said.items()} for lang in ("zh", "en")]
    return Text(reason.zh.format(**words[0]), reason.en.format(**words[1]))
