"""A rehearsal shows what a load would do, writes nothing, and is published as it was shown or not at all."""

import json
import re
import threading
import time
from datetime import date

import pytest
from sqlalchemy import text

from etl import pipeline, rehearse
from etl.__main__ import main
from etl.errors import SourceError
from geodata import fresh_log, history, rehearsals
from geodata.door import Door
from layers import theme
from tests.etl.test_pipeline import GOOD, A, ask, halls, load, units
from tests.etl.test_rollback import CHANGED, DEC, NOV, OCT, state


@pytest.fixture
def ground(store, tmp_path):
    load(store, units(tmp_path), "units", day=OCT)
    load(store, halls(tmp_path, GOOD, "a.csv"), day=OCT)
    return halls(tmp_path, [*CHANGED, "9,壬,坏,1,124.005,30.005"], "b.csv")


def job(file, day=NOV, **more):
    return pipeline.prepare(file, "halls", as_of=day, **more)


def run(capsys, *words):
    code = main([str(each) for each in words])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_everything_is_shown_and_nothing_is_written(store, ground):
    tables = "SELECT relname, n_live_tup FROM pg_stat_user_tables WHERE schemaname = 'onemap' AND relname <> 'rehearsals'"
    before, counted = state(store), ask(store, tables)
    done = rehearse.rehearse(store, job(ground))
    shown = done.shown
    assert state(store) == before
    assert ask(store, "SELECT id FROM onemap.loads") == [(1,), (2,)]
    assert len(ask(store, tables)) == len(counted)
    assert shown["counts"] == {
        "rows_in": 4, "added": 1, "changed": 1, "removed": 1, "unchanged": 1, "set_aside": 1, "duplicates": 0}  # fmt: skip
    assert [(each["key"], each["title"]) for each in shown["added"]] == [("4", "丁")]
    assert [(each["key"], each["title"]) for each in shown["removed"]] == [("2", "乙")]
    assert shown["changed"] == [{"key": "1", "fields": {"state": ["open", "closed"], "seats": ["100", "80"]}}]
    assert [(each["key"], each["metres"]) for each in shown["moved"]] == [("1", pytest.approx(9.65, abs=0.1))]
    assert [(each["row_no"], each["rule"]) for each in shown["set_aside"]] == [(4, "not_a_choice")]


def test_the_first_of_all_loads_is_rehearsed_though_its_log_would_be_written_from_nothing(store, tmp_path, monkeypatch):
    """Others read the log while a rehearsal stands: no lock of its own may keep them."""
    monkeypatch.setattr(fresh_log, "MANY", 1)
    shown = rehearse.rehearse(store, pipeline.prepare(units(tmp_path), "units", as_of=OCT)).shown
    assert shown["indicators"]
    oid = ask(store, "SELECT 'onemap.indicators'::regclass::oid")
    load(store, units(tmp_path), "units", day=OCT)
    assert ask(store, "SELECT 'onemap.indicators'::regclass::oid") != oid


def test_the_numbers_that_are_shown_are_the_numbers_that_come(store, ground):
    before = dict(((name, unit), value) for name, unit, value in ask(store, _LATEST))
    shown = rehearse.rehearse(store, job(ground)).shown["indicators"]
    assert {"indicator": "halls.*building", "unit": A, "name": "A村", "level": "village", "depth": 0, "day": "2025-11-30",
            "before": 1.0, "after": 0.0} in shown  # fmt: skip
    load(store, ground, day=NOV)
    after = dict(((name, unit), value) for name, unit, value in ask(store, _LATEST))
    changed = {key for key in after if after[key] != before.get(key)}
    assert {(each["indicator"], each["unit"]) for each in shown if each["before"] != each["after"]} == changed
    assert all(after[each["indicator"], each["unit"]] == each["after"] for each in shown)


_LATEST = "SELECT DISTINCT ON (indicator, unit) indicator, unit, value FROM onemap.indicators ORDER BY indicator, unit, day DESC"


def test_what_was_shown_is_published(store, ground):
    done = rehearse.rehearse(store, job(ground))
    report = pipeline.load(store, job(ground, rehearsal=done.number))
    assert (report.load.rehearsal, report.load.changed, report.load.id) == (done.number, 1, 3)
    assert pipeline.load(store, job(ground, rehearsal=done.number)).unchanged


def test_the_number_is_enough_to_publish(store, ground, tmp_path, capsys):
    recipe = tmp_path / "elsewhere" / "r.toml"
    recipe.parent.mkdir()
    recipe.write_text("theme = 'halls'\n[values.state]\n\"坏\" = 'closed'", "utf-8")
    run(capsys, "rehearse", ground, "--recipe", recipe, "--as-of", NOV)
    code, out, _ = run(capsys, "load", "--rehearsal", 1, "--operator", "张三")
    assert (code, out.partition(" (")[0]) == (0, "halls: load 3 of b.csv, as of 2025-11-30: 4 rows in; 2 added, 1 changed, 1 removed, 1 unchanged")
    assert run(capsys, "load", "--rehearsal", 1)[1] == "halls: b.csv is unchanged since load 3 of 2025-11-30\n"
    assert run(capsys, "load", "--rehearsal", 9)[2] == (
        "onemap: rehearsal 9: there is no such rehearsal; use the number that ./onemap rehearse gave.\n")
    ground.unlink()
    assert run(capsys, "load", "--rehearsal", 1)[2] == (
        f"onemap: rehearsal 1: its file {ground} is not there any more; name the file, or rehearse it again.\n")


def refused(store, file, number, **more):
    before = state(store)
    with pytest.raises(SourceError) as said:
        pipeline.load(store, job(file, rehearsal=number, **more))
    assert state(store) == before
    return str(said.value)


def test_a_store_that_moved_on_is_not_written_to(store, ground, tmp_path):
    number = rehearse.rehearse(store, job(ground)).number
    load(store, halls(tmp_path, GOOD[:2], "c.csv"), day=OCT)
    assert refused(store, ground, number) == (
        f"rehearsal {number}: the store has moved on since (halls, load 3 of source 'halls'); rehearse the file again."
    )
    number = rehearse.rehearse(store, job(ground)).number
    load(store, units(tmp_path, "ABB"), "units", day=OCT)
    assert "the store has moved on since (halls, ladder" in refused(store, ground, number)


def test_a_file_that_is_another_one_is_not_published(store, ground, tmp_path):
    number = rehearse.rehearse(store, job(ground)).number
    assert refused(store, ground, number, day=DEC) == (
        f"rehearsal {number}: {ground} is not as it was (day differ); rehearse it again."
    )
    halls(tmp_path, GOOD[:1], "b.csv")
    assert refused(store, ground, number) == (
        f"rehearsal {number}: {ground} is not as it was (bytes differ); rehearse it again."
    )
    assert refused(store, ground, 77) == (
        "rehearsal 77: there is no such rehearsal; use the number that ./onemap rehearse gave."
    )


def test_what_differs_from_what_was_shown_is_not_published(store, ground):
    number = rehearse.rehearse(store, job(ground)).number
    with store.begin() as connection:
        connection.execute(text("UPDATE onemap.rehearsals SET print = 'x'"))
    assert refused(store, ground, number) == (
        f"rehearsal {number}: the load would not be what was shown; rehearse the file again."
    )


def test_a_known_file_would_change_nothing(store, ground, tmp_path, capsys):
    done = rehearse.rehearse(store, job(tmp_path / "a.csv", OCT))
    assert (done.number, done.load.id, done.shown["counts"]["unchanged"]) == (None, 2, 3)
    code, out, _ = run(capsys, "rehearse", tmp_path / "a.csv", "--theme", "halls", "--as-of", OCT)
    assert (code, out) == (0, "halls: a.csv is unchanged since load 2 of 2025-10-31; nothing would change\n")


def test_a_load_does_not_wait_for_a_rehearsal(store, ground, tmp_path, monkeypatch):
    """The rehearsal is ended, waits for the load, and shows the store as it is then."""
    slow, entered = threading.Event(), threading.Event()
    measured = rehearse.measure

    def dawdling(*words, **more):
        entered.set()
        if not slow.wait(0):
            slow.set()
            time.sleep(3)
        return measured(*words, **more)

    monkeypatch.setattr(rehearse, "measure", dawdling)
    shown = []
    thread = threading.Thread(target=lambda: shown.append(rehearse.rehearse(store, job(ground))))
    thread.start()
    assert entered.wait(20)
    began = time.perf_counter()
    with store.begin() as connection:
        history.lock(connection, theme("halls"))
        waited = time.perf_counter() - began
    load(store, halls(tmp_path, GOOD[:2], "c.csv"), day=OCT)
    thread.join(60)
    assert waited < 1
    assert shown[0].shown["counts"]["removed"] == 1
    assert shown[0].shown["removed"][0]["key"] == "2"


def test_loads_that_keep_coming(store, ground, monkeypatch):
    def ended(connection, *_words, **_more):
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    monkeypatch.setattr(rehearse, "publish", ended)
    with pytest.raises(SourceError) as said:
        rehearse.rehearse(store, job(ground))
    assert str(said.value) == f"{ground}: loads kept coming while it was rehearsed; rehearse it again when they are done."


def test_readers_see_a_rehearsal_by_its_number(store, ground):
    number = rehearse.rehearse(store, job(ground)).number
    with Door(store).reader() as reader:
        kept = rehearsals.rehearsal(reader, number)
        assert (kept.theme, kept.as_of, kept.shown["of"]["added"]) == ("halls", date(2025, 11, 30), 1)
        assert rehearsals.rehearsal(reader, 99) is None


def test_the_command_and_its_page(store, ground, tmp_path, capsys):
    page = tmp_path / "page.html"
    code, out, _ = run(capsys, "rehearse", ground, "--theme", "halls", "--as-of", NOV, "--html", page)
    assert code == 1  # a quarter of the rows is set aside
    assert out.startswith("halls: rehearsal 1 of b.csv, as of 2025-11-30: 4 rows in, 1 added, 1 changed, 1 removed, 1 unchanged, 1 set aside (")
    assert "    1 state open -> closed; seats 100 -> 80\n" in out
    assert out.endswith("  nothing was written; ./onemap load FILE --rehearsal 1 publishes exactly this\n")
    html = page.read_text("utf-8")
    assert "使用状态 open → closed; 座位数 100 → 80; 位置 moved 9." in html
    assert not re.search(r"https?://|<script|<link|<img|url\(", html)
    assert html.count("<circle") == 3
    code, out, _ = run(capsys, "rehearse", ground, "--theme", "halls", "--as-of", NOV, "--json")
    told = json.loads(out)
    assert (told["rehearsal"], told["counts"]["added"], len(told["changed"])) == (2, 1, 1)
    assert run(capsys, "load", ground, "--theme", "halls", "--as-of", NOV, "--rehearsal", 2)[0] == 1


def test_names_are_text_on_the_page(store, tmp_path):
    file = halls(tmp_path, ["1,<img src=x onerror=alert(1)>,开放,1,124.005,30.005"])
    from etl import rehearsal_page

    html = rehearsal_page.page(rehearse.rehearse(store, job(file)), [])
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "<img" not in html
