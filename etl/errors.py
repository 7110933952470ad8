"""What can go wrong on the way from a file to a table; problems of single rows are findings, never errors."""

from __future__ import annotations

from layers._errors import OneMapError


class SourceError(OneMapError):
    """A file, recipe, column, encoding or CRS that cannot be used (exit code 20).

    Parameters
    ----------
    place, fact, remedy : str
        As every refusal has them.
    rule : str
        Number of the rule that the file breaks as a whole; "" where there is none.
    """

    exit_code = 20

    def __init__(self, place: str, fact: str, remedy: str, rule: str = "") -> None:
        super().__init__(place, fact, remedy)
        self.rule = rule


class Older(SourceError):  # noqa: N818 - it says how the file is
    """A file whose data are older than what its source has, and that never came before (exit code 20)."""


class CorrectionError(OneMapError):
    """A correction that no longer matches its source (exit code 30)."""

    exit_code = 30


class NotClean(SourceError):  # noqa: N818 - it says how the file is
    """More rows than the tolerance would be set aside, and the operator wants it loaded only when clean (exit code 1)."""

    exit_code = 1

    def __init__(self, file: str, aside: int, rows: int) -> None:
        super().__init__(file, f"{aside:,} rows of {rows:,} would be set aside", "see ./onemap check FILE, or load it without --if-clean")
