"""A shelf on the disk for what does not fit into memory at once: things are put there in turn and taken again, any number of times."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Sequence
from typing import TypeVar

from etl.errors import SourceError

Thing = TypeVar("Thing")


class Shelf(Sequence[Thing]):
    """Things of one load, in a file that has no name and goes with the process, however it ends.

    Parameters
    ----------
    place : str
        The file they come from, for the refusal.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._file = tempfile.TemporaryFile(prefix="onemap-")  # noqa: SIM115  # it lives as long as the shelf
        self._starts: list[int] = []

    def put(self, thing: Thing) -> None:
        """Put one more thing on the shelf.

        Raises
        ------
        SourceError
            The disk is full.
        """
        self._starts.append(self._file.seek(0, 2))
        try:
            pickle.dump(thing, self._file, protocol=pickle.HIGHEST_PROTOCOL)
            self._file.flush()
        except OSError as problem:
            fact = f"its rows do not fit on the disk of {tempfile.gettempdir()} while they are checked ({problem.strerror})"
            raise SourceError(self._place, fact, "make room there, or set TMPDIR to a larger disk") from None

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, n: int) -> Thing:  # type: ignore[override]  # nobody takes slices of what does not fit
        """Take a copy of the n-th thing."""
        if n >= len(self._starts):
            raise IndexError(n)
        self._file.seek(self._starts[n])
        thing: Thing = pickle.load(self._file)  # written by this very process, to a file without a name
        return thing
