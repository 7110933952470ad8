"""Findings: what is wrong with single rows, in words for the office that has to mend them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

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


def told(findings: Sequence[Finding], keys: pd.Series, severity: str = "warning") -> list[dict[str, Any]]:
    """Findings as the ledger and scripts take them.

    Parameters
    ----------
    findings : sequence of Finding
    keys : Series of str
        The key of each row, by its number.
    severity : str

    Returns
    -------
    list of dict
        row_no (0 for the whole file), rule, severity, reason_zh, reason_en, key.
    """
    known = keys.where(keys.notna(), None).to_dict()
    return [
        {
            "row_no": each.row_no,
            "rule": each.rule,
            "severity": severity,
            "reason_zh": each.reason.zh.replace("\x00", ""),
            "reason_en": each.reason.en.replace("\x00", ""),
            "key": known.get(each.row_no),
        }
        for each in findings
    ]
