"""Numbers as readers of each language expect them: thousands marks, 万 and 亿, percent."""

from __future__ import annotations

from math import isfinite

from layers._indicator import Format, Indicator

NOTHING = "—"


def whole(value: float | None) -> str:
    """A number without decimals and with thousands marks; a dash for none."""
    return NOTHING if value is None or not isfinite(value) else f"{value:,.0f}"


def short(value: float | None, lang: str) -> tuple[str, str]:
    """A number for the wall: three to four digits, and the word for what they are multiplied by.

    Returns
    -------
    str, str
        ("52.3", "万"), ("1,204", ""); in English from ten thousand on ("52.3", "k"), from a million on ("1.2", "M").
    """
    if value is None or not isfinite(value):
        return NOTHING, ""
    steps = ((1e6, "M"), (1e4, "k")) if lang == "en" else ((1e8, "亿"), (1e4, "万"))
    divisors = {"k": 1e3}
    for step, sign in steps:
        if abs(value) >= step:
            scaled = value / divisors.get(sign, step)
            return (f"{scaled:,.0f}" if abs(scaled) >= 1000 else f"{scaled:.1f}"), sign
    return (f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:.1f}"), ""


def printed(value: float | None, indicator: Indicator, lang: str) -> tuple[str, str]:
    """An indicator's value and its unit.

    Returns
    -------
    str, str
        ("87.3", "%"), ("1,204", "个"), ("—", "").
    """
    if value is None or not isfinite(value):
        return NOTHING, ""
    if indicator.format is Format.PERCENT:
        return _percent(value), "%"
    digits = 0 if indicator.format is Format.WHOLE else 2 if abs(value) < 100 else 1
    return f"{value:,.{digits}f}", indicator.unit[lang]


def _percent(value: float) -> str:
    """One decimal, and never a round 100 for what is not all of it, nor a round 0 for what is not nothing."""
    shown = f"{value * 100:.1f}"
    if shown == "100.0":
        return "100" if value >= 1 else "99.9"
    if shown == "0.0":
        return "0" if value <= 0 else "0.1"
    return shown
