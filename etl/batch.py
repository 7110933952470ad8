"""Several files one after the other: the indicators are measured once for each day of data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from etl import progress
from etl.errors import SourceError
from etl.measure import Touched
from etl.pipeline import Job, Report, load, measure_waiting
from geodata import ready
from layers import OneMapError


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one file of several.

    Parameters
    ----------
    file : Path
    report : Report, optional
        None when the file was refused.
    refusal : OneMapError, optional
        Why.
    """

    file: Path
    report: Report | None = None
    refusal: OneMapError | None = None


def load_all(engine: Engine, files: Sequence[Path], prepared: Callable[[Path], Job]) -> Iterator[Done]:
    """Load files in order; one that is refused stops no other.

    Parameters
    ----------
    engine : Engine
    files : sequence of Path
    prepared : callable
        File -> job; may refuse.

    Yields
    ------
    Done
        For each file, as soon as it stands in the store.
    """
    jobs = [_prepared(file, prepared) for file in files]
    waiting: Touched = {}
    day: date | None = None
    for n, job in enumerate(jobs):
        if isinstance(job, Done):
            yield job
            continue
        following = next((each for each in jobs[n + 1 :] if isinstance(each, Job)), None)
        last_of_day = following is None or following.as_of != job.as_of
        try:
            report = load(engine, job, waiting, measuring=last_of_day)
        except OneMapError as refusal:
            yield Done(job.file, refusal=refusal)
            continue
        waiting, day = report.touched, max(job.as_of, day or job.as_of)
        yield Done(job.file, report)
    if waiting and day:
        measure_waiting(engine, day, waiting)
    progress.step("tiles")
    ready.fill(engine)


def _prepared(file: Path, prepared: Callable[[Path], Job]) -> Job | Done:
    try:
        return prepared(file)
    except OneMapError as refusal:
        return Done(file, refusal=refusal)


def listed(folder: Path, months: int | None = None) -> list[Path]:
    """The files of a sample's folder in the order of its manifest.

    Parameters
    ----------
    folder : Path
        With a manifest.json.
    months : int, optional
        Take the newest months only of what comes monthly.

    Raises
    ------
    SourceError
        There is no manifest, or it is broken.
    """
    place = folder / "manifest.json"
    try:
        files = json.loads(place.read_text("utf-8"))["files"]
        themes = [each["theme"] for each in files]
        days = sorted({each["as_of"] for each in files if themes.count(each["theme"]) > 1})[-(months or 0) :]
        return [folder / each["file"] for each in files if themes.count(each["theme"]) == 1 or each["as_of"] in days]
    except FileNotFoundError:
        raise SourceError(str(folder), "it holds no manifest.json", "make the sample with ./onemap sample") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise SourceError(str(place), "it is broken", "delete the folder and make the sample again") from None
