"""Fields: what is known of each row, and by which headers a file may call it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from layers._errors import DeclarationError
from layers._rules import Vintage
from layers._text import Text


class Kind(StrEnum):
    """What a field holds, and so how it is stored and drawn."""

    TEXT = "text"
    CODE = "code"  # digits kept as text: never a number, however it arrives
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Choice:
    """One legal value of an enumeration.

    Parameters
    ----------
    value : str
        Our word for it, stored in the table.
    title : Text
        What the page shows.
    known_as : tuple of str
        Spellings in files (codes and words), beside `value` and both titles.
    """

    value: str
    title: Text
    known_as: tuple[str, ...] = ()

    def spellings(self) -> tuple[str, ...]:
        """Every spelling under which a file may hold this choice."""
        return (self.value, self.title.zh, self.title.en, *self.known_as)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of a theme.

    Parameters
    ----------
    name : str
        Our name, a column of the theme's table.
    title : Text
        What the page and the exports call it.
    kind : Kind
        What it holds.
    unit : str, optional
        Unit of a number ("m", "亩", "元/年").
    choices : tuple of Choice
        Legal values, for `Kind.CHOICE` only.
    required : bool
        A row without it is set aside.
    known_as : tuple of str
        Headers by which files know it, beside `name` and both titles.
    minimum, maximum : float, optional
        Legal range of a number, both ends included.
    pattern : str, optional
        Regular expression that the whole text must match.
    vintages : tuple of Vintage
        Other standards that write this field with the same spellings and mean other things.
    """

    name: str
    title: Text
    kind: Kind = Kind.TEXT
    unit: str | None = None
    choices: tuple[Choice, ...] = ()
    required: bool = False
    known_as: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    vintages: tuple[Vintage, ...] = ()

    def headers(self) -> tuple[str, ...]:
        """Every header under which a file may hold this field."""
        return (self.name, self.title.zh, self.title.en, *self.known_as)

    def choice(self, value: str) -> Choice:
        """The choice whose stored word is `value`; KeyError if there is none."""
        return {choice.value: choice for choice in self.choices}[value]


def check_field(place: str, field: Field) -> None:
    """Refuse a field that contradicts itself, naming its file.

    Parameters
    ----------
    place : str
        The file of the declaration.
    field : Field
        The field to look at.

    Raises
    ------
    DeclarationError
        A name that is no identifier, choices without `Kind.CHOICE` or the reverse, one spelling for two choices.
    """
    if not (field.name.isidentifier() and field.name.islower() and field.name.isascii()):
        raise DeclarationError(place, f"field {field.name!r} is no lower-case identifier", "rename it")
    if (field.kind is Kind.CHOICE) != bool(field.choices):
        raise DeclarationError(
            place,
            f"field {field.name!r} is {field.kind.value} with {len(field.choices)} choices",
            "give choices to a field of kind choice and to no other",
        )
    _check_spellings(place, field)


def _check_spellings(place: str, field: Field) -> None:
    owner: dict[str, str] = {}
    for choice in field.choices:
        for spelling in choice.spellings():
            if owner.setdefault(spelling, choice.value) != choice.value:
                raise DeclarationError(
                    place,
                    f"field {field.name!r} reads {spelling!r} both as {owner[spelling]!r} and as {choice.value!r}",
                    "keep the spelling at one of them",
                )
