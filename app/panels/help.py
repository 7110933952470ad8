"""What keys do on a wall, and its switches: flavours, language, guests, the desk. Shown by "?"."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from app.choices import LOOKS
from app.outlook import Outlook
from app.panels.links import chip, go
from app.tags import html
from app.words import word

KEYS = (("→", "next"), ("←", "previous"), ("空格", "pause"), ("↓", "drill"), ("↑ Esc", "back"), ("S", "spotlight"), ("F", "freeze"),
        ("C", "flavour"), ("G", "guest"), ("1 – 9", "scene"), ("K", "full"), ("?", "help"))  # fmt: skip
"""Key, and the command that it gives (assets/wall-keys.js)."""


def help_sheet(outlook: Outlook) -> list[Any]:
    """Keys with what they do, then links."""
    view, lang = outlook.view, outlook.view.lang
    keys = [html.Div([html.Dt(key if lang == "zh" else key.replace("空格", "Space")), html.Dd(word(f"key.{name}", lang))]) for key, name in KEYS]
    looks = [chip(view.wearing(each), word(f"look.{each or 'wall'}", lang), each == view.flavour) for each in (None, *LOOKS)]
    other = "zh" if lang == "en" else "en"
    links = [
        go(view.speaking(other), word("to.other", lang), "plain-link", title=word("to.other.says", lang)),
        go(view.on("desk"), word("to.desk", lang), "plain-link", fly=True),
        html.A(word("wall.edit", lang), href="/data/scenes?" + urlencode({"name": view.scenes or "", "lang": lang, "add": view.to_url()}), className="plain-link"),
    ]
    return [
        html.H2(word("wall.help", lang)), html.Dl(keys),
        html.P([html.Span(looks, className="looks"), go(view.guesting(), word("look.guest", lang), "level current" if view.guest else "level", id="guest"), *links]),
    ]
