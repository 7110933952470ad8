"""What a file probably is: its theme, its headers, its values and its CRS, as a recipe for the user to correct."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from etl import columns, whereabouts
from etl.candidates import candidates
from etl.claims import Ladder
from etl.errors import SourceError
from etl.forensic import Verdict
from etl.headers import offers
from etl.places import figures, place_columns
from etl.read import Asked, Raw, kind_of, read_parts
from etl.read.asked import LAT, LON, LONLAT, WKT, plain
from etl.read.dxf import MADE as OF_DRAWINGS
from etl.recipe import Recipe, stream_of
from etl.shapes import PARTS
from etl.values import UnreadableError, reader_of, spelled
from layers import Theme, themes
from layers._field import Field, Kind
from layers._ladder import level_of

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
    found, alike = _fields(raw, chosen)
    place = {} if raw.shapes is not None else _place_fields(raw.frame, set(found.values()))
    verdict = whereabouts.guessed(file, raw, chosen, recipe or Recipe(theme=chosen.name, source=chosen.name, fields=place), ladder)
    used = {*found.values(), *place.values(), *_known_places(raw.frame)}
    return Guess(
        kind=kind_of(file).name, theme=chosen, rows=len(raw.frame) + raw.after, fields=place | found, alike=alike,
        unused=[str(each) for each in raw.frame if each not in used],
        missing=[each.name for each in chosen.fields if each.required and each.name not in found],
        verdict=verdict,
        values={name: said for name, header in found.items() if (said := _values(chosen.field(name), raw.frame[header]))},
        columns=columns.of(raw.frame), changes=dict(raw.changes),
    )  # fmt: skip


def look(file: Path, theme: str | None, recipe: Recipe | None = None) -> tuple[Raw, Theme]:
    """The rows of a file whose theme may not be known yet (of a large one those of its first part), and the theme.

    Raises
    ------
    SourceError
        It cannot be read, or nothing tells which theme it is.
    """
    known = themes()
    theme = recipe.theme if recipe else theme
    if theme is not None:
        if theme not in known:
            raise SourceError("--theme", f"there is no theme {theme!r}", f"use one of {', '.join(known)}")
        said = recipe or Recipe(theme=theme, source=theme)
        return _begun(file, Asked(known[theme], said, guessing=recipe is None)), known[theme]
    first = next(iter(known.values()))
    raw = _begun(file, Asked(first, Recipe(theme=first.name, source=first.name), tuple(known.values())))
    scores = {name: _score(raw, each) for name, each in known.items()}
    best = [name for name, score in scores.items() if 0 < score == max(scores.values())]
    if len(best) != 1:
        fact = f"it could be {' or '.join(best)}" if best else "its headers are too little of any theme"
        raise SourceError(str(file), f"{fact}; it has {', '.join(map(str, raw.frame)) or 'none'}", "give --theme NAME")
    return raw, known[best[0]]


def _begun(file: Path, asked: Asked) -> Raw:
    """The rows of a file; of a large one those of its first part, and how many come after."""
    parts = read_parts(file, asked)
    raw = next(parts)
    raw.after = sum(len(each.frame) for each in parts)
    return raw


def _score(raw: Raw, theme: Theme) -> float:
    """How well a theme explains the headers; 0 where its key is not among them or the shapes are none of its own."""
    found = {name: header for _rank, name, header in reversed(sorted(offers(list(raw.frame), theme, raw.cut)))}
    single, multi = PARTS[theme.geometry]
    foreign = raw.shapes is not None and not np.isin(shapely.get_type_id(raw.shapes), [*single, *multi]).any()
    needed = [each.name for each in theme.fields if each.required]
    if foreign or theme.key not in found or sum(each in found for each in needed) < len(needed) / 2:
        return 0
    legal = [_share_legal(theme.field(name), raw.frame[header]) for name, header in found.items()]
    if theme.rung and theme.rung.code in found:
        legal.append(_share_of_levels(theme, raw.frame[found[theme.rung.code]]))
    return sum(legal) + 2 * sum(each in found for each in needed) / len(needed)


def _share_of_levels(theme: Theme, codes: pd.Series) -> float:
    """The share of codes whose own digits say a level that the theme holds, the more the fewer levels it holds."""
    assert theme.rung is not None
    held = {each.value for each in theme.field(theme.rung.level).choices}
    told = [level_of(spelled(value)) for value in codes.dropna().head(_VALUES)]
    return sum(each in held for each in told) / len(told) * (1 + 1 / len(held)) if told else 0.0


def _share_legal(each: Field, column: pd.Series) -> float:
    """The share of a column's first values that a field could hold."""
    values = [spelled(value) for value in column.dropna().head(_VALUES)]
    fits = [value for value in values if not each.pattern or re.fullmatch(each.pattern, value)]
    return len(fits) / len(values) if values else 1.0


# --- headers -----------------------------------------------------------------------------------------------------------


def _fields(raw: Raw, theme: Theme) -> tuple[dict[str, str], tuple[str, ...]]:
    """Our field -> their header: by a known name, else by one that resembles it."""
    headers = [str(each) for each in raw.frame]
    chosen: dict[str, str] = {}
    for _rank, name, header in sorted(offers(headers, theme, raw.cut)):
        if name not in chosen and header not in chosen.values():
            chosen[name] = header
    left = [each for each in headers if each not in chosen.values() and each not in _known_places(raw.frame)]
    alike = []
    for _length, name, header in sorted(_resembling(left, theme), reverse=True):
        if name not in chosen and header not in chosen.values():
            chosen[name] = header
            alike.append(name)
    return {each.name: chosen[each.name] for each in theme.fields if each.name in chosen}, tuple(alike)


def _resembling(headers: Sequence[str], theme: Theme) -> list[tuple[int, str, str]]:
    """(letters in common, field, header) where a known header stands in theirs, or theirs in it."""
    found = []
    for header in headers:
        bare = plain(re.sub(r"[（(\[【].*?[)）\]】]", "", header))
        for each in theme.fields:
            for known in map(plain, each.headers()):
                short, long = sorted((bare, known), key=len)
                if len(short) >= (2 if re.search(r"[\u3400-\u9fff]", short) else 4) and short in long:
                    found.append((len(short) * 10 - len(long), each.name, header))
    return found


def _known_places(frame: pd.DataFrame) -> set[str]:
    known = {plain(each) for each in (*LON, *LAT, *LONLAT, *WKT, *OF_DRAWINGS)}
    return {str(each) for each in frame if plain(str(each)) in known}


def _place_fields(frame: pd.DataFrame, taken: set[str]) -> dict[str, str]:
    """The columns of a table's coordinates, by their numbers, where no header says it."""
    try:
        place_columns("", frame, Recipe(theme="", source=""))
    except SourceError:
        pass
    else:
        return {}
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
            strange[spelled(value)] = _resembled(each, spelled(value))
    return strange


def _resembled(each: Field, value: str) -> str:
    fits = [
        (len(word), choice.value)
        for choice in each.choices
        for word in choice.spellings()
        if len(word) > 1 and (word in value or value in word and len(value) > 1)
    ]
    return max(fits, default=(0, ""))[1]


# --- the recipe --------------------------------------------------------------------------------------------------------


def recipe_text(guess: Guess, file: Path) -> str:
    """The recipe as TOML, with remarks where it has to be looked at."""
    lines = [
        f"# A guess at {file.name}: {guess.kind}, {guess.rows:,} rows. Correct it; the next file with these headers finds it again.",
        f"theme = {_quoted(guess.theme.name)}",
        f"source = {_quoted(stream_of(file))}",
        *_crs_lines(guess.verdict),
        "",
        "[fields]",
        *(_field_line(guess, name, header) for name, header in guess.fields.items()),
        *(
            f'# {name} = "" # required, and no header resembles it: {_title(guess.theme, name)}'
            for name in guess.missing
        ),
        *(f"# not used: {_quoted(each)}" for each in guess.unused),
    ]
    for name, said in guess.values.items():
        choices = ", ".join(f"{each.value} ({each.title.zh})" for each in guess.theme.field(name).choices)
        lines += ["", f"[values.{name}] # {choices}"]
        lines += [f"{'' if ours else '# '}{_quoted(theirs)} = {_quoted(ours)}" for theirs, ours in said.items()]
    return "\n".join(lines) + "\n"


def _crs_lines(verdict: Verdict) -> list[str]:
    said = [f"{word} = {_quoted(value)}" for word, value in verdict.recipe.items()]
    if verdict.sure and verdict.recipe:
        return [f"# {verdict.system}: {verdict.says.en}.", *said]
    remark = f"# crs: {'' if verdict.sure else 'unsure: '}{verdict.says.en}."
    return [remark] + ([f"# it declares {verdict.declared}"] if verdict.declared else ['# crs = "EPSG:4490"'])


def _field_line(guess: Guess, name: str, header: str) -> str:
    return f"{name} = {_quoted(header)}" + (" # resembles it only: look" if name in guess.alike else "")


def _title(theme: Theme, name: str) -> str:
    return theme.field(name).title.zh


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def as_json(guess: Guess) -> Mapping[str, Any]:
    """The guess for scripts."""
    return {
        "kind": guess.kind, "theme": guess.theme.name, "rows": guess.rows, "fields": guess.fields,
        "alike": list(guess.alike), "unused": guess.unused, "missing": guess.missing, "values": guess.values,
        "columns": guess.columns, "changes": dict(guess.changes),
    }  # fmt: skip
