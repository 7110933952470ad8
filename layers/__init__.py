"""What the map is: `ls layers/` is its legend. A file without an underscore is a theme, with one it is machinery."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from layers._errors import DeclarationError, OneMapError
from layers._indicator import Indicator
from layers._text import Text
from layers._theme import Theme

__all__ = ["DeclarationError", "Indicator", "OneMapError", "Text", "Theme", "indicator", "theme", "themes"]


@cache
def themes() -> dict[str, Theme]:
    """Every declared theme by name, in the order of the legend.

    Returns
    -------
    dict of str to Theme
        Found by looking into this folder; a new file is a new theme.

    Raises
    ------
    DeclarationError
        A file without a THEME, or whose theme has another name than the file.
    """
    found = [_declared(module.name) for module in iter_modules(__path__) if not module.name.startswith("_")]
    return {each.name: each for each in sorted(found, key=lambda each: (each.order, each.name))}


def _declared(name: str) -> Theme:
    declared = getattr(import_module(f"layers.{name}"), "THEME", None)
    if not isinstance(declared, Theme):
        raise DeclarationError(
            f"layers/{name}.py", "it declares no THEME", "write THEME = Theme(...) or start its name with _"
        )
    if declared.name != name:
        raise DeclarationError(
            f"layers/{name}.py", f"its theme is called {declared.name!r}", f"call it {name!r} or rename the file"
        )
    return declared


def theme(name: str) -> Theme:
    """The theme called `name`.

    Raises
    ------
    DeclarationError
        There is no such theme; the sentence lists those there are.
    """
    if name not in themes():
        raise DeclarationError("layers/", f"there is no theme {name!r}", f"use one of {', '.join(themes())}")
    return themes()[name]


def indicator(name: str) -> tuple[Theme, Indicator]:
    """The theme and indicator called "theme.indicator".

    Raises
    ------
    DeclarationError
        There is no such indicator; the sentence lists those there are.
    """
    owner, _, own = name.partition(".")
    for one in themes()[owner].indicators if owner in themes() else ():
        if one.name == own:
            return themes()[owner], one
    known = ", ".join(f"{each.name}.{one.name}" for each in themes().values() for one in each.indicators)
    raise DeclarationError("layers/", f"there is no indicator {name!r}", f"use one of {known}")
