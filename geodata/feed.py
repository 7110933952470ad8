"""What a status feed sends, read: JSON over HTTP, or CSV, which may also be dropped as files (./onemap feed)."""

from __future__ import annotations

import argparse
import csv
import io
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from geodata import statuses
from geodata.errors import FeedError, StoreError
from geodata.statuses import Receipt, Report
from layers import Theme
from layers import theme as declared_theme

FIELDS = ("key", "state", "at")
LOOK_S = 1.0
"""Seconds between two looks into a watched folder."""


def receive(engine: Engine, theme: Theme, body: bytes, csv_text: bool = False) -> Receipt:
    """Read a batch, take it, and turn what it turns.

    Parameters
    ----------
    engine : Engine
        Of the primary.
    theme : Theme
        With a live field.
    body : bytes
        UTF-8: a JSON list of objects (or {"reports": [...]}) or CSV with a header; each has key, state and at, an ISO
        8601 time with its zone.
    csv_text : bool
        Whether it is CSV.

    Returns
    -------
    Receipt

    Raises
    ------
    FeedError
        It cannot be read, or holds more than `statuses.MOST` reports.
    StoreError
        The store is away; the same batch may be sent again.
    """
    reports, refused = read(theme, _rows_of_csv(body) if csv_text else _rows_of_json(body))
    try:
        done = statuses.take(engine, theme, reports)
        statuses.apply(engine, theme)
    except SQLAlchemyError as problem:
        raise StoreError("onemap store", "it did not take the batch", "send it again") from problem
    return Receipt(done.changed, done.unchanged, (*refused, *done.refused))


def read(theme: Theme, rows: Sequence[Any]) -> tuple[list[Report], list[str]]:
    """Reports that can be read, and a sentence for each of the others.

    Raises
    ------
    FeedError
        The batch holds more reports than are taken at a time.
    """
    if len(rows) > statuses.MOST:
        raise FeedError("feed", f"the batch holds {len(rows):,} reports", f"send at most {statuses.MOST:,} at a time")
    reports, refused = [], []
    for number, row in enumerate(rows, start=1):
        found = _report(theme, f"row {number}", row)
        reports.append(found) if isinstance(found, Report) else refused.append(found)
    return reports, refused


def _report(theme: Theme, place: str, row: Any) -> Report | str:
    if not isinstance(row, Mapping) or any(not isinstance(row.get(name), str) for name in FIELDS):
        return f"{place}: it lacks one of {', '.join(FIELDS)} as text; give each of them."
    choices = theme.field(str(theme.live)).choices
    state = next((each.value for each in choices if row["state"].strip() in each.spellings()), None)
    if state is None:
        return f"{place}: {row['state'][:40]!r} is no state of {theme.name}; use {', '.join(each.value for each in choices)}."
    try:
        at = datetime.fromisoformat(row["at"].strip())
    except ValueError:
        return f"{place}: {row['at'][:40]!r} is no time; write 2026-01-31T08:00:00+08:00."
    if at.tzinfo is None:
        return f"{place}: {row['at'][:40]!r} has no time zone; write 2026-01-31T08:00:00+08:00."
    return Report(place, row["key"].strip(), state, at.astimezone(UTC))


def _rows_of_json(body: bytes) -> list[Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise FeedError("feed", "the body is no JSON", "send a list of {key, state, at}") from None
    rows = said.get("reports") if isinstance(said, dict) else said
    if not isinstance(rows, list):
        raise FeedError("feed", "the body holds no list of reports", "send a list of {key, state, at}")
    return rows


def _rows_of_csv(body: bytes) -> list[dict[str, Any]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FeedError("feed", "the text is not UTF-8", "save it as UTF-8") from None
    reader = csv.DictReader(io.StringIO(text))
    if not set(FIELDS) <= set(reader.fieldnames or ()):
        raise FeedError("feed", "the header lacks key, state or at", "begin with the line key,state,at")
    return list(reader)


def main(arguments: Sequence[str]) -> int:
    """Take CSV files, or those that come into a folder.

    Parameters
    ----------
    arguments : sequence of str
        After the word ``feed``.

    Returns
    -------
    int
        Exit code: 0 done, 1 something was refused.

    Raises
    ------
    FeedError
        The theme has no live state.
    """
    from geodata.store import engine

    asked = _parser().parse_args(list(arguments))
    theme = declared_theme(asked.theme)
    if theme.name not in statuses.live_themes():
        raise FeedError(theme.name, "its rows have no live state", f"use one of {', '.join(statuses.live_themes())}")
    refused = 0
    while True:
        for file in _files(asked.path):
            refused += _taken(engine(), theme, file, asked.path.is_dir())
        if not asked.watch:
            return int(refused > 0)
        time.sleep(LOOK_S)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onemap feed", description="take states of rows (key,state,at) from CSV files")
    parser.add_argument("path", type=Path, metavar="FILE|FOLDER", help="files of a folder move to its folder taken/, each with a receipt")
    parser.add_argument("--theme", default="cameras", help="a theme with a live field (default: cameras)")
    parser.add_argument("--watch", action="store_true", help="go on with every file that comes")
    return parser


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(path.glob("*.csv"))
    elif path.is_file():
        yield path
    else:
        raise FeedError(str(path), "there is no such file or folder", "name one that exists")


def _taken(engine: Engine, theme: Theme, file: Path, moving: bool) -> int:
    """Take one file, write its receipt; the number of refusals."""
    from geodata.status_numbers import count

    try:
        receipt = receive(engine, theme, file.read_bytes(), csv_text=True)
    except FeedError as problem:
        receipt = Receipt(0, 0, (str(problem),))
    count(engine, theme)
    print(f"{file.name}: {receipt.changed} changed, {receipt.unchanged} unchanged, {len(receipt.refused)} refused")
    for each in receipt.refused[:20]:
        print(f"  {each}")
    if moving:
        taken = file.parent / "taken"
        taken.mkdir(exist_ok=True)
        told = {"changed": receipt.changed, "unchanged": receipt.unchanged, "refused": receipt.refused}
        (taken / f"{file.stem}.receipt.json").write_text(json.dumps(told, ensure_ascii=False, indent=2), "utf-8")
        file.replace(taken / file.name)
    return len(receipt.refused)
