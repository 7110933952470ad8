"""An outlook to the properties of the map: style, picture, values, camera, outline, mark. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import layers
from app import sightings
from app.classes import Classes
from app.colouring import address, states
from app.marks import Shading
from app.outlook import Outlook
from app.palette import Flavour
from app.style import Here, picture, style
from app.tooltips import tooltips
from app.view import View
from app.words import map_words
from layers._ladder import LEVEL_NAMES, LEVELS, Level

_PADDING = {"desk": {"top": 76, "bottom": 40, "left": 40, "right": 40}, "wall": {"top": 70, "bottom": 40, "left": 30, "right": 30}}

_OPENED = 600
"""Pixels that an opened number takes of the map, right."""


_TEXT = {"desk": 1.0, "wall": 1.16}
"""Names on a wall: with the enlargement of its map the smallest is a sixtieth of its height (assets/wall-screen.js)."""


def stage(outlook: Outlook, classes: Classes) -> dict[str, Any]:
    """The properties of the map that change from unit to unit, but its camera.

    Parameters
    ----------
    outlook : Outlook
    classes : Classes
        Of the indicator in view.

    Returns
    -------
    dict
        Property of `app.onemap_map.OneMap` -> value.
    """
    view, themes = outlook.view, tuple(layers.themes().values())
    drawn = outlook.drawn[0].level
    return {
        "picture": _discreet(picture(_here(outlook, classes), themes, _levels(outlook)), view.guest),
        "featureState": {"url": kept} if (kept := address(outlook, view.counted)) else states(drawn, classes),
        "outline": {"url": f"/outline/{outlook.unit.code}.json?v={outlook.versions.get('ladder', 0)}"},
        "selected": _selected(outlook),
    }


def scenery(outlook: Outlook) -> dict[str, Any]:
    """The properties that are the same for every unit: style, tooltips, words. They stand on nothing but `scenery_of`."""
    view = outlook.view
    _, indicator = layers.indicator(view.counted)
    return {
        "mapStyle": _style(outlook, outlook.flavour),
        "tooltip": tooltips(tuple(layers.themes().values()), _levels(outlook), indicator, view.lang),
        "words": map_words(view.lang),
        "lang": "zh-CN" if view.lang == "zh" else "en",
    }


def scenery_of(outlook: Outlook) -> tuple[Hashable, ...]:
    """What `scenery` stands on."""
    view = outlook.view
    return (
        view.page, view.lang, view.guest, view.themes, view.heat, view.per, view.sight, view.where, view.counted, outlook.flavour,
        outlook.home.level, tuple(sorted(outlook.versions.items())),
    )


_EXACT = ("rows", "names", "sights", "sight-line", "ways", "ground")
"""Layers that tell where single rows stand."""


def _discreet(shown: dict[str, Any], guest: bool) -> dict[str, Any]:
    """A picture; for guests clusters, shares and heat, no single row."""
    if not guest:
        return shown
    exact = [layer for layer in shown if layer.partition(":")[2] in _EXACT or ":place-" in layer]
    return shown | {layer: {"visibility": "none"} for layer in exact}


def camera(outlook: Outlook, key: str, mode: str = "fly") -> dict[str, Any]:
    """Where the map looks: at the place in the view, else at the whole unit.

    Parameters
    ----------
    outlook : Outlook
    key : str
        The map moves when it changes.
    mode : str
        "fly" or "jump".
    """
    view = outlook.view
    if view.at:
        return {"center": list(view.at[:2]), "zoom": view.at[2], "mode": mode, "key": key}
    shape = {"silhouette": outlook.unit.silhouette} if outlook.unit.silhouette else {}
    return {"bounds": list(outlook.unit.bounds), **shape, "padding": {**_PADDING[view.page], **({"right": _OPENED} if outlook.explained else {})}, "mode": mode, "key": key}


def _style(outlook: Outlook, flavour: Flavour) -> dict[str, Any]:
    view = outlook.view
    made = style(
        layers.themes().values(), _levels(outlook), flavour, outlook.versions, view.lang, on=view.themes,
        shading=Shading(view.heat, view.per, view.sight, view.where), text_scale=_TEXT[view.page],
    )
    return {**made, "sources": {name: _for_guests(each) for name, each in made["sources"].items()}} if view.guest else made


def _for_guests(source: dict[str, Any]) -> dict[str, Any]:
    """A source whose tiles have other addresses: a browser keeps tiles for ever, and must not show a guest what it got before."""
    return {**source, "tiles": [each if _of_units(each) else each + "?for=guests" for each in source["tiles"]]} if "tiles" in source else source


def _of_units(tiles: str) -> bool:
    """Whether tiles at an address show units only, the same to everybody."""
    return set(tiles.split("/")[2].split(",")) <= set(LEVEL_NAMES)


def _levels(outlook: Outlook) -> tuple[Level, ...]:
    """The ladder from home down: what lies above is never drawn."""
    return LEVELS[LEVEL_NAMES.index(outlook.home.level):]


def _here(outlook: Outlook, classes: Classes) -> Here:
    unit, parent = outlook.unit, outlook.parent
    missing = outlook.flavour.no_value
    held = {each.level for each in outlook.children}
    return Here(
        unit=unit.id, level=unit.level, parent=parent.id if parent else None,
        below=tuple(name for name in LEVEL_NAMES if name in held), themes=outlook.view.themes,
        among=_among(outlook) if outlook.view.level else None,
        ground=_ground(outlook.view, outlook.flavour),
        unknown=any(each["c"] == missing for each in classes.states.values()), clear=outlook.view.page == "wall",
    )


def _ground(view: View, flavour: Flavour) -> Any:
    """The one colour of all units where something else is shaded on them."""
    if view.shaded and view.shaded[1] == sightings.SEEN:
        return sightings.ground(flavour)
    return flavour.land if view.shaded else None


def _among(outlook: Outlook) -> tuple[int, ...]:
    """Which units of a lower level are drawn; at home all of them, which needs no list."""
    return tuple(each.id for each in outlook.children) if outlook.parent else ()


def _selected(outlook: Outlook) -> dict[str, Any] | None:
    row = outlook.row
    here = None if row is None else {"theme": row.theme, "id": row.id, "lon": row.lon, "lat": row.lat}
    if outlook.explained is None:
        return here
    # Both sets of an opened number: rows of the numerator, and those that are only in the denominator.
    marks = [[each["lon"], each["lat"], int(each["counted"])] for each in outlook.explained.rows.shown if each["lon"] is not None]
    return {**(here or {}), "marks": marks}
