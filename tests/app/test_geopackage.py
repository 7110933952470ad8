"""A GeoPackage that is written is read back: features, style, titles, origin; and what cannot be written is refused."""

from __future__ import annotations

import datetime
import json
import re
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyogrio
import pytest
from sqlalchemy import Engine, text

from app.geopackage import ExportError, export
from app.qml import qml
from geodata import published, tables
from geodata.door import Door, Scope
from geodata.errors import UnknownCollection, UnknownUnit
from layers import themes
from tests.small_city import WEST, lay


@pytest.fixture(scope="module")
def door(new_database: Callable[[str], Engine]) -> Door:
    engine = new_database("exported")
    tables.create_all(engine)
    lay(engine)
    with engine.begin() as connection:
        connection.execute(text("""INSERT INTO onemap.loads (id, theme, source, file, sha256, bytes, recipe, operator, as_of, started, finished,
            rows_in, added, changed, removed, unchanged, set_aside, duplicates, changes) VALUES
            (2, 'cameras', 'cameras', '点位.xlsx', 'ab', 1, '{"publisher": "县公安局"}', 'me', '2026-02-28', now(), now(), 1000, 1000, 0, 0, 0, 0, 0, '{}')"""))
    return Door(engine)


@pytest.fixture(scope="module")
def file(door: Door, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("out") / "点位.gpkg"
    assert export(door, Scope(), "cameras", made) == 1000
    return made


def test_every_row_comes_back_with_its_values(file: Path) -> None:
    found = pyogrio.read_dataframe(file, layer="cameras")
    assert (len(found), found.crs.to_epsg()) == (1000, 4490)
    assert found.set_index("code").loc["c17", "name"] == "点17"
    assert found["keeps_days"].isna().all()
    assert (found["online"] == "offline").sum() == 200


def test_the_file_is_sound_and_says_whence_it_comes(file: Path) -> None:
    with closing(sqlite3.connect(file)) as book:
        assert book.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert book.execute("PRAGMA foreign_key_check").fetchall() == []
        assert book.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        told = json.loads(book.execute("SELECT metadata FROM gpkg_metadata").fetchone()[0])
        titles = dict(book.execute("SELECT column_name, title FROM gpkg_data_columns").fetchall())
        words = dict(book.execute("SELECT value, description FROM gpkg_data_column_constraints WHERE constraint_name = 'cameras_online'").fetchall())
    assert [(each["file"], each["publisher"], each["as_of"]) for each in told["loads"]] == [("点位.xlsx", "县公安局", "2026-02-28")]
    assert titles["online"] == "在线状态"
    assert words["offline"] == "离线"
    assert pyogrio.read_info(file, layer="cameras")["layer_metadata"]["IDENTIFIER"] == "监控点位"


def test_the_file_keeps_the_standard(file: Path) -> None:
    """What OGC 12-128r18 requires (R2, R5-R17, R19-R33, R75-R79, R146), asked of the bytes by SQLite alone."""
    with closing(sqlite3.connect(file)) as book:

        def ask(question: str) -> list[tuple[Any, ...]]:
            return book.execute(question).fetchall()

        assert file.read_bytes()[:16] == b"SQLite format 3\0"
        assert ask("PRAGMA user_version")[0][0] >= 10200
        known = {row[0]: row for row in ask("SELECT srs_id, organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys")}
        assert {-1, 0, 4326, 4490} <= set(known) and known[4490][1:3] == ("EPSG", 4490) and known[4490][3].startswith(("GEOGCS", "GEOGCRS"))
        ((table, kind, changed, *box, srs),) = ask(
            "SELECT table_name, data_type, last_change, min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents WHERE data_type = 'features'"
        )
        assert (table, kind, srs) == ("cameras", "features", 4490)
        assert datetime.datetime.strptime(changed, "%Y-%m-%dT%H:%M:%S.%f%z").tzinfo is not None
        assert ask("SELECT column_name, geometry_type_name, srs_id, z, m FROM gpkg_geometry_columns WHERE table_name = 'cameras'") == [("geom", "POINT", 4490, 0, 0)]
        columns = {row[1]: row[2:] for row in ask("PRAGMA table_info(cameras)")}
        legal = r"(BOOLEAN|TINYINT|SMALLINT|MEDIUMINT|INT|INTEGER|FLOAT|DOUBLE|REAL|TEXT(\(\d+\))?|BLOB(\(\d+\))?|DATE|DATETIME|POINT)"
        assert all(re.fullmatch(legal, each[0]) for each in columns.values()), columns
        assert [(name, each[0]) for name, each in columns.items() if each[3]] == [("fid", "INTEGER")]
        shapes = [row[0] for row in ask("SELECT geom FROM cameras")]
        heads = [struct.unpack("<2sBBi", each[:8]) for each in shapes]
        assert {(magic, version, flags & 1, srs) for magic, version, flags, srs in heads} == {(b"GP", 0, 1, 4490)}
        at = np.array([struct.unpack("<BIdd", each[8 + _ENVELOPE[flags >> 1 & 7] :]) for each, (_, _, flags, _) in zip(shapes, heads, strict=True)])
        assert (at[:, 1] == 1).all() and box == [*at[:, 2:].min(axis=0), *at[:, 2:].max(axis=0)]
        assert ("cameras", "geom", "gpkg_rtree_index") in ask("SELECT table_name, column_name, extension_name FROM gpkg_extensions")
        assert ask("SELECT count(*) FROM rtree_cameras_geom JOIN cameras ON id = fid") == [(len(shapes),)]
        there = {row[0] for row in ask("SELECT name FROM sqlite_master")}
        assert {row[0] for row in ask("SELECT table_name FROM gpkg_extensions UNION SELECT table_name FROM gpkg_contents") if row[0]} <= there
        described = {row[0] for row in ask("SELECT column_name FROM gpkg_data_columns WHERE table_name = 'cameras'")}
        assert described <= set(columns)
        assert not ask("SELECT constraint_name FROM gpkg_data_columns WHERE constraint_name NOT IN (SELECT constraint_name FROM gpkg_data_column_constraints)")


_ENVELOPE = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
"""Bytes of the box before a geometry, by three bits of its flags (table 6 of the standard)."""


def test_the_style_in_it_names_each_state_with_its_colour(file: Path) -> None:
    with closing(sqlite3.connect(file)) as book:
        table, column, said, default = book.execute("SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles").fetchone()
    assert (table, column, default) == ("cameras", "geom", 1)
    top = ElementTree.fromstring(said)
    categories = {each.get("value"): each.get("symbol") for each in top.iter("category")}
    inks = {each.get("name"): each.find(".//Option[@name='color']").get("value") for each in top.iter("symbol")}  # type: ignore[union-attr]
    assert set(categories) == {"online", "offline", ""}
    assert inks[categories["online"]] != inks[categories["offline"]]


@pytest.mark.parametrize("name", list(themes()))
def test_every_theme_has_a_style_that_is_xml(name: str) -> None:
    top = ElementTree.fromstring(qml(published.collection(name)))
    assert {each.get("field") for each in top.iter("alias")} == {each.name for each in published.collection(name).fields}


def test_units_come_with_their_indicators_and_a_unit_and_a_day_are_kept_to(door: Door, tmp_path: Path) -> None:
    assert export(door, Scope(), "county", tmp_path / "county.gpkg") == 2
    assert "cameras_online" in pyogrio.read_info(tmp_path / "county.gpkg", layer="county")["fields"]
    assert export(door, Scope(), "cameras", tmp_path / "west.gpkg", WEST) == 500
    assert export(door, Scope(day=datetime.date(2026, 1, 31)), "cameras", tmp_path / "old.gpkg") == 900


def test_what_cannot_be_written_leaves_the_old_file_alone(door: Door, tmp_path: Path) -> None:
    there = tmp_path / "old.gpkg"
    there.write_text("old")
    with pytest.raises(UnknownUnit):
        export(door, Scope(), "cameras", there, "1")
    with pytest.raises(ExportError, match="halls: there is nothing to export; choose another unit or day"):
        export(door, Scope(), "halls", there)
    with pytest.raises(ExportError, match=r"this is no name of a GeoPackage; end it in \.gpkg"):
        export(door, Scope(), "cameras", tmp_path / "x.shp")
    with pytest.raises(UnknownCollection, match="nothing of that name is published"):
        export(door, Scope(), "nix", there)
    assert there.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["old.gpkg"]
