"""What can go wrong in the ground, said so that the reader can act on it."""

from __future__ import annotations

from layers._errors import OneMapError


class SettingError(OneMapError):
    """An environment variable holds a value that cannot be used (a usage error, exit code 2)."""

    exit_code = 2


class StoreError(OneMapError):
    """The store is down, out of reach, or not fit for the map (exit code 40)."""

    exit_code = 40
