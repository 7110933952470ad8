"""Playlists of walls: which views are shown one after the other, for how long and when; kept as they were written."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Column, DateTime, MetaData, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from geodata.door import Reader


def add_playlists(every: MetaData) -> None:
    """Add the table of playlists to the store's metadata."""
    Table(
        "playlists", every,
        Column("name", Text, primary_key=True),
        Column("scenes", JSONB, nullable=False, comment="a list; app/scenes/playlist.py says of what"),
        Column("operator", Text, nullable=False),
        Column("changed", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )  # fmt: skip


def names(reader: Reader) -> list[str]:
    """Every playlist, by name."""
    return [row["name"] for row in reader.all("SELECT name FROM onemap.playlists ORDER BY name")]


def find(reader: Reader, name: str) -> list[Any] | None:
    """The scenes of a playlist as they were written; None where there is no such playlist."""
    found = reader.first("SELECT scenes FROM onemap.playlists WHERE name = :name", name=name)
    return None if found is None else found["scenes"]


def put(writer: Reader, name: str, scenes: list[Any], operator: str) -> None:
    """Keep a playlist in the place of the one of its name; without scenes there is none any more (see `geodata.writing.write`)."""
    if not scenes:
        writer.value("DELETE FROM onemap.playlists WHERE name = :name RETURNING name", name=name)
        return
    writer.value(
        """INSERT INTO onemap.playlists (name, scenes, operator) VALUES (:name, CAST(:scenes AS jsonb), :operator)
        ON CONFLICT (name) DO UPDATE SET scenes = excluded.scenes, operator = excluded.operator, changed = now() RETURNING name""",
        name=name, scenes=json.dumps(scenes, ensure_ascii=False), operator=operator,
    )  # fmt: skip
