"""The status feed: what is taken, what is refused and why, and that rows, numbers and tiles follow it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from geodata import feed, indicators, keeping, measure, statuses, tiles
from geodata.door import Door
from geodata.errors import FeedError
from geodata.status_numbers import count, draw, turned_by
from geodata.statuses import Report, apply, outlast, take
from layers import theme
from tests.small_city import CITY, EAST, WEST, lay

CAMERAS = theme("cameras")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def engine(store: Engine) -> Engine:
    lay(store)
    with store.begin() as connection:
        connection.execute(text("UPDATE onemap.cameras SET status = 'in_use', networked = 'networked'"))
        measure.run(connection, date(2026, 2, 28))
        connection.execute(text("INSERT INTO onemap.versions VALUES ('indicators', 2)"))
    return store


def _report(key: str, state: str, at: datetime = NOW, place: str = "row 1") -> Report:
    return Report(place, key, state, at)


def _value(engine: Engine, sql: str, **asked: Any) -> Any:
    with engine.connect() as connection:
        return connection.execute(text(sql), asked).scalar()


def _state(engine: Engine, key: str) -> str:
    return _value(engine, "SELECT online FROM onemap.cameras WHERE key = :key", key=key)


def test_a_batch_turns_rows_and_the_same_again_changes_nothing(engine: Engine) -> None:
    batch = [_report("c1", "offline"), _report("c5", "online"), _report("c2", "online")]
    assert take(engine, CAMERAS, batch, NOW) == statuses.Receipt(2, 1, ())
    assert apply(engine, CAMERAS) == 2
    assert (_state(engine, "c1"), _state(engine, "c5"), _state(engine, "c2")) == ("offline", "online", "online")
    assert take(engine, CAMERAS, batch, NOW) == statuses.Receipt(0, 3, ())
    assert apply(engine, CAMERAS) == 0
    assert _value(engine, "SELECT count(*) FROM onemap.status_past") == 2


def test_unknown_rows_and_old_and_future_times_are_refused_each_in_one_sentence(engine: Engine) -> None:
    take(engine, CAMERAS, [_report("c1", "offline")], NOW)
    batch = [
        _report("c9999", "online", place="row 1"), _report("c1", "online", NOW - timedelta(hours=1), "row 2"),
        _report("c3", "online", NOW + timedelta(hours=1), "row 3"), _report("c1", "online", NOW, "row 4"),
    ]  # fmt: skip
    refused = {each.partition(":")[0]: each for each in take(engine, CAMERAS, batch, NOW).refused}
    assert refused["row 1"] == "row 1: cameras hold no 'c9999'; load it with the archive first."
    assert refused["row 3"] == "row 3: 2026-03-01T13:00:00+00:00 has not come yet; set the sender's clock."
    assert refused["row 4"].endswith("send newer reports only.")
    assert apply(engine, CAMERAS) == 1
    assert _state(engine, "c1") == "offline"


def test_of_one_row_in_a_batch_the_newest_counts(engine: Engine) -> None:
    later = NOW + timedelta(seconds=5)
    assert take(engine, CAMERAS, [_report("c1", "offline", later), _report("c1", "online", NOW)], NOW).changed == 1
    assert _value(engine, "SELECT state FROM onemap.statuses WHERE key = 'c1'") == "offline"


def test_numbers_of_the_touched_units_follow_and_only_those_on_which_a_state_bears(engine: Engine) -> None:
    west = [f"c{n}" for n in range(1, 1001) if _value(engine, "SELECT starts_with(path, :p) FROM onemap.cameras WHERE key = :k", p=f"{CITY}/{WEST}/", k=f"c{n}")][:50]
    take(engine, CAMERAS, [_report(key, "offline") for key in west], NOW)
    apply(engine, CAMERAS)
    before = Door(engine).ask(tiles.versions)
    assert count(engine, CAMERAS)
    assert count(engine, CAMERAS) is None
    with Door(engine).reader() as reader:
        figures = {code: next(each for each in indicators.card(reader, code) if each.indicator == "cameras.online") for code in (CITY, WEST, EAST)}
        now = tiles.versions(reader)
    for code, path in ((CITY, f"{CITY}/"), (WEST, f"{CITY}/{WEST}/"), (EAST, f"{CITY}/{EAST}/")):
        held = _value(engine, "SELECT count(*) FILTER (WHERE online = 'online') FROM onemap.cameras WHERE starts_with(path, :p)", p=path)
        assert figures[code].numerator == held
    assert now["indicators"] > before.get("indicators", 0)
    assert now["cameras"] == before["cameras"]
    assert "cameras.online" in turned_by(CAMERAS) and "cameras.ground" not in turned_by(CAMERAS)


def test_what_is_not_in_the_tiles_yet_is_told_until_they_are_drawn(engine: Engine) -> None:
    take(engine, CAMERAS, [_report("c1", "offline")], NOW)
    door = Door(engine)
    assert door.ask(lambda reader: statuses.moved(reader, CAMERAS)) == []
    apply(engine, CAMERAS)
    row = _value(engine, "SELECT id FROM onemap.cameras WHERE key = 'c1'")
    assert door.ask(lambda reader: statuses.moved(reader, CAMERAS)) == [(row, "offline")]
    count(engine, CAMERAS)
    before = door.ask(tiles.versions)["cameras"]
    assert draw(engine, CAMERAS, NOW) is None
    assert draw(engine, CAMERAS, NOW + timedelta(minutes=2)) == 1
    assert door.ask(tiles.versions)["cameras"] > before
    assert door.ask(lambda reader: statuses.moved(reader, CAMERAS)) == []
    assert _value(engine, "SELECT sum((states ->> 'offline')::int) FROM onemap.cells WHERE theme = 'cameras' AND z = 4") == 201


def test_a_state_that_is_newer_than_a_load_outlasts_it(engine: Engine) -> None:
    take(engine, CAMERAS, [_report("c1", "offline"), _report("c2", "offline", datetime(2026, 1, 1, tzinfo=UTC))], NOW)
    apply(engine, CAMERAS)
    with engine.begin() as connection:  # as a load writes them
        connection.execute(text("UPDATE onemap.cameras SET online = 'online', since = '2026-02-28' WHERE key IN ('c1', 'c2')"))
        ids = list(connection.execute(text("SELECT id FROM onemap.cameras WHERE key IN ('c1', 'c2')")).scalars())
        assert outlast(connection, CAMERAS, ids) == 1
    assert (_state(engine, "c1"), _state(engine, "c2")) == ("offline", "online")


def test_a_load_under_way_lets_the_feed_wait_and_nothing_is_lost(engine: Engine) -> None:
    with engine.begin() as loading:
        loading.execute(text("SELECT pg_advisory_xact_lock(hashtext('onemap.cameras'))"))
        assert take(engine, CAMERAS, [_report("c1", "offline")], NOW).changed == 1
        assert apply(engine, CAMERAS) is None
        assert _state(engine, "c1") == "online"
    keeping.Keeper(engine).look()
    assert _state(engine, "c1") == "offline"


@pytest.mark.parametrize(("body", "in_csv", "sentence"), [
    (b"no", False, "feed: the body is no JSON; send a list of {key, state, at}."),
    (b"{}", False, "feed: the body holds no list of reports; send a list of {key, state, at}."),
    (b"a,b\n1,2\n", True, "feed: the header lacks key, state or at; begin with the line key,state,at."),
    ("编号".encode("gbk"), True, "feed: the text is not UTF-8; save it as UTF-8."),
])  # fmt: skip
def test_a_body_that_is_no_batch_is_refused_whole(engine: Engine, body: bytes, in_csv: bool, sentence: str) -> None:
    with pytest.raises(FeedError) as refusal:
        feed.receive(engine, CAMERAS, body, in_csv)
    assert str(refusal.value) == sentence


def test_rows_that_cannot_be_read_are_refused_one_by_one() -> None:
    rows = [{"key": "c1", "state": "在线", "at": "2026-03-01T08:00:00+08:00"}, {"key": "c1"}, 7, {"key": "c1", "state": "asleep", "at": "x"},
            {"key": "c1", "state": "online", "at": "soon"}, {"key": "c1", "state": "online", "at": "2026-03-01T08:00:00"}]  # fmt: skip
    reports, refused = feed.read(CAMERAS, rows)
    assert reports == [Report("row 1", "c1", "online", datetime(2026, 3, 1, tzinfo=UTC))]
    assert refused == [
        "row 2: it lacks one of key, state, at as text; give each of them.", "row 3: it lacks one of key, state, at as text; give each of them.",
        "row 4: 'asleep' is no state of cameras; use online, offline.", "row 5: 'soon' is no time; write 2026-01-31T08:00:00+08:00.",
        "row 6: '2026-03-01T08:00:00' has no time zone; write 2026-01-31T08:00:00+08:00.",
    ]  # fmt: skip
    with pytest.raises(FeedError, match="feed: the batch holds 100,001 reports; send at most 100,000 at a time"):
        feed.read(CAMERAS, [None] * 100_001)


def test_a_csv_that_is_dropped_is_taken_with_a_receipt(engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text("key,state,at\nc1,离线,2026-03-01T08:00:00+08:00\nnix,online,2026-03-01T08:00:00+08:00\n", "utf-8-sig")
    assert feed.main([str(tmp_path)]) == 1
    assert "a.csv: 1 changed, 0 unchanged, 1 refused" in capsys.readouterr().out
    assert _state(engine, "c1") == "offline"
    assert sorted(each.name for each in (tmp_path / "taken").iterdir()) == ["a.csv", "a.receipt.json"]
    with pytest.raises(FeedError, match="halls: its rows have no live state; use one of cameras"):
        feed.main([str(tmp_path), "--theme", "halls"])
