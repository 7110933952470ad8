"""Bring a file: read, correct and clean it, whole or in parts; nothing is asked of the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from etl import mend, progress
from etl.clean import Cleaned, clean
from etl.correct import corrected
from etl.errors import SourceError
from etl.job import Job
from etl.read import Asked, Raw, is_large, read, read_parts
from etl.recipe import stem_of
from etl.shelf import Shelf
from geodata import fingerprint
from geodata.fingerprint import Hashes
from layers._theme import Geometry


@dataclass(slots=True)
class Brought:
    """A file, or a part of one, before it meets the store.

    Parameters
    ----------
    raw : Raw
        Its rows as they came, with known mistakes corrected.
    rows : Cleaned
        The same rows in our words.
    hashes : array of uint64, shape (n,)
        Equal for rows that say the same.
    former : list of (int, int)
        Of a mended file: the load and row under which its rows were set aside before.
    """

    raw: Raw
    rows: Cleaned
    hashes: Hashes
    former: list[tuple[int, int]]


def bring(job: Job) -> Brought:
    """Read, correct and clean a file as a whole.

    Raises
    ------
    SourceError, CorrectionError
        The file, its recipe or a correction cannot be used, or it does not fit into memory.
    """
    progress.step("read")
    (done,) = _brought(job, iter([read(job.file, Asked(job.theme, job.recipe))]))
    return done


def bring_parts(job: Job) -> Sequence[Brought]:
    """The same file; a large one lies on the disk in parts, of which one at a time is in memory.

    Parameters
    ----------
    job : Job
        Large files of points are brought in parts. Units find their places, and lines and areas their neighbours, among all
        rows of their file: they are brought whole, as far as memory reaches.

    Raises
    ------
    SourceError, CorrectionError
        As `bring` does.
    """
    theme = job.theme
    lone = theme.geometry is Geometry.POINT and theme.rung is None and theme.placed_by is None and job.mends is None
    if not (lone and is_large(job.file)):
        return [bring(job)]
    progress.step("read")
    shelf, spoken = Shelf[Brought](str(job.file)), set[frozenset[str]]()
    for each in _brought(job, read_parts(job.file, Asked(theme, job.recipe))):
        spoken |= _spoken(job, each)
        shelf.put(each)
        progress.step("read", min(1.0, len(shelf) / 64))
    if len(spoken) > 1:
        raise SourceError(
            str(job.file), "its directions are codes or words in some rows and degrees in others", "write degrees in all of them"
        )
    return shelf if len(shelf) > 1 else [shelf[0]]


def _spoken(job: Job, part: Brought) -> set[frozenset[str]]:
    """How the directions of a part were read: each part is looked at by itself, and all must say the same."""
    sight = job.theme.sight
    if sight is None or not sight.azimuth or not part.rows.frame[sight.azimuth].notna().any():
        return set()
    return {frozenset(name for name in part.rows.changes if name.startswith("direction "))}


def _brought(job: Job, raws: Iterator[Raw]) -> Iterator[Brought]:
    former: list[tuple[int, int]] = []
    for raw in corrected(_wanted(job, raws, former), job.corrected_in, job.corrections):
        progress.step("clean")
        rows = clean(str(job.file), raw, job.theme, job.recipe, stem_of(job.file))
        yield Brought(raw, rows, fingerprint.hashes(job.theme, rows.frame, rows.shapes), former)


def _wanted(job: Job, raws: Iterator[Raw], former: list[tuple[int, int]]) -> Iterator[Raw]:
    """Rows that the recipe asks for; the marks of mended ones are taken off, and kept in `former`."""
    for raw in raws:
        former += mend.take_marks(job, raw)
        _keep_only(job, raw)
        yield raw


def _keep_only(job: Job, raw: Raw) -> None:
    """Leave out the rows that the recipe's [only] does not name; they are other themes' rows, not lost ones."""
    for header, wanted in job.recipe.only.items():
        if header not in raw.frame:
            raise SourceError(
                str(job.file), f"no column {header}; it has {', '.join(raw.frame)}", "mend [only] of the recipe"
            )
        keep = raw.frame[header].isin(wanted if isinstance(wanted, list) else [wanted]).to_numpy()
        raw.changes["row left out by [only]"] += int((~keep).sum())
        raw.frame = raw.frame[keep]
        raw.shapes = None if raw.shapes is None else raw.shapes[keep]
