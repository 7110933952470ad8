"""The bar on top: what this is, how new it is, in which language, on which screen."""

from __future__ import annotations

from typing import Any

from app.outlook import Outlook
from app.panels.links import go
from app.tags import Tag, html
from app.view import View
from app.words import word
from geodata.loads import Load
from geodata.settings import settings

SAMPLE = "虚构示例数据"
"""How the publisher begins that the recipes of the sample city name."""


def head(outlook: Outlook) -> list[Any]:
    """The desk's and the board's bar: the title stands left of the search box, these stand right of it."""
    view = outlook.view
    other = "desk" if view.page == "board" else "board"
    return [*sample(outlook), as_of(outlook), _languages(view), _data(view), _page(view, other, "button quiet-button"), _page(view, "wall", "button")]


def banner(outlook: Outlook) -> list[Any]:
    """The wall's bar: data date left, title in the middle, clock right."""
    lang = outlook.view.lang
    return [
        html.Div([*graded(), as_of(outlook), *sample(outlook)], className="banner-side"),
        html.H1([html.Span(outlook.home.name, className="banner-home"), html.Span(word("title", lang))], className="banner-title"),
        html.Div([html.Time(id="clock", className="clock")], className="banner-side banner-right"),
    ]


def graded() -> list[Tag]:
    """The grade of secrecy that the installation declares; nothing where it declares none."""
    grade = settings().security_grade
    return [html.B(grade, className="grade")] if grade else []


def as_of(outlook: Outlook) -> Tag:
    """The day of the newest data."""
    day = outlook.as_of.isoformat() if outlook.as_of else "—"
    return html.Span([html.Span(word("as_of.label", outlook.view.lang)), html.B(day)], className="as-of")


def sample(outlook: Outlook) -> list[Tag]:
    """The badge that says when what is shown is made up; nothing otherwise."""
    lang = outlook.view.lang
    if not any(is_sample(each) for each in outlook.loads.values()):
        return []
    return [html.Span(word("sample", lang), className="sample", title=word("sample.says", lang))]


def is_sample(load: Load) -> bool:
    """Whether a load came from the sample city."""
    return str(load.recipe.get("publisher") or "").startswith(SAMPLE)


def _languages(view: View) -> Tag:
    other = "zh" if view.lang == "en" else "en"
    return go(view.speaking(other), word("to.other", view.lang), "plain-link", title=word("to.other.says", view.lang),
              lang="zh-CN" if other == "zh" else "en")


def _page(view: View, page: str, look: str) -> Tag:
    """Another page. To and from the board it is loaded anew: the board has no map to keep."""
    if "board" in (view.page, page):
        return html.A(word(f"to.{page}", view.lang), href=view.on(page).to_url(), className=look)
    return go(view.on(page), word(f"to.{page}", view.lang), look, fly=True)


def _data(view: View) -> Tag:
    """To the page of those who bring data in; whether somebody may is said there."""
    return html.A(word("to.data", view.lang), href=f"/data?lang={view.lang}", className="plain-link")


def _other_page(view: View) -> Tag:
    other = "desk" if view.page == "wall" else "wall"
    return go(view.on(other), word(f"to.{other}", view.lang), "button", fly=True)
