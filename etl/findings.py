"""Findings: what is wrong with single rows, in words for the office that has to mend them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from layers import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that broke one rule.

    Parameters
    ----------
    row_no : int
        The row of the file, from 1.
    rule : str
        Name of the rule, one word for all languages.
    reason : Text
        What is wrong, with the offending value of one field.
    """

    row_no: int
    rule: str
    reason: Text


def found(rows: Iterable[int], rule: str, zh: str, en: str) -> list[Finding]:
    """The same finding for several rows."""
    return [Finding(int(each), rule, Text(zh, en)) for each in rows]
