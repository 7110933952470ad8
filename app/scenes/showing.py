"""A playlist as a wall shows it: tours told unit by unit, views that lead nowhere left out with a sentence, titles in its language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import layers
from app.scenes.playlist import RULES, Playlist, Scene, playlist, said
from app.view import View
from geodata import playlists, rows, spread, units
from geodata.door import Reader
from geodata.errors import UnknownRow, UnknownUnit
from layers._text import Text

TOUR_S = 15
"""Seconds of each unit in the tours that every wall knows."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a wall is told.

    Parameters
    ----------
    name : str
    scenes : list of mapping
        "number", "url", "title", "seconds", "days", "hours".
    skipped : list of str
        Sentences, in the wall's language.
    """

    name: str
    scenes: list[dict[str, Any]]
    skipped: list[str]


def shown(reader: Reader, name: str, wall: View) -> Shown | None:
    """A playlist for a wall; None where there is no playlist of that name.

    Parameters
    ----------
    reader : Reader
    name : str
        Of a playlist in the store, or of a tour that every wall knows ("worst", "change").
    wall : View
        Of the wall: its flavour, bezel, language and whether guests stand before it hold for every scene.
    """
    found = _found(reader, name)
    if found is None:
        return None
    scenes: list[dict[str, Any]] = []
    skipped = [text[wall.lang] for _, text in found.skipped]
    for number, scene in found.scenes:
        try:
            scenes += [_told(number, each, title, wall, name) for each, title in _each(reader, scene, wall.lang)]
        except (UnknownUnit, UnknownRow):
            skipped.append(_gone(name, number, scene.view)[wall.lang])
    return Shown(name, scenes, skipped)


def _found(reader: Reader, name: str) -> Playlist | None:
    written = playlists.find(reader, name)
    if written is None:
        return Playlist(name, ((1, Scene(View(page="wall"), TOUR_S, name)),)) if name in RULES else None
    return playlist(name, written)


def _gone(name: str, number: int, view: View) -> Text:
    row = f" row={'/'.join(view.row)}" if view.row else ""
    place = f"unit={view.unit or ''}{row}".strip()
    return said(name, number, f"{place} 已不存在", "请在轮播编辑页改正或删去", f"{place} is gone", "mend it on the page of playlists or take it out")


def _each(reader: Reader, scene: Scene, lang: str) -> Iterator[tuple[Scene, str]]:
    """The scene itself, or one for each unit of its tour."""
    view = scene.view
    here = units.path(reader, view.unit)[-1] if view.unit else units.home(reader)
    if view.row:
        rows.row(reader, *view.row)
    _, indicator = layers.indicator(view.counted)
    if scene.tour is None:
        yield scene, f"{here.name} · {indicator.title[lang]}"
        return
    for stand in ordered(spread.below(reader, [view.counted], here.code, view.definition), scene.tour, indicator.higher_is_better)[: scene.most]:
        yield replace(scene, view=view.entered(stand.code)), f"{stand.name} · {indicator.title[lang]}"


def ordered(stands: tuple[spread.Stand, ...], rule: str, higher_is_better: bool | None) -> list[spread.Stand]:
    """The units of a tour in the order of its rule; those of which nothing is known are not visited.

    Parameters
    ----------
    stands : tuple of Stand
        Of one indicator.
    rule : {'worst', 'change'}
    higher_is_better : bool or None
        As declared.
    """
    if rule == "change":
        changed = [each for each in stands if each.change]
        return sorted(changed, key=lambda each: (-abs(each.change or 0), each.code))
    sign = -1 if higher_is_better is False else 1
    return sorted((each for each in stands if each.value is not None), key=lambda each: (sign * (each.value or 0), each.code))


def _told(number: int, scene: Scene, title: str, wall: View, name: str) -> dict[str, Any]:
    view = replace(scene.view, page="wall", flavour=wall.flavour, bezel=wall.bezel, guest=wall.guest, lang=wall.lang, scenes=name)
    return {"number": number, "url": view.to_url(), "title": title, "seconds": scene.seconds, "days": list(scene.days), "hours": list(scene.hours)}
