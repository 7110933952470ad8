"""The pictures of a brief as SVG: the unit with what lies in it, and a line through the loads. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import floor, log10

import layers
from app.palette import DESK, Flavour
from geodata.picture import Dots, Picture, Shape

_MARGIN = 8.0

_NAME_WIDTH = 21
"""A unit this wide for each Chinese character of its name can hold it, in the units of the box: a name may stick out a little."""

_SET_WIDTH, _SET_HEIGHT = 25.0, 30.0
"""Room that a character takes as it is set, in the units of the box: no two names share any."""


def map_svg(picture: Picture, fills: Mapping[int, str], flavour: Flavour = DESK) -> str:
    """The map without its names, which are set as text of the page.

    Parameters
    ----------
    picture : Picture
    fills : mapping of int to str
        Unit id -> colour; units without one are drawn without a value.
    flavour : Flavour

    Returns
    -------
    str
        SVG whose view box is the picture's box, with a margin.
    """
    parts = [
        f'<path d="{each.path}" fill="{fills.get(each.id, flavour.nodata)}" stroke="{flavour.panel}" stroke-width="1.4"/>'
        for each in picture.shapes or (picture.outline,)
    ]
    parts.append(f'<path d="{picture.outline.path}" fill="none" stroke="{flavour.rim}" stroke-width="3.2"/>')
    parts += [_dots(each, flavour) for each in picture.dots]
    box = f"{-_MARGIN:g} {-_MARGIN:g} {picture.width + 2 * _MARGIN:.1f} {picture.height + 2 * _MARGIN:.1f}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" stroke-linejoin="round">{"".join(parts)}</svg>'


def _dots(dots: Dots, flavour: Flavour) -> str:
    style = layers.theme(dots.theme).style
    size = 5.5 if len(dots.places) < 300 else 3.6
    return "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{flavour.role(style.role_of(state))}" stroke="{flavour.dot_rim}" '
        f'stroke-width="1"/>'
        for x, y, state in dots.places
    )


def placed(picture: Picture, fills: Mapping[int, str]) -> list[tuple[float, float, str, bool]]:
    """Names that fit into their units and beside each other: x and y as shares of the drawing, the name, whether it stands on a dark colour."""
    wide, high = picture.width + 2 * _MARGIN, picture.height + 2 * _MARGIN
    return [
        ((each.x + _MARGIN) / wide, (each.y + _MARGIN) / high, each.name, _dark(fills.get(each.id, DESK.nodata)))
        for each in _apart(each for each in picture.shapes if each.width > len(each.name) * _NAME_WIDTH)
    ]


def _apart(shapes: Iterable[Shape]) -> list[Shape]:
    """Of units whose names would lie on one another, the wider ones."""
    kept: list[Shape] = []
    for each in sorted(shapes, key=lambda one: -one.width):
        if not any(_touch(each, other) for other in kept):
            kept.append(each)
    return kept


def _touch(one: Shape, other: Shape) -> bool:
    reach = (len(one.name) + len(other.name)) / 2 * _SET_WIDTH
    return abs(one.x - other.x) < reach and abs(one.y - other.y) < _SET_HEIGHT


def _dark(colour: str) -> bool:
    """Whether white is read better on a colour than black (relative luminance, WCAG 2.1)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < 0.18


def ratio(picture: Picture) -> float:
    """Height of the drawing by its width."""
    return (picture.height + 2 * _MARGIN) / (picture.width + 2 * _MARGIN)


def scale_bar(picture: Picture) -> tuple[float, str]:
    """A round length on the ground of about a quarter of the drawing: its share of the width, and its words."""
    metres = picture.metres * (picture.width + 2 * _MARGIN)
    step = 10 ** floor(log10(metres / 4))
    length = max(each * step for each in (1, 2, 5) if each * step <= metres / 4)
    return length / metres, f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"


def line_svg(values: Sequence[float], aim: float | None, flavour: Flavour = DESK) -> str:
    """A line through the values, evenly spaced, with the threshold dashed; 300 by 80."""
    told = [*values, *([aim] if aim is not None else [])]
    low, high = min(told), max(told)
    room = (high - low) or abs(high) or 1.0

    def at(value: float) -> float:
        """A value as a height in the picture, from above, in its own units."""
        return 72 - (value - low) / room * 62

    step = 288 / max(len(values) - 1, 1)
    points = " ".join(f"{6 + n * step:.1f},{at(each):.1f}" for n, each in enumerate(values))
    dashed = "" if aim is None else (
        f'<path d="M0 {at(aim):.1f}H300" stroke="{flavour.watch}" stroke-width="1.4" stroke-dasharray="6 5" fill="none"/>'
    )
    end = f'<circle cx="{6 + (len(values) - 1) * step:.1f}" cy="{at(values[-1]):.1f}" r="4" fill="{flavour.accent}"/>'
    line = f'<polyline points="{points}" fill="none" stroke="{flavour.accent}" stroke-width="2.6" stroke-linejoin="round"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 80">{dashed}{line}{end}</svg>'
