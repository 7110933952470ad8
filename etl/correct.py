"""Known mistakes of a source, corrected as data: each with its reason, and a guard that fails when the source is mended.

`cameras.corrections.toml` beside `cameras_2025-11.xlsx`::

    [[correction]]
    match = {"设备编码" = "99010100001320000001"}     # their headers; the rows to correct
    expect = {"设备状态" = "9"}                         # what must stand there still
    set = {"设备状态" = "2"}
    reason = "sent as 9 by the office until its next survey"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from etl.errors import CorrectionError
from etl.read.raw import Raw
from etl.recipe import stem_of, stream_of
from etl.values import spelled


@dataclass(frozen=True, slots=True)
class Correction:
    """One known mistake: where it is, what stands there, what belongs there, and why."""

    match: dict[str, Any]
    set: dict[str, Any]
    reason: str
    expect: dict[str, Any]


def find_corrections(file: Path) -> tuple[Path, tuple[Correction, ...]]:
    """The corrections beside a file.

    Raises
    ------
    CorrectionError
        They are no TOML, or hold another word than match, expect, set and reason.
    """
    beside = [file.parent / f"{stem}.corrections.toml" for stem in (stem_of(file), stream_of(file))]
    path = next((each for each in beside if each.is_file()), None)
    if path is None:
        return beside[-1], ()
    try:
        said = tomllib.loads(path.read_text("utf-8-sig"))
        return path, tuple(Correction(**{"expect": {}, **each}) for each in said.get("correction", ()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as problem:
        raise CorrectionError(
            str(path), f"it cannot be used ({problem})", "give each [[correction]] match, set and reason"
        ) from None


def correct(raw: Raw, place: Path, corrections: tuple[Correction, ...]) -> Raw:
    """Rows with their known mistakes corrected; each corrected row is counted.

    Raises
    ------
    CorrectionError
        A correction matches no row, or its guard no longer holds: the source has changed.
    """
    (done,) = corrected([raw], place, corrections)
    return done


def corrected(parts: Iterable[Raw], place: Path, corrections: tuple[Correction, ...]) -> Iterator[Raw]:
    """The parts of a file with their known mistakes corrected; each corrected row is counted.

    Raises
    ------
    CorrectionError
        A correction matches no row of the file, or its guard no longer holds: the source has changed.
    """
    unmet = dict(enumerate(corrections, start=1))
    for raw in parts:
        met = _correct(raw, place, corrections)
        unmet = {n: each for n, each in unmet.items() if n not in met}
        yield raw
    for n, each in unmet.items():
        raise CorrectionError(
            f"{place}, correction {n}", f"no row has {_said(each.match)}", "the source has changed: drop the correction"
        )


def _correct(raw: Raw, place: Path, corrections: tuple[Correction, ...]) -> set[int]:
    """Correct one part; the numbers of the corrections that found rows in it."""
    met = set()
    for n, each in enumerate(corrections, start=1):
        at = f"{place}, correction {n}"
        rows = _matched(at, raw.frame, each.match)
        if not rows.any():
            continue
        met.add(n)
        if not (_matched(at, raw.frame[rows], each.expect)).all():
            raise CorrectionError(
                at, f"{_said(each.expect)} no longer holds", "the source has changed: drop the correction"
            )
        for header, value in each.set.items():
            raw.frame[header] = raw.frame[header].astype(object).where(~rows, value)
        raw.changes[f"corrected: {each.reason}"] += int(rows.sum())
    return met


def _matched(place: str, frame: pd.DataFrame, wanted: dict[str, Any]) -> pd.Series:
    rows = pd.Series(True, index=frame.index)
    for header, value in wanted.items():
        if header not in frame:
            raise CorrectionError(place, f"the file has no column {header!r}", f"use one of {', '.join(frame.columns)}")
        rows &= frame[header].map(lambda each: "" if each is None else spelled(each)) == spelled(value)
    return rows


def _said(wanted: dict[str, Any]) -> str:
    return " and ".join(f"{header} = {value!r}" for header, value in wanted.items())
