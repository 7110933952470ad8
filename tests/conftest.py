"""The grounds the tests stand on: a real PostGIS, thrown away at the end of the run.

``store_url``     address of an empty PostGIS database for the run
``new_database``  makes one more database beside it, for fixtures that load once and are read by many tests
``store``         engine on an empty schema ``onemap``; the settings of the process point to it (``engine`` is the same)
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import hypothesis
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

import etl  # noqa: F401 - it switches off GDAL's other drivers, before any test imports GDAL
from geodata import cluster
from geodata import store as the_store
from geodata.settings import settings

pytest_plugins = ["tests.golden_files"]

# How long the first value takes says how busy the machine is, not how the test is made.
hypothesis.settings.register_profile("onemap", suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("onemap")


def pytest_report_header() -> list[str]:
    names = ("dash", "plotly", "shapely", "geopandas", "SQLAlchemy")
    found = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    outside = settings().test_database_url
    return [f"onemap: {found}", f"store: {outside or 'throw-away PostGIS cluster'}"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes or hours, unless it is asked for by its mark."""
    if not config.option.markexpr:
        long = [each for each in items if {"slow", "soak"} & {mark.name for mark in each.iter_markers()}]
        config.hook.pytest_deselected(items=long)
        items[:] = [each for each in items if each not in long]
    items.sort(key=_how_late)


LONGEST_FIRST = (
    "walks/test_real_cities", "walks/test_wall_faults", "walks/test_browser", "walks/test_wall", "walks/test_shading", "faults/", "walks/",
    "app/test_map_browser", "app/test_live", "app/test_remote", "app/test_serving", "etl/test_aggregates", "geodata/test_ahead",
    "geodata/test_following", "geodata/test_foreground", "house/test_launcher", "geodata/", "app/",
)  # fmt: skip
"""Beginnings of files in the order of their seconds: a file is the smallest part that goes to a process, and one that
takes a minute must not be what the others wait for at the end."""


def _how_late(item: pytest.Item) -> int:
    file = item.nodeid.removeprefix("tests/")
    return next((at for at, start in enumerate(LONGEST_FIRST) if file.startswith(start)), len(LONGEST_FIRST))


@pytest.fixture(scope="session")
def store_url() -> Iterator[URL]:
    outside = settings().test_database_url
    if outside:
        yield outside
        return
    with cluster.temporary() as made:
        yield made.url()


@pytest.fixture(scope="session")
def new_database(store_url: URL) -> Iterator[Callable[[str], Engine]]:
    """Return a function that makes a database of a name, with PostGIS, and gives its engine."""
    outer = the_store.connect(store_url).execution_options(isolation_level="AUTOCOMMIT")
    made: dict[str, Engine] = {}

    def make(name: str) -> Engine:
        with outer.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        made[name] = the_store.connect(store_url.set(database=name))
        with made[name].begin() as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
        return made[name]

    yield make
    for name, engine in made.items():
        engine.dispose()
        with outer.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    outer.dispose()


@contextmanager
def standing_on(url: URL) -> Iterator[None]:
    """Point the settings of this process, and of the processes it starts, to a store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONEMAP_DATABASE_URL", url.render_as_string(hide_password=False))
        _forget()
        yield
    _forget()


def _forget() -> None:
    settings.cache_clear()
    the_store.engine.cache_clear()


@pytest.fixture
def store(store_url: URL, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    recipes = tmp_path_factory.mktemp("home") / "recipes"
    monkeypatch.setattr("etl.remembered.folder", lambda: recipes)
    engine = the_store.connect(store_url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS onemap CASCADE"))
    _make_tables(engine)
    with standing_on(store_url):
        yield engine
    engine.dispose()


@pytest.fixture
def engine(store: Engine) -> Engine:
    return store


def _make_tables(engine: Engine) -> None:
    if importlib.util.find_spec("geodata.tables"):
        importlib.import_module("geodata.tables").create_all(engine)
