"""What can go wrong between the store and the screen, said so that the reader can act on it."""

from __future__ import annotations

from dataclasses import dataclass

from layers._errors import OneMapError
from layers._text import Text


class ServeError(OneMapError):
    """The pages cannot be served (exit code 50)."""

    exit_code = 50


@dataclass(frozen=True, slots=True)
class ViewProblem:
    """A part of an address that could not be followed; the view falls back and says so.

    Parameters
    ----------
    says : Text
        PLACE: FACT; REMEDY. in both languages.
    """

    says: Text


class GateError(OneMapError):
    """The page of the GIS staff does not do what was asked.

    Parameters
    ----------
    status : int
        Of the answer.
    says : Text
        PLACE: FACT; REMEDY. in both languages.
    """

    def __init__(self, status: int, zh: str, en: str) -> None:
        place, _, rest = en.partition(": ")
        fact, _, remedy = rest.partition("; ")
        super().__init__(place, fact, remedy.rstrip("."))
        self.status, self.says = status, Text(zh, en)
