"""A large file is read, checked and published in parts, and nobody can tell from what stands afterwards."""

from datetime import date

import numpy as np
import pytest
from sqlalchemy import text

from etl import pipeline, read
from etl.bring import bring, bring_parts
from etl.claims import Ladder
from etl.errors import CorrectionError, SourceError
from etl.examine import examined
from etl.guess import guess
from etl.read import csv
from etl.rehearse import rehearse
from etl.rollback import roll_back
from etl.shelf import Shelf
from tests import drawn
from tests.etl.files import text as written
from tests.etl.test_pipeline import HEAD, halls, load, units

# Shares of a file's rows, which a part judges by its own.
_BY_SHARE = {"filled_down", "code_length", "zero_day", "on_centre"}


@pytest.fixture
def in_parts(monkeypatch):
    """From now on every file is a large one, of parts of some ten rows."""

    def switch():
        monkeypatch.setattr(read, "WHOLE", 0)
        monkeypatch.setattr(read, "PART", 600)
        monkeypatch.setattr(csv, "_BLOCK", 300)

    return switch


def messy(seed, n=60):
    """Rows with every relation that rows of one file can have to each other, far apart."""
    rng = np.random.default_rng(seed)
    yield from ("T1,孪生礼堂,开放,10,124.02331,30.00512", "A-001,写法,开放,10,124.02431,30.00512")
    for k in range(n):
        key = rng.choice([f"K{k:03d}", f"K{rng.integers(n):03d}", f"k-{rng.integers(n):03d}", ""], p=[0.6, 0.2, 0.15, 0.05])
        name = f"礼堂{rng.integers(4)}甲" if rng.random() < 0.5 else f"礼堂{k}"
        lon = rng.choice(["0", "", "124.00512", "124.01517", f"124.0{rng.integers(10, 99)}7"], p=[0.03, 0.03, 0.2, 0.2, 0.54])
        yield f"{key},{name},{rng.choice(['开放', '坏'], p=[0.95, 0.05])},{rng.choice(['10', '20', '很多'])},{lon},30.00512"
    yield from ("a001,另一写法,开放,20,124.02531,30.00512", "T2,孪生礼堂,开放,10,124.02331,30.00512")


def plain(done):
    return sorted(
        (each["row_no"], each["rule"], each["severity"], each["key"], each["reason_zh"], each["lon"])
        for each in done.findings
        if each["rule"] not in _BY_SHARE
    )


def stands(engine, number):
    """Everything that a load wrote, but for the numbers that the store deals out."""
    with engine.connect() as connection:
        ask = lambda question: [tuple(row) for row in connection.execute(text(question), {"load": number})]  # noqa: E731
        return {
            "rows": ask("SELECT key, name, state, seats, row_no, hash, unit, path, load_id = :load, ST_AsText(geom) FROM onemap.halls ORDER BY key"),
            "aside": ask("SELECT row_no, rule, reason_zh, row::text, key FROM onemap.set_aside WHERE load_id = :load ORDER BY row_no"),
            "cells": ask("SELECT z, cx, cy, n FROM onemap.cells WHERE theme = 'halls' ORDER BY 1, 2, 3"),
            "numbers": ask("SELECT indicator, unit, numerator FROM onemap.indicators ORDER BY 1, 2, 3"),
        }  # fmt: skip


def counts(line):
    return {name: getattr(line, name) for name in ("rows_in", "added", "changed", "removed", "unchanged", "set_aside", "duplicates", "changes")}


@pytest.mark.parametrize("seed", range(2))
def test_a_file_in_parts_does_what_it_does_whole(store, tmp_path, in_parts, seed):
    load(store, units(tmp_path), "units")
    first = halls(tmp_path, messy(seed), "halls_1.csv")
    later = halls(tmp_path, [each for n, each in enumerate(messy(seed)) if n % 3 != 2] + ["new,新,开放,1,124.0221,30.00512"], "halls_2.csv")
    told = []
    for parted in (False, True):
        if parted:
            in_parts()
        for n, file in enumerate((first, later)):
            job = pipeline.prepare(file, "halls", as_of=date(2025, 11, 1 + n))
            assert (len(bring_parts(job)) > 2) == parted
            found = plain(examined(store, job))
            shown = rehearse(store, job).shown["counts"]
            line = pipeline.load(store, job).load
            assert line.rows_in == line.added + line.changed + line.unchanged + line.set_aside + line.duplicates
            assert shown == {name: getattr(line, name) for name in shown}
            told.append((found, counts(line), stands(store, line.id)))
            assert pipeline.load(store, job).unchanged
        for number in (line.id, line.id - 1):
            roll_back(store, number)
    whole, parts = told[:2], told[2:]
    assert {rule for found, *_ in whole for _, rule, *_ in found} >= {"duplicate_key", "twins", "alike_keys", "same_name_and_place", "stacked"}
    for one, other in zip(whole, parts, strict=True):
        assert one == other


def test_what_was_rehearsed_in_parts_is_made(store, tmp_path, in_parts):
    in_parts()
    load(store, units(tmp_path), "units")
    job = pipeline.prepare(halls(tmp_path, messy(5)), "halls", as_of=date(2025, 11, 1))
    number = rehearse(store, job).number
    made = pipeline.load(store, pipeline.prepare(job.file, "halls", as_of=job.as_of, rehearsal=number))
    assert made.load.rehearsal == number


def test_rules_on_the_whole_file_hear_of_all_its_parts(store, tmp_path, in_parts):
    in_parts()
    load(store, units(tmp_path), "units")
    rows = [f"K{n:03d},礼堂{n},开放,10,124.0{10 + n}3,30.00512" for n in range(60)]
    load(store, halls(tmp_path, rows, "halls_1.csv"), day=date(2025, 11, 1))
    found = lambda name, some: {  # noqa: E731
        each["rule"]: each["reason_en"]
        for each in examined(store, pipeline.prepare(halls(tmp_path, some, name), "halls", as_of=date(2025, 11, 2))).findings
    }
    assert found("halls_2.csv", rows[:25])["shrunk"] == "it has 25 rows where 60 stand"
    renewed = [each.replace("K", "N") for each in rows[:40]]
    assert found("halls_3.csv", renewed)["keys_renewed"] == "none of its 40 keys stands (as N000; K000 does)"
    assert not {"shrunk", "keys_renewed"} & set(found("halls_4.csv", rows[:40]))


def test_rows_of_other_length_are_found_in_parts_as_they_are_whole(tmp_path, in_parts):
    lines = [f"{n},名{n},开放,1,124.0{10 + n}3,30.0" + (",too,much" if n == 31 else "") for n in range(80)] + [",,,,,"]
    job = pipeline.prepare(written(tmp_path / "halls_2025-11.csv", HEAD + "\n".join(lines)), "halls")
    whole = bring(job)
    in_parts()
    parts = bring_parts(job)
    assert len(parts) > 2
    assert [row for each in parts for row in each.rows.frame.index] == list(whole.rows.frame.index)
    assert {n: fact for each in parts for n, fact in each.raw.broken.items()} == whole.raw.broken == {32: "8 cells under 6 headers"}


@pytest.mark.parametrize("name", ["halls.gpkg", "halls.fgb"])
def test_map_layers_are_read_in_parts(tmp_path, in_parts, name):
    rows = drawn.points(*(["abcde"] * 8)).assign(礼堂编号=[f"K{n}" for n in range(40)], 礼堂名称="礼堂", 使用状态="开放")
    rows.to_crs(4326).to_file(tmp_path / name)
    job = pipeline.prepare(tmp_path / name, "halls", as_of=date(2025, 11, 1))
    whole = bring(job)
    in_parts()
    read.PART = (tmp_path / name).stat().st_size // 4
    parts = bring_parts(job)
    assert len(parts) == 4
    assert np.concatenate([each.hashes for each in parts]).tolist() == whole.hashes.tolist()
    assert [row for each in parts for row in each.rows.frame.index] == list(whole.rows.frame.index)
    assert sum((each.rows.changes for each in parts), start=type(whole.rows.changes)()) == whole.rows.changes


def test_a_guess_at_a_large_file_looks_at_its_first_part_and_counts_all_rows(tmp_path, in_parts):
    file = halls(tmp_path, messy(1))
    whole = guess(file, None, Ladder())
    in_parts()
    begun = guess(file, None, Ladder())
    assert (begun.rows, begun.theme, begun.fields, begun.missing) == (64, whole.theme, whole.fields, whole.missing)


def test_a_correction_of_one_row_is_met_in_one_part(tmp_path, in_parts):
    in_parts()
    file = halls(tmp_path, messy(1))
    correction = '[[correction]]\nmatch = {"礼堂名称" = "%s"}\nset = {"使用状态" = "开放"}\nreason = "r"\n'
    written(tmp_path / "halls.corrections.toml", correction % "礼堂55")
    parts = bring_parts(pipeline.prepare(file, "halls"))
    assert sum(each.rows.changes["corrected: r"] for each in parts) in (0, 1)
    written(tmp_path / "halls.corrections.toml", correction % "无此礼堂")
    with pytest.raises(CorrectionError, match="correction 1: no row has 礼堂名称 = '无此礼堂'"):
        bring_parts(pipeline.prepare(file, "halls"))


def test_directions_that_change_their_meaning_are_refused(tmp_path, in_parts):
    in_parts()
    rows = [f"{n},名{n},124.0{100 + n},30.00512,{(n % 8 + 1) if n < 40 else 45.5},0,1" for n in range(80)]
    file = written(tmp_path / "cameras.csv", "设备编码,设备名称,经度,纬度,监视方位,联网属性,设备状态\n" + "\n".join(rows) + "\n")
    with pytest.raises(SourceError, match="its directions are codes or words in some rows and degrees in others; write degrees in all"):
        bring_parts(pipeline.prepare(file, "cameras"))


def test_a_full_disk_is_told(monkeypatch):
    shelf = Shelf("halls.csv")
    shelf.put([1, "甲"])
    assert list(shelf) == [[1, "甲"]]

    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("etl.shelf.pickle.dump", full)
    with pytest.raises(SourceError, match=r"do not fit on the disk of .* while they are checked \(No space left on device\); make room there"):
        shelf.put([2])
