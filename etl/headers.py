"""Which header of a file is which field."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from etl.errors import SourceError
from etl.read.asked import plain
from etl.recipe import PLACES, Recipe
from layers import Theme

# Offers in the order in which they are taken: as written, as typed by a person, as cut short by a DBF.
_PLAIN, _CUT = 100, 200


def fields_of(
    place: str, headers: Sequence[str], theme: Theme, recipe: Recipe, cut: Collection[str] = ()
) -> dict[str, str]:
    """Our field -> their header.

    Parameters
    ----------
    place : str
        The file, for the refusal.
    headers : sequence of str
        Of the file.
    theme : Theme
        Its fields say the headers they are known by, best first.
    recipe : Recipe
        Its [fields] come before everything.
    cut : collection of str
        Headers that are only the beginning of a name.

    Raises
    ------
    SourceError
        The recipe names a header that the file does not have, or a required field has none.
    """
    named = {name: header_of(place, headers, theirs) for name, theirs in recipe.fields.items()}
    taken, chosen = set(named.values()), {name: each for name, each in named.items() if name not in PLACES}
    for _rank, name, header in sorted(_offers(headers, theme, recipe) + _beginnings(theme, recipe, cut)):
        if name not in chosen and header not in taken:
            chosen[name] = header
            taken.add(header)
    for each in theme.fields:
        if each.required and each.name not in chosen and each.name not in recipe.constants:
            raise SourceError(
                place,
                f"no column is {each.title.zh} ({each.name}); it has {', '.join(headers) or 'none'}",
                f"give the right --theme, or write [fields] {each.name} = ... in the recipe",
            )
    return chosen


def header_of(place: str, headers: Sequence[str], wanted: str) -> str:
    """The header of a file that a recipe names, as written or as typed by a person.

    Raises
    ------
    SourceError
        There is none.
    """
    for fold in (str, plain):
        for each in headers:
            if fold(each) == fold(wanted):
                return each
    raise SourceError(
        place, f"no column {wanted}; it has {', '.join(headers) or 'none'}", "mend [fields] of the recipe"
    )


def _offers(headers: Sequence[str], theme: Theme, recipe: Recipe) -> list[tuple[int, str, str]]:
    """(rank, field, header) for every header that a field is known by; exact spelling before a plain one."""
    offers = []
    for each in theme.fields:
        if each.name in recipe.constants:
            continue
        for rank, known in enumerate(each.headers()):
            for header in headers:
                if header == known:
                    offers.append((rank, each.name, header))
                elif plain(header) == plain(known):
                    offers.append((rank + _PLAIN, each.name, header))
    return offers


def _beginnings(theme: Theme, recipe: Recipe, cut: Collection[str]) -> list[tuple[int, str, str]]:
    """Offers of headers that were cut short: only where they begin the headers of one field and of no other."""
    offers = []
    for header in cut:
        begun = [
            each.name
            for each in theme.fields
            if any(plain(known).startswith(plain(header)) for known in each.headers())
        ]
        if len(begun) == 1 and begun[0] not in recipe.constants:
            offers.append((_CUT, begun[0], header))
    return offers
