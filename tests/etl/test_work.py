"""The runner: what the page orders is what the command line does, byte by byte; and who is killed loses no job and loads no half."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from etl import work
from etl.__main__ import main
from geodata import jobs
from geodata.door import Door
from geodata.writing import write
from tests.etl.files import packed, text
from tests.etl.test_pipeline import GOOD, ask, halls, load, units

_ROWS = "SELECT key, source, row_no, since, hash, path, ST_AsText(geom) FROM onemap.halls ORDER BY key"
_NUMBERS = "SELECT DISTINCT ON (indicator, unit) indicator, unit, value FROM onemap.indicators ORDER BY indicator, unit, day DESC"
_ASIDE = "SELECT row_no, rule, row::text FROM onemap.set_aside s JOIN onemap.loads l ON l.id = s.load_id WHERE l.undone_by IS NULL"


def state(store):
    """All that a load makes, but for numbers that the store deals out."""
    return [ask(store, each) for each in (_ROWS, _NUMBERS, _ASIDE)]


DAY = "--as-of=2025-11-30"


@pytest.fixture
def ground(store, tmp_path, monkeypatch):
    monkeypatch.setenv("ONEMAP_HOME", str(tmp_path / "home"))
    load(store, units(tmp_path), "units", day=date(2025, 10, 31))
    return halls(tmp_path, [*GOOD, "9,壬,坏,1,124.005,30.005"], "礼堂.csv")


def order(store, verb, *words, **more):
    return write(Door(store), lambda writer: jobs.order(writer, verb, [str(each) for each in words], **more))


def look(store, number):
    return Door(store).ask(lambda reader: jobs.one(reader, number))


def report(store, number):
    return Door(store).ask(lambda reader: jobs.report(reader, number))


@contextmanager
def runner(*words):
    command = [sys.executable, "-m", "etl", "work", *words]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def until(truth, seconds=120.0):
    ends = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < ends, "it never came true"
        time.sleep(0.05)


# What differs from run to run: how long it took, when, and the number that a store deals out.
_PASSING = re.compile(r'"(seconds|started|finished|id|rehearsal)": ?[^,}\n]+')


def lasting(text):
    return _PASSING.sub("", text)


def test_the_page_and_the_command_line_give_the_same_bytes(store, ground, capsys):
    words = [ground, "--theme=halls", DAY, "--operator=李", "--reason=十一月", "--json"]
    numbers = [order(store, "guess", ground, "--theme=halls", "--json"), order(store, "check", *words), order(store, "rehearse", *words), order(store, "load", *words)]
    work.work(store, Event(), once=True)
    by_page, states = [report(store, number) for number in numbers], [state(store)]
    assert [look(store, number).exit_code for number in numbers] == [0, 1, 1, 1], "one row of four is set aside"
    assert {look(store, number).state for number in numbers} == {"done"}
    main(["rollback", str(json.loads(by_page[3])["loads"][0]["id"])])
    capsys.readouterr()
    by_shell = []
    for verb in ("guess", "check", "rehearse", "load"):
        main([verb, *(map(str, words) if verb != "guess" else [str(ground), "--theme=halls", "--json"])])
        by_shell.append(capsys.readouterr().out)
    assert [lasting(each) for each in by_page] == [lasting(each) for each in by_shell]
    for by_the_page, by_the_shell in zip(states[0], state(store), strict=True):
        assert set(by_the_page) ^ set(by_the_shell) == set()


def test_a_refusal_is_kept_with_its_words(store, ground, tmp_path):
    number = order(store, "check", tmp_path / "none.csv", "--theme=halls", "--json")
    usage = order(store, "check", "--such", "--json")
    work.work(store, Event(), once=True)
    job = look(store, number)
    assert (job.state, job.exit_code, job.said) == ("refused", 20, f"{tmp_path}/none.csv: there is no such file; check the path.")
    assert (look(store, usage).state, look(store, usage).exit_code) == ("refused", 2)


def test_hostile_files_are_refused_in_a_sentence_and_rows_set_aside_come_back(store, ground, tmp_path):
    slips = packed(tmp_path / "slip.zip", {"../../evil.shp": b"x", "../../evil.dbf": b"x"})
    elsewhere = text(tmp_path / "vrt.geojson", '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>')
    main(["load", str(ground), "--theme", "halls", DAY])
    out = tmp_path / "待改.xlsx"
    numbers = [order(store, "guess", slips, "--theme=halls", "--json"), order(store, "check", elsewhere, "--theme=halls", "--json"), order(store, "set-aside", "halls", f"--out={out}")]
    work.work(store, Event(), once=True)
    assert [look(store, number).state for number in numbers] == ["refused", "refused", "done"]
    assert not (tmp_path.parent / "evil.shp").exists() and "passwd" not in look(store, numbers[1]).said
    again = order(store, "guess", out, "--json")
    work.work(store, Event(), once=True)
    shown = look(store, again).shown
    assert (shown["mended"], shown["theme"], shown["rows"], shown["source"]) == (True, "halls", 1, "halls")


def _many(tmp_path, rows=20_000):
    lines = [f"{n},礼堂{n},正常,{n % 300},{124 + n % 1000 / 1e5:.5f},{30 + n % 997 / 1e5:.5f}" for n in range(100, rows)]
    return halls(tmp_path, lines, "多.csv")


def test_a_runner_that_is_killed_leaves_its_job_to_the_next(store, ground, tmp_path):
    before, file = state(store), _many(tmp_path)
    number = order(store, "load", file, "--theme=halls", DAY, "--json")
    with runner() as process:
        until(lambda: look(store, number).step in ("check", "publish"))
        process.kill()
    until(lambda: ask(store, f"SELECT 1 FROM pg_stat_activity WHERE application_name = 'onemap job {number}'") == [])
    assert state(store) == before and look(store, number).state == "running"
    with runner("--once") as process:
        assert process.wait(120) == 0
    job = look(store, number)
    assert (job.state, job.attempts) == ("done", 2), job.said
    assert ask(store, "SELECT count(*) FROM onemap.halls") == [(19_900,)]
    assert len(ask(store, "SELECT id FROM onemap.loads WHERE theme = 'halls'")) == 1


def test_a_job_that_is_called_back_ends_and_loads_nothing(store, ground, tmp_path):
    before, file = state(store), _many(tmp_path)
    number = order(store, "load", file, "--theme=halls", DAY, "--json")
    with runner():
        until(lambda: look(store, number).step in ("check", "publish"))
        write(Door(store), lambda writer: jobs.cancel(writer, number))
        until(lambda: not look(store, number).open)
    assert look(store, number).state == "cancelled" and state(store) == before


@pytest.mark.slow
def test_a_process_that_dies_again_and_again_is_given_up(store, ground, tmp_path, monkeypatch):
    number = order(store, "load", _many(tmp_path), "--theme=halls", DAY, "--json")
    with runner("--once") as process:
        for attempt in range(1, jobs.ATTEMPTS + 1):
            until(lambda n=attempt: look(store, number).attempts == n and look(store, number).step)
            for each in _children(process.pid):
                os.kill(each, signal.SIGKILL)
        assert process.wait(60) == 0
    job = look(store, number)
    assert (job.state, job.said) == ("broken", f"job {number}: its run broke off 3 times; see the machine's memory and ./onemap doctor.")


def _children(process):
    """Those that run jobs: children of the server that forks them."""
    of = {int(path.name): int(path.joinpath("stat").read_text().rpartition(")")[2].split()[1]) for path in Path("/proc").iterdir() if path.name.isdigit() and path.joinpath("stat").exists()}
    return [each for each, parent in of.items() if of.get(parent) == process]


def test_a_runner_ends_with_the_server_it_stands_beside(store, ground):
    with subprocess.Popen(["sleep", "60"]) as server, runner("--beside", str(server.pid)) as process:
        until(lambda: Door(store).ask(jobs.runner_at_work))
        server.kill()
        server.wait()
        assert process.wait(20) == 0


def test_a_long_report_is_shortened_fairly():
    findings = [{"rule": "a", "severity": "warning", "n": n} for n in range(3000)] + [{"rule": "b", "severity": "error", "n": 1}]
    short = work.shortened({"findings": findings, "rows": 3001, "added": list(range(5000))})
    assert short["findings"][0]["rule"] == "b" and len(short["findings"]) == 201
    assert (short["of"], len(short["added"]), short["rows"]) == ({"findings": 3001, "added": 5000}, 2000, 3001)
