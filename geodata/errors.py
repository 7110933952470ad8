"""What can go wrong in the ground, said so that the reader can act on it."""

from __future__ import annotations

from layers._errors import OneMapError


class SettingError(OneMapError):
    """An environment variable holds a value that cannot be used (a usage error, exit code 2)."""

    exit_code = 2


class StoreError(OneMapError):
    """The store is down, out of reach, or not fit for the map (exit code 40)."""

    exit_code = 40


class UnknownUnit(OneMapError):  # noqa: N818 - it says what is unknown
    """A code that the ladder does not hold, or holds outside the reader's area (a usage error, exit code 2)."""

    exit_code = 2

    def __init__(self, code: str) -> None:
        super().__init__(f"unit {code}", "the ladder has no such code", "use one that search finds")


class UnknownRow(OneMapError):  # noqa: N818 - it says what is unknown
    """A key that a theme does not hold, or holds outside the reader's area (a usage error, exit code 2)."""

    exit_code = 2

    def __init__(self, theme: str, key: str) -> None:
        super().__init__(f"row {theme}/{key}", "the theme has no such key", "use one that search finds")


class PairingError(OneMapError):
    """A remote that is not, or cannot be, paired with a wall (a usage error, exit code 2)."""

    exit_code = 2


class FeedError(OneMapError):
    """A status feed sent what cannot be read (exit code 20)."""

    exit_code = 20


class UnknownCollection(OneMapError):  # noqa: N818 - it says what is unknown
    """A collection that is not published (a usage error, exit code 2)."""

    exit_code = 2

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"collection {name[:60]}", "nothing of that name is published", f"use one of {', '.join(known)}")


class UnknownJob(OneMapError):  # noqa: N818 - it says what is unknown
    """A number that no job has (a usage error, exit code 2)."""

    exit_code = 2


class StoreBusy(StoreError):  # noqa: N818 - it says how the store is
    """More readers ask at once than the store can answer; who asks again a little later is served."""

    again_after_s = 2
    """Seconds after which it is worth asking again."""

    def __init__(self) -> None:
        remedy = f"ask again in {self.again_after_s} seconds"
        super().__init__("onemap store", "more readers ask at once than it can answer", remedy)
