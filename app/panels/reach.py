"""What the shaded ground means when it is what the rows of a theme reach, and how many households live on it."""

from __future__ import annotations

from typing import Any

from app.numbers import printed, whole
from app.outlook import Outlook
from app.panels.explain import why
from app.tags import html
from app.words import word
from geodata.reach_tiles import reaching
from layers import Theme


def reach(outlook: Outlook, theme: Theme) -> list[Any]:
    """Title, definition, the sign on the map, and the number of the unit in view with a way to its rows.

    Parameters
    ----------
    outlook : Outlook
    theme : Theme
        One whose rows reach.
    """
    found, lang = reaching(theme), outlook.view.lang
    if found is None:
        return []
    name = f"{theme.name}.{found[0]}"
    figure = next((each for each in outlook.figures if each.indicator == name), None)
    declared = theme.indicator(found[0])
    swatch = html.I(className="swatch", style={"background-color": outlook.flavour.role(theme.style.role), "opacity": "0.45"})
    said = [html.P(declared.says[lang]), html.Ul([html.Li([swatch, html.Span(word("reach.ground", lang, metres=whole(found[1].metres)))])], className="steps")]
    if figure is not None and figure.value is not None:
        value = "".join(printed(figure.value, declared, lang))
        said.append(html.P(word("reach.n", lang, unit=outlook.unit.name, value=value, n=whole(figure.numerator), all=whole(figure.denominator))))
    title = word("reach.title", lang, theme=theme.title[lang])
    return [html.H2([title, html.Small(outlook.unit.name), why(outlook.view, name, declared.title[lang])]), *said]
