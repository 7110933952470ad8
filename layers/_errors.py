"""What can go wrong, said in one sentence: PLACE: FACT; REMEDY.

OneMapError                  base; every message names a place that can be opened
├── DeclarationError   10    a file of layers/ contradicts itself
├── SourceError        20    a file, recipe, column, encoding or CRS (etl/errors.py)
├── CorrectionError    30    a correction that no longer matches its source (etl/errors.py)
├── StoreError         40    the PostGIS store (geodata/errors.py)
└── ServeError         50    the page cannot be served (app/errors.py)
"""

from __future__ import annotations


class OneMapError(Exception):
    """A refusal that a reader can act on.

    Parameters
    ----------
    place : str
        What can be opened: a path, a path and row, a table, a URL.
    fact : str
        What is wrong there, with the offending value quoted.
    remedy : str
        What to do about it.

    Attributes
    ----------
    exit_code : int
        The process exit code of this kind of failure.
    """

    exit_code = 1

    def __init__(self, place: str, fact: str, remedy: str) -> None:
        self.place, self.fact, self.remedy = place, fact, remedy
        super().__init__(f"{place}: {fact}; {remedy}.")


class DeclarationError(OneMapError):
    """A theme, ladder or target declaration that contradicts itself."""

    exit_code = 10
