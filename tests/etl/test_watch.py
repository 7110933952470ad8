"""The watched folder: clean files are loaded, others wait with their reports, what still grows is left alone."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path
from threading import Event, Timer

import geopandas as gpd
import pytest
from shapely import Point

from etl import watch
from etl.__main__ import main
from etl.errors import SourceError
from geodata import jobs, uploads
from geodata.door import Door
from geodata.settings import settings
from tests.etl.files import shapefile, text
from tests.etl.test_pipeline import GOOD, ask, halls, load, units


@pytest.fixture
def laid(store, tmp_path, monkeypatch):
    """A folder to lay files into, and a home for what is taken from it."""
    monkeypatch.setenv("ONEMAP_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    monkeypatch.setattr(watch, "STILL_S", 0.1)
    load(store, units(tmp_path), "units", day=date(2025, 10, 31))
    folder = tmp_path / "inbox"
    (folder / "halls").mkdir(parents=True)
    return folder


def files(folder):
    today = f"{datetime.now():%Y-%m-%d}"
    return {place: sorted(each.name for each in (folder / place / today).glob("*")) for place in ("done", "waiting", "refused")}


def test_each_file_goes_where_it_belongs(store, laid, capsys):
    halls(laid / "halls", GOOD, "甲_2025-11.csv")
    halls(laid / "halls", ["6,己,正常,1,124.006,30.005", "9,壬,坏,1,124.005,30.005"], "乙_2025-11.csv")
    text(laid / "halls" / "乙_2025-11.toml", 'theme = "halls"\nsource = "乙"\n')
    text(laid / "丙.csv", "a,b\n1,2\n")
    text(laid / "halls" / "来.csv.part", "half")
    text(laid / "halls" / "~$甲.xlsx", "lock")
    assert main(["watch", str(laid), "--once"]) == 0
    assert capsys.readouterr().out == f"watch: 3 taken from {laid}\n"
    assert files(laid) == {
        "done": ["甲_2025-11.csv", "甲_2025-11.csv.report.html", "甲_2025-11.csv.report.json"],
        "waiting": ["乙_2025-11.csv", "乙_2025-11.csv.report.html", "乙_2025-11.csv.report.json", "乙_2025-11.toml"],
        "refused": ["丙.csv", "丙.csv.report.json"],
    }
    assert sorted(each.name for each in (laid / "halls").iterdir()) == ["~$甲.xlsx", "来.csv.part"]
    assert ask(store, "SELECT file, operator, added FROM onemap.loads WHERE theme = 'halls'") == [("甲_2025-11.csv", "watch", 3)]
    today = f"{datetime.now():%Y-%m-%d}"
    report = json.loads((laid / "waiting" / today / "乙_2025-11.csv.report.json").read_text())
    assert report["set_aside"] == 1 and "not_a_choice" in {each["rule"] for each in report["findings"]}
    assert "nothing says which theme it is" in (laid / "refused" / today / "丙.csv.report.json").read_text()
    with Door(store).reader() as reader:
        newest = {each.about: (each.verb, each.state, each.origin) for each in jobs.uploads(reader)}
    assert newest == {"甲_2025-11.csv": ("load", "done", "watch"), "乙_2025-11.csv": ("check", "done", "watch"), "丙.csv": ("load", "refused", "watch")}


def test_what_grows_is_left_until_it_is_whole(store, laid):
    file = halls(laid / "halls", GOOD, "长.csv")
    watched = watch.Watch(store, laid, settings().home)
    timer = Timer(0.05, lambda: text(file, file.read_text() + "7,庚,正常,5,124.005,30.006\n"))
    timer.start()
    assert watched.take(Event()) == 0 and file.exists()
    timer.join()
    assert watched.take(Event()) == 1 and not file.exists()
    assert watched.take(Event()) == 0


def test_the_parts_of_a_shapefile_are_one_file(store, laid):
    rows = gpd.GeoDataFrame({"code": ["1"], "name": ["甲"]}, geometry=[Point(124.005, 30.005)], crs=4490)
    shapefile(rows, laid / "halls", "礼堂")
    assert watch.Watch(store, laid, settings().home).take(Event()) == 1
    upload = next(uploads.every(settings().home / uploads.FOLDER))
    assert (upload.name, upload.file.name) == ("礼堂.shp", "礼堂")
    assert {each.suffix for each in upload.file.iterdir()} == {".shp", ".shx", ".dbf", ".prj"}


def test_a_watcher_that_was_killed_goes_on_where_it_was(store, laid):
    halls(laid / "halls", GOOD, "甲.csv")
    watch.Watch(store, laid, settings().home).take(Event())
    with store.begin() as connection:  # a runner somewhere has done it meanwhile
        connection.exec_driver_sql("UPDATE onemap.jobs SET state = 'done', exit_code = 0, report = '{}'")
    assert watch.Watch(store, laid, settings().home).settle() == 0
    assert files(laid)["done"] == ["甲.csv", "甲.csv.report.json"]
    halls(laid / "halls", GOOD, "甲.csv")  # the same name again on one day
    watch.Watch(store, laid, settings().home).take(Event())
    with store.begin() as connection:
        connection.exec_driver_sql("UPDATE onemap.jobs SET state = 'done', exit_code = 0, report = '{}'")
    watch.Watch(store, laid, settings().home).settle()
    assert "甲 2.csv" in files(laid)["done"]


def test_a_folder_that_there_is_not(store, tmp_path):
    with pytest.raises(SourceError) as refused:
        watch.Watch(store, tmp_path / "none", tmp_path)
    assert str(refused.value) == f"{tmp_path}/none: it is no folder that can be written to; make it, or name another."


def test_when_it_looks(monkeypatch):
    assert watch.every(30)() == 30

    class Now(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 1, 31, 3, 30)

    monkeypatch.setattr(watch, "datetime", Now)
    assert watch.daily(time(4, 0))() == 1800
    assert watch.daily(time(2, 30))() == 23 * 3600


def test_a_load_only_if_clean(store, laid, capsys):
    file = halls(laid, [*GOOD[:1], "9,壬,坏,1,124.005,30.005"], "乙_2025-11.csv")
    assert main(["load", str(file), "--theme", "halls", "--if-clean"]) == 1
    assert capsys.readouterr().err == f"onemap: {file}: 1 rows of 2 would be set aside; see ./onemap check FILE, or load it without --if-clean.\n"
    assert ask(store, "SELECT count(*) FROM onemap.halls") == [(0,)]
    assert Path(file).exists()
