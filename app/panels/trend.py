"""The indicator in view through the months, as a Plotly figure without Plotly's Python."""

from __future__ import annotations

from typing import Any

import layers
from app.outlook import Outlook
from app.palette import Flavour
from app.panels.review import badge
from app.panels.stamp import stamp
from app.words import word
from geodata.documents import first_aim
from layers._indicator import Format

_FACES = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',sans-serif"


def trend(outlook: Outlook, flavour: Flavour) -> dict[str, Any]:
    """Title and figure of the trend.

    Returns
    -------
    dict
        "title"; "about"; "marks", components behind them; "figure", a Plotly figure as a dict, or None where there are fewer than two days; "none", the
        words for that.
    """
    lang = outlook.view.lang
    _, indicator = layers.indicator(outlook.view.counted)
    known = [(day, value) for day, value in outlook.trend if value is not None]
    figure = _figure(outlook, known, flavour) if len(known) > 1 else None
    if figure and outlook.beside and outlook.beside.trend:
        figure["data"].append(_other(outlook, flavour))
    return {
        "title": word("trend", lang), "about": indicator.title[lang], "marks": _marks(outlook, known), "figure": figure, "none": word("trend.none", lang),
        "why": {"href": outlook.view.explaining(outlook.view.counted).to_url(), "title": word("explain.why", lang)},
    }


def _marks(outlook: Outlook, known: list[tuple[Any, float]]) -> list[Any]:
    """待核, and on a wall the day of the newest number."""
    name = outlook.view.counted
    dated = stamp(outlook, [(name.partition(".")[0], known[-1][0])]) if known and outlook.view.page == "wall" else []
    return [*badge(outlook, name, outlook.unit.code), *dated]


def _figure(outlook: Outlook, known: list[tuple[Any, float]], flavour: Flavour) -> dict[str, Any]:
    _, indicator = layers.indicator(outlook.view.counted)
    days = [day.isoformat() for day, _ in known]
    values = [value for _, value in known]
    line = {
        "type": "scatter", "mode": "lines+markers", "x": days, "y": values, "fill": "tozeroy",
        "fillcolor": _faint(flavour.accent), "line": {"color": flavour.accent, "width": 2.5, "shape": "spline", "smoothing": 0.5},
        "marker": {"size": [0] * (len(days) - 1) + [9], "color": flavour.accent, "line": {"width": 2, "color": flavour.panel}},
        "hovertemplate": f"%{{x|%Y-%m-%d}}<br><b>%{{y:{_hover(indicator.format)}}}</b><extra></extra>",
    }
    aim = first_aim(outlook.view.counted)
    target = aim.at_least if aim else None
    return {"data": [line], "layout": _layout(outlook, flavour, values, target)}


def _other(outlook: Outlook, flavour: Flavour) -> dict[str, Any]:
    """The line of the unit that is laid beside."""
    _, indicator = layers.indicator(outlook.view.counted)
    assert outlook.beside is not None, outlook.view
    known = [(day.isoformat(), value) for day, value in outlook.beside.trend if value is not None]
    return {
        "type": "scatter", "mode": "lines", "x": [day for day, _ in known], "y": [value for _, value in known], "name": outlook.beside.title,
        "line": {"color": flavour.ink_quiet, "width": 2, "dash": "dot"},
        "hovertemplate": f"{outlook.beside.title} %{{x|%Y-%m-%d}}<br><b>%{{y:{_hover(indicator.format)}}}</b><extra></extra>",
    }


def _hover(kind: Format) -> str:
    return {Format.PERCENT: ".1%", Format.WHOLE: ",.0f", Format.DECIMAL: ",.2f"}[kind]


def _layout(outlook: Outlook, flavour: Flavour, values: list[float], target: float | None) -> dict[str, Any]:
    _, indicator = layers.indicator(outlook.view.counted)
    size = 12 if outlook.view.page == "desk" else 13
    beside = [value for _, value in outlook.beside.trend if value is not None] if outlook.beside else []
    low, high = _range([*values, *beside], target)
    quiet = {"color": flavour.ink_quiet, "size": size}
    shares = indicator.format is Format.PERCENT
    return {
        "autosize": True, "showlegend": False, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 4, "r": 10, "t": 8 if outlook.view.page == "desk" else 24, "b": 4}, "font": {"family": _FACES, **quiet},
        "hoverlabel": {"bgcolor": flavour.panel, "bordercolor": flavour.line, "font": {"color": flavour.ink, "size": size}},
        "xaxis": {"showgrid": False, "tickfont": quiet, "tickformat": "%Y-%m", "nticks": 4, "automargin": True,
                  "fixedrange": True, "linecolor": flavour.line, "ticks": ""},
        "yaxis": {"gridcolor": flavour.line, "zeroline": False, "tickfont": quiet, "nticks": 4, "automargin": True,
                  "fixedrange": True, "range": [low, high], "tickformat": _ticks(high - low) if shares else "~s"},
        **_aim(target, flavour, size, outlook.view.lang),
    }


def _ticks(span: float) -> str:
    """As many decimals of a percent as four ticks need to differ."""
    return ".0%" if span >= 0.04 else ".1%" if span >= 0.004 else ".2%"


def _range(values: list[float], target: float | None) -> tuple[float, float]:
    """From below the lowest to above the highest, the target included, so that a change of one percent is seen."""
    told = [*values, *([target] if target is not None else [])]
    low, high = min(told), max(told)
    room = (high - low) * 0.15 or abs(high) * 0.05 or 1.0
    return (max(low - room, 0) if low >= 0 else low - room), high + room


def _aim(target: float | None, flavour: Flavour, size: int, lang: str) -> dict[str, Any]:
    if target is None:
        return {}
    line = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": target, "y1": target,
            "line": {"color": flavour.watch, "width": 1.5, "dash": "dash"}}
    note = {"xref": "paper", "x": 0, "xanchor": "left", "y": target, "yanchor": "bottom", "showarrow": False,
            "text": word("target", lang), "font": {"color": flavour.ink_quiet, "size": size}}
    return {"shapes": [line], "annotations": [note]}


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[at:at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.12)"
