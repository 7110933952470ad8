"""A series of a target as a picture by itself (SVG in an address): small for a line of a list, large for the one that is open. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from app.palette import Flavour
from geodata.judging import Point, Verdict

SMALL = (132, 30)
LARGE = (468, 148)
_MOST_AHEAD = 2
"""A deadline is drawn when it is at most so many times the length of the series ahead."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where days and values lie on the picture."""

    days: tuple[date, date]
    values: tuple[float, float]
    size: tuple[int, int]
    pad: tuple[int, int]

    def at(self, day: date, value: float) -> tuple[float, float]:
        """Pixels of a point."""
        (began, ended), (low, high), (wide, tall), (x, y) = self.days, self.values, self.size, self.pad
        along = (day - began).days / max((ended - began).days, 1)
        up = (value - low) / (high - low)
        return round(x + along * (wide - 2 * x), 1), round(tall - y - up * (tall - 2 * y), 1)


def small(verdict: Verdict, flavour: Flavour, state: str) -> str | None:
    """The series of a line; None where there are fewer than two days with a value."""
    known = _known(verdict.numbers.series)
    if len(known) < 2:
        return None
    ends = _ends([value for _, value in known], None)
    frame = _Frame((known[0][0], known[-1][0]), ends, SMALL, (4, 5))
    line, last = _path(frame, known), frame.at(*known[-1])
    ink = colour(flavour, state)
    return _address(SMALL, [
        f'<path d="{line}" fill="none" stroke="{flavour.ink_quiet}" stroke-width="1.5" stroke-linejoin="round" opacity=".75"/>',
        f'<circle cx="{last[0]}" cy="{last[1]}" r="3" fill="{ink}"/>',
    ])


def large(verdict: Verdict, on: date | None, flavour: Flavour, state: str) -> str | None:
    """The series with what is asked, and the straight line from the first day to the deadline."""
    known = _known(verdict.numbers.series)
    if not known:
        return None
    frame = _Frame(_span(known, on), _ends([value for _, value in known], verdict.asked), LARGE, (8, 14))
    began, ended = frame.days
    ink, drawn = colour(flavour, state), []
    if verdict.asked is not None:
        (x0, y), (x1, _) = frame.at(began, verdict.asked), frame.at(ended, verdict.asked)
        drawn.append(f'<path d="M{x0} {y}H{x1}" stroke="{flavour.watch}" stroke-width="1.5" stroke-dasharray="5 4"/>')
        if on and began < on <= ended and len(known) > 1:
            (x0, y0), (x1, y1) = frame.at(*known[0]), frame.at(on, verdict.asked)
            drawn.append(f'<path d="M{x0} {y0}L{x1} {y1}" stroke="{flavour.ink_quiet}" stroke-width="1.2" stroke-dasharray="1.5 4" stroke-linecap="round"/>')
    line, first, last = _path(frame, known), frame.at(*known[0]), frame.at(*known[-1])
    floor = LARGE[1] - 14
    drawn += [
        f'<path d="{line}L{last[0]} {floor}L{first[0]} {floor}Z" fill="{flavour.accent}" opacity=".1"/>',
        f'<path d="{line}" fill="none" stroke="{flavour.accent}" stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round"/>',
        f'<circle cx="{last[0]}" cy="{last[1]}" r="5" fill="{ink}" stroke="{flavour.panel}" stroke-width="2"/>',
    ]
    return _address(LARGE, drawn)


def colour(flavour: Flavour, state: str) -> str:
    """The colour of a state."""
    return {"met": flavour.good, "course": flavour.accent, "behind": flavour.watch, "missed": flavour.bad}.get(state, flavour.quiet)


def span(verdict: Verdict, on: date | None) -> tuple[date, date] | None:
    """First and last day of the large picture; None where it is empty."""
    known = _known(verdict.numbers.series)
    return _span(known, on) if known else None


def _known(series: Sequence[Point]) -> list[tuple[date, float]]:
    return [(day, value) for day, value in series if value is not None]


def _span(known: list[tuple[date, float]], on: date | None) -> tuple[date, date]:
    began, ended = known[0][0], known[-1][0]
    ahead = (on - ended).days if on else 0
    near = on is not None and 0 < ahead <= _MOST_AHEAD * max((ended - began).days, 90)
    return began, on if near and on else ended


def _ends(values: list[float], asked: float | None) -> tuple[float, float]:
    told = [*values, *([asked] if asked is not None else [])]
    low, high = min(told), max(told)
    room = (high - low) * 0.12 or abs(high) * 0.05 or 1.0
    return low - room, high + room


def _path(frame: _Frame, known: list[tuple[date, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in (frame.at(*each) for each in known))


def _address(size: tuple[int, int], drawn: list[str]) -> str:
    wide, tall = size
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="{wide}" height="{tall}">{"".join(drawn)}</svg>'
    return "data:image/svg+xml," + quote(svg, safe=" =:/<>\"'.,-;%()").replace('"', "'").replace("#", "%23")
