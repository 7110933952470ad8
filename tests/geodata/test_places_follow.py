"""Who alone sees a place: equal to taking each camera away in turn; and what a few changed rows leave is what a full look finds."""

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from etl import pipeline
from geodata import places, sights
from geodata.aggregates import differences
from geodata.conditions import sql
from layers import theme
from tests.etl import files
from tests.geodata.laid import lay_units, nested, put

CAMERAS = theme("cameras")
BOX = shapely.box(124.0, 30.0, 124.01, 30.01)


def some(rng, n):
    return [
        {"key": f"{i:020d}", "geom": shapely.Point(*rng.uniform((124.0, 30.0), (124.01, 30.01))), "azimuth": float(rng.integers(0, 360)),
         "angle": 80.0, "distance": float(rng.choice([60, 150, 300])), "shape": rng.choice(["dome", "fixed"]),
         "status": rng.choice(["in_use", "repair"]), "online": rng.choice(["online", "offline"]), "networked": "networked"}
        for i in range(n)
    ]  # fmt: skip


@pytest.fixture(params=[1, 2])
def ground(store, request):
    rng = np.random.default_rng(request.param)
    units = nested(BOX, ways=(2, 2))
    with store.begin() as connection:
        paths = lay_units(connection, units)
        put(connection, "cameras", some(rng, 25), units, paths)
        spots = rng.uniform((124.0, 30.0), (124.01, 30.01), (60, 2))
        put(connection, "entrances", [{"key": str(i), "geom": shapely.Point(*each)} for i, each in enumerate(spots)], units, paths)
        places.rebuild(connection, CAMERAS)
    return store, rng


def unseen(connection, least):
    rows = connection.execute(text('SELECT "row" FROM onemap.places WHERE state < :least'), {"least": least})
    return set(rows.scalars())


@pytest.mark.parametrize(("column", "least", "where"), [("sole", 1, ()), ("sole_now", 2, CAMERAS.sight.effective)])
def test_what_one_camera_alone_sees_is_what_is_lost_when_it_is_taken_away(ground, column, least, where):
    store, _ = ground
    with store.connect() as connection, connection.begin() as begun:
        binds = {}
        ids = list(connection.execute(text(f"SELECT id FROM onemap.cameras t WHERE {sql(CAMERAS, where, binds)} ORDER BY id"), binds).scalars())
        said = connection.execute(text(f'SELECT {column}, array_agg("row") FROM onemap.places WHERE {column} IS NOT NULL GROUP BY 1'))
        alone = {row[0]: set(row[1]) for row in said}
        before = unseen(connection, least)
        lost = {}
        for camera in ids:
            with connection.begin_nested() as taken:
                connection.execute(text("DELETE FROM onemap.cameras WHERE id = :id"), {"id": camera})
                places.rebuild(connection, CAMERAS)
                if gone := unseen(connection, least) - before:
                    lost[camera] = gone
                taken.rollback()
        begun.rollback()
    assert alone == lost and len(lost) > 2


def test_a_few_changed_rows_leave_what_a_full_look_finds(ground):
    store, rng = ground
    with store.begin() as connection:
        ids = list(connection.execute(text("SELECT id FROM onemap.cameras ORDER BY id")).scalars())
        for camera in rng.choice(ids, 6, replace=False).tolist():
            connection.execute(text("UPDATE onemap.cameras SET distance = 420 - distance, azimuth = 17, online = 'online' WHERE id = :id"), {"id": camera})
            sights.rebuild(connection, CAMERAS, [camera])
            assert places.rebuild(connection, CAMERAS, [camera]) < 60
            connection.execute(text("DROP TABLE changed_reach"))
            assert places.differing(connection, CAMERAS) == []
        entrance = connection.execute(text("UPDATE onemap.entrances SET geom = ST_Translate(geom, 0.001, 0) WHERE key = '3' RETURNING id")).scalar()
        assert places.rebuild(connection, theme("entrances"), [entrance]) == 1
        assert places.differing(connection, CAMERAS) == []


HEAD = "设备编码,设备名称,经度,纬度,设备状态,联网属性,监视方位,可视距离"


def row(number, distance):
    return f"9901010000131{number:07d},点{number},124.00{number},30.005,1,0,90,{distance}"


def test_a_partial_file_changes_its_rows_and_leaves_the_others(store, tmp_path):
    with store.begin() as connection:
        lay_units(connection, nested(BOX, ways=(2, 2)))
    first = files.text(tmp_path / "cameras.csv", "\n".join([HEAD, *(row(n, 50) for n in range(1, 9)), ""]))
    pipeline.load(store, pipeline.prepare(first, "cameras"))
    news = files.text(tmp_path / "news.csv", "\n".join([HEAD, row(3, 120), ""]))
    files.text(tmp_path / "news.toml", 'theme = "cameras"\nsource = "cameras"\npartial = true\n')
    done = pipeline.load(store, pipeline.prepare(news, "cameras"))
    with store.connect() as connection:
        far = connection.execute(text("SELECT array_agg(distance ORDER BY key) FROM onemap.cameras")).scalar()
        assert not [each for each in differences(connection) if not each.place.startswith(("ladder", "drawn"))]
    assert (done.load.added, done.load.changed, done.load.removed) == (0, 1, 0)
    assert sorted(far) == [50.0] * 7 + [120.0]
