"""Is it the same number everywhere? What map, ranking, card, board, service, export and explanation say, held against the log.

`./onemap same-number` reads the log of values with a question of its own, asks every place as its readers do, and names
each difference. By default some units of every level are looked at; `--all` looks at each of them.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import layers
from app.colouring import coloured
from app.geopackage import export
from app.kept import Kept
from app.outlook import colours
from app.view import View
from geodata import features, indicators, published, targets, tiles, units
from geodata.door import Door, Reader, Scope, open_door
from geodata.errors import StoreError
from geodata.explaining import explain, patiently
from geodata.features import Asked
from geodata.units import Unit
from geodata.values import nothing
from layers._asked import ShareAtLeast
from layers._ladder import LEVEL_NAMES

PLACES = ("map", "ranking", "card", "board", "service", "export", "explain")

SOME = 3
"""Units of each level that are looked at when not all are."""

EXPLAINED = 2
"""Of each unit that many numbers are counted again from their rows, others in each unit: of all units every number many times."""

PATIENCE_MS = 9_000

Key = tuple[str, str, str]
"""Indicator, definition, unit."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that a place says and the log does not.

    Parameters
    ----------
    place : str
        One of `PLACES`.
    unit, indicator, definition : str
    says, log : float or None
    """

    place: str
    unit: str
    indicator: str
    definition: str
    says: float | None
    log: float | None

    def __str__(self) -> str:
        return f"{self.place}, unit {self.unit}, {self.indicator} ({self.definition}): it says {self.says}, the log {self.log}; run ./onemap check-aggregates."


@dataclass(frozen=True, slots=True)
class Compared:
    """What was looked at.

    Parameters
    ----------
    looked : dict of str to int
        Numbers by place.
    differences : tuple of Difference
    """

    looked: dict[str, int]
    differences: tuple[Difference, ...]


Said = Iterator[tuple[str, Key, float | None]]


LOG_MS = 120_000
"""The whole log in one question takes longer than any that a page asks."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--all", action="store_true", dest="every", help="every unit, not some of each level")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def main(asked: argparse.Namespace) -> int:
    """Compare, and print what differs.

    Returns
    -------
    int
        Exit code: 0 when nothing differs, 1 when something does.
    """
    found = compare(open_door(), asked.every)
    if asked.json:
        print(json.dumps({"looked": found.looked, "differences": [asdict(each) for each in found.differences]}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(map(str, found.differences)) or "same-number: " + ", ".join(f"{name} {n:,}" for name, n in found.looked.items()) + ": no difference")
    return int(bool(found.differences))


def compare(door: Door, every: bool = False) -> Compared:
    """Hold what every place says against the log, all of one snapshot (the export has one of its own).

    Parameters
    ----------
    door : Door
    every : bool
        All units; by default some of each level.

    Raises
    ------
    StoreError
        The store is away, or too busy to read the log in two minutes.
    """
    with door.reader() as reader:
        kept = patiently(reader, LOG_MS, lambda: (_log(reader), _silent(reader)))
        if kept is None:
            raise StoreError("onemap.indicators", "the log is not read in two minutes", "try again when the store has less to do")
        log, silent = kept
        chosen = _chosen(reader, every)
        said = [*_numbers(reader, chosen, every)]
    said += _exported(door, {each.level for each in chosen})
    held = [(place, key, value, None if key[:2] in silent else log.get(key, _never(key))) for place, key, value in said]
    wrong = [(place, key, value, kept) for place, key, value, kept in held if not _same(value, kept, place, key)]
    differences = tuple(Difference(place, key[2], key[0], key[1], value, kept) for place, key, value, kept in wrong)
    return Compared(dict(Counter(place for place, _, _ in said)), differences)


def _log(reader: Reader) -> dict[Key, float | None]:
    """The newest value of each indicator, definition and unit: a question that no page asks."""
    question = """SELECT i.indicator, i.definition, i.unit, i.value FROM onemap.indicators i JOIN (
        SELECT indicator, definition, unit, max(day) AS day FROM onemap.indicators GROUP BY 1, 2, 3) n USING (indicator, definition, unit, day)"""
    return {(row["indicator"], row["definition"], row["unit"]): row["value"] for row in reader.all(question)}


def _silent(reader: Reader) -> frozenset[tuple[str, str]]:
    """Indicators and definitions that lack what they are counted from: "no data" everywhere, whatever the log holds."""
    question = """SELECT DISTINCT ON (indicator, definition) indicator, definition, lacks, basis FROM onemap.measured
        ORDER BY indicator, definition, day DESC"""
    found = reader.all(question)
    return frozenset((row["indicator"], row["definition"]) for row in found if row["lacks"] or row["basis"].get(row["indicator"].partition(".")[0]) is None)


def _never(key: Key) -> float | None:
    """What holds of a unit in which nothing was ever counted."""
    _, declared = layers.indicator(key[0])
    return nothing(declared.reading(key[1]).measure)[0]


def _same(says: float | None, log: float | None, place: str, key: Key) -> bool:
    if place == "explain":  # found to be the same, or not, by the explanation itself
        return says == 1.0
    if says is None or log is None:
        return says is log
    return abs(says - log) <= 1e-12 * max(1.0, abs(log))


def _chosen(reader: Reader, every: bool) -> list[Unit]:
    """Units of every level, spread over the ladder."""
    home = units.home(reader)
    found: list[Unit] = []
    for level in LEVEL_NAMES[LEVEL_NAMES.index(home.level) + 1 :]:
        there = units.below(reader, home, level)
        step = 1 if every else max(len(there) // SOME, 1)
        found += there[step // 2 :: step][: None if every else SOME]
    return [home, *found]


def _measured(reader: Reader) -> list[tuple[str, str]]:
    """Indicators and definitions that have been measured; the others say "no data" everywhere."""
    known = {(row["indicator"], row["definition"]) for row in reader.all("SELECT DISTINCT indicator, definition FROM onemap.measured")}
    every = [(f"{theme.name}.{each.name}", own) for theme in layers.themes().values() for each in theme.indicators for own in each.definitions]
    return [each for each in every if each in known]


def _numbers(reader: Reader, chosen: Sequence[Unit], every: bool) -> Said:
    names = _measured(reader)
    levels, parents = sorted({each.level for each in chosen[1:]}), sorted({each.parent for each in chosen if each.parent})
    views = [View().colouring(level) for level in levels] if every else [View(unit=parent) for parent in parents]
    yield from _drawn(reader, views, names)
    for at, unit in enumerate(chosen):
        yield from _told(reader, unit, names)
        yield from _board(reader, unit)
        yield from _explained(reader, unit, [names[(at * EXPLAINED + n) % len(names)] for n in range(EXPLAINED)])
    for level in sorted({each.level for each in chosen}):
        yield from _served(reader, level, set(names))


def _drawn(reader: Reader, views: Sequence[View], names: Sequence[tuple[str, str]]) -> Said:
    """What the map is told of the units it draws, and what the ranking lists: children of units, or a whole level."""
    versions, kept = tiles.versions(reader), Kept()
    for view in views:
        for name, definition in names:
            followed, drawn, values = colours(reader, view.counting(name).defining(definition), versions, kept)
            states = coloured(followed, values).states
            for unit, value in zip(drawn, values, strict=True):
                shown: Any = states.get(str(unit.id), {}).get("v")
                yield "map", (name, definition, unit.code), shown
                yield "ranking", (name, definition, value.code), value.value


def _told(reader: Reader, unit: Unit, names: Sequence[tuple[str, str]]) -> Said:
    known = set(names)
    for figure in indicators.card(reader, unit.code):
        told = {each.definition: each.value for each in figure.readings} | {figure.definition: figure.value}
        for definition, value in told.items():
            if (figure.indicator, definition) in known:
                yield "card", (figure.indicator, definition, unit.code), value


def _board(reader: Reader, unit: Unit) -> Said:
    """Targets that judge a unit's own share."""
    for standing in targets.standings(reader, unit):
        for verdict in standing.parts:
            rule = verdict.rule
            if isinstance(rule, ShareAtLeast) and rule.by and verdict.numbers.units is None and not verdict.numbers.reason:
                yield "board", (rule.by, "default", unit.code), verdict.numbers.value


def _explained(reader: Reader, unit: Unit, names: Sequence[tuple[str, str]]) -> Said:
    """Counted again from the rows: 1 where the same comes out."""
    for name, definition in names:

        def ask(name: str = name, definition: str = definition) -> float:
            """The number that the statement of the explanation gives."""
            return float(explain(reader, name, unit.code, definition, most=0).same)

        found = patiently(reader, PATIENCE_MS, ask)
        if found is not None:
            yield "explain", (name, definition, unit.code), found


def _served(reader: Reader, level: str, names: set[tuple[str, str]]) -> Said:
    """What clients of the services get of the units of a level."""
    meant = published.collection(level)
    for feature in features.find(reader, meant, Asked(form="none")):
        yield from _fields("service", meant.indicators, feature.values, names)


def _fields(place: str, of: Mapping[str, str], values: Mapping[str, Any], names: set[tuple[str, str]]) -> Said:
    for field, name in of.items():
        if (name, "default") in names:
            yield place, (name, "default", values["code"]), values[field]


def _exported(door: Door, levels: set[str]) -> Said:
    """What stands in the files."""
    with door.reader() as reader:
        names = set(_measured(reader))
    with TemporaryDirectory(prefix="onemap-same-") as folder:
        for level in sorted(levels):
            file = Path(folder) / f"{level}.gpkg"
            export(door, Scope(), level, file)
            with closing(sqlite3.connect(file)) as book:
                book.row_factory = sqlite3.Row
                for row in book.execute(f'SELECT * FROM "{level}"'):  # noqa: S608 - a level's name
                    values = {key: row[key] for key in row.keys()}  # noqa: SIM118 - a row of SQLite iterates its values
                    yield from _fields("export", published.collection(level).indicators, values, names)
