"""What a file probably is: its theme, its headers, its values and its CRS, as a recipe for the user to correct."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from etl import columns, whereabouts
from etl.candidates import candidates
from etl.claims import Ladder
from etl.errors import SourceError
from etl.forensic import Verdict
from etl.places import figures, looks_like_a_shape, parted, place_columns
from etl.read import kind_of
from etl.recipe import Recipe
from etl.resembling import known_places, mapped
from etl.values import UnreadableError, reader_of, spelled
from etl.which_theme import look
from layers import Theme
from layers._field import Field, Kind

# So many distinct values of a choice are looked at; a column with more is no choice.
_VALUES = 60


@dataclass(slots=True)
class Guess:
    """What a file probably is.

    Parameters
    ----------
    kind : str
        Of file: "Excel", "Shapefile".
    theme : Theme
    rows : int
    fields : dict of str to str
        Our field (or lon, lat) -> their header.
    alike : tuple of str
        Fields whose header only resembles one that is known: to be looked at.
    unused : list of str
        Headers that no field takes.
    missing : list of str
        Required fields that no header gives.
    values : dict of str to dict
        Field -> their value -> our choice, "" where nothing resembles it.
    columns : list of dict
        Every header with samples of its values, for whoever maps them by hand.
    changes : mapping of str to int
        What was done to read it, an encoding that was found out among it.
    verdict : Verdict
        Of the coordinates.
    """

    kind: str
    theme: Theme
    rows: int
    fields: dict[str, str]
    alike: tuple[str, ...]
    unused: list[str]
    missing: list[str]
    verdict: Verdict
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    columns: list[dict[str, Any]] = field(default_factory=list)
    changes: Mapping[str, int] = field(default_factory=dict)


def guess(file: Path, theme: str | None, ladder: Ladder, recipe: Recipe | None = None) -> Guess:
    """Look at a file.

    Parameters
    ----------
    file : Path
    theme : str, optional
        What the operator says it is.
    ladder : Ladder
        Of the store.
    recipe : Recipe, optional
        One that lies beside it: it says what to read, and what the coordinates are.

    Raises
    ------
    SourceError
        It cannot be read, or nothing tells which theme it is.
    """
    raw, chosen = look(file, theme, recipe)
    found, alike = mapped(raw, chosen)
    place = {} if raw.shapes is not None else _place_fields(raw.frame, set(found.values()))
    verdict = whereabouts.guessed(file, raw, chosen, recipe or Recipe(theme=chosen.name, source=chosen.name, fields=place), ladder)
    used = {*found.values(), *place.values(), *known_places(raw.frame)}
    return Guess(
        kind=kind_of(file).name, theme=chosen, rows=len(raw.frame) + raw.after, fields=place | found, alike=alike,
        unused=[str(each) for each in raw.frame if each not in used],
        missing=[each.name for each in chosen.fields if each.required and each.name not in found],
        verdict=verdict,
        values={name: said for name, header in found.items() if (said := _values(chosen.field(name), raw.frame[header]))},
        columns=columns.of(raw.frame), changes=dict(raw.changes),
    )  # fmt: skip


def _place_fields(frame: pd.DataFrame, taken: set[str]) -> dict[str, str]:
    """The columns of a table's coordinates, by their numbers, where no header says it."""
    try:
        place_columns("", frame, Recipe(theme="", source=""))
    except SourceError:
        pass
    else:
        return {}
    if shaped := _shape_field(frame, taken):
        return shaped
    numbers = {str(name): figures(column)[0] for name, column in frame.items() if str(name) not in taken}
    filled = {name: values for name, values in numbers.items() if _could_be_places(values)}
    for lon, x in filled.items():
        for lat, y in filled.items():
            both = np.isfinite(x) & np.isfinite(y)
            found = candidates(np.column_stack([x, y])[both]) if lon != lat and both.any() else []
            told = [each for each in found if each.recipe.get("crs") != "EPSG:4490" or "degrees" in each.recipe]
            if told and "axes" not in told[0].recipe:  # plain degrees alone are numbers of anything
                return {"lon": lon, "lat": lat}
    return {}


def _shape_field(frame: pd.DataFrame, taken: Collection[str]) -> dict[str, str]:
    """The column whose cells are shapes, or pairs of numbers that could be places."""
    for name in (str(each) for each in frame if str(each) not in taken):
        column = frame[name].dropna().head(_VALUES)
        texts = [value for value in column if isinstance(value, str)]
        if texts and sum(map(looks_like_a_shape, texts)) > len(column) / 2:
            return {"wkt": name}
        both = [parted(value) for value in texts]
        x, y = (figures(pd.Series([each[n] for each in both], dtype=object))[0] for n in (0, 1))
        there = np.isfinite(x) & np.isfinite(y)
        if there.sum() > len(column) / 2 and candidates(np.column_stack([x, y])[there]):
            return {"lonlat": name}
    return {}


def _could_be_places(values: np.ndarray) -> bool:
    """Whether most rows have a number, and it is no running one: a fraction of a degree, or many metres."""
    there = values[np.isfinite(values)]
    return len(there) > len(values) / 2 and bool(((there % 1 != 0) | (np.abs(there) > 10_000)).mean() > 1 / 2)


# --- values ------------------------------------------------------------------------------------------------------------


def _values(each: Field, column: pd.Series) -> dict[str, str]:
    """Their values of a choice that no spelling knows, with the choice that resembles them or ""."""
    if each.kind is not Kind.CHOICE:
        return {}
    read, strange = reader_of(each), {}
    for value in pd.unique(column.dropna())[:_VALUES]:
        try:
            read(value)
        except UnreadableError:
            strange[spelled(value)] = _resembled(each, spelled(value)) or _yes_or_no(each, spelled(value))
    return strange


_YES, _NO = re.compile("[是有Yy√]|已.*"), re.compile("[否无Nn×]|[未不].*")


def _yes_or_no(each: Field, value: str) -> str:
    """The choice that yes or no means where a field has two, of which one stands in its title: 在线状态 is 在线, or the other."""
    if len(each.choices) != 2 or not (_YES.fullmatch(value) or _NO.fullmatch(value)):
        return ""
    asked = [choice.value for choice in each.choices if any(word in each.title.zh for word in choice.spellings() if len(word) > 1)]
    if len(asked) != 1:
        return ""
    other = next(choice.value for choice in each.choices if choice.value != asked[0])
    return asked[0] if _YES.fullmatch(value) else other


def _resembled(each: Field, value: str) -> str:
    fits = [
        (len(word), choice.value)
        for choice in each.choices
        for word in choice.spellings()
        if len(word) > 1 and (word in value or value in word and len(value) > 1)
    ]
    return max(fits, default=(0, ""))[1]


def as_json(guess: Guess) -> Mapping[str, Any]:
    """The guess for scripts."""
    return {
        "kind": guess.kind, "theme": guess.theme.name, "rows": guess.rows, "fields": guess.fields,
        "alike": list(guess.alike), "unused": guess.unused, "missing": guess.missing, "values": guess.values,
        "columns": guess.columns, "changes": dict(guess.changes),
    }  # fmt: skip
