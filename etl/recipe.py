"""Recipes: what a file's headers and values mean, said beside the file in TOML, so that no code is needed."""

from __future__ import annotations

import calendar
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from etl.errors import SourceError
from etl.recipe_tables import PLACES, check_tables, template
from layers import Theme, themes

__all__ = ["PLACES", "Recipe", "beside", "day_in_name", "find_recipe", "read_recipe", "stem_of", "stream_of"]

_TEXTS = ("theme", "source", "crs", "encoding", "sheet", "layer", "axes", "degrees", "publisher", "licence")
_TABLES = ("fields", "constants", "values", "root", "only", "successors")
_WORDS = (*_TEXTS, "as_of", "header_row", "top", "partial", "towgs84", "accept", *_TABLES)
_DATED = re.compile(r"_(\d{4})-(\d{2})(?:-(\d{2}))?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one stream of files is to be read.

    Parameters
    ----------
    theme : str
        Which theme the rows belong to.
    source : str
        Name of the stream; a load replaces the rows of its own source only.
    as_of : date, optional
        The day of the data; else the file's name or its time says it.
    crs, encoding, sheet, layer : str, optional
        What the file does not say itself, or says wrongly.
    header_row : int, optional
        Row of the sheet that holds the headers, from 1.
    axes : str
        "lon lat", or "lat lon" for coordinates that were written the other way round.
    degrees : str, optional
        "packed" for 120.0918 that means 120°09'18"; "decimal" where they only look so.
    towgs84 : tuple of float
        Of an old datum, to WGS 84 as a position vector: three metres, three seconds, parts per million.
    publisher, licence : str, optional
        Shown with the data.
    top : bool
        The units of this file stand on top of the ladder: no unit is looked for above them.
    partial : bool
        The file brings only some rows of its source, as news: those that do not come stay as they are.
    fields : mapping
        Our field -> their header; also `lon`, `lat`, `lonlat` (both in one), `wkt` (text or bytes) of tables.
    constants : mapping
        Our field -> a value for every row; texts may hold {row} and {stem}.
    values : mapping of mapping
        Our field -> their value -> our value.
    root : mapping, optional
        code, name and level of a unit made as the union of the rows.
    only : mapping
        Their header -> the value (or values) of the rows to keep.
    accept : tuple of str
        Names of rules that do not fit this stream: their errors are only warned of, their warnings left out.
    successors : mapping
        Code of a unit that went -> code (or codes) of those that took its ground.
    """

    theme: str
    source: str
    as_of: date | None = None
    crs: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    layer: str | None = None
    header_row: int | None = None
    axes: str = "lon lat"
    degrees: str | None = None
    towgs84: tuple[float, ...] = ()
    accept: tuple[str, ...] = ()
    publisher: str | None = None
    licence: str | None = None
    top: bool = False
    partial: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    root: Mapping[str, str] | None = None
    only: Mapping[str, Any] = field(default_factory=dict)
    successors: Mapping[str, Any] = field(default_factory=dict)

    def written(self) -> dict[str, Any]:
        """The recipe as JSON for the ledger, without what was left unsaid."""
        said = {name: value for name, value in asdict(self).items() if value not in (None, {}, (), False)}
        return said | ({"as_of": self.as_of.isoformat()} if self.as_of else {})


def stem_of(file: Path) -> str:
    """The name of a file without its endings: "units" for "units.shp.zip"."""
    stem = file.name if file.is_dir() else file.stem
    return stem.removesuffix(".shp")


def stream_of(file: Path) -> str:
    """The stem without its date: "cameras" for "cameras_2025-11.xlsx"."""
    return _DATED.sub("", stem_of(file))


def day_in_name(file: Path) -> date | None:
    """The day that a file's name ends with (the last of the month for `_2025-11`), or None."""
    found = _DATED.search(stem_of(file))
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2]), found[3]
    try:
        return date(year, month, int(day) if day else calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None


def find_recipe(file: Path, theme: str | None = None, recipe: Path | None = None) -> Recipe:
    """The recipe of a file: the one given, else one beside it, else what the theme's own headers say.

    Parameters
    ----------
    file : Path
        Looked for beside it: `<file>.toml`, `<stem>.toml`, `<stem without its date>.toml`.
    theme : str, optional
        Asked for by the operator; must agree with the recipe.
    recipe : Path, optional
        A recipe elsewhere.

    Raises
    ------
    SourceError
        No recipe and no theme, a theme that is not the recipe's, or a recipe that cannot be used.
    """
    found = recipe or beside(file)
    if found is None:
        return _guessed(file, theme)
    made = read_recipe(found, file, theme)
    if theme and made.theme != theme:
        raise SourceError(str(found), f"it is for theme {made.theme!r}, not {theme!r}", f"give --theme {made.theme}")
    return made


def beside(file: Path) -> Path | None:
    """The recipe that lies beside a file, under its name, its stem, or its stem without a date."""
    names = (f"{file.name}.toml", f"{stem_of(file)}.toml", f"{stream_of(file)}.toml")
    return next((each for name in names if (each := file.parent / name).is_file()), None)


def _guessed(file: Path, theme: str | None) -> Recipe:
    if theme is None:
        raise SourceError(str(file), "nothing says which theme it is", f"give --theme NAME, or write {stream_of(file)}.toml beside it")
    _known_theme("--theme", theme)
    return Recipe(theme=theme, source=theme)


def read_recipe(path: Path, file: Path, theme: str | None = None) -> Recipe:
    """The recipe written in a TOML file, for one data file.

    Parameters
    ----------
    path : Path
        The recipe.
    file : Path
        The data file; gives {stem} its meaning.
    theme : str, optional
        Used where the recipe names none.

    Raises
    ------
    SourceError
        It is missing, no TOML, or holds a word or value that recipes do not have.
    """
    place = str(path)
    try:
        said = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise SourceError(place, "there is no such recipe", "check the path") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise SourceError(place, f"it cannot be read ({problem})", "save it as UTF-8 text") from None
    except tomllib.TOMLDecodeError as problem:
        raise SourceError(place, f"it is no TOML: {problem}", "mend that line") from None
    if theme and "theme" not in said:
        said["theme"] = theme
    return _made(place, said, file)


def _made(place: str, said: dict[str, Any], file: Path) -> Recipe:
    _day_as_text(said)
    _check_words(place, said)
    theme = _known_theme(place, said["theme"])
    check_tables(place, theme, said)
    said["source"] = said.get("source", theme.name).replace("{stem}", stream_of(file))
    said["constants"] = {name: template(place, name, value) for name, value in said.get("constants", {}).items()}
    said["towgs84"] = tuple(float(each) for each in said.get("towgs84", ()))
    said["accept"] = tuple(said.get("accept", ()))
    return Recipe(**said)


def _day_as_text(said: dict[str, Any]) -> None:
    """A day may stand in quotes."""
    if isinstance(said.get("as_of"), str):
        with suppress(ValueError):
            said["as_of"] = date.fromisoformat(said["as_of"])


def _check_words(place: str, said: dict[str, Any]) -> None:
    for word, value in said.items():
        if word not in _WORDS:
            raise SourceError(place, f"{word!r} is no word of recipes", f"use {', '.join(_WORDS)}")
        if not _fits(word, value):
            raise SourceError(place, f"{word} = {value!r} is not a {_wanted(word)}", "write it so")
    if "theme" not in said:
        raise SourceError(place, "it names no theme", f"write theme = one of {', '.join(themes())}")
    if said.get("axes", "lon lat") not in ("lon lat", "lat lon"):
        raise SourceError(place, f"axes = {said['axes']!r}", 'write axes = "lon lat" or "lat lon"')
    if said.get("degrees", "packed") not in ("packed", "decimal"):
        raise SourceError(place, f"degrees = {said['degrees']!r}", 'write degrees = "packed" or "decimal"')


def _wanted(word: str) -> str:
    kinds = {
        "as_of": "day like 2025-11-30",
        "header_row": "row number from 1",
        **dict.fromkeys(("top", "partial"), "true or false"),
        "towgs84": "list of three or seven numbers",
        "accept": "list of names of rules",
    }
    return kinds.get(word, "table" if word in _TABLES else "text in quotes")


def _fits(word: str, value: Any) -> bool:
    if word == "as_of":
        return type(value) is date
    if word == "header_row":
        return type(value) is int and value >= 1
    if word == "towgs84":
        return isinstance(value, list) and len(value) in (3, 7) and all(type(each) in (int, float) for each in value)
    if word == "accept":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if word in ("top", "partial"):
        return isinstance(value, bool)
    return isinstance(value, dict if word in _TABLES else str)


def _known_theme(place: str, name: str) -> Theme:
    if name not in themes():
        raise SourceError(place, f"there is no theme {name!r}", f"use one of {', '.join(themes())}")
    if left_by := themes()[name].left_by:
        raise SourceError(place, f"rows of {name} are worked out, no file brings them", f"load {' and '.join(left_by.minus)}")
    return themes()[name]
