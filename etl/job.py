"""A file and what is known of it before it is read: recipe, day, hash, corrections."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from etl import remembered
from etl.correct import Correction, find_corrections
from etl.errors import SourceError
from etl.recipe import Recipe, beside, day_in_name, find_recipe
from geodata import fingerprint
from layers import Theme, themes


@dataclass(frozen=True, slots=True)
class Job:
    """A file and what is known of it before it is read.

    Parameters
    ----------
    file : Path
    recipe : Recipe
    theme : Theme
    as_of : date
        The day of the data.
    as_of_from : str
        "recipe", "file name", "file time" or "operator".
    sha256 : str
        Of the bytes of the file (of a folder: of its files in order).
    bytes : int
    operator : str
    corrections : tuple of Correction
    corrected_in : Path
        The file of corrections.
    mends : int, optional
        The load that had set these rows aside, which now come back.
    reason : str, optional
        Why it is loaded, in the operator's words.
    rehearsal : int, optional
        The rehearsal that has to be met.
    by_headers : bool
        Whether the recipe is one of an earlier file, found by the headers.
    only_clean : bool
        Whether it is not to be loaded when more rows than the tolerance would be set aside.
    """

    file: Path
    recipe: Recipe
    theme: Theme
    as_of: date
    as_of_from: str
    sha256: str
    bytes: int
    operator: str
    corrections: tuple[Correction, ...]
    corrected_in: Path
    mends: int | None = None
    reason: str | None = None
    rehearsal: int | None = None
    by_headers: bool = False
    only_clean: bool = False

    @property
    def partial(self) -> bool:
        """Whether rows of the source that do not come stay as they are."""
        return self.mends is not None or self.recipe.partial

    def written(self) -> dict[str, Any]:
        """Everything besides the bytes that decides what a load does, as the ledger keeps it."""
        said = self.recipe.written() | {"declaration": fingerprint.of_declaration(self.theme)}
        if self.corrections:
            said["corrections"] = [repr(each) for each in self.corrections]
        # As JSON gives it back: a tuple of a recipe is a list in the ledger.
        return dict(json.loads(json.dumps(said | ({"mends": self.mends} if self.mends else {}))))


def prepare(
    file: Path,
    theme: str | None = None,
    recipe: Path | None = None,
    as_of: date | None = None,
    operator: str = "operator",
    *,
    reason: str | None = None,
    rehearsal: int | None = None,
) -> Job:
    """Find the recipe, the day and the hash of a file.

    Raises
    ------
    SourceError, CorrectionError
        No such file, or a recipe or correction that cannot be used.
    """
    if not file.exists():
        raise SourceError(str(file), "there is no such file", "check the path")
    kept = None if recipe or beside(file) else remembered.find(file, theme)
    known = kept if kept and remembered.is_of(kept, file) else None
    if kept and known is None and theme is None:
        raise SourceError(
            str(file),
            "nothing says which theme it is",
            f"give --theme NAME, or --recipe {kept}, which knows its headers",
        )
    said = find_recipe(file, theme, recipe or known)
    days = {"operator": as_of, "recipe": said.as_of, "file name": day_in_name(file)}
    days["file time"] = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC).date()
    source_of_day, day = next((name, day) for name, day in days.items() if day)
    sha256, size = hash_of(file)
    place_, corrections = find_corrections(file)
    return Job(
        file, said, themes()[said.theme], day, source_of_day, sha256, size, operator, corrections, place_,
        reason=reason, rehearsal=rehearsal, by_headers=known is not None,
    )  # fmt: skip


def recipe_of(written: Mapping[str, Any], leaving: Collection[str] = ()) -> Recipe:
    """The recipe that a line of the ledger holds.

    Parameters
    ----------
    written : mapping
        Of `Job.written`.
    leaving : collection of str
        Words of it that do not hold any more.
    """
    known = {each.name for each in fields(Recipe)} - set(leaving)
    said: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in written.items() if name in known
    }
    if "as_of" in said:
        said["as_of"] = date.fromisoformat(said["as_of"])
    return Recipe(**said)


def hash_of(file: Path) -> tuple[str, int]:
    """SHA-256 and length of a file's bytes (of a folder: of its files in order).

    Raises
    ------
    SourceError
        It cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    try:
        for each in sorted(file.iterdir()) if file.is_dir() else [file]:
            for block in _blocks(each) if each.is_file() else ():
                digest.update(block)
                size += len(block)
    except OSError as problem:
        raise SourceError(str(file), f"it cannot be read ({problem.strerror})", "check its permissions") from None
    return digest.hexdigest(), size


def _blocks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while block := opened.read(1 << 20):
            yield block
