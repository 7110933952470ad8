"""A file held against the rules on a real store: what is told, what is kept, and that nothing is written by looking."""

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from etl import examine, pipeline
from etl.__main__ import main
from etl.errors import SourceError
from geodata import findings
from geodata.door import Door
from tests import drawn
from tests.etl.files import text as written

HEAD = "礼堂编号,礼堂名称,使用状态,座位数,建成时间,经度,纬度\n"
VILLAGES = {"A": "990101001201", "B": "990101001202"}
GOOD = "101,甲村礼堂,开放,100,2018-03-17,124.0051234,30.0051234\n"
LATE = "102,乙村礼堂,开放,100,2062-03-17,124.0151234,30.0051234\n"
BAD = "103,丙村礼堂,不详,很多,,0,0\n"


@pytest.fixture
def ground(store, tmp_path):
    rows = drawn.areas("AAB", "AAB")
    rows = rows.assign(代码=rows["letter"].map(VILLAGES), 名称=rows["letter"] + "村")
    rows.to_crs(4326).to_file(tmp_path / "units.geojson")
    pipeline.load(store, pipeline.prepare(tmp_path / "units.geojson", "units", as_of=date(2025, 11, 30)))
    return store


def halls(tmp_path, *rows, name="halls_2025-11.csv"):
    return written(tmp_path / name, HEAD + "".join(rows))


def job(file, day=date(2025, 11, 30), **recipe):
    made = pipeline.prepare(file, "halls", as_of=day)
    return replace(made, recipe=replace(made.recipe, **recipe))


def counts(store):
    with store.connect() as connection:
        return [
            connection.execute(text(f"SELECT count(*) FROM onemap.{name}")).scalar()
            for name in ("halls", "loads", "set_aside", "findings")
        ]


def test_a_file_is_examined_and_nothing_is_written(ground, tmp_path):
    before = counts(ground)
    done = examine.examined(ground, job(halls(tmp_path, GOOD, LATE, BAD)))
    assert counts(ground) == before
    assert (done.rows, done.good, done.set_aside, done.duplicates, done.exit_code) == (3, 2, 1, 0, 1)
    assert [(each["id"], each["rule"], each["severity"], each["row_no"], each["key"]) for each in done.findings] == [
        ("S01", "future", "warning", 2, "102"),
        ("E01", "not_a_choice", "error", 3, "103"),
        ("D03", "not_a_number", "error", 3, "103"),
        ("P01", "null_island", "error", 3, "103"),
    ]
    told = examine.plain(done)
    asks = {"zh": "数字字段填数字", "en": "A number is a number"}
    assert told["rules"][0] == {"id": "D03", "rule": "not_a_number", "severity": "error", "findings": 1, "asks": asks}
    json.dumps(told)
    assert examine.lines(done)[-1] == "more than 5% of the rows would be set aside"


def test_what_is_examined_is_what_is_loaded(ground, tmp_path):
    file = halls(tmp_path, GOOD, LATE, BAD)
    seen = examine.examined(ground, job(file))
    report = pipeline.load(ground, job(file))
    assert (report.load.set_aside, report.load.added) == (seen.set_aside, seen.good)
    assert report.warnings == {"future": 1}
    with Door(ground).reader() as reader:
        kept = findings.of_load(reader, report.load.id)
        assert [(each["row_no"], each["rule"], each["severity"], each["key"]) for each in kept] == [
            (2, "future", "warning", "102")
        ]
        assert kept[0]["reason_zh"] == "建成时间2062-03-17晚于数据日期2025-11-30"
        assert findings.by_rule(reader)["halls"] == {"future": 1}
    again = examine.examined(ground, job(file))
    assert again.loaded_as == report.load.id


def test_the_store_tells_what_stood(ground, tmp_path):
    pipeline.load(ground, job(halls(tmp_path, GOOD)))
    moved = GOOD.replace("124.0051234", "124.0151234").replace("2018-03-17", "2016-01-01").replace(",100,", ",9000,")
    done = examine.examined(ground, job(halls(tmp_path, moved, name="halls_2025-12.csv"), date(2025, 12, 31)))
    assert {each["rule"]: each["reason_en"] for each in done.findings} == {
        "moved": "it stands 965 m from where it stood",
        "number_jump": "Seats went from 100 to 9000",
        "day_changed": "Built was 2018-03-17 and is now 2016-01-01",
    }


def test_a_load_rule_refuses_the_file_and_writes_nothing(ground, tmp_path):
    rows = [GOOD.replace("101", f"{n}").replace("甲", f"甲{n}").replace("124.005", f"124.{n:03d}") for n in range(100, 130)]
    pipeline.load(ground, job(halls(tmp_path, *rows)))
    shifted = halls(tmp_path, *(row.replace("30.005", "30.010") for row in rows), name="halls_2025-12.csv")
    before = counts(ground)
    coming = job(shifted, date(2025, 12, 31))
    assert examine.examined(ground, coming).exit_code == 20
    with pytest.raises(SourceError) as refused:
        pipeline.load(ground, coming)
    assert str(refused.value) == (
        f"{shifted}: 30 rows moved 554 m in one direction; "
        'say crs = ... in the recipe, or accept = ["all_moved"] if it is a correction.'
    )
    assert counts(ground) == before
    accepted = pipeline.load(ground, job(shifted, date(2025, 12, 31), accept=("all_moved",)))
    assert (accepted.load.changed, accepted.warnings["all_moved"]) == (30, 1)


def test_a_file_of_whose_rows_none_is_left_is_refused(ground, tmp_path):
    file = halls(tmp_path, GOOD)
    with pytest.raises(SourceError) as refused:
        pipeline.load(ground, job(file, only={"使用状态": "拆除"}))
    assert str(refused.value) == f"{file}: it has no row; check how it was exported and send it again."


def test_on_the_command_line(ground, tmp_path, capsys):
    file = halls(tmp_path, GOOD, LATE)
    assert main(["check", str(file), "--theme", "halls", "--as-of", "2025-11-30", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["theme"], told["rows"], told["good"], told["refused"]) == ("halls", 2, 2, False)
    assert [each["id"] for each in told["findings"]] == ["S01"]
    assert main(["check", str(halls(tmp_path, GOOD, BAD)), "--theme", "halls", "--as-of", "2025-11-30"]) == 1
    assert "E01 error, 1: 取值在该字段的列表之中 / A value is on its field's list" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "none.csv"), "--theme", "halls"]) == 20


def test_rules_on_the_command_line(capsys):
    assert main(["rules", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["rules"]
    assert len(told) >= 80
    assert {"id", "name", "severity", "asks", "why", "remedy", "reason", "example", "found_by"} == set(told[0])
    assert main(["rules", "--theme", "cameras"]) == 0
    assert "C01  code                        \\d{20}" in capsys.readouterr().out
