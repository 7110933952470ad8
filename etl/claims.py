"""Which unit each row says that it stands in: by a code, by a longer code that begins with one, or by a name in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from etl.values import spelled
from geodata.claims import Claimed

# Codes of grids (15), villages (12), towns (9) and counties (6) begin with one another; short ones are filled with zeros.
_LENGTHS = (15, 12, 9, 6)
_WHOLE = 12
# A column that names units does so in most of its rows; what fits by chance does not.
_MOSTLY = 0.3
_LONGEST_NAME, _LONGEST_TEXT = 14, 80
_TELLING_ROWS = 5
_MANY = 8


@dataclass(frozen=True, slots=True)
class Ladder:
    """The units that claims are held against.

    Parameters
    ----------
    by_codes : callable
        Codes -> the units of those that there are.
    by_names : callable
        -> every unit by its name; asked only where no code tells.
    grounds : callable
        Codes -> their ground, EPSG:4490.
    extent : array of float, shape (r, 4), degrees
        West, south, east, north of each root.
    """

    by_codes: Callable[[set[str]], Mapping[str, Claimed]] = lambda _codes: {}
    by_names: Callable[[], Mapping[str, list[Claimed]]] = dict
    grounds: Callable[[list[str]], Mapping[str, shapely.Geometry]] = lambda _codes: {}
    extent: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))


@dataclass(frozen=True, slots=True)
class Claims:
    """What n rows claim.

    Parameters
    ----------
    units : list of tuple of str
        For each row the codes of the units it may mean; none where it says nothing.
    by : str
        "code", "name" or "nothing".
    column : str
        Where most of it stands.
    """

    units: list[tuple[str, ...]]
    by: str = "nothing"
    column: str = ""

    @property
    def rows(self) -> int:
        """How many rows claim a unit."""
        return sum(1 for each in self.units if each)


def claims_of(frame: pd.DataFrame, ladder: Ladder) -> Claims:
    """What rows say of where they stand.

    Parameters
    ----------
    frame : DataFrame, n rows
        As the file has them; a sample will do.
    ladder : Ladder

    Returns
    -------
    Claims
        By codes where at least five rows hold one of a village or smaller, else by names, else by what codes there are.
    """
    texts = {str(name): [_text(value) for value in column] for name, column in frame.items()}
    coded = _by_code(texts, ladder, len(frame))
    if coded.rows >= _TELLING_ROWS and _are_small(coded, ladder):
        return coded
    named = _by_name(texts, ladder, coded, len(frame))
    return named if named.rows >= _TELLING_ROWS else coded


def _text(value: object) -> str:
    return "" if value is None or value != value else spelled(value).strip()


def _are_small(claims: Claims, ladder: Ladder) -> bool:
    """Whether the units are the smallest of their kind: counties tell nothing of shifts of 500 m."""
    codes = {code for each in claims.units for code in each}
    return sum(not code.endswith("000") for code in codes) > len(codes) / 2


def _prefixes(text: str) -> Iterator[str]:
    """The codes that a longer one may begin with, longest first."""
    yield text
    if not text.isdigit():
        return
    for length in _LENGTHS:
        if len(text) >= length:
            yield text[:length]
            yield text[:length].ljust(_WHOLE, "0")


_CODE = re.compile(r"[0-9A-Za-z_-]{4,30}")
_COMMITTEE = re.compile(r"(社区)?(村|居)?民?(委员会|委会)$")


def _by_code(texts: Mapping[str, list[str]], ladder: Ladder, n: int) -> Claims:
    asked = {
        prefix
        for column in texts.values()
        for text in set(column)
        if _CODE.fullmatch(text)
        for prefix in _prefixes(text)
    }
    known = ladder.by_codes(asked) if asked else {}
    told = {name: [_first(text, known) for text in column] for name, column in texts.items()} if known else {}
    kept = {name: column for name, column in told.items() if sum(each is not None for each in column) >= _MOSTLY * n}
    if not kept:
        return Claims([()] * n)
    rows = [
        max((each for each in row if each), key=lambda each: each.depth, default=None)
        for row in zip(*kept.values(), strict=True)
    ]
    deepest = max(kept, key=lambda name: sum(each.depth for each in kept[name] if each))
    return Claims([(each.code,) if each else () for each in rows], "code", deepest)


def _first(text: str, known: Mapping[str, Claimed]) -> Claimed | None:
    if not _CODE.fullmatch(text):
        return None
    return next((known[each] for each in _prefixes(text) if each in known), None)


def _by_name(texts: Mapping[str, list[str]], ladder: Ladder, coded: Claims, n: int) -> Claims:
    columns = {name: column for name, column in texts.items() if _holds_names(column)}
    if not columns:
        return Claims([()] * n)
    names = _spoken(ladder.by_names())
    kept = {}
    for name, column in columns.items():
        found = [_named(text, names) for text in column]
        if sum(bool(each) for each in found) >= _MOSTLY * n:
            kept[name] = found
    if not kept:
        return Claims([()] * n)
    rows = [_meant([units for row in kept.values() for units in row[at]], coded.units[at]) for at in range(n)]
    best = max(kept, key=lambda name: sum(bool(each) for each in kept[name]))
    return Claims(rows, "name", best)


def _holds_names(column: list[str]) -> bool:
    filled = [each for each in column if each]
    chinese = sum(bool(re.search(r"[\u3400-\u9fff]", each)) for each in filled)
    return chinese > len(filled) / 2


def _spoken(named: Mapping[str, list[Claimed]]) -> dict[str, list[Claimed]]:
    """Units by what people call them: without the words for the committee."""
    spoken: dict[str, list[Claimed]] = {}
    for name, units in named.items():
        short = _COMMITTEE.sub("", name)
        for each in {name, short} | ({f"{short}村", f"{short}社区"} if short != name else set()):
            if len(each) > 1:
                spoken.setdefault(each, []).extend(units)
    return spoken


def _named(text: str, names: Mapping[str, list[Claimed]]) -> list[list[Claimed]]:
    """The units named in a text, longest names first; no name inside another that was found."""
    text, found, taken = text[:_LONGEST_TEXT], [], [False] * len(text)
    for length in range(min(_LONGEST_NAME, len(text)), 1, -1):
        for at in range(len(text) - length + 1):
            if not any(taken[at : at + length]) and text[at : at + length] in names:
                found.append(names[text[at : at + length]])
                taken[at : at + length] = [True] * length
    return found


def _meant(found: list[list[Claimed]], coded: tuple[str, ...]) -> tuple[str, ...]:
    """The smallest units that a row names; of several of one name those that lie in another unit it names."""
    units = {each.code: each for group in found for each in group}
    if not units:
        return ()
    deepest = max(each.depth for each in units.values())
    small = [each for each in units.values() if each.depth == deepest]
    above = {code for code, each in units.items() if each.depth < deepest} | set(coded)
    inside = [each for each in small if above & set(each.path.rstrip("/").split("/")[:-1])]
    chosen = inside or small
    return tuple(each.code for each in chosen) if len(chosen) <= _MANY else ()
