"""The register of a theme (台账) as XLSX or CSV: a column for each field, with nothing that a spreadsheet would take for a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.board_file import Row
from app.words import word
from layers import Theme
from layers._field import Field

_BESIDE = ("unit_", "since_", "file_", "row_")


def rows(theme: Theme, found: Sequence[Mapping[str, Any]], lang: str) -> list[Row]:
    """The heading, and one line for each row.

    Parameters
    ----------
    theme : Theme
    found : sequence of mapping
        Of `geodata.register.register`.
    lang : str
    """
    heading: Row = (*(_title(each, lang) for each in theme.fields), *(word(f"register.{each}", lang) for each in _BESIDE))
    return [heading, *((*(_cell(each, row[each.name], lang) for each in theme.fields), *(_plain(row[each]) for each in _BESIDE)) for row in found)]


def _title(field: Field, lang: str) -> str:
    return f"{field.title[lang]} ({field.unit})" if field.unit else field.title[lang]


def _cell(field: Field, value: Any, lang: str) -> str | float:
    known = {each.value: each.title[lang] for each in field.choices}
    return known.get(value, _plain(value)) if isinstance(value, str) else _plain(value)


def _plain(value: Any) -> str | float:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else float(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
