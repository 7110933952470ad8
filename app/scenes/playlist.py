"""A playlist as it is written: views and tours, with seconds, weekdays and hours; read with a sentence for what cannot be. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.view import View
from layers._text import Text

SECONDS = range(3, 3601)
"""A scene is read in three seconds at least; an hour is no scene but a view."""

MOST = 200
"""Scenes of a playlist."""

RULES = ("worst", "change")
"""Tours: the units below a unit, the worst first, or those that changed most since the day before."""

DAYS = range(1, 8)
"""Monday to Sunday (ISO 8601)."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One line of a playlist.

    Parameters
    ----------
    view : View
        What is shown; of a tour the unit whose children are visited, and the indicator that orders them.
    seconds : int
        How long.
    tour : str, optional
        One of `RULES`; None for the view itself.
    most : int
        Units of a tour.
    days : tuple of int
        Weekdays on which it is shown, of `DAYS`.
    hours : (int, int)
        From this hour to before that one, of the wall's own clock; over midnight where the first is larger.
    """

    view: View
    seconds: int = 20
    tour: str | None = None
    most: int = 8
    days: tuple[int, ...] = tuple(DAYS)
    hours: tuple[int, int] = (0, 24)


@dataclass(frozen=True, slots=True)
class Playlist:
    """Scenes that can be shown, and what is said of the others.

    Parameters
    ----------
    name : str
    scenes : tuple of (int, Scene)
        With its number in the playlist, from 1.
    skipped : tuple of (int, Text)
        Number and sentence.
    """

    name: str
    scenes: tuple[tuple[int, Scene], ...] = ()
    skipped: tuple[tuple[int, Text], ...] = field(default_factory=tuple)


def playlist(name: str, written: Any) -> Playlist:
    """Read what was written; a line that cannot be read is skipped and named, the others are shown.

    Parameters
    ----------
    name : str
    written : object
        A list of mappings: "view" (an address), "tour", "seconds", "most", "days", "hours".
    """
    lines = written if isinstance(written, list) else []
    scenes: list[tuple[int, Scene]] = []
    skipped: list[tuple[int, Text]] = []
    for number, line in enumerate(lines[:MOST], 1):
        try:
            scenes.append((number, _scene(line if isinstance(line, Mapping) else {})))
        except _SceneError as problem:
            skipped.append((number, said(name, number, *problem.args)))
    return Playlist(name, tuple(scenes), tuple(skipped))


def said(name: str, number: int, fact_zh: str, remedy_zh: str, fact_en: str, remedy_en: str) -> Text:
    """PLACE: FACT; REMEDY. of one line of a playlist."""
    return Text(f"轮播 {name} 第 {number} 幕：{fact_zh}；{remedy_zh}。", f"playlist {name}, scene {number}: {fact_en}; {remedy_en}.")


class _SceneError(ValueError):
    """Fact and remedy in both languages."""


def _scene(line: Mapping[str, Any]) -> Scene:
    view, problems = View.from_url(str(line.get("view") or "/wall"))
    if problems:
        fact = [each.says for each in problems][0]
        raise _SceneError(f"画面不能显示（{fact.zh.rstrip('。')}）", "请改正画面地址", f"its view cannot be followed ({fact.en.rstrip('.')})", "mend its address")
    tour = line.get("tour") or None
    if tour is not None and tour not in RULES:
        raise _SceneError(f"没有巡览规则 {tour}", f"请用 {'、'.join(RULES)}", f"there is no tour {tour!r}", f"use {' or '.join(RULES)}")
    return Scene(
        view.on("wall"), _whole(line, "seconds", 20, SECONDS), tour, _whole(line, "most", 8, range(1, 101)), _days(line.get("days")), _hours(line.get("hours")),
    )  # fmt: skip


def _whole(line: Mapping[str, Any], name: str, default: int, among: range) -> int:
    value = line.get(name, default)
    if isinstance(value, int) and not isinstance(value, bool) and value in among:
        return value
    span = f"{among.start}–{among.stop - 1}"
    raise _SceneError(f"{name}={value} 超出范围", f"请填 {span} 的整数", f"{name}={value} is out of range", f"give a whole number from {span}")


def _days(told: Any) -> tuple[int, ...]:
    if not told:
        return tuple(DAYS)
    if isinstance(told, list) and all(each in DAYS for each in told):
        return tuple(sorted(set(told)))
    raise _SceneError(f"星期 {told} 无法识别", "请填 1（周一）到 7（周日）", f"days {told} cannot be read", "give 1 (Monday) to 7 (Sunday)")


def _hours(told: Any) -> tuple[int, int]:
    if not told:
        return 0, 24
    if isinstance(told, list) and len(told) == 2 and all(isinstance(each, int) and 0 <= each <= 24 for each in told) and told[0] != told[1]:
        return told[0], told[1]
    raise _SceneError(f"时段 {told} 无法识别", "请填两个 0–24 的整点", f"hours {told} cannot be read", "give two hours from 0 to 24")
