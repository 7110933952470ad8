"""Aggregates are true after any loads, found out when they are not, and put right again."""

from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import text

from etl import pipeline, rollback
from geodata import aggregates, measure, rebuilding, store, tables
from geodata.__main__ import main as geodata
from tests.etl.files import text as written
from tests.geodata.laid import lay_units, nested

SHAPES, STATES = ["球机", "枪机", "半球"], ["在用", "维修", "拆除"]
HEAD = "设备编码,设备名称,摄像机类型,监视方位,水平视场角,可视距离,设备状态,联网属性,设备在线状态,经度,纬度\n"
DAY = date(2026, 1, 31)


def camera(rng, number):
    lon, lat = rng.uniform((123.999, 29.999), (124.041, 30.031))  # some outside every unit
    azimuth, angle, far = rng.integers(0, 360), rng.choice(["", 60, 90, 200]), rng.choice(["", 40, 150, 400])
    kind, state = rng.choice(SHAPES), rng.choice(STATES)
    joined, online = rng.choice(["已联网", "未联网"]), rng.choice(["在线", "离线"])
    said = f"{kind},{azimuth},{angle},{far},{state},{joined},{online},{lon:.7f},{lat:.7f}"
    return f"9901010000132{number:07d},点{number},{said}"


def crossing(rng, number):
    lon, lat = rng.uniform((124, 30), (124.04, 30.03))
    return f"K{number:05d},路口{number},主干路口,{lon:.7f},{lat:.7f}"


def load(engine, folder, theme, head, rows, step):
    file = written(folder / f"{theme}_{step}.csv", head + "\n".join(rows.values()) + "\n")
    return pipeline.load(engine, pipeline.prepare(file, theme, as_of=DAY + timedelta(days=step)))


def cameras_of(rng, n):
    return {number: camera(rng, number) for number in range(n)}


@pytest.fixture
def ground(store):
    with store.begin() as connection:
        units = nested(ways=(3, 3, 3))
        lay_units(connection, units, {code: 700 for code in units})
        connection.execute(text("INSERT INTO onemap.versions VALUES ('ladder', 1)"))
    return store


def found(engine):
    with engine.connect() as connection:
        return [str(each) for each in aggregates.differences(connection) if not each.place.startswith("drawn")]


@pytest.mark.parametrize("seed", range(3))
def test_after_any_loads_every_aggregate_is_what_a_recount_says(ground, tmp_path, monkeypatch, seed):
    parts = []
    planted = measure.tree.part
    monkeypatch.setattr(measure.tree, "part", lambda *asked: parts.append(planted(*asked)) or parts[-1])
    rng = np.random.default_rng(seed)
    rows = cameras_of(rng, 60)
    load(ground, tmp_path, "intersections", "编号,名称,路口类型,经度,纬度\n", {n: crossing(rng, n) for n in range(40)}, 0)
    load(ground, tmp_path, "cameras", HEAD, rows, 0)
    numbers = []
    for step in range(1, 6):
        for number in rng.choice(60, rng.integers(1, 6), replace=False).tolist():
            if rng.random() < 0.3:
                rows.pop(number, None)
            else:
                rows[number] = camera(rng, number)
        numbers.append(load(ground, tmp_path, "cameras", HEAD, rows, step).load.id)
        assert found(ground) == []
    rollback.roll_back(ground, numbers[-1], "tester")
    assert found(ground) == []
    # what is counted from rows, from sights, and near blind places, each in the units that it can differ in
    assert 7 <= len(parts) <= 3 * 7 and sum(each.is_part for each in parts) > 3 * 3, "only touched units are counted again"


BROKEN = {
    "UPDATE onemap.cells SET n = n + 1 WHERE z = 14 AND (cx, cy) = (SELECT cx, cy FROM onemap.cells WHERE z = 14 LIMIT 1)":
        ("cells of cameras, zoom 14", "cells", "cells"),
    "DELETE FROM onemap.cells WHERE z = 4": ("cells of cameras, zoom 4", "cells", "cells"),
    'DELETE FROM onemap.sights WHERE "row" = (SELECT min("row") FROM onemap.sights)': ("sights of cameras", "sights", "sights"),
    'UPDATE onemap.sights SET effective = NOT effective WHERE "row" = (SELECT min("row") FROM onemap.sights)':
        ("sights of cameras", "sights", "sights"),
    """UPDATE onemap.indicators SET numerator = numerator + 1 WHERE indicator = 'cameras.count' AND unit = '990101000000'""":
        ("indicator cameras.count", "units", "indicators"),
    "UPDATE onemap.cameras SET status = 'repair' WHERE status = 'in_use'": ("indicator cameras.intact", "units", "indicators"),
    "UPDATE onemap.cameras SET path = '990101000000/' WHERE id = (SELECT min(id) FROM onemap.cameras WHERE length(path) > 20)":
        ("cameras", "rows' places in the ladder", "ladder"),
}  # fmt: skip


@pytest.fixture
def loaded(ground, tmp_path):
    load(ground, tmp_path, "cameras", HEAD, cameras_of(np.random.default_rng(7), 40), 0)
    assert found(ground) == []
    return ground


def test_whatever_is_broken_by_hand_is_found_in_its_place(loaded):
    for broken, (place, what, part) in BROKEN.items():
        with loaded.connect() as connection, connection.begin() as begun:
            connection.execute(text(broken))
            said = [str(each) for each in aggregates.differences(connection)]
            begun.rollback()
        here = [each for each in said if each.startswith(f"{place}: ")]
        assert here and f" {what} differ: " in here[0] and here[0].endswith(f"; run ./onemap rebuild {part}."), (broken, said)


def test_one_finding_says_place_fact_and_remedy(loaded):
    with loaded.begin() as connection:
        connection.execute(
            text("UPDATE onemap.indicators SET numerator = 41 WHERE indicator = 'cameras.*' AND unit = '990101000000'")
        )
        inside = connection.execute(text("SELECT count(*) FROM onemap.cameras WHERE path IS NOT NULL")).scalar()
    assert found(loaded) == [
        f"indicator cameras.*: 1 units differ: unit 990101000000 says 41, counted {inside}; run ./onemap rebuild indicators."
    ]


def test_a_load_that_was_never_measured_is_found_and_is_measured_by_the_next(loaded, tmp_path):
    rows = cameras_of(np.random.default_rng(7), 45)
    file = written(tmp_path / "more.csv", HEAD + "\n".join(rows.values()) + "\n")
    pipeline.load(loaded, pipeline.prepare(file, "cameras", as_of=DAY), measuring=False)
    assert found(loaded)[0] == (
        "indicators: loads of cameras, cameras.around, cameras.sights were never measured; run ./onemap rebuild indicators."
    )
    pipeline.measure_waiting(loaded, DAY, {})
    assert found(loaded) == []


def test_borders_that_are_not_those_of_the_ladder_are_found(loaded):
    assert rebuilding.main(["drawn"]) == 0
    with loaded.begin() as connection:
        assert not [each for each in aggregates.differences(connection) if each.place.startswith("drawn")]
        connection.execute(text("DELETE FROM onemap.drawn WHERE level = 'town' AND zmax = 24"))
        (gone,) = [each for each in aggregates.differences(connection) if each.place.startswith("drawn")]
    assert str(gone).startswith("drawn, level town: 3 borders differ: unit 2 at zoom 13 says nothing, counted one")


def test_rebuilding_puts_everything_right(loaded, capsys):
    with loaded.begin() as connection:
        for broken in BROKEN:
            connection.execute(text(broken))
    assert geodata(["check-aggregates"]) == 1
    assert geodata(["rebuild"]) == 0
    assert geodata(["check-aggregates"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "check-aggregates: everything is what its rows say"
    assert geodata(["check-aggregates", "--json"]) == 0
    assert '"differences": []' in capsys.readouterr().out


def test_a_part_that_there_is_not_is_refused(loaded, capsys):
    with pytest.raises(SystemExit) as refused:
        rebuilding.main(["everything"])
    assert refused.value.code == 2
    assert "there is no part everything; use ladder, drawn, left, cells, grains, sights, places, audit, indicators, tiles" in capsys.readouterr().err


def test_tables_of_millions_get_their_indexes_with_their_first_rows(engine, tmp_path):
    question = "SELECT count(*) FROM pg_indexes WHERE schemaname = 'onemap' AND tablename IN ('cameras', 'sights')"
    with engine.connect() as connection:
        assert connection.execute(text(question)).scalar() == 3  # the keys
    load(engine, tmp_path, "cameras", HEAD, cameras_of(np.random.default_rng(1), 3), 0)
    with engine.begin() as connection:
        assert connection.execute(text(question)).scalar() == 3 + 6 + 1
        connection.execute(text("DROP INDEX onemap.sights_g3857"))
    tables.create_all(store.engine())
    with engine.connect() as connection:
        assert connection.execute(text(question)).scalar() == 3 + 6 + 1
