"""The command line: what is printed, and the code of every end."""

import csv
import json

import pytest

from etl.__main__ import main
from layers import themes
from tests.etl.files import text
from tests.etl.test_pipeline import GOOD, halls, units


def run(capsys, *arguments):
    code = main([str(each) for each in arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_load_is_told_in_a_sentence(store, tmp_path, capsys):
    file = halls(tmp_path, GOOD)
    code, out, _ = run(capsys, "load", file, "--theme", "halls", "--operator", "张三")
    assert code == 0
    assert out.startswith("halls: load 1 of halls_2025-11.csv, as of 2025-11-30: 3 rows in; 3 added (")
    assert "  longitude and latitude taken as CGCS2000: 3\n" in out
    code, out, _ = run(capsys, "load", file, "--theme", "halls")
    assert (code, out) == (0, "halls: halls_2025-11.csv is unchanged since load 1 of 2025-11-30\n")


def test_too_many_rows_set_aside(store, tmp_path, capsys):
    code, out, _ = run(capsys, "load", halls(tmp_path, ["1,甲,坏,1,124,30", *GOOD[1:]]), "--theme", "halls")
    assert code == 1
    assert "  set aside, not_a_choice: 1\n" in out
    assert "  more than 5% set aside: see ./onemap set-aside 1\n" in out


@pytest.mark.parametrize(
    ("content", "theme", "words"),
    [
        (None, "halls", "there is no such file; check the path."),
        ("", "halls", "it is empty; ask for the file again."),
        (
            "a,b\n1,2\n",
            "halls",
            "no header is one of halls; it has a,b; write a recipe with [fields], or give the right --theme. (L08)",
        ),
    ],
)
def test_a_file_that_cannot_be_used(store, tmp_path, capsys, content, theme, words):
    file = tmp_path / "a.csv"
    if content is not None:
        text(file, content)
    assert run(capsys, "load", file, "--theme", theme) == (20, "", f"onemap: {file}: {words}\n")


def test_a_theme_that_does_not_exist(store, tmp_path, capsys):
    code, _, err = run(capsys, "load", halls(tmp_path, GOOD), "--theme", "temples")
    assert code == 20
    assert err.startswith("onemap: --theme: there is no theme 'temples'; use one of units, grids, cameras, halls, ")


def test_one_bad_file_stops_no_other(store, tmp_path, capsys):
    code, out, err = run(capsys, "load", tmp_path / "none.csv", halls(tmp_path, GOOD), "--theme", "halls")
    assert code == 20
    assert "3 added" in out
    assert "there is no such file" in err


def test_wrong_usage(capsys):
    for words in ([], ["load"], ["load", "a.csv", "--as-of", "2025"], ["fetch"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2


def test_a_store_that_is_down(tmp_path, capsys, monkeypatch):
    from geodata import store
    from geodata.settings import settings

    monkeypatch.setenv("ONEMAP_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    settings.cache_clear()
    store.engine.cache_clear()
    code, _, err = run(capsys, "load", halls(tmp_path, GOOD), "--theme", "halls")
    settings.cache_clear()
    store.engine.cache_clear()
    assert (code, err) == (
        40, "onemap: store 127.0.0.1:1: nothing answers there; start the server, or check ONEMAP_DATABASE_URL.\n")  # fmt: skip


def test_rows_set_aside_come_back_as_a_file(store, tmp_path, capsys):
    run(capsys, "load", halls(tmp_path, ["1,甲,坏,1,124,30", *GOOD[1:]]), "--theme", "halls")
    code, out, _ = run(capsys, "set-aside", 1)
    assert code == 0
    assert out.startswith(
        "load 1, row 1: 使用状态为“坏”，应为开放、在建、停用之一 / State is '坏', not one of Open, Being built, Closed\n"
    )
    run(capsys, "set-aside", 1, "--csv", tmp_path / "mend.csv")
    with (tmp_path / "mend.csv").open(encoding="utf-8-sig") as opened:
        (row,) = csv.DictReader(opened)
    assert (row["onemap:rule"], row["礼堂编号"], row["使用状态"]) == ("not_a_choice", "1", "坏")
    assert run(capsys, "set-aside", 9)[::2] == (
        20, f"onemap: set-aside 9: there is no such theme or load; use one of {', '.join(themes())}, or a number that "
        "./onemap loads lists.\n")  # fmt: skip


def test_status_and_themes(store, tmp_path, capsys):
    assert "no load yet; run ./onemap demo, or ./onemap load FILE --theme NAME" in run(capsys, "status")[1]
    run(capsys, "load", halls(tmp_path, GOOD), "--theme", "halls")
    code, out, _ = run(capsys, "status", "--json")
    told = json.loads(out)
    assert (code, told["themes"]["halls"]["rows"], told["themes"]["halls"]["as_of"]) == (0, 3, "2025-11-30")
    assert told["loads"][0]["added"] == 3
    assert "halls_2025-11.csv  as of 2025-11-30: 3 added, 0 changed" in run(capsys, "status")[1]
    named = [each["name"] for each in json.loads(run(capsys, "themes", "--json")[1])["themes"]]
    assert named[:4] == ["units", "grids", "cameras", "halls"]
    assert "halls              Point            文化礼堂 / Cultural halls" in run(capsys, "themes")[1]


def manifest(tmp_path):
    units(tmp_path)
    files = [{"file": "units.geojson", "theme": "units", "as_of": "2025-10-31"}]
    text(tmp_path / "units.toml", "theme = 'units'\nas_of = 2025-10-31")
    text(tmp_path / "halls.toml", "theme = 'halls'")
    for month in ("2025-10", "2025-11"):
        halls(tmp_path, GOOD[: 2 + (month == "2025-11")], f"halls_{month}.csv")
        files.append({"file": f"halls_{month}.csv", "theme": "halls", "as_of": f"{month}-30"})
    text(tmp_path / "manifest.json", json.dumps({"files": files}))


def test_the_demo_loads_in_order_and_once(store, tmp_path, capsys):
    manifest(tmp_path)
    code, out, _ = run(capsys, "demo", tmp_path)
    assert code == 0
    assert out.startswith("load: 0 files unchanged, 3 loaded: 7 rows, 0 set aside, ")
    assert run(capsys, "demo", tmp_path)[:2] == (0, "load: 3 files unchanged, 0 loaded: 0 rows, 0 set aside, 0.0 s\n")


def test_the_newest_months_of_a_demo(store, tmp_path, capsys):
    manifest(tmp_path)
    assert "2 loaded: 5 rows" in run(capsys, "demo", tmp_path, "--months", 1)[1]


def test_a_demo_over_an_older_sample_takes_what_is_newer_and_says_how_to_begin_anew(store, tmp_path, capsys):
    manifest(tmp_path)
    run(capsys, "demo", tmp_path)
    for month in ("2025-10", "2025-11"):  # the same months, made by another version
        halls(tmp_path, GOOD[: 1 + (month == "2025-11")], f"halls_{month}.csv")
    code, out, err = run(capsys, "demo", tmp_path)
    assert (code, out[:55]) == (0, "load: 1 files unchanged, 1 loaded: 2 rows, 0 set aside,")
    assert err.endswith(
        f"onemap: {tmp_path}: 1 of its files are older than what the store holds of their source, and were left out; to begin anew, "
        "run ./onemap store psql -c 'DROP SCHEMA onemap CASCADE' and then ./onemap demo.\n"
    )


def test_a_demo_without_a_sample(store, tmp_path, capsys):
    assert run(capsys, "demo", tmp_path) == (
        20, "", f"onemap: {tmp_path}: it holds no manifest.json; make the sample with ./onemap sample.\n")  # fmt: skip
    text(tmp_path / "manifest.json", "{")
    assert "it is broken; delete the folder and make the sample again." in run(capsys, "demo", tmp_path)[2]
