"""What can go wrong on the way from a file to a table; problems of single rows are findings, never errors."""

from __future__ import annotations

from layers._errors import OneMapError


class SourceError(OneMapError):
    """A file, recipe, column, encoding or CRS that cannot be used (exit code 20)."""

    exit_code = 20


class CorrectionError(OneMapError):
    """A correction that no longer matches its source (exit code 30)."""

    exit_code = 30
