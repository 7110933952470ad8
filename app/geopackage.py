"""A collection as a GeoPackage: its features, their QGIS style, titles of fields and whence the data come."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from app.qml import qml, titled
from geodata import features, loads, published, units
from geodata.door import Door, Reader, Scope
from geodata.errors import UnknownCollection
from geodata.features import Asked, Feature
from geodata.published import Collection
from layers import OneMapError
from layers._field import Field, Kind
from layers._theme import Geometry

NUMBERS_AT_ONCE = 150_000
"""Numbers of units that one question asks: a second of the store, where it stops after ten."""

_TYPES: dict[Kind, Any] = {Kind.INTEGER: "int64", Kind.NUMBER: "float64", Kind.FLAG: "bool", Kind.DATE: "datetime64[D]"}
_NOTHING: dict[Kind, Any] = {Kind.INTEGER: 0, Kind.NUMBER: 0.0, Kind.FLAG: False, Kind.DATE: np.datetime64("1970-01-01")}
_SHAPES = {Geometry.POINT: "Point", Geometry.LINE: "MultiLineString", Geometry.AREA: "MultiPolygon"}


class ExportError(OneMapError):
    """Nothing can be written (a usage error, exit code 2)."""

    exit_code = 2


def export(door: Door, scope: Scope, name: str, file: Path, unit: str | None = None) -> int:
    """Write a collection to a new file; one that stands there is replaced when the new one is whole.

    Parameters
    ----------
    door : Door
    scope : Scope
        Whose eyes, and of which day.
    name : str
        A theme, or a level (units with all their indicators).
    file : Path
        Ends in .gpkg.
    unit : str, optional
        Code of the unit whose ground is meant.

    Returns
    -------
    int
        Features written.

    Raises
    ------
    UnknownCollection
        Nothing of that name is published.
    UnknownUnit
        There is no such unit in the reader's area.
    ExportError
        The file cannot be written, or would hold nothing.
    StoreError
        As `Door.ask`.
    """
    meant = published.collection(name)
    if file.suffix != ".gpkg":
        raise ExportError(str(file), "this is no name of a GeoPackage", "end it in .gpkg")
    if not file.parent.is_dir():
        raise ExportError(str(file.parent), "there is no such folder", "make it, or name another")
    half = file.with_suffix(".half.gpkg")
    try:
        count = door.ask(lambda reader: _written(reader, meant, half, unit), scope)
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
    return count


def _written(reader: Reader, meant: Collection, file: Path, unit: str | None) -> int:
    """All of one snapshot; begun anew when the door asks elsewhere."""
    file.unlink(missing_ok=True)
    if published.kept_back(reader, meant.name):
        raise UnknownCollection(meant.name, [each for each in published.collections() if not published.kept_back(reader, each)])
    if unit is not None:
        units.unit(reader, unit)
    count = 0
    for page in _pages(reader, meant, Asked(form="wkb", unit=unit, limit=_at_once(meant))):
        _append(meant, file, page, count > 0)
        count += len(page)
    if not count:
        raise ExportError(meant.name, "there is nothing to export", "choose another unit or day")
    with closing(sqlite3.connect(file)) as book, book:
        _titles(book, meant)
        _style(book, meant)
        _whence(book, meant, reader, unit, count)
    return count


def _at_once(meant: Collection) -> int:
    """Rows of a question: fewer where each brings all its indicators."""
    return min(20_000, NUMBERS_AT_ONCE // (1 + len(meant.indicators)))


def _pages(reader: Reader, meant: Collection, asked: Asked) -> Iterator[list[Feature]]:
    while page := features.find(reader, meant, asked):
        yield page
        asked = replace(asked, offset=asked.offset + len(page))


def _append(meant: Collection, file: Path, page: list[Feature], there: bool) -> None:
    import pyogrio.raw

    columns = [_column([each.values[field.name] for each in page], field) for field in meant.fields]
    shape = np.empty(len(page), dtype=object)
    shape[:] = [None if each.shape is None else bytes(each.shape) for each in page]
    pyogrio.raw.write(
        file, shape, [column for column, _ in columns], np.array([each.name for each in meant.fields], dtype=object),
        field_mask=[empty for _, empty in columns], layer=meant.name, driver="GPKG", crs="EPSG:4490", encoding="UTF-8",
        geometry_type=_SHAPES[meant.theme.geometry if meant.theme else Geometry.AREA], append=there, promote_to_multi=False,
        layer_options={} if there else {"IDENTIFIER": meant.title.zh, "DESCRIPTION": meant.about.zh},
    )  # fmt: skip


def _column(values: list[Any], field: Field) -> tuple[Any, Any]:
    """Values of a field with the mask of those that are missing."""
    empty = np.array([each is None for each in values], dtype=bool)
    if field.kind not in _TYPES:
        return np.array(values, dtype=object), None
    filled = [_NOTHING[field.kind] if each is None else each for each in values]
    return np.array(filled, dtype=_TYPES[field.kind]), empty


def _titles(book: sqlite3.Connection, meant: Collection) -> None:
    """Titles of columns and words of choices, as the GeoPackage Schema extension keeps them."""
    book.executescript("""
        CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
            definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
        CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
            mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
        CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
            min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
            CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
    """)
    rules = "http://www.geopackage.org/spec/#extension_schema"
    for name in ("gpkg_data_columns", "gpkg_data_column_constraints"):
        book.execute("INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')", (name, rules))
    for field in meant.fields:
        rule = f"{meant.name}_{field.name}" if field.choices else None
        told = (meant.name, field.name, field.name, titled(field), field.title.en, rule)
        book.execute("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)", told)
        words = [(rule, each.value, each.title.zh) for each in field.choices]
        book.executemany("INSERT INTO gpkg_data_column_constraints VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)", words)


def _style(book: sqlite3.Connection, meant: Collection) -> None:
    """The table in which QGIS looks for a layer's style."""
    book.execute("""CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
        f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
        useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))""")
    book.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles')")
    column = book.execute("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (meant.name,)).fetchone()[0]
    told = (meant.name, column, meant.title.zh, qml(meant), meant.about.zh)
    book.execute("""INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD,
        useAsDefault, description, owner) VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '')""", told)  # fmt: skip


def _whence(book: sqlite3.Connection, meant: Collection, reader: Reader, unit: str | None, count: int) -> None:
    """Loads, files and days of the data, as the GeoPackage Metadata extension keeps them."""
    book.executescript("""
        CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
            md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
        CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
            timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
            CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id));
    """)
    rules = "http://www.geopackage.org/spec/#extension_metadata"
    for name in ("gpkg_metadata", "gpkg_metadata_reference"):
        book.execute("INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')", (name, rules))
    told = json.dumps(_record(meant, reader, unit, count), ensure_ascii=False, default=str)
    book.execute("INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'https://www.w3.org/TR/vocab-dcat-3/', 'application/json', ?)", (told,))
    book.execute("INSERT INTO gpkg_metadata_reference (reference_scope, table_name, md_file_id) VALUES ('table', ?, 1)", (meant.name,))


def _record(meant: Collection, reader: Reader, unit: str | None, count: int) -> dict[str, Any]:
    day = reader.scope.day
    names = {meant.name} if meant.theme else {each.split(".")[0] for each in meant.indicators.values()}
    newest = {(each.theme, each.source): each for each in reversed(loads.ledger(reader, None)) if each.theme in names and each.kind != "rollback" and each.stands}
    return {
        "title": {"zh": meant.title.zh, "en": meant.title.en}, "description": {"zh": meant.about.zh, "en": meant.about.en},
        "features": count, "unit": unit, "day": day, "exported": datetime.now(UTC).isoformat(timespec="seconds"),
        "loads": [
            {"load": each.id, "theme": each.theme, "source": each.source, "file": each.file, "sha256": each.sha256, "as_of": each.as_of,
             "publisher": each.publisher, "finished": each.finished}
            for each in newest.values()
        ],
    }  # fmt: skip
