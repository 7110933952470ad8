"""The promises of a load: everything is accounted for, nothing is half done, nothing is lost."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sqlalchemy import text

from etl import pipeline
from etl.errors import SourceError
from geodata import aside, history, loads
from geodata.door import Door
from layers import theme
from tests import drawn
from tests.etl.files import text as written

HEAD = "礼堂编号,礼堂名称,使用状态,座位数,经度,纬度\n"
A, B = "990101001201", "990101001202"


def halls(tmp_path, rows, name="halls_2025-11.csv"):
    return written(tmp_path / name, HEAD + "\n".join(rows) + "\n")


def units(tmp_path, *lines, name="units.geojson", **columns):
    rows = drawn.areas(*(lines or ("AAB", "AAB")))
    codes = {"A": A, "B": B, "T": "990101001000", "C": "990101000000"}
    rows = rows.assign(代码=rows["letter"].map(codes), 名称=rows["letter"] + "村", **columns)
    rows.to_crs(4326).to_file(tmp_path / name)
    return tmp_path / name


def load(engine, file, name="halls", day=date(2025, 11, 30), **more):
    return pipeline.load(engine, pipeline.prepare(file, name, as_of=day), **more)


def ask(engine, question, **values):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question), values)]


GOOD = ["1,甲,开放,100,124.005,30.005", "2,乙,在建,50,124.015,30.005", "3,丙,停用,,124.025,30.005"]


def test_rows_stand_with_their_unit_and_their_load(store, tmp_path):
    load(store, units(tmp_path), "units")
    report = load(store, halls(tmp_path, [*GOOD, "4,丁,开放,9,124.3,30.0"]))
    assert (report.load.rows_in, report.load.added, report.load.changes) == (4, 4, {
        "longitude and latitude taken as CGCS2000": 4, "row outside every unit": 1})  # fmt: skip
    assert ask(store, "SELECT key, unit, path, row_no, load_id, since, seats FROM onemap.halls ORDER BY key") == [
        ("1", A, f"{A}/", 1, 2, date(2025, 11, 30), 100),
        ("2", A, f"{A}/", 2, 2, date(2025, 11, 30), 50),
        ("3", B, f"{B}/", 3, 2, date(2025, 11, 30), None),
        ("4", None, None, 4, 2, date(2025, 11, 30), 9),
    ]
    assert ask(
        store, "SELECT numerator FROM onemap.indicators WHERE indicator = 'halls.count' AND unit = :unit", unit=A
    ) == [(1.0,)]


def test_a_last_row_without_its_end_of_line_is_a_row(store, tmp_path):
    assert load(store, written(tmp_path / "a.csv", HEAD + GOOD[0])).load.added == 1
    assert load(store, written(tmp_path / "b.csv", HEAD + "\n".join(GOOD))).load.added == 2


def test_every_row_is_accounted_for(store, tmp_path):
    rng = np.random.default_rng(7)
    for day in range(1, 6):
        rows = []
        for _ in range(60):
            key, seats = rng.choice(["", *map(str, range(30))]), rng.choice(["10", "很多", "-1", "20"])
            lon = rng.choice(["0", "124.005", ""])
            rows.append(
                f"{key},名{rng.integers(2)},{rng.choice(['开放', '坏', ''])},{seats},{lon},{'0' if lon == '0' else '30.005'}"
            )
        line = load(store, halls(tmp_path, rows), day=date(2025, 1, day)).load
        assert line.rows_in == 60 == line.added + line.changed + line.unchanged + line.set_aside + line.duplicates
        assert ask(store, "SELECT count(*) FROM onemap.set_aside WHERE load_id = :id", id=line.id) == [
            (line.set_aside,)
        ]
        assert ask(store, "SELECT count(*) FROM onemap.halls") == [(line.added + line.changed + line.unchanged,)]


def test_the_same_file_twice_changes_nothing(store, tmp_path):
    file = halls(tmp_path, GOOD)
    first, second = load(store, file), load(store, file)
    assert (first.unchanged, second.unchanged, second.load.id) == (False, True, first.load.id)
    assert ask(store, "SELECT count(*) FROM onemap.loads") == [(1,)]


def test_rows_that_say_the_same_are_not_touched(store, tmp_path):
    load(store, halls(tmp_path, GOOD))
    before = ask(store, "SELECT key, id, xmin::text, ctid::text FROM onemap.halls ORDER BY key")
    report = load(
        store,
        halls(tmp_path, [GOOD[2], "1,甲,停用,100,124.005,30.005", "5,戊,开放,1,124.005,30.005"]),
        day=date(2025, 12, 31),
    )
    line = report.load
    assert (line.added, line.changed, line.removed, line.unchanged) == (1, 1, 1, 1)
    after = ask(store, "SELECT key, id, xmin::text, ctid::text FROM onemap.halls ORDER BY key")
    assert after[1] == before[2]
    assert after[0][:2] == before[0][:2]
    assert [row[0] for row in after] == ["1", "3", "5"]


def test_any_day_can_be_asked_for(store, tmp_path):
    load(store, halls(tmp_path, GOOD), day=date(2025, 10, 31))
    load(store, halls(tmp_path, GOOD[:1]), day=date(2025, 11, 30))
    load(store, halls(tmp_path, ["1,甲,停用,100,124.005,30.005", GOOD[2]]), day=date(2025, 12, 31))
    of_day = """SELECT key, state FROM (SELECT key, state FROM onemap.halls WHERE since <= :day
        UNION ALL SELECT key, state FROM onemap.halls_past WHERE since <= :day AND :day < until) rows ORDER BY key"""
    assert ask(store, of_day, day=date(2025, 10, 31)) == [("1", "open"), ("2", "building"), ("3", "closed")]
    assert ask(store, of_day, day=date(2025, 12, 1)) == [("1", "open")]
    assert ask(store, of_day, day=date(2026, 1, 1)) == [("1", "closed"), ("3", "closed")]
    assert ask(store, of_day, day=date(2025, 10, 1)) == []
    assert ask(store, "SELECT key, until, until_load FROM onemap.halls_past ORDER BY key") == [
        ("1", date(2025, 12, 31), 3), ("2", date(2025, 11, 30), 2), ("3", date(2025, 11, 30), 2)]  # fmt: skip


def test_a_row_set_aside_is_kept_as_it_came(store, tmp_path):
    report = load(store, halls(tmp_path, ["1,甲,坏,很多,124.005,30.005", *GOOD[1:]]))
    assert report.rules == {"not_a_choice": 1}
    assert report.above_tolerance
    ((rule, zh, row),) = ask(store, "SELECT rule, reason_zh, row FROM onemap.set_aside")
    assert (rule, zh) == ("not_a_choice", "使用状态为“坏”，应为开放、在建、停用之一；座位数“很多”不是数字")
    assert row == {
        "礼堂编号": "1",
        "礼堂名称": "甲",
        "使用状态": "坏",
        "座位数": "很多",
        "经度": "124.005",
        "纬度": "30.005",
    }


def test_a_shape_set_aside_is_kept_as_text(store, tmp_path):
    rows = gpd.GeoDataFrame(
        {"编号": ["1"], "名称": ["甲"], "状态": ["坏"]}, geometry=[shapely.Point(124, 30)], crs=4490
    )
    rows.to_file(tmp_path / "a.gpkg")
    load(store, tmp_path / "a.gpkg")
    ((row,),) = ask(store, "SELECT row FROM onemap.set_aside")
    assert row["geometry"] == "POINT (124 30)"


def test_older_data_are_refused(store, tmp_path):
    old, new = halls(tmp_path, GOOD[:2], "old.csv"), halls(tmp_path, GOOD, "new.csv")
    load(store, old, day=date(2025, 10, 31))
    load(store, new)
    assert load(store, old, day=date(2025, 10, 31)).load.id == 1
    with pytest.raises(SourceError) as refused:
        load(store, new, day=date(2025, 9, 30))
    assert str(refused.value) == (
        f"{new}: its data are of 2025-09-30, older than load 2 of 2025-11-30 in source 'halls'; "
        "bring newer data, give --as-of, or name another source in the recipe."
    )


def test_a_correction_of_the_same_day_can_be_taken_back(store, tmp_path):
    first, second = halls(tmp_path, GOOD, "a.csv"), halls(tmp_path, GOOD[:1], "b.csv")
    assert [load(store, each).load.removed for each in (first, second, first)] == [0, 2, 0]
    assert ask(store, "SELECT count(*) FROM onemap.halls") == [(3,)]


def test_a_source_owns_its_rows(store, tmp_path):
    written(tmp_path / "b.toml", "theme = 'halls'\nsource = '乙镇'")
    load(store, halls(tmp_path, GOOD))
    report = load(store, halls(tmp_path, [GOOD[0], "9,壬,开放,1,124.005,30.005"], "b.csv"))
    assert report.rules == {"owned": 1}
    assert ask(store, "SELECT source, count(*) FROM onemap.halls GROUP BY 1 ORDER BY 1") == [("halls", 3), ("乙镇", 1)]


def test_nothing_is_half_loaded(store, tmp_path, monkeypatch):
    load(store, units(tmp_path), "units")

    def broken(*_args):
        raise RuntimeError("power cut")

    monkeypatch.setattr("etl.pipeline.measure", broken)
    with pytest.raises(RuntimeError):
        load(store, halls(tmp_path, GOOD))
    counts = "SELECT (SELECT count(*) FROM onemap.halls), (SELECT count(*) FROM onemap.loads), (SELECT count(*) FROM onemap.versions)"
    assert ask(store, counts) == [(0, 1, 3)]


def test_a_loader_that_is_killed_leaves_nothing(store, tmp_path):
    file = halls(tmp_path, GOOD)
    dies = (
        "import os, sys, pathlib; from datetime import date; from etl import pipeline; from geodata import store\n"
        "pipeline.measure = lambda *_: os.kill(os.getpid(), 9)\n"
        "pipeline.load(store.engine(), pipeline.prepare(pathlib.Path(sys.argv[1]), 'halls', as_of=date(2025, 11, 30)))"
    )
    ended = subprocess.run([sys.executable, "-c", dies, str(file)], cwd=Path(__file__).parents[2], check=False)
    assert ended.returncode == -9
    assert ask(store, "SELECT count(*) FROM onemap.halls UNION ALL SELECT count(*) FROM onemap.loads") == [(0,), (0,)]
    assert load(store, file).load.added == 3


def test_two_at_once_follow_one_another(store, tmp_path):
    file = halls(tmp_path, GOOD)
    with ThreadPoolExecutor(2) as two:
        reports = list(two.map(lambda _: load(store, file), range(2)))
    assert sorted(each.unchanged for each in reports) == [False, True]
    assert ask(store, "SELECT count(*) FROM onemap.loads") == [(1,)]


def test_readers_see_one_load_or_the_other_and_never_wait(store, tmp_path):
    load(store, halls(tmp_path, GOOD))
    with Door(store).reader() as reader:
        before = reader.value("SELECT count(*) FROM onemap.halls")
        load(store, halls(tmp_path, GOOD[:1]), day=date(2025, 12, 31))
        assert reader.value("SELECT count(*) FROM onemap.halls") == before == 3
    with store.connect() as writer, writer.begin():
        history.lock(writer, theme("halls"))
        writer.execute(text("UPDATE onemap.halls SET name = 'x'"))
        with Door(store).reader() as reader:
            assert reader.value("SELECT count(*) FROM onemap.halls") == 1


def test_the_day_comes_from_recipe_name_or_file(store, tmp_path):
    file = halls(tmp_path, GOOD, "halls_2025-10.csv")
    assert pipeline.prepare(file, "halls").as_of == date(2025, 10, 31)
    bare = halls(tmp_path, GOOD, "a.csv")
    report = pipeline.load(store, pipeline.prepare(bare, "halls"))
    assert report.load.changes["as_of from file time"] == 1
    written(tmp_path / "a.toml", "theme = 'halls'\nas_of = 2025-09-30")
    assert pipeline.prepare(bare).as_of == date(2025, 9, 30)


def test_only_some_rows(store, tmp_path):
    written(tmp_path / "halls.toml", 'theme = "halls"\n[only]\n"使用状态" = ["开放"]')
    line = load(store, halls(tmp_path, GOOD), None).load
    assert (line.rows_in, line.added, line.changes["row left out by [only]"]) == (1, 1, 2)
    written(tmp_path / "halls.toml", 'theme = "halls"\n[only]\n"镇" = "甲"')
    with pytest.raises(SourceError, match=r"no column 镇; it has 礼堂编号, .*; mend \[only\] of the recipe\."):
        load(store, halls(tmp_path, GOOD), None)


def test_recipe_and_declaration_are_part_of_what_a_file_is(store, tmp_path):
    file = halls(tmp_path, GOOD)
    load(store, file)
    written(tmp_path / "halls.toml", 'theme = "halls"\npublisher = "县委宣传部"')
    report = load(store, file)
    assert (report.unchanged, report.load.unchanged, report.load.publisher) == (False, 3, "县委宣传部")


def test_units_become_a_ladder(store, tmp_path):
    load(store, units(tmp_path, "TTT", "TTT", name="towns.geojson"), "units")
    written(tmp_path / "villages.toml", "theme = 'units'\nsource = 'villages'")
    load(store, units(tmp_path, "AAB", "AAB", name="villages.geojson", 人口=[500, 700]), None)
    assert ask(store, "SELECT code, level, parent, depth, children, population FROM onemap.ladder ORDER BY path") == [
        ("990101001000", "town", None, 0, 2, 1200),
        (A, "village", "990101001000", 1, 0, 500),
        (B, "village", "990101001000", 1, 0, 700),
    ]
    assert ask(store, "SELECT DISTINCT level FROM onemap.drawn ORDER BY 1") == [("town",), ("village",)]
    assert ask(store, "SELECT unit, path FROM onemap.units WHERE key = :key", key=A) == [(A, f"990101001000/{A}/")]


def test_units_without_a_unit_above_are_set_aside(store, tmp_path):
    load(store, units(tmp_path, "C", name="county.geojson"), "units")
    written(
        tmp_path / "far.toml", "theme = 'units'\nsource = 'far'\n[fields]\ncode = 'n'\n[constants]\nlevel = 'village'"
    )
    far = units(tmp_path, "...A", name="far.geojson", n=["v1"])
    assert load(store, far, None).rules == {"no_parent": 1}
    written(tmp_path / "far.toml", "theme = 'units'\nsource = 'far'\n[fields]\ncode = 'n'")
    assert load(store, far, None).rules == {"no_level": 1}
    written(
        tmp_path / "far.toml",
        "theme = 'units'\nsource = 'far'\ntop = true\n[fields]\ncode = 'n'\n[constants]\nlevel = 'village'",
    )
    assert load(store, far, None).load.added == 1


def test_a_root_is_the_union_of_its_file(store, tmp_path):
    written(tmp_path / "units.toml", "theme = 'units'\n[root]\ncode = 'R'\nname = '全县'\nlevel = 'county'")
    load(store, units(tmp_path), None)
    assert ask(store, "SELECT code, parent, children, ST_NumGeometries(geom) FROM onemap.ladder ORDER BY path") == [
        ("R", None, 2, 1), (A, "R", 0, 1), (B, "R", 0, 1)]  # fmt: skip


def test_rows_move_with_the_borders(store, tmp_path):
    load(store, units(tmp_path, "AAB"), "units")
    load(store, halls(tmp_path, GOOD))
    assert ask(store, "SELECT key, unit FROM onemap.halls ORDER BY key") == [("1", A), ("2", A), ("3", B)]
    ids = ask(store, "SELECT code, id FROM onemap.ladder ORDER BY code")
    load(store, units(tmp_path, "ABB"), "units", day=date(2025, 12, 31))
    assert ask(store, "SELECT key, unit FROM onemap.halls ORDER BY key") == [("1", A), ("2", B), ("3", B)]
    assert ask(store, "SELECT code, id FROM onemap.ladder ORDER BY code") == ids


def test_a_unit_that_goes_leaves_the_ladder(store, tmp_path):
    load(store, units(tmp_path, "AAB"), "units")
    load(store, units(tmp_path, "AAA"), "units", day=date(2025, 12, 31))
    assert ask(store, "SELECT code FROM onemap.ladder") == [(A,)]
    assert ask(store, "SELECT key FROM onemap.units_past ORDER BY key") == [(A,), (B,)]


def test_the_ledger_can_be_read(store, tmp_path):
    load(store, halls(tmp_path, ["1,甲,坏,1,124.005,30.005", *GOOD[1:]]))
    with Door(store).reader() as reader:
        line = loads.freshness(reader)["halls"]
        assert (line.file, line.bytes, line.operator) == (
            "halls_2025-11.csv",
            (tmp_path / "halls_2025-11.csv").stat().st_size,
            "operator",
        )
        assert loads.load(reader, line.id) == line == loads.ledger(reader)[0]
        assert loads.load(reader, 99) is None
        assert aside.by_rule(reader) == {"halls": {"not_a_choice": 1}}
        assert [row["row_no"] for row in aside.of_load(reader, line.id)] == [1]
        assert loads.standing(reader)["halls"] == 2


def test_texts_of_every_kind_arrive_as_they_were(store, tmp_path):
    names = ['a,"b"', "行\n二", "\\N", "\\.", "𡐓村", "'; DROP TABLE x", "tab\there"]
    features = [{"type": "Feature", "properties": {"编号": str(n), "名称": name, "状态": "开放"},
                 "geometry": {"type": "Point", "coordinates": [124.0, 30.0]}} for n, name in enumerate(names)]  # fmt: skip
    path = written(tmp_path / "a.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    load(store, path)
    assert [row[0] for row in ask(store, "SELECT name FROM onemap.halls ORDER BY key::int")] == names
