"""Picks: which rows of a theme a reader wants to see, by the choices that its declaration lists."""

from __future__ import annotations

from collections.abc import Iterable

from layers._field import Field, Kind
from layers._indicator import Is, Where
from layers._theme import Theme

Pick = tuple[str, str]
"""A field of a theme and one of its choices; "yes" or "no" for a flag."""

FLAGS = ("yes", "no")


def offered(theme: Theme) -> tuple[Field, ...]:
    """The fields by whose choices rows can be picked: what a file may only fill from a list."""
    return tuple(each for each in theme.fields if each.kind in (Kind.CHOICE, Kind.FLAG))


def choices(field: Field) -> tuple[str, ...]:
    """The choices of an offered field, in the order of the declaration."""
    return FLAGS if field.kind is Kind.FLAG else tuple(each.value for each in field.choices)


def ordered(theme: Theme, picks: Iterable[Pick]) -> tuple[Pick, ...]:
    """The picks that the theme offers, each once, in the order of its declaration.

    Parameters
    ----------
    theme : Theme
    picks : iterable of (field, choice)
        Unknown ones are left out.

    Returns
    -------
    tuple of (field, choice)
        One and the same for every way of saying the same.
    """
    wanted = set(picks)
    if not wanted:  # as on most addresses, of which a page writes hundreds
        return ()
    every = ((field.name, choice) for field in offered(theme) for choice in choices(field))
    return tuple(each for each in every if each in wanted)


def where(theme: Theme, picks: Iterable[Pick]) -> Where:
    """The conditions that picks stand for: any of the choices of one field, and every field.

    Parameters
    ----------
    theme : Theme
    picks : iterable of (field, choice)

    Returns
    -------
    tuple of Is
    """
    held: dict[str, list[str | bool]] = {}
    for name, choice in ordered(theme, picks):
        flag = theme.field(name).kind is Kind.FLAG
        held.setdefault(name, []).append(choice == "yes" if flag else choice)
    return tuple(Is(name, tuple(values)) for name, values in held.items())


def joined(layer: str, picks: Iterable[Pick]) -> str:
    """The name of a layer of tiles that holds only rows with the picks: "cameras~online.offline"."""
    return "~".join([layer, *(f"{name}.{choice}" for name, choice in picks)])


def parted(layer: str) -> tuple[str, tuple[Pick, ...]]:
    """A layer's own name, and the picks behind it, as they stand there."""
    own, *said = layer.split("~")
    return own, tuple((name, choice) for name, _, choice in (each.partition(".") for each in said))
