"""Which theme a file is of, where nobody says it: by the headers it knows, else by those that resemble them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from etl.errors import SourceError
from etl.headers import offers
from etl.read import Asked, Raw, read_parts
from etl.recipe import Recipe
from etl.resembling import LOOKED_AT, mapped
from etl.shapes import PARTS
from etl.values import spelled
from layers import Theme, themes
from layers._field import Field
from layers._ladder import level_of


def look(file: Path, theme: str | None, recipe: Recipe | None = None) -> tuple[Raw, Theme]:
    """The rows of a file whose theme may not be known yet (of a large one those of its first part), and the theme.

    Raises
    ------
    SourceError
        It cannot be read, or nothing tells which theme it is.
    """
    known = {name: each for name, each in themes().items() if not each.left_by}
    theme = recipe.theme if recipe else theme
    if theme is not None:
        if theme not in known:
            raise SourceError("--theme", f"there is no theme {theme!r}", f"use one of {', '.join(known)}")
        said = recipe or Recipe(theme=theme, source=theme)
        return _begun(file, Asked(known[theme], said, guessing=recipe is None)), known[theme]
    first = next(iter(known.values()))
    raw = _begun(file, Asked(first, Recipe(theme=first.name, source=first.name), tuple(known.values())))
    best = _best({name: _score(raw, each) for name, each in known.items()})
    best = best or _best({name: _likeness(raw, each) for name, each in known.items()}, _CLEARLY)
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


# A theme that headers only resemble must fit so many times better than any other to be taken unasked.
_CLEARLY = 1.25


def _best(scores: Mapping[str, float], clearly: float = 1.0) -> list[str]:
    """The themes of the highest score; those that come near it too, where it must be clear."""
    top = max(scores.values())
    return [name for name, score in scores.items() if score > 0 and score * clearly >= top] if top else []


def _likeness(raw: Raw, theme: Theme) -> float:
    """How well a theme explains headers that it does not know: how many of its fields, the required ones twice."""
    found, _ = mapped(raw, theme)
    needed = [each.name for each in theme.fields if each.required]
    if _foreign(raw, theme) or theme.key not in found or sum(each in found for each in needed) < len(needed) * 0.6:
        return 0
    return len(found) + sum(each in found for each in needed)


def _foreign(raw: Raw, theme: Theme) -> bool:
    """Whether the shapes of a file are none of a theme's own."""
    single, multi = PARTS[theme.geometry]
    return raw.shapes is not None and not np.isin(shapely.get_type_id(raw.shapes), [*single, *multi]).any()


def _score(raw: Raw, theme: Theme) -> float:
    """How well a theme explains the headers; 0 where its key is not among them or the shapes are none of its own."""
    found = {name: header for _rank, name, header in reversed(sorted(offers(list(raw.frame), theme, raw.cut)))}
    needed = [each.name for each in theme.fields if each.required]
    if _foreign(raw, theme) or theme.key not in found or sum(each in found for each in needed) < len(needed) / 2:
        return 0
    legal = [_share_legal(theme.field(name), raw.frame[header]) for name, header in found.items()]
    if theme.rung and theme.rung.code in found:
        legal.append(_share_of_levels(theme, raw.frame[found[theme.rung.code]]))
    return sum(legal) + 2 * sum(each in found for each in needed) / len(needed)


def _share_of_levels(theme: Theme, codes: pd.Series) -> float:
    """The share of codes whose own digits say a level that the theme holds, the more the fewer levels it holds."""
    assert theme.rung is not None
    held = {each.value for each in theme.field(theme.rung.level).choices}
    told = [level_of(spelled(value)) for value in codes.dropna().head(LOOKED_AT)]
    return sum(each in held for each in told) / len(told) * (1 + 1 / len(held)) if told else 0.0


def _share_legal(each: Field, column: pd.Series) -> float:
    """The share of a column's first values that a field could hold."""
    values = [spelled(value) for value in column.dropna().head(LOOKED_AT)]
    fits = [value for value in values if not each.pattern or re.fullmatch(each.pattern, value)]
    return len(fits) / len(values) if values else 1.0
