"""The document of /data: a bar, a column, a map; what stands in them comes with the first answer."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from app.gate.markup import text_of
from app.gate.words import say
from app.palette import DESK, css
from app.tags import Tag, html

TABS = ("in", "jobs", "loads", "aside")

STAGE = ("picture.js", "pointer.js", "warm.js", "frames.js", "shades.js", "images.js", "stage.js")
"""The map's own scripts, in their order (`app.onemap_map`); here without Dash."""

OURS = ("gate.js", "gate-map.js", "gate-send.js")


def document(asked: Mapping[str, str], lang: str, operator: str | None, stamp: str) -> str:
    """The page, or the form to log in where nobody is.

    Parameters
    ----------
    asked : mapping
        Of the address.
    lang : str
    operator : str, optional
        Who looks; None: nobody may yet.
    stamp : str
        Changes with the scripts, so that a browser may keep them.
    """
    static = f"/data/static/{stamp}"
    ink = ";".join(f"{name}:{value}" for name, value in css(DESK).items())
    scripts = [html.Script(src=f"{static}/{name}", defer=True) for name in ((*STAGE, *OURS) if operator else OURS[:1])]
    head = html.Head([
        html.Meta(charset="utf-8"), html.Meta(name="viewport", content="width=device-width, initial-scale=1"), html.Title(say("title", lang)),
        html.Link(rel="icon", type="image/svg+xml", href="/assets/mark.svg"),
        html.Link(rel="stylesheet", href=f"{static}/base.css"), html.Link(rel="stylesheet", href=f"{static}/OneMap.css"), html.Link(rel="stylesheet", href=f"{static}/gate.css"),
        *scripts,
    ])
    inside = _inside(asked, lang, operator) if operator else [_bar(asked, lang, None), _login(lang)]
    body = html.Body(html.Div(inside, className="page gate", id="gate", **{"data-lang": lang, "data-problem": say("problem", lang), "data-sending": say("sending", lang)}))
    return "<!DOCTYPE html>" + text_of(html.Html([head, body], lang="zh-CN" if lang == "zh" else "en", style=ink))


def _inside(asked: Mapping[str, str], lang: str, operator: str | None) -> list[Tag]:
    stage = html.Div(html.Div(className="onemap-ground", id="ground"), className="onemap map", id="map")
    return [_bar(asked, lang, operator), html.Main(id="column", tabIndex=-1), html.Aside([stage, html.P(id="map-says", role="status")], id="stage"), html.P(id="gate-says", role="alert", hidden=True)]


def _bar(asked: Mapping[str, str], lang: str, operator: str | None) -> Tag:
    here = asked.get("tab", "in")
    tabs = [html.A(say(f"tab.{each}", lang), href="/data?" + urlencode(({} if each == "in" else {"tab": each}) | {"lang": lang}), id=f"tab-{each}",
                   **{"aria-current": "page" if each == here else None}) for each in TABS]
    other = "zh" if lang == "en" else "en"
    right = [html.Span([say("operator", lang), html.B(operator)], className="operator"), html.Button(say("out", lang), className="plain-button", id="out", type="button")] if operator else []
    return html.Header([
        html.A([html.Span(className="brand-mark"), html.B(say("title", lang))], href=f"/data?lang={lang}", className="brand"), html.Nav(tabs if operator else []),
        html.Div([*right, html.A(say("to.other", lang), href="/data?" + urlencode({**asked, "lang": other}), className="plain-link", lang="zh-CN" if other == "zh" else "en", id="other"),
                  html.A(say("to.desk", lang), href=f"/?lang={lang}", className="button")], className="right"),
    ], id="top")


def _login(lang: str) -> Tag:
    return html.Form([
        html.H1(say("login", lang)), html.P(say("login.says", lang), className="quiet"),
        html.Label([html.Span(say("login.name", lang)), html.Input(name="name", required=True, autocomplete="username", autofocus=True)]),
        html.Label([html.Span(say("login.password", lang)), html.Input(name="password", type="password", required=True, autocomplete="current-password")]),
        html.Button(say("login", lang), className="button", type="submit"), html.P(id="gate-says", role="alert", hidden=True),
    ], id="login")
