"""What a rehearsal shows, as one page that needs nothing else: no other file, no other host, no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from math import cos, radians
from typing import Any

from etl.rehearse import Rehearsed
from etl.report_page import WORDS, counts, document, table
from geodata import units
from geodata.door import Reader
from geodata.errors import StoreError
from layers import Theme, indicator, themes

_MOST_POINTS = 5000
_WIDTH, _HEIGHT, _EDGE = 900, 480, 12

def outlines(reader: Reader) -> list[dict[str, Any]]:
    """Borders of the units below the top of the ladder, as GeoJSON in degrees; none in an empty store."""
    try:
        top = units.home(reader)
    except StoreError:
        return []
    below = units.children(reader, top.code) or (top,)
    return [units.outline(reader, each.code) for each in below]


def page(done: Rehearsed, borders: Sequence[Mapping[str, Any]]) -> str:
    """A rehearsal as HTML.

    Parameters
    ----------
    done : Rehearsed
    borders : sequence of mapping
        Of `outlines`, to show where the rows are.
    """
    load, shown, theme = done.load, done.shown, themes()[done.load.theme]
    what = f"演练 rehearsal {done.number}" if done.number else f"无变化 unchanged since load {load.id}"
    parts = [
        f"<h1>{escape(theme.title.zh)} · {escape(load.file)} · {what}</h1>",
        f"<p>数据日期 as of {load.as_of} · 来源 source {escape(load.source)} · {escape(load.operator)} · SHA-256 {load.sha256[:16]}…</p>",
        counts(shown["counts"]),
        _map(shown, borders),
        _indicators(shown["indicators"]),
        _changed(theme, shown),
        _rows("新增 New", shown["added"]),
        _rows("移除 Gone", shown["removed"]),
        _aside(shown["set_aside"]),
        table("自动处理 Changed on the way", ("", "n"), shown["changes"].items()),
    ]
    return document(f"{load.file}: {what}", parts)


def _rows(title: str, rows: Sequence[Mapping[str, Any]]) -> str:
    return table(
        title, ("编码 key", "名称 name", "行 row"), ((each["key"], each["title"], each["row_no"]) for each in rows)
    )


def _aside(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = ((each["row_no"], each["rule"], each["reason_zh"], each["reason_en"]) for each in rows)
    return table("搁置 Set aside", ("行 row", "规则 rule", "原因", "reason"), lines)


def _changed(theme: Theme, shown: Mapping[str, Any]) -> str:
    moved = {each["key"]: each["metres"] for each in shown["moved"]}
    lines = []
    for each in shown["changed"]:
        said = [f"{theme.field(name).title.zh} {_arrow(*values)}" for name, values in each["fields"].items()]
        if each["key"] in moved:
            said.append(f"位置 moved {moved[each['key']]:,.1f} m" if moved[each["key"]] else "图形 shape")
        lines.append((each["key"], "; ".join(said)))
    return table("变更 Changed", ("编码 key", "之前 → 之后 before → after"), lines)


def _arrow(before: Any, after: Any) -> str:
    return f"{'–' if before is None else before} → {'–' if after is None else after}"


def _indicators(values: Sequence[Mapping[str, Any]]) -> str:
    units_of = Counter(each["indicator"] for each in values)
    highest: dict[str, int] = {}
    for each in values:  # the lines come from the top of the ladder down
        highest.setdefault(each["indicator"], each["depth"] or 0)
    lines = (
        (
            _title(each["indicator"]),
            each["name"] or each["unit"],
            each["level"],
            each["before"],
            each["after"],
            units_of[each["indicator"]],
        )
        for each in values
        if (each["depth"] or 0) <= highest[each["indicator"]] + 1
    )
    heads = ("指标 indicator", "单位 unit", "级别 level", "之前 before", "之后 after", "变化单位数 units that change")
    return table("指标变化 Indicators that change", heads, lines)


def _title(name: str) -> str:
    theme, _, own = name.partition(".")
    if own.startswith("*"):
        return f"{themes()[theme].title.zh} {own[1:] or '总数'}"
    return f"{indicator(name)[1].title.zh} ({name})"


def _map(shown: Mapping[str, Any], borders: Sequence[Mapping[str, Any]]) -> str:
    """Where the rows are: new ones, changed shapes and gone ones as dots on the borders."""
    dots = [
        (name, each["lon"], each["lat"])
        for name, rows in _dotted(shown)
        for each in rows[:_MOST_POINTS]
        if each["lon"] is not None
    ]
    rings = [ring for border in borders for ring in _rings(border)]
    ground = [tuple(point[:2]) for ring in rings for point in ring] or [(x, y) for _, x, y in dots]
    if not dots or not ground:
        return ""
    at = _placing(ground)
    paths = "".join(f'<path d="M{"L".join(at(*point[:2]) for point in ring)}Z"/>' for ring in rings)
    marks = "".join("<circle class={} cx={} cy={} r=2.5 />".format(name, *at(x, y).split(",")) for name, x, y in dots)
    key = "".join(f"<li><b class={name}>●</b>{WORDS[name]}</li>" for name, _ in _dotted(shown))
    return f'<h2>位置 Where</h2><svg viewBox="0 0 {_WIDTH} {_HEIGHT}">{paths}{marks}</svg><ul class=n>{key}</ul>'


def _dotted(shown: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return (("added", shown["added"]), ("changed", shown["moved"]), ("removed", shown["removed"]))


def _rings(border: Mapping[str, Any]) -> list[Any]:
    polygons = border["coordinates"] if border["type"] == "MultiPolygon" else [border["coordinates"]]
    return [polygon[0] for polygon in polygons if polygon]


def _placing(points: Sequence[tuple[float, float]]) -> Any:
    """Degrees -> "x,y" on the picture, true to shape at its middle."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    flat = cos(radians((south + north) / 2))
    scale = min(
        (_WIDTH - 2 * _EDGE) / max((east - west) * flat, 1e-9), (_HEIGHT - 2 * _EDGE) / max(north - south, 1e-9)
    )
    return lambda x, y: f"{_EDGE + (x - west) * flat * scale:.1f},{_EDGE + (north - y) * scale:.1f}"
