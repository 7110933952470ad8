"""The ledger of a theme in the unit in view: rows by state, with what their numbers add up to, and a line for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from app.numbers import NOTHING, whole
from app.outlook import Outlook
from app.palette import Flavour
from app.tags import Tag, html
from app.words import word
from geodata.register import Entry
from layers import Theme

_FINE = 1_000
"""Below this a column has a decimal: the sheet beside the table has every digit."""


def ledger(outlook: Outlook, theme: Theme, flavour: Flavour) -> list[Tag]:
    """A table; nothing of a theme that has no ledger, or no rows in the unit."""
    found, lang = _ordered(theme, outlook.ledgers.get(theme.name, ())), outlook.view.lang
    if not found:
        return []
    heads = [html.Th([theme.field(name).title[lang], html.Small(theme.field(name).unit or "")]) for name in theme.ledger]
    told = [_column([each.sums[name] for each in found]) for name in theme.ledger]
    lines = [
        _line(flavour.role(theme.style.role_of(each.state)), _title(theme, each.state, lang), [whole(each.n), *(column[at] for column in told)])
        for at, each in enumerate(found)
    ]
    every = _line(None, word("ledger.all", lang), [whole(sum(each.n for each in found)), *(column[-1] for column in told)])
    heading = html.Tr([html.Th(""), html.Th(word("ledger.n", lang)), *heads])
    return [html.Table([html.Thead(heading), html.Tbody(lines if theme.style.by else []), html.Tfoot(every)], className="ledger")]


def _ordered(theme: Theme, found: Sequence[Entry]) -> list[Entry]:
    """In the order in which the states are declared."""
    order = [each.value for each in theme.field(theme.style.by).choices] if theme.style.by else []
    return sorted(found, key=lambda each: order.index(each.state) if each.state in order else len(order))


def _title(theme: Theme, state: str | None, lang: str) -> str:
    return theme.field(theme.style.by).choice(state).title[lang] if theme.style.by and state else word("ledger.rest", lang)


def _column(amounts: Sequence[float | None]) -> list[str]:
    """Every line and the sum, all with as many decimals."""
    known = [each for each in amounts if each is not None]
    digits = int(any(not each.is_integer() for each in known) and sum(known) < _FINE)
    return [NOTHING if each is None else f"{each:,.{digits}f}" for each in (*amounts, sum(known) if known else None)]


def _line(ink: str | None, title: str, told: Sequence[str]) -> Tag:
    swatch = [html.I(className="swatch round", style={"background": ink})] if ink else []
    return html.Tr([html.Th([*swatch, html.Span(title)]), *(html.Td(each) for each in told)])
