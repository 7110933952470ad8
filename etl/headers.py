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
    for _rank, name, header in sorted(offers(headers, theme, cut, recipe.constants)):
        if name not in chosen and header not in taken:
            chosen[name] = header
            taken.add(header)
    for each in theme.fields:
        if each.required and each.name not in chosen and each.name not in recipe.constants:
            raise SourceError(
                place,
                f"no column is {each.title.zh} ({each.name}); it has {', '.join(headers) or 'none'}",
                f"give the right --theme, or write [fields] {each.name} = ... in the recipe",
                "L08",
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


def offers(
    headers: Sequence[str], theme: Theme, cut: Collection[str] = (), without: Collection[str] = ()
) -> list[tuple[int, str, str]]:
    """(rank, field, header) for every header that a field is known by, the smaller rank the better known.

    Parameters
    ----------
    headers : sequence of str
        Of the file.
    theme : Theme
    cut : collection of str
        Headers that are only the beginning of a name.
    without : collection of str
        Fields that need none.
    """
    known = [
        (rank, each.name, name)
        for each in theme.fields
        if each.name not in without
        for rank, name in enumerate(each.headers())
    ]
    exact = [(rank, field, each) for rank, field, name in known for each in headers if each == name]
    typed = [
        (rank + _PLAIN, field, each)
        for rank, field, name in known
        for each in headers
        if each != name and plain(each) == plain(name)
    ]
    return exact + typed + [(_CUT, field, each) for each in cut if (field := _begun(plain(each), known))]


def _begun(beginning: str, known: Sequence[tuple[int, str, str]]) -> str | None:
    """The field whose headers begin so; None where there is none, or more than one."""
    begun = {field for _rank, field, name in known if plain(name).startswith(beginning)}
    return begun.pop() if len(begun) == 1 else None
