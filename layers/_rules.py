"""What a theme asks of its rows beyond its fields: declarations that the rules of `etl/rules` read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default_of

from layers._condition import Where, fields_of
from layers._text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Vintage:
    """One more standard that writes a field with the same spellings and means other things.

    Parameters
    ----------
    standard : str
        Its number, as a reader can look it up.
    meanings : dict of str to Text
        Spelling -> what it means there, for spellings that the field reads otherwise or not at all.
    headers : tuple of str
        Headers that only this standard uses: a file that has one speaks it.
    """

    standard: str
    meanings: Mapping[str, Text]
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Rows stand on or beside the rows of another theme.

    Parameters
    ----------
    theme : str
        The other theme.
    metres : float
        The distance that is still beside.
    where : Where
        Rows that this is asked of.
    """

    theme: str
    metres: float
    where: Where = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """One day is not later than another.

    Parameters
    ----------
    first, then : str
        Two fields of kind date.
    """

    first: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtMost:
    """One number is not larger than another.

    Parameters
    ----------
    small, large : str
        Two fields that hold numbers.
    """

    small: str
    large: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaOf:
    """A field tells the area of the row's own outline, in its declared unit (m² or 亩).

    Parameters
    ----------
    field : str
    """

    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """A field holds the code of a unit that the row stands in, whole or without its zeros.

    Parameters
    ----------
    field : str
    """

    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """A field holds a 20-digit code of GB/T 28181: centre (8), industry (2), type (3), network (1), serial (6).

    Parameters
    ----------
    field : str
    types : dict of str to Text
        The types of device that the theme may hold.
    """

    field: str
    types: Mapping[str, Text] = default_of(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """Values of one row that contradict each other.

    Parameters
    ----------
    where : Where
        All of these together.
    says : Text
        The contradiction in words.
    """

    where: Where
    says: Text


Ask = Near | Before | AtMost | AreaOf | Claims | DeviceCode | Never


def fields_named(ask: Ask) -> tuple[str, ...]:
    """The fields of its own theme that a declaration names."""
    if isinstance(ask, Never | Near):
        return tuple(name for each in ask.where for name in fields_of(each))
    if isinstance(ask, Before):
        return (ask.first, ask.then)
    return (ask.small, ask.large) if isinstance(ask, AtMost) else (ask.field,)
